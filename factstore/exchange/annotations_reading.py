"""Imports W3C Web Annotations, in the standard's own form, as Hypothesis exports them, and as we write them.

An annotation is evidence: the words that it selects are a quote from a source, and its note says what happened. If it has
no note, the quote is the title. A date at the start of the note ("20 March 2018: the wall fell"), or as a tag, is the
fact's date. A page counts as retrieved on the day of its first annotation. Replies to an annotation are kept with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import PurePath
from typing import get_args

from factstore.dates.edtf import Edtf
from factstore.dates.phrases import Context, read_when
from factstore.errors import DateError, InputError
from factstore.evidence.chains import links
from factstore.evidence.stances import Stance
from factstore.exchange.arrivals import Arrival, Doubt, Holdings
from factstore.exchange.cited_sources import Named, same_url, url_slug
from factstore.exchange.extract import STATES
from factstore.exchange.headers import SheetOptions
from factstore.exchange.json_values import control_notes, flat_text, glance, line, listed, mappings, read_values, text
from factstore.exchange.own_exports import FIELDS, UNSAID, kept_date, read_date, read_kept
from factstore.exchange.row_documents import RowDocument, by_place
from factstore.exchange.rows import Row, shortened
from factstore.exchange.slides import read_slide
from factstore.plain import Json, JsonObject
from factstore.rendering.days import UNDATED, written
from factstore.rendering.markdown import CONFLICTING, MISSING

#: In our own exports: a citation's id, and the line that says who speaks.
_OURS = re.compile(r"([a-z][a-z0-9-]*)/([a-z][a-z0-9-]*)/\d+")
_SPEAKER = re.compile(rf"({'|'.join(get_args(Stance))}): ([^;]*)(?:; (.*))?", re.S)
_SAID = re.compile(r"said (\S+)")
#: What may be a date at the start of a note: the text before the first colon or dash that is followed by a space.
_HEAD = re.compile(r"\s*([^\n]{3,60}?)(?::| [–—-])\s+(?=\S)")
_DATED_TAG = re.compile(r"(?:date|when)[:=] ?(.+)", re.I)
_BEGUN = re.compile(r"(?:begun |always).*")
_WARNINGS = (*STATES.values(), CONFLICTING, f"quote {MISSING}")
_WARNED = re.compile(r" \[(?:" + "|".join(map(re.escape, _WARNINGS)) + r")(?:[,;] .*)?\]$")


@dataclass(slots=True)
class Note:
    """One annotation: its number in the file, its id, what it says and what it selects."""

    number: int
    name: str
    note: str = ""
    quote: str = ""
    url: str = ""
    title: str = ""
    publisher: str = ""
    published: str = ""
    tags: list[str] = field(default_factory=list)
    author: str = ""
    made: str = ""
    locator: str = ""
    prefix: str = ""
    suffix: str = ""
    speaker: str = ""
    citation: str = ""
    kept: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    answer_to: list[str] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)


def looks(content: bytes) -> bool:
    """Whether a file's bytes are annotations."""
    every = [one for _, one in mappings(_items(glance(content)))]
    return bool(every) and all(_is_annotation(one) for one in every)


def _is_annotation(one: Mapping[str, Json]) -> bool:
    return "target" in one and ("Annotation" in listed(one.get("type")) or "uri" in one)


def read(content: bytes, name: str, wanted: SheetOptions, ledger: Holdings) -> list[Arrival]:
    """The annotations of a file as a document. Raises InputError if there are none."""
    value = read_values(content, name)
    notes = [_note(number, one) for number, one in mappings(_items(value))]
    if not notes:
        raise InputError(f"{name}: there is no annotation in it; each has a `target`")
    arrival = _Reading(name, notes, wanted, ledger).arrival()
    arrival.notes += control_notes(value)
    return [arrival]


def _items(value: object) -> list[Json]:
    """The annotations of a file: an export or API response of Hypothesis, a collection, a page, a list, or a single one."""
    if not isinstance(value, dict):
        return listed(value)
    for name in ("annotations", "rows", "items", "first", "@graph"):
        if isinstance(value.get(name), list | dict):
            return _items(value[name])
    return [] if "AnnotationCollection" in listed(value.get("type")) else [value]


