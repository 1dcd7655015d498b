"""Payloads of records: a model for each kind of record, which checks a payload when it is written and when it is read."""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, create_model, model_validator

from factstore.errors import Corrupt
from factstore.ledger import mistakes
from factstore.ledger.canonical import INTEGER_LIMIT
from factstore.ledger.fields import (
    CitationFields,
    CitationId,
    FactFields,
    Model,
    OrderingFields,
    OrderingId,
    Reason,
    Reference,
    RequestId,
    Sha256,
    Slug,
    SourceFields,
    SpeakerFields,
    Surrounding,
    Text,
    Zone,
)
from factstore.ledger.kinds import read_plain
from factstore.ledger.made import MadeByCallers
from factstore.ledger.record import Record
from factstore.plain import JsonObject
from factstore.units import Position


class Payload(Model):
    """The payload of a record. The header has its `KIND`, and the version that `kinds.VERSIONS` has for it."""

    KIND: ClassVar[str]


class LedgerCreated(Payload):
    """Position 1. `zone` is the ledger's fixed offset from UTC, in which times without an offset are read."""

    KIND: ClassVar[str] = "ledger.created"
    ledger: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    format: Literal[1] = 1
    algorithm: Literal["sha-256"] = "sha-256"
    zone: Zone


class SourceRecorded(SourceFields, Payload):
    """Introduces a source."""

    KIND: ClassVar[str] = "source.recorded"
    id: Slug


class SpeakerRecorded(SpeakerFields, Payload):
    """Introduces a speaker."""

    KIND: ClassVar[str] = "speaker.recorded"
    id: Slug


class FactRecorded(FactFields, Payload):
    """Introduces a fact."""

    KIND: ClassVar[str] = "fact.recorded"
    id: Slug


class CitationRecorded(CitationFields, Payload):
    """A new citation. `about` is the position of its fact or ordering.

    `by_hand`: it was not loaded from a document, so no entry of a document is matched with it by order. `filled`: which of
    prefix and suffix were taken from the archived text, because nobody gave them.
    """

    KIND: ClassVar[str] = "citation.recorded"
    id: CitationId
    about: Reference
    by_hand: Literal[True] | None = None
    filled: list[Surrounding] = Field(default_factory=list)


class OrderingRecorded(OrderingFields, Payload):
    """Introduces an ordering between two facts."""

    KIND: ClassVar[str] = "ordering.recorded"
    id: OrderingId


class Corrected(Payload):
    """New values of some fields of the header's subject; null removes a value.

    The reason is `other` unless one is given, since it is kept for ever. `evidence`: positions of citations that support the
    correction. `loaded`: it comes from a document, so that the next document is compared with it.
    """

    FIELDS: ClassVar[type[Model]]
    changes: JsonObject
    reason: Reason = "other"
    evidence: list[Reference] = Field(default_factory=list)
    loaded: bool = False

    @model_validator(mode="after")
    def _known_fields(self) -> Self:
        if not self.changes:
            raise ValueError("a correction must change at least one field")
        _partial(self.FIELDS).model_validate(self.changes)
        return self

    def plain(self, *, but: Container[str] = ()) -> JsonObject:
        """As a JSON mapping; nulls among the changes are kept, since they remove a value."""
        return super().plain(but=but) | {"changes": dict(self.changes)}


class SourceCorrected(Corrected):
    """Gives fields of a source new values."""

    KIND: ClassVar[str] = "source.corrected"
    FIELDS: ClassVar[type[Model]] = SourceFields


class SpeakerCorrected(Corrected):
    """Gives fields of a speaker new values."""

    KIND: ClassVar[str] = "speaker.corrected"
    FIELDS: ClassVar[type[Model]] = SpeakerFields


class FactCorrected(Corrected):
    """Gives fields of a fact new values."""

    KIND: ClassVar[str] = "fact.corrected"
    FIELDS: ClassVar[type[Model]] = FactFields


class CitationCorrected(Corrected):
    """Gives fields of a citation new values. `filled`: which of the changed prefix and suffix come from the archived text."""

    KIND: ClassVar[str] = "citation.corrected"
    FIELDS: ClassVar[type[Model]] = CitationFields
    filled: list[Surrounding] = Field(default_factory=list)


