"""How commands refuse: a sentence and an exit code, never a traceback."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from factstore.cli.terminal import has_colour
from factstore.errors import (
    BroughtBack,
    Changed,
    Contradiction,
    DocumentError,
    FactstoreError,
    InputError,
    Unlocated,
    Unsupported,
)
from factstore.inert import inert, shown


class _Said(click.ClickException):
    """A refusal, in one sentence; exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        name = "\x1b[1;31mfactstore:\x1b[0m" if has_colour(sys.stderr) else "factstore:"
        click.echo(f"{name} {shown(self.format_message())}", file=file, err=True, color=True)


class _Misuse(_Said):
    """An option or argument that cannot be used; exit code 2."""

    exit_code = 2


class _Interrupted(_Said):
    """Ctrl-C; exit code 130, as in shells."""

    exit_code = 130

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(err=True)  # a new line after the terminal's ^C
        super().show(file)


#: Commands that read documents.
_WITH_DOCUMENTS = ("load", "import")


@contextmanager
def in_words(ctx: click.Context) -> Iterator[None]:
    """Turn exceptions into a sentence and an exit code; never a traceback."""
    try:
        with _heeding_ctrl_c(), without_steering():
            yield
    except FactstoreError as error:
        # An error in a document is a refusal; other commands make a document of their own arguments.
        in_document = isinstance(error, DocumentError) and ctx.invoked_subcommand in _WITH_DOCUMENTS
        misuse = isinstance(error, InputError) and not in_document
        way_out = ""
        if isinstance(error, Contradiction):
            way_out = "\n--allow-conflict keeps what contradicts, set aside."
        elif isinstance(error, Unlocated):
            way_out = "\n--allow-missing records such quotes anyway, with the result of the check."
        elif isinstance(error, BroughtBack):
            way_out = "\n--allow-redacted records it anyway."
        elif isinstance(error, Unsupported):
            way_out = "\n--allow-unsupported continues anyway."
        elif isinstance(error, Changed) and _takes(ctx, "correct"):
            way_out = "\n--correct records these differences as corrections."
        elif isinstance(error, Changed):
            way_out = "\n`factstore correct ID --set FIELD=VALUE` corrects what the ledger has."
        raise (_Misuse if misuse else _Said)(f"{error}{way_out}") from None
    except BrokenPipeError:
        # The reader of our output has closed it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        kept = "; only what was committed is kept" if _takes(ctx, "dry_run") else ""
        raise _Interrupted(f"interrupted{kept}") from None
    except OSError as error:
        name = inert(str(error.filename or "the output"))
        raise _Said(f"{name}: {(error.strerror or str(error)).lower()}") from None
    except RecursionError:
        raise _Misuse("that is nested too deeply") from None
    except MemoryError:
        raise _Said("there is not enough memory for this") from None


@contextmanager
def _heeding_ctrl_c() -> Iterator[None]:
    """In the block, Ctrl-C raises KeyboardInterrupt; while the command starts, it ends the process at once."""
    ends_at_once = signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    if ends_at_once:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        if ends_at_once:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def without_steering() -> Iterator[None]:
    """Remove what could control a terminal from the errors about arguments, which repeat what was given."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise  # its message is the help, which is our own text
    except click.UsageError as error:
        said = error.format_message()
        # click lists choices one to a line; joined into one line, they cannot be mistaken for lines of ours.
        told = inert(re.sub(r"\n\t", " ", said))
        raise (error if told == said else click.UsageError(told, error.ctx)) from None


def _takes(ctx: click.Context, option: str) -> bool:
    """Whether the command being run has an option."""
    group, called = ctx.command, ctx.invoked_subcommand
    command = group.get_command(ctx, called) if isinstance(group, click.Group) and called else None
    return command is not None and any(param.name == option for param in command.params)


def ready() -> None:
    """Check that the arguments are UTF-8, and make both outputs able to hold any text."""
    # If stdout is closed, no other file may get its descriptor, and output that cannot be written is refused.
    sys.stdout = sys.stdout or open(os.devnull)  # noqa: SIM115 (for as long as the process)
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Files and pipes get UTF-8, like documents, whatever the terminal's encoding.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    for number, given in enumerate(sys.argv[1:], start=1):
        _check_bytes(given, f"argument {number}")
    for name in ("FACTSTORE_DB", "FACTSTORE_BY"):
        _check_bytes(os.environ.get(name, ""), f"${name}")


def _check_bytes(given: str, what: str) -> None:
    if any("\ud800" <= sign <= "\udfff" for sign in given):
        click.echo(f"factstore: {what} is not UTF-8 text", err=True)
        sys.exit(2)
