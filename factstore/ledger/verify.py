"""Rereads all bytes of a ledger, and finds how much of a damaged one can be saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from factstore.database.engine import Connection
from factstore.database.statements import fetch
from factstore.errors import Corrupt, NoLedger
from factstore.ledger.chain import created, head, read
from factstore.ledger.kinds import read_plain
from factstore.ledger.record import Record
from factstore.ledger.soundness import problems_of
from factstore.progress import Progress, counted
from factstore.units import Position

_STRAYS = "SELECT position FROM payload p WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.position = p.position)"
_COMMITS = "SELECT position FROM record WHERE kind = :kind ORDER BY position"


#: The position of a problem that is not in a single record.
NOWHERE = Position(0)


class Problem(NamedTuple):
    """Something that is not as it was written, at the position of a record or `NOWHERE`."""

    position: Position
    text: str

    def __str__(self) -> str:
        return f"record {self.position}: {self.text}" if self.position else self.text


def verify_records(connection: Connection, progress: Progress | None = None, *, part: bool = False) -> list[Problem]:
    """Reread all bytes: form, chain, positions, kinds, payload hashes, complete commits. If all is as it was written, the
    list is empty.

    In a `part` payloads may be missing, but none that corrects, withdraws or restores a thing that it shows.

    The values in payloads are checked when records are folded. If the last commit is missing as a whole, only a head that
    was published before reveals it.
    """
    try:
        created(connection)
    except (Corrupt, NoLedger) as error:
        return [Problem(Position(1), str(error))]
    problems = [Problem(position, "there is a payload, but no record") for (position,) in fetch(connection, _STRAYS)]
    expected, open_records, last_time = 1, 0, ""
    missing: set[Position] = set()
    redacted: set[Position] = set()
    shown: set[Position] = set()
    requests: dict[str, Position] = {}
    for record in counted(read(connection), progress, head(connection).position):
        position, header = record.position, record.header
        if position != expected:
            problems.append(Problem(Position(expected), f"position {expected} is missing: {position} comes next"))
        expected = position + 1
        wrong = list(problems_of(record))
        problems += [Problem(position, words) for words in wrong]
        if header.recorded_at < last_time:
            problems.append(Problem(position, f"recorded_at goes back in time: {header.recorded_at}"))
        last_time = header.recorded_at
        if record.payload is not None:
            shown.add(position)
        elif not part or header.subject in shown:
            missing.add(position)
        if header.kind == "commit" and record.payload is not None and not wrong:
            problems += _ended(record, open_records, requests)
        if header.kind == "redacted" and 1 < header.subject < position:
            redacted.add(header.subject)
        open_records = 0 if header.kind == "commit" else open_records + 1
    if open_records:
        problems.append(Problem(Position(expected - 1), "the ledger ends in the middle of a commit"))
    about = ", though what it is about is shown" if part else ""
    problems += [
        Problem(position, f"the payload is missing, and no redaction names it{about}")
        for position in missing - redacted
    ]
    return sorted(problems)


def whole_until(connection: Connection, problems: Sequence[Problem]) -> Position:
    """The last position of a damaged ledger that can be saved; 0 if there is none.

    It is the last sound commit, if all before it is sound and no commit ends after it, so that nothing that was ever
    acknowledged is left out.
    """
    wrong = {problem.position for problem in problems}
    commits = [position for (position,) in fetch(connection, _COMMITS, {"kind": "commit"}) if position not in wrong]
    return commits[-1] if commits and commits[-1] < min(wrong) else Position(0)


def _ended(commit: Record, counted: int, requests: dict[str, Position]) -> Iterator[Problem]:
    """Check that a commit counts its records right, and that its request is in none of `requests`, those before it."""
    header = commit.header
    try:
        said = read_plain(header.kind, header.version, commit.payload or "", position=header.position)
    except Corrupt as error:
        yield Problem(header.position, str(error))
        return
    if said.get("records") != counted:
        yield Problem(header.position, f"the commit counts {said.get('records')} records, but there are {counted}")
    request = said.get("request")
    if isinstance(request, str) and requests.setdefault(request, header.position) != header.position:
        yield Problem(header.position, f"the commit has the request of another, {requests[request]}")
