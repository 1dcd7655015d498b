"""Which field each column of a sheet has: by its header's synonyms, or as given on the command line or in a file.

The synonyms are in `synonyms`. A column with another header is kept as an attribute under its own name.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Literal, NamedTuple

from factstore.documents.formats import read_yaml
from factstore.errors import InputError
from factstore.exchange.cell_details import letters
from factstore.exchange.grids import Grid, Value, one_line, text_of
from factstore.exchange.synonyms import SYNONYMS
from factstore.plain import Json

#: What a column may be mapped to instead of a field: an attribute under its header, or left out.
ATTRIBUTE, LEFT_OUT = "attribute", "-"
FIELDS = (*SYNONYMS, ATTRIBUTE, LEFT_OUT)
#: Fields to which several columns may contribute.
SEVERAL = frozenset(("source", "url", "tags", "participants", "attribution", "title", "place", ATTRIBUTE, LEFT_OUT))
#: Fields that may be guessed for several columns; a second title is kept as an attribute.
_GUESSED = frozenset(("source", "url", "tags", "participants", "attribution"))
_PARTS = ("town", "district", "state", "country")

_RANKS: dict[str, list[tuple[str, int]]] = {}
for _field, _words in SYNONYMS.items():
    for _rank, _word in enumerate(_words):
        _RANKS.setdefault(_word, []).append((_field, _rank))

#: What headers never begin with: figures, links.
_DATA = re.compile(r"[^\w#]*\d|https?:|www\.", re.I)

#: How many rows from the top are searched for headers.
_TOP = 40
_LONGEST = 90

Order = Literal["", "day-first", "month-first"]
ORDERS: dict[str, Order] = {
    "dmy": "day-first",
    "mdy": "month-first",
    "day-first": "day-first",
    "month-first": "month-first",
}


class Column(NamedTuple):
    """A column: its number from 1, its header, its field, and the number in its header, as in Source 2."""

    number: int
    header: str
    field: str
    group: str = ""


@dataclass(slots=True)
class SheetOptions:
    """The options for a sheet: fields by header, the sheet, the row of headers, the order of day and month in figures.

    `pivot` is the first of the hundred years that two digits may mean, `anchor` the day that words are relative to.
    """

    fields: dict[str, str] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    header: int | None = None
    order: Order = ""
    pivot: int | None = None
    anchor: str | None = None

    def anchor_day(self) -> date | None:
        """The anchor as a day. Raises InputError if it is not one."""
        try:
            return date.fromisoformat(self.anchor) if self.anchor else None
        except ValueError:
            raise InputError(f"the anchor {self.anchor!r} is not a day such as 2018-04-02") from None


@dataclass(slots=True)
class Layout:
    """Where a sheet's headers are (rows `top` to `header`, from 1), and the fields of its columns.

    `below`: the rows below that are not empty; filled when first needed.
    """

    grid: Grid
    top: int
    header: int
    columns: list[Column]
    below: list[tuple[int, list[Value]]] | None = None

    def of(self, *fields: str) -> list[Column]:
        """The columns with any of some fields."""
        return [column for column in self.columns if column.field in fields]

    def become(self, column: Column, name: str) -> None:
        """Change the field of a column."""
        self.columns[self.columns.index(column)] = column._replace(field=name)


# --- headers as words -----------------------------------------------------------------------------------------


def plain(header: str) -> tuple[str, str]:
    """A header's words in lower case, without brackets and their content, and the number in it that sets it apart."""
    text = unicodedata.normalize("NFKD", one_line(header))
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower()
    if text.strip() in ("#", "№", "no.", "nº"):
        return "#", ""
    text = re.sub(r"(?<=\w)\s*[#№]\s*$", " no", text)
    text = re.sub(r"\((?:e?s)\)", "s", text)
    text = re.sub(r"\([^)]*\)?|\[[^\]]*\]?", " ", text)
    words = " ".join(re.findall(r"[^\W_]+", text))
    found = re.fullmatch(r"(.*?\D) ?(\d{1,2})( .+)?", words)
    words, number = (found[1].strip() + (found[3] or ""), found[2]) if found else (words, "")
    return re.sub(r"^(?:the|our) ", "", words), number


