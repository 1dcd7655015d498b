"""Documents as people write them, read into entries.

Every problem of a document is found, and says where it stands; nothing that a document holds is ever opened, fetched or run.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from itertools import chain, count
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Literal, Self, TypeVar

from anyascii import anyascii
from pydantic import AfterValidator, BaseModel, Field, ValidationError, field_validator, model_validator

from factstore.dates.edtf import Edtf
from factstore.dates.given import date_text
from factstore.documents.formats import (
    DEEPEST,
    LISTS,
    MAPPINGS,
    Lines,
    csv_rows,
    mapping,
    one_of,
    read_json,
    read_yaml,
    several,
)
from factstore.errors import DateError, DocumentError, InputError
from factstore.evidence.stances import Stance
from factstore.ledger.canonical import sha256
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
from factstore.ledger.kinds import FIELDS
from factstore.reasoning.relations import RELATIONS

LARGEST = 64 * 2**20
#: So many lines of JSON Lines are read at a time.
LINES = 1000
_SUFFIXES = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv"}

Kind = Literal["source", "speaker", "fact", "ordering"]


# --- entries ------------------------------------------------------------------------------------------------

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


_ENTRIES: dict[str, type[BaseModel]] = {
    "source": SourceEntry,
    "speaker": SpeakerEntry,
    "fact": FactEntry,
    "ordering": OrderingEntry,
}
_SECTIONS: dict[str, Kind] = {"sources": "source", "speakers": "speaker", "facts": "fact", "orderings": "ordering"}


@dataclass(frozen=True, slots=True)
class Entry:
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


# --- reading ------------------------------------------------------------------------------------------------


def parse(content: str | Mapping[str, Any], name: str, kind: str | None = None) -> Document:
    """Read a document that is to have no problems: DocumentError tells every one of them."""
    document = read(content, name, kind)
    if document.problems:
        raise DocumentError(document.problems)
    return document


def read(content: str | Mapping[str, Any], name: str, kind: str | None = None) -> Document:
    """Read a document. `kind` is yaml, json, jsonl or csv; left out, the name's ending tells.

    What is wrong with its entries stands in the document's `problems`, each naming the file and the line or the field; a
    document that cannot be read at all raises DocumentError.
    """
    if isinstance(content, Mapping):
        return collect(dict(content), {}, name)
    if len(content) > LARGEST:
        raise too_large(name)
    kind = kind or kind_of(name)
    if kind == "jsonl":
        lines = content.encode("utf-8", "surrogatepass").splitlines(keepends=True)
        return next(line_parts(lines, name, len(lines)), Document(name))
    content = content.removeprefix("\ufeff").replace("\r\n", "\n")
    if kind == "csv":
        return _read_csv(content, name)
    return collect(*(read_yaml if kind == "yaml" else read_json)(content, name), name)


def read_parts(
    path: str | os.PathLike[str], kind: str | None = None, *, lines: int = LINES
) -> Sequence[Document] | Iterator[Document]:
    """A file's document in the parts in which it is loaded: JSON Lines so many lines at a time, any other format whole.

    Raises InputError where the file cannot be read; of JSON Lines, when the first part is asked for.
    """
    name = os.fspath(path)
    kind = kind or kind_of(name)
    return _file_parts(name, lines) if kind == "jsonl" else [read_file(path, kind)]


def _file_parts(name: str, most: int) -> Iterator[Document]:
    with _opened(name) as file:
        yield from line_parts(iter(lambda: file.readline(LARGEST + 1), b""), name, most)


def line_parts(lines: Iterable[bytes], name: str, most: int = LINES) -> Iterator[Document]:
    """JSON Lines in documents of at most so many lines each; none is kept once the next is asked for.

    What is referred to comes before what refers to it, and defaults before all that they are for.
    """
    document, seen, size = Document(name), _Seen(), 0
    for number, line in enumerate(lines, start=1):
        if len(document.lines) == most:
            yield document
            document, seen = Document(name, document.defaults, goes_on=True), _Seen()
        where = f"{name}:{number}"
        if len(line) > LARGEST:
            raise too_large(where)
        document.size = size = size + len(line)
        if not line.strip():
            continue
        document.lines[where] = line
        try:
            kind, raw = one_of(line, {*_ENTRIES, "defaults"})
        except ValueError as error:
            document.problems.append(f"{where}: {error}")
            continue
        places = {(0,): number}
        if kind != "defaults":
            _take(document, seen, kind, raw, (0,), places)
        elif document.goes_on or len(document.lines) > 1:
            document.problems.append(f"{where}: defaults stand on the first line, before what they are for")
        elif defaults := _entry(Defaults, raw, name, places, (0,), kind, document.problems):
            document.defaults = defaults
    if document.lines:
        yield document


def read_file(path: str | os.PathLike[str], kind: str | None = None) -> Document:
    """A file's document. `kind` is yaml, json, jsonl or csv; left out, the name's ending tells."""
    name = os.fspath(path)
    return read(_decoded(name), name, kind or kind_of(name))


def read_text(path: str | os.PathLike[str]) -> str:
    """A file's text to be archived: every character of it, line ends and byte order mark too."""
    name = os.fspath(path)
    return check_text(_decoded(name), name)


