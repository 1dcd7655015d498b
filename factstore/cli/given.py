"""The values that click passes to a command."""

from __future__ import annotations

from typing import Any, TypeAlias

#: The value of an option or argument, of the type that its declaration asks for, which no type checker reads.
Option: TypeAlias = Any
