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
from typing import Any, NamedTuple

from factstore.database.engine import Connection
from factstore.database.statements import fetch
from factstore.errors import InputError

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

    def json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {name: [one.json() for one in getattr(self, name)] for name in ("same", "changed", "absent")}


def described(path: Path) -> dict[str, str]:
    """A file as a source records it: name, SHA-256 and, if the name shows it, media type. Raises OSError."""
    found = {"name": path.name, "sha256": sha256_of(path)}
    kind, _ = mimetypes.MimeTypes().guess_type(path.name)  # the same on every machine
    return found | ({"type": kind} if kind else {})


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def check_files(connection: Connection, where: str | os.PathLike[str]) -> Filing:
    """Compare the files in a folder and its subfolders with what sources say about them.

    If several have one name, it is enough that one is as recorded. Raises InputError if `where` is not a folder.
    """
    folder = Path(where)
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder")
    there: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            there[path.name].append(path)
    found: dict[str, list[Filed]] = {"same": [], "changed": [], "absent": []}
    for one in _named(connection):
        paths = there.get(one.name, [])
        same = any(sha256_of(path) == one.sha256 for path in paths)
        found["same" if same else "changed" if paths else "absent"].append(one)
    return Filing(*(tuple(found[name]) for name in ("same", "changed", "absent")))


def _named(connection: Connection) -> Iterator[Filed]:
    for source, files in fetch(connection, _NAMED):
        for file in json.loads(files):
            yield Filed(source, file["name"], file["sha256"])