def check_text(content: str, name: str) -> str:
    """A text that can be archived. Raises InputError for one that says nothing, or is no text."""
    if "\0" in content:
        raise InputError(f"{name}: it holds U+0000, which no text does")
    if not content.strip():
        raise InputError(f"{name}: it holds no text")
    try:
        content.encode()
    except UnicodeEncodeError:
        raise InputError(f"{name}: it holds half of a surrogate pair, which is not UTF-8") from None
    return content


def _decoded(name: str) -> str:
    try:
        with _opened(name) as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise too_large(name)
        return content.decode()
    except UnicodeDecodeError:
        raise InputError(f"{name}: it is not UTF-8 text") from None


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """A file's bytes. Raises InputError where they cannot be read."""
    try:
        keepable(name)
    except ValueError as error:
        raise InputError(f"{name!r} is no file's name: {error}") from None
    try:
        with Path(name).open("rb") as file:
            yield file
    except OSError as error:
        raise InputError(f"{name}: {(error.strerror or 'it cannot be read').lower()}") from None


def too_large(name: str) -> DocumentError:
    """What is said of a document of more than LARGEST bytes."""
    return DocumentError([f"{name}: it is larger than {LARGEST // 2**20} MiB; split it"])


def kind_of(name: str) -> str:
    """The format that a file's name ends in; YAML, of which JSON is a part, where it doesn't tell."""
    return next((kind for suffix, kind in _SUFFIXES.items() if name.lower().endswith(suffix)), "yaml")


FACT_COLUMNS = ("id", *FIELDS["fact"])
EVIDENCE_COLUMNS = (
    "source",
    "quote",
    "prefix",
    "suffix",
    "locator",
    "stance",
    "attribution",
    "said",
    "hedge",
    "unnamed",
)


def _read_csv(content: str, name: str) -> Document:
    """Facts, one a row, or, where rows bear the same id, one with a piece of evidence from each. Headers are document keys.

    A row without an id gets one from its title, and from all that it says where another row has that. A cell for several
    holds one, or a list in JSON; attributes are a mapping in JSON. A column that is not there says nothing of what the ledger
    holds. Cells are parted by commas, semicolons or tabs, whichever the headers are.
    """
    rows = csv_rows(content, name, {*FACT_COLUMNS, *EVIDENCE_COLUMNS})
    if not rows:
        return Document(name)
    headers = [header.strip().lower() for header in rows[0][1]]
    known = (*FACT_COLUMNS, *EVIDENCE_COLUMNS)
    top = f"{name}:{rows[0][0]}"
    problems = [f"{top}: {_unknown(header, known)}" for header in headers if header not in known]
    problems += [f"{top}: there are two columns {header}" for header in set(headers) if headers.count(header) > 1]
    if "title" not in headers:
        problems.append(f"{top}: there is no column title")
    facts: dict[str, dict[str, Any]] = {}
    lines: Lines = {}
    turns: dict[str, int] = {}
    ids = _Ids(row[headers.index("id")] for _, row in rows[1:] if "id" in headers[: len(row)])
    for number, row in rows[1:]:
        if len(row) > len(headers):
            problems.append(f"{name}:{number}: the row has {len(row)} cells, and there are {len(headers)} columns")
            continue
        # What stands beside a quote may begin or end in a space.
        given = zip(headers, row, strict=False)
        cells = {key: cell if key in ("prefix", "suffix") else cell.strip() for key, cell in given if cell.strip()}
        values: dict[str, Any] = {"id": cells.get("id") or ids.made_of(cells), **cells}
        for key in (*LISTS, *MAPPINGS):
            label = f"{name}:{number}: {key} of {values['id']}"
            try:
                if key in values:
                    values[key] = several([cells[key]], key, label) if key in LISTS else mapping(cells[key], key, label)
            except InputError as error:
                problems.append(str(error))
        fact = {key: values[key] for key in FACT_COLUMNS if key in values}
        evidence = {key: values[key] for key in EVIDENCE_COLUMNS if key in values}
        if fact["id"] not in facts:
            turns[fact["id"]] = len(facts)
            lines["facts", len(facts)] = number
            facts[fact["id"]] = fact | {"evidence": []}
        held = facts[fact["id"]]
        if {**held, "evidence": 0} != {**fact, "evidence": 0}:
            problems.append(
                f"{name}:{number}: {fact['id']} stands in an earlier row and says something else there; rows with one id are "
                "one fact, and another has another id"
            )
        if evidence:
            lines["facts", turns[fact["id"]], "evidence", len(held["evidence"])] = number
            held["evidence"].append(evidence)
    if problems:
        raise DocumentError(problems)
    document = collect({"facts": list(facts.values())}, lines, name)
    document.made = ids.made
    document.says = {
        kind: frozenset(column for column in columns if column in headers)
        for kind, columns in (("fact", FACT_COLUMNS), ("citation", EVIDENCE_COLUMNS))
    }
    return document


