"""Documents as people write them, read into entries: YAML, JSON, JSON Lines, CSV.

Every scalar is read as text, so that no date turns into a number on the way. Every problem of a document is found
before any of it is used, and says where it stands; nothing that a document holds is ever opened, fetched or run.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from anyascii import anyascii
from pydantic import AfterValidator, BaseModel, ValidationError

from factstore.errors import DateError, DocumentError, InputError
from factstore.evidence import Stance
from factstore.network import RELATIONS
from factstore.records import (
    CitationId,
    FactFields,
    Gap,
    OrderingId,
    PlainDate,
    Slug,
    SpeakerFields,
    Text,
    When,
    Zone,
    _keepable,
    _Model,
    sha256,
)

LARGEST = 64 * 2**20
DEEPEST = 40
# No document has more values than characters, but aliases repeat values; so many are allowed to a small one as well.
REPEATED = 100_000
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
    return _keepable(content)


def is_hash(text: str) -> bool:
    """Whether a source's `text` is the SHA-256 of one."""
    return _HASH.fullmatch(text) is not None


def can_stand_in_a_document(content: str) -> bool:
    """Whether a text is read as that same text where it stands in a document."""
    try:
        return not is_hash(_archived(content))
    except ValueError:
        return False


Beside = Annotated[str, AfterValidator(_keepable)]

#: `withdrawn: true` says that a thing counts in no answer; left out, it says nothing.
_Withdrawn = Literal["true"] | None


class SourceEntry(_Model):
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
    withdrawn: _Withdrawn = None


class SpeakerEntry(SpeakerFields):
    """A speaker; `of` is the id of the speaker on whose behalf."""

    id: Slug
    of: Slug | None = None  # type: ignore[assignment]
    withdrawn: _Withdrawn = None


class EvidenceEntry(_Model):
    """A citation, under a fact or an ordering. Names in `attribution` may be ids of sources and speakers."""

    id: CitationId | None = None
    source: Slug | None = None
    quote: Text | None = None
    prefix: Beside | None = None
    suffix: Beside | None = None
    locator: Text | None = None
    stance: Stance | None = None
    attribution: list[Text] = []
    when: When | None = None
    phrase: Text | None = None
    said: When | None = None
    hedge: Text | None = None
    unnamed: Text | None = None
    withdrawn: _Withdrawn = None


class FactEntry(FactFields):
    id: Slug
    evidence: list[EvidenceEntry] = []
    withdrawn: _Withdrawn = None


class OrderingEntry(_Model):
    """An ordering, or several: each of `fact` stands in the relation to each of `other`."""

    id: OrderingId | None = None
    fact: list[Slug]
    relation: Literal[RELATIONS]  # type: ignore[valid-type]
    other: list[Slug]
    phrase: Text | None = None
    gap: Gap | None = None
    evidence: list[EvidenceEntry] = []
    withdrawn: _Withdrawn = None


