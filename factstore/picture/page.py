"""A scene as one page that works from a file: it loads nothing, and runs no script but the two that it names by hash.

Whatever a source wrote reaches the page as JSON in a script that is not run, or as escaped text, and the page's own script
shows it as text alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from factstore.chronology import Chronology
from factstore.evidence.stances import ANSWERED, STATUSES
from factstore.picture import convert, drawing
from factstore.picture.colours import stylesheet, variables
from factstore.picture.key import relation_signs, signs
from factstore.picture.layers import DATE, LEFT
from factstore.picture.scene import Scene, clean
from factstore.rendering import text
from factstore.rendering.text import value_text
from factstore.repository.answers import Citation, Conflict, Fact, LogEntry, Ordering, Source

_KEY_WIDTH = 940  # pixels
_LETTER: dict[str | None, str] = {"certain": "c", "possible": "p"}


def page(view: Chronology, scene: Scene) -> str:
    """The page, as HTML."""
    colours = variables()
    scripts = [_closed(convert.scripts()), _own("page.js")]
    style = stylesheet() + _own("page.css")
    filled = {
        "policy": "; ".join(
            (
                "default-src 'none'",
                f"script-src {' '.join(map(_hash, scripts))}",
                f"style-src {_hash(style)}",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
        "style": style,
        "title": escape(scene.title),
        "note": escape(scene.note),
        "key": convert.to_svg(drawing.key_drawing(signs(scene), colours, _KEY_WIDTH)),
        "relation_key": convert.to_svg(drawing.key_drawing(relation_signs(), colours, _KEY_WIDTH)),
        "table": "\n".join(_table(scene)),
        "data": safe_json(contents(view, scene, colours)),
        "library": scripts[0],
        "script": scripts[1],
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda name: filled[name[1]], _own("page.html"))


def safe_json(value: Any) -> str:
    """JSON that may stand in a script element: no <, >, & or line separator of JavaScript's is left in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda sign: f"\\u{ord(sign[0]):04x}", text)