# --- one annotation -------------------------------------------------------------------------------------------


def _note(number: int, one: Mapping[str, Json]) -> Note:
    """Read one annotation: what it says, what it selects, and what it replies to."""
    found = Note(number, line(one.get("id")))
    found.citation = line(one.get("dcterms:identifier"))
    found.kept = read_kept({name: one.get(f"factstore:{name}", "") for name in FIELDS})
    found.note = text(one.get("text")) or text(one.get("bodyValue"))
    found.tags = [tag for value in listed(one.get("tags")) if (tag := line(value))]
    for body in listed(one.get("body")):
        _take_body(found, body)
    info = one.get("user_info")
    found.author = line(info.get("display_name")) if isinstance(info, dict) else ""
    found.author = found.author or _agent(one.get("creator")) or line(one.get("user"))
    found.author = re.sub(r"^acct:([^@]+)@.*", r"\1", found.author)
    found.made = line(one.get("created"))[:10]
    document = one.get("document")
    titles = document.get("title") if isinstance(document, dict) else None
    found.title = line(next(iter(listed(titles)), ""))
    found.answer_to = [line(name) for name in listed(one.get("references"))]
    found.url = line(one.get("uri"))
    quotes = [quote for target in listed(one.get("target")) for quote in _take_target(found, target)]
    found.quote = " […] ".join(quotes)
    found.url = _web(found.url, document)
    return found


def _agent(creator: object) -> str:
    first = next(iter(listed(creator)), "")
    if isinstance(first, dict):
        return line(first.get("name")) or line(first.get("nickname")) or line(first.get("id"))
    return line(first)


def _take_body(found: Note, body: object) -> None:
    """Take a body as a tag, as the speaker in our own form, else as the note."""
    if not isinstance(body, dict):
        found.note = "\n".join(filter(None, (found.note, text(body))))
        return
    purpose, value = listed(body.get("purpose")), text(body.get("value"))
    if line(body.get("format")) == "text/html":
        value = read_slide(value).text
    if "tagging" in purpose or "tagging" in listed(body.get("role")):
        found.tags += [value] if value else []
    elif found.citation and "commenting" in purpose and _SPEAKER.fullmatch(value):
        found.speaker = value
    elif value:
        found.note = "\n".join(filter(None, (found.note, value)))
    elif link := line(body.get("id") or body.get("source")):
        found.more[f"body {len(found.more) + 1}"] = link
    elif "items" in body or "value" not in body:
        found.more[f"body {len(found.more) + 1}"] = flat_text(body)


def _take_target(found: Note, target: object) -> Iterator[str]:
    """The words that a target selects; its URL and place go into `found`."""
    if not isinstance(target, dict):
        found.url = found.url or line(target)
        return
    source = target.get("source") or target.get("id")
    source = source.get("id") if isinstance(source, dict) else source
    found.url = found.url or line(source)
    whole = target.get("dcterms:isPartOf")
    if isinstance(whole, dict):
        found.title = found.title or line(whole.get("dcterms:title"))
        found.publisher = line(whole.get("dcterms:publisher"))
        found.published = _edtf(line(whole.get("dcterms:issued")))
    for selector in _selectors(target.get("selector")):
        kinds = listed(selector.get("type"))
        if "TextQuoteSelector" in kinds and str(selector.get("exact") or "").strip():
            found.prefix = found.prefix or _raw(selector.get("prefix"))
            found.suffix = _raw(selector.get("suffix"))
            yield text(selector["exact"])
        elif "FragmentSelector" in kinds or "PageSelector" in kinds:
            label = line(selector.get("label"))
            value = f"p. {label}" if label else line(selector.get("value"))
            found.locator = found.locator or re.sub(r"^page=(\d+)$", r"p. \1", value)


def _edtf(words: str) -> str:
    """A date, if it is EDTF; else ""."""
    try:
        return Edtf(words).text
    except DateError:
        return ""


def _selectors(value: object) -> Iterator[Mapping[str, Json]]:
    """The selectors, including those that refine others."""
    for selector in listed(value):
        if isinstance(selector, dict):
            yield selector
            yield from _selectors(selector.get("refinedBy") or selector.get("items"))


