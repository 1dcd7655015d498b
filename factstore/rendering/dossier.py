"""One thing on one screen, for people: what counts comes first, then what no longer does, marked as such."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from factstore.dates.edtf import Edtf
from factstore.evidence.stances import STANCES
from factstore.rendering.lines import Marked, table, wrap
from factstore.rendering.text import (
    bound_text,
    citation_lines,
    conflicts_text,
    counted_text,
    marked,
    moment,
    order_manner,
    origins_text,
    span,
    step_lines,
    value_text,
    when_text,
)
from factstore.repository.answers import Citation, Conflict, Fact, Step, in_words, origins
from factstore.repository.dossier_answers import Bound, Dossier, Ordering, Sheet
from factstore.repository.log_answers import LogEntry
from factstore.units import Position

#: The most orderings on a screen; JSON has all.
_MOST = 8

_BOUND = {"earliest": "no earlier than", "latest": "no later than", "begun_by": "begun by"}


def show_text(shown: Dossier | Sheet) -> str:
    """A fact, source, speaker, citation or ordering as text."""
    return "\n".join(_fact(shown) if isinstance(shown, Dossier) else _sheet(shown))


# --- a fact ---------------------------------------------------------------------------------------------------


def _fact(shown: Dossier) -> list[str]:
    fact = shown.fact
    lines = wrap([Marked(fact.title, "title")], "", "  ")
    states = [Marked(state, state) for state in (fact.status, *(["conflicting"] if fact.conflicting else []))]
    marks = [word for state in states for word in (state, ", ")]
    lines += wrap([f"{fact.id}: ", *marks, _version(fact.position, fact.version)], "", "  ")
    lines += table(_rows(fact, plainly=_plain(shown)), "  ")
    lines += _why(shown)
    lines += _evidence(shown.evidence, fact)
    lines += _cautions(shown.cautions)
    lines += _conflicts(shown.conflicts)
    # Orderings that do not count come first, so that the limit never hides them.
    orderings = sorted(shown.orderings, key=lambda one: one.in_force)
    lines += _section("in stated order", (line for one in orderings[:_MOST] for line in _ordering(one)))
    if len(shown.orderings) > _MOST:
        lines.append(f"    and {len(shown.orderings) - _MOST} more; --json shows all")
    lines += _section("certainly before it, the nearest first", _near(shown.before))
    lines += _section("certainly after it, the nearest first", _near(shown.after))
    return lines + _corrections(shown.corrections, fact.id)


def _version(position: Position, version: Position) -> str:
    return f"version {version}" + (f", recorded at {position}" if position != version else "")


def _rows(fact: Fact, *, plainly: bool) -> list[tuple[str, str]]:
    phrase = f"“{fact.phrase}”" if fact.phrase else ""
    rows = [("when", " ".join(filter(None, (fact.when or "not dated", phrase))))]
    if fact.anchor:
        rows.append(("seen from", fact.anchor))
    if fact.zone:
        rows.append(("zone", fact.zone))
    if fact.when and fact.when not in fact.lies:
        rows.append(("read as", Edtf(fact.when).explain()[0]))
    rows.append(("placed", span(fact) + (", as it is dated" if plainly else "")))
    if fact.lasts:
        rows.append(("lasted", in_words(fact.lasts)))
    if fact.place:
        rows.append(("place", fact.place))
    if fact.participants:
        rows.append(("people", value_text(list(fact.participants))))
    if fact.tags:
        rows.append(("tags", ", ".join(fact.tags)))
    return rows + sorted(fact.attributes.items())


def _plain(shown: Dossier) -> bool:
    """Whether a fact's own date alone decides where it lies."""
    return bool(shown.bounds) and all(
        len(bound.why) == 1 and bound.why[0].kind == "date" and bound.why[0].text.startswith(f"{shown.fact.id} ")
        for bound in shown.bounds
    )


def _why(shown: Dossier) -> list[str]:
    """What bounds a fact, unless its own date alone does. Quotes that are shown among its evidence are not repeated."""
    if _plain(shown):
        return []
    quoted = {citation.quote for citation in shown.evidence}
    seen: set[Step] = set()
    lines = []
    for _, among in groupby(shown.bounds, lambda bound: set(bound.why)):
        bounds = list(among)
        lines += wrap(" and ".join(map(_bound, bounds)), "  ", "    ")
        for step in bounds[0].why:
            lines += step_lines(step, "    ", again=step in seen or step.quote in quoted)
            seen.add(step)
    return lines


def _bound(bound: Bound) -> str:
    return f"{_BOUND[bound.which]} {bound_text(bound)}"


def _near(facts: Sequence[Fact]) -> list[str]:
    return table([(when_text(fact), marked(fact.id, fact)) for fact in facts], "    ")


def _ordering(ordering: Ordering) -> list[str]:
    """An ordering's id, and what it says unless the id says so."""
    stated = f"{ordering.a} {ordering.relation} {ordering.b}"
    named = ordering.id if ordering.id == stated.replace(" ", ".") else f"{ordering.id}: {stated}"
    return wrap([named, *_manner(ordering)], "    ", "      ")


