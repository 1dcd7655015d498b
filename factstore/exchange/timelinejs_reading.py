"""Import TimelineJS 3: its JSON, or the spreadsheet that people fill in for it. Each slide is a fact.

Each link of a slide, in its text or as its media, is a source of the fact; a quotation belongs to the link after it. If a
slide's date in words agrees with its date in figures, the words count: figures, which must have a year, often claim too
much. Years BC count from -1: -44 is 44 BC. An era is a fact with the tag `era`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from pathlib import PurePath
from typing import NamedTuple

from factstore.dates.edtf import Edtf
from factstore.dates.phrases import Context, read_when
from factstore.errors import DateError, InputError
from factstore.exchange.arrivals import Arrival, Doubt, Holdings, doubts_of
from factstore.exchange.cell_dates import at_time, of_parts
from factstore.exchange.cited_sources import Named, url_slug
from factstore.exchange.grids import Grid, Value, first_rows, one_line, read_grids, text_of
from factstore.exchange.headers import SheetOptions
from factstore.exchange.json_values import control_notes, flat_text, glance, line, listed, mappings, read_values, text
from factstore.exchange.own_exports import (
    FIELDS,
    UNSAID,
    is_made_by_us,
    kept_date,
    read_date,
    read_kept,
    stance_of,
    without_state,
)
from factstore.exchange.row_documents import RowDocument, by_place
from factstore.exchange.rows import Row, shortened
from factstore.exchange.slides import plain, read_slide
from factstore.plain import Json, JsonObject
from factstore.rendering.days import written

#: The headers of the sheet for the fields of a slide, in the order of the template.
_HEADERS = {
    "year": "start year",
    "month": "start month",
    "day": "start day",
    "time": "start time",
    "end year": "end year",
    "end month": "end month",
    "end day": "end day",
    "end time": "end time",
    "display date": "display_date",
    "headline": "headline",
    "text": "text",
    "media": "url",
    "media credit": "credit",
    "media caption": "caption",
    "type": "type",
    "group": "group",
}
#: How many of these headers identify a sheet as one for TimelineJS.
_TELLING = frozenset(("year", "headline", "text", "media"))
#: The key of a slide under which our own exports keep fields to the letter.
_KEPT = "factstore"
_PARTS = ("year", "month", "day", "hour", "minute", "second", "millisecond")
#: Keys whose values have another shape in TimelineJS 2.
_OLD = frozenset(("startDate", "endDate", "headline", "text", "tag", "asset"))
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?")


class Slot(NamedTuple):
    """A slide from either the JSON or the sheet: its number in the file, and what it is called there (slide, event, row).

    `fields`: the known fields, as texts; `more`: all others, under their names in the file.
    """

    number: int
    unit: str
    fields: dict[str, str]
    more: dict[str, str]


def looks(content: bytes) -> bool:
    """Whether a file's bytes are TimelineJS's JSON, or its sheet."""
    value = _as_of_today(glance(content))
    if isinstance(value, dict):
        events = value.get("events")
        return isinstance(events, list) and all(isinstance(one, dict) and "start_date" in one for one in events)
    return value is None and any(_header(rows) is not None for rows in first_rows(content))


def read(content: bytes, name: str, wanted: SheetOptions, ledger: Holdings) -> list[Arrival]:
    """The slides of a file as a document, or of each sheet of a workbook. Raises InputError if there are none."""
    if glance(content) is not None or content.lstrip()[:1] in (b"{", b"["):
        value = read_values(content, name)
        readings = [_Reading(name, list(_of_json(value)), ledger, [])]
        notes = control_notes(value)
    else:
        readings = [
            _Reading(name, list(_of_sheet(grid)), ledger, doubts_of(grid.doubtful), (grid.sheet, *grid.others))
            for grid in read_grids(content, name, wanted.sheets)
        ]
        notes = []
    arrivals = [reading.arrival() for reading in readings if reading.slots]
    if not arrivals:
        raise InputError(f"{name}: there is no slide in it; TimelineJS has `events`, or a sheet with Year and Headline")
    arrivals[0].notes += notes
    return arrivals


# --- the file as slides ---------------------------------------------------------------------------------------


def _as_of_today(value: Json) -> Json:
    """Convert the JSON of TimelineJS 2, whose dates are texts such as `2012,1,26`, to version 3; others stay unchanged."""
    old = value.get("timeline") if isinstance(value, dict) else None
    if not isinstance(old, dict) or not isinstance(old.get("date"), list):
        return value
    return {
        "title": _slide_of_today(
            {name: held for name, held in old.items() if name not in ("date", "era", "startDate")}
        ),
        "events": [_slide_of_today(slide) for _, slide in mappings(old["date"])],
        "eras": [_slide_of_today(era) for _, era in mappings(old.get("era"))],
    }


def _slide_of_today(old: Mapping[str, Json]) -> JsonObject:
    slide = {name: held for name, held in old.items() if name not in _OLD and name != "type"}
    for name, end in (("startDate", "start_date"), ("endDate", "end_date")):
        parts = [part.strip() for part in line(old.get(name)).split(",")]
        if parts != [""]:
            slide[end] = dict(zip(_PARTS, parts, strict=False))
    asset = old.get("asset")
    media = (
        {"url" if name == "media" else name: held for name, held in asset.items()} if isinstance(asset, dict) else {}
    )
    text = {"headline": old.get("headline"), "text": old.get("text")}
    return slide | {"text": text, "media": media, "group": old.get("tag")}


def _of_json(value: object) -> Iterator[Slot]:
    value = _as_of_today(value)
    if not isinstance(value, dict):
        return
    if isinstance(value.get("title"), dict):
        yield _slot(0, "title", value["title"])
    events = listed(value.get("events"))
    for number, event in mappings(events):
        yield _slot(number, "event", event)
    for number, era in mappings(value.get("eras")):
        yield _slot(len(events) + number, "era", era)


def _slot(number: int, unit: str, slide: Mapping[str, Json]) -> Slot:
    fields: dict[str, str] = {}
    for end in ("start", "end"):
        date: Json = slide.get(f"{end}_date")
        if not isinstance(date, dict):
            continue
        fields |= {f"{end} {part}": line(date.get(part)) for part in _PARTS}
        if end == "start" and not slide.get("display_date"):
            fields["display_date"] = plain(line(date.get("display_date")))
    for group in ("text", "media"):
        held = slide.get(group)
        held = held if isinstance(held, dict) else {"url" if group == "media" else "headline": held}
        names = ("headline", "text") if group == "text" else ("url", "credit", "caption")
        fields |= {name: text(held.get(name)) for name in names if text(held.get(name))}
    fields |= {name: line(slide.get(name)) for name in ("group", "unique_id") if slide.get(name)}
    if slide.get("display_date"):
        fields["display_date"] = plain(line(slide["display_date"]))
    used = ("start_date", "end_date", "text", "media", "group", "unique_id", "display_date", "autolink", _KEPT)
    more = {name: flat_text(held) for name, held in slide.items() if name not in used}
    fields |= {f"{_KEPT} {name}": value for name, value in read_kept(slide.get(_KEPT)).items()}
    media = slide.get("media")
    for name, held in media.items() if isinstance(media, dict) else ():
        if name not in ("url", "credit", "caption"):
            more[f"media {name}"] = flat_text(held)
    return Slot(number, unit, fields, {name: held for name, held in more.items() if held})


def _header(rows: Sequence[Sequence[Value]]) -> int | None:
    """The index of the header row of a sheet for TimelineJS, among its first rows; None if it has none."""
    for index, cells in enumerate(rows[:5]):
        names = {_plain_header(value) for value in cells}
        if names >= _TELLING and ("display date" in names or "end year" in names):
            return index
    return None


def _plain_header(value: Value) -> str:
    return " ".join(re.findall(r"[a-z]+", text_of(value).lower()))


def _of_sheet(grid: Grid) -> Iterator[Slot]:
    top = _header(grid.rows)
    if top is None:
        return
    headers = [one_line(text_of(value)) for value in grid.rows[top]]
    for number, cells in enumerate(grid.rows[top + 1 :], start=top + 2):
        fields: dict[str, str] = {}
        more: dict[str, str] = {}
        for header, value in zip(headers, cells, strict=False):
            name, shown = _HEADERS.get(_plain_header(header), ""), text_of(value)
            if shown:
                (fields if name else more)[name or header or "column"] = shown
        if fields or more:
            kind = fields.pop("type", "").lower()
            yield Slot(number, kind if kind in ("title", "era") else "row", fields, more)


# --- slides as facts ------------------------------------------------------------------------------------------


class _Reading:
    """Turns the slides of one file, or of the first of a workbook's sheets, into a document."""

    def __init__(
        self, name: str, slots: Sequence[Slot], ledger: Holdings, doubts: list[Doubt], sheets: Sequence[str] = ()
    ) -> None:
        self._name = name
        self.slots = slots
        self._ledger = ledger
        self._doubts = doubts
        self._sheets = sheets
        self._left_out: list[Doubt] = []
        self._ours = any(is_made_by_us(slot.fields.get("text", "")) for slot in slots if slot.unit == "title")

    def arrival(self) -> Arrival:
        title = next((slot for slot in self.slots if slot.unit == "title"), None)
        slides = [slot for slot in self.slots if slot.unit != "title" and self._says(slot)]
        rows = [self._row(slot) for slot in slides]
        unit = "row" if any(slot.unit == "row" for slot in slides) else "event"
        headline = plain(title.fields.get("headline", "")) if title else ""
        unsaid: dict[str, tuple[str, ...]] = {"fact": ("participants", "place")}
        if self._ours:
            unsaid = {"fact": ("participants", "place", "tags", "attributes"), "citation": UNSAID}
        made = RowDocument(
            self._name,
            self._ledger,
            self._doubts,
            sheets=self._sheets,
            unit=unit,
            title=headline,
            header_of=lambda _: "",
        ).made_of(rows, unsaid)
        if title:
            self._title_slide(title, headline, cited=any(not row.named for row in rows))
        sheet = made.document.name.removeprefix(self._name)
        count = f"{len(rows)} slide{'' if len(rows) == 1 else 's'}"
        return Arrival(
            made.document,
            made.value,
            [f"{PurePath(self._name).name}{sheet} (TimelineJS): {count}"],
            made.notes,
            sorted(self._doubts, key=by_place),
            self._left_out,
            gone=made.gone,
            likely=made.likely,
            doubted=("slide to look at", "slides to look at"),
            unused=("slide left out, since nothing happened in it", "slides left out, since nothing happened in them"),
        )

    def _says(self, slot: Slot) -> bool:
        if any(slot.fields.get(name) for name in ("headline", "text", "url", "caption")):
            return True
        shown = " | ".join(filter(None, [*slot.fields.values(), *slot.more.values()]))
        self._left_out.append(Doubt(_place(slot), shown, "it has neither a headline nor a text"))
        return False

    def _title_slide(self, slot: Slot, headline: str, *, cited: bool) -> None:
        rest = [plain(slot.fields.get(name, "")) for name in ("text", "url", "credit", "caption")]
        shown = " | ".join(filter(None, [*([] if cited else [headline]), *rest, *slot.more.values()]))
        if shown:
            self._left_out.append(Doubt("title", shown, "the title slide"))

    def _row(self, slot: Slot) -> Row:
        row = Row(slot.number)
        fields, attributes = slot.fields, dict(slot.more)
        slide = read_slide(fields.get("text", ""))
        headline = read_slide(fields.get("headline", ""))
        if self._ours:
            headline = headline._replace(text=without_state(headline.text))
        caption = plain(fields.get("caption", ""))
        title = one_line(headline.text) or one_line(slide.text) or caption or fields.get("url", "")
        if not headline.text:
            self._doubts.append(Doubt(_place(slot), title[:60], "it has no headline; its title is made of its text"))
        row.fact["title"] = shortened(title)
        kept = {name: fields[f"{_KEPT} {name}"] for name in FIELDS if f"{_KEPT} {name}" in fields} if self._ours else {}
        if kept and one_line(kept.get("title", "")) == title:
            row.fact["title"] = kept["title"]
        if slide.text and slide.text != title:
            attributes["Text"] = slide.text
        if len(title) > len(one_line(row.fact["title"])):
            attributes["Headline"] = title
        for name, label in (("url", "Media"), ("credit", "Media Credit"), ("caption", "Media Caption")):
            shown = one_line(fields.get(name, "")) if name == "url" else plain(fields.get(name, ""))
            attributes |= {label: shown} if shown else {}
        date = kept_date(kept, fields.get("display_date", "")) if kept else None
        row.fact |= self._when(slot, attributes) if date is None else date
        tags = [plain(fields[name]) for name in ("group",) if fields.get(name)] + ["era"] * (slot.unit == "era")
        row.fact |= {"tags": tags} if tags else {}
        row.fact |= {"attributes": attributes} if attributes else {}
        row.given = row.key = fields.get("unique_id", "")
        self._sources(row, slot, [*headline.links, *slide.links])
        return row

    def _sources(self, row: Row, slot: Slot, links: Sequence[Json]) -> None:
        """The links of the text, then the media's own."""
        for link in links:
            stance, words = stance_of(link.words) if self._ours else ("", link.words)
            words = "" if re.match(r"https?:|www\.", words) else words
            named = Named(words, link.url, slug=url_slug(link.url) if link.url else "")
            own = {name: value for name, value in (("quote", link.quote), ("stance", stance)) if value}
            if named not in row.named or own:
                row.named.append(named)
                row.own.append(own)
        url = _media_link(slot.fields.get("url", ""))
        if url and url not in {one.url for one in row.named}:
            credit = plain(slot.fields.get("credit", ""))
            row.named.append(Named(credit, url, slug=url_slug(url)))
            row.own.append({})

    # --- dates ---

    def _when(self, slot: Slot, attributes: dict[str, str]) -> dict[str, str]:
        """A slide's date: the one in words if it agrees with the one in figures, else the one in figures."""
        figures = self._figures(slot)
        words = slot.fields.get("display_date", "")
        if not words or (figures and words in (figures, written(figures))):
            return {"when": figures} if figures else {}
        read = self._in_words(words)
        if not read:
            # In our own exports, the figures are only the first and the last possible day.
            return {"when": figures, "phrase": words} if figures and not self._ours else {"phrase": words}
        if figures and not _meet(read, figures):
            why = f"its date in words does not agree with {figures}, which was taken"
            self._doubts.append(Doubt(_place(slot), words, why))
            return {"when": figures, "phrase": words}
        if figures and not self._ours and _span(read) != _span(figures):
            attributes["Date in figures"] = figures
        return {"when": read} | ({} if words in (read, written(read)) else {"phrase": words})

    def _in_words(self, words: str) -> str:
        """The EDTF of a date in words; "" if it cannot be read."""
        if self._ours:
            return read_date(words)
        try:
            return read_when(words, Context()).edtf
        except DateError:
            return ""

    def _figures(self, slot: Slot) -> str:
        """The EDTF of a slide's date in figures, from first to last; "" if there is none."""
        ends = [found for end in ("start", "end") if (found := self._point(slot, end))]
        if len(ends) < 2 or ends[0] == ends[1]:
            return ends[0] if ends else ""
        try:
            return Edtf("/".join(ends)).text
        except DateError:
            self._doubts.append(Doubt(_place(slot), " to ".join(ends), "it ends before it starts; the start was taken"))
            return ends[0]

    def _point(self, slot: Slot, end: str) -> str:
        parts = {part: slot.fields.get(f"{end} {part}", "") for part in (*_PARTS, "time")}
        year, month, day = (parts[part].removesuffix(".0") for part in ("year", "month", "day"))
        if not year:
            return ""
        date = of_parts(year, month, day, Context())
        if re.fullmatch(r"-\d+|\d{1,3}|\d{5,}", year):
            date = date._replace(edtf=_far(year, month, day), doubt="")
        if date.edtf and (time := _time(parts)):
            date = at_time(date, time, Context())
        if not date.edtf or date.doubt:
            shown = "-".join(filter(None, (year, month, day)))
            self._doubts.append(Doubt(_place(slot), shown, date.doubt or "it cannot be read as a date"))
        return date.edtf


