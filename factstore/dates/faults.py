"""Kinds of DateError that the readers of other formats tell apart."""

from __future__ import annotations

from factstore.errors import AnchorMissing, DateError


class NoSuchDate(DateError):
    """A date that the calendar does not have, such as 31 June."""


class OtherWeekday(DateError):
    """A day that does not fall on the weekday beside it, such as Monday 10 March 2020."""


class EventMissing(AnchorMissing):
    """Words that count from another event ("two days later"), for which the day of their source is no anchor."""
