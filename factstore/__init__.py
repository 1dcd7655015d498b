"""Factstore: a chronology of dated facts, each resting on what a source said.

import factstore

store = factstore.open("facts.db")
store.load("chronology.yaml", message="first reading")
for found in store.timeline.before("2018-04-01"):
    print(found.certainty, found.fact.id, found.fact.title)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from factstore.chronology import Chronology, Timeline
    from factstore.dates.edtf import Edtf
    from factstore.repository.answers import (
        Bound,
        Citation,
        Conflict,
        Dossier,
        Fact,
        Found,
        LogEntry,
        Order,
        Ordering,
        Said,
        Sheet,
        Source,
        Step,
    )
    from factstore.store import Store, open

__all__ = [
    "Bound",
    "Chronology",
    "Citation",
    "Conflict",
    "Dossier",
    "Edtf",
    "Fact",
    "Found",
    "LogEntry",
    "Order",
    "Ordering",
    "Said",
    "Sheet",
    "Source",
    "Step",
    "Store",
    "Timeline",
    "__version__",
    "open",
]

_HOMES = {"Edtf": "factstore.dates.edtf", "Store": "factstore.store", "Timeline": "factstore.chronology"} | {
    "Chronology": "factstore.chronology",
    "open": "factstore.store",
}


def __getattr__(name: str) -> Any:
    # Importing the package stays quick; the database layer is loaded by the first use.
    if name in __all__:
        from importlib import import_module

        found = globals()[name] = getattr(import_module(_HOMES.get(name, "factstore.repository.answers")), name)
        return found
    raise AttributeError(f"module 'factstore' has no attribute {name!r}")
