"""The values that the log and comparisons of two states return, as those in `answers` are made."""

from __future__ import annotations

from typing import Literal, NamedTuple

from factstore.ledger.part import Portion
from factstore.plain import Json, JsonObject
from factstore.repository.answers import Step
from factstore.repository.listing import in_notebooks
from factstore.units import Position


@in_notebooks
class LogEntry(NamedTuple):
    """One record of the log.

    In a thing's history it also has `changes` (field -> before and after), the `reason`, and the ids of the citations that
    are a correction's `evidence`.
    """

    position: Position
    commit: Position
    kind: str
    subject: str | None
    recorded_at: str
    recorded_by: str
    message: str
    hash: str
    changes: dict[str, tuple[Json, Json]] | None = None
    reason: str | None = None
    evidence: tuple[str, ...] = ()

    @property
    def stated_reason(self) -> str:
        """The reason in brackets; "" if none was given."""
        return "" if self.reason in (None, "other") else f"({self.reason})"

    def __hash__(self) -> int:
        return hash(self.hash)

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        found: JsonObject = {
            "position": self.position,
            "commit": self.commit,
            "kind": self.kind,
            "subject": self.subject,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by,
            "message": self.message,
            "hash": self.hash,
        }
        if self.changes is not None:
            found["changes"] = {name: {"from": old, "to": new} for name, (old, new) in self.changes.items()}
            found["reason"] = self.reason
        if self.evidence:
            found["evidence"] = list(self.evidence)
        return found


@in_notebooks
class Change(NamedTuple):
    """One net difference between an earlier and a later state of the ledger.

    | change | field | from → to |
    |---|---|---|
    | `added` | None | None → the thing as an entry of a document |
    | `corrected` | the field | its values as people write them |
    | `withdrawn`, `restored` | None | None |
    | `moved` | `earliest`, `latest`, `begun_by`, `open_end`, `status`, `conflicting` | the value before → after |
    | `conflict`, `resolved` | None | None → what is set aside, in words; or the reverse |

    `kind` is that of the thing; `of` is the fact, ordering, source or speaker that it belongs to (for a citation, what it
    is about). `why`: the correction's reason, the step that gives the bound, or the chain of the conflict. `shown`: both
    values as people write them, if they are limits of where a fact lies.
    """

    id: str
    change: Literal["added", "corrected", "withdrawn", "restored", "moved", "conflict", "resolved"]
    field: str | None = None
    old: Json = None
    new: Json = None
    why: tuple[Step, ...] = ()
    kind: str = "fact"
    of: str = ""
    shown: tuple[str | None, str | None] | None = None

    def __hash__(self) -> int:
        return hash((self.id, self.change, self.field))

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        found: JsonObject = {
            "id": self.id,
            "change": self.change,
            "field": self.field,
            "from": self.old,
            "to": self.new,
            "kind": self.kind,
        }
        if self.why:
            found["why"] = [step.json() for step in self.why]
        return found


class Overview(NamedTuple):
    """What a ledger contains: numbers of facts and sources that are not withdrawn, and of what is set aside because it
    contradicts; its last record; and a fact that many orderings touch (None if there is none). `part`: how much of a ledger
    it is."""

    facts: int
    sources: int
    conflicts: int
    last: LogEntry | None
    fact: str | None
    part: Portion | None = None


_REASONS = {
    "extraction-error": "we had misread",
    "source-corrected": "the source corrected itself",
    "new-evidence": "there is new evidence",
}


def because(reason: str | None) -> str:
    """A correction's reason, to continue a sentence; "" if it is `other`."""
    words = _REASONS.get(reason or "")
    return f", because {words}" if words else ""
