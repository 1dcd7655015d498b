"""Files of sources (PDFs, images …), found by name in a folder and compared by SHA-256 with what the ledger says."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from factstore.database.engine import Connection
from factstore.database.statements import fetch
from factstore.errors import InputError
from factstore.plain import JsonObject

_NAMED = """SELECT t.id, s.files FROM source s JOIN thing t ON t.position = s.position
            WHERE s.until IS NULL AND s.withdrawn = 0 AND s.files IS NOT NULL ORDER BY s.position"""
_BLOCK = 2**20


class Filed(NamedTuple):
    """A file that a source names."""

    source: str
    name: str
    sha256: str

    def json(self) -> dict[str, str]:
        """As `--json` prints it."""
        return self._asdict()


@dataclass(frozen=True, slots=True)
class Filing:
    """The files that live sources name: unchanged, changed since they were recorded, and not found."""

    same: tuple[Filed, ...]
    changed: tuple[Filed, ...]
    absent: tuple[Filed, ...]

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        return {name: [one.json() for one in getattr(self, name)] for name in ("same", "changed", "absent")}


def described(where: str | os.PathLike[str]) -> dict[str, str]:
    """A file as a source records it: name, SHA-256 and, if the name shows it, media type.

    Raises InputError if it cannot be read.
    """
    path = os.fspath(where)
    name = Path(path).name
    found = {"name": name, "sha256": sha256_of(path)}
    kind, _ = mimetypes.MimeTypes().guess_type(name)  # the same on every machine
    return found | ({"type": kind} if kind else {})


def sha256_of(path: str) -> str:
    """The SHA-256 of a file's bytes. Raises InputError if they cannot be read."""
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or 'it cannot be read').lower()}") from None
    except ValueError as error:
        raise InputError(f"{path!r} is not a file name: {error}") from None
    return digest.hexdigest()


def check_files(connection: Connection, where: str | os.PathLike[str]) -> Filing:
    """Compare the files in a folder and its subfolders with what sources say about them.

    If several have one name, it is enough that one is as recorded. Raises InputError if `where` is not a folder, or a file
    in it cannot be read.
    """
    there: dict[str, list[str]] = defaultdict(list)
    for path in _files_in(os.fspath(where)):
        there[os.path.basename(path)].append(path)
    found: dict[str, list[Filed]] = {"same": [], "changed": [], "absent": []}
    for one in _named(connection):
        paths = there.get(one.name, [])
        same = any(sha256_of(path) == one.sha256 for path in paths)
        found["same" if same else "changed" if paths else "absent"].append(one)
    return Filing(*(tuple(found[name]) for name in ("same", "changed", "absent")))


def _files_in(folder: str) -> list[str]:
    if not os.path.isdir(folder):
        raise InputError(f"{folder} is not a folder")
    found = (os.path.join(here, name) for here, _, names in os.walk(folder) for name in names)
    return sorted(path for path in found if os.path.isfile(path))


def _named(connection: Connection) -> Iterator[Filed]:
    for source, files in fetch(connection, _NAMED):
        for file in json.loads(files):
            yield Filed(source, file["name"], file["sha256"])
