"""What a request asks for, so that a repeat that asks for something else is refused.

A commit keeps a digest of it, mixed with the salts of the commit's other records: without any one of these, since it was
redacted or withheld from a part, nobody can confirm a guess at what was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from hashlib import file_digest, sha256
from pathlib import Path

from factstore.documents.entries import Document
from factstore.ledger.fields import Model
from factstore.ledger.sealing import canonical_plain


class RequestDigest:
    """A digest of values: texts, numbers, dates, mappings, sequences, documents, and the content of paths.

    Documents of the same entries count as the same however they are cut into parts; functions do not count.
    """

    def __init__(self, *values: object) -> None:
        self._hash = sha256()
        self.say(*values)

    def say(self, *values: object) -> None:
        """Add values to the digest."""
        for value in values:
            for line in _lines(value):
                self._hash.update(f"{line}\n".encode())

    def noted(self, value: object) -> object:
        """The same value, added to the digest; an iterator's values are added as they are taken."""
        if isinstance(value, Iterator):
            return self._passing(value)
        self.say(value)
        return value

    def _passing(self, values: Iterator[object]) -> Iterator[object]:
        for value in values:
            self.say(value)
            yield value

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
        case Path():
            yield _file(value)
        case Mapping():
            for name in sorted(value, key=str):
                yield json.dumps(str(name))
                yield from _lines(value[name])
        case Iterable():
            for one in value:
                yield from _lines(one)
        case _ if not callable(value):
            yield json.dumps(str(value))


def _file(path: Path) -> str:
    """The digest of a file, or its name if it cannot be read, which the call itself reports."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return json.dumps(str(path))
