"""The JSON from which a page's script shows a fact or an order: evidence, corrections and contradictions, as plain text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from urllib.parse import urlsplit

from factstore.chronology import Chronology
from factstore.evidence.quotes import ArchivedText
from factstore.picture.scene import PictureRow, Scene
from factstore.picture.texts import clean
from factstore.plain import JsonObject
from factstore.rendering import markdown, text
from factstore.rendering.text import value_text
from factstore.repository.answers import BeforePairs, Citation, Conflict, Fact, Source
from factstore.repository.dossier_answers import Ordering
from factstore.repository.log_answers import LogEntry

#: How much of the source's text is shown before and after a quote, in characters.
_AROUND = 500


def link(url: str | None) -> str | None:
    """The URL if it may become a link, being http or https with a host; else None."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc and clean(url or "") == url else None


def row(shown: PictureRow, numbers: Mapping[str, int]) -> JsonObject:
    """A row as the page needs it: its times (null if unbounded), its number of lines and the width of its label."""
    if shown.fact is None:
        return {"key": shown.key, "fact": None, "folded": shown.folded}
    times = shown.times
    return {
        "key": shown.key,
        "fact": numbers[shown.fact],
        "group": shown.group,
        "tone": shown.tone,
        "lines": [len(shown.lines), len(shown.date)],
        "times": [times.first, times.past, times.flat, times.ebb],
        "sure": times.sure,
    }


