"""Whole numbers with a unit, which a type checker keeps apart from others."""

from __future__ import annotations

from typing import NewType

#: An offset from UTC in seconds, positive to the east.
Seconds = NewType("Seconds", int)
UTC = Seconds(0)
