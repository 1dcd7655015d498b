"""`--request`: the caller's own id for what a command writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from factstore.writing.rules import Request

#: Options that say how a command writes, not what; and those that name files, whose content counts.
_HOW = ("db", "message", "by", "request", "dry_run", "as_json", "form", "yes")
_FILES = ("file", "files")


def _request(ctx: click.Context, _param: click.Parameter, value: str | None) -> Request:
    from factstore.writing.rules import Request

    return Request(value, _content(ctx))


def _content(ctx: click.Context) -> Iterator[object]:
    """What a command asks for: what was typed, with the content of the files that it names.

    The arguments of its calls would not do, since they depend on what is in the ledger.
    """
    yield ctx.command_path.partition(" ")[2]
    for name, given in sorted(ctx.params.items()):
        if name not in _HOW and not name.startswith("allow_"):
            values = given if isinstance(given, list | tuple) else [given]
            yield name
            yield from (Path(one) if name in _FILES and isinstance(one, str) else one for one in values)


with_request = click.option(
    "--request",
    metavar="ID",
    callback=_request,
    help="Your own id for this write; repeated under the same id, it is committed only once.",
)
