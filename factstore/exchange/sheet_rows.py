"""Read the rows of a sheet: for each, the fields of a fact, its evidence, and doubts about its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from factstore.dates.ticks import parse_zone
from factstore.errors import DateError
from factstore.exchange.arrivals import Doubt
from factstore.exchange.cited_sources import links_in, page_title, words_of
from factstore.exchange.contents import cell, rows_below, tidy_text
from factstore.exchange.grids import Value, one_line
from factstore.exchange.headers import ATTRIBUTE, LEFT_OUT, Column, Layout, SheetOptions, plain
from factstore.exchange.row_cells import SEPARATORS, RowCells
from factstore.exchange.row_dates import RowDates
from factstore.exchange.row_evidence import RowEvidence
from factstore.exchange.rows import LONGEST_TITLE, Row, id_of, shortened

_TOTAL = re.compile(
    r"(?:grand |sub-?)?totals?(?: [\w ]+)?:?"
    r"|(?:sum|average|mean|count|summe|gesamt|insgesamt|somme|suma|totale|totaal):?",
    re.I,
)
#: A number, with what it counts or is in.
_AMOUNT = re.compile(r"[\d.,%$€£ -]+(?:[^\W\d]+)?")
_AGAINST = re.compile(r"\s+(?:vs?\.?|versus)\s+", re.I)
#: Headers of people that say nothing about their role.
_ANYBODY = frozenset(
    (
        *("who", "people", "person", "persons", "individuals", "name", "names", "involved", "players"),
        *("contact", "contacts", "participant", "participants", "party", "parties"),
        *("wer", "beteiligte", "personen", "qui", "personnes", "quien", "personas"),
    )
)


class Rows:
    """Reads the rows of one sheet, adding to `doubts`. `orders`: whether the day or the month comes first, by column."""

    def __init__(self, layout: Layout, wanted: SheetOptions) -> None:
        self._layout = layout
        self._columns = {name: layout.of(name) for name in {column.field for column in layout.columns}}
        self.doubts: list[Doubt] = []
        self.left_out: list[Doubt] = []
        self._dates = RowDates(layout, wanted, self.doubts)
        self._evidence = RowEvidence(self._dates)
        self.orders = self._dates.orders

    def read(self) -> Iterator[Row]:
        """Yield the rows that say something happened; other rows that are not empty go into `left_out`."""
        headers = [column.header.casefold() for column in self._layout.columns]
        for number, cells in rows_below(self._layout):
            texts = [tidy_text(cell(cells, column)) for column in self._layout.columns]
            if why := self._idle(texts, headers):
                self.left_out.append(Doubt(f"row {number}", " | ".join(filter(None, texts)), why))
                continue
            yield self._row(number, cells)

    def _idle(self, texts: list[str], headers: list[str]) -> str:
        """Why a row cannot say that something happened; "" if it may."""
        filled = [text for text in texts if text]
        if not filled:
            return "outside the columns"
        if [text.casefold() for text in texts] == headers:
            return "the headers again"
        numbers = {column.number for column in self._layout.of("id", LEFT_OUT)}
        pairs = zip(self._layout.columns, texts, strict=True)
        unnumbered = [text for column, text in pairs if text and column.number not in numbers]
        if not unnumbered:
            return "nothing but its number"
        if _is_total(filled) or _is_total(unnumbered):
            return "a total"
        titled = [text for column, text in zip(self._layout.columns, texts, strict=True) if column.field == "title"]
        if len(filled) == 1 and len(texts) > 2 and (not any(titled) or _TOTAL.match(filled[0])):
            return "one cell alone, such as a heading or a note"
        return ""

    def _row(self, number: int, values: list[Value]) -> Row:
        row = Row(number)
        cells = RowCells(number, [*values], self._columns, self.doubts)
        self._add_links(cells)
        self._add_comments(cells)
        row.fact["title"] = _title(cells, self._layout.columns)
        self._evidence.add(row, cells)
        anchor = self._dates.anchor(row.named)
        when = self._dates.when(cells, anchor)
        said = {
            "when": when.edtf,
            "phrase": when.phrase,
            "anchor": str(anchor) if when.anchored else "",
            "place": ", ".join(filter(None, map(cells.line, cells.of("place")))),
            "participants": [one for column in cells.of("participants") for one in _people(cells, column)],
            "tags": list(dict.fromkeys(tag for column in cells.of("tags") for tag in _parts(cells.text(column), ","))),
        }
        row.fact |= {name: value for name, value in said.items() if value}
        _id(row, cells)
        _zone(row, cells)
        for column in cells.of(ATTRIBUTE):
            if text := cells.text(column):
                cells.keep(column, text)
        if cells.attributes:
            row.fact["attributes"] = cells.attributes
        return row

    def _add_links(self, cells: RowCells) -> None:
        """Add hyperlinks to the texts of sources; other hyperlinks become attributes."""
        links = self._layout.grid.links
        for column in self._layout.columns if links else ():
            link = links.get((cells.number, column.number), "")
            text = cells.text(column)
            if not link or link in text or not text:
                continue
            if column.field in ("source", "url"):
                cells.values[column.number - 1] = f"{text} {link}"
            else:
                cells.attributes[f"{column.header} (link)"] = link

    def _add_comments(self, cells: RowCells) -> None:
        """Add the comments of a row's cells to its attributes."""
        comments = self._layout.grid.comments
        for column in self._layout.columns if comments else ():
            if comment := comments.get((cells.number, column.number)):
                cells.attributes[f"{column.header} (comment)"] = comment


