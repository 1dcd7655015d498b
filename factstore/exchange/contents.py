"""Finds out from the cells of a sheet what its headers leave open: which columns contain links, ids or titles."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from shlex import quote

from factstore.dates.phrases import Context
from factstore.exchange.cell_dates import is_ongoing, read
from factstore.exchange.cited_sources import links_in
from factstore.exchange.grids import Value, one_line, text_of
from factstore.exchange.headers import ATTRIBUTE, LEFT_OUT, Column, Layout, plain
from factstore.exchange.placeholders import says_nothing

#: How many rows are looked at to find out what a column contains.
_SAMPLE = 500
#: Of this many steps of running numbers, one may be out of order.
_ODD = 5
#: Headers of columns that may just number the rows.
_COUNTING = frozenset(("#", "no", "nr", "number", "item", "item no", "row id", "s no", "sl no", "serial number"))


def rows_below(layout: Layout) -> list[tuple[int, list[Value]]]:
    """The rows below the headers that are not empty, with their numbers; a cell such as n/a counts as empty."""
    if layout.below is None:
        layout.below = []
        for number, cells in enumerate(layout.grid.rows[layout.header :], start=layout.header + 1):
            kept = ["" if isinstance(value, str) and says_nothing(value) else value for value in cells]
            if any(value != "" for value in kept):
                layout.below.append((number, kept))
    return layout.below


def cell(cells: list[Value], column: Column) -> Value:
    """A row's cell in a column; "" beyond the row's end."""
    return cells[column.number - 1] if column.number <= len(cells) else ""


def tidy_text(value: Value) -> str:
    """A cell's text on one line."""
    text = text_of(value)
    return one_line(text) if "\n" in text else text


def refine(layout: Layout, said: frozenset[int] = frozenset()) -> list[str]:
    """Correct the fields of columns by their content, except those that the caller `said`. Returns notes."""
    held: dict[int, list[str]] = defaultdict(list)
    for turn, (_, cells) in enumerate(rows_below(layout)):
        for column in layout.columns if turn < _SAMPLE else ():
            if text := text_of(cell(cells, column)):
                held[column.number].append(text)
    notes: list[str] = []
    for column in [one for one in layout.columns if one.number not in said]:
        _links_or_names(layout, column, held[column.number])
        _people(layout, column, held[column.number])
        _ends(layout, column, held[column.number])
    _ids(layout, said, notes)
    _publisher(layout, said)
    _when(layout, notes)
    _title(layout, held, notes)
    return notes


def _links_or_names(layout: Layout, column: Column, texts: list[str]) -> None:
    """Among the columns of sources, those with links are links, whatever their header; those without are names."""
    if any(number == column.number for _, number in layout.grid.links):
        return
    linked = sum(bool(links_in([text])[0]) for text in texts)
    if column.field == "source" and texts and linked == len(texts) and all(not links_in([text])[1] for text in texts):
        layout.become(column, "url")
    elif column.field == "url" and texts and not linked:
        layout.become(column, ATTRIBUTE if layout.of("source") else "source")
    elif column.field == ATTRIBUTE and column.header.startswith("column ") and linked * 2 > len(texts):
        layout.become(column, "url")


def _people(layout: Layout, column: Column, texts: list[str]) -> None:
    """A column of people with nothing but numbers counts them, so it has no names."""
    if column.field == "participants" and texts and all(re.fullmatch(r"[\d.,+~ ]+|TRUE|FALSE", text) for text in texts):
        layout.become(column, ATTRIBUTE)


def _ends(layout: Layout, column: Column, texts: list[str]) -> None:
    """From and To may be people or places: unless some cell has a digit or says "ongoing", they are not dates."""
    dated = any(re.search(r"\d", text) or is_ongoing(text) for text in texts)
    if column.field in ("start", "end") and texts and not dated:
        layout.become(column, ATTRIBUTE)


def _ids(layout: Layout, said: frozenset[int], notes: list[str]) -> None:
    """A column has no ids if rows with the same value mostly differ, as the rows of one case do."""
    for column in layout.of("id"):
        if column.number in said:
            continue
        names = [name for _, cells in rows_below(layout) if (name := tidy_text(cell(cells, column)))]
        if plain(column.header)[0] in _COUNTING and _are_running(names):
            layout.become(column, LEFT_OUT)
            notes.append(
                f"{column.header} only numbers the rows, and is left out; --map {quote(f'{column.header}=id')} keeps it"
            )
            continue
        titles: dict[str, list[str]] = defaultdict(list)
        for _, cells in rows_below(layout):
            if name := tidy_text(cell(cells, column)):
                titles[name].append(" ".join(tidy_text(cell(cells, one)) for one in layout.of("title")))
        several = [group for group in titles.values() if len(group) > 1]
        differing = sum(len(set(group)) > 1 for group in several)
        lengthy = sum(len(name) > 40 or len(name.split()) > 4 for name in titles)
        if differing * 2 > len(several) > 0 or lengthy * 2 > len(titles):
            layout.become(column, ATTRIBUTE)
            if several:
                notes.append(f"{column.header} is not unique to a row, and is kept as an attribute")


def _are_running(names: list[str]) -> bool:
    """Whether numbers just count the rows, so that they change when a row is inserted.

    That is so if they begin no higher than there are rows and go up by one, apart from a few places where a row was taken
    out, put in (6a) or never numbered.
    """
    found = [int(one[0]) if (one := re.match(r"\d{1,9}(?=[a-z]?\.?$)", name)) else None for name in names]
    steps = [one is not None and other is not None and 0 <= other - one <= 1 for one, other in pairwise(found)]
    small = bool(found) and found[0] is not None and found[0] <= len(names)
    return small and 2 * sum(steps) >= len(steps) and steps.count(False) <= max(1, len(steps) // _ODD)


def _publisher(layout: Layout, said: frozenset[int]) -> None:
    if not layout.of("source"):
        for column in layout.of("publisher"):
            if column.number not in said:
                layout.become(column, "source")


def _when(layout: Layout, notes: list[str]) -> None:
    """If no header says when it happened, take the first column in which nearly all rows have a day or a month."""
    if layout.of("when", "start", "year"):
        return
    rows = rows_below(layout)[:_SAMPLE]
    for column in layout.of(ATTRIBUTE):
        found = [value for _, cells in rows if (value := cell(cells, column)) != ""]
        dated = sum("-" in read(value, Context()).edtf for value in found)
        if 2 * len(found) > len(rows) and dated >= 0.8 * len(found):
            layout.become(column, "when")
            notes.append(f"no header says when it happened: taken from {column.header}, whose cells are dates")
            return


def _title(layout: Layout, held: dict[int, list[str]], notes: list[str]) -> None:
    """If no header says what happened, take the column with the longest texts, not counting links."""
    if layout.of("title"):
        return

    def length(column: Column) -> float:
        words = [re.sub(r"(?:[a-z]+://|www\.)\S+", "", text, flags=re.I) for text in held[column.number]]
        texts = [text for text in words if re.search(r"[^\W\d]{2}.*[^\W\d]{2}", text)]
        return sum(map(len, texts)) / len(held[column.number]) if 2 * len(texts) > len(held[column.number]) else 0.0

    texts = [column for column in layout.of(ATTRIBUTE) if held[column.number]]
    best = max(texts, key=length, default=None)
    if best is not None and length(best) >= 12:
        layout.become(best, "title")
        notes.append(f"no header says what happened: taken from {best.header}, which has the longest texts")
    else:
        notes.append(
            "no header says what happened: titles are made of each row's category, people, place or first words"
        )
