"""Answers for people: sentences and columns, in lines that fit the terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from factstore.dates.edtf import Edtf
from factstore.evidence.stances import STATUSES
from factstore.inert import flat
from factstore.plain import Json, JsonObject
from factstore.rendering.lines import Marked, Words, columns, padded, wrap
from factstore.repository.answers import (
    Checked,
    Citation,
    Conflict,
    Fact,
    Found,
    Order,
    Said,
    Source,
    Step,
    Waiting,
    in_words,
)
from factstore.repository.dossier_answers import Bound
from factstore.repository.log_answers import LogEntry, Overview

#: Spans up to this width share a line with the title.
_SPAN = 23
_UNKNOWN = "at no known time"
_OFFSET = re.compile(r"(?:Z|[+-][0-9:]+)$")


def span(fact: Fact) -> str:
    """When a fact may have happened: the first and the last day, or instant."""
    first, last, begun = fact.lies
    if fact.open_end:
        return f"{_spaced(first)} and ever since" if first else "always"
    if begun and first != last:
        return (f"{_spaced(first)} …, " if first else "") + f"begun by {_spaced(last or '')}"
    return _days(first, None if begun else last)


def when_text(fact: Fact) -> str:
    """The same, for listings: if a fact's date is only words, these come before what is known of it."""
    if not fact.undated or fact.when is not None or not fact.phrase:
        return span(fact)
    words = f"“{flat(fact.phrase)}”"
    return words if span(fact) == _UNKNOWN else f"{words}, {span(fact)}"


def bound_text(bound: Bound) -> str:
    """The day or instant of a bound."""
    return _spaced(bound.day)


def _spaced(moment: str) -> str:
    return moment.replace("T", " ")


def _days(first: str | None, last: str | None) -> str:
    if first is None or last is None:
        return f"not before {_spaced(first)}" if first else f"by {_spaced(last)}" if last else _UNKNOWN
    if first == last:
        return _spaced(first)
    day, _, time = last.partition("T")
    offset = _OFFSET.search(time)
    if offset and first.startswith(f"{day}T") and first.endswith(offset[0]):
        return f"{_spaced(first).removesuffix(offset[0])} … {time}"
    return f"{_spaced(first)} … {_spaced(last)}"


def marks(fact: Fact) -> list[str]:
    """The marks of a fact, shown beside its title."""
    return [*([fact.status] if fact.status != "stands" else []), *(["conflicting"] if fact.conflicting else [])]


def mark_text(fact: Fact) -> str:
    """A fact's marks in brackets; "" if it has none."""
    return f" [{', '.join(marks(fact))}]" if marks(fact) else ""


def marked(text: str, fact: Fact) -> Words:
    """A text followed by a fact's marks."""
    return [text, Marked(mark_text(fact), marks(fact)[-1])] if marks(fact) else text


def _sources(fact: Fact) -> str:
    names = list(dict.fromkeys(citation.source for citation in fact.citations or ()))
    more = f", and {len(names) - 2} more" if len(names) > 2 else ""
    # Several sources may repeat one origin, and one source may relay several origins.
    origins = fact.origins or ()
    counted = f"; {counted_text(len(origins), 'origin')}" if origins and max(len(origins), len(names)) > 1 else ""
    return f" [{', '.join(names[:2])}{more}{counted}]" if names else ""


def left_out_text(counts: Mapping[str, int]) -> str:
    """How many facts of other statuses a listing leaves out, by status; "" if it leaves out none."""
    number, statuses = sum(counts.values()), [status for status in STATUSES if status in counts]
    return f"{number} more {'is' if number == 1 else 'are'} {' or '.join(statuses)}" if counts else ""


def counted_text(number: int, thing: str) -> str:
    """A number and a noun, which gets its plural "s"."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _fact_lines(fact: Fact, size: int, indent: str) -> list[str]:
    """A fact's time and title on one line, its id and sources on the next."""
    when, below = when_text(fact), indent + " " * (size + 2)
    title = marked(fact.title, fact)
    lines = wrap(title, indent + padded(when, size) + "  ", below)
    if columns(when) > size:
        lines = [*wrap(when, indent, indent + "  "), *wrap(title, below)]
    return lines + wrap([Marked(f"{fact.id}{_sources(fact)}", "aside")], below)


def _size(facts: Sequence[Fact]) -> int:
    """The width, in columns, of the column of spans."""
    return max((size for fact in facts if (size := columns(when_text(fact))) <= _SPAN), default=_SPAN)