class Contents:
    """The contents of a page that shows a chronology's scene."""

    def __init__(self, view: Chronology, scene: Scene) -> None:
        self._view = view
        self._scene = scene
        self._texts: dict[str, ArchivedText | None] = {}
        self._conflicts: defaultdict[str, list[Conflict]] = defaultdict(list)
        for conflict in scene.conflicts:
            self._conflicts[conflict.id].append(conflict)

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {source.id: source for source in self._view.sources()}

    def json(self) -> JsonObject:
        """The rows, the details of each fact and order, and which fact came before which."""
        facts = self._scene.facts
        numbers = {fact.id: number for number, fact in enumerate(facts)}
        return {
            "rows": [row(shown, numbers) for shown in self._scene.rows],
            "facts": [self._fact(fact) for fact in facts],
            "orders": [self._order(ordering) for ordering in self._scene.orderings],
            "before": before(self._view.pairs(list(numbers)), numbers),
        }

    def _fact(self, fact: Fact) -> JsonObject:
        citations = fact.citations or ()
        people = [
            clean(someone["name"] + (f" ({someone['role']})" if "role" in someone else ""))
            for someone in fact.participants
        ]
        about = {
            "when": fact.when or "not dated",
            "phrase": fact.phrase and f"“{fact.phrase}”",
            "placed": text.span(fact),
            "seen from": fact.anchor,
            "zone": fact.zone,
            "place": fact.place,
            "people": ", ".join(people),
            "tags": ", ".join(fact.tags),
            **fact.attributes,
        }
        quotes = (citation.quote or "" for citation in citations)
        words = [fact.id, fact.title, fact.place or "", *people, *fact.tags, *quotes]
        item, notes = self._markdown(fact)
        return {
            "id": fact.id,
            "title": clean(fact.title),
            "status": fact.status + (", conflicting" if fact.conflicting else ""),
            "undated": fact.undated,
            "about": [[clean(name), clean(value)] for name, value in about.items() if value],
            "evidence": [self._citation(citation) for citation in citations],
            "conflicts": [
                told
                for name in (fact.id, *(citation.id for citation in citations))
                for told in map(_conflict, self._conflicts.get(name, ()))
            ],
            "history": [_entry(entry) for entry in self._view.history(fact.id) if not entry.kind.endswith(".recorded")],
            "words": clean(" ".join(words)).lower(),
            "item": item,
            "notes": notes,
        }

    def _markdown(self, fact: Fact) -> tuple[str, str]:
        """A fact as a Markdown list item, and its footnotes, numbered from 1."""
        parts = markdown.chronology([fact], self._sources, self._view.zone).split("\n\n")
        notes = [part for part in parts if part.startswith("[^")]
        return next(part for part in parts if part.startswith("- ")), "\n".join(notes)

    def _citation(self, citation: Citation) -> JsonObject:
        source = self._sources.get(citation.source)
        details = (
            text.remarks(citation._asdict()),
            citation.check and citation.check != "unchecked" and f"quote {citation.check}",
        )
        document = (
            (source and source.title) or citation.publisher or citation.source,
            source and source.title and citation.publisher,
            citation.published and f"published {citation.published}",
            source and source.retrieved and f"retrieved {source.retrieved}",
            source and source.seen_through and f"seen through {source.seen_through}",
            *text.filed_text(citation.filed, citation.files),
        )
        found = {
            "id": citation.id,
            "stance": citation.stance,
            "chain": clean(text.chain_text(citation.attribution)),
            "details": clean("; ".join(detail for detail in details if detail)),
            "quote": citation.quote and clean(citation.quote),
            "document": clean(", ".join(part for part in document if part)),
            "url": citation.url and clean(citation.url),
            "link": link(citation.url),
        }
        passage = self._passage(citation, source)
        return found | {"passage": passage} if passage else found

    def _passage(self, citation: Citation, source: Source | None) -> list[str] | None:
        """The quote in its source's text: what comes before it, the quote, and what comes after."""
        if not citation.quote or source is None or not source.text:
            return None
        if citation.source not in self._texts:
            kept = self._view.text(citation.source)
            self._texts[citation.source] = ArchivedText(kept) if kept else None
        archived = self._texts[citation.source]
        match = next(iter(archived.find(citation.quote, limit=1)), None) if archived else None
        if archived is None or match is None:
            return None
        start, end = max(0, match.start - _AROUND), match.end + _AROUND
        before, after = archived.text[start : match.start], archived.text[match.end : end]
        lead, trail = "…" if start else "", "…" if end < len(archived.text) else ""
        gaps = " " * before[-1:].isspace(), " " * after[:1].isspace()
        return [lead + clean(before).strip() + gaps[0], clean(match.exact), gaps[1] + clean(after).strip() + trail]

    def _order(self, ordering: Ordering) -> JsonObject:
        return {
            "id": ordering.id,
            "a": ordering.a,
            "b": ordering.b,
            "relation": ordering.relation,
            "phrase": ordering.phrase and clean(ordering.phrase),
            "aside": ordering.conflicting,
            "evidence": [self._citation(citation) for citation in ordering.evidence if citation.live],
            "conflicts": [_conflict(conflict) for conflict in self._conflicts.get(ordering.id, ())],
        }


def before(pairs: BeforePairs, numbers: Mapping[str, int]) -> JsonObject:
    """Which fact came before which, by the facts' numbers: their ranks, and the pairs that orderings decide otherwise."""
    ranks: Sequence[Sequence[int]] = [pairs.ranks[name] for name in numbers]

    def numbered(listed: Mapping[str, Iterable[str]]) -> dict[int, list[int]]:
        return {numbers[name]: sorted(numbers[other] for other in others) for name, others in listed.items() if others}

    return {"ranks": ranks, "certain": numbered(pairs.certain), "barred": numbered(pairs.barred)}


def _conflict(conflict: Conflict) -> JsonObject:
    return {"kind": conflict.kind, "text": clean(conflict.text), "chain": [clean(str(step)) for step in conflict.chain]}


def _entry(entry: LogEntry) -> JsonObject:
    what = [entry.kind.replace(".", " "), entry.stated_reason, entry.subject]
    who = f"{text.moment(entry.recorded_at)}, {entry.recorded_by}" + (f": {entry.message}" if entry.message else "")
    return {
        "what": clean(" ".join(part for part in what if part)),
        "who": clean(who),
        "changes": [
            [name, *(clean(value_text(value)) for value in values)] for name, values in (entry.changes or {}).items()
        ],
    }
