"""Dates as text, and the ticks that they bound: all of EDTF, phrases as people write them, periods of the calendar.

Nothing here knows about facts, a database or the current time. `edtf` reads a text into parts (`part`) and returns bounds in
`ticks`; `phrases` reads English into EDTF."""
