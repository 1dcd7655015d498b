"""Makes a document of rows: each row is a fact, with the sources that it names as its evidence.

A row that was imported before is matched to its fact: by its id, else by all that it says, else by likeness.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import PurePath
from types import MappingProxyType
from typing import NamedTuple

from factstore.documents.collecting import collect
from factstore.documents.entries import Document
from factstore.documents.formats import Lines
from factstore.documents.slugs import slug_of
from factstore.errors import Refused
from factstore.exchange.arrivals import Doubt, Holdings
from factstore.exchange.cited_sources import Named, Sources
from factstore.exchange.grids import WORKBOOKS
from factstore.exchange.row_matching import citation_said, from_rows, in_common, locator_of, match, place_of, said
from factstore.exchange.rows import Row, id_of
from factstore.plain import Json, JsonObject

#: The fields of facts and evidence that rows have; other fields keep the values that they have in the ledger.
_SAYS = {
    "fact": frozenset(("title", "when", "phrase", "anchor", "zone", "place", "participants", "tags", "attributes")),
    "citation": frozenset(("source", "quote", "stance", "attribution", "said", "hedge", "when", "phrase", "locator")),
    "source": frozenset(("title", "publisher", "url", "published", "retrieved")),
}


#: The name of a workbook before that of its sheet.
_WORKBOOK = re.compile(rf".+?({'|'.join(map(re.escape, WORKBOOKS))})(?=, )", re.I)


class Made(NamedTuple):
    """A document made of rows, and the same as plain values with all sources that are cited.

    `gone`: ids of facts that came from the same file and are no longer in it. `likely`: messages about rows that were matched
    to facts that they only resemble.
    """

    document: Document
    value: JsonObject
    notes: list[str]
    gone: list[str]
    likely: list[str]


class RowDocument:
    """Turns one file, or one sheet of it, into a document.

    `sheets` are those of the workbook, first the one that is read; of several, its name is part of the places of rows.
    `unit` is what a row is called: row, event. `header_of` returns the header of a field, "" if there is none, and `place_of`
    the place of a field in a row (`B17`). What somebody should look at is added to `doubts`. `title` is that of the file as a
    source, if it is cited itself.
    """

    def __init__(
        self,
        name: str,
        ledger: Holdings,
        doubts: list[Doubt],
        *,
        sheets: Sequence[str] = (),
        unit: str = "row",
        title: str = "",
        header_of: Callable[[str], str] = lambda _: "",
        place_of: Callable[[str, int], str] | None = None,
    ) -> None:
        self._name = name
        self._file = ledger.name or PurePath(name).name
        self._ledger = ledger
        self._doubts = doubts
        self._sheet = sheets[0] if len(sheets) > 1 else ""
        # A sheet that is alone may have had others beside it.
        self._files = {_placed(self._file, sheet) for sheet in (self._sheet, *sheets[:1])}
        self._others = {_placed(self._file, sheet) for sheet in sheets[1:]}
        self._unit = unit
        self._title = title
        self._header_of = header_of
        self._place_of = place_of or (lambda _, number: f"{unit} {number}")

    def made_of(self, rows: Sequence[Row], unsaid: Mapping[str, Iterable[str]] = MappingProxyType({})) -> Made:
        """The document made of some rows.

        `unsaid`: by kind, the fields for which the file has no room; they keep their values in the ledger.
        """
        self._reserve_ids(rows)
        sources = Sources(self._ledger.sources, self._ledger.free)
        sources.expect(one for row in rows for one in self._named(row))
        entries = self._merged([(row, self._entry(row, sources)) for row in rows])
        self._ledger.sources.update(sources.entries)
        self._refuse_copy([entry for _, entry in entries])
        gone, likely, files = self._give_ids(entries)
        facts = [entry for _, entry in entries]
        self._keep_places(facts)
        continued = self._citations_of({fact["id"] for fact in facts}, files)
        self._ledger.facts += facts
        value: JsonObject = {"sources": list(sources.entries.values()), "facts": facts}
        lines: Lines = {("facts", turn): row.number for turn, (row, _) in enumerate(entries)}
        document = collect(value, lines, _placed(self._name, self._sheet))
        document.continued = continued
        document.says = {kind: fields.difference(unsaid.get(kind, ())) for kind, fields in _SAYS.items()}
        names = dict.fromkeys(cited["source"] for fact in facts for cited in fact["evidence"])
        whole = {"sources": [self._ledger.sources[name] for name in names], "facts": facts}
        return Made(document, whole, self._alone(rows), gone, likely)

    def _doubt(self, field: str, row: Row, text: str, why: str) -> None:
        self._doubts.append(Doubt(self._place_of(field, row.number), text, why))

    def _reserve_ids(self, rows: Sequence[Row]) -> None:
        """Reserve the ids in rows, so that no new source gets one. An id that a source already has only identifies rows."""
        for row in rows:
            name = id_of(row.given, self._header_of("id")) if row.given else ""
            if name in self._ledger.sources:
                self._doubt("id", row, row.key, f"{name} is the id of a source; made another id")
                row.given = ""
            elif name:
                self._ledger.taken.add(name)

    # --- sources ---

    def _named(self, row: Row) -> list[Named]:
        """The sources of a row, or the file itself if it names none."""
        return row.named or [Named(self._file)]

    def _entry(self, row: Row, sources: Sources) -> JsonObject:
        evidence = []
        page = row.cited.get("locator", "")
        for turn, one in enumerate(self._named(row)):
            name = sources.id_of(one) if row.named else self._own_source(sources)
            self._check_source(row, one, sources.said(name))
            where = locator_of(self._file, self._sheet, row.number, page or one.page, self._unit)
            cited = {"source": name, "locator": where}
            cited |= {field: value for field, value in row.cited.items() if field != "locator"}
            evidence.append(cited | (row.own[turn] if turn < len(row.own) else {}))
        unique: dict[str, JsonObject] = {}
        for cited in evidence:
            unique.setdefault(repr(sorted(cited.items())), cited)
        return {**row.fact, "evidence": list(unique.values())}

    def _own_source(self, sources: Sources) -> str:
        """The id of the file as a source; if it was imported before under another title, the title is corrected."""
        file = _workbook_of(self._file)
        one = Named(self._title or file, slug=PurePath(file).stem)
        if self._before and one.name != sources.said(self._before).get("title"):
            return sources.retitled(self._before, one.name)
        return self._before or sources.id_of(one)

    @cached_property
    def _before(self) -> str:
        """The id of the source that stands for this file since an earlier import; "" if there was none."""
        for fact in self._ledger.facts if self._title else ():
            for one in fact.get("evidence", ()):
                place, held = place_of(one), self._ledger.sources.get(one.get("source", ""), {})
                own = str(held.get("id")).startswith(slug_of(PurePath(self._file).stem)) and not held.get("url")
                if place and place[0] in self._files and own:
                    return str(held["id"])
        return ""

    def _check_source(self, row: Row, one: Named, held: Mapping[str, Json]) -> None:
        """Keep what a row says differently about a source as an attribute of the fact; a source has one value of each."""
        for field, value in one.said().items():
            if held.get(field) not in (None, value):
                row.fact.setdefault("attributes", {})[self._header_of(field) or field.capitalize()] = value
                self._doubt(field, row, value, f"source {held['id']} has {held[field]} already; kept as an attribute")

    # --- facts ---

    def _merged(self, entries: list[tuple[Row, JsonObject]]) -> list[tuple[Row, JsonObject]]:
        """Merge rows with the same id that are about the same thing into one fact, whose evidence may give other dates."""
        first: dict[str, JsonObject] = {}
        kept = []
        for row, entry in entries:
            other = first.get(row.key) if row.key else None
            if other is None or other["title"].casefold() != entry["title"].casefold():
                if other is not None:
                    why = f"another {self._unit} has this id and is about something else; made another fact"
                    self._doubt("id", row, row.key, why)
                    row.key = row.given = ""
                elif row.key:
                    first[row.key] = entry
                kept.append((row, entry))
                continue
            self._add_evidence(other, row, entry)
        return kept

    def _add_evidence(self, fact: JsonObject, row: Row, entry: JsonObject) -> None:
        differing = [name for name in ("when", "phrase") if entry.get(name) != fact.get(name)]
        if differing and entry.get("when"):
            dated = {name: entry[name] for name in ("when", "phrase") if name in entry}
            entry["evidence"] = [cited | dated for cited in entry["evidence"]]
            own = {name: fact[name] for name in ("when", "phrase") if name in fact}
            fact["evidence"] = [own | cited for cited in fact["evidence"]] if own else fact["evidence"]
            if "when" not in fact:
                fact.pop("phrase", None)
                fact |= dated | {"evidence": fact.pop("evidence")}
        fact["evidence"] += entry["evidence"]
        attributes = fact.setdefault("attributes", {})
        place = f"({self._unit} {row.number})"
        for name, value in entry.get("attributes", {}).items():
            if attributes.get(name) != value:
                attributes[f"{name} {place}" if name in attributes else name] = value
        for name in ("place", "participants", "tags"):
            if name in entry and fact.get(name) != entry[name]:
                shown = entry[name] if isinstance(entry[name], str) else "; ".join(map(_shown, entry[name]))
                attributes[f"{name} {place}"] = shown
        if not attributes:
            del fact["attributes"]
        self._doubt("id", row, row.key, f"an earlier {self._unit} has this id: taken for more evidence of the same")

    def _refuse_copy(self, rows: Sequence[JsonObject]) -> None:
        """Refuse a file that is new to the ledger if most of its rows are those of an earlier one, unless that is meant."""
        held, own = from_rows(self._ledger.facts), PurePath(self._name).name
        if not held or self._ledger.name == own or any(one.files & self._files for one in held):
            return
        if Counter(map(said, rows)) <= Counter(said(one.entry) for one in held):
            return
        files = {file for one in held for file in one.files}
        names = {*map(_workbook_of, (self._file, *files))}
        found = in_common(rows, held, {name for name, one in self._ledger.sources.items() if one.get("title") in names})
        for file, count in found.most_common():
            if 2 * count > len(rows) and not self._is_ours(file):
                other = shlex.quote(file.removesuffix(f", {self._sheet}"))
                raise Refused(
                    f"{own} has {count:,} of its {len(rows):,} {self._unit}s in common with {file}, imported before: "
                    f"--as {other} imports it as a later version of that, --as {shlex.quote(own)} as another file, which is "
                    "then a source of its own"
                )

    def _is_ours(self, file: str) -> bool:
        """Whether a file in a locator is this one, or another sheet of it."""
        return file == self._file or file.startswith(f"{self._file}, ")

    def _give_ids(self, entries: Sequence[tuple[Row, JsonObject]]) -> tuple[list[str], list[str], frozenset[str]]:
        """Give each fact its id. Returns the ids of facts without a row, messages about rows matched by likeness, and the
        names that the file had in the places of rows.
        """
        header = self._header_of("id")
        for row, entry in entries:
            if row.given:
                entry["id"] = id_of(row.given, header)
        self._part_ids(entries)
        loose = [(row, entry) for row, entry in entries if "id" not in entry]
        given = {entry["id"] for _, entry in entries if "id" in entry}
        held = [one for one in from_rows(self._ledger.facts) if one.id not in given]
        keys = [(header, row.key) if row.key else None for row, _ in loose]
        former = {file for one in held for file in one.files if self._is_ours(file)}
        matched = match([entry for _, entry in loose], held, self._files, keys, former - self._others)
        for turn, (_, entry) in enumerate(loose):
            entry["id"] = matched.ids.get(turn) or self._ledger.free(slug_of(entry["title"]))
        for _, entry in entries:
            rest = {field: entry.pop(field) for field in [*entry] if field != "id"}
            entry |= rest
        where = _placed(self._sheet, self._unit)
        likely = [
            f"{where} {loose[turn][0].number} is taken for {matched.ids[turn]}, which it resembles"
            for turn in matched.likely
        ]
        return matched.gone, likely, matched.files

    def _citations_of(self, facts: Collection[str], files: Collection[str]) -> frozenset[str]:
        """The ids of the citations that some facts have in the ledger from rows of this file."""
        return frozenset(
            one["id"]
            for fact in self._ledger.facts
            if fact["id"] in facts
            for one in fact["evidence"]
            if "id" in one and (place := place_of(one)) and place[0] in files
        )

    def _keep_places(self, entries: Iterable[JsonObject]) -> None:
        """Leave the place of a row that was only moved as it is in the ledger. An edited row gets its new place."""
        held = {one["id"]: one for one in self._ledger.facts}
        for entry in entries:
            known = held.get(entry["id"], entry)
            moved = [one.get("locator") for one in known["evidence"]] != [one["locator"] for one in entry["evidence"]]
            if not moved or said(known) != said(entry):
                continue
            places: dict[str, list[str]] = defaultdict(list)
            for one in known["evidence"]:
                if place_of(one):
                    places[citation_said(one)].append(one["locator"])
            for one in entry["evidence"]:
                one["locator"] = places[citation_said(one)].pop(0)

    def _part_ids(self, entries: Sequence[tuple[Row, JsonObject]]) -> None:
        """Give the later row another id if two that are written differently make the same one."""
        seen: set[str] = set()
        for row, entry in entries:
            if "id" in entry and entry["id"] in seen:
                why = f"another {self._unit}'s id makes {entry['id']} too; made another fact"
                self._doubt("id", row, row.key, why)
                row.key = row.given = ""
                del entry["id"]
            seen.add(entry.get("id", ""))

    # --- notes and doubts -----

    def _alone(self, rows: Sequence[Row]) -> list[str]:
        """Notes on rows that name no source; rows that say the same become doubts."""
        same: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            same[repr((row.key, row.fact, row.named, row.cited, row.own))].append(row.number)
        for numbers in (one for one in same.values() if len(one) > 1):
            first, listed = f"{self._unit} {numbers[0]}", ", ".join(map(str, numbers[1:]))
            why = f"says all that {first} says; facts of their own: {listed}"
            self._doubts.append(Doubt(f"{self._unit} {numbers[-1]}", "", why))
        alone = [row.number for row in rows if not row.named]
        if not alone:
            return []
        few = ", ".join(map(str, alone[:8])) + (" …" if len(alone) > 8 else "")
        what = f"{self._unit} names" if len(alone) == 1 else f"{self._unit}s name"
        return [f"{len(alone)} {what} no source, and {self._file} itself is cited there: {few}"]


def by_place(doubt: Doubt) -> tuple[int, str]:
    """The sort key of doubts: the row, then the column."""
    found = re.search(r"\d+$", doubt.place) or re.search(r"\d+", doubt.place)
    return (int(found[0]) if found else 0), doubt.place


def _workbook_of(file: str) -> str:
    """The file's name, without that of a sheet."""
    found = _WORKBOOK.match(file)
    return found[0] if found else file


def _placed(*names: str) -> str:
    """The name of a place in a file, from those of what contains it; empty ones do not count."""
    return ", ".join(filter(None, names))


def _shown(value: str | JsonObject) -> str:
    return value if isinstance(value, str) else str(value["name"])
