"""Arguments of public calls, held against their annotations before anything is read or written.

A wrong value is an InputError that names the argument; an unknown or missing keyword is a TypeError, as in any Python call.
Where an annotation names a list, one value alone is a list of that one, so that a text is never taken apart into letters.
"""

from __future__ import annotations

import operator
import os
import sys
import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache, wraps
from inspect import Parameter, Signature, signature, unwrap
from reprlib import Repr
from typing import (
    Any,
    Literal,
    NamedTuple,
    ParamSpec,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from factstore.errors import InputError

Given = ParamSpec("Given")
Result = TypeVar("Result")
Class = TypeVar("Class", bound=type)

#: What a value that an annotation does not allow is read as.
_NO = object()
_SHOWN = Repr()
_SHOWN.maxstring = _SHOWN.maxother = 60


class _Kind(NamedTuple):
    """What an annotation allows, in words, and how a value is taken: as the call gets it, else `_NO`.

    `take` is told what the value is called, for a refusal of one member of a list.
    """

    words: str
    take: Callable[[Any, str], Any]


def checked_calls(face: Class) -> Class:
    """A class whose public methods check what they are given."""
    for name, method in list(vars(face).items()):
        if isinstance(method, types.FunctionType) and not name.startswith("_"):
            setattr(face, name, checked(method))
    return face


def checked(call: Callable[Given, Result]) -> Callable[Given, Result]:
    """A call that checks what it is given. Raises InputError for a wrong value, TypeError for a wrong keyword."""
    signed = _Signed(call)

    @wraps(call)
    def taken(*args: Given.args, **given: Given.kwargs) -> Result:
        args, given = signed.take(args, given)  # type: ignore[assignment]
        return call(*args, **given)

    return taken


class _Signed:
    """A call's signature; annotations are read by its first use, since their names may be defined later."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call
        self._signature: Signature = signature(call)

    @cached_property
    def _kinds(self) -> dict[str, _Kind]:
        """What each argument may be, by its name: also those keywords that a TypedDict lists."""
        call = unwrap(self._call)
        written = {name: hint for name, hint in call.__annotations__.items() if name != "return"}
        hints = get_type_hints(
            types.SimpleNamespace(__annotations__=written), vars(sys.modules[call.__module__]), include_extras=True
        )
        found: dict[str, _Kind] = {}
        for name, parameter in self._signature.parameters.items():
            if parameter.kind is Parameter.VAR_KEYWORD:
                [listed] = get_args(hints[name])  # Unpack[TypedDict]
                assert is_typeddict(listed)
                found |= {key: _kind_of(hint) for key, hint in get_type_hints(listed).items()}
            elif name in hints:
                found[name] = _kind_of(hints[name])
        return found

    def take(self, args: tuple[Any, ...], given: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        try:
            bound = self._signature.bind(*args, **given)
        except TypeError as error:
            raise TypeError(f"{self._call.__qualname__}() {error}") from None
        kinds, variable = self._kinds, {}
        # What is misspelt comes before what is wrong.
        for name in given.keys() - kinds.keys():
            raise TypeError(f"{self._call.__qualname__}() got an unexpected keyword argument {name!r}")
        for name, value in bound.arguments.items():
            sort = self._signature.parameters[name].kind
            if sort is Parameter.VAR_KEYWORD:
                variable = {key: self._taken(key, one) for key, one in value.items()}
            elif sort is Parameter.VAR_POSITIONAL:
                bound.arguments[name] = tuple(self._taken(name, one) for one in value)
            elif name in kinds:
                bound.arguments[name] = self._taken(name, value)
        return bound.args, bound.kwargs | variable

    def _taken(self, name: str, value: Any) -> Any:
        return _taken(self._kinds[name], value, f"{self._call.__name__}: {name}")


def _taken(kind: _Kind, value: Any, name: str) -> Any:
    found = kind.take(value, name)
    if found is _NO:
        raise InputError(f"{name} must be {kind.words}, not {_SHOWN.repr(value)}")
    return found


@lru_cache(maxsize=256)
def _kind_of(hint: Any) -> _Kind:
    origin, args = get_origin(hint) or hint, get_args(hint)
    if origin in (Union, types.UnionType):
        return _any_of([_kind_of(one) for one in args])
    if origin is Literal:
        return _where(_either([str(one) for one in args]), lambda value: isinstance(value, str) and value in args)
    if origin in (Iterable, Sequence, Collection):
        return _list_of(_kind_of(args[0]), lazily=origin is Iterable)
    return _PLAIN.get(origin) or _where(f"a {origin.__name__}", lambda value: isinstance(value, origin))


def _where(words: str, holds: Callable[[Any], bool]) -> _Kind:
    return _Kind(words, lambda value, _: value if holds(value) else _NO)


def _any_of(kinds: list[_Kind]) -> _Kind:
    def take(value: Any, name: str) -> Any:
        return next((found for found in (kind.take(value, name) for kind in kinds) if found is not _NO), _NO)

    # None is what is left out, which nobody has to be told.
    return _Kind(_either([kind.words for kind in kinds if kind.words != "None"]), take)


def _list_of(member: _Kind, *, lazily: bool) -> _Kind:
    def take(value: Any, name: str) -> Any:
        if isinstance(value, str | bytes | Mapping) or hasattr(value, "_fields") or not isinstance(value, Iterable):
            alone = member.take(value, name)
            return _NO if alone is _NO else [alone]
        each = (_taken(member, one, f"{name}, number {number},") for number, one in enumerate(value, start=1))
        # What comes piece by piece is looked at as it comes.
        return each if lazily and not isinstance(value, Collection) else list(each)

    return _Kind(f"a list of {member.words}", take)


def _whole(value: Any, _: str) -> Any:
    """A whole number; also NumPy's, and not True or False."""
    try:
        return _NO if isinstance(value, bool) else operator.index(value)
    except TypeError:
        return _NO


_PLAIN: dict[Any, _Kind] = {
    Any: _where("anything", lambda value: True),
    type(None): _where("None", lambda value: value is None),
    bool: _where("True or False", lambda value: isinstance(value, bool)),
    int: _Kind("a whole number", _whole),
    str: _where("text", lambda value: isinstance(value, str)),
    # Not pandas' NaT, which is a datetime by its class, but unequal to itself.
    date: _where("a date", lambda value: isinstance(value, date) and value == value),
    os.PathLike: _where("a path", lambda value: isinstance(value, os.PathLike)),
    Mapping: _where("a mapping", lambda value: isinstance(value, Mapping)),
    Callable: _where("a function", callable),
}


def _either(words: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
