"""Whole numbers with a unit, which a type checker keeps apart from others."""

from __future__ import annotations

from typing import NewType

#: A record's position in the ledger, from 1; 0: before the first record.
Position = NewType("Position", int)
#: A moment in microseconds since 1970-01-01T00:00:00Z, or a length of time in microseconds.
Ticks = NewType("Ticks", int)
#: An offset from UTC in seconds, positive to the east.
Seconds = NewType("Seconds", int)
UTC = Seconds(0)