def link(url: str | None) -> str | None:
    """The URL where a reader may be led to it: on the web, with a host."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc and clean(url or "") == url else None


def _own(name: str) -> str:
    return resources.files("factstore.picture").joinpath(name).read_text(encoding="utf-8")


def _closed(script: str) -> str:
    """A script that cannot end its element early, nor hide that end (HTML, 4.12.1.3)."""
    return re.sub(r"<(?=/script|script|!--)", r"\\x3c", script, flags=re.IGNORECASE)


def _hash(text: str) -> str:
    """A source expression for an inline element (Content Security Policy 3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# --- the same in words ----------------------------------------------------------------------------------------


def _table(scene: Scene) -> Iterable[str]:
    """A row for each fact, under the groups of the picture."""
    facts = {fact.id: fact for fact in scene.facts}
    for row in scene.rows:
        if row["fact"] is None:
            yield f'<tr class="group"><th colspan="4" scope="rowgroup">{escape(row["title"])}</th></tr>'
            continue
        fact = facts[row["fact"]]
        cells = (
            clean(text.span(fact)),
            clean(fact.when or ""),
            fact.status + (", conflicting" if fact.conflicting else ""),
        )
        yield (
            f'<tr data-key="{row["key"]}"><th scope="row"><button type="button">{escape(row["title"])}</button></th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            + "</tr>"
        )


# --- what a reader may ask for ---------------------------------------------------------------------------------


def contents(view: Chronology, scene: Scene, colours: dict[str, str]) -> dict[str, Any]:
    """What the page's script shows: the drawings, and what is known of each fact and each order."""
    sources = {source.id: source for source in view.sources()}
    disagreements: defaultdict[str, list[Conflict]] = defaultdict(list)
    for conflict in scene.conflicts:
        disagreements[conflict.id].append(conflict)
    return {
        "drawing": convert.to_vega(drawing.rows_drawing(scene, colours)),
        "axis": convert.to_vega(drawing.axis_drawing(scene, colours)),
        "margins": {"left": LEFT, "right": DATE},
        "frame": list(scene.frame),
        "rows": scene.rows,
        "arcs": scene.arcs,
        "facts": [_fact(fact, view.history(fact.id), sources, disagreements) for fact in scene.facts],
        "orders": [_order(ordering, sources, disagreements) for ordering in scene.orderings],
        "before": relations(view, scene.facts),
    }


def relations(view: Chronology, facts: Sequence[Fact]) -> list[str]:
    """For each fact a letter for each: c where that was certainly before it, p where possibly, else a dot."""
    names = [fact.id for fact in facts]
    rows = []
    for name in names:
        before = {found.fact.id: found.certainty for found in view.timeline.before(name, status=STATUSES)}
        rows.append("".join(_LETTER.get(before.get(other), ".") for other in names))
    return rows


def _fact(
    fact: Fact, history: list[LogEntry], sources: dict[str, Source], conflicts: dict[str, list[Conflict]]
) -> dict[str, Any]:
    citations = fact.citations or ()
    people = [
        clean(someone["name"] + (f" ({someone['role']})" if "role" in someone else "")) for someone in fact.participants
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
    words = [
        fact.id,
        fact.title,
        fact.place or "",
        *people,
        *fact.tags,
        *(citation.quote or "" for citation in citations),
    ]
    return {
        "id": fact.id,
        "title": clean(fact.title),
        "status": fact.status + (", conflicting" if fact.conflicting else ""),
        "answers": fact.status in ANSWERED,
        "about": [[clean(name), clean(value)] for name, value in about.items() if value],
        "evidence": [_citation(citation, sources) for citation in citations],
        "conflicts": [
            told
            for name in (fact.id, *(citation.id for citation in citations))
            for told in map(_conflict, conflicts.get(name, ()))
        ],
        "history": [_entry(entry) for entry in history if not entry.kind.endswith(".recorded")],
        "words": clean(" ".join(words)).lower(),
    }


def _citation(citation: Citation, sources: dict[str, Source]) -> dict[str, Any]:
    source = sources.get(citation.source)
    details = (
        citation.said and f"said {citation.said}",
        citation.hedge,
        citation.unnamed,
        citation.when and f"dated {citation.when}",
        citation.phrase and f"“{citation.phrase}”",
        citation.locator,
        citation.check and citation.check != "unchecked" and f"quote {citation.check}",
    )
    document = (
        (source and source.title) or citation.publisher or citation.source,
        source and source.title and citation.publisher,
        citation.published and f"published {citation.published}",
        source and source.retrieved and f"retrieved {source.retrieved}",
        source and source.seen_through and f"seen through {source.seen_through}",
    )
    return {
        "id": citation.id,
        "stance": citation.stance,
        "chain": clean(" → ".join(citation.attribution)),
        "details": clean("; ".join(detail for detail in details if detail)),
        "quote": citation.quote and clean(citation.quote),
        "document": clean(", ".join(part for part in document if part)),
        "url": citation.url and clean(citation.url),
        "link": link(citation.url),
    }


def _order(ordering: Ordering, sources: dict[str, Source], conflicts: dict[str, list[Conflict]]) -> dict[str, Any]:
    return {
        "id": ordering.id,
        "a": ordering.a,
        "b": ordering.b,
        "relation": ordering.relation,
        "phrase": ordering.phrase and clean(ordering.phrase),
        "aside": ordering.conflicting,
        "evidence": [_citation(citation, sources) for citation in ordering.evidence if citation.live],
        "conflicts": [_conflict(conflict) for conflict in conflicts.get(ordering.id, ())],
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {"kind": conflict.kind, "text": clean(conflict.text), "chain": [clean(str(step)) for step in conflict.chain]}


def _entry(entry: LogEntry) -> dict[str, Any]:
    what = [entry.kind.replace(".", " "), entry.stated_reason, entry.subject]
    who = f"{text.moment(entry.recorded_at)}, {entry.recorded_by}" + (f": {entry.message}" if entry.message else "")
    return {
        "what": clean(" ".join(part for part in what if part)),
        "who": clean(who),
        "changes": [
            [name, *(clean(value_text(value)) for value in values)] for name, values in (entry.changes or {}).items()
        ],
    }
