"""Corrections: new values of some fields, checked against the thing as it would be. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from factstore.dates.given import date_text
from factstore.documents.collecting import fault_in_words
from factstore.errors import InputError, Stale
from factstore.ledger import mistakes
from factstore.ledger.fields import named_people, whole_span
from factstore.ledger.kinds import with_article
from factstore.ledger.payloads import FIELDS
from factstore.ledger.references import ABOVE, REFERENCES, circle
from factstore.plain import Json, JsonObject
from factstore.reasoning.constraints import canonical_order
from factstore.repository.answers import Thing
from factstore.repository.history import history
from factstore.repository.repository import Repository
from factstore.units import Position
from factstore.writing.checks import FOUND, SURROUNDINGS
from factstore.writing.recorder import linked


def new_values(repository: Repository, name: str, position: Position, changes: Mapping[str, Json]) -> JsonObject:
    """The changes to a thing that change something; None removes a value. Raises InputError."""
    held = repository.held([position])[position]
    kind, fields = held.kind, FIELDS[held.kind]
    for field in changes:
        if field not in fields.model_fields:
            raise InputError(
                f"{with_article(kind)} has no field {field!r} (there are {', '.join(fields.model_fields)})"
            )
        if field in FOUND:
            raise InputError(
                f"{name}: {field}: it is a result and cannot be set; `factstore check-quotes` checks again"
            )
    given = {field: value for field, value in changes.items() if value not in (None, "", [], {})}
    given |= {field: date_text(value) for field, value in given.items() if isinstance(value, date)}
    given |= {field: [value] for field, value in given.items() if _is_alone(fields.model_fields[field], value)}
    for field in REFERENCES.keys() & given.keys():
        if isinstance(given[field], str):
            given[field] = repository.position(given[field], REFERENCES[field])
    for field, whole in (("lasts", whole_span), ("participants", named_people)):
        if field in given:
            given[field] = whole(given[field])
    if isinstance(given.get("attribution"), list):
        given["attribution"] = [
            linked(link, repository.kind_at) if isinstance(link, str) else link for link in given["attribution"]
        ]
    link = ABOVE.get(kind, "")
    if link in given and circle(position, given[link], lambda above: repository.fields(above).get(link)):
        raise InputError(f"{name}: {link}: this leads in a circle back to {name}")
    try:
        settled = as_it_would_be(repository, held, dict.fromkeys(changes) | given)
    except ValidationError as error:
        fault = error.errors()[0]
        place = mistakes.dotted(fault["loc"]) or kind
        taken_away = fault["type"] == "missing" and len(fault["loc"]) == 1
        said = fault["ctx"]["error"] if fault["type"] == "value_error" else fault_in_words(fault, fields, fault["loc"])
        said = f"{with_article(kind)} cannot be without it" if taken_away else said
        raise InputError(f"{name}: {place}: {said}") from None
    # A prefix or suffix that was filled in may be given with the same value, and the reverse.
    return settled | {field: given.get(field) for field in SURROUNDINGS if field in changes}


def _is_alone(field: FieldInfo, value: Json) -> bool:
    """Whether a single value is given for a field that is a list."""
    return get_origin(field.annotation) is list and isinstance(value, str | Mapping)


def as_it_would_be(repository: Repository, held: Thing, changes: Mapping[str, Json]) -> JsonObject:
    """The changes to a thing, as they would be kept. Raises ValidationError if the thing would not be valid."""
    merged = {field: value for field, value in {**held.fields, **changes}.items() if value is not None}
    checked = FIELDS[held.kind].model_validate(merged).plain()
    changed = dict.fromkeys(changes)
    if held.kind == "ordering":
        a, b = (repository.name_of(checked[end]) for end in ("a", "b"))
        if canonical_order(a, checked["relation"], b) != (a, checked["relation"], b):
            checked |= {"a": checked["b"], "b": checked["a"]}
        changed |= {"a": None, "b": None}
    return {field: checked.get(field) for field in changed if checked.get(field) != held.fields.get(field)}


def expect(repository: Repository, name: str, position: Position, seen: int | None) -> None:
    """Raises Stale, with what changed since, if a thing is not at the version that the caller saw."""
    if seen is None:
        return
    version = repository.version(position)
    if version != seen:
        since = [entry for entry in history(repository, name) if entry.position > seen and entry.subject == name]
        said = "; ".join(
            f"{entry.position}: {entry.kind} by {entry.recorded_by}"
            + (f" ({', '.join(entry.changes)})" if entry.changes else "")
            for entry in since
        )
        raise Stale(f"{name} is at version {version}, not {seen}; since then {said or 'nothing about it'}")
