"""Export a chronology as a Word document: a table in reading order, with a footnote for each citation; undated facts last.

Text from sources stays text: it never becomes a field or markup, and only web addresses become links.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import docx
from docx import table as tables
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from factstore.exchange import losses
from factstore.exchange.extract import STATES, Extract, Written, clean, in_numbers
from factstore.exchange.footnotes import Footnotes
from factstore.rendering.days import duration, phrase_beside, written
from factstore.rendering.markdown import CONFLICTING, MISSING, place_within
from factstore.rendering.text import FILED, counted_text, filed_text
from factstore.repository.answers import Citation, Fact, Source, in_words

Cell = tables._Cell

_COLUMNS = (("Date", 4.6), ("What happened", 9.2), ("Who says so", 7.2), ("How certain", 5.1))
_MARGIN = Cm(1.8)
_GREY = RGBColor(0x59, 0x59, 0x59)
_STANCES = {"denies": "denied by ", "foretells": "foretold by ", "silent": "not mentioned by "}
_CHECKS = {
    "verbatim": "found in the archived text",
    "normalised": "found in the archived text, apart from spacing and the like",
    "missing": MISSING,
    "ambiguous": "found at several places in the archived text",
}


#: The fields that a document has room for, by kind.
CARRIED = {
    "fact": (
        "title",
        "when",
        "phrase",
        "place",
        "participants.name",
        "participants.role",
        "lasts",
        "evidence",
        *losses.WARNINGS,
    ),
    "citation": ("quote", "locator", "stance", "attribution", "when", "phrase", "said", "hedge", "unnamed", "missing"),
    "source": ("title", "publisher", "url", "published", "seen_through", "attributes", "files.name"),
    "speaker": ("name",),
}


def write(extract: Extract) -> Written:
    """The document, and counts of what it has no room for."""
    lost = losses.counted(extract, CARRIED, losses.BEGUN)
    attributes = (value for source in extract.sources.values() for value in source.attributes.values())
    if cut := sum(len(value) > FILED for value in attributes):
        lost["rest* of long attributes of sources"] = cut
    document = _new_document(extract)
    notes = Footnotes(document)
    document.add_heading(extract.title, level=0)
    _small(document.add_paragraph(), extract.made_from())
    dated = [fact for fact in extract.facts if not fact.undated]
    undated = [fact for fact in extract.facts if fact.undated]
    if dated:
        _write_table(document, extract, notes, dated)
    if undated:
        document.add_heading(f"Undated ({len(undated)})", level=1)
        _write_table(document, extract, notes, undated)
    _write_reading_notes(document, extract, lost)
    out = io.BytesIO()
    document.save(out)
    return Written(out.getvalue(), lost)


# --- the document -----------------------------------------------------------------------------------------------


def _new_document(extract: Extract) -> Document:
    """An empty A4 document in landscape, whose properties reveal nothing about a machine or a person."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = extract.title, "", extract.made_from()
    made = datetime.fromisoformat(extract.head.recorded_at)
    properties.created = properties.modified = made.replace(tzinfo=None, microsecond=0)
    [section] = document.sections
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10)
    normal.paragraph_format.space_after = Pt(2)
    _write_footer(section.footer.paragraphs[0], extract)
    return document


