"""Models that callers make themselves: what is wrong with one is an error of our own, as in any public call.

Only `Model(field=…)` is meant. What Pydantic adds to a model, such as `model_validate`, raises Pydantic's errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, dataclass_transform

from pydantic import BaseModel, Field, ValidationError

from factstore.errors import DocumentError
from factstore.ledger import mistakes

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass as _Metaclass
else:
    _Metaclass = type(BaseModel)


@dataclass_transform(kw_only_default=True, field_specifiers=(Field,))
class MadeByCallers(_Metaclass):
    """The class of such models. Making one raises DocumentError with all that is wrong, each with the model and the field."""

    if not TYPE_CHECKING:  # for type checkers, a model is made by an __init__ with its fields

        def __call__(cls, *args: Any, **given: Any) -> Any:  # noqa: N805
            """Make a model."""
            try:
                return super().__call__(*args, **given)
            except ValidationError as error:
                faults = [(mistakes.dotted(fault["loc"]), mistakes.in_words(fault)) for fault in error.errors()]
            problems = [
                f"{cls.__name__}: {place}: {said}" if place else f"{cls.__name__}: {said}" for place, said in faults
            ]
            raise DocumentError(problems)
