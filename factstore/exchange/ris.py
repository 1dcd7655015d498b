"""Import RIS, as Zotero, EndNote, databases and libraries write it: a tag on each line, each reference a source.

Tags mean different things in different programs. Those that say where to find a work mean the same in all of them and are
read; the others are listed. Files may have any encoding, since RIS does not specify one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from factstore.errors import DateError, InputError
from factstore.exchange.arrivals import Arrival, Holdings
from factstore.exchange.csl import read_words
from factstore.exchange.delimited import decoded
from factstore.exchange.grids import one_line, tidy
from factstore.exchange.headers import SheetOptions
from factstore.exchange.json_values import control_notes
from factstore.exchange.references import Reference, arrive, pages, web_link

#: A line: a tag of two characters, two spaces, a hyphen, and a value; programs are not strict about the spaces.
_LINE = re.compile(r"\s?([A-Z][A-Z0-9]) {0,2}- ?(.*)")
_TITLES = ("TI", "T1", "CT", "ST")
#: The tags for where a work appeared: a journal or a newspaper before its publishing house.
_PUBLISHERS = ("T2", "JO", "JF", "BT", "JA", "J2", "J1", "PB")
_AUTHORS = ("AU", "A1")
_EDITORS = ("A2", "ED", "A3", "A4")
_DAYS = ("DA", "PY", "Y1")
_IDLE = frozenset(("TY", "ER"))
#: What else is said of a work, by the name of the attribute that keeps it.
_MORE = {
    "abstract": ("AB", "N2"),
    "keywords": ("KW",),
    "edition": ("ET",),
    "language": ("LA",),
    "number": ("SN",),
    "place": ("CY", "PP"),
    "note": ("N1",),
}

Tags = dict[str, list[str]]


def looks(content: bytes) -> bool:
    """Whether a file's bytes are RIS: one of the first lines begins a reference, and the next one continues it.

    Databases put a number or the name of the provider before a reference.
    """
    lines = [line for line in decoded(content[:4000])[0].splitlines() if line.strip()][:8]
    return any(
        re.match(r"\s*TY {0,2}- ?[A-Z]{2,}", line) and _LINE.fullmatch(after.rstrip())
        for line, after in pairwise(lines)
    )


def read(content: bytes, name: str, _: SheetOptions, ledger: Holdings) -> list[Arrival]:
    """The references of a file as sources. Raises InputError if there are none."""
    text, encoding = decoded(content)
    found = [_reference(number, tags) for number, tags in enumerate(_records(text), start=1)]
    if not found:
        raise InputError(f"{name}: there is no reference in it; one begins with a line such as `TY  - NEWS`")
    arrival = arrive(found, name, ledger, f"RIS, {encoding}")
    arrival.notes += control_notes(text.split("\n"))
    return [arrival]


def _records(text: str) -> Iterator[Tags]:
    """The tags of each reference with their values, in the file's order. A line without a tag continues the last value."""
    tags: Tags = {}
    last: list[str] = []
    for line in text.splitlines():
        found = _LINE.fullmatch(line.rstrip())
        if found and found[1] in _IDLE:
            if tags:
                yield tags
            tags, last = ({"TY": [found[2].strip()]} if found[1] == "TY" else {}), []
        elif found:
            last = tags.setdefault(found[1], [])
            last.append(tidy(found[2]))
        elif line.strip() and last:
            last[-1] = f"{last[-1]}\n{tidy(line)}".strip()
        elif line.strip() and tags:
            tags.setdefault("", []).append(tidy(line))
    if tags:
        yield tags


def _reference(number: int, tags: Tags) -> Reference:
    left = {tag: [value for value in values if value] for tag, values in tags.items() if tag not in _IDLE}

    def take(*names: str) -> str:
        """The value of the first of some tags that is not empty; it counts as used."""
        name = next((one for one in names if left.get(one)), "")
        return left[name].pop(0) if name else ""

    authors = next((one for one in (_AUTHORS, _EDITORS) if any(left.get(tag) for tag in one)), ())
    names = [name for tag in authors for name in left.pop(tag, [])]
    url, others = web_link([link for tag in ("UR", "L1", "L2", "LK") for link in left.pop(tag, [])])
    one = Reference(
        number,
        take("ID"),
        one_line(take(*_TITLES)),
        [_name(name) for name in names],
        {"volume": take("VL"), "issue": take("IS"), "pages": pages(take("SP"), take("EP"))}
        | {name: "; ".join(value for tag in tags_of for value in left.pop(tag, [])) for name, tags_of in _MORE.items()},
        one_line(take(*_PUBLISHERS)),
        url,
        take("DO"),
    )
    one.published = _dated(one, left, *_DAYS)
    one.retrieved = _dated(one, left, "Y2")
    used = {one.title, one.publisher, one.published, one.published[:4]}
    rest = [(tag or "a line", value) for tag, values in left.items() for value in values if value not in used]
    one.unused = rest + [("UR", other) for other in others]
    return one


def _name(written: str) -> str:
    """A name in spoken order: "Lee, Ann, Jr." is Ann Lee Jr."""
    parts = [part.strip() for part in written.split(",")]
    return " ".join(filter(None, (parts[1], parts[0], *parts[2:]))) if len(parts) > 1 else parts[0]


def _dated(one: Reference, left: Tags, *names: str) -> str:
    """The most exact date in some tags, as EDTF; values that cannot be read are doubts. RIS's own form is `2018/03/20/`."""
    found = []
    for tag in names:
        for written in left.pop(tag, []):
            words = re.sub(r"^(\d{4}(?:/\d\d?){0,2})(/*)(?=[^/\d-]|$)", r"\1 ", written.strip()).strip()
            day, _, more = words.partition(" ")
            try:
                found.append(read_words(day if re.fullmatch(r"\d{4}(?:[/-]\d\d?){0,2}", day) else words))
            except DateError:
                one.doubts.append((tag, written, "it cannot be read as a date, and is left out"))
            else:
                if more and day[:4].isdigit():
                    left.setdefault(tag, []).append(more)
    return max(found, key=len, default="")
