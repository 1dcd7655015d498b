"""The chronology as documents. Apart from `entries`, since no other question needs the code that writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from factstore.documents import writing
from factstore.documents.narrowing import part_of
from factstore.plain import KindAndEntry
from factstore.progress import Progress, counted
from factstore.repository.entries import entries, entry_count
from factstore.repository.named import Named, ids_of
from factstore.repository.repository import Repository


def dump(
    repository: Repository,
    kind: Literal["yaml", "json", "jsonl", "csv"],
    *,
    texts: bool,
    only: Collection[Named] | None,
    progress: Progress | None,
) -> str:
    """The chronology, or the part that some facts need, as a document."""
    found = _entries(repository, only, progress, texts=texts)
    if kind == "csv":
        return writing.write_csv(found).facts
    if kind == "jsonl":
        return "".join(writing.write_jsonl(found))
    return writing.write_json(found) if kind == "json" else writing.write_yaml(found)


def sheets(repository: Repository, *, only: Collection[Named] | None, progress: Progress | None) -> writing.Sheets:
    """The chronology, or the part that some facts need, as CSV."""
    return writing.write_csv(_entries(repository, only, progress))


def _entries(
    repository: Repository, only: Collection[Named] | None, progress: Progress | None, *, texts: bool = False
) -> Iterable[KindAndEntry]:
    found = counted(entries(repository, texts=texts), progress, entry_count(repository))
    return found if only is None else part_of(found, ids_of(repository, only))
