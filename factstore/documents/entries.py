"""The entries of a document, with the fields that each may have, and the document itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from factstore.dates.edtf import Edtf
from factstore.evidence.stances import Stance
from factstore.ledger.fields import (
    CitationId,
    FactFields,
    Files,
    Gap,
    Model,
    OrderingId,
    PlainDate,
    Slug,
    SpeakerFields,
    Text,
    When,
    Zone,
    check_lasts,
    keepable,
    named_people,
    whole_span,
)
from factstore.ledger.made import MadeByCallers
from factstore.plain import Json
from factstore.reasoning.relations import RELATIONS

Kind = Literal["source", "speaker", "fact", "ordering"]


_HASH = re.compile("[0-9a-f]{64}")


_LIKE_HASH = re.compile("[0-9A-Fa-f]{32,128}")


_LIKE_PATH = re.compile(
    r"(?:[a-z]+://\S+|(?:[^\n]*[/\\])?[^\n/\\]*\.(?:txt|text|md|markdown|html?|pdf|docx?|odt|rtf|json))", re.I
)


def _archived(content: str) -> str:
    """Check a source's `text`: the text itself, unchanged, or its SHA-256; never a path."""
    plain = content.strip()
    if not plain:
        raise ValueError("it is empty")
    if _LIKE_HASH.fullmatch(plain):
        if not _HASH.fullmatch(plain.lower()):
            raise ValueError(f"a SHA-256 has 64 hexadecimal digits, and this has {len(plain)}")
        return plain.lower()
    if _LIKE_PATH.fullmatch(plain):
        raise ValueError(f"it must be the text itself or its SHA-256; --archive ID={plain} reads it from a file")
    return keepable(content)


def is_hash(text: str) -> bool:
    """Whether a source's `text` is a SHA-256 rather than the text itself."""
    return _HASH.fullmatch(text) is not None


def can_stand_in_a_document(content: str) -> bool:
    """Whether a text, written into a document, is read back as the same text."""
    try:
        return not is_hash(_archived(content))
    except ValueError:
        return False


#: As `when` of a fact or a citation: read the date from its phrase.
AS_WRITTEN = "as-written"


def _date(text: str) -> str:
    return text if text == AS_WRITTEN else Edtf(text).text


_Date = Annotated[str, AfterValidator(_date)]


Beside = Annotated[str, AfterValidator(keepable)]


#: `withdrawn: true` means that a thing counts in no answer; left out, it says nothing.
_Withdrawn = Literal["true"] | None


class SourceEntry(Model, metaclass=MadeByCallers):
    """A source. `text`: the archived text itself or its SHA-256. `seen_through`: the id of the only source that showed it."""

    id: Slug
    title: Text | None = None
    publisher: Text | None = None
    url: Text | None = None
    published: When | None = None
    retrieved: When | None = None
    text: Annotated[str, AfterValidator(_archived)] | None = None
    seen_through: Slug | None = None
    attributes: dict[Text, Text] = Field(default_factory=dict)
    files: Files = Field(default_factory=list)
    withdrawn: _Withdrawn = None


class SpeakerEntry(SpeakerFields, metaclass=MadeByCallers):
    """A speaker; `of` is the id of the speaker on whose behalf they speak."""

    id: Slug
    of: Slug | None = None  # type: ignore[assignment]
    withdrawn: _Withdrawn = None


class EvidenceEntry(Model, metaclass=MadeByCallers):
    """A citation of a fact or an ordering. `attribution` has names, or ids of sources and speakers."""

    id: CitationId | None = None
    source: Slug | None = None
    quote: Text | None = None
    prefix: Beside | None = None
    suffix: Beside | None = None
    locator: Text | None = None
    stance: Stance | None = None
    attribution: list[Text] = Field(default_factory=list)
    when: _Date | None = None
    phrase: Text | None = None
    said: When | None = None
    hedge: Text | None = None
    unnamed: Text | None = None
    withdrawn: _Withdrawn = None


class FactEntry(FactFields, metaclass=MadeByCallers):
    """A fact with its evidence. `lasts` may be one duration, the minimum and the maximum; a participant, a bare name."""

    id: Slug
    when: _Date | None = None
    evidence: list[EvidenceEntry] = Field(default_factory=list)
    withdrawn: _Withdrawn = None

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.lasts and self.when and self.when != AS_WRITTEN:
            check_lasts(self.lasts, self.when)
        return self

    @field_validator("lasts", mode="before")
    @classmethod
    def _both(cls, given: Json) -> Json:
        return whole_span(given)

    @field_validator("participants", mode="before")
    @classmethod
    def _people(cls, given: Json) -> Json:
        return named_people(given)


class OrderingEntry(Model, metaclass=MadeByCallers):
    """An ordering, or several: each of `fact` is in the relation to each of `other`."""

    id: OrderingId | None = None
    fact: list[Slug]
    relation: Literal[RELATIONS]  # type: ignore[valid-type]
    other: list[Slug]
    phrase: Text | None = None
    gap: Gap | None = None
    evidence: list[EvidenceEntry] = Field(default_factory=list)
    withdrawn: _Withdrawn = None


class Defaults(Model):
    """Values for fields that pieces of evidence and facts leave out."""

    source: Slug | None = None
    stance: Stance | None = None
    attribution: list[Text] = Field(default_factory=list)
    locator: Text | None = None
    said: When | None = None
    hedge: Text | None = None
    unnamed: Text | None = None
    zone: Zone | None = None
    anchor: PlainDate | None = None
    place: Text | None = None
    tags: list[Text] = Field(default_factory=list)


class Entry(NamedTuple):
    """One entry: its place in the file, what it says, and the places of its pieces of evidence."""

    kind: Kind
    where: str
    said: Json
    evidence_at: tuple[str, ...] = ()


@dataclass(slots=True)
class Document:
    """A document's entries, in an order in which things come before those that refer to them.

    `problems`: what is wrong with it. `faulty`: the ids of entries that are left out because of a problem. `says`: for each
    kind of thing, the fields that the document has a place for; other fields keep the value that they have in the ledger.
    `made`: the ids of facts that had none in the document, and were given one. `written_at`: position and hash of the last
    record when the document was written, if it says so; where it differs from what held then, it was edited.
    `continued`: the ids of citations in the ledger that came from an earlier state of the same rows; one of them may have
    been given another source since.

    A document may be one part of a JSON Lines file. Then `goes_on` is true for all parts but the first, `lines` maps each
    place to the line itself, and `size` is the number of bytes of the file up to the end of the part.
    """

    name: str
    defaults: Defaults = field(default_factory=Defaults)
    entries: list[Entry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)
    says: Mapping[str, frozenset[str]] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    written_at: tuple[int, str] | None = None
    continued: frozenset[str] = frozenset()
    goes_on: bool = False
    size: int = 0
    lines: dict[str, bytes] = field(default_factory=dict)
