"""The picture for an address, with the option names of `factstore picture`: `?tag=expulsion&axis=whole&packed`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast
from urllib.parse import urlencode

from factstore.chronology import Chronology
from factstore.dates.written import read_written
from factstore.errors import InputError
from factstore.evidence.stances import STATUSES
from factstore.picture import AXES, GROUPINGS, TooMany, Wanted
from factstore.picture.axis import AxisKind
from factstore.picture.scene import Grouping
from factstore.repository.filter import Narrowing

_FILTERS = ("text", "participant", "place", "tag", "source")
_DATES = {"from": "since", "since": "since", "to": "until", "until": "until"}
_SWITCHES = ("packed", "folded")
_CLOCKS = {"known-at": "known", "published-by": "published", "held-by": "held"}
_CHOICES: dict[str, Sequence[str]] = {"axis": AXES, "group-by": GROUPINGS, "status": (*STATUSES, "all")}
_KNOWN = ("before", "after", *_FILTERS, *_DATES, *_CHOICES, *_SWITCHES, *_CLOCKS, "title")
_ON, _OFF = {"", "1", "yes", "on", "true"}, {"0", "no", "off", "false"}


def clock(asked: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The clock that an address names, as `Chronology.at` takes it."""
    return {of: asked[name][0].strip() for name, of in _CLOCKS.items() if name in asked and asked[name][0].strip()}


def wanted(view: Chronology, asked: Mapping[str, Sequence[str]], title: str) -> Wanted:
    """What a picture is to show, from the parameters of an address; empty ones count as left out.

    Raises InputError for an unknown parameter or choice, DateError or UnknownId for an X that is neither a date nor a fact.
    """
    given = {name: values[0].strip() for name, values in asked.items() if name not in _SWITCHES and values[0].strip()}
    for name in asked:
        if name not in _KNOWN:
            raise InputError(f"a picture has no parameter {name!r}; it has {', '.join(_KNOWN)}")
        if len(asked[name]) > 1 and name != "status":
            raise InputError(f"{name} is given twice, and a picture takes one")
    for name, choices in _CHOICES.items():
        for value in asked.get(name, ()):
            if value and value not in choices:
                raise InputError(f"{name} must be {', '.join(choices[:-1])} or {choices[-1]}, not {value!r}")
    if "before" in given and "after" in given:
        raise InputError("before and after ask two questions; a picture answers one")
    before, after = (given.get(name) and view.timeline.find(given[name]) for name in ("before", "after"))
    narrowed = _narrowed(view, given, [status for status in asked.get("status", ()) if status])
    packed, folded = (name in asked and _is_on(name, asked[name][0].strip()) for name in _SWITCHES)
    clocks = {name.replace("-", " "): given.get(name) for name in _CLOCKS}
    status = "" if narrowed["status"] is STATUSES else ", ".join(narrowed["status"])
    told = {"before": before, "after": after} | clocks | narrowed | {"status": status}
    return Wanted(
        group_by=cast(Grouping | None, given.get("group-by")),
        before=before,
        after=after,
        title=given.get("title", title),
        note="; ".join(f"{name} {value}" for name, value in told.items() if value),
        narrowed=narrowed,
        axis=cast(AxisKind, given.get("axis", AXES[0])),
        packed=packed,
        folded=folded,
    )


def _is_on(name: str, value: str) -> bool:
    if value.lower() not in _ON | _OFF:
        raise InputError(f"{name} must be on or off, not {value!r}")
    return value.lower() in _ON


def _narrowed(view: Chronology, given: Mapping[str, str], statuses: Sequence[str]) -> Narrowing:
    narrowed: dict[str, object] = {name: given[name] for name in _FILTERS if name in given}
    if "source" in narrowed:
        narrowed["source"] = view.find(given["source"], "source")
    narrowed |= {of: read_written(given[name]).edtf for name, of in _DATES.items() if name in given}
    return cast(Narrowing, narrowed | {"status": STATUSES if "all" in statuses else tuple(statuses)})


def narrower(error: TooMany, asked: Mapping[str, Sequence[str]]) -> tuple[str, int] | None:
    """Parameters for the same picture with few enough facts, and how many these are; None if none are known."""
    if error.narrowing is None:
        return None
    options, count = error.narrowing
    more = {name.removeprefix("--"): [value] for name, value in zip(options[::2], options[1::2], strict=True)}
    return urlencode({**asked, **more}, doseq=True), count
