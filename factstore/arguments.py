"""Checks the arguments of public calls against their annotations before anything is read or written.

A wrong value is an InputError that names the argument; an unknown or missing keyword is a TypeError, as in any Python call.
If an annotation is a list, a single value counts as a list of one, so that a text is never split into letters.
"""

from __future__ import annotations

import inspect
import operator
import os
import sys
import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache, wraps
from itertools import chain, repeat
from reprlib import Repr
from typing import (
    Any,
    Literal,
    NamedTuple,
    NewType,
    ParamSpec,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from factstore.errors import InputError

Given = ParamSpec("Given")
Result = TypeVar("Result")
Class = TypeVar("Class", bound=type)

#: The result for a value that an annotation does not allow.
_NO = object()
_SHOWN = Repr()
_SHOWN.maxstring = _SHOWN.maxother = 60


class _Kind(NamedTuple):
    """What an annotation allows, in words, and a function that returns a value as the call gets it, or `_NO`.

    `take` also gets the value's name, for the refusal of a member of a list.
    """

    words: str
    take: Callable[[object, str], object]


_LIST = "a list of "
#: A parameter: what it may be, and what a refusal calls it; None if anything will do.
_Place = tuple[_Kind, str] | None


def checked_calls(face: Class, refused: Callable[[Any], None] | None = None) -> Class:
    """Make the public methods of a class check their arguments. `refused` is called with the object if they are wrong."""
    for name, method in list(vars(face).items()):
        if isinstance(method, types.FunctionType) and not name.startswith("_"):
            setattr(face, name, checked(method, refused))
    return face


def checked(call: Callable[Given, Result], refused: Callable[[Any], None] | None = None) -> Callable[Given, Result]:
    """Make a call check its arguments. Raises InputError for a wrong value, TypeError for a wrong keyword."""
    # Annotations are read at the first use, since their names may be defined later.
    read_places = cache(lambda: _places(call))

    @wraps(call)
    def taken(*args: Given.args, **given: Given.kwargs) -> Result:
        positional, further, named = read_places()
        # Misspelt keywords are refused before wrong values; missing and surplus ones by Python, in the call.
        try:
            for name in given:
                if name not in named:
                    raise TypeError(f"{call.__qualname__}() got an unexpected keyword argument {name!r}")
            places = chain(positional, repeat(further))
            values = [_taken(place, value) for place, value in zip(places, args, strict=False)]
            more = {name: _taken(named[name], value) for name, value in given.items()}
        except (InputError, TypeError):
            if refused:
                refused(args[0])
            raise
        return call(*values, **more)

    return taken


def _places(call: Callable[..., object]) -> tuple[list[_Place], _Place, dict[str, _Place]]:
    """The parameters by position, the one for any further positions, and those that may be named."""
    plain = inspect.unwrap(call)
    written = {name: hint for name, hint in plain.__annotations__.items() if name != "return"}
    holder = types.SimpleNamespace(__annotations__=written)
    hints = get_type_hints(holder, vars(sys.modules[plain.__module__]), include_extras=True)

    def place(name: str, hint: Any) -> _Place:
        return _kind_of(hint), f"{plain.__name__}: {name}"

    positional: list[_Place] = []
    further: _Place = None
    named: dict[str, _Place] = {}
    for name, parameter in inspect.signature(plain).parameters.items():
        own = place(name, hints[name]) if name in hints and parameter.kind is not parameter.VAR_KEYWORD else None
        if parameter.kind is parameter.VAR_POSITIONAL:
            further = own
        elif parameter.kind is parameter.VAR_KEYWORD:
            [listed] = get_args(hints[name])  # Unpack[TypedDict]
            named |= {key: place(key, hint) for key, hint in get_type_hints(listed).items()}
        else:
            positional += [] if parameter.kind is parameter.KEYWORD_ONLY else [own]
            named |= {name: own} if own else {}
    return positional, further, named


def _taken(place: _Place, value: object) -> Any:
    if place is None:
        return value
    kind, name = place
    found = kind.take(value, name)
    if found is _NO:
        raise InputError(f"{name} must be {kind.words}, not {_SHOWN.repr(value)}")
    return found


@lru_cache(maxsize=256)
def _kind_of(hint: Any) -> _Kind:
    if isinstance(hint, NewType):
        return _kind_of(hint.__supertype__)
    origin, args = get_origin(hint) or hint, get_args(hint)
    if origin in (Union, types.UnionType):
        return _any_of([_kind_of(one) for one in args])
    if origin is Literal:
        return _where(_either([str(one) for one in args]), lambda value: isinstance(value, str) and value in args)
    if origin in (Iterable, Sequence, Collection):
        return _list_of(_kind_of(args[0]), lazily=origin is Iterable)
    if origin is Mapping and args and args[1] is not Any:
        return _mapping_of(*map(_kind_of, args))
    return _PLAIN.get(origin) or _where(f"a {origin.__name__}", lambda value: isinstance(value, origin))


def _where(words: str, holds: Callable[[object], bool]) -> _Kind:
    return _Kind(words, lambda value, _: value if holds(value) else _NO)


def _any_of(kinds: list[_Kind]) -> _Kind:
    def take(value: object, name: str) -> object:
        for kind in kinds:
            if (found := kind.take(value, name)) is not _NO:
                return found
        return _NO

    # None means left out, which the message need not mention.
    words = [kind.words for kind in kinds if kind.words != "None"]
    alone = [one for one in words if one.removeprefix(_LIST) not in words or not one.startswith(_LIST)]
    return _Kind(_either([*alone, *(["a list of these"] if len(alone) < len(words) else [])]), take)


def _list_of(member: _Kind, *, lazily: bool) -> _Kind:
    def take(value: object, name: str) -> object:
        if isinstance(value, str | bytes | Mapping) or hasattr(value, "_fields") or not isinstance(value, Iterable):
            alone = member.take(value, name)
            return _NO if alone is _NO else [alone]
        each = (_taken((member, f"{name}, number {number},"), one) for number, one in enumerate(value, start=1))
        # An iterator's values are checked as they are taken.
        return each if lazily and not isinstance(value, Collection) else list(each)

    return _Kind(f"{_LIST}{member.words}", take)


def _mapping_of(key: _Kind, member: _Kind) -> _Kind:
    def take(value: object, name: str) -> object:
        if not isinstance(value, Mapping):
            return _NO
        return {
            _taken((key, f"{name}: a key"), own): _taken((member, f"{name}, {_SHOWN.repr(own)},"), one)
            for own, one in value.items()
        }

    return _Kind("a mapping", take)


def _whole(value: Any, _: str) -> object:
    """A whole number, including NumPy's, but not True or False."""
    try:
        return _NO if isinstance(value, bool) else operator.index(value)
    except TypeError:
        return _NO


_PLAIN: dict[Any, _Kind] = {
    Any: _where("anything", lambda value: True),
    type(None): _where("None", lambda value: value is None),
    bool: _where("True or False", lambda value: isinstance(value, bool)),
    int: _Kind("a whole number", _whole),
    # As plain text, since a member of an enum of texts is a text by class, but `str()` of it is its name.
    str: _Kind("text", lambda value, _: str.__str__(value) if isinstance(value, str) else _NO),
    # Not pandas' NaT, which is a datetime by class, but not equal to itself.
    date: _where("a date", lambda value: isinstance(value, date) and value == value),
    os.PathLike: _where("a path", lambda value: isinstance(value, os.PathLike)),
    Mapping: _where("a mapping", lambda value: isinstance(value, Mapping)),
    Callable: _where("a function", callable),
}


def _either(words: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
