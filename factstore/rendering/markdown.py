"""Answers in Markdown, to paste: all markup in the data is escaped, and footnotes give the sources of each fact.

It is CommonMark, with footnotes and tables as in GitHub, Pandoc and most others. Dates are in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from urllib.parse import quote, urlsplit

from factstore.errors import DateError
from factstore.inert import flat
from factstore.rendering.days import fact_date, is_narrowed, phrase_beside, placement_words, written
from factstore.repository.answers import Citation, Fact, Source

#: Characters with a meaning in CommonMark, or in the tables, footnotes, formulas and strikethrough of its extensions.
_MARKING = re.compile(r"[\\`*_\[\]<>|~&$^]|:(?=//)|(?<=www)\.")
#: What begins a heading, a list or a rule at the beginning of a paragraph.
_BEGINNING = re.compile(r"^(\d*)([#+\-=.):])")
#: Characters that a URL must not contain.
_STRAY = re.compile(r"[^\w!#$%&'()*+,\-./:;=?@\[\]~]")

_STATES = {
    "disputed": "disputed: some deny it",
    "denied": "denied, and asserted by nobody",
    "foretold": "foretold, not reported to have happened",
    "unsupported": "without evidence that counts",
    "withdrawn": "withdrawn",
}
CONFLICTING = "conflicting: a statement about its time is set aside"
MISSING = "not found in the archived text"


def chronology(facts: Iterable[Fact], sources: Mapping[str, Source], zone: int = 0) -> str:
    """A list of facts, one of undated facts, and below them a footnote for each source of each fact."""
    return sections([("", facts)], sources, zone)


def sections(parts: Iterable[tuple[str, Iterable[Fact]]], sources: Mapping[str, Source], zone: int = 0) -> str:
    """The same lists under several headings ("" for none), with all footnotes at the end.

    `zone` is the ledger's, in seconds east of UTC.
    """
    blocks: list[list[str]] = []
    notes: list[str] = []
    seen: set[str] = set()
    for heading, facts in parts:
        items: dict[bool, list[str]] = {False: [], True: []}
        for fact in facts:
            marks = ""
            for source, citations in groupby(sorted(fact.citations or (), key=_source), key=_source):
                marks += f"[^{len(notes) + 1}]"
                notes.append(f"[^{len(notes) + 1}]: {_note(sources[source], list(citations), again=source in seen)}")
                seen.add(source)
            items[fact.undated].append(f"- {when_words(fact, zone)}: {escaped(fact.title)}{_stated(fact)}{marks}")
        undated = [f"Undated ({len(items[True])}):", "", *items[True]] if items[True] else []
        blocks += [[f"{escaped(heading)}:"]] if heading and any(items.values()) else []
        blocks += [items[False], undated]
    return "\n\n".join("\n".join(lines) for lines in (*blocks, notes) if lines)


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of texts."""
    lines = [headers, ["---"] * len(headers), *([escaped(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _source(citation: Citation) -> str:
    return citation.source


def when_words(fact: Fact, zone: int) -> str:
    """When a fact was, in bold, with the source's own words, and where it lies if stated order narrows that.

    If what is known of its time contradicts its own date, that date is beside the bold.
    """
    written, beside = when_parts(fact, zone)
    return f"**{escaped(written)}**" + (f" ({escaped(beside)})" if beside else "")


def when_parts(fact: Fact, zone: int) -> tuple[str, str]:
    """The same as plain text: the date, and what goes beside it."""
    date, lies = fact_date(fact), placement_words(fact)
    beside = [f"“{words}”"] if (words := phrase_beside(fact)) else []
    if lies == date or not is_narrowed(fact, zone):
        return date, "; ".join(beside)
    if fact.conflicting:
        return lies, "; ".join([f"dated {date}", *beside])
    return date, "; ".join([*beside, lies])


def states(fact: Fact) -> str:
    """Words for a fact that does not simply stand; "" for one that does."""
    found = [_STATES[fact.status]] if fact.status in _STATES else []
    found += [CONFLICTING] if fact.conflicting else []
    return "; ".join(found)


def _stated(fact: Fact) -> str:
    return f" *({states(fact)})*" if states(fact) else ""


def _note(source: Source, citations: Sequence[Citation], *, again: bool) -> str:
    """A footnote: the source, in full the first time, and what it says in whose name."""
    quotes = "; ".join(filter(None, (_said(citation, source) for citation in citations)))
    return f"{_again(source) if again else _in_full(source)}{f': {quotes}' if quotes else ''}."


def _in_full(source: Source) -> str:
    """A source with its publisher, its title unless that is the same, its day and its link."""
    found = address(source.url)
    title = f"“{escaped(source.title)}”" if source.title and source.title != source.publisher else ""
    day = escaped(day_words(source.published))
    parts = (escaped(source.publisher or ""), title, day, f"<{found}>" if found else "")
    more = escaped(source.url) if source.url and not found else ""
    return _first(", ".join(filter(None, (*parts, more))) or escaped(source.id))


def _again(source: Source) -> str:
    name = ", ".join(filter(None, (source.publisher or source.title or source.id, day_words(source.published))))
    found = address(source.url)
    return f"[{escaped(name)}](<{found}>)" if found else _first(escaped(name))


def _said(citation: Citation, source: Source) -> str:
    """The quote, who spoke unless it is the source itself, and their stance on the fact."""
    words = f"“{escaped(citation.quote)}”" if citation.quote else ""
    own = (source.publisher, source.title, source.id)
    speaker = citation.attribution[0] if citation.attribution and citation.attribution[0] not in own else ""
    manner = [
        escaped(citation.unnamed or "" if speaker else ""),
        escaped(speaker),
        {"denies": "denying it", "foretells": "foretelling it", "silent": "silent about it"}.get(citation.stance, ""),
        escaped(citation.hedge or ""),
        escaped(f"said {day_words(citation.said)}" if citation.said else ""),
        escaped(place_within(source, citation)),
        MISSING if citation.missing else "",
    ]
    by = ", ".join(dict.fromkeys(filter(None, manner)))
    return f"{words} ({by})" if words and by else words or by


def day_words(edtf: str | None) -> str:
    """The day of a source in words; "" if it has none."""
    try:
        return written(edtf) if edtf else ""
    except DateError:
        return edtf or ""


def place_within(source: Source, citation: Citation) -> str:
    """The place of a citation in its source, without the source's own name, with which that of a row in a file begins."""
    return (citation.locator or "").removeprefix(f"{source.title}, ")


def escaped(text: str) -> str:
    """A text on one line, escaped so that Markdown shows it unchanged."""
    return _MARKING.sub(r"\\\g<0>", flat(text))


def _first(text: str) -> str:
    """An escaped text, made safe for the beginning of a paragraph."""
    return _BEGINNING.sub(r"\1\\\2", text)


def address(url: str | None) -> str | None:
    """A web URL in characters that need no escaping; None for anything else, which is not made a link."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return _STRAY.sub(lambda stray: quote(stray[0], safe=""), re.sub(r"(&\w+);", r"\1%3B", url or ""))
