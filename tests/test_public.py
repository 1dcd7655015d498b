"""The public interface: a call refuses unknown keywords before it reads or writes anything."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import indent
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from pydantic import BaseModel

import factstore
from factstore import errors
from factstore.chronology import Chronology
from factstore.documents import writing
from factstore.repository.timeline import Timeline
from factstore.store import Store
from factstore.writing.by_hand import OpenCommit

ROOT = Path(__file__).parents[1]

#: The classes with public calls, and how to get an instance for a store at a path.
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


def test_every_public_call_is_covered() -> None:
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


def test_a_misspelt_keyword_writes_nothing(store: Store) -> None:
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


# --- what stands in the package ---------------------------------------------------------------------------------------


def test_every_name_of_the_package_is_there_with_a_docstring_and_no_other() -> None:
    assert dir(factstore) == sorted(dir(factstore))
    for name in dir(factstore):
        described = inspect.getdoc(getattr(factstore, name)) or f"`{name}`" in str(factstore.__doc__)
        assert name == "__version__" or described, name
    homes = [name for names in factstore._HOMES.values() for name in names]
    assert sorted([*homes, "__version__"]) == factstore.__all__
    assert not hasattr(factstore, "opn")


def test_every_error_and_every_answer_is_exported() -> None:
    raised = {name for name, one in vars(errors).items() if inspect.isclass(one) and issubclass(one, Exception)}
    assert raised <= {*dir(factstore)}
    given_back: set[type] = {*_answered()}
    assert {factstore.Fact, factstore.Found, factstore.Span, factstore.Redaction, factstore.Sheets} <= given_back
    assert {one.__name__ for one in given_back} <= {*dir(factstore)}
    assert {"Rules", "Narrowing", "QuestionOptions"} <= {*dir(factstore)}


def _answered() -> Iterator[type]:
    """Our own classes in what public calls and properties return, and in the fields of those."""
    faces = (*FACES, OpenCommit)
    members = [inspect.unwrap(one) for face in faces for _, one in inspect.getmembers(face, inspect.isfunction)]
    members += [
        one.fget for face in faces for _, one in inspect.getmembers(face, lambda one: isinstance(one, property))
    ]
    waiting = [_hint(one) for one in members if one.__name__.lstrip("_") == one.__name__]
    seen: set[type] = set()
    while waiting:
        hint = waiting.pop()
        waiting += get_args(hint)
        if inspect.isclass(hint) and hint.__module__.startswith("factstore.") and hint not in seen:
            seen.add(hint)
            fields = hint.__annotations__ if hasattr(hint, "_fields") else {}
            waiting += get_type_hints(hint).values() if fields else []
            yield hint
        if inspect.isclass(get_origin(hint)):
            waiting.append(get_origin(hint))


def _hint(member: Any) -> Any:
    # `writing` is imported late, so that questions do not wait for it.
    return get_type_hints(member, localns={"writing": writing})["return"]


SNIPPET = """import datetime

import factstore

store = factstore.open("facts.db")
found: factstore.Listing[factstore.Found] = store.timeline.before(datetime.date(2018, 4, 1), certain=True)
title: str = found[0].fact.title
with store.commit(message="x") as commit:
    name: str = commit.add("x", source="wire", when=datetime.date(2018, 1, 1), tags=["a"])
"""
#: Lines that a type checker refuses.
REFUSED = (
    "factstore.opn('facts.db')",
    "store.timeline.before('2018', certan=True)",
    "store.add('x', source='wire', tag=['a'])",
    "store.load({}, dryrun=True)",
    "number: int = store.timeline.order('a', 'b').relations",
    "store.commit(mesage='x')",
)


def told(snippet: Path, text: str) -> list[str]:
    """The errors that a type checker finds, by a process of its own, since mypy raises the recursion limit."""
    snippet.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), str(snippet)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [line for line in said.splitlines() if " error: " in line]


def test_a_type_checker_refuses_what_is_misspelt_and_nothing_else(tmp_path: Path) -> None:
    found = told(tmp_path / "snippet.py", SNIPPET + "\n".join(REFUSED))
    first = SNIPPET.count("\n") + 1
    assert [int(line.split(":")[1]) for line in found] == [*range(first, first + len(REFUSED))], found


def test_a_type_checker_accepts_what_the_guide_shows(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "guide" / "python.md").read_text(encoding="utf-8")
    shown = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    functions = (f"def shown_{number}() -> None:\n{indent(text, '    ')}" for number, text in enumerate(shown))
    assert len(shown) > 5
    assert told(tmp_path / "shown.py", "\n".join(functions)) == []


#: The models that callers make, each with a field that is wrong.
WRONG: dict[str, dict[str, Any]] = {
    "By": {"name": "Ann", "kind": "committee"},
    "EvidenceEntry": {"source": "a paper"},
    "FactEntry": {"id": "a", "title": "A", "when": "2018-13"},
    "OrderingEntry": {"fact": ["a"], "relation": "near", "other": ["b"]},
    "SourceEntry": {"id": "a", "published": "soon"},
    "SpeakerEntry": {"id": "a", "name": ""},
}


def test_every_model_that_callers_make_is_covered() -> None:
    exported = (getattr(factstore, name) for name in factstore.__all__)
    models = {one.__name__ for one in exported if isinstance(one, type) and issubclass(one, BaseModel)}
    assert models == {*WRONG}


@pytest.mark.parametrize("name", WRONG)
def test_a_model_that_cannot_be_made_is_refused_by_an_error_of_our_own(name: str) -> None:
    model, given = getattr(factstore, name), WRONG[name]
    wrong = [*given][-1] if name != "OrderingEntry" else "relation"
    with pytest.raises(factstore.InputError, match=f"^{name}: {wrong}: [^\n]+$") as refused:
        model(**given)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
    with pytest.raises(TypeError):
        model("positional")


def test_all_that_is_wrong_with_a_model_is_listed() -> None:
    wrong: dict[str, Any] = {"id": "a", "when": "2018-13", "evidence": [{}, {"source": "P !"}], "bogus": 1}
    with pytest.raises(factstore.DocumentError) as refused:
        factstore.FactEntry(**wrong)
    assert refused.value.problems == [
        "FactEntry: title: it is missing",
        "FactEntry: when: '2018-13' cannot be read: there is no month 13 (01 to 12; seasons and other groups 21 to 41).",
        "FactEntry: evidence.2.source: 'P !' is not an id: use lower-case letters, digits and hyphens between them, and begin"
        " with a letter",
        "FactEntry: bogus: there is no such field",
    ]
