"""Everything that Factstore refuses, as one small tree. Each message is a sentence that names the file, line or field.

FactstoreError                what the command line prints as one sentence, exit code 1
├── InputError                an argument or a file is wrong; exit code 2 for the command line's own arguments
│   ├── Ambiguous             a name fits several things; `candidates` are the ids of the first few
│   ├── DateError             a date, duration or phrase that cannot be read; `part` is the offending part
│   │   └── AnchorMissing     words that mean a day only relative to another day, which is not given
│   └── DocumentError         a document that cannot be loaded; `problems` lists all that is wrong
├── UnknownId                 no such thing; `nearest` are the ids that look most like it
├── Refused                   a rule of the ledger or of the chronology forbids it
│   ├── Changed               an entry differs from what was last loaded; `differences` lists how
│   ├── Unlocated             quotes that are not at exactly one place in their source's text; `problems` lists them
│   ├── Stale                 the thing has changed since the version that was expected
│   ├── Repeated              the request was committed before; `committed` is what it did then
│   ├── BuiltUpon             later records built on what was to be undone; `records` lists them
│   ├── BroughtBack           a text or an id that was redacted appears again; `texts` lists where
│   ├── Contradiction         the commit would make the chronology impossible; `chain` says why
│   └── Unsupported           the commit would leave facts without evidence; `facts` are their ids
├── NoLedger                  the file or database has no ledger that this version can read
│   └── SchemaVersion         it has one with an older or newer schema
├── Corrupt                   the ledger or its projection is not what was written
└── Unavailable               the database cannot be opened, locked or written at the moment
    └── Uncertain             the connection was lost during a commit; repeat it with the same `request`
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from factstore.inert import inert

#: A line end of our own, before a numbered place, as opposed to one inside a value.
_OWN = re.compile(r"\n(?=    (?:[0-9]+\. |and [0-9]+ more$))")


class FactstoreError(Exception):
    """The base of everything raised on purpose: a sentence, and `lines` below it.

    Values in a message, such as an id that a caller passed, are made inert: they cannot begin a new line or steer a terminal.
    """

    def __init__(self, message: str = "", *, lines: Sequence[str] = ()) -> None:
        super().__init__("\n".join("\n".join(map(inert, _OWN.split(line))) for line in (message, *lines)))

    def __reduce__(self) -> tuple[object, ...]:
        # Errors are pickled by pools of processes; to make one anew would need its class's own arguments.
        return _restored, (type(self), self.args), self.__dict__


def _restored(kind: type[FactstoreError], args: tuple[str, ...]) -> FactstoreError:
    return kind.__new__(kind, *args)


class InputError(FactstoreError, ValueError):
    """An argument or a file is wrong."""


class Ambiguous(InputError):
    """A name fits several things."""

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
    """Words that mean a day only relative to another day, which is not given."""


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
    """A rule of the ledger or of the chronology forbids it."""


class Changed(Refused):
    """An entry of a document differs from what was last loaded under its id."""

    def __init__(self, message: str, *, differences: Sequence[str]) -> None:
        super().__init__(message, lines=differences)
        self.differences = list(differences)


class Unlocated(Refused):
    """Quotes that are missing from the archived texts of their sources, or found at several places."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(*problems[:1], lines=problems[1:])
        self.problems = list(problems)


class Stale(Refused):
    """The thing has changed since the version that was expected."""


class Repeated(Refused):
    """The request was committed before, and nothing is written again. `committed`: what it did then.

    `differs` says whether it asked for something else then, as far as that is known.
    """

    def __init__(self, message: str, *, committed: Any, differs: Callable[[Any], bool]) -> None:
        super().__init__(message)
        self.committed = committed
        self.differs = differs


class BuiltUpon(Refused):
    """Later records built on what was to be undone."""

    def __init__(self, message: str, *, records: Sequence[str]) -> None:
        super().__init__(message, lines=[f"  {line}" for line in records])
        self.records = list(records)


class BroughtBack(Refused):
    """A text or an id that was redacted appears again."""

    def __init__(self, message: str, *, texts: Sequence[str]) -> None:
        super().__init__(message, lines=[f"  {line}" for line in texts])
        self.texts = list(texts)


class Contradiction(Refused):
    """The commit would make the chronology impossible. `chain`: the steps that cannot all hold, as the message has them.

    `others`: the chains of more things that contradict, by id. `things`: the ids of all that do.
    """

    def __init__(
        self,
        message: str,
        *,
        chain: Sequence[str],
        others: Mapping[str, Sequence[str]] = MappingProxyType({}),
        things: Sequence[str] = (),
    ) -> None:
        told = [f"  {line}" for line in chain]
        for name, steps in others.items():
            told += [f"{name} contradicts too; these cannot all hold:", *(f"  {line}" for line in steps)]
        super().__init__(message, lines=told)
        self.chain = list(chain)
        self.things = list(things)


class Unsupported(Refused):
    """The commit would leave facts without evidence."""

    def __init__(self, message: str, *, lines: Sequence[str] = (), facts: Sequence[str]) -> None:
        super().__init__(message, lines=lines)
        self.facts = list(facts)


class NoLedger(FactstoreError):
    """The file or database has no ledger that this version can read."""


class SchemaVersion(NoLedger):
    """There is a ledger, but with an older or newer schema."""


class Corrupt(FactstoreError):
    """The ledger or its projection is not what was written."""


class Unavailable(FactstoreError):
    """The database cannot be opened, locked or written at the moment."""


class Uncertain(Unavailable):
    """It is not known whether the database committed. `request`: the id with which the call can safely be repeated.

    `lost`: whether the database's answer was lost, so that asking it again may help.
    """

    def __init__(self, message: str, *, request: str = "", lost: bool = True) -> None:
        super().__init__(message)
        self.request = request
        self.lost = lost
