"""Words and signs in a cell that stand for something else: for nothing, for what nobody knows, for what is above it."""

from __future__ import annotations

import re

_NOTHING = frozenset(("", "n/a", "#n/a", "n.a.", "n.a", "na/", "-", "--", "—", "–", "…", "null", "#null!", "nan"))
_UNKNOWN = (
    r"unknown|unspecified|unclear|not (?:known|given|stated|specified)|n/?k|none|\?+"
    r"|tb[acd]|to be (?:announced|confirmed|determined)"
)
_UNDATED = re.compile(rf"(?:date )?(?:{_UNKNOWN}|undated|n\.?d\.?|no date)\.?", re.I)
_NOBODY = re.compile(rf"(?:source |name )?(?:{_UNKNOWN}|nobody|(?:no|unknown) (?:source|name|author))\.?", re.I)

#: Patterns of what stands for the cell above: marks, which mean nothing else, and words, which may.
_MARKS = r"dit+o|do\.|[\"'“”’〃″]{1,2}|-+ ?[\"“”] ?-+"
AGAIN = rf"{_MARKS}|(?:the )?same|(?:as |see )?above"
_MARK = re.compile(rf"(?:{_MARKS})\.?", re.I)
_AGAIN = re.compile(rf"(?:{AGAIN}|(?:the )?same as above|ibid(?:em|\.)?|idem|id\.)\.?", re.I)
#: Why a cell that stands for the one above it cannot be read.
NONE_ABOVE = "it repeats what is above it, where nothing is that it could mean"


def says_nothing(text: str) -> bool:
    """Whether a cell's text means that it is empty, as n/a does."""
    return text.lower() in _NOTHING


def is_undated(text: str) -> bool:
    """Whether a text in place of a date says that it is not known."""
    return _UNDATED.fullmatch(text) is not None


def is_nobody(text: str) -> bool:
    """Whether a text in place of a name names nobody."""
    return _NOBODY.fullmatch(text.strip(" ,;:")) is not None


def is_mark(text: str) -> bool:
    """Whether a text can only stand for the cell above: ditto."""
    return _MARK.fullmatch(text) is not None


def is_again(text: str) -> bool:
    """Whether a text stands for the cell above in a column where "same" and "above" can mean nothing else."""
    return _AGAIN.fullmatch(text) is not None