def facts_text(facts: Sequence[Fact], *, evidence: bool = False) -> str:
    """Facts, with their citations if `evidence`; undated ones under a heading that counts them."""
    size = _size(facts)
    blocks = []
    for undated, some in groupby(facts, lambda fact: fact.undated):
        members = list(some)
        lines = [f"{counted_text(len(members), 'undated fact')}:"] if undated else []
        for fact in members:
            lines += _fact_lines(fact, size, "  " if undated else "")
            for citation in fact.citations or () if evidence else ():
                lines += citation_lines(citation, "      " if undated else "    ")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def found_text(found: Sequence[Found], asked: str, *, evidence: bool = False) -> str:
    """An answer in words: what is certain, what is possible, and why. A timeline, which has neither, is a list of facts."""
    if found and found[0].certainty is None:
        return facts_text([item.fact for item in found], evidence=evidence)
    size = _size([item.fact for item in found])
    blocks = []
    seen: set[Step] = set()
    for words, certainty in (("Certainly", "certain"), ("Possibly", "possible")):
        lines = []
        for item in found:
            if item.certainty == certainty:
                lines += _fact_lines(item.fact, size, "  ")
                for citation in item.fact.citations or () if evidence else ():
                    lines += citation_lines(citation, "      ")
                for step in item.why or ():
                    lines += step_lines(step, "      ", again=step in seen)
                    seen.add(step)
        if lines:
            blocks.append("\n".join([*wrap([Marked(words, certainty), f" {asked}:"], "", "    "), *lines]))
    return "\n\n".join(blocks)


def step_lines(step: Step, indent: str, *, again: bool = False, opening: str = "because ") -> list[str]:
    """One step of a reason, and below it the quote that it rests on, unless that has been shown (`again`)."""
    where = f" [{step.source}]" if step.source else ""
    text = opening + step.text
    if again or not step.quote:
        return wrap(f"{text}{where}", indent, indent + "  ")
    return wrap(text, indent, indent + "  ") + wrap(f"“{step.quote}”{where}", indent + "  ")


def order_text(order: Order) -> str:
    """How two facts are ordered in time, relation by relation."""
    lines = wrap(f"How {order.a} relates to {order.b} in time:", "", "  ")
    for certainty in ("certain", "possible", "impossible"):
        names = [name for name, held in order.relations.items() if held == certainty]
        if names:
            lines += wrap(
                [Marked(f"{certainty}:", certainty), f" {', '.join(names)}"], "  ", " " * (len(certainty) + 4)
            )
    for step in order.why:
        lines += step_lines(step, "  ")
    for relation in ("before", "after"):
        for word, history in zip(("holds", "fails"), order.histories.get(relation, ()), strict=False):
            days = ", ".join(f"{name} {_days(*held)}" for name, held in history.items())
            lines += wrap(f"{relation} {word} if, say, {days}", "  ", "    ")
    if order.generous:
        lines += wrap(
            f"what is called possible may not be: dates of {' and '.join(order.generous)} have gaps", "  ", "    "
        )
    return "\n".join(lines)


#: The stances that do not assert a fact, each with the status that a fact with this stance alone has.
_STANCES = {"denies": "denied", "foretells": "foretold"}


def citation_lines(citation: Citation, indent: str = "  ", *, of: Fact | None = None) -> list[str]:
    """A citation: who said it to whom, in which words, and where.

    With `of`, the fact under which it is shown, the stance is left out, and so is the date if it is the fact's own.
    """
    cited = citation._asdict()
    if of and (citation.when, citation.phrase) == (of.when, of.phrase):
        cited |= {"when": None, "phrase": None}
    more, chain = remarks(cited), chain_text(citation.attribution)
    stance = "" if of else Marked(f"{citation.stance}: ", _STANCES.get(citation.stance, ""))
    where = (
        citation.id,
        # An id derived from the source shows the source anyway.
        "" if f"/{citation.source}/" in citation.id else f"in {citation.source}",
        citation.published and f"published {citation.published}",
        *filed_text(citation.filed, citation.files),
    )
    return [
        *wrap(
            [stance, chain, f" ({more})" if more else "", Marked(_gone(citation), "withdrawn")], indent, indent + "  "
        ),
        *wrap(_quoted(citation), indent + "  "),
        *wrap([Marked(", ".join(part for part in where if part), "aside")], indent + "  "),
    ]


