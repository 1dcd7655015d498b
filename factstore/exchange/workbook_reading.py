"""Read our own workbooks back as documents; one without edits changes nothing in the ledger that it came from.

Dates are EDTF, or as people write them. A new row needs no ID, and other rows name it by its words. A column that is missing
says nothing, one that was added is an attribute. What is not read is listed: comments, other sheets, and edits of computed
cells, with what to edit instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple, Self

from factstore.dates.edtf import Edtf
from factstore.dates.phrases import Context
from factstore.documents.collecting import collect
from factstore.documents.entries import AS_WRITTEN
from factstore.documents.formats import Keys, Lines
from factstore.documents.slugs import slug_of
from factstore.errors import DateError, DocumentError, InputError
from factstore.exchange import cell_dates
from factstore.exchange.arrivals import Arrival, Doubt, Holdings, doubts_of
from factstore.exchange.cell_details import letters
from factstore.exchange.grids import Value, details_of, one_line
from factstore.exchange.headers import SheetOptions
from factstore.exchange.own_exports import head_in
from factstore.exchange.workbook_files import PACKED, workbook
from factstore.exchange.workbook_layout import (
    ABOUT,
    CHECK,
    MARK,
    SHEETS,
    WITH_ATTRIBUTES,
    SheetColumn,
    edited,
    keep,
    same_header,
    to_entry,
)
from factstore.plain import Json, JsonObject

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

#: By kind of entry: its fields with dates, those with the ID of another row and that row's kind, and that which names it.
_DATES = {"fact": ("anchor", "when"), "citation": ("when", "said"), "source": ("published", "retrieved")}
_REFERENCES = {
    "citation": {"about": "fact", "source": "source"},
    "ordering": {"fact": "fact", "other": "fact"},
    "source": {"seen_through": "source"},
    "speaker": {"of": "speaker"},
}
_LABELS = {"fact": "title", "source": "title", "speaker": "name"}


def is_ours(content: bytes) -> bool:
    """Whether a file's bytes are a workbook that `workbook` wrote."""
    if not content.startswith(PACKED):
        return False
    try:
        with workbook(content, "") as book:
            if ABOUT not in book.sheet_names:
                return False
            rows = book.get_sheet_by_name(ABOUT).to_python(nrows=1)
    except InputError:
        return False
    return bool(rows and rows[0] and rows[0][0] == MARK)


def read(content: bytes, name: str, wanted: SheetOptions | None = None, ledger: Holdings | None = None) -> Arrival:
    """The document in the bytes of one of our own workbooks.

    Raises DocumentError with all problems, each with the file's name and the cell, such as `a.xlsx:Facts!B3`.
    """
    return _Reading(content, name, wanted or SheetOptions(), ledger or Holdings()).arrival()


class _Row(NamedTuple):
    """A row that is not empty: its kind of entry, its place, the cell of each field, and its entry."""

    kind: str
    place: str
    cells: Mapping[str, str]
    entry: JsonObject

    def at(self, field: str) -> str:
        """The place of a field, else that of the row."""
        return self.cells.get(field, self.place)


class _Table(NamedTuple):
    """The columns of a sheet: the place of each of our headers, from 0, and those of others, which become attributes or are
    not read, with their headers and why.
    """

    sheet: str
    own: dict[str, int]
    kept: dict[int, str]
    unread: dict[int, tuple[str, str]]

    @classmethod
    def of(cls, cells: Sequence[Value], sheet: str) -> Self:
        """The columns under a row of headers."""
        kind, columns = SHEETS[sheet]
        ours = {same_header(header): header for header in (*(column.header for column in columns), CHECK)}
        table = cls(sheet, {}, {}, {})
        for place, cell in enumerate(cells):
            header = one_line(_text(cell))
            own = ours.get(same_header(header))
            if own and own not in table.own:
                table.own[own] = place
            elif not header:
                table.unread[place] = header, "it has no header"
            elif own or header in table.kept.values():
                table.unread[place] = header, "another column has the same header"
            elif kind in WITH_ATTRIBUTES:
                table.kept[place] = header
            else:
                table.unread[place] = header, f"{sheet} has no room for it"
        return table

    def at(self, place: int, row: int) -> str:
        """The place of a cell, from that of its column."""
        return f"{self.sheet}!{letters(place + 1)}{row}"