def _media_link(media: str) -> str:
    """The URL of a slide's media: given as such, else the first in the HTML that embeds them; "" if there is none."""
    words = one_line(media)
    if re.fullmatch(r"(?:https?:)?//[^\s/<>]+\S*", words):
        return f"https:{words}" if words.startswith("//") else words
    found = re.search(r"https?://[^\s\"'<>]+", words) if words.startswith("<") else None
    return unescape(found[0]) if found else ""


def _far(year: str, month: str, day: str) -> str:
    """The EDTF of a date in a year without four digits: -44 is 44 BC, the astronomical year -0043."""
    number = int(year)
    number += number < 0
    whole = f"{'-' if number < 0 else ''}{abs(number):04}"
    try:
        if abs(number) > 9999:
            return Edtf(f"Y{number}").text
        return Edtf("-".join([whole, *(part.zfill(2) for part in (month, day) if part)])).text
    except DateError:
        return ""


def _time(parts: Mapping[str, str]) -> str:
    if parts["time"] or not parts["hour"]:
        found = _CLOCK.fullmatch(parts["time"])
        return f"{found[1]}:{found[2]}" + (f":{found[3]}" if found[3] else "") if found else parts["time"]
    shown = ":".join(parts[name].zfill(2) for name in ("hour", "minute", "second") if parts[name])
    return shown if parts["minute"] else f"{shown}:00"


def _span(edtf: str) -> tuple[int | None, int | None]:
    return Edtf(edtf).extent(0)


def _meet(one: str, other: str) -> bool:
    """Whether two dates have a moment in common."""
    (first, past), (start, end) = _span(one), _span(other)
    return (first is None or end is None or first < end) and (start is None or past is None or start < past)


def _place(slot: Slot) -> str:
    return f"{slot.unit} {slot.number}" if slot.number else slot.unit
