"""The filters of a listing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from factstore.database.templates import as_of, in_force
from factstore.dates.given import DateLike, date_text
from factstore.errors import InputError
from factstore.evidence.stances import ANSWERED, Status
from factstore.ledger.canonical import INTEGER_LIMIT
from factstore.plain import JsonObject
from factstore.reasoning.places import FURTHEST

_LIVE_CITATION = f"{in_force('c')} AND EXISTS (SELECT 1 FROM source d WHERE d.position = c.source AND {in_force('d')})"


_QUOTED = f"EXISTS (SELECT 1 FROM citation c WHERE c.about = p.fact AND c.quote IS NOT NULL AND {_LIVE_CITATION})"


def _of_fact(condition: str) -> str:
    """A condition on the fact `f` of a placement `p`."""
    return f"EXISTS (SELECT 1 FROM fact f WHERE f.position = p.fact AND {as_of('f')} AND {condition})"


#: The fields of facts that are found by a part of a name: the expression for a name in them, and the condition that it is
#: among some names.
NAMED = {
    "participant": (
        "SELECT DISTINCT @member(person.value; name) AS name FROM fact f CROSS JOIN @elements(f.participants) person",
        _of_fact(
            """EXISTS (SELECT 1 FROM @elements(f.participants) person
                       WHERE @member(person.value; name) @among_texts(:participant))"""
        ),
    ),
    "place": ("SELECT DISTINCT f.place AS name FROM fact f", _of_fact("f.place @among_texts(:place)")),
}


class Narrowing(TypedDict, total=False):
    """The filters of a listing: words of a text, a person, a place, a tag, a source's id, statuses.

    `since` and `until` are dates: facts that certainly ended before the one begins, or began after the other ends, are
    left out. `status`: stands, disputed, denied, foretold, unsupported or withdrawn, or a list of several.
    """

    text: str | None
    participant: str | None
    place: str | None
    tag: str | None
    source: str | None
    status: Sequence[Status] | Status
    since: DateLike | None
    until: DateLike | None


@dataclass(frozen=True, slots=True)
class Filter:
    """The filters of a listing: words of a text, a person, a place, a tag, a source, statuses.

    `since` and `until` are EDTF: facts that certainly ended before the one begins, or began after the other ends, are left
    out. `undated` keeps facts without a known date, `unquoted` those whose live citations quote no words, and
    `single_origin` those that only one independent origin asserts.
    """

    text: str | None = None
    participant: str | None = None
    place: str | None = None
    tag: str | None = None
    source: str | None = None
    status: Sequence[str] = ()
    since: str | None = None
    until: str | None = None
    undated: bool = False
    unquoted: bool = False
    single_origin: bool = False

    def __post_init__(self) -> None:
        """Raises InputError for an empty filter, which would match all facts or none without saying so."""
        for name in ("text", "participant", "place", "tag", "source", "since", "until"):
            value = getattr(self, name)
            if value is not None and not value.strip():
                raise InputError(f"{name} is empty; leave it out to find facts whatever it is")

    def clauses(self) -> tuple[list[str], dict[str, Any]]:
        """Conditions on a placement `p`, and their parameters.

        Those for `text`, `participant`, `place` and `single_origin` are made by the repository.
        """
        clauses: list[str] = []
        given: dict[str, Any] = {}
        if self.status:
            every = [self.status] if isinstance(self.status, str) else self.status
            given |= {f"status{n}": status for n, status in enumerate(every)}
            clauses.append(f"p.status IN ({', '.join(f':{name}' for name in given)})")
        if self.tag is not None:
            given["tag"] = self.tag
            clauses.append(_of_fact("EXISTS (SELECT 1 FROM @elements(f.tags) tag WHERE tag.value = :tag)"))
        if self.source is not None:
            given["source"] = self.source
            clauses.append(
                f"""EXISTS (SELECT 1 FROM citation c JOIN thing s ON s.position = c.source
                    WHERE c.about = p.fact AND s.id = :source AND {_LIVE_CITATION})"""
            )
        clauses += [f"p.place > {FURTHEST}"] if self.undated else []
        clauses += [f"NOT {_QUOTED}"] if self.unquoted else []
        return clauses, given


def most(limit: int | None, offset: int = 0) -> int:
    """How many answers are asked for; 0 for all, also if a limit is left out. Raises InputError for what cannot be."""
    if limit is not None and not 0 <= limit < INTEGER_LIMIT:
        raise InputError(f"a limit must be a whole number from 0 on, not {limit}; 0 is for all")
    if not 0 <= offset < INTEGER_LIMIT:
        raise InputError(f"an offset must be a whole number from 0 on, not {offset}")
    return limit or 0


def filter_of(narrowed: Narrowing, statuses: Sequence[Status] = ANSWERED) -> Filter:
    """The filter of a question; unless statuses are given, it has those that answers include by default."""
    given: JsonObject = {**narrowed, "status": narrowed.get("status") or statuses}
    given |= {name: date_text(given[name]) for name in ("since", "until") if name in given}
    return Filter(**given)
