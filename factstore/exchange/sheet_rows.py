"""Read the rows of a sheet: for each, a fact's fields, its sources, and doubts about its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import get_args

from factstore.dates.phrases import Context
from factstore.dates.ticks import parse_zone
from factstore.errors import DateError
from factstore.evidence.chains import links
from factstore.evidence.stances import Stance
from factstore.exchange import cell_dates
from factstore.exchange.arrivals import Doubt
from factstore.exchange.cell_dates import NOTHING, Told
from factstore.exchange.cell_details import letters
from factstore.exchange.cited_sources import (
    Named,
    is_of,
    links_in,
    names_and_links,
    page_title,
    paired,
    without_page,
    words_of,
)
from factstore.exchange.contents import cell, rows_below, tidy_text
from factstore.exchange.grids import Value, one_line, text_of
from factstore.exchange.headers import ATTRIBUTE, LEFT_OUT, Column, Layout, Order, SheetOptions, plain
from factstore.exchange.repeated_sources import Repetition, is_repeated, repetition
from factstore.exchange.rows import LONGEST_TITLE, Row, id_of, shortened

_TOTAL = re.compile(
    r"(?:grand |sub-?)?totals?(?: [\w ]+)?:?"
    r"|(?:sum|average|mean|count|summe|gesamt|insgesamt|somme|suma|totale|totaal):?",
    re.I,
)
#: A number, with what it counts or is in.
_AMOUNT = re.compile(r"[\d.,%$€£ -]+(?:[^\W\d]+)?")
_EACH = re.compile(r"[;|\n]+")
_AGAINST = re.compile(r"\s+(?:vs?\.?|versus)\s+", re.I)
_DATED = ("when", "start", "end", "published", "retrieved", "said")
_NONE_ABOVE = "it repeats what is above it, where nothing is that it could mean; kept as an attribute"
_SEVERAL_ABOVE = "it is not clear which source above it this means; kept as an attribute"
_WHOSE = "it is not clear of which source this is; kept as an attribute"
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
        self._anchor = wanted.anchor_day()
        self._pivot = wanted.pivot
        self._mapped = {column.number for column in layout.columns if column.field != ATTRIBUTE}
        self._columns = {name: layout.of(name) for name in {column.field for column in layout.columns}}
        self.doubts: list[Doubt] = []
        self.left_out: list[Doubt] = []
        self._above = NOTHING
        self._sources_above: dict[str, list[Named]] = {}
        self._texts_above: dict[int, str] = {}
        self.orders = self._orders(wanted.order)
        self.end_known = self._says_equal_ends()

    # --- properties of whole columns -----

    def _of(self, name: str) -> list[Column]:
        return self._columns.get(name, [])

    def _one(self, cells: list[Value], name: str) -> Value:
        return next((value for column in self._of(name) if (value := cell(cells, column)) != ""), "")

    def _orders(self, wanted: Order) -> dict[int, Order]:
        """For each column of dates, whether the day or the month comes first.

        That is as given, else as in its header, else as some date of the column shows, else as in the other columns.
        """
        found: dict[int, Order] = {}
        for column in (one for name in _DATED for one in self._of(name)):
            values = [cell(cells, column) for _, cells in rows_below(self._layout)]
            order, _, both = cell_dates.order_of(values)
            found[column.number] = wanted or cell_dates.hinted_order(column.header) or order
            place = f"{letters(column.number)}{self._layout.header}"
            if both and not wanted:
                why = "some days come before their months, some after: --dates dmy or mdy"
                self.doubts.append(Doubt(place, column.header, why))
            if swapped := cell_dates.may_be_swapped(values, order):
                why = f"its {swapped} real dates may have day and month swapped: all are on the 1st to the 12th of a month"
                self.doubts.append(Doubt(place, column.header, why))
        settled = {order for order in found.values() if order}
        other: Order = settled.pop() if len(settled) == 1 else ""
        return {number: order or other for number, order in found.items()}

    def _says_equal_ends(self) -> bool:
        """Whether some row has an end equal to its start, which means that a row without an end leaves it open."""
        starts, ends = [*self._of("start"), *self._of("when")][:1], self._of("end")[:1]
        for _, cells in rows_below(self._layout) if starts and ends else ():
            start, end = cell(cells, starts[0]), cell(cells, ends[0])
            if start != "" and text_of(start) == text_of(end):
                return True
        return False

    # --- rows ---

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

    def _row(self, number: int, cells: list[Value]) -> Row:
        row = Row(number)
        attributes: dict[str, str] = {}
        cells = self._with_links(number, cells, attributes)
        self._notes_beside(number, attributes)
        row.fact["title"] = self._title(cells, attributes, number)
        self._sources(row, cells, attributes)
        when = self._when(row, cells, attributes)
        row.fact |= {name: value for name, value in (("when", when.edtf), ("phrase", when.phrase)) if value}
        if when.anchored:
            row.fact["anchor"] = str(self._anchor_of(row))
        place = ", ".join(filter(None, (tidy_text(cell(cells, column)) for column in self._of("place"))))
        people = [one for column in self._of("participants") for one in self._people(cells, column, attributes)]
        tags = [tag for column in self._of("tags") for tag in _parts(text_of(cell(cells, column)), ",")]
        row.fact |= {
            name: value
            for name, value in (("place", place), ("participants", people), ("tags", list(dict.fromkeys(tags))))
            if value
        }
        self._id(row, cells, attributes)
        self._zone(row, cells, attributes)
        for column in self._of(ATTRIBUTE):
            if text := text_of(cell(cells, column)):
                attributes[column.header] = text
        if attributes:
            row.fact["attributes"] = attributes
        return row

    def _with_links(self, number: int, cells: list[Value], attributes: dict[str, str]) -> list[Value]:
        """The cells, with hyperlinks added to the texts of sources; other hyperlinks become attributes."""
        linked = [*cells]
        for column in self._layout.columns if self._layout.grid.links else ():
            link = self._layout.grid.links.get((number, column.number), "")
            text = text_of(cell(cells, column))
            if not link or link in text or not text:
                continue
            if column.field in ("source", "url"):
                linked[column.number - 1] = f"{text} {link}"
            else:
                attributes[f"{column.header} (link)"] = link
        return linked

    def _notes_beside(self, number: int, attributes: dict[str, str]) -> None:
        """Add the comments of a row's cells to its attributes."""
        comments = self._layout.grid.comments
        for column in self._layout.columns if comments else ():
            if comment := comments.get((number, column.number)):
                attributes[f"{column.header} (comment)"] = comment

    def _doubt(self, column: Column, number: int, text: str, why: str) -> None:
        self.doubts.append(Doubt(f"{letters(column.number)}{number}", one_line(text), why))

    # --- what happened ---

    def _title(self, cells: list[Value], attributes: dict[str, str], number: int) -> str:
        texts = [(column, text) for column in self._of("title") if (text := text_of(cell(cells, column)))]
        if not texts:
            title = self._made_title(cells)
            where = self._of("title")
            if where:
                self._doubt(where[0], number, "", f"nothing says what happened; called {title!r}")
            return title
        for column, text in texts:
            if "\n" in text or len(text) > LONGEST_TITLE:
                attributes[column.header] = text
        whole = ": ".join(text for _, text in texts)
        return shortened(whole)

    def _made_title(self, cells: list[Value]) -> str:
        """A title made from other cells of a row."""
        by_field = (
            [text for column in self._of(name) if (text := tidy_text(cell(cells, column)))]
            for name in ("quote", "tags", "participants", "place")
        )
        quote, *others = by_field
        known = [text for texts in others for text in texts]
        notes = [
            text for column in self._of(ATTRIBUTE) if re.search(r"[^\W\d]{2}", text := tidy_text(cell(cells, column)))
        ]
        longest = sorted(notes, key=len)[-1:]
        linked = [text for column in self._of("url") if (text := _link_text(text_of(cell(cells, column))))]
        anything = [text for column in self._layout.columns if (text := tidy_text(cell(cells, column)))]
        said = known if known and not self._of("title") else quote or longest or known or linked[:1] or anything
        return shortened(", ".join(said))

    # --- when ---

    def _context(self, column: Column, row: Row | None) -> Context:
        anchor = self._anchor_of(row) if row else None
        return Context(
            anchor=anchor,
            tense="past" if anchor else "",
            order=self.orders.get(column.number, ""),
            pivot=self._pivot,
            assumed=True,
        )

    def _anchor_of(self, row: Row) -> date | None:
        published = next((one.published for one in row.named if one.published), "")
        return date.fromisoformat(published) if re.fullmatch(r"(?!0000)\d{4}-\d\d-\d\d", published) else self._anchor

    def _date(self, column: Column, number: int, cells: list[Value], row: Row | None) -> Told:
        value = cell(cells, column)
        date = cell_dates.read(value, self._context(column, row))
        if date.doubt:
            self._doubt(column, number, text_of(value), date.doubt)
        return date

    def _when(self, row: Row, cells: list[Value], attributes: dict[str, str]) -> Told:
        columns = [*self._of("start"), *self._of("when")]
        date = NOTHING
        if columns:
            date = self._day(columns[0], row, cells)
        elif self._of("year"):
            columns = self._of("year")
            year, month, day = (self._one(cells, name) for name in ("year", "month", "day"))
            date = cell_dates.of_parts(year, month, day, self._context(columns[0], row))
            if date.doubt:
                self._doubt(columns[0], row.number, date.phrase, date.doubt)
        date = self._timed(date, "time", columns, row, cells)
        ends = self._of("end")
        if ends:
            end = (
                NOTHING if cell_dates.is_ongoing(cell(cells, ends[0])) else self._date(ends[0], row.number, cells, row)
            )
            end = self._timed(end, "end time", ends, row, cells)
            joined = cell_dates.to_end(date, cell(cells, ends[0]), end, alone=not self.end_known)
            if joined.doubt and joined.doubt not in (date.doubt, end.doubt):
                self._doubt(ends[0], row.number, joined.phrase, joined.doubt)
            date = joined
        elif self._of("end time"):
            value = text_of(self._one(cells, "end time"))
            attributes |= {self._of("end time")[0].header: value} if value else {}
        written = [text for column in self._of("phrase") if (text := tidy_text(cell(cells, column)))]
        own = date.phrase if date.phrase not in written else ""
        return date._replace(phrase="; ".join(filter(None, [*written, own]))) if written else date

    def _day(self, column: Column, row: Row, cells: list[Value]) -> Told:
        """The date of a row, which may repeat that of the row above."""
        value = cell(cells, column)
        if not cell_dates.is_repeated(value):
            self._above = self._date(column, row.number, cells, row)
            return self._above
        text, above = text_of(value), self._above.edtf
        why = f"read as the date above it, {above}" if above else "the date above it could not be read"
        self._doubt(column, row.number, text, why)
        return self._above._replace(phrase=text, anchored=False)

    def _timed(self, told: Told, name: str, days: list[Column], row: Row, cells: list[Value]) -> Told:
        times = self._of(name)
        value = cell(cells, times[0]) if times else ""
        if value == "" or (name == "end time" and not self._of("end")):
            return told
        if not days:
            return told._replace(phrase=tidy_text(value))
        timed = cell_dates.at_time(told, value, self._context(days[0], row))
        if timed.doubt and timed.doubt != told.doubt:
            self._doubt(times[0], row.number, text_of(value), timed.doubt)
        return timed

    def _zone(self, row: Row, cells: list[Value], attributes: dict[str, str]) -> None:
        zone = tidy_text(self._one(cells, "zone"))
        if not zone:
            return
        try:
            parse_zone(zone)
            row.fact["zone"] = zone
        except DateError:
            attributes[self._of("zone")[0].header] = zone

    # --- who ---

    def _people(self, cells: list[Value], column: Column, attributes: dict[str, str]) -> Iterator[dict[str, str]]:
        text = text_of(cell(cells, column))
        if re.fullmatch(r"[\d.,+~ ]*", text):
            attributes |= {column.header: text} if text else {}
            return
        words = plain(column.header)[0].split()
        role = {} if _ANYBODY.intersection(words) else {"role": _singular(" ".join(words))}
        for name in _names_of_people(text):
            yield {"name": name, **role}

    # --- who says so ---

    def _sources(self, row: Row, cells: list[Value], attributes: dict[str, str]) -> None:
        columns = [*self._of("source"), *self._of("url")]
        groups = dict.fromkeys(column.group for column in columns)
        if not all(any(column.group == group for column in self._of("source")) for group in groups):
            groups = {"": None}
        made: dict[str, list[Named]] = {}
        for group in groups:
            before = len(row.named)
            own = [column for column in columns if column.group == group or len(groups) == 1]
            self._pairs(row, cells, own, attributes, self._sources_above.get(group, ()))
            made[group] = row.named[before:]
        row.named = list(dict.fromkeys(row.named))
        as_named = [*row.named]
        for name in ("published", "retrieved"):
            for column in self._of(name):
                self._dated_source(row, cells, column, name, attributes)
        publishers = [one_line(self._said(row, column, cells, attributes)) for column in self._of("publisher")]
        publisher = next(filter(None, publishers), "")
        if publisher:
            if row.named:
                self._about_source(row, self._of("publisher")[0], publisher, attributes, publisher=publisher)
            else:
                row.named.append(Named(publisher))
        told = dict(zip(as_named, row.named, strict=False))
        self._sources_above = {group: [told[one] for one in dict.fromkeys(several)] for group, several in made.items()}
        self._citation(row, cells, attributes)

    def _said(self, row: Row, column: Column, cells: list[Value], attributes: dict[str, str]) -> str:
        """The text of a cell, which may repeat that of the row above."""
        text = text_of(cell(cells, column))
        if not is_repeated(text):
            self._texts_above[column.number] = text
            return text
        above = self._texts_above.get(column.number, "")
        if not above:
            attributes[column.header] = text
        self._doubt(column, row.number, text, f"read as what is above it, {above}" if above else _NONE_ABOVE)
        return above

    def _pairs(
        self, row: Row, cells: list[Value], columns: list[Column], attributes: dict[str, str], above: Sequence[Named]
    ) -> None:
        """Add the sources that some columns name and link to; `above` are those of the row above."""
        titles: dict[str, str] = {}
        before = len(row.named)
        said = [(column, repetition(text_of(cell(cells, column)))) for column in columns]
        names, links, beside = names_and_links(one.rest for column, one in said if column.field == "source")
        for column, own in said:
            if column.field != "url":
                continue
            found, rest = links_in([own.rest])
            links += found
            if rest and names:
                attributes[column.header] = rest[0]
            elif len(found) == 1 and rest and ";" not in rest[0] and "\n" not in rest[0]:
                titles[found[0]] = page_title(rest[0])
            else:
                names += names_and_links(rest)[0]
        again = self._again(row, [one for one in said if one[1].words], names, links, above, attributes)
        names, links = list(dict.fromkeys(names)), list(dict.fromkeys(links))
        pairs, loose, unsure = paired(names, links, beside)
        if loose:
            attributes[columns[-1].header] = "; ".join(loose)
            self._doubt(columns[-1], row.number, "; ".join(loose), _WHOSE)
        elif unsure:
            shown = "; ".join(f"{link} for {name}" if name else link for name, link in pairs if link)
            self._doubt(
                columns[0], row.number, "; ".join(names), f"it is not clear which link is whose; taken: {shown}"
            )
        for name, link in pairs:
            title = "" if name else titles.get(link, "")
            plain_name, page = without_page(name or title)
            headline = plain_name if title and not is_of(title, link) else ""
            row.named.append(Named(plain_name, link, "", page, headline))
        row.named += again
        for column, one in said:
            owners = row.named[before:]
            if one.pages and len(owners) == 1:
                row.named += (owners[0]._replace(page=page) for page in one.pages)
            elif one.pages:
                attributes[column.header] = text = text_of(cell(cells, column))
                self._doubt(column, row.number, text, _WHOSE)

    def _again(
        self,
        row: Row,
        said: Sequence[tuple[Column, Repetition]],
        names: list[str],
        links: list[str],
        above: Sequence[Named],
        attributes: dict[str, str],
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
                attributes[column.header] = one.words
                self._doubt(column, row.number, one.words, _SEVERAL_ABOVE if above else _NONE_ABOVE)
                continue
            if into is not None:
                into[:0] = texts
            self._doubt(column, row.number, one.words, f"read as what is above it, {'; '.join(sorted(texts))}")
        return sources

    def _dated_source(
        self, row: Row, cells: list[Value], column: Column, name: str, attributes: dict[str, str]
    ) -> None:
        date = self._date(column, row.number, cells, None)
        if date.edtf and row.named:
            self._about_source(row, column, date.phrase or date.edtf, attributes, **{name: date.edtf})
        day = re.fullmatch(r"\d{4}-\d\d-\d\d", date.edtf)
        if (date.edtf and not row.named) or (date.phrase and not day):
            attributes[column.header] = date.phrase or date.edtf

    def _about_source(self, row: Row, column: Column, text: str, attributes: dict[str, str], **fields: str) -> None:
        """Give fields to the source of the row that they are about; if that is unclear, `text` becomes an attribute."""
        owner = _owner(row)
        if owner is not None:
            row.named[owner] = row.named[owner]._replace(**fields)
        else:
            attributes[column.header] = text
            self._doubt(column, row.number, text, _WHOSE)

    def _citation(self, row: Row, cells: list[Value], attributes: dict[str, str]) -> None:
        if quote := text_of(self._one(cells, "quote")):
            owner = _owner(row) if row.named else 0
            if owner is not None:
                row.own = [{}] * owner + [{"quote": _unquoted(quote)}]
            else:
                attributes[self._of("quote")[0].header] = quote
                self._doubt(self._of("quote")[0], row.number, quote, _WHOSE)
        if page := tidy_text(self._one(cells, "locator")):
            row.cited["locator"] = f"p. {page}" if re.fullmatch(r"\d+(?:[-–]\d+)?", page) else page
        said_by = (self._said(row, column, cells, attributes) for column in self._of("attribution"))
        speakers = [one for text in said_by for one in _EACH.split(text)]
        chain = [one_line(link) for one in speakers for link in links(one)]
        if chain:
            row.cited["attribution"] = chain
        if hedge := tidy_text(self._one(cells, "hedge")):
            row.cited["hedge"] = hedge
        stance = tidy_text(self._one(cells, "stance"))
        if stance.lower() in get_args(Stance):
            row.cited["stance"] = stance.lower()
        elif stance:
            attributes[self._of("stance")[0].header] = stance
        for column in self._of("said"):
            date = self._date(column, row.number, cells, row)
            if date.edtf:
                row.cited["said"] = date.edtf
            if date.phrase:
                attributes[column.header] = date.phrase

    def _id(self, row: Row, cells: list[Value], attributes: dict[str, str]) -> None:
        for column in self._of("id"):
            row.key = tidy_text(cell(cells, column))
            made = id_of(row.key, column.header) if row.key else ""
            row.given = row.key if made else ""
            if row.key != made:
                attributes[column.header] = row.key


def _is_total(texts: list[str]) -> bool:
    """Whether the texts of a row are a word for a total and amounts."""
    return _TOTAL.fullmatch(texts[0]) is not None and all(map(_AMOUNT.fullmatch, texts[1:]))


def _owner(row: Row) -> int | None:
    """The place of the source that a row says more about: its only one, or the only one with a link; None if unclear."""
    places = [place for place, one in enumerate(row.named) if one.url or len(row.named) == 1]
    return places[0] if len(places) == 1 else None


def _link_text(text: str) -> str:
    """What a cell with a link says about the page: the words beside the link, else those in it; "" if it has no link."""
    links, rest = links_in([text])
    return (page_title(rest[0]) if rest else "") or words_of(links[0]) if links else ""


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


def _parts(text: str, weaker: str = "") -> list[str]:
    """The values of a cell: separated by semicolons, bars or line breaks, else by the `weaker` separator."""
    parts = _EACH.split(text)
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
