"""What was recorded, and what has changed, for people."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from factstore.plain import JsonObject
from factstore.rendering.lines import Marked, table, wrap
from factstore.rendering.text import chain_text, moment, order_manner, remarks, step_lines, value_text, who_and_why
from factstore.repository.answers import Step
from factstore.repository.log_answers import Change, LogEntry, because


def history_text(entries: Sequence[LogEntry]) -> str:
    """What was recorded about a thing, its evidence and its orderings, in order: a paragraph for each commit.

    The thing's first values are listed field by field; its evidence and orderings take a line each.
    """
    lines = []
    for commit, records in groupby(entries, lambda entry: entry.commit):
        recorded = list(records)
        lines += wrap(f"{who_and_why(recorded[0])} (commit {commit})", f"{moment(recorded[0].recorded_at)}  ", "  ")
        size = max(len(str(entry.position)) for entry in recorded)
        below = " " * (size + 4)
        for entry in recorded:
            whose = entry.subject if entry.subject != entries[0].subject else None
            line, changes, is_new = _told(entry, whose), entry.changes or {}, entry.kind.endswith(".recorded")
            if is_new and whose and changes:
                line += f": {_heading({name: new for name, (_, new) in changes.items()})}"
                changes = {}
            lines += wrap(line, f"  {entry.position:>{size}}  ", below + "  ")
            for name, (old, new) in changes.items():
                lines += wrap(
                    f"{name}: {'' if is_new else f'{value_text(old)} → '}{value_text(new)}", below, below + "  "
                )
    return "\n".join(lines)


def _told(entry: LogEntry, whose: str | None) -> str:
    """What a record did to what, why, and the evidence for it."""
    kind, _, verb = entry.kind.rpartition(".")
    words = " ".join(word for word in (kind, whose, verb) if word) + because(entry.reason)
    if entry.evidence:
        words += f"; evidence: {', '.join(entry.evidence)}"
    return words


def changes_text(changes: Sequence[Change]) -> str:
    """What has changed: a paragraph for each fact, ordering, source and speaker."""
    lines = []
    seen: set[Step] = set()
    for of, group in groupby(changes, lambda change: change.of):
        lines += wrap(of)
        for change in group:
            lines += _change_lines(change, seen)
            seen.update(change.why)
    return "\n".join(lines)


def _change_lines(change: Change, seen: set[Step]) -> list[str]:
    whose = "" if change.id == change.of else f"{change.id} "
    steps = change.why
    if change.change == "conflict":
        aside = Marked("set aside", "conflicting")
        lines = wrap([f"{change.id} is ", aside, f": {change.new}. These cannot all hold:"], "  ", "    ")
        for number, step in enumerate(steps, start=1):
            lines += wrap(str(step), f"    {number}. ", "       ")
        return lines
    if change.change == "resolved":
        return wrap(f"{change.id} counts again: {change.old}", "  ", "    ")
    if change.field:
        old, new = map(value_text, change.shown or (change.old, change.new))
        if change.shown:
            old, new = old.replace("T", " "), new.replace("T", " ")
        words = f"{whose}{change.field}: {old} → {new}"
    else:
        words = f"{whose}{change.change}" + (f": {_heading(change.new)}" if change.change == "added" else "")
    if change.change in ("withdrawn", "restored") and steps:
        return step_lines(steps[0], "  ", opening=whose)
    lines = wrap(words, "  ", "    ")
    for step in steps:
        opening = "" if step.kind == "correction" else "because "
        lines += step_lines(step, "    ", again=step in seen, opening=opening)
    return lines


def _heading(entry: JsonObject) -> str:
    """A new thing in one line: its title and time, its relation with phrase and gap, or its quote and source."""
    if "relation" in entry:
        manner = order_manner(entry.get("phrase"), entry.get("gap") or {})
        first, second = entry.get("fact", entry.get("a")), entry.get("other", entry.get("b"))
        return f"{first} {entry['relation']} {second}" + (f" ({manner})" if manner else "")
    if "stance" in entry:
        words = f"“{entry['quote']}”" if "quote" in entry else "(no quote)"
        told = ": ".join(filter(None, (entry["stance"], chain_text(entry.get("attribution", ())), words)))
        more = remarks(entry)
        return told + (f" ({more})" if more else "") + f" [{entry['source']}]"
    named = str(entry.get("title") or entry.get("name") or entry.get("publisher") or "untitled")
    return f"{named} ({entry['when']})" if "when" in entry else named


def log_text(entries: Sequence[LogEntry]) -> str:
    """The log, one record per line; a commit's line has its message."""
    return "\n".join(
        table(
            [
                (
                    str(entry.position),
                    moment(entry.recorded_at),
                    entry.kind,
                    who_and_why(entry) if entry.kind == "commit" else entry.subject or "",
                )
                for entry in entries
            ]
        )
    )
