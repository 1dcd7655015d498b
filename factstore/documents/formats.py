"""The formats of documents, read into plain values with their lines: YAML, JSON, JSON Lines, CSV.

Also the grammar of lists and mappings that are given in a cell or as an option.

All scalars are read as text, so that no date turns into a number on the way. A document that is nested too deeply, or grows
through aliases, is refused before it fills the memory.
"""

from __future__ import annotations

import csv
import io
import json
import re
from codecs import BOM_UTF8
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import Any

import yaml

from factstore.errors import DocumentError, InputError
from factstore.evidence.chains import links
from factstore.ledger.fields import named_people
from factstore.plain import Json, JsonObject

DEEPEST = 40
#: The most values in a YAML document; each takes some hundred bytes while it is read.
MOST = 4_000_000
#: The most that aliases may repeat, counting one for each value and one for each of its characters. A longer document may
#: repeat as much as its own length in characters.
REPEATED = 1_000_000
#: How many characters to scan for nesting after the last event before PyYAML fails; it reads about a thousand ahead.
AHEAD = 10_000
DELIMITERS = ",;\t"

#: Characters that YAML does not allow: controls, halves of surrogate pairs, noncharacters.
_NO_YAML = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: An event of the YAML parser; of some kinds it has an anchor, and all have marks.
Event = Any
#: The keys and places in lists that lead to a value.
Keys = tuple[str | int, ...]
#: The line of each value, or its cell, by its path; some formats do not have them all.
Lines = dict[Keys, int | str]


def read_yaml(content: str, name: str) -> tuple[Json, Lines]:
    """A YAML document with all scalars as text, and the line of each value. Raises DocumentError."""
    reader = _YamlReader(content, name)
    try:
        value = reader.read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if mark and reader.opens_too_deep(mark.index):
            raise _too_deep(name) from None
        line = f"{mark.line + 1}: " if mark else " "
        raise DocumentError([f"{name}:{line}this is not YAML: {error.problem or error.context}"]) from None
    except DocumentError:
        raise
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentError([_unreadable(content, name, error)]) from None
    if reader.problems:
        raise DocumentError(reader.problems)
    return value, reader.lines


class _YamlReader:
    """Plain values built from YAML's events, since composing nodes in C overflows the stack if nesting is deep."""

    def __init__(self, content: str, name: str) -> None:
        self.lines: Lines = {}
        self.problems: list[str] = []
        self._name = name
        self._content = content
        self._depth = 0
        self._reached = 0
        self._events = yaml.parse(content, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        self._anchors: dict[str | None, tuple[Json, int]] = {}
        self._read = 0
        self._left = max(REPEATED, len(content))

    def read(self) -> Json:
        found = []
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                found.append(self._value(event, ()))
                if len(found) == 2:
                    self._complain(event, "a second document begins here; a file can have only one")
        if not found:
            raise DocumentError([f"{self._name}: it is empty"])
        return found[0]

    def opens_too_deep(self, index: int) -> bool:
        """Whether PyYAML failed at an index because of brackets nested deeper than we allow, ahead of the values read so far.

        It reads a line's brackets before it emits their events, and has its own limit for nesting.
        """
        depth = self._depth
        with suppress(yaml.YAMLError):
            ahead = self._content[self._reached : min(index, self._reached + AHEAD)]
            for token in yaml.scan(ahead, Loader=yaml.BaseLoader):
                depth += isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken)
                depth -= isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken)
                if depth > DEEPEST:
                    return True
        return False

    def _complain(self, event: Event, problem: str) -> None:
        self.problems.append(f"{self._name}:{event.start_mark.line + 1}: {problem}")

    def _value(self, event: Event, path: Keys) -> Json:
        if len(path) > DEEPEST:
            raise _too_deep(self._name)
        self._depth, self._reached = len(path), event.end_mark.index
        if len(self.lines) + len(self.problems) > MOST:
            raise DocumentError([f"{self._name}: it has more than {MOST:,} values; split it, or write JSON Lines"])
        self.lines[path] = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            value, size = self._anchors.get(event.anchor, ("", 0))
            if not size:
                self._complain(event, f"*{event.anchor} refers to nothing that is complete above it")
            # The value is repeated, so its size counts again, also within another value that is repeated.
            self._read += size
            self._left -= size
            if self._left < 0:
                raise _too_deep(self._name)
            return value
        before = self._read
        self._read += 1
        value = self._inside(event, path)
        if event.anchor:
            self._anchors[event.anchor] = value, self._read - before
        return value

    def _inside(self, event: Event, path: Keys) -> Json:
        if isinstance(event, yaml.ScalarEvent):
            self._read += len(event.value)
            return event.value
        if isinstance(event, yaml.SequenceStartEvent):
            several: list[Json] = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                several.append(self._value(event, (*path, len(several))))
            return several
        found: JsonObject = {}
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            word = self._value(key, (*path, "?"))
            word = word if isinstance(word, str) else "?"
            if word in found:
                self._complain(key, f"{word} appears twice")
            found[word] = self._value(next(self._events), (*path, word))
        return found


def _unreadable(content: str, name: str, error: Exception) -> str:
    """A message for a YAML error that has no place: with the line, if the cause is a character that YAML does not allow."""
    found = _NO_YAML.search(content)
    if not found:
        return f"{name}: this is not YAML: {str(error).splitlines()[0]}"
    line = content.count("\n", 0, found.start()) + 1
    return f"{name}:{line}: this is not YAML: it contains U+{ord(found[0]):04X}"


