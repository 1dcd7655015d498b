"""Facts in rows of CSV."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from itertools import chain, count

from factstore.documents.collecting import collect, unknown_key
from factstore.documents.entries import Document, EvidenceEntry, OrderingEntry, SourceEntry, SpeakerEntry
from factstore.documents.formats import LISTS, MAPPINGS, Lines, csv_rows, mapping, several
from factstore.documents.slugs import slug_of
from factstore.errors import DocumentError, InputError
from factstore.ledger.canonical import sha256
from factstore.ledger.kinds import FIELDS
from factstore.plain import JsonObject

FACT_COLUMNS = ("id", *FIELDS["fact"])


EVIDENCE_COLUMNS = (
    "source",
    "quote",
    "prefix",
    "suffix",
    "locator",
    "stance",
    "attribution",
    "said",
    "hedge",
    "unnamed",
)
#: The columns of the tables beside the facts of a dump, which are for reading only.
BESIDE: dict[str, tuple[str, ...]] = {
    "sources": tuple(SourceEntry.model_fields),
    "speakers": tuple(SpeakerEntry.model_fields),
    "orderings": tuple(name for name in OrderingEntry.model_fields if name != "evidence"),
    "citations": ("about", *EvidenceEntry.model_fields),
}


def table_beside(headers: Sequence[str]) -> str:
    """Why a table with these headers, which a dump writes beside its facts, is no document; "" if it is none of those."""
    for what, columns in BESIDE.items():
        if (*headers,) == columns:
            return (
                f"it is the table of {what} that a dump as CSV writes beside its facts, for reading only; "
                "`factstore dump -o FILE.json` writes a document that has everything and can be loaded"
            )
    return ""


def read_csv(content: str, name: str) -> Document:
    """Read facts from CSV: one for each row, except that rows with the same id are one fact with a piece of evidence each.

    Headers are document keys. A row without an id gets one made from its title or, if another row has that one, from the
    whole row. A cell of a list field has one value, or a list in JSON; attributes are a mapping in JSON. A field without a
    column keeps the value that it has in the ledger. The delimiter is a comma, semicolon or tab, as in the header row.
    """
    rows = csv_rows(content, name, {*FACT_COLUMNS, *EVIDENCE_COLUMNS, *chain(*BESIDE.values())})
    if not rows:
        raise DocumentError([f"{name}: it is empty"])
    headers = [header.strip().lower() for header in rows[0][1]]
    if why := table_beside(headers):
        raise DocumentError([f"{name}: {why}"])
    known = (*FACT_COLUMNS, *EVIDENCE_COLUMNS)
    top = f"{name}:{rows[0][0]}"
    problems = _unknown(headers, known, top)
    problems += [f"{top}: there are two columns {header}" for header in set(headers) if headers.count(header) > 1]
    if "title" not in headers:
        way_out = f"`factstore import {shlex.quote(name)}` reads a sheet with columns of any name"
        raise DocumentError([f"{top}: there is no column title; {way_out}", *problems])
    facts: dict[str, JsonObject] = {}
    lines: Lines = {}
    turns: dict[str, int] = {}
    ids = _Ids(row[headers.index("id")] for _, row in rows[1:] if "id" in headers[: len(row)])
    for number, row in rows[1:]:
        if len(row) > len(headers):
            problems.append(f"{name}:{number}: the row has {len(row)} cells, but there are {len(headers)} columns")
            continue
        # The text before or after a quote may end or begin with a space.
        given = zip(headers, row, strict=False)
        cells = {key: cell if key in ("prefix", "suffix") else bare for key, cell in given if (bare := cell.strip())}
        values: JsonObject = {"id": cells.get("id") or ids.made_of(cells), **cells}
        for key in (*LISTS, *MAPPINGS):
            label = f"{name}:{number}: {key} of {values['id']}"
            try:
                if key in values:
                    values[key] = several([cells[key]], key, label) if key in LISTS else mapping(cells[key], key, label)
            except InputError as error:
                problems.append(str(error))
        fact = {key: values[key] for key in FACT_COLUMNS if key in values}
        evidence = {key: values[key] for key in EVIDENCE_COLUMNS if key in values}
        if fact["id"] not in facts:
            turns[fact["id"]] = len(facts)
            lines["facts", len(facts)] = number
            facts[fact["id"]] = fact | {"evidence": []}
        held = facts[fact["id"]]
        if {**held, "evidence": 0} != {**fact, "evidence": 0}:
            problems.append(
                f"{name}:{number}: {fact['id']} says something else in an earlier row; rows with the same id are one fact, "
                "so another fact needs another id"
            )
        if evidence:
            lines["facts", turns[fact["id"]], "evidence", len(held["evidence"])] = number
            held["evidence"].append(evidence)
    document = collect({"facts": list(facts.values())}, lines, name)
    if problems:
        raise DocumentError([*problems, *document.problems])
    document.made = ids.made
    document.says = {
        kind: frozenset(column for column in columns if column in headers)
        for kind, columns in (("fact", FACT_COLUMNS), ("citation", EVIDENCE_COLUMNS))
    }
    return document


def _unknown(headers: Sequence[str], known: Sequence[str], top: str) -> list[str]:
    """A problem for each header that resembles a field's name, and a single one for all other unknown headers."""
    unknown = [header for header in headers if header not in known]
    alike = [header for header in unknown if get_close_matches(header, known, n=1)]
    others = ", ".join(repr(header) for header in unknown if header not in alike)
    problems = [f"{top}: {unknown_key(header, tuple(known))}" for header in alike]
    return problems + ([f"{top}: there is no field {others} (there are {', '.join(known)})"] if others else [])


class _Ids:
    """The ids of a sheet's rows: those that are given, and those made for the other rows, which never clash with them."""

    def __init__(self, given: Iterable[str]) -> None:
        self._taken = {cell.strip() for cell in given}
        self.made: set[str] = set()

    def made_of(self, cells: Mapping[str, str]) -> str:
        """An id for a row: made from its title; if that is taken, with a hash of the row; if that is taken, with a number."""
        slug = slug_of(cells.get("title", ""))
        printed = f"{slug}-{sha256(json.dumps(cells, sort_keys=True))[:8]}"
        numbered = (f"{printed}-{number}" for number in count(2))
        found = next(name for name in chain((slug, printed), numbered) if name not in self._taken)
        self._taken.add(found)
        self.made.add(found)
        return found