class _Ids:
    """The ids of a sheet's rows: those that are given, and those that are made for the rest, which differ from them."""

    def __init__(self, given: Iterable[str]) -> None:
        self._taken = {cell.strip() for cell in given}
        self.made: set[str] = set()

    def made_of(self, cells: Mapping[str, str]) -> str:
        """An id for a row: its title's, else with a print of all that it says, else with a number as well."""
        slug = slug_of(cells.get("title", ""))
        printed = f"{slug}-{sha256(json.dumps(cells, sort_keys=True))[:8]}"
        numbered = (f"{printed}-{number}" for number in count(2))
        found = next(name for name in chain((slug, printed), numbered) if name not in self._taken)
        self._taken.add(found)
        self.made.add(found)
        return found


def slug_of(title: str) -> str:
    """A readable id made of a title's words: lower-case ASCII, at most 60 characters, whole words.

    Other scripts are transliterated; a title without a letter or a digit gives an id of its own all the same.
    """
    plain = re.sub("['’`\"]", "", anyascii(re.sub("['’]", "", title))).lower()
    words = re.findall(r"[a-z0-9]+", plain)
    if not words:
        words = ["fact", sha256(title.encode(errors="replace").decode())[:8]] if title.strip() else ["fact"]
    if not words[0][0].isalpha():
        words.insert(0, "fact")
    slug = str(words[0][:60])
    for word in words[1:]:
        if len(slug) + len(word) >= 60:
            break
        slug += f"-{word}"
    return slug


# --- entries out of plain values ----------------------------------------------------------------------------


#: By each id of a document, what bears it.
_Seen = dict[str | None, str]


def collect(value: Any, lines: Lines, name: str) -> Document:
    """The document that a mapping of sections is; what is wrong with it stands in its `problems`, by `lines` where known.

    Raises DocumentError where it is no mapping.
    """
    document = Document(name)
    problems = document.problems
    if not isinstance(value, dict):
        raise DocumentError([f"{name}: a document is a mapping of defaults, sources, speakers, facts and orderings"])
    for key in value:
        if key not in (*_SECTIONS, "defaults"):
            problems.append(f"{_at(name, lines, (key,))}: {_unknown(str(key), (*_SECTIONS, 'defaults'))}")
    defaults = _entry(Defaults, value.get("defaults") or {}, name, lines, ("defaults",), "defaults", problems)
    if defaults:
        document.defaults = defaults
    seen = _Seen()
    for section, kind in _SECTIONS.items():
        held = value.get(section) or []
        if not isinstance(held, list):
            problems.append(f"{_at(name, lines, (section,))}: {section} is a list")
            continue
        for place, raw in enumerate(held):
            _take(document, seen, kind, raw, (section, place), lines)
    return document


def _take(document: Document, seen: _Seen, kind: Any, raw: Any, path: tuple[Any, ...], lines: Lines) -> None:
    """Take one entry into a document, or note what is wrong with it."""
    name, problems = document.name, document.problems
    said = _entry(_ENTRIES[kind], raw, name, lines, path, kind, problems)
    if said is None:
        identity = raw.get("id") if isinstance(raw, dict) else None
        document.faulty.add(identity if isinstance(identity, str) else "")
        return
    where = _at(name, lines, path)
    evidence: Sequence[EvidenceEntry] = getattr(said, "evidence", ())
    places = tuple(_at(name, lines, (*path, "evidence", turn)) for turn in range(len(evidence)))
    called = [(cited.id, "evidence", place) for cited, place in zip(evidence, places, strict=True)]
    for identity, what, place in [(getattr(said, "id", None), kind, where), *called]:
        if identity in seen:
            problems.append(f"{place}: the id {identity} is taken: {seen[identity]}")
        elif identity is not None:
            seen[identity] = f"{what} at {place}"
    # Where lines are not known, the number that is told anyway says as much.
    document.entries.append(Entry(kind, where, said, places if lines else ()))