def remarks(cited: Mapping[str, Json]) -> str:
    """What a citation, given by its fields, says besides its quote: when and how it was said, about which day, and where."""
    said, unnamed, when, phrase = map(cited.get, ("said", "unnamed", "when", "phrase"))
    dates = " ".join(filter(None, (when, phrase and f"“{phrase}”")))
    details = (
        said and f"said {said}",
        cited.get("hedge"),
        unnamed and f"unnamed: {unnamed}",
        dates and f"dated {dates}",
        cited.get("locator"),
    )
    return "; ".join(detail for detail in details if detail)


def order_manner(phrase: str | None, gap: Mapping[str, str]) -> str:
    """An ordering's phrase and gap."""
    return "; ".join(filter(None, (f"“{phrase}”" if phrase else "", in_words(gap))))


def chain_text(attribution: Sequence[str]) -> str:
    """Who said something to whom. A speaker and the document that they published themselves read as one link."""
    return " → ".join(name for name, _ in groupby(attribution))


#: How much of an attribute is shown where its source is cited, in characters.
FILED = 100


def filed_text(filed: Mapping[str, str], files: Sequence[Mapping[str, str]]) -> list[str]:
    """A source's attributes, long ones (such as an abstract) cut; and the names of its files."""
    told = (
        (name, value if len(value) <= FILED else f"{value[: FILED - 1].rstrip()}…") for name, value in filed.items()
    )
    return [*(f"{name} {value}" for name, value in told), *(f"file {file['name']}" for file in files)]


def _quoted(citation: Citation) -> Words:
    """A citation's quote, and the verdict on it if it was looked for in its source."""
    if not citation.quote:
        return "(no quote)"
    check = citation.check or "unchecked"
    return [f"“{citation.quote}” ", Marked(f"({check})", "conflicting" if check in ("missing", "ambiguous") else "")]


def _gone(citation: Citation) -> str:
    """Why a citation no longer counts."""
    return " [withdrawn]" if citation.withdrawn else " [its source is withdrawn]" if citation.source_withdrawn else ""


def origins_text(found: Sequence[str]) -> str:
    """The number of independent origins, and which they are."""
    return f"{counted_text(len(found), 'independent origin')}: {'; '.join(found)}"


def citations_text(citations: Sequence[Citation], origins: Sequence[str] = ()) -> str:
    """The evidence for a fact or an ordering, under the independent origins that assert it."""
    lines = wrap(origins_text(origins), "", "  ") if origins else []
    return "\n".join([*lines, *(line for citation in citations for line in citation_lines(citation, ""))])


def said_text(said: Sequence[Said], name: str) -> str:
    """What somebody says, or others on their behalf, and what they relay: a paragraph for each fact or ordering."""
    lines = []
    for role, words in (("spoke", "says"), ("relayed", "relays")):
        among = [one.citation for one in said if one.role == role]
        if among:
            lines += wrap(f"{name} {words}:", "", "  ")
        for about, citations in groupby(among, lambda citation: citation.about):
            lines += wrap(about, "  ")
            for citation in citations:
                lines += citation_lines(citation, "    ")
    return "\n".join(lines)


