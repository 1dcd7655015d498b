"""Records: the payloads of the ledger, their canonical bytes, and their hashes.

What is hashed never changes: a payload is kept as the canonical JSON (RFC 8785) that was hashed, and an old version
of a payload is brought up to date while it is read, never in the file. `docs/ledger.md` specifies the bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    create_model,
    model_validator,
)

from factstore.dates.edtf import Edtf
from factstore.dates.ticks import gap_bounds, length_bounds, parse_zone
from factstore.errors import Corrupt, DateError, InputError
from factstore.evidence.stances import Check, Stance

FORMAT = 1
ALGORITHM = "sha-256"
NO_HASH = "0" * 64
INTEGER_LIMIT = 2**53

# --- canonical JSON -----------------------------------------------------------------------------------------

_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")


def canonical(value: Any) -> str:
    """The canonical JSON text (RFC 8785) of objects, arrays, text, whole numbers, booleans and null.

    Raises InputError for what the ledger cannot hold: floats, integers of 2^53 or more, U+0000, lone surrogates.
    """
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _ordered(value: Any) -> Any:
    if isinstance(value, str):
        if _FORBIDDEN.search(value):
            raise InputError("a text holds U+0000 or half of a surrogate pair, which the ledger cannot keep")
        return value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) >= INTEGER_LIMIT:
            raise InputError(f"{value} is too large a number: 2^53 and beyond are not exact in JSON")
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise InputError(f"the names in an object are texts, not {type(key).__name__}: {key!r}")
            _ordered(key)
        # RFC 8785, 3.2.3: members are sorted by the UTF-16 code units of their names.
        return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    raise InputError(f"the ledger holds no {type(value).__name__}: {value!r}")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True).encode
# What has to be looked at closely: code units that sort otherwise than code points, and what the ledger cannot keep.
_UNUSUAL = re.compile("[\ud800-\U0010ffff]|" + re.escape(r"\u0000"))


def canonical_plain(value: Any) -> str:
    """The canonical JSON text of a value that holds no float and no number too large, such as a payload's."""
    text = _encode(value)
    return canonical(value) if _UNUSUAL.search(text) else text


