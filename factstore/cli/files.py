"""The files that commands read and write, and the only place where one is opened to be written.

Nothing is written over a ledger or another database, over their logs, or over what the same command reads: it would be lost.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE
from typing import BinaryIO

import click

from factstore.cli.options import db_of
from factstore.database.paths import real, same
from factstore.errors import Refused, Unavailable


class Input(click.types.StringParamType):
    """The name of a file that a command reads; - is stdin."""


class Output(click.types.StringParamType):
    """The name of a file that a command writes, also over another; - is stdout."""


class NewOutput(Output):
    """The name of a file, or the place of a ledger, that a command makes where nothing is."""


def check_outputs(ctx: click.Context) -> None:
    """Check the files that a command is to write, before it does anything. Raises Refused."""
    outputs = [path for param, path in _named(ctx, Output) if not isinstance(param.type, NewOutput)]
    for number, path in enumerate(outputs):
        _check_place(ctx, path)
        if not _is_device(path) and any(same(path, other) for other in outputs[:number]):
            raise Refused(f"{path} is named for two things, and can hold one of them")


def write(contents: Mapping[Path, bytes]) -> None:
    """Write all files whole, or none; devices and pipes get the content directly. Raises Refused and Unavailable."""
    for path in contents:
        _check_place(click.get_current_context(), path)
    drafts: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            where = path
            if not _is_device(path):
                place = real(path)
                where = drafts[path] = place.with_name(f".{place.name}.new-{os.getpid()}")
            with where.open("wb") as file:
                if where != path and os.path.exists(path):
                    where.chmod(S_IMODE(path.stat().st_mode))
                file.write(content)
        for path, draft in drafts.items():
            draft.replace(real(path))
    except OSError as error:
        raise Unavailable(f"{path}: {(error.strerror or 'it cannot be written').lower()}") from None
    finally:
        for draft in drafts.values():
            with suppress(OSError):
                draft.unlink()


def open_new(path: Path) -> BinaryIO:
    """Open a file that is not there yet, for what is written piece by piece. Raises Refused, and OSError."""
    _check_place(click.get_current_context(), path)
    return path.open("xb")


def _check_place(ctx: click.Context, path: Path) -> None:
    """Check that a file may be written over. Raises Refused."""
    from factstore.database.opening import kept

    if _is_device(path):
        return
    uses_ledger = any(param.name == "db" for param in ctx.command.params)
    if what := kept(path, db_of(ctx) if uses_ledger else None):
        raise Refused(f"{path} is {what}, and is not overwritten")
    if any(same(path, read) for _, read in _named(ctx, Input)) or _is_stdin(ctx, path):
        raise Refused(f"{path} is what the command reads, and is not overwritten")


def _is_device(path: Path) -> bool:
    """Whether something is there, such as a terminal, that is not replaced by what is written to it."""
    return os.path.exists(path) and not os.path.isfile(path)


def _named(ctx: click.Context, kind: type[Input] | type[Output]) -> Iterator[tuple[click.Parameter, Path]]:
    """The files of a kind that a command was given, without stdin and stdout."""
    for param in ctx.command.params:
        if isinstance(param.type, kind):
            yield from ((param, Path(name)) for name in _values(ctx, param) if name != "-")


def _values(ctx: click.Context, param: click.Parameter) -> tuple[str, ...]:
    value = ctx.params.get(param.name or "")
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _is_stdin(ctx: click.Context, path: Path) -> bool:
    """Whether a command reads stdin, and it comes from this file."""
    if not any(isinstance(param.type, Input) and "-" in _values(ctx, param) for param in ctx.command.params):
        return False
    try:
        return os.path.samestat(os.fstat(0), path.stat())
    except OSError:
        return False
