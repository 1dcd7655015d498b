"""Commits for people: one line each, who did what and why."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from factstore.rendering.lines import table
from factstore.rendering.text import counted_text, moment
from factstore.repository.commits import CommitSummary, Deed

_DID = {
    "recorded": "recorded",
    "corrected": "corrected",
    "withdrawn": "withdrew",
    "restored": "brought back",
    "redacted": "redacted",
}


def commits_text(commits: Sequence[CommitSummary]) -> str:
    """The commits in the order given, one line each."""
    return "\n".join(table([(str(one.position), moment(one.recorded_at), _sentence(one)) for one in commits]))


def _sentence(commit: CommitSummary) -> str:
    program = " (a program)" if commit.kind == "program" else ""
    deeds = [_deeds(act, list(among)) for act, among in groupby(commit.deeds, lambda deed: deed.act)]
    done = "; ".join(deeds) or "did nothing"
    return f"{commit.recorded_by}{program} {done}" + (f": {commit.message}" if commit.message else "")


def _deeds(act: str, deeds: Sequence[Deed]) -> str:
    if act == "created":
        return "made the ledger"
    if act == "redacted":
        return f"redacted {', '.join(counted_text(deed.times, deed.thing) for deed in deeds)}"
    few = sum(len(deed.names) or deed.times for deed in deeds) <= 3
    return f"{_DID.get(act, act)} {', '.join(_things(deed, few=few) for deed in deeds)}"


def _things(deed: Deed, *, few: bool) -> str:
    if not (few and deed.names):
        return counted_text(deed.times, deed.thing)
    kind = f"the {deed.thing} " if deed.act == "recorded" and len(deed.names) == 1 else ""
    fields = f" ({', '.join(deed.fields)})" if deed.fields else ""
    return f"{kind}{' and '.join(deed.names)}{fields}"