def sha256(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def payload_hash(salt: str, payload: str) -> str:
    """SHA-256 of the canonical JSON of `{"payload": …, "salt": …}`; `payload` is canonical JSON already."""
    return sha256(f'{{"payload":{payload},"salt":"{salt}"}}')


def fingerprint(ledger: str, words: str) -> str:
    """SHA-256 of a ledger's id, a colon and a text: by it a redacted text is known again, in this ledger alone."""
    return sha256(f"{ledger}:{words}")


def new_salt() -> str:
    """Sixteen random bytes in hexadecimal: without them a redacted payload could be found by guessing."""
    return secrets.token_hex(16)


# --- what payloads are made of ------------------------------------------------------------------------------


def _edtf(text: str) -> str:
    return Edtf(text).text


def keepable(text: str) -> str:
    if _FORBIDDEN.search(text):
        raise ValueError("it holds U+0000 or half of a surrogate pair, which the ledger cannot keep")
    return text


def _zone(text: str) -> str:
    parse_zone(text)
    return text


def _plain(text: str) -> str:
    if not Edtf(text).is_plain:
        raise DateError(f"an anchor is one plain day, not {text}", text=text, part=text)
    return text


SLUG = r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(keepable)]
Slug = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$", max_length=200)]
# Citations and orderings bear a slug, or a name derived from the things that they join.
CitationId = Annotated[
    str, StringConstraints(pattern=rf"^{SLUG}(?:\.[a-z-]+\.{SLUG})?(?:/{SLUG}/[1-9][0-9]*)?$", max_length=800)
]
OrderingId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}(?:\.[a-z-]+\.{SLUG})?$", max_length=600)]
Position = Annotated[int, Field(ge=1, lt=INTEGER_LIMIT)]
When = Annotated[str, AfterValidator(_edtf)]
Zone = Annotated[str, AfterValidator(_zone)]
PlainDate = Annotated[str, AfterValidator(_plain)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

Relation = Literal[
    "before", "starts-before", "during", "intersects", "equals", "meets", "overlaps", "starts", "finishes"
]
Reason = Literal["extraction-error", "source-corrected", "new-evidence", "other"]
#: What stands just before a quote and just after it.
Surrounding = Literal["prefix", "suffix"]
REASONS: tuple[Reason, ...] = get_args(Reason)


class Model(BaseModel):
    # Validators are built when they are first needed: most processes read one kind of record or two.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    def plain(self) -> dict[str, Any]:
        """As JSON holds it, without what is not there."""
        held = self.model_dump(exclude_none=True)
        return {name: value for name, value in held.items() if value or (value != [] and value != {})}


class Participant(Model):
    """Somebody or something that took part in a fact."""

    name: Text
    role: Text | None = None


class Gap(Model):
    """How long after the end of the first the second started; ISO 8601 durations."""

    min: str | None = None
    max: str | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        gap_bounds(self.min, self.max)
        return self


class Lasts(Model):
    """How long something took, from its start to its end; ISO 8601 durations."""

    min: str | None = None
    max: str | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        length_bounds(self.min, self.max)
        return self


def whole_span(given: Any) -> Any:
    """A length as people write it: one duration is both the least and the greatest."""
    return {"min": given, "max": given} if isinstance(given, str) else given


class SourceFields(Model):
    """A document. `published` and `retrieved` are EDTF; `text` is the SHA-256 of its archived text."""

    title: Text | None = None
    publisher: Text | None = None
    url: Text | None = None
    published: When | None = None
    retrieved: When | None = None
    text: Sha256 | None = None
    seen_through: Position | None = None


class SpeakerFields(Model):
    """One who speaks; `of` is the position of the speaker on whose behalf."""

    name: Text
    aliases: list[Text] = Field(default_factory=list)
    of: Position | None = None


class FactFields(Model):
    """Something that happened, or is said to have."""

    title: Text
    when: When | None = None
    phrase: Text | None = None
    anchor: PlainDate | None = None
    zone: Zone | None = None
    place: Text | None = None
    participants: list[Participant] = Field(default_factory=list)
    tags: list[Text] = Field(default_factory=list)
    attributes: dict[Text, Text] = Field(default_factory=dict)
    lasts: Lasts | None = None

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.lasts and self.when:
            check_lasts(self.lasts, self.when)
        return self


def check_lasts(lasts: Lasts, when: str) -> None:
    """Raises ValueError where a length does not go with a date, an EDTF text."""
    date = Edtf(when)
    if date.text[0] == "{":
        raise ValueError(f"lasts goes with a time that is one stretch, not with {date}")
    if lasts.max and (date.open_start or date.open_end):
        raise ValueError(f"what has no start or no end, as {date}, lasts at most nothing: leave lasts.max out")


class CitationFields(Model):
    """One piece of evidence: `source` and the names in `attribution` that are whole numbers are positions."""

    source: Position
    quote: Text | None = None
    prefix: str | None = None
    suffix: str | None = None
    start: Annotated[int, Field(ge=0, lt=INTEGER_LIMIT)] | None = None
    end: Annotated[int, Field(ge=0, lt=INTEGER_LIMIT)] | None = None
    check: Check | None = None
    locator: Text | None = None
    stance: Stance = "asserts"
    attribution: list[Position | Text] = Field(default_factory=list)
    when: When | None = None
    phrase: Text | None = None
    said: When | None = None
    hedge: Text | None = None
    unnamed: Text | None = None


class OrderingFields(Model):
    """`a RELATION b`, both facts by position."""

    a: Position
    relation: Relation
    b: Position
    phrase: Text | None = None
    gap: Gap | None = None

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.a == self.b:
            raise ValueError("a fact stands in no order with itself")
        if self.gap and self.relation != "before":
            raise ValueError(f"a gap goes with before or after, not with {self.relation}")
        return self


# --- payloads -----------------------------------------------------------------------------------------------


class Payload(Model):
    """What a record says. `KIND` and `VERSION` stand in the header and never change their meaning."""

    KIND: ClassVar[str]
    VERSION: ClassVar[int] = 1


class LedgerCreated(Payload):
    """Position 1. `zone` is the ledger's fixed offset, in which times without one of their own are read."""

    KIND: ClassVar[str] = "ledger.created"
    ledger: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    format: Literal[1] = 1
    algorithm: Literal["sha-256"] = "sha-256"
    zone: Zone


class SourceRecorded(SourceFields, Payload):
    KIND: ClassVar[str] = "source.recorded"
    id: Slug


class SpeakerRecorded(SpeakerFields, Payload):
    KIND: ClassVar[str] = "speaker.recorded"
    id: Slug


class FactRecorded(FactFields, Payload):
    KIND: ClassVar[str] = "fact.recorded"
    VERSION: ClassVar[int] = 2
    id: Slug


class CitationRecorded(CitationFields, Payload):
    """`about` is the position of the fact or ordering that it supports.

    `by_hand` says that it was added beside what documents say, so that no document's entry is taken for it by its turn.
    `filled` names those of its surroundings that were filled in from the text: nobody gave them.
    """

    KIND: ClassVar[str] = "citation.recorded"
    VERSION: ClassVar[int] = 3
    id: CitationId
    about: Position
    by_hand: Literal[True] | None = None
    filled: list[Surrounding] = Field(default_factory=list)


class OrderingRecorded(OrderingFields, Payload):
    KIND: ClassVar[str] = "ordering.recorded"
    id: OrderingId


class Corrected(Payload):
    """New values of some fields of the header's subject; null takes a value away.

    A reason is `other` unless somebody states one, for it is kept for ever. `evidence` holds positions of citations that bear
    the correction out. `loaded` says that a document brought it, so
    that the next document is compared with it.
    """

    FIELDS: ClassVar[type[Model]]
    changes: dict[str, Any]
    reason: Reason = "other"
    evidence: list[Position] = Field(default_factory=list)
    loaded: bool = False

    @model_validator(mode="after")
    def _known_fields(self) -> Self:
        if not self.changes:
            raise ValueError("a correction changes at least one field")
        _partial(self.FIELDS).model_validate(self.changes)
        return self

    def plain(self) -> dict[str, Any]:
        """As JSON holds it; a null among the changes is kept, for it says that a value was taken away."""
        return super().plain() | {"changes": dict(self.changes)}


class SourceCorrected(Corrected):
    KIND: ClassVar[str] = "source.corrected"
    FIELDS: ClassVar[type[Model]] = SourceFields


class SpeakerCorrected(Corrected):
    KIND: ClassVar[str] = "speaker.corrected"
    FIELDS: ClassVar[type[Model]] = SpeakerFields


class FactCorrected(Corrected):
    KIND: ClassVar[str] = "fact.corrected"
    VERSION: ClassVar[int] = 2
    FIELDS: ClassVar[type[Model]] = FactFields


class CitationCorrected(Corrected):
    """`filled` names those of the surroundings among the changes that were filled in from the text."""

    KIND: ClassVar[str] = "citation.corrected"
    VERSION: ClassVar[int] = 2
    FIELDS: ClassVar[type[Model]] = CitationFields
    filled: list[Surrounding] = Field(default_factory=list)


def filled_by(said: Mapping[str, Any], before: Collection[str] = ()) -> set[str]:
    """Which surroundings of a quote were filled in once a plain payload says this of its citation, of those `before`."""
    return {*before} - {*said.get("changes", ())} | {*said.get("filled", ())}


class OrderingCorrected(Corrected):
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
    """The payload and salt of the header's subject, a position, have been deleted. Never those of position 1.

    `prints` are those of the id and the texts that went with it: the id stays taken, and a document that brings such a text
    back is known by them.
    """

    KIND: ClassVar[str] = "redacted"
    why: Text
    prints: list[Sha256] = Field(default_factory=list)


class By(Model):
    """Who appended a commit."""

    name: Text
    kind: Literal["person", "program"] = "person"


class Commit(Payload):
    """The last record of a commit. `records` counts those before it that belong to it."""

    KIND: ClassVar[str] = "commit"
    by: By
    tool: Text
    message: str = ""
    records: Annotated[int, Field(ge=1, lt=INTEGER_LIMIT)]


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
        Commit,
    )
}

