"""The entries of a document: what each may say, and the document that they make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NamedTuple, Self

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
    whole_span,
)
from factstore.reasoning.relations import RELATIONS

Kind = Literal["source", "speaker", "fact", "ordering"]


_HASH = re.compile("[0-9a-f]{64}")


_LIKE_HASH = re.compile("[0-9A-Fa-f]{32,128}")


_LIKE_PATH = re.compile(
    r"(?:[a-z]+://\S+|(?:[^\n]*[/\\])?[^\n/\\]*\.(?:txt|text|md|markdown|html?|pdf|docx?|odt|rtf|json))", re.I
)


def _archived(content: str) -> str:
    """A source's text to the letter, or its SHA-256. Neither is ever taken for a path."""
    plain = content.strip()
    if not plain:
        raise ValueError("it holds no text")
    if _LIKE_HASH.fullmatch(plain):
        if not _HASH.fullmatch(plain.lower()):
            raise ValueError(f"a SHA-256 has 64 hexadecimal digits, and this has {len(plain)}")
        return plain.lower()
    if _LIKE_PATH.fullmatch(plain):
        raise ValueError(f"it is the text itself, or its SHA-256; --text ID={plain} takes it from a file")
    return keepable(content)


def is_hash(text: str) -> bool:
    """Whether a source's `text` is the SHA-256 of one."""
    return _HASH.fullmatch(text) is not None


def can_stand_in_a_document(content: str) -> bool:
    """Whether a text is read as that same text where it stands in a document."""
    try:
        return not is_hash(_archived(content))
    except ValueError:
        return False


#: As the date of a fact or a citation: what its phrase says.
AS_WRITTEN = "as-written"


def _date(text: str) -> str:
    return text if text == AS_WRITTEN else Edtf(text).text


_Date = Annotated[str, AfterValidator(_date)]


Beside = Annotated[str, AfterValidator(keepable)]


#: `withdrawn: true` says that a thing counts in no answer; left out, it says nothing.
_Withdrawn = Literal["true"] | None


class SourceEntry(Model):
    """A source; `text` is the archived text itself or its SHA-256, `seen_through` the id of the source through which alone
    it was seen.
    """

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


class SpeakerEntry(SpeakerFields):
    """A speaker; `of` is the id of the speaker on whose behalf."""

    id: Slug
    of: Slug | None = None  # type: ignore[assignment]
    withdrawn: _Withdrawn = None


class EvidenceEntry(Model):
    """A citation, under a fact or an ordering. Names in `attribution` may be ids of sources and speakers."""

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


class FactEntry(FactFields):
    """A fact with its evidence; `lasts` may be one duration, at least and at most so long."""

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
    def _both(cls, given: Any) -> Any:
        return whole_span(given)


class OrderingEntry(Model):
    """An ordering, or several: each of `fact` stands in the relation to each of `other`."""

    id: OrderingId | None = None
    fact: list[Slug]
    relation: Literal[RELATIONS]  # type: ignore[valid-type]
    other: list[Slug]
    phrase: Text | None = None
    gap: Gap | None = None
    evidence: list[EvidenceEntry] = Field(default_factory=list)
    withdrawn: _Withdrawn = None


class Defaults(Model):
    """What entries leave out: of evidence, and of facts."""

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
    """One entry, where it stands, and what it says; and where each piece of its evidence stands."""

    kind: Kind
    where: str
    said: Any
    evidence_at: tuple[str, ...] = ()


@dataclass(slots=True)
class Document:
    """A document's entries in an order in which what is referred to comes first.

    `problems` tells what is wrong with it, and `faulty` are the ids of entries that are left out for it. `says` has the
    fields, by kind of thing, of which it can say anything; of others it says nothing, which takes no value away. `made` are
    ids of facts that it gave none.

    Of JSON Lines it may be a part, which `goes_on` from the part before: `lines` are its lines by where they stand, and
    `size` counts the bytes of the file up to its end.
    """

    name: str
    defaults: Defaults = field(default_factory=Defaults)
    entries: list[Entry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)
    says: Mapping[str, frozenset[str]] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    goes_on: bool = False
    size: int = 0
    lines: dict[str, bytes] = field(default_factory=dict)
