"""Helpers for importing files of other tools: read them, and load them."""

from __future__ import annotations

import json
from typing import Any

from factstore.exchange.arrivals import Arrival, Holdings
from factstore.exchange.headers import SheetOptions
from factstore.exchange.incoming import FORMATS, format_of
from factstore.store import Store


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def arrived(content: bytes, name: str, wanted: SheetOptions | None = None, store: Store | None = None) -> Arrival:
    """What a file brings, read in the format that it looks like; its document has no problems."""
    held = Holdings(store.entries() if store is not None and store.file.begun() else ())
    [arrival] = FORMATS[format_of(name, content)].read(content, name, wanted or SheetOptions(), held)
    assert arrival.document.problems == []
    return arrival


def facts(arrival: Arrival) -> dict[str, dict[str, Any]]:
    return {fact["title"]: fact for fact in arrival.value["facts"]}


def sources(arrival: Arrival) -> dict[str, dict[str, Any]]:
    return {source["id"]: source for source in arrival.value["sources"]}


def loaded(store: Store, content: bytes, name: str, **options: Any) -> dict[str, int]:
    """The counts of loading a file: what is new, by kind, `changed` and `same`."""
    tally = store.load(arrived(content, name, store=store).document, by="Test", **options).tally
    return dict(tally.count) | {"changed": len(tally.corrected), "same": tally.unchanged}
