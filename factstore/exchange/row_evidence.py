"""Read the evidence in the rows of a sheet: the sources that a row names or repeats, and what it cites from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

from factstore.evidence.chains import links
from factstore.evidence.stances import Stance
from factstore.exchange.cited_sources import Named, is_of, links_in, names_and_links, page_title, paired, without_page
from factstore.exchange.contents import tidy_text
from factstore.exchange.grids import one_line, text_of
from factstore.exchange.headers import Column
from factstore.exchange.placeholders import NONE_ABOVE, is_nobody
from factstore.exchange.repeated_sources import Repetition, repetition
from factstore.exchange.row_cells import SEPARATORS, RowCells
from factstore.exchange.row_dates import RowDates
from factstore.exchange.rows import Row

_SEVERAL_ABOVE = "it is not clear which source above it this means"
_NOBODY = "it names nobody"
_WHOSE = "it is not clear of which source this is"


class RowEvidence:
    """Reads the evidence of a sheet's rows one after the other."""

    def __init__(self, dates: RowDates) -> None:
        self._dates = dates
        self._sources_above: dict[str, list[Named]] = {}

    def add(self, row: Row, cells: RowCells) -> None:
        """Give a row its sources and citations."""
        self._sources(row, cells)
        self._citation(row, cells)

    # --- sources ---

    def _sources(self, row: Row, cells: RowCells) -> None:
        columns = [*cells.of("source"), *cells.of("url")]
        groups = dict.fromkeys(column.group for column in columns)
        if not all(any(column.group == group for column in cells.of("source")) for group in groups):
            groups = {"": None}
        made: dict[str, list[Named]] = {}
        for group in groups:
            own = [column for column in columns if column.group == group or len(groups) == 1]
            made[group] = _pairs(cells, own, self._sources_above.get(group, ()))
        as_named = list(dict.fromkeys(one for several in made.values() for one in several))
        row.named = [*as_named]
        for name in ("published", "retrieved"):
            for column in cells.of(name):
                self._dated_source(row, cells, column, name)
        publisher = next(filter(None, (_name(cells, column) for column in cells.of("publisher"))), "")
        if publisher and row.named:
            _about_source(row, cells, cells.of("publisher")[0], publisher, publisher=publisher)
        elif publisher:
            row.named.append(Named(publisher))
        told = dict(zip(as_named, row.named, strict=False))
        self._sources_above = {group: [told[one] for one in dict.fromkeys(several)] for group, several in made.items()}

    def _dated_source(self, row: Row, cells: RowCells, column: Column, name: str) -> None:
        date = self._dates.read(cells, column)
        text = date.phrase or date.edtf
        if date.edtf and row.named:
            _about_source(row, cells, column, text, **{name: date.edtf})
        day = re.fullmatch(r"\d{4}-\d\d-\d\d", date.edtf)
        if (date.edtf and not row.named) or (date.phrase and not day):
            cells.keep(column, text)

    # --- citations ---

    def _citation(self, row: Row, cells: RowCells) -> None:
        if quote := text_of(cells.first("quote")):
            owner = _owner(row) if row.named else 0
            if owner is not None:
                row.own = [{}] * owner + [{"quote": _unquoted(quote)}]
            else:
                cells.keep(cells.of("quote")[0], quote, _WHOSE)
        if page := tidy_text(cells.first("locator")):
            row.cited["locator"] = f"p. {page}" if re.fullmatch(r"\d+(?:[-–]\d+)?", page) else page
        said_by = (_name(cells, column) for column in cells.of("attribution"))
        chain = [one_line(link) for text in said_by for one in SEPARATORS.split(text) for link in links(one)]
        if chain:
            row.cited["attribution"] = chain
        if hedge := tidy_text(cells.first("hedge")):
            row.cited["hedge"] = hedge
        stance = tidy_text(cells.first("stance"))
        if stance.lower() in get_args(Stance):
            row.cited["stance"] = stance.lower()
        elif stance:
            cells.keep(cells.of("stance")[0], stance)
        for column in cells.of("said"):
            date = self._dates.read(cells, column, self._dates.anchor(row.named))
            if date.edtf:
                row.cited["said"] = date.edtf
            if date.phrase:
                cells.keep(column, date.phrase)


