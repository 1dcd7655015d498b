"""Answers for scripts, with values unchanged: JSON, JSON Lines and CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence

from factstore.dates.edtf import Edtf
from factstore.inert import shown
from factstore.plain import JsonObject
from factstore.repository.listing import Answer


def json_text(value: object, indent: int | None = None) -> str:
    """JSON with readable characters; only those that steer a terminal are escaped. The value is the same."""
    return shown(json.dumps(value, ensure_ascii=False, indent=indent))


def as_json(items: Iterable[JsonObject]) -> str:
    """One array with an object per line."""
    lines = [json_text(item) for item in items]
    return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"


def as_jsonl(items: Iterable[JsonObject]) -> str:
    """One object per line."""
    return "\n".join(json_text(item) for item in items)


def as_csv(items: Sequence[JsonObject]) -> str:
    """A header, and a row for each item; structured values as JSON text.

    Cells are the data to the letter: a title that begins with = is not altered, so a spreadsheet must import columns as text,
    or it evaluates them.
    """
    if not items:
        return ""
    names = list(dict.fromkeys(name for item in items for name in item))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    careful = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(names)
    for item in items:
        row = [_cell(item.get(name)) for name in names]
        # Before Python 3.13, a lone carriage return is written unquoted, which ends the row for all readers.
        (careful if any("\r" in str(cell) for cell in row) else writer).writerow(row)
    return out.getvalue().removesuffix("\n")


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def listing(answers: Sequence[Answer], form: str) -> str:
    """Answers in the form `json`, `jsonl` or `csv`."""
    items = [answer.json() for answer in answers]
    return {"json": as_json, "jsonl": as_jsonl, "csv": as_csv}[form](items)


def date_json(text: str, zone: int = 0) -> JsonObject:
    """How a date is read: earliest and latest as written, and the corners (in ticks) for reasoning; None where unbounded."""
    read = Edtf(text)
    found: JsonObject = {"edtf": text, "earliest": read.earliest(zone), "latest": read.latest(zone)}
    for name, corner in read.corners(zone)._asdict().items():
        found[name] = None if corner is None or abs(corner) > 2**61 else corner
    if read.open_end:
        found["open_end"] = True
    if read.open_start:
        found["open_start"] = True
    return found
