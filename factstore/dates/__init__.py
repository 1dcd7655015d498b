"""Dates as text, and the ticks that they bound: EDTF whole, phrases as people write them, periods of the calendar.

Nothing here knows of facts, of a database or of the time of day. `edtf` reads a text into parts (`part`) and gives bounds in
`ticks`; `phrases` reads English into EDTF."""
