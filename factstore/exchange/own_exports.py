"""What our own exports say, read again: dates in the words of `rendering.days`, stances and states in those of slides."""

from __future__ import annotations

import re

from factstore.dates.edtf import Edtf
from factstore.dates.phrases import Context, read_when
from factstore.errors import DateError

#: By the words that stand before who says so on a slide, the stance.
_STANCES = {"denied by ": "denies", "foretold by ": "foretells", "not mentioned by ": "silent"}
_MADE_FROM = re.compile(r"Made from .+, head [0-9]+:[0-9a-f]{64}")
_STATE = re.compile(r"\[(?:denied|foretold|unsupported)\] ")
#: Dates of which no more is known than a limit, by the EDTF that says as much.
_LIMITS = (
    (re.compile(r"(.+) or later"), "[{}..]"),
    (re.compile(r"since (.+)"), "{}/.."),
    (re.compile(r"from (.+)"), "{}/"),
)


def is_made_by_us(text: str) -> bool:
    """Whether a file's own text says that we made it, as `Extract.made_from` does."""
    return _MADE_FROM.search(text) is not None


def read_date(words: str) -> str:
    """The EDTF of a date in our words; "" where these are no date, or say of its beginning alone."""
    for limit, edtf in _LIMITS:
        if found := limit.fullmatch(words):
            words, form = found[1], edtf
            break
    else:
        form = "{}"
    try:
        return Edtf(form.format(read_when(words, Context()).edtf)).text
    except DateError:
        return ""


def stance_of(words: str) -> tuple[str, str]:
    """The stance of who says so on a slide, "" where that asserts, and their name without it."""
    for opening, stance in _STANCES.items():
        if words.startswith(opening):
            return stance, words.removeprefix(opening)
    return "", words


def without_state(headline: str) -> str:
    """A slide's headline without the status that stands before it."""
    return _STATE.sub("", headline, count=1) if _STATE.match(headline) else headline