class Defaults(_Model):
    """What entries leave out: of evidence, and of facts."""

    source: Slug | None = None
    stance: Stance | None = None
    attribution: list[Text] = []
    locator: Text | None = None
    said: When | None = None
    hedge: Text | None = None
    unnamed: Text | None = None
    zone: Zone | None = None
    anchor: PlainDate | None = None
    place: Text | None = None
    tags: list[Text] = []


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
    fields, by kind of thing, of which it can say anything; of others it says nothing, which takes no value away.
    """

    name: str
    defaults: Defaults = field(default_factory=Defaults)
    entries: list[Entry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)
    says: Mapping[str, frozenset[str]] = field(default_factory=dict)


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
        return _collect(dict(content), name, {})
    if len(content) > LARGEST:
        raise too_large(name)
    kind = kind or kind_of(name)
    content = content.removeprefix("\ufeff").replace("\r\n", "\n")
    if kind == "yaml":
        value, lines = _read_yaml(content, name)
    elif kind == "json":
        value, lines = _read_json(content, name), {}
    elif kind == "jsonl":
        value, lines = _read_jsonl(content, name)
    else:
        return _read_csv(content, name)
    return _collect(value, name, lines)


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
        with Path(name).open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise too_large(name)
        return content.decode()
    except UnicodeDecodeError:
        raise InputError(f"{name}: it is not UTF-8 text") from None
    except OSError as error:
        raise InputError(f"{name}: {(error.strerror or 'it cannot be read').lower()}") from None


def too_large(name: str) -> DocumentError:
    """What is said of a document of more than LARGEST bytes."""
    return DocumentError([f"{name}: it is larger than {LARGEST // 2**20} MiB; split it"])


def kind_of(name: str) -> str:
    """The format that a file's name ends in; YAML, of which JSON is a part, where it doesn't tell."""
    return next((kind for suffix, kind in _SUFFIXES.items() if name.lower().endswith(suffix)), "yaml")


_Lines = dict[tuple[Any, ...], int]
#: The key, which no document can have, of entries in an order of their own.
_IN_ORDER = 0


def _read_yaml(content: str, name: str) -> tuple[Any, _Lines]:
    reader = _YamlReader(content, name)
    try:
        value = reader.read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"{mark.line + 1}: " if mark else " "
        raise DocumentError([f"{name}:{line}this is not YAML: {error.problem or error.context}"]) from None
    except DocumentError:
        raise
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentError([f"{name}: this is not YAML: {str(error).splitlines()[0]}"]) from None
    if reader.problems:
        raise DocumentError(reader.problems)
    return value, reader.lines


class _YamlReader:
    """Plain values out of YAML's events, one by one: composing whole nodes in C overruns the stack where nesting is deep."""

    def __init__(self, content: str, name: str) -> None:
        self.lines: _Lines = {}
        self.problems: list[str] = []
        self._name = name
        self._events = yaml.parse(content, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        self._anchors: dict[str | None, tuple[Any, int]] = {}
        self._left = max(REPEATED, len(content))

    def read(self) -> Any:
        found = []
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                found.append(self._value(event, ()))
                if len(found) == 2:
                    self._complain(event, "a second document begins here; a file holds one")
        return found[0] if found else {}

    def _complain(self, event: Any, problem: str) -> None:
        self.problems.append(f"{self._name}:{event.start_mark.line + 1}: {problem}")

    def _spend(self, values: int, depth: int) -> None:
        self._left -= values
        if self._left < 0 or depth > DEEPEST:
            raise _too_deep(self._name)

    def _value(self, event: Any, path: tuple[Any, ...]) -> Any:
        left = self._left
        self._spend(1, len(path))
        self.lines[path] = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            # What an alias stands for is the same value again, and counts again.
            value, size = self._anchors.get(event.anchor, ("", 0))
            if not size:
                self._complain(event, f"*{event.anchor} stands for nothing that is complete above it")
            self._spend(size, len(path))
            return value
        value = self._inside(event, path)
        if event.anchor:
            self._anchors[event.anchor] = value, left - self._left
        return value

    def _inside(self, event: Any, path: tuple[Any, ...]) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        if isinstance(event, yaml.SequenceStartEvent):
            several: list[Any] = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                several.append(self._value(event, (*path, len(several))))
            return several
        found: dict[str, Any] = {}
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            word = self._value(key, (*path, "?"))
            word = word if isinstance(word, str) else "?"
            if word in found:
                self._complain(key, f"{word} stands here twice")
            found[word] = self._value(next(self._events), (*path, word))
        return found


def _too_deep(name: str) -> DocumentError:
    return DocumentError([f"{name}: it is nested too deeply, or repeats itself through aliases without end"])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key} stands here twice")
        found[key] = value
    return found


def _json(content: str) -> Any:
    """JSON with every scalar as text, as in the other formats; null is what is not there."""
    return json.loads(content, object_pairs_hook=_unique, parse_int=str, parse_float=str, parse_constant=_no_constant)


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def _read_json(content: str, name: str) -> Any:
    try:
        return _json(content)
    except json.JSONDecodeError as error:
        raise DocumentError([f"{name}:{error.lineno}: this is not JSON: {error.msg}"]) from None
    except ValueError as error:
        raise DocumentError([f"{name}: {error}"]) from None
    except RecursionError:
        raise _too_deep(name) from None


def _read_jsonl(content: str, name: str) -> tuple[Any, _Lines]:
    value: dict[Any, Any] = {"defaults": {}, _IN_ORDER: []}
    lines: _Lines = {}
    problems = []
    for number, line in enumerate(io.StringIO(content), start=1):
        if not line.strip():
            continue
        try:
            found = _json(line)
        except RecursionError:
            raise _too_deep(f"{name}:{number}") from None
        except ValueError as error:
            problems.append(f"{name}:{number}: this is not JSON: {getattr(error, 'msg', error)}")
            continue
        if not isinstance(found, dict) or len(found) != 1 or not {*found} <= {*_ENTRIES, "defaults"}:
            problems.append(
                f'{name}:{number}: a line is one object with one key: {{"fact": …}}, "source", "speaker" or "ordering"'
            )
            continue
        ((kind, entry),) = found.items()
        if kind == "defaults":
            value["defaults"] = entry
        else:
            lines[_IN_ORDER, len(value[_IN_ORDER])] = number
            value[_IN_ORDER].append((kind, entry))
    if problems:
        raise DocumentError(problems)
    return value, lines


