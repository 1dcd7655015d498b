"""Factstore: a chronology of dated facts, each resting on what a source said.

    import factstore

    store = factstore.open("facts.db")
    store.load("chronology.yaml", message="first reading")
    for found in store.timeline.before("2018-04-01"):
        print(found.certainty, found.fact.id, found.fact.title)

`open` gives a `Store`, which asks and writes; `store.at(...)` a `Chronology`, which asks as of another clock. Both give
back the answers listed here. Whatever goes wrong is a `FactstoreError`. `docs/guide/python.md` shows each of them at work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from factstore.chronology import (
        Chronology,
        Timeline,
    )
    from factstore.dates.edtf import (
        Edtf,
    )
    from factstore.dates.phrases.reader import (
        Reading,
        read_phrase,
    )
    from factstore.documents.entries import (
        Document,
        EvidenceEntry,
        FactEntry,
        OrderingEntry,
        SourceEntry,
        SpeakerEntry,
    )
    from factstore.documents.reading import (
        parse,
    )
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
    from factstore.ledger.chain import (
        Head,
    )
    from factstore.ledger.payloads import (
        By,
    )
    from factstore.maintenance.verifying import (
        Verified,
    )
    from factstore.repository.answers import (
        Change,
        Citation,
        Conflict,
        Fact,
        Found,
        LogEntry,
        Order,
        Said,
        Source,
        Step,
    )
    from factstore.repository.dossier_answers import (
        Bound,
        Dossier,
        Ordering,
        Sheet,
    )
    from factstore.repository.listing import (
        Listing,
    )
    from factstore.store import (
        Store,
        open,
    )
    from factstore.writing.by_hand import (
        OpenCommit,
    )
    from factstore.writing.commit import (
        Committed,
    )

__all__ = [
    "Ambiguous",
    "AnchorMissing",
    "Bound",
    "BroughtBack",
    "BuiltUpon",
    "By",
    "Change",
    "Changed",
    "Chronology",
    "Citation",
    "Committed",
    "Conflict",
    "Contradiction",
    "Corrupt",
    "DateError",
    "Document",
    "DocumentError",
    "Dossier",
    "Edtf",
    "EvidenceEntry",
    "Fact",
    "FactEntry",
    "FactstoreError",
    "Found",
    "Head",
    "InputError",
    "Listing",
    "LogEntry",
    "NoLedger",
    "OpenCommit",
    "Order",
    "Ordering",
    "OrderingEntry",
    "Reading",
    "Refused",
    "Repeated",
    "Said",
    "SchemaVersion",
    "Sheet",
    "Source",
    "SourceEntry",
    "SpeakerEntry",
    "Stale",
    "Step",
    "Store",
    "Timeline",
    "Unavailable",
    "Uncertain",
    "UnknownId",
    "Unlocated",
    "Unsupported",
    "Verified",
    "__version__",
    "open",
    "parse",
    "read_phrase",
]

#: Where each name stands. Importing the package stays quick: a module is loaded by the first use of a name.
_HOMES = {
    "factstore.chronology": ("Chronology", "Timeline"),
    "factstore.dates.edtf": ("Edtf",),
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
    "factstore.ledger.chain": ("Head",),
    "factstore.ledger.payloads": ("By",),
    "factstore.maintenance.verifying": ("Verified",),
    "factstore.repository.dossier_answers": ("Bound", "Dossier", "Ordering", "Sheet"),
    "factstore.repository.answers": (
        "Change",
        "Citation",
        "Conflict",
        "Fact",
        "Found",
        "LogEntry",
        "Order",
        "Said",
        "Source",
        "Step",
    ),
    "factstore.repository.listing": ("Listing",),
    "factstore.store": ("Store", "open"),
    "factstore.writing.by_hand": ("OpenCommit",),
    "factstore.writing.commit": ("Committed",),
}


if not TYPE_CHECKING:  # else a type checker would believe in any name

    def __getattr__(name: str) -> Any:
        from importlib import import_module

        for home, names in _HOMES.items():
            if name in names:
                found = globals()[name] = getattr(import_module(home), name)
                return found
        raise AttributeError(f"module 'factstore' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