def _pairs(cells: RowCells, columns: Sequence[Column], above: Sequence[Named]) -> list[Named]:
    """The sources that some columns name and link to; `above` are those of the row above."""
    titles: dict[str, str] = {}
    said = [(column, repetition(cells.text(column))) for column in columns]
    names, links, beside = names_and_links(one.rest for column, one in said if column.field == "source")
    for column, own in said:
        if column.field != "url":
            continue
        found, rest = links_in([own.rest])
        links += found
        if rest and names:
            cells.keep(column, rest[0])
        elif len(found) == 1 and rest and not re.search(r"[;\n]", rest[0]) and not is_nobody(rest[0]):
            titles[found[0]] = page_title(rest[0])
        else:
            names += names_and_links(rest)[0]
    again = _again(cells, [one for one in said if one[1].words], names, links, above)
    nobody = dict.fromkeys(name for name in names if is_nobody(name))
    for name in nobody:
        cells.keep(
            next((column for column, one in said if name in names_and_links([one.rest])[0]), columns[0]), name, _NOBODY
        )
    beside = {link: name for link, name in beside.items() if name not in nobody}
    names, links = [name for name in dict.fromkeys(names) if name not in nobody], list(dict.fromkeys(links))
    pairs, loose, unsure = paired(names, links, beside)
    if loose:
        cells.keep(columns[-1], "; ".join(loose), _WHOSE)
    elif unsure:
        shown = "; ".join(f"{link} for {name}" if name else link for name, link in pairs if link)
        cells.doubt(columns[0], "; ".join(names), f"it is not clear which link is whose; taken: {shown}")
    sources: list[Named] = []
    for name, link in pairs:
        title = "" if name else titles.get(link, "")
        plain_name, page = without_page(name or title)
        headline = plain_name if title and not is_of(title, link) else ""
        sources.append(Named(plain_name, link, "", page, headline))
    sources += again
    for column, one in said:
        if one.pages and len(sources) == 1:
            sources += [sources[0]._replace(page=page) for page in one.pages]
        elif one.pages:
            cells.keep(column, cells.text(column), _WHOSE)
    return sources


def _again(
    cells: RowCells,
    said: Sequence[tuple[Column, Repetition]],
    names: list[str],
    links: list[str],
    above: Sequence[Named],
) -> list[Named]:
    """The sources that cells repeat from the row above, all of which are listed.

    A name beside which the row has a link of its own is added to `names`, a link beside which it has a name to `links`.
    """
    sources: list[Named] = []
    named, linked = bool(names), bool(links)
    for column, one in said:
        found = one.among(above)
        if column.field == "source" and linked:
            texts, into = {held.name for held in found if held.name}, names
        elif column.field == "url" and named:
            texts, into = {held.url for held in found if held.url}, links
        else:
            texts, into = {held.name or held.url for held in found}, None
            sources += found
        if not texts or (into is not None and len(texts) > 1):
            cells.keep(column, one.words, _SEVERAL_ABOVE if above else NONE_ABOVE)
            continue
        if into is not None:
            into[:0] = texts
        cells.doubt(column, one.words, f"read as what is above it, {'; '.join(sorted(texts))}")
    return sources


def _about_source(row: Row, cells: RowCells, column: Column, text: str, **fields: str) -> None:
    """Give fields to the source of the row that they are about; if that is unclear, `text` becomes an attribute."""
    owner = _owner(row)
    if owner is not None:
        row.named[owner] = row.named[owner]._replace(**fields)
    else:
        cells.keep(column, text, _WHOSE)


def _owner(row: Row) -> int | None:
    """The place of the source that a row says more about: its only one, or the only one with a link; None if unclear."""
    places = [place for place, one in enumerate(row.named) if one.url or len(row.named) == 1]
    return places[0] if len(places) == 1 else None


def _name(cells: RowCells, column: Column) -> str:
    """A cell with a name, "" if it names nobody."""
    text = cells.text(column)
    if is_nobody(text):
        cells.keep(column, text, _NOBODY)
        return ""
    return text


def _unquoted(quote: str) -> str:
    """A quote without quotation marks, if they enclose all of it."""
    for left, right in ('""', "“”", "„“", "«»"):
        if (
            len(quote) > 2
            and quote[0] == left
            and quote[-1] == right
            and left not in quote[1:-1]
            and right not in quote[1:-1]
        ):
            return quote[1:-1].strip()
    return quote