#: The kinds of thing: the payloads that introduce and that correct one, and the fields that it has.
RECORDED: dict[str, type[Payload]] = {
    "source": SourceRecorded,
    "speaker": SpeakerRecorded,
    "fact": FactRecorded,
    "citation": CitationRecorded,
    "ordering": OrderingRecorded,
}
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
    """Any of the fields; null where a thing may be without."""
    optional: dict[str, Any] = {}
    for name, info in fields.model_fields.items():
        needed = info.is_required() or info.get_default(call_default_factory=True)
        optional[name] = (info.rebuild_annotation() if needed else info.rebuild_annotation() | None, None)
    return create_model(f"{fields.__name__}Changes", __config__=ConfigDict(extra="forbid", strict=True), **optional)


# --- reading ------------------------------------------------------------------------------------------------


def _as_it_is(value: dict[str, Any]) -> dict[str, Any]:
    """The upcast of a payload that only lacks what the next version may leave out."""
    return value


#: What brings a payload of an old version to the next one: (kind, version) -> function of the plain mapping.
UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {
    ("citation.recorded", 1): _as_it_is,  # it did not know `by_hand`
    # They did not know `filled`: what stands beside their quotes counts as given, and so is never given up.
    ("citation.recorded", 2): _as_it_is,
    ("citation.corrected", 1): _as_it_is,
    ("fact.recorded", 1): _as_it_is,  # they did not know `lasts`
    ("fact.corrected", 1): _as_it_is,
}


