"""Documents written from entries; `reading` reads them back as the same entries, to the letter."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import yaml

from factstore.documents.formats import LISTS, is_plain
from factstore.documents.tabular import BESIDE, EVIDENCE_COLUMNS, FACT_COLUMNS
from factstore.evidence.chains import ARROW
from factstore.plain import Json, JsonObject, KindAndEntry


class _Dumper(yaml.SafeDumper):
    """Writes text so that it stays text: what another reader could take for a number, date or boolean is quoted."""

    def ignore_aliases(self, data: Json) -> bool:
        return True


def _text(dumper: _Dumper, text: str) -> yaml.Node:
    """Write several lines as a block if YAML can hold them unchanged; escape line ends that it would change."""
    style = '"' if any(sign in text for sign in "\x85\u2028\u2029") else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def write_yaml(entries: Iterable[KindAndEntry]) -> str:
    """Entries as one YAML document, grouped by kind."""
    out = io.StringIO()
    for kind, several in groupby(entries, itemgetter(0)):
        out.write(f"{kind}s:\n")
        for _, entry in several:
            yaml.dump([entry], out, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return out.getvalue() or "{}\n"


def write_json(entries: Iterable[KindAndEntry]) -> str:
    """Entries as one JSON document."""
    sections: dict[str, list[JsonObject]] = {}
    for kind, entry in entries:
        sections.setdefault(f"{kind}s", []).append(entry)
    return json.dumps(sections, ensure_ascii=False, indent=2) + "\n"


def write_jsonl(entries: Iterable[KindAndEntry]) -> Iterator[str]:
    """Entries as JSON Lines."""
    for kind, entry in entries:
        yield json.dumps({kind: entry}, ensure_ascii=False) + "\n"


class Sheets(NamedTuple):
    """A chronology as CSV. `facts` can be loaded again. `beside`: sheets by name, for reading only, of what it cannot hold.

    `left_out`: what `facts` lacks of the facts and their evidence, in words.
    """

    facts: str
    beside: dict[str, str]
    left_out: list[str]


def write_csv(entries: Iterable[KindAndEntry]) -> Sheets:
    """Entries as sheets: facts with a row for each citation, which can be read back, and a sheet for each kind of entry.

    Cells are the data to the letter: a title that begins with = is not altered, so a spreadsheet must import columns as text,
    or it evaluates them. Withdrawn things are in the other sheets, not among the facts.
    """
    facts: list[JsonObject] = []
    citations: list[JsonObject] = []
    listed: dict[str, list[JsonObject]] = {"source": [], "speaker": [], "ordering": []}
    lost: Counter[str] = Counter()
    for kind, entry in entries:
        about = {"about": entry["id"]}
        citations += [about | cited for cited in entry.get("evidence", ())]
        if kind != "fact":
            listed[kind].append(entry)
            continue
        evidence = [cited for cited in entry["evidence"] if "withdrawn" not in cited]
        if "withdrawn" in entry or not evidence:
            lost["withdrawn facts" if "withdrawn" in entry else "facts without evidence"] += 1
            continue
        lost["withdrawn citations"] += len(entry["evidence"]) - len(evidence)
        fact = {name: entry[name] for name in FACT_COLUMNS if name in entry}
        for cited in evidence:
            row = {name: cited[name] for name in EVIDENCE_COLUMNS if name in cited}
            lost.update(f"citations' {name}" for name in cited.keys() - row.keys() - {"id"})
            lost["line ends of CR and LF"] += sum("\r\n" in _cell(name, value) for name, value in (fact | row).items())
            facts.append(fact | row)
    beside = {
        "sources": _sheet(BESIDE["sources"], listed["source"]),
        "speakers": _sheet(BESIDE["speakers"], listed["speaker"]),
        "orderings": _sheet(BESIDE["orderings"], listed["ordering"]),
        "citations": _sheet(BESIDE["citations"], citations),
    }
    left_out = [f"{what} ({count})" for what, count in sorted(lost.items()) if count]
    return Sheets(_sheet([*FACT_COLUMNS, *EVIDENCE_COLUMNS], facts), beside, left_out)


def _sheet(columns: Sequence[str], rows: Iterable[JsonObject]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    careful = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        cells = [_cell(name, row[name]) if name in row else "" for name in columns]
        # Before Python 3.13, a lone carriage return is written unquoted, which ends the row for all readers.
        (careful if any("\r" in cell for cell in cells) else writer).writerow(cells)
    return out.getvalue()


def _cell(name: str, value: Json) -> str:
    """A value as a cell: a list of one as its value, a chain with arrows, and as JSON what would not be read back so."""
    if name == "participants" and all(person.keys() == {"name"} for person in value):
        value = [person["name"] for person in value]
    plain = name in LISTS and all(isinstance(part, str) and is_plain(part, name) for part in value)
    if plain and (len(value) == 1 or name == "attribution"):
        return ARROW.join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "true" if value is True else str(value)
