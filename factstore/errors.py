"""Everything that Factstore refuses, as one small tree. Each message is a sentence that names the file, line or field.

FactstoreError                what the command line prints as one sentence, exit code 1
├── InputError                something given is not right, exit code 2 on the command line's own arguments
│   ├── Ambiguous             what was given names several things; `candidates` are the ids of the first few
│   ├── DateError             a date, duration or phrase that cannot be read; `part` is the offending part
│   │   └── AnchorMissing     words that mean a day only as seen from another, which is not given
│   └── DocumentError         a document that cannot be loaded; `problems` lists every one of them
├── UnknownId                 no such thing; `nearest` are the ids that look most like it
├── Refused                   a rule of the ledger or of the chronology says no
│   ├── Changed               an entry differs from what was last loaded; `differences` lists how
│   ├── Unlocated             a quote is not at one place in its source's text; `problems` lists every one
│   ├── Stale                 the thing has changed since the version that was expected
│   ├── Repeated              the request was committed before; `committed` is what it did then
│   ├── BuiltUpon             later records built on what was to be undone; `records` lists them
│   ├── BroughtBack           a text or an id that was redacted is here again; `texts` lists where
│   ├── Contradiction         the commit would make the chronology impossible; `chain` says why
│   └── Unsupported           the commit would leave facts that stand on nothing; `facts` are their ids
├── NoLedger                  the file or database holds no ledger that this version can read
│   └── SchemaVersion         it holds one of an older or newer schema
├── Corrupt                   the ledger or its projection is not what was written
└── Unavailable               the database cannot be opened, locked or written just now
    └── Uncertain             the connection was lost while it committed; the same `request` again is committed once
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from factstore.inert import inert

#: A line end that no value brought: a refusal counts places below what it says of them.
_OWN = re.compile(r"\n(?=    (?:[0-9]+\. |and [0-9]+ more$))")


class FactstoreError(Exception):
    """The base of everything raised on purpose: a sentence, and `lines` below it.

    Nothing that stands in one of these, such as an id that was given, begins a line of its own or steers a terminal.
    """

    def __init__(self, message: str = "", *, lines: Sequence[str] = ()) -> None:
        super().__init__("\n".join("\n".join(map(inert, _OWN.split(line))) for line in (message, *lines)))


class InputError(FactstoreError, ValueError):
    """Something given is not right."""


class Ambiguous(InputError):
    """What was given names several things."""

    def __init__(self, message: str, *, candidates: Sequence[str]) -> None:
        super().__init__(message)
        self.candidates = list(candidates)


class DateError(InputError):
    """A date, duration or phrase that cannot be read."""

    def __init__(self, message: str, *, text: str = "", part: str = "") -> None:
        super().__init__(message)
        self.text = text
        self.part = part


class AnchorMissing(DateError):
    """Words that mean a day only as seen from another, which is not given."""


class DocumentError(InputError):
    """A document that cannot be loaded, with all its problems at once."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(*problems[:1], lines=problems[1:])
        self.problems = list(problems)


class UnknownId(FactstoreError):
    """No such thing in this ledger."""

    def __init__(self, message: str, *, nearest: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.nearest = list(nearest)


class Refused(FactstoreError):
    """A rule of the ledger or of the chronology says no."""


class Changed(Refused):
    """An entry of a document differs from what was last loaded under its id."""

    def __init__(self, message: str, *, differences: Sequence[str]) -> None:
        super().__init__(message, lines=differences)
        self.differences = list(differences)


class Unlocated(Refused):
    """Quotes that the archived texts of their sources do not hold, or hold at several places."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(*problems[:1], lines=problems[1:])
        self.problems = list(problems)


class Stale(Refused):
    """The thing has changed since the version that was expected."""


class Repeated(Refused):
    """The request was committed before, and nothing is written again. `committed`: what it did then."""

    def __init__(self, message: str, *, committed: Any) -> None:
        super().__init__(message)
        self.committed = committed


class BuiltUpon(Refused):
    """Later records built on what was to be undone."""

    def __init__(self, message: str, *, records: Sequence[str]) -> None:
        super().__init__(message, lines=[f"  {line}" for line in records])
        self.records = list(records)


class BroughtBack(Refused):
    """A text or an id that was redacted is here again."""

    def __init__(self, message: str, *, texts: Sequence[str]) -> None:
        super().__init__(message, lines=[f"  {line}" for line in texts])
        self.texts = list(texts)


class Contradiction(Refused):
    """The commit would make the chronology impossible. `chain`: the steps that cannot all hold, as the message has them."""

    def __init__(self, message: str, *, chain: Sequence[str]) -> None:
        super().__init__(message, lines=[f"  {line}" for line in chain])
        self.chain = list(chain)


class Unsupported(Refused):
    """The commit would leave facts that stand on nothing."""

    def __init__(self, message: str, *, lines: Sequence[str] = (), facts: Sequence[str]) -> None:
        super().__init__(message, lines=lines)
        self.facts = list(facts)


class NoLedger(FactstoreError):
    """The file or database holds no ledger that this version can read."""


class SchemaVersion(NoLedger):
    """The ledger is there, but of an older or newer schema."""


class Corrupt(FactstoreError):
    """The ledger or its projection is not what was written."""


class Unavailable(FactstoreError):
    """The database cannot be opened, locked or written just now."""


class Uncertain(Unavailable):
    """Nobody knows whether the database committed. `request`: the id under which the same is committed once.

    `lost`: whether that is because its answer was, so that the database may know when it is asked again.
    """

    def __init__(self, message: str, *, request: str = "", lost: bool = True) -> None:
        super().__init__(message)
        self.request = request
        self.lost = lost
