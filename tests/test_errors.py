"""Errors pass unchanged from one process to another."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import pytest

from factstore import errors

KINDS = [one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, errors.FactstoreError)]


def made(kind: type[errors.FactstoreError]) -> errors.FactstoreError:
    """An error of a kind, with two words in each list, also within mappings, and one in each text."""
    given: dict[str, Any] = {}
    words: list[Any] = []
    for name, one in list(inspect.signature(kind.__init__).parameters.items())[1:]:
        value: Any = ["first", "second"]
        if str(one.annotation) == "str":
            value = "two\nlines"
        elif str(one.annotation).startswith("Mapping"):
            value = {"first": value}
        if one.kind is inspect.Parameter.KEYWORD_ONLY:
            given[name] = value
        else:
            words.append(value)
    return kind(*words, **given)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_error_is_the_same_after_pickling(kind: type[errors.FactstoreError]) -> None:
    error = made(kind)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
