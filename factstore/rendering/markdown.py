"""A chronology in Markdown, to paste: what the data say is text and nothing else; footnotes lead to the sources of each fact.

CommonMark, with footnotes as GitHub, Pandoc and most others have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from urllib.parse import quote, urlsplit

from factstore.inert import flat
from factstore.rendering.text import span
from factstore.repository.answers import Citation, Fact, Source

#: What would mark text up, in CommonMark and in the tables, footnotes, formulas and crossings-out of others.
_MARKING = re.compile(r"[\\`*_\[\]<>|~&$^]|:(?=//)|(?<=www)\.")
#: What would begin a heading, a list or a rule at the beginning of a paragraph.
_BEGINNING = re.compile(r"^(\d*)([#+\-=.):])")
#: What stands in no URL.
_STRAY = re.compile(r"[^\w!#$%&'()*+,\-./:;=?@\[\]~]")

_STATES = {
    "disputed": "disputed: some deny it",
    "denied": "denied, and asserted by nobody",
    "foretold": "foretold, not reported to have happened",
    "unsupported": "without evidence that counts",
    "withdrawn": "withdrawn",
}


def chronology(facts: Iterable[Fact], sources: Mapping[str, Source]) -> str:
    """Facts with their citations as a list, undated ones as another, and below it a footnote for each source of each fact."""
    items: dict[bool, list[str]] = {False: [], True: []}
    notes: list[str] = []
    seen: set[str] = set()
    for fact in facts:
        marks = ""
        for source, citations in groupby(sorted(fact.citations or (), key=_source), key=_source):
            marks += f"[^{len(notes) + 1}]"
            notes.append(f"[^{len(notes) + 1}]: {_note(sources[source], list(citations), again=source in seen)}")
            seen.add(source)
        items[fact.undated].append(f"- {_when(fact)}: {escaped(fact.title)}{_states(fact)}{marks}")
    undated = [f"Undated ({len(items[True])}):", "", *items[True]] if items[True] else []
    return "\n\n".join("\n".join(lines) for lines in (items[False], undated, notes) if lines)


def _source(citation: Citation) -> str:
    return citation.source


def _when(fact: Fact) -> str:
    """Where a fact lies, and how that is written, where it is written otherwise."""
    lies = span(fact)
    written = [fact.when] if fact.when and fact.when != lies else []
    written += [f"“{fact.phrase}”"] if fact.phrase else []
    return f"**{escaped(lies)}**" + (f" ({escaped(', '.join(written))})" if written else "")


def _states(fact: Fact) -> str:
    states = [_STATES[fact.status]] if fact.status in _STATES else []
    states += ["conflicting: something said of its time is set aside"] if fact.conflicting else []
    return f" *({'; '.join(states)})*" if states else ""


def _note(source: Source, citations: Sequence[Citation], *, again: bool) -> str:
    """A source, in full the first time, and what it says in whose name."""
    said = "; ".join(filter(None, map(_said, citations)))
    return f"{_again(source) if again else _in_full(source)}{f': {said}' if said else ''}."


def _in_full(source: Source) -> str:
    address = _address(source.url)
    title = f"“{escaped(source.title)}”" if source.title else ""
    parts = (escaped(source.publisher or ""), title, escaped(source.published or ""), f"<{address}>" if address else "")
    more = escaped(source.url) if source.url and not address else ""
    return _first(", ".join(filter(None, (*parts, more))) or escaped(source.id))


def _again(source: Source) -> str:
    name = ", ".join(filter(None, (source.publisher or source.title or source.id, source.published)))
    address = _address(source.url)
    return f"[{escaped(name)}](<{address}>)" if address else _first(escaped(name))


def _said(citation: Citation) -> str:
    """The words, who spoke where that is not the publisher itself, and how they stand to the fact."""
    words = f"“{escaped(citation.quote)}”" if citation.quote else ""
    speaker = citation.attribution[0] if citation.attribution[:1] != (citation.publisher,) else ""
    manner = [
        escaped(citation.unnamed or "" if speaker else ""),
        escaped(speaker),
        {"denies": "denying it", "foretells": "foretelling it", "silent": "silent about it"}.get(citation.stance, ""),
        escaped(citation.hedge or ""),
        escaped(f"on {citation.said}" if citation.said else ""),
        escaped(citation.locator or ""),
    ]
    by = ", ".join(dict.fromkeys(filter(None, manner)))
    return f"{words} ({by})" if words and by else words or by


def escaped(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    return _MARKING.sub(r"\\\g<0>", flat(text))


def _first(text: str) -> str:
    """The same at the beginning of a paragraph."""
    return _BEGINNING.sub(r"\1\\\2", text)


def _address(url: str | None) -> str | None:
    """A URL of the web in characters that need no escaping; None for any other, which is nothing to follow."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return _STRAY.sub(lambda stray: quote(stray[0], safe=""), re.sub(r"(&\w+);", r"\1%3B", url or ""))