def known(header: str) -> list[tuple[str, int]]:
    """The fields that a header may stand for, each with its rank among the synonyms; empty if the header is not known.

    With a slash, the first word that is known counts: Source / Link has sources, with or without links.
    """
    parts = [_RANKS[word] for part in header.split("/") if (word := plain(part)[0]) in _RANKS]
    whole = _RANKS.get(plain(header)[0])
    if whole and not ("/" in header and parts and parts[0][0][0] == "source"):
        return whole
    return parts[0] if parts else []


def _hits(row: Sequence[Value]) -> int:
    """How many fields the cells of a row stand for if they are headers; 0 if they cannot be."""
    cells = [value for value in row if value != "" and not (isinstance(value, str) and not value.strip())]
    if not cells or not all(isinstance(value, str) and len(value) <= _LONGEST for value in cells):
        return 0
    fields = {found[0][0] for value in cells if (found := known(str(value)))}
    return len(fields)


# --- finding the headers ---------------------------------------------------------------------------------------


def find_header(grid: Grid, said: Iterable[str] = ()) -> int:
    """The row of the headers: the one with the most known headers, or with those in `said`; 0 if no row looks like one.

    If no header is known, it is the first row with short texts in most columns.
    """
    named = {plain(word)[0] for word in said}
    best, row = 0, 0
    for number, cells in enumerate(grid.rows[:_TOP], start=1):
        texts = [text_of(value) for value in cells]
        filled = [text for text in texts if text]
        hits = _hits(cells) + 2 * sum(plain(text)[0] in named for text in filled)
        if hits > best and (len(filled) > 1 or len(_widths(grid)) == 1):
            best, row = hits, number
    return row or _first_of_texts(grid)


def _widths(grid: Grid) -> set[int]:
    """The columns that are not empty."""
    return {place for cells in grid.rows for place, value in enumerate(cells) if text_of(value)}


def _first_of_texts(grid: Grid) -> int:
    wide = len(_widths(grid))
    for number, cells in enumerate(grid.rows[:_TOP], start=1):
        filled = [value for value in cells if text_of(value)]
        short = all(isinstance(value, str) and len(value) <= 60 and not _DATA.match(value) for value in filled)
        if wide > 1 and short and len(filled) > 1 and 2 * len(filled) > wide:
            return number
    return 0


def _names(grid: Grid, row: int) -> tuple[list[str], int]:
    """The header of each column, and the last row of headers; a row of groups above, or of parts below, is included."""
    wide = max((len(cells) for cells in grid.rows), default=0)

    def cells(number: int) -> list[str]:
        held = grid.rows[number - 1] if 0 < number <= len(grid.rows) else []
        return [one_line(text_of(value)) for value in held] + [""] * (wide - len(held))

    names, above, below = cells(row), cells(row - 1), cells(row + 1)
    for top, bottom, left, right in grid.merged:
        if top <= row <= bottom and right > left:
            names[left:right] = [name or names[left - 1] for name in names[left:right]]
    last = row
    if _are_parts(names, below, grid, row + 1):
        names = [
            name if part in ("", name) else f"{name} {part}".strip() for name, part in zip(names, below, strict=True)
        ]
        last = row + 1
    if all(len(text) <= _LONGEST for text in above):
        names = [name or group for name, group in zip(names, above, strict=True)]
    return names, last


def _are_parts(names: list[str], below: list[str], grid: Grid, row: int) -> bool:
    """Whether the row below the headers names parts of them, rather than being a fact.

    Most of its texts must be known headers, and some must be below a header that spans several columns, or below none.
    """
    filled = [text for text in below if text]
    if row > len(grid.rows) or len(filled) < 2 or not _hits(grid.rows[row - 1]):
        return False
    pairs = list(zip(names, below, strict=True))
    spanned = any(part and name != part and (not name or names.count(name) > 1) for name, part in pairs)
    main = [
        part
        for name, part in pairs
        if part not in ("", name) and known(name) and known(name)[0][0] in ("title", "when")
    ]
    return spanned and not main and 2 * sum(bool(known(text)) for text in filled) >= len(filled)


