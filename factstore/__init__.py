"""Factstore: a chronology of dated facts, each resting on what a source said.

    import factstore

    store = factstore.open("facts.db")
    store.load("chronology.yaml", message="first reading")
    for found in store.timeline.before("2018-04-01"):
        print(found.certainty, found.fact.id, found.fact.title)

`open` returns a `Store`, for questions and writes; `store.at(...)` a `Chronology`, for questions on another clock. Both
return the answers listed here. What the ledger refuses, and wrong values of arguments, raise a `FactstoreError`; an
unknown or missing keyword is a `TypeError`, as in any Python call. `docs/guide/python.md` shows each of them in use.

All calls that write take the keywords of `Rules`, which say how the commit is made: `message`, why; `by`, who (default:
$FACTSTORE_BY, else the user); `dry_run`, without leaving a trace; `request`, the caller's own id for this write,
under which it is committed only once; and `allow_conflict`, `allow_missing`, `allow_redacted`, `allow_unsupported`, which
allow what is otherwise refused. Listings take the keywords of `Narrowing`, and questions about time those of
`QuestionOptions`.

For annotations of your own: a `DateLike` is EDTF text, a date, or a datetime with its offset from UTC; a `Reason` for a
correction and the `Status` of a fact are texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from factstore.chronology import Chronology
    from factstore.dates.edtf import Edtf
    from factstore.dates.given import DateLike
    from factstore.dates.phrases.reader import Reading, read_phrase
    from factstore.documents.entries import Document, EvidenceEntry, FactEntry, OrderingEntry, SourceEntry, SpeakerEntry
    from factstore.documents.reading import parse
    from factstore.documents.writing import Sheets
    from factstore.errors import (
        Ambiguous,
        AnchorMissing,
        BroughtBack,
        BuiltUpon,
        Changed,
        Contradiction,
        Corrupt,
        DateError,
        DocumentError,
        FactstoreError,
        InputError,
        NoLedger,
        Refused,
        Repeated,
        SchemaVersion,
        Stale,
        Unavailable,
        Uncertain,
        UnknownId,
        Unlocated,
        Unsupported,
    )
    from factstore.evidence.stances import Status
    from factstore.ledger.chain import Head
    from factstore.ledger.fields import Reason
    from factstore.ledger.part import Portion
    from factstore.ledger.payloads import By
    from factstore.ledger.verify import Problem
    from factstore.maintenance.comparing import Compared
    from factstore.maintenance.filing import Filing
    from factstore.maintenance.sharing import Shared
    from factstore.maintenance.statements import Statement
    from factstore.maintenance.verifying import Verified
    from factstore.repository.answers import (
        BeforePairs,
        Checked,
        Citation,
        Conflict,
        Fact,
        Found,
        Limits,
        Order,
        Said,
        Source,
        Span,
        Step,
        Undated,
        Waiting,
    )
    from factstore.repository.commits import CommitSummary, Deed
    from factstore.repository.dossier_answers import Bound, Dossier, Ordering, Sheet
    from factstore.repository.filter import Narrowing
    from factstore.repository.listing import Listing
    from factstore.repository.log_answers import Change, LogEntry, Overview
    from factstore.repository.resting import Resting
    from factstore.repository.timeline import QuestionOptions, Timeline
    from factstore.store import Store, open
    from factstore.writing.by_hand import OpenCommit
    from factstore.writing.commit import Committed
    from factstore.writing.redacting import Redaction
    from factstore.writing.rules import Request, Rules
    from factstore.writing.tally import Tally

__all__ = [
    "Ambiguous",
    "AnchorMissing",
    "BeforePairs",
    "Bound",
    "BroughtBack",
    "BuiltUpon",
    "By",
    "Change",
    "Changed",
    "Checked",
    "Chronology",
    "Citation",
    "CommitSummary",
    "Committed",
    "Compared",
    "Conflict",
    "Contradiction",
    "Corrupt",
    "DateError",
    "DateLike",
    "Deed",
    "Document",
    "DocumentError",
    "Dossier",
    "Edtf",
    "EvidenceEntry",
    "Fact",
    "FactEntry",
    "FactstoreError",
    "Filing",
    "Found",
    "Head",
    "InputError",
    "Limits",
    "Listing",
    "LogEntry",
    "Narrowing",
    "NoLedger",
    "OpenCommit",
    "Order",
    "Ordering",
    "OrderingEntry",
    "Overview",
    "Portion",
    "Problem",
    "QuestionOptions",
    "Reading",
    "Reason",
    "Redaction",
    "Refused",
    "Repeated",
    "Request",
    "Resting",
    "Rules",
    "Said",
    "SchemaVersion",
    "Shared",
    "Sheet",
    "Sheets",
    "Source",
    "SourceEntry",
    "Span",
    "SpeakerEntry",
    "Stale",
    "Statement",
    "Status",
    "Step",
    "Store",
    "Tally",
    "Timeline",
    "Unavailable",
    "Uncertain",
    "Undated",
    "UnknownId",
    "Unlocated",
    "Unsupported",
    "Verified",
    "Waiting",
    "__version__",
    "open",
    "parse",
    "read_phrase",
]

#: The module of each name. Importing the package stays fast: a module is imported by the first use of a name.
_HOMES = {
    "factstore.chronology": ("Chronology",),
    "factstore.dates.edtf": ("Edtf",),
    "factstore.dates.given": ("DateLike",),
    "factstore.dates.phrases.reader": ("Reading", "read_phrase"),
    "factstore.documents.entries": (
        "Document",
        "EvidenceEntry",
        "FactEntry",
        "OrderingEntry",
        "SourceEntry",
        "SpeakerEntry",
    ),
    "factstore.documents.reading": ("parse",),
    "factstore.documents.writing": ("Sheets",),
    "factstore.errors": (
        "Ambiguous",
        "AnchorMissing",
        "BroughtBack",
        "BuiltUpon",
        "Changed",
        "Contradiction",
        "Corrupt",
        "DateError",
        "DocumentError",
        "FactstoreError",
        "InputError",
        "NoLedger",
        "Refused",
        "Repeated",
        "SchemaVersion",
        "Stale",
        "Unavailable",
        "Uncertain",
        "UnknownId",
        "Unlocated",
        "Unsupported",
    ),
    "factstore.evidence.stances": ("Status",),
    "factstore.ledger.chain": ("Head",),
    "factstore.ledger.fields": ("Reason",),
    "factstore.ledger.part": ("Portion",),
    "factstore.ledger.payloads": ("By",),
    "factstore.ledger.verify": ("Problem",),
    "factstore.maintenance.comparing": ("Compared",),
    "factstore.maintenance.filing": ("Filing",),
    "factstore.maintenance.sharing": ("Shared",),
    "factstore.maintenance.statements": ("Statement",),
    "factstore.maintenance.verifying": ("Verified",),
    "factstore.repository.answers": (
        "BeforePairs",
        "Checked",
        "Citation",
        "Conflict",
        "Fact",
        "Found",
        "Limits",
        "Order",
        "Said",
        "Source",
        "Span",
        "Step",
        "Undated",
        "Waiting",
    ),
    "factstore.repository.commits": ("CommitSummary", "Deed"),
    "factstore.repository.dossier_answers": ("Bound", "Dossier", "Ordering", "Sheet"),
    "factstore.repository.filter": ("Narrowing",),
    "factstore.repository.listing": ("Listing",),
    "factstore.repository.log_answers": ("Change", "LogEntry", "Overview"),
    "factstore.repository.resting": ("Resting",),
    "factstore.repository.timeline": ("QuestionOptions", "Timeline"),
    "factstore.store": ("Store", "open"),
    "factstore.writing.by_hand": ("OpenCommit",),
    "factstore.writing.commit": ("Committed",),
    "factstore.writing.redacting": ("Redaction",),
    "factstore.writing.rules": ("Request", "Rules"),
    "factstore.writing.tally": ("Tally",),
}


if not TYPE_CHECKING:  # otherwise a type checker would accept any name

    def __getattr__(name: str) -> object:
        from importlib import import_module

        for home, names in _HOMES.items():
            if name in names:
                found = globals()[name] = getattr(import_module(home), name)
                return found
        raise AttributeError(f"module 'factstore' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