def _too_deep(name: str) -> DocumentError:
    return DocumentError([f"{name}: it is nested too deeply, or repeats itself through aliases without end"])


def _unique(pairs: list[tuple[str, Json]]) -> JsonObject:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"{next(key for turn, key in enumerate(keys) if key in keys[:turn])} appears twice")
    return found


def _no_constant(word: str) -> Json:
    raise ValueError(f"{word} is not JSON")


_JSON = json.JSONDecoder(object_pairs_hook=_unique, parse_int=str, parse_float=str, parse_constant=_no_constant)


def json_value(content: str) -> Json:
    """JSON with all scalars as text, as in the other formats; null counts as absent."""
    return _JSON.decode(content)


def read_json(content: str, name: str) -> tuple[Json, Lines]:
    """A JSON document with all scalars as text; its lines are not known. Raises DocumentError."""
    try:
        return json_value(content), {}
    except json.JSONDecodeError as error:
        raise DocumentError([f"{name}:{error.lineno}: this is not JSON: {error.msg}"]) from None
    except ValueError as error:
        raise DocumentError([f"{name}: {error}"]) from None
    except RecursionError:
        raise _too_deep(name) from None


def one_of(line: bytes, keys: Collection[str]) -> tuple[str, Json]:
    """The single key of a line of JSON Lines, one of `keys`, and its value. Raises ValueError with what is wrong."""
    try:
        found = json_value(line.removeprefix(BOM_UTF8).decode())
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    except ValueError as error:
        raise ValueError(f"this is not JSON: {getattr(error, 'msg', error)}") from None
    if not isinstance(found, dict) or len(found) != 1 or not found.keys() <= {*keys}:
        raise ValueError('a line must be an object with one key: {"fact": …}, "source", "speaker" or "ordering"')
    return found.popitem()


def csv_rows(content: str, name: str, known: Collection[str]) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, each with its first line. Raises DocumentError."""
    top = next((line for line in io.StringIO(content) if line.strip()), "")
    delimiter = max(DELIMITERS, key=lambda sign: sum(cell.strip(' "\n').lower() in known for cell in top.split(sign)))
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


# --- lists and mappings --------------------------------------------------------------------------------------

#: The fields that are lists, and those that are mappings, each with an example.
LISTS = ("tags", "aliases", "attribution", "participants", "files")
MAPPINGS = {
    "attributes": '{"length": "an hour"}',
    "gap": '{"min": "P3D", "max": "P3D"}',
    "lasts": '{"min": "PT2H", "max": "P3D"}',
}
_AMBIGUOUS = re.compile("[,;]")


def several(given: Iterable[str], field: str, label: str = "") -> list[Json]:
    """The values of a list, each given as itself or several as a JSON list; a chain may be given with arrows between links.

    A participant is a name or a JSON object, a file a JSON object. Raises InputError, beginning with the label and with an
    example, if it is unclear whether a text is one value or several.
    """
    values = [value for word in given for value in _values(word.strip(), field, label or field)]
    return named_people(values) if field == "participants" else values


def _values(word: str, field: str, label: str) -> Iterator[Json]:
    if word.startswith("[") or (word.startswith("{") and field in ("participants", "files")):
        found = _json(word, label)
        if found is None:
            raise InputError(f"{label}: {_cut(word)!r} is not JSON; a list is written {_example(word)}")
        yield from found if isinstance(found, list) else [found]
        return
    for part in links(word) if field == "attribution" else [word]:
        if _AMBIGUOUS.search(part):
            one = json.dumps([_cut(part)], ensure_ascii=False)
            raise InputError(
                f"{label}: {_cut(part)!r} may be one value or several; write several as {_example(part)}, one as {one}"
            )
        if part:
            yield part


def _example(words: str) -> str:
    """A JSON list of the values that were probably meant."""
    parts = (part.strip(" \"'[]{}") for part in _AMBIGUOUS.split(_cut(words)))
    return json.dumps([part for part in parts if part] or ["a", "b"], ensure_ascii=False)


def _cut(words: str) -> str:
    return words if len(words) <= 100 else f"{words[:99]}…"


def mapping(word: str, field: str, label: str = "") -> JsonObject:
    """A mapping given in JSON; for a gap or a length, a single duration is both minimum and maximum.

    Raises InputError, beginning with the label and with an example.
    """
    label = label or field
    if field in ("gap", "lasts") and word.startswith("P"):
        return {"min": word, "max": word}
    found = _json(word, label)
    if not isinstance(found, dict):
        raise InputError(f"{label}: it must be a mapping in JSON, such as {MAPPINGS[field]}, not {_cut(word)!r}")
    return found


def is_plain(value: str, field: str) -> bool:
    """Whether a value, written without JSON, is read as a list of that value alone."""
    try:
        return several([value], field) == several([json.dumps([value])], field)
    except InputError:
        return False


def _json(word: str, label: str) -> Json:
    """A value given in JSON; None if it is not JSON."""
    try:
        found = json_value(word)
        if not _too_nested(found, DEEPEST):
            return found
    except RecursionError:
        pass
    except ValueError:
        return None
    raise InputError(f"{label}: it is nested too deeply")


def _too_nested(value: Json, levels: int) -> bool:
    """Whether a value has more levels than that below it."""
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_too_nested(one, levels - 1) for one in held)
