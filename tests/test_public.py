"""The public face: what a call does not know it refuses, before it reads or writes anything."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import factstore
from factstore.chronology import Chronology, Timeline
from factstore.store import Store

#: What has public calls, and how it is come by on a store at a path.
FACES: dict[type, Callable[[Path], Any]] = {
    Store: Store,
    Chronology: lambda path: Store(path).at(known=1),
    Timeline: lambda path: Store(path).timeline,
}
CALLS = [
    (face, name)
    for face in FACES
    for name, _ in inspect.getmembers(face, inspect.isfunction)
    if not name.startswith("_")
]


def test_every_public_call_is_walked() -> None:
    assert {(Store, "load"), (Store, "revert"), (Chronology, "facts"), (Timeline, "before")} <= {*CALLS}


@pytest.mark.parametrize(("face", "name"), [*CALLS, (None, "open")])
def test_an_unknown_keyword_is_a_type_error_and_does_nothing(face: type | None, name: str, tmp_path: Path) -> None:
    call = getattr(FACES[face](tmp_path / "facts.db") if face else factstore, name)
    needed = [
        parameter
        for parameter in inspect.signature(call).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]
    given = [parameter.name for parameter in needed if parameter.kind is not parameter.KEYWORD_ONLY]
    named = {parameter.name: parameter.name for parameter in needed if parameter.kind is parameter.KEYWORD_ONLY}
    for bogus in ("bogus", "rules", "by_hand", "narrowed"):
        with pytest.raises(TypeError, match=f"unexpected keyword argument '{bogus}'"):
            call(*given, **named, **{bogus: True})
    assert [*tmp_path.iterdir()] == []


def test_what_is_misspelt_writes_nothing(store: Store) -> None:
    head = store.load({"sources": [{"id": "wire"}]}) and store.head()
    document = {"sources": [{"id": "radio"}]}
    wrong: dict[str, dict[str, Any]] = {"load": {"dryrun": True}, "add": {"source": "wire", "tag": ["a"]}}
    with pytest.raises(TypeError, match="dryrun"):
        store.load(document, **wrong["load"])
    with pytest.raises(TypeError, match="tag"):
        store.add("x", **wrong["add"])
    with pytest.raises(TypeError, match="dryrun"):
        store.load_in_batches("none.jsonl", 10, **wrong["load"])
    assert store.head() == head