def known(kind: str, version: int) -> bool:
    """Whether payloads of a kind and version can be read."""
    model = PAYLOADS.get(kind)
    return model is not None and 1 <= version <= model.VERSION


def decode(kind: str, version: int, payload: str, *, position: int) -> Payload:
    """The payload of a record, brought up to date. Raises Corrupt, naming the position, where it can't be read."""
    where = f"record {position} ({kind}, version {version})"
    if not known(kind, version):
        raise Corrupt(f"{where} is of a kind or version that this version of Factstore does not know")
    model = PAYLOADS[kind]
    try:
        value = json.loads(payload)
        while version < model.VERSION:
            value = UPCASTS[kind, version](value)
            version += 1
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Corrupt(f"{where} cannot be read: {place or 'payload'}: {first['msg']}") from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Corrupt(f"{where} cannot be read: {error!r}") from None


# --- records ------------------------------------------------------------------------------------------------


class Header(NamedTuple):
    """What a record's hash covers: integers, hexadecimal, fixed words and one UTC timestamp, nothing that anybody wrote."""

    ledger: str
    position: int
    kind: str
    version: int
    subject: int
    recorded_at: str
    payload_hash: str
    prev: str

    def canonical(self) -> str:
        """Canonical JSON: every value is ASCII without escapes, so the members only need their order."""
        return (
            f'{{"format":{FORMAT},"kind":"{self.kind}","ledger":"{self.ledger}",'
            f'"payload_hash":"{self.payload_hash}","position":{self.position},"prev":"{self.prev}",'
            f'"recorded_at":"{self.recorded_at}","subject":{self.subject},"version":{self.version}}}'
        )

    def hash(self) -> str:
        """SHA-256 of the canonical header, in hexadecimal."""
        return sha256(self.canonical())


class Record(NamedTuple):
    """One entry of the ledger. `salt` and `payload` are None where they were redacted."""

    header: Header
    hash: str
    salt: str | None
    payload: str | None

    @property
    def position(self) -> int:
        return self.header.position

    def decode(self) -> Payload | None:
        """What it says, or None where that was redacted."""
        if self.payload is None:
            return None
        return decode(self.header.kind, self.header.version, self.payload, position=self.header.position)


def seal(
    payload: Payload, *, ledger: str, position: int, subject: int, recorded_at: str, prev: str, salt: str | None = None
) -> Record:
    """The record that says `payload` at `position`, after the record whose hash is `prev`."""
    text = canonical_plain(payload.plain())
    salt = salt or new_salt()
    header = Header(
        ledger=ledger,
        position=position,
        kind=payload.KIND,
        version=payload.VERSION,
        subject=subject,
        recorded_at=recorded_at,
        payload_hash=payload_hash(salt, text),
        prev=prev,
    )
    return Record(header, header.hash(), salt, text)
