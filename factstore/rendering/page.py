"""Answers to hand to others: as Markdown to paste, or as a self-contained HTML page. All markup in the data is escaped.

Facts come with who says so, in which words; other answers become a table of what their JSON contains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby

from factstore.inert import flat
from factstore.plain import Json
from factstore.rendering import markdown
from factstore.rendering.text import value_text
from factstore.repository.answers import Citation, Fact, Found, Source
from factstore.repository.listing import Answer

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #ccc;padding:.4em .6em;text-align:left;"
    "vertical-align:top}small{color:#555}q{quotes:'“' '”'}"
)
_CERTAINTIES = {"certain": "Certainly", "possible": "Possibly"}

Parts = list[tuple[str, list[Fact]]]


def listing(answers: Sequence[Answer], form: str, sources: Mapping[str, Source], zone: int, heading: str = "") -> str:
    """Answers as `markdown` or `html`; `zone` is the ledger's, in seconds east of UTC, `heading` says what was asked."""
    facts = _parts(answers, heading)
    if facts is None:
        headers, rows = _table(answers)
        return markdown.table(headers, rows) if form == "markdown" else _page(heading, [_html_table(headers, rows)])
    if form == "markdown":
        return markdown.sections(facts, sources, zone)
    return _page(heading, [_html_facts(title, some, sources, zone) for title, some in facts if some])


def _parts(answers: Sequence[Answer], heading: str) -> Parts | None:
    """Facts under headings: those of a question by certainty. None if the answers are not facts."""
    if all(isinstance(one, Fact) for one in answers):
        return [("", [one for one in answers if isinstance(one, Fact)])]
    found = [one for one in answers if isinstance(one, Found)]
    if len(found) < len(answers):
        return None
    if all(one.certainty is None for one in found):
        return [("", [one.fact for one in found])]
    return [
        (f"{words} {heading}".strip(), [one.fact for one in found if one.certainty == certainty])
        for certainty, words in _CERTAINTIES.items()
    ]


def _table(answers: Sequence[Answer]) -> tuple[list[str], list[list[str]]]:
    """The headers and rows of a table of answers; columns that are empty in all of them are left out."""
    items: list[Mapping[str, Json]] = [answer.json() for answer in answers]
    filled = {name for item in items for name in item if item[name] not in (None, [], {})}
    names = [name for name in dict.fromkeys(name for item in items for name in item) if name in filled]
    return names, [[_cell(item.get(name)) for name in names] for item in items]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(map(_cell, value))
    return flat(value_text(value))


# --- HTML -----------------------------------------------------------------------------------------------------


def _page(heading: str, parts: Iterable[str]) -> str:
    title = escape(flat(heading[:1].upper() + heading[1:] or "Chronology"))
    head = f'<meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    body = "\n".join(parts) or "<p>Nothing is recorded.</p>"
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body><h1>{title}</h1>\n{body}\n</body></html>'


def _html_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(header)}</th>" for header in headers)
    body = "\n".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>\n<tr>{head}</tr>\n{body}\n</table>"


def _html_facts(heading: str, facts: Iterable[Fact], sources: Mapping[str, Source], zone: int) -> str:
    rows = []
    for fact in facts:
        written, beside = markdown.when_parts(fact, zone)
        when = _said(written) + (f"<br><small>{_said(beside)}</small>" if beside else "")
        states = f" <em>({_said(states)})</em>" if (states := markdown.states(fact)) else ""
        named = f"<td>{_said(fact.title)}{states}<br><small>{_said(fact.id)}</small></td>"
        rows.append(f"<tr><td>{when}</td>{named}<td>{_who_says(fact, sources)}</td></tr>")
    title = f"<h2>{escape(flat(heading))}</h2>\n" if heading else ""
    head = "<tr><th>When</th><th>What happened</th><th>Who says so</th></tr>"
    return f"{title}<table>\n{head}\n" + "\n".join(rows) + "\n</table>"


def _who_says(fact: Fact, sources: Mapping[str, Source]) -> str:
    return "<br>".join(_cited(citation, sources.get(citation.source)) for citation in fact.citations or ())


def _cited(citation: Citation, source: Source | None) -> str:
    """The quote, the chain from who spoke to the source, and the source with its date."""
    manner = {"denies": "denies it", "foretells": "foretells it", "silent": "is silent about it"}.get(
        citation.stance, ""
    )
    chain = " → ".join(name for name, _ in groupby(citation.attribution))
    words = f"<q>{_said(citation.quote)}</q> " if citation.quote else ""
    title = (source.title or source.publisher) if source else None
    named = _said(", ".join(filter(None, (title or citation.source, markdown.day_words(citation.published)))))
    found = markdown.address(citation.url)
    link = f'<a href="{escape(found)}">{named}</a>' if found else named
    place = markdown.place_within(source, citation) if source else citation.locator
    missing = markdown.MISSING if citation.missing else ""
    more = "; ".join(filter(None, (chain, manner, citation.hedge, place, missing)))
    return f"{words}<small>{_said(more)}</small> [{link}]"


def _said(text: str) -> str:
    return escape(flat(text))