# --- their fields ---------------------------------------------------------------------------------------------


def lay_out(grid: Grid, wanted: SheetOptions) -> Layout:
    """Find the headers of a sheet and the field of each column: as given in `wanted`, else by its header. Raises InputError.

    A sheet without headers can be read if `wanted` names its columns by letters.
    """
    row = wanted.header or find_header(grid, wanted.fields)
    if not row and not _by_letter(wanted.fields):
        raise InputError(
            f"{_label(grid)}: no row of headers was found in its first {_TOP} rows; one is needed, such as Date, "
            'What happened, Source; or say which column is which: --map "A=when" --map "B=title"'
        )
    names, last = _names(grid, row) if row else ([""] * max(map(len, grid.rows), default=0), 0)
    used = sorted(_used(grid, last) | {place for place, name in enumerate(names) if name})
    seen: dict[str, int] = {}
    columns = []
    for place in used:
        header = names[place] or f"column {letters(place + 1)}"
        seen[header.casefold()] = times = seen.get(header.casefold(), 0) + 1
        label = header if times == 1 else f"{header} ({times})"
        columns.append(Column(place + 1, label, "", plain(header)[1]))
    layout = Layout(grid, row, last, columns)
    _told(layout, wanted)
    _guess(layout)
    return layout


def _by_letter(said: Iterable[str]) -> bool:
    """Whether all columns are named by letters, as those of a sheet without headers must be."""
    names = list(said)
    return bool(names) and all(re.fullmatch(r"(?:column )?[A-Z]{1,3}", name.strip(), re.I) for name in names)


def _label(grid: Grid) -> str:
    return f"{grid.file}, sheet {grid.sheet}" if grid.sheet else grid.file


def _used(grid: Grid, last: int) -> set[int]:
    return {place for cells in grid.rows[last:] for place, value in enumerate(cells) if value != "" and text_of(value)}


def _told(layout: Layout, wanted: SheetOptions) -> None:
    """Give columns the fields in `wanted`, by header or by letter."""
    for said, name in wanted.fields.items():
        if name not in FIELDS:
            near = get_close_matches(name, FIELDS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(FIELDS)}"
            raise InputError(f"--map {said}={name}: there is no field {name!r}; {hint}")
        found = [column for column in layout.columns if column.header.casefold() == one_line(said).casefold()]
        found = found or [column for column in layout.columns if plain(column.header) == plain(said) and plain(said)[0]]
        found = found or [column for column in layout.columns if letters(column.number) == said.strip().upper()]
        if not found:
            headers = ", ".join(column.header for column in layout.columns)
            raise InputError(f"{_label(layout.grid)}: there is no column {said!r}; there are {headers}")
        for column in found:
            layout.become(column, name)
    for name in FIELDS:
        several = layout.of(name)
        if name not in SEVERAL and len(several) > 1:
            headers = " and ".join(column.header for column in several)
            raise InputError(f"{_label(layout.grid)}: {headers} cannot both be {name}; only one column can")


def _guess(layout: Layout) -> None:
    """Give the other columns the fields that their headers stand for; if two claim the same one, the surer header gets it."""
    wishes = sorted(
        (rank, column.number, name)
        for column in layout.columns
        if not column.field
        for name, rank in known(re.sub(r" \(\d+\)$", "", column.header))
    )
    dated = layout.of("when", "start")
    for _, number, name in wishes:
        column = next(one for one in layout.columns if one.number == number)
        if column.field or (layout.of(name) and name not in _GUESSED):
            continue
        if name in ("day", "month") and (dated or not _has_year(layout)):
            continue
        layout.become(column, name)
    _settle_dates(layout)
    _settle_places(layout)
    for column in [one for one in layout.columns if not one.field]:
        layout.become(column, ATTRIBUTE)


def _has_year(layout: Layout) -> bool:
    return any(("year", 0) in [(name, 0) for name, _ in known(column.header)] for column in layout.columns)