Read = TypeVar("Read", bound=BaseModel)


def _entry(
    model: type[Read], raw: Any, name: str, lines: Lines, path: tuple[Any, ...], kind: str, problems: list[str]
) -> Read | None:
    if not isinstance(raw, dict):
        problems.append(f"{_at(name, lines, path)}: a {kind} is a mapping of fields")
        return None
    try:
        given = _present(raw, 0)
    except RecursionError:
        problems.append(f"{_at(name, lines, path)}: it is nested too deeply")
        return None
    if model is OrderingEntry:
        for key in ("fact", "other"):
            if isinstance(given.get(key), str):
                given[key] = [given[key]]
    try:
        return model.model_validate(given)
    except ValidationError as error:
        called = raw.get("id") if isinstance(raw.get("id"), str) else ""
        for fault in error.errors():
            place = fault["loc"]
            spot = _at(name, lines, (*path, *place))
            label = _dotted(place)
            of = f" of {called}" if called else ""
            problems.append(f"{spot}: {label}{of}: {_fault(fault, model, place)}")
        return None


def _present(value: Any, depth: int) -> Any:
    """Without what is empty: an empty cell or key says nothing. Raises RecursionError where it is nested too deeply."""
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(value, dict):
        return {
            key: held if type(held) is str else _present(held, depth + 1)
            for key, held in value.items()
            if held or held == 0
        }
    if isinstance(value, list):
        return [held if type(held) is str else _present(held, depth + 1) for held in value]
    if isinstance(value, date):
        return date_text(value)
    return str(value).lower() if isinstance(value, bool) else value


def _fault(fault: Any, model: type[BaseModel], place: tuple[Any, ...]) -> str:
    """A validation error in our words."""
    kind, given = fault["type"], fault.get("input")
    if kind == "missing":
        return "it is missing"
    if kind == "extra_forbidden":
        inner: Any = model
        for part in place[:-1]:
            if isinstance(part, str):
                inner = EvidenceEntry if part == "evidence" else inner
        return _unknown(str(place[-1]), tuple(inner.model_fields))
    if kind == "string_type" and isinstance(given, list | dict):
        return 'a text is asked for; put quotes round it, as in "[2018-03-29..2018-04-01]"'
    if kind == "string_type":
        return f"a text is asked for, not {given!r}"
    if kind == "string_pattern_mismatch":
        return f"{given!r} is no id: lower-case letters and digits parted by hyphens, a letter first"
    if kind == "string_unicode":
        return "it holds half of a surrogate pair, which the ledger cannot keep"
    if kind == "string_too_short":
        return "it is empty"
    if kind == "string_too_long":
        return f"it is too long ({len(str(given))} characters)"
    if kind == "literal_error":
        return f"{given!r} is none of {fault['ctx']['expected']}".replace("'", "")
    if kind in ("list_type", "dict_type", "model_type", "model_attributes_type"):
        return f"a {'list' if kind == 'list_type' else 'mapping'} is asked for, not {given!r}"
    if kind == "value_error":
        error = fault["ctx"]["error"]
        return f"{error}{in_words(given, place[-1])}" if isinstance(error, DateError) else str(error)
    return str(fault["msg"])


def in_words(given: Any, key: str = "") -> str:
    """What to do with a date that is given in words; nothing, where it is no date or not in words."""
    if key not in ("when", "said", "published", "retrieved", "") or not re.search(r"[^\W\d_X]{3,}", str(given)):
        return ""
    command = f"`factstore date --anchor DAY {shlex.quote(given)}` gives the EDTF"
    if key == "when":
        return f" The words go into phrase, and when: {AS_WRITTEN} reads them, seen from the anchor; {command}."
    return f" For words, {command}."


def _unknown(key: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(key, known, n=1)
    return f"there is no field {key!r}" + (f"; did you mean {near[0]}?" if near else f" (there are {', '.join(known)})")


def _at(name: str, lines: Lines, path: tuple[Any, ...]) -> str:
    """Where a value stands: file and line, or file and field where lines are not known."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return f"{name}:{lines[path[:length]]}"
    spot = _dotted(path)
    return f"{name}: {spot}" if spot else name


def _dotted(path: tuple[Any, ...]) -> str:
    """A field inside others; places in lists are counted from 1."""
    return ".".join(str(part + 1 if isinstance(part, int) else part) for part in path)
