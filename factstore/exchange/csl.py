"""Import CSL-JSON (Citation Style Language 1.0.2) from Zotero, Mendeley, Pandoc or Crossref: each item is a source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from html import unescape

from factstore.dates.edtf import Edtf
from factstore.dates.phrases import Context, read_when
from factstore.errors import DateError, InputError
from factstore.exchange.arrivals import Arrival, Holdings
from factstore.exchange.headers import SheetOptions
from factstore.exchange.json_values import control_notes, flat_text, glance, line, listed, mappings, read_values
from factstore.exchange.references import Reference, arrive, pages, web_link
from factstore.plain import Json

#: Fields of CSL; a list with any of them contains CSL items.
_TELLING = ("issued", "container-title", "accessed", "citation-key", "DOI", "event-date", "author")
#: Fields that may name the publisher, the closest first: a newspaper before the company that prints it.
_PUBLISHERS = ("container-title", "publisher", "authority", "event-title", "event", "archive")
_SEASONS = {"1": "21", "2": "22", "3": "23", "4": "24", "spring": "21", "summer": "22", "autumn": "23", "winter": "24"}
_NAMES = ("author", "reporter", "director", "interviewer", "composer", "editor")
#: Fields that belong to the format and say nothing about the work.
_IDLE = ("id", "type", "citation-key", "citation-label", "year-suffix", "title-short", "container-title-short")


def looks(content: bytes) -> bool:
    """Whether a file's bytes are CSL-JSON: items with a type other than an annotation's, and at least one field of CSL."""
    items = [item for _, item in mappings(_items(glance(content)))]
    return bool(items) and all(_is_item(item) for item in items)


def read(content: bytes, name: str, _: SheetOptions, ledger: Holdings) -> list[Arrival]:
    """The items of a file as sources. Raises InputError if there are none."""
    value = read_values(content, name)
    found = [_reference(number, item) for number, item in mappings(_items(value))]
    if not found:
        raise InputError(f"{name}: there are no items in it; CSL-JSON is a list of mappings")
    arrival = arrive(found, name, ledger, "CSL-JSON")
    arrival.notes += control_notes(value)
    return [arrival]


def _items(value: object) -> list[Json]:
    """The items of a file: a list, a single one, or a wrapper around them."""
    if isinstance(value, dict):
        message = value.get("message")
        wrapped = value.get("items") or (message.get("items") or message if isinstance(message, dict) else None)
        return listed(wrapped or value)
    return listed(value)


def _is_item(item: Mapping[str, Json]) -> bool:
    kind = item.get("type", "")
    plain = isinstance(kind, str) and re.fullmatch(r"[a-z][a-z_-]*", kind) is not None
    return plain and bool(item.get("title") or item.get("URL")) and any(field in item for field in _TELLING)


def _reference(number: int, item: Mapping[str, Json]) -> Reference:
    url, others = web_link([line(item.get("URL"))])
    publisher = next((field for field in _PUBLISHERS if _words(item.get(field))), "")
    name = next((field for field in _NAMES if listed(item.get(field))), "")
    used = {"title", publisher, name, "volume", "issue", "page", "DOI", "URL", "issued", "accessed", *_IDLE}
    rest = {field: value for field, value in item.items() if field not in used}
    told = {field: line(value) for field, value in rest.items() if isinstance(value, str | int) and line(value)}
    unused = [(field, flat_text(value)) for field, value in rest.items() if field not in told]
    one = Reference(
        number,
        line(item.get("citation-key") or item.get("id")),
        _words(item.get("title")),
        [_name(author) for author in listed(item.get(name)) if _name(author)],
        {
            "volume": line(item.get("volume")),
            "issue": line(item.get("issue")),
            "pages": pages(line(item.get("page"))),
            **told,
        },
        _words(item.get(publisher)),
        url,
        line(item.get("DOI")),
        unused=[(field, text) for field, text in [*unused, *(("URL", other) for other in others)] if text],
    )
    one.published = _dated(one, "issued", item.get("issued"))
    one.retrieved = _dated(one, "accessed", item.get("accessed"))
    return one


def _words(value: object) -> str:
    """A text on one line, without the markup that CSL allows in titles; the first if there is a list, as in Crossref."""
    text = line(next(iter(listed(value)), ""))
    return unescape(re.sub(r"</?(?:i|b|sup|sub|span|sc)\b[^>]*>", "", text))


def _name(author: object) -> str:
    if not isinstance(author, dict):
        return line(author)
    parts = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    return line(author.get("literal") or author.get("name")) or " ".join(
        filter(None, (line(author.get(one)) for one in parts))
    )


# --- dates ----------------------------------------------------------------------------------------------------


def _dated(one: Reference, field: str, value: object) -> str:
    """A date as EDTF; if it cannot be read, "", and the reference gets a doubt."""
    if value in (None, "", {}, []):
        return ""
    fields = value if isinstance(value, dict) else {"raw": value}
    parts = [part for part in listed(fields.get("date-parts")) if isinstance(part, list) and line(next(iter(part), ""))]
    season = _SEASONS.get(line(fields.get("season")).lower(), "")
    words = line(fields.get("raw")) or line(fields.get("literal"))
    try:
        edtf = "/".join(_day(part, season) for part in parts[:2]) if parts else read_words(words)
        circa = line(fields.get("circa")) if not isinstance(fields.get("circa"), bool) else str(fields["circa"])
        return Edtf(f"{edtf}~" if circa not in ("", "0", "False", "false") and "/" not in edtf else edtf).text
    except (DateError, ValueError):
        one.doubts.append((field, words or flat_text(value), "it cannot be read as a date, and is left out"))
        return ""


def _day(parts: list[Json], season: str) -> str:
    """The EDTF of a year, month and day, as numbers or texts, of which the last may be missing. Raises ValueError."""
    figures = [int(text) for part in parts[:3] if (text := line(part)) and text != "0"]
    year = f"{'-' if figures[0] < 0 else ''}{abs(figures[0]):04}"
    if len(figures) == 1:
        return f"{year}-{season}" if season else year
    return "-".join([year, *(f"{figure:02}" for figure in figures[1:])])


def read_words(words: str, anchor: date | None = None) -> str:
    """The EDTF of a date in words or figures, as references have them: `2018/03/20`, `20 March 2018`. Raises DateError."""
    found = re.fullmatch(r"(\d{4})(?:[/-](\d\d?))?(?:[/-](\d\d?))?(?:[T ].*)?", words)
    if found:
        return "-".join(part.zfill(2) for part in found.groups() if part and part.strip("0"))
    return read_when(words, Context(anchor)).edtf
