"""What a commit did, counted for whoever made it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from factstore.writing.checks import Result

#: Ids listed of what was recorded, of each kind; the rest are counted.
_NAMED = 1000


@dataclass(slots=True)
class Tally:
    """What a load did: how many things it recorded, by kind, with the ids of the first thousand of each, which ids it
    corrected, and how many entries were as last loaded.

    `behind` are those of the latter that lag behind a correction made elsewhere, `kept` the sources whose text is archived
    now, and `checks` counts what became of quotes that were looked for. `gone` are ids of what the ledger has of these
    documents' sources and the documents no longer hold; `withdrawn` those of it that were withdrawn for that. `read` says how
    the phrases were read that were to be.
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

    def note(self, kind: str, name: str) -> None:
        """Counts a thing that was recorded."""
        self.count[kind] += 1
        named = self.recorded.setdefault(kind, [])
        if len(named) < _NAMED:
            named.append(name)

    def add(self, other: Tally) -> None:
        """Counts what another did too."""
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
        ):
            mine += more