def _manner(ordering: Ordering) -> list[str | Marked]:
    """An ordering's phrase and gap, and a mark if it does not count."""
    manner = order_manner(ordering.phrase, ordering.gap)
    mark = (
        Marked(" [withdrawn]", "withdrawn")
        if ordering.withdrawn
        else Marked(" [set aside]", "conflicting")
        if ordering.conflicting
        else ""
        if ordering.in_force
        else Marked(" [not in force]", "withdrawn")
    )
    return [f" ({manner})" if manner else "", mark]


# --- the rest -------------------------------------------------------------------------------------------------


def _sheet(shown: Sheet) -> list[str]:
    withdrawn = Marked("withdrawn, " if shown.withdrawn else "", "withdrawn")
    lines = wrap([f"{shown.id}: {shown.kind}, ", withdrawn, _version(shown.position, shown.version)], "", "  ")
    if shown.kind == "citation":
        (citation,) = shown.evidence
        lines += wrap(f"about {citation.about}", "  ", "    ")
        lines += citation_lines(citation)
    elif shown.ordering is not None:
        ordering = shown.ordering
        lines += wrap([f"{ordering.a} {ordering.relation} {ordering.b}", *_manner(ordering)], "  ", "    ")
        lines += [line for citation in shown.evidence for line in citation_lines(citation)]
    else:
        lines += table([(name.replace("_", " "), value_text(value)) for name, value in shown.fields.items()], "  ")
    if shown.kind == "source":
        lines += _section("sources seen through it", _listed(shown.beneath))
        lines += _section("what rests on it", _resting(shown.evidence))
        lines += _section("what others have from it", _resting(one.citation for one in shown.said))
    if shown.kind == "speaker":
        lines += wrap(f"origin: {shown.origin}", "  ", "    ") if shown.origin else []
        lines += _section("who speak on its behalf", _listed(shown.beneath))
        for role, words in (("spoke", "what it says, or others on its behalf"), ("relayed", "what it relays")):
            lines += _section(words, _resting(one.citation for one in shown.said if one.role == role))
    lines += _cautions(shown.cautions)
    lines += _conflicts(shown.conflicts)
    return lines + _corrections(shown.corrections, shown.id)


def _listed(names: Iterable[str]) -> list[str]:
    return [line for name in names for line in wrap(name, "    ", "      ")]


def _resting(citations: Iterable[Citation]) -> list[str]:
    """For each fact and ordering, the stances of its citations, with those that no longer count separately. A quote that is
    not in its source's text is marked."""
    about: dict[str, Counter[str]] = {}
    missing: Counter[str] = Counter()
    for citation in citations:
        about.setdefault(citation.about, Counter())[citation.stance if citation.live else "withdrawn"] += 1
        missing[citation.about] += citation.live and citation.check == "missing"
    lines = []
    for name, stances in about.items():
        words = ", ".join(stance + (f" ×{count}" if count > 1 else "") for stance, count in stances.items())
        lost = Marked(f" [{counted_text(missing[name], 'quote')} missing]", "conflicting") if missing[name] else ""
        lines += wrap([f"{name}: {words}", lost], "    ", "      ")
    return lines


# --- sections -------------------------------------------------------------------------------------------------


def _section(title: str, lines: Iterable[str]) -> list[str]:
    held = list(lines)
    return [f"  {title}", *held] if held else []


def _evidence(citations: Sequence[Citation], of: Fact) -> list[str]:
    """The citations by stance; above those that assert it, their independent origins."""
    lines = []
    for stance in STANCES:
        among = [citation for citation in citations if citation.stance == stance]
        held = [line for citation in among for line in citation_lines(citation, "    ", of=of)]
        found = origins(among)
        title = f"{stance}, {origins_text(found)}" if found else stance
        lines += [*wrap(title, "  ", "    "), *held] if held else []
    return lines


def _cautions(cautions: Sequence[str]) -> list[str]:
    return _section("to be checked", (line for one in cautions for line in wrap(one, "    ", "      ")))


def _conflicts(conflicts: Sequence[Conflict]) -> list[str]:
    return _section("conflicting", conflicts_text(conflicts, "    ").splitlines())


def _corrections(entries: Sequence[LogEntry], of: str) -> list[str]:
    """What was changed, when, by whom and why; with the id of the thing changed unless it is `of`."""
    lines = []
    for entry in entries:
        who = entry.recorded_by + (f": {entry.message}" if entry.message else "")
        lines += wrap(f"{who} (commit {entry.commit})", f"    {moment(entry.recorded_at)}  ", "      ")
        whose = f"{entry.subject} " if entry.subject != of else ""
        because = f" {entry.stated_reason}".rstrip()
        changed = [
            f"{name}: {value_text(old)} → {value_text(new)}" for name, (old, new) in (entry.changes or {}).items()
        ]
        for change in changed or [entry.kind]:
            lines += wrap(f"{whose}{change}{because}", "      ", "        ")
    return _section("corrected", lines)