class _Reading:
    def __init__(self, content: bytes, name: str, wanted: SheetOptions, ledger: Holdings) -> None:
        self._name = name
        self._wanted = wanted
        self._anchor = wanted.anchor_day()
        self._ledger = ledger
        self._problems: list[str] = []
        self._doubts: list[Doubt] = []
        self._notes: list[str] = []
        with workbook(content, name) as book:
            self._rows = [row for sheet in SHEETS for row in self._read_sheet(book, sheet)]
            sheets = [*book.sheet_names]
            self._head = _head_in(book)
        for sheet in sheets:
            if sheet in (*SHEETS, ABOUT):
                self._list_beside(content, sheet)
        if others := [sheet for sheet in sheets if sheet not in (*SHEETS, ABOUT)]:
            self._notes.append(f"not read, since a workbook that was exported has no such sheet: {', '.join(others)}")

    def arrival(self) -> Arrival:
        for row in self._rows:
            for field in _DATES.get(row.kind, ()):
                self._read_date(row, field)
        self._give_ids()
        self._refer()
        value, lines = self._put_together()
        if self._problems:
            raise DocumentError(self._problems)
        document = collect(value, lines, self._name)
        if document.problems:
            raise DocumentError(document.problems)
        document.written_at = self._head
        return Arrival(document, value, notes=self._notes, doubts=self._doubts)

    def _complain(self, place: str, problem: str) -> None:
        self._problems.append(f"{self._name}:{place}: {problem}")

    # --- cells ---

    def _read_sheet(self, book: CalamineWorkbook, sheet: str) -> Iterator[_Row]:
        if sheet not in book.sheet_names:
            self._problems.append(f"{self._name}: it has no sheet {sheet}")
            return
        rows: list[list[Value]] = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        kind, columns = SHEETS[sheet]
        table = _Table.of(rows[0] if rows else (), sheet)
        if columns[0].header not in table.own:
            self._complain(f"{sheet}!1", f"there is no header {columns[0].header}")
            return
        absent = [column for column in columns if column.header not in table.own]
        self._note_columns(sheet, absent, table, rows)
        for number, row in enumerate(rows[1:], start=2):
            cells = {header: text for header, place in table.own.items() if (text := _text(row[place]))}
            more = {place: text for place in table.kept if (text := _text(row[place]).strip())}
            if not cells.keys() - {CHECK}:
                for place, text in more.items():
                    why = "it is not read, since the row has nothing in other columns"
                    self._doubts.append(Doubt(table.at(place, number), text, why))
                continue
            places = {header: table.at(place, number) for header, place in table.own.items()}
            try:
                entry = to_entry(cells, columns)
            except ValueError as error:
                header, _, problem = str(error).partition(": ")
                self._complain(places[header], problem)
                continue
            keep(entry, self._held(entry.get("id")) if absent else {}, absent, columns)
            for place, text in more.items():
                self._add_attribute(entry, table.kept[place], text, table.at(place, number))
            fields = {
                column.field.partition(".")[0]: places[column.header]
                for column in columns
                if column.field and column.header in places
            }
            if CHECK in table.own:
                self._list_unread(cells, columns, places)
            yield _Row(kind, places[columns[0].header], fields, entry)

    def _held(self, name: str | None) -> Mapping[str, Json]:
        """The entry of the ledger with an ID, or of a piece of evidence in it, which says what it is about."""
        if name in self._ledger.entries:
            return self._ledger.entries[str(name)]
        return self._cited.get(str(name), {})

    @cached_property
    def _cited(self) -> dict[str, Mapping[str, Json]]:
        """The pieces of evidence in the ledger, by ID."""
        return {
            cited["id"]: {**cited, "about": name}
            for name, entry in self._ledger.entries.items()
            for cited in entry.get("evidence", ())
        }

    def _note_columns(
        self, sheet: str, absent: Sequence[SheetColumn], table: _Table, rows: Sequence[Sequence[Value]]
    ) -> None:
        """Say which columns are missing, which became attributes, and which are not read though something is in them."""
        if missing := [column.header for column in absent if column.field]:
            self._notes.append(f"{sheet} has no column {', '.join(missing)}; what the ledger has there stays")
        if table.kept:
            self._notes.append(f"{sheet}: kept as attributes: {', '.join(table.kept.values())}")
        for place, (header, why) in table.unread.items():
            if any(_text(row[place]).strip() for row in rows[1:]):
                self._doubts.append(Doubt(table.at(place, 1), header, f"this column is not read: {why}"))

    def _add_attribute(self, entry: JsonObject, header: str, text: str, place: str) -> None:
        """Give a fact or a source an attribute from a column that somebody added."""
        attributes = entry.get("attributes") or {}
        if attributes.get(header, text) != text:
            self._complain(place, f"{header} has another value among the row's attributes; leave only one of the two")
        entry["attributes"] = {**attributes, header: text}

    def _list_beside(self, content: bytes, sheet: str) -> None:
        """List what is beside the values of cells, which is not read: comments, and formulas without a result."""
        beside = details_of(content, sheet)
        for (row, column), text in beside.comments.items():
            self._doubts.append(
                Doubt(f"{sheet}!{letters(column)}{row}", one_line(text), "a comment, which is not read")
            )
        self._doubts += (one._replace(place=f"{sheet}!{one.place}") for one in doubts_of(beside.doubtful))

    def _list_unread(self, cells: Mapping[str, str], columns: Sequence[SheetColumn], places: Mapping[str, str]) -> None:
        """List the edits of a row that have no effect."""
        changed = [column for column in edited(cells, columns) if column.header in places]
        for column in changed:
            if column.field is None:
                why = f"{column.header} is computed, so what was written there is not read; {column.instead}"
                self._doubts.append(Doubt(places[column.header], cells.get(column.header, ""), why))
        fields = {column.field: column for column in changed}
        if "phrase" in fields and "when" not in fields and cells.get("Date") != AS_WRITTEN:
            why = f"these words do not change the date; edit Date too, or write {AS_WRITTEN} there"
            header = fields["phrase"].header
            if header in cells and "Date" in places:
                self._doubts.append(Doubt(places[header], cells[header], why))

    def _read_date(self, row: _Row, field: str) -> None:
        """Read a date as EDTF, else as people write it."""
        text = row.entry.get(field)
        if text is None or text == AS_WRITTEN or _is_edtf(text):
            return
        anchor = row.entry.get("anchor") if field == "when" else None
        day = date.fromisoformat(anchor) if anchor and _is_day(anchor) else self._anchor
        context = Context(day, "past" if day else "", self._wanted.order, self._wanted.pivot)
        told = cell_dates.read(text, context)
        if not told.edtf:
            why = "its words need a day to be read against: fill in Read against, or --anchor"
            self._complain(row.at(field), f"{text!r}: {why if told.doubt == cell_dates.NEEDS_DAY else told.doubt}")
            return
        row.entry[field] = told.edtf
        if told.doubt:
            self._doubts.append(Doubt(row.at(field), text, told.doubt))
        if field == "when":
            row.entry.setdefault("phrase", text)
            if told.anchored and row.kind == "fact":
                row.entry["anchor"] = str(day)

    # --- rows that refer to each other ---

    def _give_ids(self) -> None:
        """Give each new fact, source and speaker an ID made of what names it: the same one whenever the file is read."""
        given = {row.entry["id"] for row in self._rows if "id" in row.entry}
        taken, facts = self._ledger.taken, {entry["id"]: entry for entry in self._ledger.facts}
        for row in self._rows:
            label = _LABELS.get(row.kind)
            if label is None or "id" in row.entry:
                continue
            words = _words_of(row.entry, label)
            if not words:
                header = next(column.header for column in SHEETS[_sheet_of(row)][1] if column.field == label)
                self._complain(row.place, f"a new row needs {header}, from which its ID is made")
                continue
            held: Mapping[str, Mapping[str, Json]] = facts if row.kind == "fact" else self._ledger.sources
            slug = slug_of(words)
            name = next(
                name
                for name in chain([slug], (f"{slug}-{number}" for number in count(2)))
                if name not in given
                and (name not in taken or row.kind == "speaker" or _words_of(held.get(name, {}), label) == words)
            )
            row.entry["id"] = name
            given.add(name)

    def _refer(self) -> None:
        """Replace the words that name another row by its ID."""
        named: dict[tuple[str, str], list[str]] = {}
        known = {row.entry.get("id") for row in self._rows} | self._ledger.taken
        for row in self._rows:
            if row.kind in _LABELS and "id" in row.entry:
                words = one_line(_words_of(row.entry, _LABELS[row.kind])).casefold()
                named.setdefault((row.kind, words), []).append(row.entry["id"])
        for row in self._rows:
            for field, kind in _REFERENCES.get(row.kind, {}).items():
                text = str(row.entry.get(field) or "")
                if not text or text in known:
                    continue
                found = named.get((kind, one_line(text).casefold()), [])
                if len(found) == 1:
                    row.entry[field] = found[0]
                elif found:
                    self._complain(row.at(field), f"{text!r} is in several rows; write the ID of one")
                elif field != "about":
                    sheet = next(sheet for sheet, (held, _) in SHEETS.items() if held == kind)
                    self._complain(
                        row.at(field), f"{text!r} is neither the ID nor the {_LABELS[kind]} of a row in {sheet}"
                    )

    def _put_together(self) -> tuple[dict[str, list[JsonObject]], Lines]:
        """The entries as a document, with their evidence, and the places of their fields."""
        value: dict[str, list[JsonObject]] = {}
        lines: Lines = {}
        owners: dict[str, Keys] = {}
        alone: dict[str, _Row] = {}
        for row in self._rows:
            if row.kind == "citation":
                continue
            held = value.setdefault(f"{row.kind}s", [])
            path: Keys = (f"{row.kind}s", len(held))
            lines |= _lines(row, path)
            held.append(row.entry)
            if row.kind in ("fact", "ordering"):
                name = row.entry.get("id") or _ordering_id(row.entry)
                owners[name] = path
                if row.kind == "fact" and name not in self._ledger.taken:
                    alone[name] = row
        turns: Counter[str] = Counter()
        for row in self._rows:
            if row.kind != "citation":
                continue
            about = row.entry.pop("about", None)
            if about is None:
                self._complain(row.place, "About is empty; it says what this is evidence for")
            elif about not in owners:
                self._complain(row.at("about"), f"About names {about}, which is in no other sheet")
            else:
                section, turn = owners[about]
                lines |= _lines(row, (section, turn, "evidence", turns[about]))
                value[str(section)][int(turn)].setdefault("evidence", []).append(row.entry)
                turns[about] += 1
                alone.pop(about, None)
        for row in alone.values():
            way_out = "add a row to Citations with its ID or What happened in About, and who says so in Source"
            self._complain(row.place, f"a new fact needs evidence: {way_out}")
        return value, lines


def _head_in(book: CalamineWorkbook) -> tuple[int, str] | None:
    """The position and hash of the ledger's last record when a workbook was written; None if they are not there any more."""
    rows = book.get_sheet_by_name(ABOUT).to_python() if ABOUT in book.sheet_names else []
    return next((found for row in rows for cell in row[:1] if (found := head_in(str(cell)))), None)


def _words_of(entry: Mapping[str, Json], label: str) -> str:
    """The words that name a row besides its ID; a source without a title is named by its link."""
    return str(entry.get(label) or entry.get("url") or "")


def _lines(row: _Row, path: Keys) -> Lines:
    lines: Lines = {(*path, field): place for field, place in row.cells.items()}
    lines[path] = row.place
    return lines


def _sheet_of(row: _Row) -> str:
    return row.place.partition("!")[0]


def _ordering_id(entry: Mapping[str, Json]) -> str:
    return f"{entry.get('fact')}.{entry.get('relation')}.{entry.get('other')}"


def _is_edtf(text: str) -> bool:
    try:
        Edtf(text)
    except DateError:
        return False
    return True


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _text(cell: Value) -> str:
    """A cell as text: what was written there, or the text of a date or number that somebody typed over it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
