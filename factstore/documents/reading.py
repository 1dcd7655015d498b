"""Documents as people write them, read into entries.

All problems of a document are reported together, each with its place. Nothing that a document contains is ever opened,
fetched or run.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from factstore.arguments import checked
from factstore.documents import DocumentKind
from factstore.documents.collecting import ENTRIES, Seen, add_entry, collect, read_entry
from factstore.documents.entries import Defaults, Document
from factstore.documents.formats import Lines, one_of, read_json, read_yaml
from factstore.documents.tabular import read_csv
from factstore.errors import DocumentError, InputError
from factstore.ledger.fields import keepable
from factstore.plain import Json

LARGEST = 64 * 2**20
#: How many lines of JSON Lines are read at a time.
LINES = 1000
_SUFFIXES: dict[str, DocumentKind] = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
}
#: What `import` reads.
_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods", ".tsv")


@checked
def parse(content: str | Mapping[str, Json], name: str, kind: DocumentKind | None = None) -> Document:
    """Read a document. Raises DocumentError with all its problems, if it has any."""
    document = read(content, name, kind)
    if document.problems:
        raise DocumentError(document.problems)
    return document


def read(content: str | Mapping[str, Json], name: str, kind: DocumentKind | None = None) -> Document:
    """Read a document. `kind` is yaml, json, jsonl or csv, by default the one that the name's ending stands for.

    Problems with its entries go into the document's `problems`, each with the file and the line or field. Raises
    DocumentError if the document cannot be read at all.
    """
    if isinstance(content, Mapping):
        return collect(dict(content), {}, name)
    if len(content) > LARGEST:
        raise too_large(name)
    kind = kind or kind_of(name)
    if kind == "jsonl":
        lines = content.encode("utf-8", "surrogatepass").splitlines(keepends=True)
        return next(line_parts(lines, name, len(lines)))
    content = content.removeprefix("\ufeff").replace("\r\n", "\n")
    if not content.strip():
        raise is_empty(name)
    if kind == "csv":
        return read_csv(content, name)
    return collect(*(read_yaml if kind == "yaml" else read_json)(content, name), name)


def read_parts(
    path: str | os.PathLike[str], kind: DocumentKind | None = None, *, lines: int = LINES
) -> Sequence[Document] | Iterator[Document]:
    """Read a file in the parts in which it is loaded: JSON Lines a number of lines at a time, any other format as a whole.

    Raises InputError if the file cannot be read; for JSON Lines, only when the first part is read.
    """
    name = os.fspath(path)
    given, kind = kind, kind or kind_of(name)
    return _file_parts(name, lines) if kind == "jsonl" else [read_file(path, given)]


def _file_parts(name: str, most: int) -> Iterator[Document]:
    with _opened(name) as file:
        yield from line_parts(iter(lambda: file.readline(LARGEST + 1), b""), name, most)


def line_parts(lines: Iterable[bytes], name: str, most: int = LINES) -> Iterator[Document]:
    """JSON Lines as documents of at most `most` lines each; only one is in memory at a time.

    Things must come before those that refer to them, and defaults on the first line.
    """
    document, seen, size = Document(name), Seen(), 0
    for number, line in enumerate(lines, start=1):
        if len(document.lines) == most:
            yield document
            document, seen = Document(name, document.defaults, goes_on=True), Seen()
        where = f"{name}:{number}"
        if len(line) > LARGEST:
            raise too_large(where)
        document.size = size = size + len(line)
        if not line.strip():
            continue
        document.lines[where] = line
        try:
            kind, raw = one_of(line, {*ENTRIES, "defaults"})
        except ValueError as error:
            document.problems.append(f"{where}: {error}")
            continue
        places: Lines = {(0,): number}
        if kind != "defaults":
            add_entry(document, seen, kind, raw, (0,), places)
        elif document.goes_on or len(document.lines) > 1:
            document.problems.append(f"{where}: defaults must be on the first line, before all that they apply to")
        elif defaults := read_entry(Defaults, raw, name, places, (0,), kind, document.problems):
            document.defaults = defaults
    if document.lines:
        yield document
    elif not document.goes_on:
        raise is_empty(name)


def read_file(path: str | os.PathLike[str], kind: DocumentKind | None = None) -> Document:
    """Read a file. `kind` is yaml, json, jsonl or csv, by default the one that the name's ending stands for."""
    name = os.fspath(path)
    if kind is None and name.lower().endswith(_SPREADSHEETS):
        raise InputError(f"{name}: it is a spreadsheet, which `factstore import {shlex.quote(name)}` reads")
    return read(_decoded(name), name, kind or kind_of(name))


def read_text(path: str | os.PathLike[str]) -> str:
    """A file's text to be archived: all its characters, including line ends and a byte order mark."""
    name = os.fspath(path)
    return check_text(_decoded(name), name)


def check_text(content: str, name: str) -> str:
    """The text itself. Raises InputError if it cannot be archived: it is blank, or contains what is not text."""
    if "\0" in content:
        raise InputError(f"{name}: it contains U+0000, so it is not a text")
    if not content.strip():
        raise InputError(f"{name}: it is empty")
    try:
        content.encode()
    except UnicodeEncodeError:
        raise InputError(f"{name}: it contains half of a surrogate pair, which is not UTF-8") from None
    return content


def _decoded(name: str) -> str:
    try:
        with _opened(name) as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise too_large(name)
        return content.decode()
    except UnicodeDecodeError:
        raise DocumentError([f"{name}: it is not UTF-8 text"]) from None


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """Open a file for its bytes. Raises InputError if they cannot be read."""
    try:
        keepable(name)
    except ValueError as error:
        raise InputError(f"{name!r} is not a file name: {error}") from None
    try:
        with Path(name).open("rb") as file:
            yield file
    except OSError as error:
        raise InputError(f"{name}: {(error.strerror or 'it cannot be read').lower()}") from None


def too_large(name: str) -> DocumentError:
    """The error for a document of more than LARGEST bytes."""
    return DocumentError([f"{name}: it is larger than {LARGEST // 2**20} MiB; split it"])


def is_empty(name: str) -> DocumentError:
    """The error for an empty document; `{}`, which has no entries, is not empty."""
    return DocumentError([f"{name}: it is empty"])


def kind_of(name: str) -> DocumentKind:
    """The format that a file's name ends in; by default YAML, which includes JSON."""
    return next((kind for suffix, kind in _SUFFIXES.items() if name.lower().endswith(suffix)), "yaml")
