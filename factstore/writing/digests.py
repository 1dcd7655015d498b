"""What a request asks for, so that a repeat that asks for something else is refused.

A commit keeps a digest of it, mixed with the salts of the commit's other records: without any one of these, since it was
redacted or withheld from a part, nobody can confirm a guess at what was asked for.
"""

from __future__ import annotations

import json
import reprlib
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from hashlib import file_digest, sha256
from os import PathLike
from pathlib import Path
from uuid import UUID

from factstore.documents.entries import Document
from factstore.errors import InputError
from factstore.ledger.fields import Model
from factstore.ledger.sealing import canonical_plain


class RequestDigest:
    """A digest of values: texts, numbers, dates, mappings, sequences, sets, documents, and the content of paths.

    Documents of the same entries count as the same however they are cut into parts.
    """

    def __init__(self, *values: object) -> None:
        self._hash = sha256()
        self.say(*values)

    def say(self, *values: object) -> None:
        """Add values to the digest. Raises InputError for what may not be the same value in another process."""
        for value in values:
            for line in _lines(value):
                self._hash.update(f"{line}\n".encode())

    def noted(self, value: object) -> object:
        """The same argument, added to the digest; an iterator's values are added as they are taken, functions never."""
        if isinstance(value, Iterator):
            return self._passing(value)
        if not callable(value):
            self.say(value)
        return value

    def _passing(self, values: Iterator[object]) -> Iterator[object]:
        self._hash.update(b"[\n")
        for value in values:
            self.say(value)
            yield value
        self._hash.update(b"]\n")

    def keyed(self, key: str) -> str:
        """The digest as a commit keeps it; `key` is that of the commit's salts."""
        return sha256(f"{key}:{self._hash.hexdigest()}".encode()).hexdigest()


def _lines(value: object) -> Iterator[str]:
    """A value as lines of JSON."""
    match value:
        case None | str() | bool() | int():
            yield json.dumps(value)
        case Model():
            yield canonical_plain(value.plain())
        case Document():
            if not value.goes_on:
                yield canonical_plain(value.defaults.plain())
            for entry in value.entries:
                yield canonical_plain([entry.kind, entry.said.plain()])
        case date():
            yield value.isoformat()
        case PathLike():
            yield _file(Path(value))
        case Set():
            yield from _group(sorted("\n".join(_lines(one)) for one in value))
        case Mapping():
            yield from _group(
                line for name in sorted(value, key=str) for line in (json.dumps(str(name)), *_lines(value[name]))
            )
        case Iterable():
            yield from _group(line for one in value for line in _lines(one))
        case float() | Decimal() | UUID() | Enum() | bytes() | time() | timedelta():
            yield json.dumps(str(value))
        case _:
            raise InputError(
                f"a request cannot be compared by {reprlib.repr(value)}; give texts, numbers, dates or mappings of these"
            )


def _group(lines: Iterable[str]) -> Iterator[str]:
    """The lines of several values, so that no others have the same."""
    yield "["
    yield from lines
    yield "]"


def _file(path: Path) -> str:
    """The digest of a file, or its name if it cannot be read, which the call itself reports."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return json.dumps(str(path))
