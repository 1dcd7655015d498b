"""The fields of each kind of thing, which payloads are made of, and the values that they take."""

from __future__ import annotations

from collections.abc import Container
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from factstore.dates.edtf import Edtf
from factstore.dates.ticks import gap_bounds, length_bounds, parse_zone
from factstore.errors import DateError
from factstore.evidence.stances import Check, Stance
from factstore.ledger.canonical import FORBIDDEN, INTEGER_LIMIT
from factstore.plain import Json, JsonObject
from factstore.units import Position


def _edtf(text: str) -> str:
    return Edtf(text).text


def keepable(text: str) -> str:
    """The text itself. Raises ValueError if the ledger cannot hold it."""
    # Most texts are ASCII, which Python knows without reading them.
    if "\0" in text if text.isascii() else FORBIDDEN.search(text):
        raise ValueError("it contains U+0000 or half of a surrogate pair, which a ledger cannot hold")
    return text


def _zone(text: str) -> str:
    parse_zone(text)
    return text


def _plain(text: str) -> str:
    if not Edtf(text).is_plain:
        raise DateError(f"an anchor must be one plain day, not {text}", text=text, part=text)
    return text


SLUG = r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(keepable)]
Slug = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$", max_length=200)]
# The id of a citation or ordering is a slug, or is derived from the things that it joins.
#: The most characters of an id.
LONGEST_ID = 800
CitationId = Annotated[
    str,
    StringConstraints(pattern=rf"^{SLUG}(?:\.[a-z-]+\.{SLUG})?(?:/{SLUG}/[1-9][0-9]*)?$", max_length=LONGEST_ID),
]
OrderingId = Annotated[str, StringConstraints(pattern=rf"^{SLUG}(?:\.[a-z-]+\.{SLUG})?$", max_length=600)]
Reference = Annotated[Position, Field(ge=1, lt=INTEGER_LIMIT)]
When = Annotated[str, AfterValidator(_edtf)]
Zone = Annotated[str, AfterValidator(_zone)]
PlainDate = Annotated[str, AfterValidator(_plain)]
#: A writer's own id for a request, so that repeating the request does not commit it twice.
RequestId = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,128}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

Relation = Literal[
    "before", "starts-before", "during", "intersects", "equals", "meets", "overlaps", "starts", "finishes"
]
Reason = Literal["extraction-error", "source-corrected", "new-evidence", "other"]
#: The text just before a quote and just after it.
Surrounding = Literal["prefix", "suffix"]


class Model(BaseModel):
    """Values that are checked when they are created, refuse unknown fields, and never change."""

    # Validators are built when first needed, since most processes read only one or two kinds of record.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    def plain(self, *, but: Container[str] = ()) -> JsonObject:
        """As a JSON mapping without absent fields, and without the fields `but`."""
        return {
            name: value if type(value) is str else _as_json(value)
            for name, value in self.__dict__.items()
            if (value or (value is not None and value != [] and value != {})) and name not in but
        }


def _as_json(value: Json) -> Json:
    """A value as JSON; mappings in it are without nulls."""
    if isinstance(value, BaseModel):
        return {name: _as_json(held) for name, held in value.__dict__.items() if held is not None}
    if isinstance(value, list):
        return [_as_json(held) for held in value]
    return {name: _as_json(held) for name, held in value.items()} if isinstance(value, dict) else value


class Participant(Model):
    """Somebody or something that took part in a fact."""

    name: Text
    role: Text | None = None


class Gap(Model):
    """The time from the end of the first to the start of the second, as ISO 8601 durations."""

    min: str | None = None
    max: str | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        gap_bounds(self.min, self.max)
        return self


class Lasts(Model):
    """The length of something from its start to its end, as ISO 8601 durations."""

    min: str | None = None
    max: str | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        length_bounds(self.min, self.max)
        return self


def whole_span(given: Json) -> Json:
    """A length as people write it; a single duration is both the least and the greatest."""
    return {"min": given, "max": given} if isinstance(given, str) else given


def named_people(given: Json) -> Json:
    """Participants as people write them: one without a role may be a bare name."""
    several = isinstance(given, list | tuple)
    return [{"name": one} if isinstance(one, str) else one for one in given] if several else given


class SourceFile(Model):
    """A file that contains a source: its name, the SHA-256 of its bytes, and its media type, such as application/pdf."""

    name: Text
    sha256: Sha256
    type: Text | None = None


def check_files(files: list[SourceFile]) -> list[SourceFile]:
    """Raises ValueError if two files of a source have the same name, since they are told apart by it."""
    names = [file.name for file in files]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"two files are named {twice!r}")
    return files


Files = Annotated[list[SourceFile], AfterValidator(check_files)]


class SourceFields(Model):
    """A document. `published` and `retrieved` are EDTF; `text` is the SHA-256 of its archived text.

    `attributes` are references such as exhibit, Bates range or docket; `files` are not kept in the ledger.
    """

    title: Text | None = None
    publisher: Text | None = None
    url: Text | None = None
    published: When | None = None
    retrieved: When | None = None
    text: Sha256 | None = None
    seen_through: Reference | None = None
    attributes: dict[Text, Text] = Field(default_factory=dict)
    files: Files = Field(default_factory=list)


class SpeakerFields(Model):
    """Somebody who speaks; `of` is the position of the speaker on whose behalf they speak."""

    name: Text
    aliases: list[Text] = Field(default_factory=list)
    of: Reference | None = None


class FactFields(Model):
    """Something that happened, or is said to have happened."""

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
    """Raises ValueError if a length is impossible with a date, given as EDTF."""
    date = Edtf(when)
    if date.text[0] == "{":
        raise ValueError(f"lasts needs a date that is one stretch of time, not {date}")
    if lasts.max and (date.open_start or date.open_end):
        raise ValueError(f"a date without a start or an end, as {date}, has no greatest length: leave lasts.max out")


class CitationFields(Model):
    """One piece of evidence. `source` is a position, and so are whole numbers in `attribution`."""

    source: Reference
    quote: Text | None = None
    prefix: str | None = None
    suffix: str | None = None
    start: Annotated[int, Field(ge=0, lt=INTEGER_LIMIT)] | None = None
    end: Annotated[int, Field(ge=0, lt=INTEGER_LIMIT)] | None = None
    check: Check | None = None
    locator: Text | None = None
    stance: Stance = "asserts"
    attribution: list[Reference | Text] = Field(default_factory=list)
    when: When | None = None
    phrase: Text | None = None
    said: When | None = None
    hedge: Text | None = None
    unnamed: Text | None = None


class OrderingFields(Model):
    """`a RELATION b`; both are positions of facts."""

    a: Reference
    relation: Relation
    b: Reference
    phrase: Text | None = None
    gap: Gap | None = None

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if self.a == self.b:
            raise ValueError("a fact cannot be ordered with itself")
        if self.gap and self.relation != "before":
            raise ValueError(f"a gap needs before or after, not {self.relation}")
        return self
