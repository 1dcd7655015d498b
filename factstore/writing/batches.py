"""JSON Lines in batches, each a commit of its own: what is committed stays, whatever happens to the rest.

Loading leaves unchanged entries alone, so an interrupted load is continued by loading the file again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from factstore.documents.entries import Document
from factstore.errors import Changed, DocumentError, Unlocated
from factstore.writing.commit import Committed

#: Called with the place of a line, the line itself, and the reasons why it was refused.
Skip = Callable[[str, bytes, list[str]], None]


def in_batches(
    parts: Iterable[Document], load: Callable[[Document], Committed], skip: Skip | None = None
) -> Iterator[Committed]:
    """Load part after part. Without `skip`, the first refusal is raised as `load` raises it; with it, refused lines are left
    out, one after the other, until the rest of their part is loaded.
    """
    for part in parts:
        rest = part
        while True:
            try:
                committed = load(rest)
            except (DocumentError, Changed, Unlocated) as error:
                blamed = _blamed(error, rest) if skip else {}
                if skip is None or not blamed:
                    raise
                for where, reasons in blamed.items():
                    skip(where, part.lines[where], reasons)
                rest = _without(rest, blamed.keys())
            else:
                yield committed
                break


def _blamed(error: DocumentError | Changed | Unlocated, part: Document) -> dict[str, list[str]]:
    """The reasons for each line that is at fault."""
    blamed: dict[str, list[str]] = defaultdict(list)
    for problem in error.differences if isinstance(error, Changed) else error.problems:
        where, _, reason = problem.removeprefix(part.name).partition(": ")
        if part.name + where in part.lines:
            blamed[part.name + where].append(reason)
    return blamed


def _without(part: Document, places: Iterable[str]) -> Document:
    """A part without some of its lines."""
    gone = {*places}
    return replace(
        part,
        entries=[entry for entry in part.entries if entry.where not in gone],
        problems=[
            problem for problem in part.problems if not problem.startswith(tuple(f"{where}: " for where in gone))
        ],
        faulty=set(),  # entries that refer to these are refused next
        lines={where: line for where, line in part.lines.items() if where not in gone},
    )
