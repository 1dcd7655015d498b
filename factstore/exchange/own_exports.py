"""Reads our own exports back: the fields that they keep for us beside the words for readers or, without such fields, the
words: dates as `rendering.days` writes them, stances and statuses as on slides."""

from __future__ import annotations

import re
from collections.abc import Mapping

from factstore.dates.edtf import Edtf
from factstore.dates.phrases import Context, read_when
from factstore.errors import DateError
from factstore.exchange.grids import one_line
from factstore.rendering.days import written
from factstore.repository.answers import Fact

#: The fields of a fact that an export keeps to the letter.
FIELDS = ("title", "when", "phrase", "zone")

#: The fields of citations that slides and annotations have only in words for readers, or not at all.
UNSAID = ("attribution", "said", "hedge", "when", "phrase", "locator")

#: Stances, by the words before the speaker on a slide.
_STANCES = {"denied by ": "denies", "foretold by ": "foretells", "not mentioned by ": "silent"}
_MADE_FROM = re.compile(r"Made from .+, head ([0-9]{1,15}):([0-9a-f]{64})")
_STATE = re.compile(r"\[(?:denied|foretold|unsupported)\] ")
#: The words for dates with a limit on one side only, and EDTF with the same meaning.
_LIMITS = (
    (re.compile(r"(.+) or later"), "[{}..]"),
    (re.compile(r"since (.+)"), "{}/.."),
    (re.compile(r"from (.+)"), "{}/"),
)


def is_made_by_us(text: str) -> bool:
    """Whether a text contains what `Extract.made_from` writes, and so comes from our own export."""
    return _MADE_FROM.search(text) is not None


def head_in(text: str) -> tuple[int, str] | None:
    """The position and hash of the last record in what `Extract.made_from` writes; None if a text does not contain it."""
    found = _MADE_FROM.search(text)
    return (int(found[1]), found[2]) if found else None


def kept_fields(fact: Fact) -> dict[str, str]:
    """The fields of a fact to be kept in an export, since its words are for readers and do not say all of them."""
    return {name: value for name in FIELDS if (value := getattr(fact, name))}


def read_kept(found: object) -> dict[str, str]:
    """The fields that an export keeps of a fact; {} if it keeps none, or others."""
    if not isinstance(found, Mapping) or not all(isinstance(found.get(name, ""), str) for name in FIELDS):
        return {}
    return {name: found[name] for name in FIELDS if found.get(name)}


def kept_date(kept: Mapping[str, str], words: str) -> dict[str, str] | None:
    """The date, phrase and zone that an export keeps; None if the words beside them are no longer those that we wrote."""
    dated = {name: kept[name] for name in FIELDS[1:] if name in kept}
    when = kept.get("when")
    try:
        said = (when, kept.get("phrase", ""), written(when, kept.get("zone"))) if when else (words,)
    except DateError:
        return None
    return dated if one_line(words) in map(one_line, filter(None, said)) or not words else None


def read_date(words: str) -> str:
    """The EDTF of a date in our words; "" if they are not a date, or only say by when something had begun."""
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
    """The stance and the name in a slide's words for who says so; the stance is "" if they assert it."""
    for opening, stance in _STANCES.items():
        if words.startswith(opening):
            return stance, words.removeprefix(opening)
    return "", words


def without_state(headline: str) -> str:
    """A slide's headline without the status before it."""
    return _STATE.sub("", headline, count=1) if _STATE.match(headline) else headline