_FACT_COLUMNS = ("id", "title", "when", "phrase", "anchor", "zone", "place", "participants", "tags", "attributes")
_EVIDENCE_COLUMNS = (
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
_DELIMITERS = ",;\t"


def _read_csv(content: str, name: str) -> Document:
    """Facts, one a row: headers are document keys. Several tags, people or links of a chain are parted by semicolons.

    A cell for several may be a list in JSON instead; attributes are a mapping in JSON. A column that is not there says
    nothing of what the ledger holds. Cells are parted by commas, semicolons or tabs, whichever the headers are.
    """
    rows = _csv_rows(content, name)
    if not rows:
        return Document(name)
    headers = [header.strip().lower() for header in rows[0][1]]
    known = (*_FACT_COLUMNS, *_EVIDENCE_COLUMNS)
    top = f"{name}:{rows[0][0]}"
    problems = [f"{top}: {_unknown(header, known)}" for header in headers if header not in known]
    problems += [f"{top}: there are two columns {header}" for header in set(headers) if headers.count(header) > 1]
    if "title" not in headers:
        problems.append(f"{top}: there is no column title")
    facts: dict[str, dict[str, Any]] = {}
    lines: _Lines = {}
    turns: dict[str, int] = {}
    for number, row in rows[1:]:
        if len(row) > len(headers):
            problems.append(f"{name}:{number}: the row has {len(row)} cells, and there are {len(headers)} columns")
            continue
        # What stands beside a quote may begin or end in a space.
        given = zip(headers, row, strict=False)
        cells = {key: cell if key in ("prefix", "suffix") else cell.strip() for key, cell in given if cell.strip()}
        fact: dict[str, Any] = {key: cells[key] for key in _FACT_COLUMNS if key in cells}
        fact.setdefault("id", slug_of(cells.get("title", "")))
        if "tags" in fact:
            fact["tags"] = _several(fact["tags"])
        if "participants" in fact:
            people = _several(fact["participants"])
            fact["participants"] = [{"name": person} if isinstance(person, str) else person for person in people]
        if "attributes" in fact:
            fact["attributes"] = _structured(fact["attributes"])
        evidence: dict[str, Any] = {key: cells[key] for key in _EVIDENCE_COLUMNS if key in cells}
        if "attribution" in evidence:
            evidence["attribution"] = _several(evidence["attribution"], "→")
        if fact["id"] not in facts:
            turns[fact["id"]] = len(facts)
            lines["facts", len(facts)] = number
            facts[fact["id"]] = fact | {"evidence": []}
        held = facts[fact["id"]]
        if {**held, "evidence": 0} != {**fact, "evidence": 0}:
            problems.append(f"{name}:{number}: {fact['id']} stands in an earlier row and says something else there")
        if evidence:
            lines["facts", turns[fact["id"]], "evidence", len(held["evidence"])] = number
            held["evidence"].append(evidence)
    if problems:
        raise DocumentError(problems)
    document = _collect({"facts": list(facts.values())}, name, lines)
    document.says = {
        kind: frozenset(column for column in columns if column in headers)
        for kind, columns in (("fact", _FACT_COLUMNS), ("citation", _EVIDENCE_COLUMNS))
    }
    return document


def _csv_rows(content: str, name: str) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line on which it begins."""
    top = next((line for line in io.StringIO(content) if line.strip()), "")
    known = {*_FACT_COLUMNS, *_EVIDENCE_COLUMNS}
    delimiter = max(_DELIMITERS, key=lambda sign: sum(cell.strip(' "\n').lower() in known for cell in top.split(sign)))
    reader = csv.reader(io.StringIO(content, newline=""), strict=True, delimiter=delimiter)
    rows = []
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DocumentError([f"{name}:{line}: this is not CSV: {error}"]) from None
    return rows


def _several(cell: str, mark: str = ";") -> Any:
    """What a cell for several holds: a JSON list where it is one, else parts, by semicolons or another mark."""
    listed = _structured(cell)
    return (
        listed
        if isinstance(listed, list)
        else [part.strip() for part in cell.replace(mark, ";").split(";") if part.strip()]
    )


def _structured(cell: str) -> Any:
    """A list or a mapping in JSON; what is none is left as it stands."""
    if cell[:1] not in ("[", "{"):
        return cell
    try:
        return _json(cell)
    except (ValueError, RecursionError):
        return cell


def slug_of(title: str) -> str:
    """A readable id made of a title's words: lower-case ASCII, at most 60 characters, whole words.

    Other scripts are transliterated; a title without a letter or a digit gives an id of its own all the same.
    """
    plain = re.sub("['’`\"]", "", anyascii(re.sub("['’]", "", title))).lower()
    words = re.findall(r"[a-z0-9]+", plain)
    if not words:
        words = ["fact", sha256(title)[:8]] if title.strip() else ["fact"]
    if not words[0][0].isalpha():
        words.insert(0, "fact")
    slug = str(words[0][:60])
    for word in words[1:]:
        if len(slug) + len(word) >= 60:
            break
        slug += f"-{word}"
    return slug


# --- entries out of plain values ----------------------------------------------------------------------------


def _collect(value: Any, name: str, lines: _Lines) -> Document:
    document = Document(name)
    problems = document.problems
    if not isinstance(value, dict):
        raise DocumentError([f"{name}: a document is a mapping of defaults, sources, speakers, facts and orderings"])
    for key in value:
        if key not in (*_SECTIONS, "defaults", _IN_ORDER):
            problems.append(f"{_at(name, lines, (key,))}: {_unknown(str(key), (*_SECTIONS, 'defaults'))}")
    defaults = _entry(Defaults, value.get("defaults") or {}, name, lines, ("defaults",), "defaults", problems)
    if isinstance(defaults, Defaults):
        document.defaults = defaults
    seen: dict[str | None, str] = {}
    for path, kind, raw in _raw_entries(value, name, lines, problems):
        said = _entry(_ENTRIES[kind], raw, name, lines, path, kind, problems)
        if said is None:
            document.faulty.add(str(raw.get("id")) if isinstance(raw, dict) else "")
            continue
        where = _at(name, lines, path)
        called: list[tuple[str | None, str, str]] = [(getattr(said, "id", None), kind, where)]
        for turn, cited in enumerate(getattr(said, "evidence", ())):
            called.append((cited.id, "evidence", _at(name, lines, (*path, "evidence", turn))))
        # Where lines are not known, the number that follows tells as much.
        places = tuple(place for _, _, place in called[1:]) if lines else ()
        for identity, what, place in called:
            if identity in seen:
                problems.append(f"{place}: the id {identity} is taken: {seen[identity]}")
            elif identity is not None:
                seen[identity] = f"{what} at {place}"
        document.entries.append(Entry(kind, where, said, places))
    return document


def _raw_entries(
    value: dict[Any, Any], name: str, lines: _Lines, problems: list[str]
) -> Iterator[tuple[tuple[Any, ...], Kind, Any]]:
    for place, (kind, raw) in enumerate(value.get(_IN_ORDER, ())):
        yield (_IN_ORDER, place), kind, raw
    for section, kind in _SECTIONS.items():
        held = value.get(section) or []
        if not isinstance(held, list):
            problems.append(f"{_at(name, lines, (section,))}: {section} is a list")
            continue
        for place, raw in enumerate(held):
            yield (section, place), kind, raw


Model = TypeVar("Model", bound=BaseModel)


def _entry(
    model: type[Model], raw: Any, name: str, lines: _Lines, path: tuple[Any, ...], kind: str, problems: list[str]
) -> Model | None:
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
            label = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
            of = f" of {called}" if called else ""
            problems.append(f"{spot}: {label}{of}: {_fault(fault, model, place)}")
        return None


def _present(value: Any, depth: int) -> Any:
    """Without what is empty: an empty cell or key says nothing. Raises RecursionError where it is nested too deeply."""
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(value, dict):
        return {key: _present(held, depth + 1) for key, held in value.items() if held not in ("", None, [], {})}
    if isinstance(value, list):
        return [_present(held, depth + 1) for held in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value


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
        return f" The words go into phrase, the day they are read against into anchor, and {command} for when."
    return f" For words, {command}."


def _unknown(key: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(key, known, n=1)
    return f"there is no field {key!r}" + (f"; did you mean {near[0]}?" if near else f" (there are {', '.join(known)})")


def _at(name: str, lines: _Lines, path: tuple[Any, ...]) -> str:
    """Where a value stands: file and line, or file and field where lines are not known."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return f"{name}:{lines[path[:length]]}"
    spot = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    return f"{name}: {spot}" if spot else name