class OrderingCorrected(Corrected):
    """Gives fields of an ordering new values."""

    KIND: ClassVar[str] = "ordering.corrected"
    FIELDS: ClassVar[type[Model]] = OrderingFields


class Withdrawn(Payload):
    """The header's subject counts in no answer from here on."""

    KIND: ClassVar[str] = "withdrawn"
    reason: Reason = "other"


class Restored(Payload):
    """The header's subject counts again."""

    KIND: ClassVar[str] = "restored"
    reason: Reason = "other"


class Redacted(Payload):
    """The payload and salt of the header's subject, a position other than 1, have been deleted.

    If it gives a `text`, then instead that archived text has been deleted, while all records that name it stay; its subject
    is its own position. `prints` are fingerprints of the id and texts that were deleted: the id stays taken, and a document
    that contains such a text again is recognized.
    """

    KIND: ClassVar[str] = "redacted"
    why: Text
    prints: list[Sha256] = Field(default_factory=list)
    text: Sha256 | None = None


class By(Model, metaclass=MadeByCallers):
    """Who appended a commit."""

    name: Text
    kind: Literal["person", "program"] = "person"


class CommitEnd(Payload):
    """The last record of a commit. `records` counts the records of the commit before this one.

    `request` is the writer's own id for it; no other commit of the ledger has the same. `asked` is a digest of what it asked
    for, mixed with the salts of the commit's other records.
    """

    KIND: ClassVar[str] = "commit"
    by: By
    tool: Text
    message: str = ""
    records: Annotated[int, Field(ge=1, lt=INTEGER_LIMIT)]
    request: RequestId | None = None
    asked: Sha256 | None = None


PAYLOADS: dict[str, type[Payload]] = {
    model.KIND: model
    for model in (
        LedgerCreated,
        SourceRecorded,
        SpeakerRecorded,
        FactRecorded,
        CitationRecorded,
        OrderingRecorded,
        SourceCorrected,
        SpeakerCorrected,
        FactCorrected,
        CitationCorrected,
        OrderingCorrected,
        Withdrawn,
        Restored,
        Redacted,
        CommitEnd,
    )
}

#: By kind of thing: the payload that corrects one, and the fields that it has.
CORRECTED: dict[str, type[Corrected]] = {
    "source": SourceCorrected,
    "speaker": SpeakerCorrected,
    "fact": FactCorrected,
    "citation": CitationCorrected,
    "ordering": OrderingCorrected,
}
FIELDS: dict[str, type[Model]] = {
    "source": SourceFields,
    "speaker": SpeakerFields,
    "fact": FactFields,
    "citation": CitationFields,
    "ordering": OrderingFields,
}


@cache
def _partial(fields: type[Model]) -> type[BaseModel]:
    """A model with any of the fields; null is allowed if the field may be absent."""
    optional: JsonObject = {}
    for name, info in fields.model_fields.items():
        needed = info.is_required() or info.get_default(call_default_factory=True)
        optional[name] = (info.rebuild_annotation() if needed else info.rebuild_annotation() | None, None)
    return create_model(f"{fields.__name__}Changes", __config__=ConfigDict(extra="forbid", strict=True), **optional)


# --- reading ------------------------------------------------------------------------------------------------


def decode(kind: str, version: int, payload: str, *, position: Position) -> Payload:
    """The payload of a record, upgraded to the present version. Raises Corrupt, with the position, if it can't be read."""
    said = read_plain(kind, version, payload, position=position)
    try:
        return PAYLOADS[kind].model_validate(said)
    except ValidationError as error:
        where = f"record {position} ({kind}, version {version})"
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Corrupt(f"{where} cannot be read: {place or 'payload'}: {mistakes.in_words(first)}") from None


def decode_record(record: Record) -> Payload | None:
    """The payload of a record, None if it was redacted. Raises Corrupt as `decode` does."""
    header = record.header
    if record.payload is None:
        return None
    return decode(header.kind, header.version, record.payload, position=header.position)
