"""Counts what a commit did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from factstore.writing.checks import Result

#: How many ids of recorded things are listed for each kind; the rest are counted.
_NAMED = 1000


@dataclass(slots=True)
class Tally:
    """What a load did: how many things it recorded, by kind, with the first thousand ids of each; which ids it corrected;
    and how many entries were unchanged since they were last loaded.

    `behind`: the unchanged entries that are older than a correction made elsewhere; `kept`: the sources whose text is now
    archived; `checks` counts the results of checking quotes. `gone`: ids of things from these documents' sources that the
    documents no longer contain; `withdrawn`: those withdrawn for that. `read`: how phrases were read for `when:
    as-written`. `late`: citations that were said after their source was published, in words; `uncounted`:
    citations and orderings of what is withdrawn, likewise; `outlived`: what still counts or keeps a value although what it
    rested on was withdrawn, likewise.
    """

    count: Counter[str] = field(default_factory=Counter)
    recorded: dict[str, list[str]] = field(default_factory=dict)
    corrected: list[str] = field(default_factory=list)
    unchanged: int = 0
    behind: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    checks: Counter[Result] = field(default_factory=Counter)
    gone: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    uncounted: list[str] = field(default_factory=list)
    outlived: list[str] = field(default_factory=list)

    def note(self, kind: str, name: str) -> None:
        """Count a recorded thing."""
        self.count[kind] += 1
        named = self.recorded.setdefault(kind, [])
        if len(named) < _NAMED:
            named.append(name)

    def add(self, other: Tally) -> None:
        """Add the counts of another."""
        self.count += other.count
        for kind, names in other.recorded.items():
            self.recorded[kind] = [*self.recorded.get(kind, ()), *names][:_NAMED]
        self.unchanged += other.unchanged
        self.checks += other.checks
        for mine, more in (
            (self.corrected, other.corrected),
            (self.behind, other.behind),
            (self.kept, other.kept),
            (self.gone, other.gone),
            (self.withdrawn, other.withdrawn),
            (self.read, other.read),
            (self.late, other.late),
            (self.uncounted, other.uncounted),
            (self.outlived, other.outlived),
        ):
            mine += more