def _raw(value: object) -> str:
    """The text before or after a quote, with its spaces."""
    return value.replace("\0", "") if isinstance(value, str) and text(value) else ""


def _web(url: str, document: object) -> str:
    """The address of a document: on the web, if the annotation gives one, rather than in somebody's folder."""
    if re.match(r"https?:", url) or not isinstance(document, dict):
        return url
    links = (line(one.get("href")) for _, one in mappings(document.get("link")))
    return next((link for link in links if re.match(r"https?:", link)), url)


# --- annotations as facts -------------------------------------------------------------------------------------


class _Reading:
    """Turns the annotations of one file into a document."""

    def __init__(self, name: str, notes: Sequence[Note], wanted: SheetOptions, ledger: Holdings) -> None:
        self._name = name
        self._notes = notes
        self._context = Context(wanted.anchor_day(), order=wanted.order, pivot=wanted.pivot, assumed=True)
        self._ledger = ledger
        self._doubts: list[Doubt] = []
        self._left_out: list[Doubt] = []
        days: dict[str, list[str]] = {}
        for one in notes:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", one.made):
                days.setdefault(one.url, []).append(one.made)
        known = {same_url(str(one.get("url") or "")) for one in ledger.sources.values()}
        self._retrieved = {url: min(made) for url, made in days.items() if same_url(url) not in known}

    def arrival(self) -> Arrival:
        kept = list(self._with_answers())
        rows = [self._row(group) for group in _grouped(kept)]
        unsaid: dict[str, tuple[str, ...]] = {"fact": ("participants", "place")}
        if any(_OURS.fullmatch(one.citation) for one in kept):
            unsaid = {"fact": ("participants", "place", "attributes"), "citation": UNSAID}
        made = RowDocument(
            self._name,
            self._ledger,
            self._doubts,
            unit="annotation",
            header_of=lambda name: "Annotation" if name == "id" else "",
        ).made_of(rows, unsaid)
        self._note_foreign(rows)
        count = f"{len(self._notes)} annotation{'' if len(self._notes) == 1 else 's'}"
        pages = len({one.url for one in kept if one.url})
        return Arrival(
            made.document,
            made.value,
            [f"{PurePath(self._name).name} (annotations): {count} of {pages} page{'' if pages == 1 else 's'}"],
            made.notes,
            sorted(self._doubts, key=by_place),
            self._left_out,
            gone=made.gone,
            likely=made.likely,
            doubted=("annotation to look at", "annotations to look at"),
            unused=("annotation left out", "annotations left out"),
        )

    def _with_answers(self) -> Iterator[Note]:
        """The annotations that are not replies, each with the replies to it; a reply to a missing one counts as its own."""
        by_name = {one.name: one for one in self._notes if one.name}
        for one in self._notes:
            original = next((by_name[name] for name in one.answer_to if name in by_name), None)
            if original is not None and original is not one:
                original.answers.append(f"{one.author}: {one.note}" if one.author else one.note)
        for one in self._notes:
            if one.answer_to and any(name in by_name and by_name[name] is not one for name in one.answer_to):
                continue
            if not (one.note or one.quote):
                shown = " ".join(filter(None, (one.url, ", ".join(one.tags))))
                self._left_out.append(Doubt(f"annotation {one.number}", shown, "it has neither a note nor a quote"))
                continue
            yield one

    def _row(self, group: list[Note]) -> Row:
        """One fact: an annotation, or several from our own export that are evidence for the same fact."""
        first = group[0]
        row = Row(first.number)
        ours = _OURS.fullmatch(first.citation)
        when, title = self._dated(first, ours is not None)
        row.fact["title"] = title if ours and title else shortened(title or first.quote)
        row.fact |= when
        tags = [tag for tag in dict.fromkeys(first.tags) if tag not in when.values() and not _DATED_TAG.fullmatch(tag)]
        row.fact |= {"tags": tags} if tags else {}
        attributes = self._attributes(first, title, row.fact["title"]) if not ours else {}
        row.fact |= {"attributes": attributes} if attributes else {}
        if ours:
            row.given = row.key = ours[1]
        elif first.name:
            row.key = first.name
        for one in group:
            self._cite(row, one)
        return row

    def _attributes(self, one: Note, title: str, short: str) -> dict[str, str]:
        found = {"Annotation": one.name, "Annotated by": one.author, "Note": one.note if title != short else ""}
        found |= {f"Answer {number}": told for number, told in enumerate(one.answers, start=1)}
        return {name: value for name, value in (found | one.more).items() if value}

    def _cite(self, row: Row, one: Note) -> None:
        """Add an annotation's quote in its source to a fact."""
        ours = _OURS.fullmatch(one.citation)
        web = one.url if re.match(r"https?:", one.url) or not ours else ""
        slug = (
            ours[2] if ours else url_slug(web) if re.match(r"https?:", web) else one.title or PurePath(web).name or web
        )
        own: JsonObject = {"quote": one.quote, "prefix": one.prefix, "suffix": one.suffix}
        page = one.locator
        if spoken := _SPEAKER.fullmatch(one.speaker):
            rest = (spoken[3] or "").split("; ")
            said_on = next((found[1] for part in rest if (found := _SAID.fullmatch(part))), "")
            own |= {"stance": spoken[1], "attribution": links(spoken[2]), "said": said_on}
            page = "; ".join(filter(None, (part for part in rest if not _SAID.fullmatch(part))))
        retrieved = self._retrieved.get(one.url, "")
        row.named.append(Named(one.title, web, one.published, page, slug, one.publisher, retrieved))
        row.own.append({name: value for name, value in own.items() if value})

    # --- dates ---

    def _dated(self, one: Note, ours: bool) -> tuple[dict[str, str], str]:
        """When it happened, from the start of the note, else from a tag; and the note without the date."""
        head = _HEAD.match(one.note)
        if ours:
            return self._of_ours(one)
        if head and (read := self._read(head[1])):
            return read, one.note[head.end() :]
        for tag in one.tags:
            found = _DATED_TAG.fullmatch(tag)
            if read := self._read(found[1]) if found else _edtf_tag(tag):
                return read, one.note
            if found:
                self._doubts.append(Doubt(f"annotation {one.number}", tag, "its date cannot be read"))
        return {}, one.note

    def _of_ours(self, one: Note) -> tuple[dict[str, str], str]:
        """The same for an annotation that we wrote, which begins with the date, or with what is known of it."""
        bare, kept = _WARNED.sub("", one.note), text(one.kept.get("title"))
        for note in (one.note, bare) if kept else ():
            date = kept_date(one.kept, note.removesuffix(kept).removesuffix(": ")) if note.endswith(kept) else None
            if date is not None:
                return date, one.kept["title"]
        words, colon, title = bare.partition(": ")
        if colon and words == UNDATED:
            return {}, title
        when = read_date(words) if colon else ""
        if not when and not _BEGUN.fullmatch(words):
            return {}, bare
        dated = {"when": when, "phrase": "" if words in (when, when and written(when)) else words}
        return {name: value for name, value in dated.items() if value}, title

    def _read(self, words: str) -> dict[str, str]:
        """The fields of a date in words; {} if the words are not a date."""
        if not re.search(r"\d", words):
            return {}
        try:
            read = read_when(words, self._context)
        except DateError:
            return {}
        return {"when": read.edtf} | ({} if words in (read.edtf, written(read.edtf)) else {"phrase": words})

    def _note_foreign(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if not row.fact.get("when") and (
                tags := [tag for tag in row.fact.get("tags", ()) if re.search(r"\d{4}", tag)]
            ):
                self._doubts.append(
                    Doubt(f"annotation {row.number}", tags[0], "a tag with a year; date:2018 would date it")
                )


def _edtf_tag(tag: str) -> dict[str, str]:
    """A tag that is a day or a month in EDTF; a bare year may as well be the number of a case or a form."""
    if not re.match(r"-?\d{4}-\d\d|\[", tag):
        return {}
    when = _edtf(tag)
    return {"when": when} if when else {}


def _grouped(notes: Iterable[Note]) -> Iterator[list[Note]]:
    """Groups of annotations that make one fact: those from our own export with the same fact together, others alone."""

    def of(one: Note) -> str:
        ours = _OURS.fullmatch(one.citation)
        return ours[1] if ours else f"\0{one.number}"

    for _, group in groupby(notes, of):
        yield list(group)