def value_text(value: object) -> str:
    """A field's value as people read it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) and "name" in value:
        return f"{value['name']} ({value['role']})" if "role" in value else str(value["name"])
    if isinstance(value, dict):
        return "; ".join(f"{name}: {value_text(held)}" for name, held in value.items())
    if isinstance(value, list):
        return ", ".join(map(value_text, value))
    return str(value)


def who_and_why(entry: LogEntry) -> str:
    """Who made a commit, and its message."""
    return entry.recorded_by + (f": {entry.message}" if entry.message else "")


def moment(recorded_at: str) -> str:
    """A `recorded_at` of the ledger, to the second."""
    return recorded_at[:19].replace("T", " ")


def sources_text(sources: Sequence[Source]) -> str:
    """Sources, one paragraph each."""
    lines = []
    for source in sources:
        counted = f", {counted_text(source.citations, 'citation')}"
        lines += wrap([source.id, Marked(" [withdrawn]", "withdrawn") if source.withdrawn else counted])
        published = source.published and f"published {source.published}"
        retrieved = source.retrieved and f"retrieved {source.retrieved}"
        seen = source.seen_through and f"seen through {source.seen_through}"
        filed = filed_text(source.attributes, source.files)
        for parts in (
            (source.title, source.publisher),
            (published, retrieved),
            (source.url,),
            (seen,),
            filed,
        ):
            details = ", ".join(part for part in parts if part)
            lines += wrap(details, "    ") if details else []
    return "\n".join(lines)


def conflicts_text(conflicts: Sequence[Conflict], indent: str = "") -> str:
    """What contradicts what, step by step."""
    lines = []
    for conflict in conflicts:
        what: Words = [
            f"{conflict.id} is ",
            Marked("set aside", "conflicting"),
            f": {conflict.text}. These cannot all hold:",
        ]
        if conflict.kind != "contradiction":
            what = [f"{conflict.id} ", Marked("disagrees", "disputed"), f", and nothing is set aside: {conflict.text}."]
        lines += wrap(what, indent, f"{indent}  ")
        for number, step in enumerate(conflict.chain, start=1):
            lines += wrap(str(step), f"{indent}  {number}. ", f"{indent}     ")
    return "\n".join(lines)


def beginning_text(name: str, held: Overview | None) -> str:
    """Where to start with a ledger, or without one."""
    if held is None:
        words = f"There is no ledger at {name} yet. To make one:"
        tries = [
            ('factstore load chronology.yaml -m "first reading"', "from documents (YAML, JSON, CSV)"),
            ('factstore add "Bells rang" --when 2018-04-01 --source ID --publisher WHO', "with one fact"),
            ("factstore init", "empty"),
        ]
    else:
        counts = [counted_text(held.facts, "fact"), f"from {counted_text(held.sources, 'source')}"]
        conflicts = f", {counted_text(held.conflicts, 'contradiction')} set aside" if held.conflicts else ""
        last = f". Last: {held.last.recorded_at[:10]}, {who_and_why(held.last)}" if held.last else ""
        words = f"{name} holds {' '.join(counts)}{conflicts}{last}"
        if held.part:
            words += f". It is a part of a ledger ({held.part}), and takes no writes"
        tries = [("factstore timeline", "all of it, in order of time")]
        if held.fact:
            tries += [
                (f"factstore before {held.fact}", "what came before, certainly and possibly"),
                (f"factstore show {held.fact}", "who says so, and why it lies where it does"),
            ]
        else:
            tries = [('factstore load chronology.yaml -m "first reading"', "facts from a document")]
    lines = wrap(words, "", "  ")
    for command, what in [*tries, ("factstore --help", "everything else")]:
        lines += [f"  {flat(command)}", *wrap([Marked(what, "aside")], "      ")]
    return "\n".join(lines)


def status_text(held: Overview, waiting: Waiting) -> str:
    """The head, what the ledger has, and what needs attention, each with the command that lists it."""
    last = held.last
    head = f"{last.position}:{last.hash}" if last else "none"
    holds = f"{counted_text(held.facts, 'fact')} from {counted_text(held.sources, 'source')}"
    holds += f"; last: {moment(last.recorded_at)}, {who_and_why(last)}" if last else ""
    rows = [("head", head), ("holds", holds)]
    for name, number, command in (
        ("undated", waiting.undated, "facts --undated"),
        ("single origin", waiting.single_origin, "facts --single-origin"),
        ("unsupported", waiting.unsupported, "facts --status unsupported"),
        ("missing quotes", waiting.missing_quotes, "check-quotes --dry-run"),
        ("conflicts", waiting.conflicts, "conflicts"),
    ):
        rows.append((name, f"{number}" + (f"  (factstore {command})" if number else "")))
    return "\n".join(padded(name, 16) + flat(words) for name, words in rows)


def checked_text(checked: Sequence[Checked]) -> str:
    """Quotes that are not at exactly one place in their sources' texts, each with the places that it may mean."""
    lines = []
    for one in checked:
        lines += wrap([Marked(f"{one.check}:", "conflicting"), f" {one.citation}"], "", "  ")
        lines += wrap(f"“{one.quote}”", "  ")
        lines += wrap(f"[{one.source}]", "  ")
        for number, (before, exact, after) in enumerate(one.places, start=1):
            lines += wrap(f"…{f'{before}[{exact}]{after}'.strip()}…", f"    {number}. ", "       ")
    return "\n".join(lines)


def reading_text(text: str, found: JsonObject, zone: int = 0) -> str:
    """How a date is read: for a phrase, its EDTF and the rule; then what the date means."""
    lines = wrap(f"{text}: {found['edtf']}" if "because" in found else text, "", "  ")
    if "because" in found:
        lines += wrap(f"{found['because']} (rule: {found['rule']})", "  ", "    ")
    for line in (*Edtf(found["edtf"]).explain(zone), *filter(None, [found.get("warning")])):
        lines += wrap(line, "  ", "    ")
    return "\n".join(lines)
