"""A head as a small text to be signed, timestamped or printed: the ledger's id, position, hash and time of recording.

The text follows byte for byte from the ledger, so it can be made again and compared with what was signed.
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from factstore.database.engine import Connection
from factstore.database.statements import fetch
from factstore.errors import InputError
from factstore.ledger import chain
from factstore.ledger.chain import Head
from factstore.plain import JsonObject
from factstore.repository import clocks
from factstore.units import Position

_HEAD = re.compile(r"([1-9][0-9]{0,14}):([0-9a-fA-F]{64})")
_LEDGER = re.compile("[0-9a-f]{32}")
_RECORDED = "SELECT hash, recorded_at FROM record WHERE position = ?"
#: The most bytes that a statement can have; a longer file is something else.
_LONGEST = 4096


class Statement(NamedTuple):
    """States that a ledger has a record with this hash at a position, and when it was recorded (UTC)."""

    ledger: str
    position: Position
    hash: str
    recorded_at: str

    @property
    def head(self) -> Head:
        """The head that it states."""
        return Head(self.position, self.hash)

    def text(self) -> str:
        """The statement as a line of JSON."""
        return json.dumps(self._asdict(), separators=(", ", ": ")) + "\n"


def state(connection: Connection, known: str | int | None = None) -> Statement:
    """The statement of a ledger's head, or of its head as known at a moment or position.

    Raises InputError if there was no commit by then.
    """
    position, _, _ = clocks.stand(connection, known)
    if not position:
        raise InputError(f"known at {known}: there was no commit by then")
    [(hash_, recorded_at)] = fetch(connection, _RECORDED, (position,))
    return Statement(chain.created(connection).ledger, position, hash_, recorded_at)


def read_head(text: str) -> Head | None:
    """Read POSITION:HASH, as `factstore head` prints it, or in capitals; None for anything else."""
    found = _HEAD.fullmatch(text.strip())
    return Head(int(found[1]), found[2].lower()) if found else None


def read_statement(text: str, name: str) -> Head | Statement:
    """Read a file's text as a statement or as POSITION:HASH. Raises InputError with the file's name if it is neither."""
    found = read_head(text[:_LONGEST])
    if found:
        return found
    try:
        fields: JsonObject = json.loads(text) if len(text) <= _LONGEST else {}
        statement = Statement(**fields)
        head = read_head(f"{statement.position:d}:{statement.hash}")
        if head == statement.head and _LEDGER.fullmatch(statement.ledger) and isinstance(statement.recorded_at, str):
            return statement
    except (ValueError, TypeError, RecursionError):
        pass
    raise InputError(f"{name}: this is neither POSITION:HASH nor a statement as `factstore head --statement` prints it")
