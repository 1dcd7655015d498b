"""A kind of DateError that the readers of other formats tell apart."""

from __future__ import annotations

from factstore.errors import DateError


class NoSuchDate(DateError):
    """A date that the calendar does not have, such as 31 June."""