def _write_footer(paragraph: Paragraph, extract: Extract) -> None:
    head = extract.head
    _small(paragraph, f"{extract.title} · head {head.position}:{head.hash[:12]}… · page ")
    _field(paragraph, "PAGE")
    _small(paragraph, " of ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, instruction: str) -> None:
    """Add a field that the reader's program computes, such as the page number (ECMA-376-1:2016, 17.16)."""
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()
        run.font.size, run.font.color.rgb = Pt(8), _GREY
        if kind == "text":
            run.text = text
            continue
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = text
        run._r.append(mark)


def _small(paragraph: Paragraph, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(8), _GREY


def _write_reading_notes(document: Document, extract: Extract, lost: dict[str, int]) -> None:
    document.add_heading("About this document", level=1)
    lines = [
        "Facts are in an order that keeps all stated orders; if several orders are possible, this is one of them.",
        "“Between” includes both days. An origin is counted once, however many outlets repeat it.",
    ]
    if lost:
        lines.append(f"The ledger also holds, of these facts: {in_numbers(lost)}.")
    if extract.left_out:
        lines.append(f"Left out: {in_numbers(extract.left_out)}.")
    for line in lines:
        document.add_paragraph(line)


# --- the table --------------------------------------------------------------------------------------------------


def _write_table(document: Document, extract: Extract, notes: Footnotes, facts: Iterable[Fact]) -> None:
    table = document.add_table(rows=1, cols=len(_COLUMNS), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _leave_room(table)
    for cell, (name, _) in zip(table.rows[0].cells, _COLUMNS, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
        _shade(cell)
    _repeat_header(table)
    for fact in facts:
        row = table.add_row()
        _set(row._tr, "w:cantSplit")
        when, what, who, certain = row.cells
        _write_date(when, fact, extract)
        _write_event(what, fact, iso=extract.asked.iso)
        _write_speakers(who, fact, extract, notes)
        _write_certainty(certain, fact, extract)
    for column, (_, width) in zip(table.columns, _COLUMNS, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, (_, width) in zip(row.cells, _COLUMNS, strict=True):
            cell.width = Cm(width)


def _leave_room(table: tables.Table) -> None:
    """Leave two points above and below the text of each cell, before `w:tblLook`, as the schema's sequence requires."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "bottom"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "40")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _repeat_header(table: tables.Table) -> None:
    _set(table.rows[0]._tr, "w:cantSplit", "w:tblHeader")


def _set(row: object, *names: str) -> None:
    properties = row.get_or_add_trPr()  # type: ignore[attr-defined]
    for name in names:
        properties.append(OxmlElement(name))


def _shade(cell: Cell) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "E7E6E6")):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _lines(cell: Cell, lines: Sequence[str]) -> None:
    """Add small lines to a cell; the first goes into the cell's first paragraph if that is empty."""
    for line in lines:
        first = cell.paragraphs[0]
        _small(first if len(cell.paragraphs) == 1 and not first.text else cell.add_paragraph(), line)


def _write_date(cell: Cell, fact: Fact, extract: Extract) -> None:
    cell.paragraphs[0].add_run(clean(extract.date(fact)))
    beside = phrase_beside(fact)
    _lines(cell, [f"“{clean(beside)}”"] if beside else [])


def _write_event(cell: Cell, fact: Fact, *, iso: bool) -> None:
    cell.paragraphs[0].add_run(clean(fact.title))
    people = (f"{one['name']} ({one['role']})" if one.get("role") else one["name"] for one in fact.participants)
    lines = [fact.place or "", "; ".join(people), _lasting(fact, iso=iso)]
    _lines(cell, [clean(line) for line in lines if line])


def _lasting(fact: Fact, *, iso: bool) -> str:
    if not fact.lasts:
        return ""
    spans = {end: span if iso else duration(span) for end, span in fact.lasts.items()}
    return f"lasting {spans['min'] if spans.get('min') == spans.get('max') else in_words(spans)}"


def _write_certainty(cell: Cell, fact: Fact, extract: Extract) -> None:
    words = STATES[fact.status]
    run = cell.paragraphs[0].add_run(words[0].upper() + words[1:])
    run.bold = fact.status != "stands"
    lines = []
    if fact.origins:
        lines.append(counted_text(len(fact.origins), "independent origin"))
    if fact.when is None and not fact.undated:
        lines.append("dated by stated order and reports alone")
    elif lies := extract.lies(fact):
        lines.append(f"stated order and reports leave {lies}")
    if fact.conflicting:
        lines.append(CONFLICTING)
    _lines(cell, lines)


# --- who says so ------------------------------------------------------------------------------------------------


def _write_speakers(cell: Cell, fact: Fact, extract: Extract, notes: Footnotes) -> None:
    """A line for each chain of attribution, with a footnote for each citation that has it."""
    chains: dict[str, list[Citation]] = {}
    for citation in fact.citations or ():
        chains.setdefault(_chain(citation, extract), []).append(citation)
    for number, (chain, citations) in enumerate(chains.items()):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        paragraph.add_run(chain)
        for place, citation in enumerate(citations):
            if place:
                paragraph.add_run(",").font.superscript = True
            _write_note(notes, notes.add(paragraph), citation, extract)


def _chain(citation: Citation, extract: Extract) -> str:
    return clean(f"{_STANCES.get(citation.stance, '')}{extract.chain(citation)}")


def _write_note(notes: Footnotes, note: Paragraph, citation: Citation, extract: Extract) -> None:
    source = extract.sources[citation.source]
    iso = extract.asked.iso
    if citation.quote:
        note.add_run(f"“{clean(citation.quote)}” — ")
    who, manner = _chain(citation, extract), _manner(citation, iso=iso)
    parts = [*_named(source, who), _day(source.published, iso=iso), place_within(source, citation)]
    parts += filed_text(source.attributes, source.files)
    where = ", ".join(filter(None, parts))
    note.add_run(clean(who + (f" ({'; '.join(manner)})" if manner else "") + (f": {where}" if where else "")) + ". ")
    if source.seen_through:
        through = extract.sources.get(source.seen_through)
        withdrawn = ", which is withdrawn" if through and through.withdrawn else ""
        note.add_run(clean(f"Seen only through {extract.name_of(source.seen_through)}{withdrawn}.") + " ")
    if source.url and _is_web(source.url):
        notes.link(note, clean(source.url))
    elif source.url:
        note.add_run(clean(source.url))


def _manner(citation: Citation, *, iso: bool) -> list[str]:
    """Details of a citation: unnamed speaker, hedge, when it was said, the date that it gives, and if the quote was found."""
    manner = [citation.unnamed or "", citation.hedge or ""]
    manner += [f"said {_day(citation.said, iso=iso)}"] if citation.said else []
    dates = " ".join(filter(None, (_day(citation.when, iso=iso), citation.phrase and f"“{citation.phrase}”")))
    manner += [f"dating it {dates}"] if dates else []
    manner += [_CHECKS[citation.check]] if citation.quote and citation.check in _CHECKS else []
    return [part for part in manner if part]


def _named(source: Source, who: str) -> list[str]:
    """A source's title and publisher; if they are one name, just that name, or nothing if it is `who`."""
    title, publisher = source.title or "", source.publisher or ""
    if title in (publisher, "") or (title == who and not publisher):
        name = title or publisher or source.id
        return [name] if name != who else []
    return [f"“{title}”", publisher]


def _day(edtf: str | None, *, iso: bool) -> str:
    return "" if edtf is None else edtf if iso else written(edtf)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not any(sign.isspace() for sign in url)
