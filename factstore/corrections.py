"""What a correction is: new values of some fields, checked against what the thing would then be. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from factstore.checking import FOUND
from factstore.drafting import linked
from factstore.errors import InputError, Stale
from factstore.records import FIELDS
from factstore.repository import Repository

#: Fields that hold other things by position, with the kind of each.
REFERENCES = {"source": "source", "seen_through": "source", "of": "speaker", "a": "fact", "b": "fact"}


def new_values(there: Repository, name: str, position: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the changes to a thing that change something; None takes a value away. Raises InputError."""
    held = there.held([position])[position]
    kind, now, fields = held.kind, held.now, FIELDS[held.kind]
    for field in changes:
        if field not in fields.model_fields:
            raise InputError(f"a {kind} has no field {field!r} (there are {', '.join(fields.model_fields)})")
        if field in FOUND:
            raise InputError(f"{name}: {field}: it is found, not given; `factstore check-quotes` looks again")
    given = {field: value for field, value in changes.items() if value not in (None, "", [], {})}
    for field in REFERENCES.keys() & given.keys():
        if isinstance(given[field], str):
            given[field] = there.position(given[field], REFERENCES[field])
    if isinstance(given.get("attribution"), list):
        given["attribution"] = [linked(link, there.kind_at) for link in given["attribution"]]
    for field in ("seen_through", "of"):
        _refuse_circle(there, name, field, given.get(field))
    merged = {field: value for field, value in now.items() if field not in changes} | given
    try:
        checked = fields.model_validate(merged).plain()
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"]) or kind
        detail = fault["ctx"]["error"] if fault["type"] == "value_error" else fault["msg"]
        raise InputError(f"{name}: {place}: {detail}") from None
    return {field: checked.get(field) for field in changes if checked.get(field) != now.get(field)}


def _refuse_circle(there: Repository, name: str, field: str, above: int | None) -> None:
    """A source is not seen through itself, nor does a speaker speak for itself, by however many steps."""
    while above is not None:
        if there.name_of(above) == name:
            raise InputError(f"{name}: {field}: that leads in a circle back to {name}")
        above = there.fields(above).get(field)


def expect(there: Repository, name: str, position: int, seen: int | None) -> None:
    """Raises Stale, with what changed since, where a thing is not at the version that the caller saw."""
    if seen is None:
        return
    version = there.version(position)
    if version != seen:
        since = [entry for entry in there.history(name) if entry.position > seen]
        said = "; ".join(
            f"{entry.position}: {entry.kind} by {entry.recorded_by}"
            + (f" ({', '.join(entry.changes)})" if entry.changes else "")
            for entry in since
        )
        raise Stale(f"{name} is at version {version}, not {seen}; since then {said or 'nothing about it'}")
