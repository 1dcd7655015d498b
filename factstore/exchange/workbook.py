"""Export a chronology as a workbook: sheets of facts, citations, orderings, sources and speakers, to edit and read back.

All cells are text to the letter, even those that begin with `=`: none is a formula, a number or a link.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from factstore.errors import Refused
from factstore.exchange import losses
from factstore.exchange.extract import STATES, Extract, Written, clean, in_numbers
from factstore.exchange.workbook_layout import ABOUT, CHECK, MARK, MOST_CHARACTERS, MOST_ROWS, SHEETS, digests, to_cells
from factstore.plain import Json
from factstore.rendering.days import limits
from factstore.repository.answers import Citation, Fact

#: An entry of a document, and computed cells to go with it.
Row = tuple[Mapping[str, Json], dict[str, str]]

#: In points; set because not all programs fit a row's height to its text.
_LINE = 15
_MOST_LINES = 20
#: How many characters stand side by side on a page, in letters of about six points.
_PAGE = 220
_CUT = "cell* cut at the 32,767 characters that Excel holds"
_READING = (
    "Each sheet has one row for each thing; ID says which. A grey header marks what is computed: edits there are not read.",
    "A new row needs no ID; a new fact needs a row in Citations, with its ID or What happened in About.",
    "Date is as people write it (2 May 2018), or EDTF (ISO 8601-2): 2018-03, 1984~ (about), [2018-03-29..2018-04-01] (one of "
    "these days), 2018-03-29/2018-04-01.",
    "About, Source, Fact, Other, Seen through and Speaks for hold the ID of another row, or what names it.",
)


def write(extract: Extract) -> Written:
    """The workbook, and counts of what it has no room for. Raises Refused if there are more rows than a sheet can have."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    made = datetime.fromisoformat(extract.head.recorded_at).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": extract.title, "comments": extract.made_from(), "created": made})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    heads = [
        book.add_format({"bold": True, "bottom": 1, "valign": "top", "bg_color": colour})
        for colour in ("#DDEBF7", "#E7E6E6")
    ]
    rows = {
        "Facts": _facts(extract),
        "Citations": _citations(extract),
        "Orderings": _orderings(extract),
        "Sources": ((extract.entries[name], {}) for name in extract.sources),
        "Speakers": ((speaker, {}) for speaker in extract.speakers),
    }
    cut = sum(_write_sheet(book.add_worksheet(name), name, several, text, heads) for name, several in rows.items())
    _write_about(book.add_worksheet(ABOUT), extract, text)
    book.close()
    written = Written(out.getvalue(), losses.counted_by_name(extract, losses.BEGUN))
    written.lost[_CUT] = cut
    return written


def _write_sheet(sheet: Worksheet, name: str, rows: Iterable[Row], text: Format, heads: list[Format]) -> int:
    """Write a sheet with a fixed header row and filters. Returns how many cells were too long."""
    _, columns = SHEETS[name]
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width, text)
        sheet.write_string(0, number, column.header, heads[column.field is None])
    sheet.set_column(len(columns), len(columns), 12, text, {"hidden": True})
    sheet.write_string(0, len(columns), CHECK, heads[True])
    cut = count = 0
    for count, (entry, computed) in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise Refused(f"a sheet holds {MOST_ROWS:,} rows, and {name} has more: narrow it with --tag and the like")
        cells = to_cells(entry, columns) | computed
        sheet.set_row(count, _LINE * max(_lines(cells.get(column.header, ""), column.width) for column in columns))
        for number, column in enumerate(columns):
            value = cells.get(column.header, "")
            cut += len(value) > MOST_CHARACTERS
            if value:
                sheet.write_string(count, number, value[:MOST_CHARACTERS], text)
        sheet.write_string(count, len(columns), digests(cells, columns), text)
    sheet.freeze_panes(1, 1)
    # Sorting moves only what the filters are over, so a row takes its digests along.
    sheet.autofilter(0, 0, max(count, 1), len(columns))
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)
    _set_paper(sheet, sum(column.width for column in columns))
    return cut


def _set_paper(sheet: Worksheet, width: int) -> None:
    """Print on A4 across, as many pages side by side as columns of so many characters need to be read."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.fit_to_pages(-(-width // _PAGE), 0)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of a width in characters, up to the most that a row shows."""
    return min(_MOST_LINES, sum(-(-len(line) // width) or 1 for line in text.split("\n")))


def _write_about(sheet: Worksheet, extract: Extract, text: Format) -> None:
    sheet.set_column(0, 0, 120, text)
    lines = [MARK, extract.title, extract.made_from(), *_READING]
    if extract.left_out:
        lines.append(f"Left out: {in_numbers(extract.left_out)}.")
    for number, line in enumerate(lines):
        sheet.set_row(number, _LINE * _lines(line, 110))
        sheet.write_string(number, 0, line, text)
    _set_paper(sheet, 120)


# --- rows -------------------------------------------------------------------------------------------------------


def _facts(extract: Extract) -> Iterator[Row]:
    for fact in extract.facts:
        entry = {name: value for name, value in extract.entries[fact.id].items() if name != "evidence"}
        first, last = limits(fact)
        sources = dict.fromkeys(extract.name_of(one.source) for one in fact.citations or ())
        yield (
            entry,
            {
                "Date in words": "" if extract.asked.iso else extract.date(fact),
                "Status": _status(fact),
                "Certainly not before": first or "",
                "Certainly not after": "" if fact.lies.begun else last or "",
                "Sources": "\n".join(map(clean, sources)),
                "Independent origins": str(len(fact.origins or ())),
            },
        )


def _status(fact: Fact) -> str:
    word = "asserted" if fact.status == "stands" else fact.status if fact.status in STATES else ""
    return f"{word}, conflicting" if fact.conflicting else word


def _citations(extract: Extract) -> Iterator[Row]:
    titles = {fact.id: fact.title for fact in extract.facts}
    for _, citation in extract.citations():
        yield _citation(citation, extract, titles)
    for ordering in extract.orderings:
        yield from (_citation(citation, extract, titles) for citation in ordering.evidence if citation.live)


def _citation(citation: Citation, extract: Extract, titles: Mapping[str, str]) -> Row:
    return {**extract.entries[citation.id], "about": citation.about}, {
        "What happened": titles.get(citation.about, ""),
        "Outlet": citation.publisher or "",
        "Published": citation.published or "",
        "Link": citation.url or "",
        "Checked": citation.check or "unchecked",
    }


def _orderings(extract: Extract) -> Iterator[Row]:
    titles = {fact.id: fact.title for fact in extract.facts}
    for ordering in extract.orderings:
        entry = {name: value for name, value in extract.entries[ordering.id].items() if name != "evidence"}
        words = f"{titles[ordering.a]} — {ordering.relation} — {titles[ordering.b]}"
        yield (
            entry,
            {"In words": words, "Counts": "no: it contradicts, and is set aside" if ordering.conflicting else "yes"},
        )
