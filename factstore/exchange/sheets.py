"""Sheets in: the rows of a table file, with any headers, as a document of ours.

A row is a fact. The sources that it names, with their links, are its evidence, and each citation's locator names the row.
Nothing in a row is lost: a column that is not known is an attribute, words that are no date are the phrase of an undated
fact, and every such cell is listed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from factstore.documents.reading import collect, slug_of
from factstore.errors import InputError
from factstore.exchange.arrivals import Arrival, Doubt, Holdings
from factstore.exchange.cited_sources import Named, Sources
from factstore.exchange.contents import refine
from factstore.exchange.grids import Grid, letters, read_grids, text_of
from factstore.exchange.headers import (
    ATTRIBUTE,
    LEFT_OUT,
    SheetOptions,
    find_header,
    known,
    lay_out,
    mapping_text,
    plain,
)
from factstore.exchange.row_matching import from_rows, locator_of, match
from factstore.exchange.sheet_rows import Row, Rows, id_of

#: What of a fact and its evidence a sheet says; it says nothing of the rest, which takes no value away. A row's place is no
#: difference, for rows move.
_SAYS = {
    "fact": frozenset(("title", "when", "phrase", "anchor", "zone", "place", "participants", "tags", "attributes")),
    "citation": frozenset(("source", "quote", "stance", "attribution", "said", "hedge", "when", "phrase")),
    "source": frozenset(("title", "publisher", "url", "published", "retrieved")),
}


def read_sheet(content: bytes, name: str, wanted: SheetOptions, ledger: Holdings) -> list[Arrival]:
    """The sheets of a table file as documents: those that are wanted, else the one that looks most like a chronology.

    Raises InputError where there is no table in it, or none that has what was said of it.
    """
    grids = read_grids(content, name, wanted.sheets)
    chosen = grids if wanted.sheets else [_most_like(grids, name)]
    others = [grid.sheet for grid in grids if grid not in chosen and any(map(any, grid.rows))]
    arrivals = [_Reading(grid, wanted, ledger, several=len(chosen) > 1).arrival() for grid in chosen]
    if others:
        sheets = f"sheet {others[0]} was" if len(others) == 1 else f"sheets {', '.join(others)} were"
        arrivals[0].notes.append(f"{sheets} not read; --sheet NAME reads another")
    return arrivals


def _most_like(grids: Sequence[Grid], name: str) -> Grid:
    """The sheet with the most known headers; of several, the first."""

    def hits(grid: Grid) -> int:
        row = find_header(grid)
        return 1 + sum(bool(known(text_of(value))) for value in grid.rows[row - 1]) if row else 0

    filled = [grid for grid in grids if any(map(any, grid.rows))]
    if not filled:
        raise InputError(f"{name}: it is empty")
    return max(filled, key=hits)


class _Reading:
    """One sheet on its way into a document."""

    def __init__(self, grid: Grid, wanted: SheetOptions, ledger: Holdings, *, several: bool) -> None:
        self._grid = grid
        self._wanted = wanted
        self._ledger = ledger
        self._file = PurePath(grid.file).name
        self._sheet = grid.sheet if several else ""
        self._layout = lay_out(grid, wanted)
        told = frozenset(
            column.number
            for column in self._layout.columns
            if any(_means(said, column.header, column.number) for said in wanted.fields)
        )
        self._notes = refine(self._layout, told)
        self._rows = Rows(self._layout, wanted)
        self._doubts: list[Doubt] = self._rows.doubts

    def arrival(self) -> Arrival:
        rows = list(self._rows.read())
        self._reserve_ids(rows)
        sources = Sources(self._ledger.sources, self._ledger.free)
        sources.expect(one for row in rows for one in self._named(row))
        entries = self._merged([(row, self._entry(row, sources)) for row in rows])
        gone, likely = self._name(entries)
        facts = [entry for _, entry in entries]
        self._ledger.sources.update(sources.entries)
        self._ledger.facts += facts
        value: dict[str, Any] = {"sources": list(sources.entries.values()), "facts": facts}
        document = collect(value, self._lines(entries), self._label())
        document.says = _SAYS
        self._note_alone(rows)
        return Arrival(
            document,
            {"sources": self._cited(facts), "facts": facts},
            self._shown(rows),
            self._notes,
            sorted(self._doubts, key=_place),
            self._rows.left_out,
            mapping_text(self._layout, self._wanted),
            gone,
            likely,
        )

    def _label(self) -> str:
        return f"{self._grid.file}, {self._sheet}" if self._sheet else self._grid.file

    def _lines(self, entries: Sequence[tuple[Row, dict[str, Any]]]) -> dict[tuple[Any, ...], int]:
        return {("facts", turn): row.number for turn, (row, _) in enumerate(entries)}

    def _reserve_ids(self, rows: Sequence[Row]) -> None:
        """Keep the ids that rows give from going to new sources; one that is a source's already tells rows apart alone."""
        for row in rows:
            name = id_of(row.given, self._id_header()) if row.given else ""
            if name in self._ledger.sources:
                self._doubt_id(row, f"{name} is the id of a source; made another id")
                row.given = ""
            elif name:
                self._ledger.taken.add(name)

    def _id_header(self) -> str:
        return next((column.header for column in self._layout.of("id")), "")

    # --- sources ---

    def _named(self, row: Row) -> list[Named]:
        """The sources of a row; the sheet itself, where it names none. A date goes with a source that is alone."""
        named = row.named or [Named(self._file)]
        published = row.source.get("published", "")
        return [one._replace(published=published) for one in named] if published and row.named else named

    def _entry(self, row: Row, sources: Sources) -> dict[str, Any]:
        evidence = []
        page = row.cited.get("locator", "")
        for turn, one in enumerate(self._named(row)):
            if row.named:
                name = sources.id_of(
                    one, **{field: value for field, value in row.source.items() if field != "published"}
                )
            else:
                name = self._own_source(sources)
            self._check_source(row, name, sources)
            cited = {"source": name, "locator": locator_of(self._file, self._sheet, row.number, page or one.page)}
            cited |= {field: value for field, value in row.cited.items() if field != "locator"}
            evidence.append(cited | (row.first if turn == 0 else {}))
        unique: dict[str, dict[str, Any]] = {}
        for cited in evidence:
            unique.setdefault(repr(sorted(cited.items())), cited)
        return {**row.fact, "evidence": list(unique.values())}

    def _own_source(self, sources: Sources) -> str:
        return sources.id_of(Named(self._file), slug=PurePath(self._file).stem)

    def _check_source(self, row: Row, name: str, sources: Sources) -> None:
        """A source has one day of publication; what another row says of it is kept beside the fact."""
        held = sources.said(name)
        for field, value in row.source.items():
            if row.named and held.get(field) not in (None, value):
                for column in self._layout.of(field):
                    row.fact.setdefault("attributes", {})[column.header] = value
                    place = f"{letters(column.number)}{row.number}"
                    self._doubts.append(
                        Doubt(place, value, f"source {name} has {held[field]} already; kept as an attribute")
                    )

    def _cited(self, facts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Every source that facts cite, also those that the ledger holds."""
        names = dict.fromkeys(cited["source"] for fact in facts for cited in fact["evidence"])
        return [self._ledger.sources[name] for name in names]

    # --- facts ---

    def _merged(self, entries: list[tuple[Row, dict[str, Any]]]) -> list[tuple[Row, dict[str, Any]]]:
        """Rows that bear one id and tell of the same as one fact, whose evidence may give other dates."""
        first: dict[str, dict[str, Any]] = {}
        kept = []
        for row, entry in entries:
            other = first.get(row.key) if row.key else None
            if other is None or other["title"].casefold() != entry["title"].casefold():
                if other is not None:
                    self._doubt_id(row, "another row has this id and tells of something else; made another fact")
                    row.key = row.given = ""
                elif row.key:
                    first[row.key] = entry
                kept.append((row, entry))
                continue
            self._add_evidence(other, row, entry)
        return kept

    def _add_evidence(self, fact: dict[str, Any], row: Row, entry: dict[str, Any]) -> None:
        differing = [name for name in ("when", "phrase") if entry.get(name) != fact.get(name)]
        if differing and entry.get("when"):
            dated = {name: entry[name] for name in ("when", "phrase") if name in entry}
            entry["evidence"] = [cited | dated for cited in entry["evidence"]]
            own = {name: fact[name] for name in ("when", "phrase") if name in fact}
            fact["evidence"] = [own | cited for cited in fact["evidence"]] if own else fact["evidence"]
        fact["evidence"] += entry["evidence"]
        attributes = fact.setdefault("attributes", {})
        for name, value in entry.get("attributes", {}).items():
            if attributes.get(name) != value:
                attributes[f"{name} (row {row.number})" if name in attributes else name] = value
        for name in ("place", "participants", "tags"):
            if name in entry and fact.get(name) != entry[name]:
                shown = entry[name] if isinstance(entry[name], str) else "; ".join(map(_shown, entry[name]))
                attributes[f"{name} (row {row.number})"] = shown
        if not attributes:
            del fact["attributes"]
        self._doubt_id(row, "an earlier row has this id: taken for more evidence of the same")

    def _doubt_id(self, row: Row, why: str) -> None:
        column = self._layout.of("id")[0]
        self._doubts.append(Doubt(f"{letters(column.number)}{row.number}", row.key, why))

    def _name(self, entries: Sequence[tuple[Row, dict[str, Any]]]) -> tuple[list[str], list[str]]:
        """Give each fact its id. Returns the ids of facts that no row is any more, and what was matched by likeness."""
        header = self._id_header()
        for row, entry in entries:
            if row.given:
                entry["id"] = id_of(row.given, header)
        self._part_ids(entries)
        loose = [(row, entry) for row, entry in entries if "id" not in entry]
        given = {entry["id"] for _, entry in entries if "id" in entry}
        held = [one for one in from_rows(self._ledger.facts) if one.id not in given]
        file = self._file if not self._sheet else f"{self._file}, {self._sheet}"
        keys = [(header, row.key) if row.key else None for row, _ in loose]
        matched = match([entry for _, entry in loose], held, file, keys)
        for turn, (_, entry) in enumerate(loose):
            entry["id"] = matched.ids.get(turn) or self._ledger.free(slug_of(entry["title"]))
        for _, entry in entries:
            rest = {field: entry.pop(field) for field in [*entry] if field != "id"}
            entry |= rest
        likely = [
            f"row {loose[turn][0].number} is taken for {matched.ids[turn]}, which it resembles"
            for turn in matched.likely
        ]
        return matched.gone, likely

    def _part_ids(self, entries: Sequence[tuple[Row, dict[str, Any]]]) -> None:
        """Two ids that are written differently may make the same; the later row is given another."""
        seen: set[str] = set()
        for row, entry in entries:
            if "id" in entry and entry["id"] in seen:
                self._doubt_id(row, f"another row's id makes {entry['id']} too; made another fact")
                row.key = row.given = ""
                del entry["id"]
            seen.add(entry.get("id", ""))

    # --- what is said of it ---

    def _note_alone(self, rows: Sequence[Row]) -> None:
        alone = [row.number for row in rows if not row.named]
        if alone:
            few = ", ".join(map(str, alone[:8])) + (" …" if len(alone) > 8 else "")
            what = "row names" if len(alone) == 1 else "rows name"
            self._notes.append(f"{len(alone)} {what} no source, and {self._file} itself is cited there: {few}")
        same: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            same[repr((row.key, row.fact, row.named, row.first, row.cited))].append(row.number)
        for numbers in (one for one in same.values() if len(one) > 1):
            listed = ", ".join(map(str, numbers[1:]))
            self._doubts.append(
                Doubt(f"row {numbers[-1]}", "", f"says all that row {numbers[0]} says; facts of their own: {listed}")
            )

    def _shown(self, rows: Sequence[Row]) -> list[str]:
        """How the sheet was read, line by line."""
        where = f", sheet {self._grid.sheet}" if self._grid.sheet else ""
        read = f" ({self._grid.notes[0]})" if self._grid.notes else ""
        many = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
        lines = [f"{self._file}{where}{read}: {self._header_rows()}, {many} of facts"]
        wide = max((len(column.header) for column in self._layout.columns), default=0)
        wide = min(wide, 40)
        for column in self._layout.columns:
            order = self._rows.orders.get(column.number, "")
            told = {ATTRIBUTE: "kept as an attribute", LEFT_OUT: "left out"}.get(column.field, column.field)
            shown = f"{told}, {order}" if order else told
            lines.append(f"  {letters(column.number):>2}  {column.header:{wide}}  {shown}")
        return lines

    def _header_rows(self) -> str:
        top, last = self._layout.top, self._layout.header
        if not top:
            return "no headers"
        return f"headers in row {top}" if top == last else f"headers in rows {top} and {last}"


def _means(said: str, header: str, number: int) -> bool:
    return (
        said.casefold() == header.casefold() or plain(said) == plain(header) or said.strip().upper() == letters(number)
    )


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else str(value["name"])


def _place(doubt: Doubt) -> tuple[int, str]:
    found = re.search(r"\d+$", doubt.place)
    return (int(found[0]) if found else 0), doubt.place