def _is_total(texts: list[str]) -> bool:
    """Whether the texts of a row are a word for a total and amounts."""
    return _TOTAL.fullmatch(texts[0]) is not None and all(map(_AMOUNT.fullmatch, texts[1:]))


# --- what happened --------------------------------------------------------------------------------------------


def _title(cells: RowCells, columns: Sequence[Column]) -> str:
    titled = cells.of("title")
    texts = [(column, text) for column in titled if (text := cells.text(column))]
    if not texts:
        title = _made_title(cells, columns)
        if titled:
            cells.doubt(titled[0], "", f"nothing says what happened; called {title!r}")
        return title
    for column, text in texts:
        if "\n" in text or len(text) > LONGEST_TITLE:
            cells.keep(column, text)
    return shortened(": ".join(text for _, text in texts))


def _made_title(cells: RowCells, columns: Sequence[Column]) -> str:
    """A title made from other cells of a row: those that say most, else all of its `columns`."""
    quote, *others = (
        [text for column in cells.of(name) if (text := cells.line(column))]
        for name in ("quote", "tags", "participants", "place")
    )
    known = [text for texts in others for text in texts]
    notes = [text for column in cells.of(ATTRIBUTE) if re.search(r"[^\W\d]{2}", text := cells.line(column))]
    longest = sorted(notes, key=len)[-1:]
    linked = [text for column in cells.of("url") if (text := _link_text(cells.text(column)))]
    anything = [text for column in columns if (text := cells.line(column))]
    said = known if known and not cells.of("title") else quote or longest or known or linked[:1] or anything
    return shortened(", ".join(said))


def _link_text(text: str) -> str:
    """What a cell with a link says about the page: the words beside the link, else those in it; "" if it has no link."""
    links, rest = links_in([text])
    return (page_title(rest[0]) if rest else "") or words_of(links[0]) if links else ""


# --- who, where, which ----------------------------------------------------------------------------------------


def _people(cells: RowCells, column: Column) -> Iterator[dict[str, str]]:
    text = cells.text(column)
    if re.fullmatch(r"[\d.,+~ ]*", text):
        if text:
            cells.keep(column, text)
        return
    words = plain(column.header)[0].split()
    role = {} if _ANYBODY.intersection(words) else {"role": _singular(" ".join(words))}
    for name in _names_of_people(text):
        yield {"name": name, **role}


def _parts(text: str, weaker: str = "") -> list[str]:
    """The values of a cell: separated by semicolons, bars or line breaks, else by the `weaker` separator."""
    parts = SEPARATORS.split(text)
    if len(parts) == 1 and weaker:
        parts = text.split(weaker)
    return [part for one in parts if (part := one_line(one).strip(" ,"))]


def _names_of_people(text: str) -> list[str]:
    """The names in a cell: separated by semicolons or "v.", or by commas if each has a first and a last name."""
    parts = [name for part in _parts(text) for name in _AGAINST.split(part)]
    if len(parts) == 1:
        listed = _parts(text, ",")
        if len(listed) > 1 and all(2 <= len(name.split()) <= 4 for name in listed):
            return listed
    return parts


def _singular(words: str) -> str:
    return words[:-1] if words.endswith("s") and not words.endswith("ss") else words


def _id(row: Row, cells: RowCells) -> None:
    for column in cells.of("id"):
        row.key = cells.line(column)
        made = id_of(row.key, column.header) if row.key else ""
        row.given = row.key if made else ""
        if row.key != made:
            cells.keep(column, row.key)


def _zone(row: Row, cells: RowCells) -> None:
    zone = tidy_text(cells.first("zone"))
    if not zone:
        return
    try:
        parse_zone(zone)
        row.fact["zone"] = zone
    except DateError:
        cells.keep(cells.of("zone")[0], zone)