def _settle_dates(layout: Layout) -> None:
    """A year beside a date becomes an attribute, a year without one the date, and a date beside an end the start."""
    if layout.of("when", "start"):
        for column in layout.of("year", "month", "day"):
            layout.become(column, ATTRIBUTE)
    if not layout.of("when", "start", "year"):
        dates = [one for one in layout.columns if not one.field and "date" in plain(one.header)[0].split()]
        for column in dates[:1]:
            layout.become(column, "when")
    for start in layout.of("start"):
        if not layout.of("end") and not layout.of("when"):
            layout.become(start, "when")
    if layout.of("start"):
        for column in layout.of("when"):
            layout.become(column, ATTRIBUTE)
    for column in [*layout.of("end"), *layout.of("end time")]:
        if not layout.of("start", "when", "year"):
            layout.become(column, ATTRIBUTE)


def _settle_places(layout: Layout) -> None:
    """If there is no column for the place, it is made from town, state and country."""
    parts = layout.of(*_PARTS)
    for column in parts:
        layout.become(column, ATTRIBUTE if layout.of("place") and layout.of("place")[0] not in parts else column.field)
    if not layout.of("place"):
        for column in layout.of(*_PARTS):
            layout.become(column, "place")


# --- mappings in files and on the screen ----------------------------------------------------------------------


def told_fields(given: Iterable[str]) -> dict[str, str]:
    """Read values of --map: COLUMN=FIELD, where the field is what follows the last =. Raises InputError."""
    fields = {}
    for one in given:
        column, equals, name = one.rpartition("=")
        if not (equals and column.strip() and name.strip()):
            raise InputError(f'--map {one!r}: it takes COLUMN=FIELD, such as "What happened=title"')
        fields[column.strip()] = name.strip().lower()
    return fields


def read_mapping(content: str, name: str) -> SheetOptions:
    """Read a mapping file, which has the keys that `mapping_text` writes. Raises InputError or DocumentError."""
    value, _ = read_yaml(content, name)
    if not isinstance(value, dict) or not isinstance(value.get("columns", {}), dict):
        raise InputError(
            f"{name}: a mapping needs `columns`, each header with its field, such as `What happened: title`"
        )
    unknown = value.keys() - {"columns", "sheet", "header", "dates", "pivot", "anchor"}
    if unknown:
        raise InputError(
            f"{name}: there is no key {min(unknown)!r}; there are columns, sheet, header, dates, pivot, anchor"
        )
    order = str(value.get("dates") or "")
    if order and order not in ORDERS:
        raise InputError(f"{name}: dates: {order!r} is neither dmy nor mdy")
    sheets = value.get("sheet") or []
    return SheetOptions(
        {str(column): str(held).strip().lower() for column, held in value.get("columns", {}).items()},
        tuple(map(str, sheets if isinstance(sheets, list) else [sheets])),
        _number(value, "header", name),
        ORDERS.get(order, ""),
        _number(value, "pivot", name),
        str(value["anchor"]) if value.get("anchor") else None,
    )


def _number(value: Mapping[str, Json], key: str, name: str) -> int | None:
    given = value.get(key)
    if given in (None, ""):
        return None
    if not (isinstance(given, str) and given.isdecimal() and int(given) > 0):
        raise InputError(f"{name}: {key}: {given!r} is not a whole number")
    return int(given)


def mapping_text(layout: Layout, wanted: SheetOptions) -> str:
    """A mapping as a YAML file, which can be edited and passed back in."""
    lines = ["# Which column holds what. `attribute` keeps a column under its header, `-` leaves it out."]
    if layout.grid.sheet:
        lines.append(f"sheet: {_quoted(layout.grid.sheet)}")
    lines += [f"header: {layout.top}"] if layout.top else []
    lines += [f"dates: {wanted.order}"] if wanted.order else []
    lines += [f"pivot: {wanted.pivot}"] if wanted.pivot else []
    lines += [f"anchor: {wanted.anchor}"] if wanted.anchor else []
    lines.append("columns:")
    lines += [f"  {_quoted(column.header)}: {_quoted(column.field)}" for column in layout.columns]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z][A-Za-z ]*[A-Za-z]", text) else json.dumps(text, ensure_ascii=False)
