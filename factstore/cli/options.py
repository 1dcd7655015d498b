"""What commands share: the group and how it refuses, the database, options, and how answers and writes are told."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import IO, TYPE_CHECKING, Any

import click

from factstore import __version__
from factstore.errors import (
    BroughtBack,
    Changed,
    Contradiction,
    DateError,
    DocumentError,
    FactstoreError,
    InputError,
    Unlocated,
    Unsupported,
)

if TYPE_CHECKING:
    from factstore.answers import Answer, Change
    from factstore.store import Store
    from factstore.view import View
    from factstore.writing import Committed

#: The arguments of `Store.at`.
Clock = Mapping[str, str | None]
Decorator = Callable[[Callable[..., None]], Callable[..., None]]

DEFAULT_DB = "facts.db"
#: So many changes are shown of a rehearsal.
_MOST = 25


# --- refusing -------------------------------------------------------------------------------------------------


class _Said(click.ClickException):
    """A refusal as one sentence; exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        from factstore.render import shown

        click.echo(f"factstore: {shown(self.format_message())}", file=file, err=True)


class _Misuse(_Said):
    """What was given can't be used; exit code 2."""

    exit_code = 2


@contextmanager
def _in_words(ctx: click.Context) -> Iterator[None]:
    """Every refusal as its sentence and its exit code; never a traceback."""
    try:
        yield
    except FactstoreError as error:
        misuse = isinstance(error, InputError) and not isinstance(error, DocumentError)
        way_out = ""
        if isinstance(error, Contradiction):
            way_out = "\n--allow-conflict keeps what contradicts, set aside."
        elif isinstance(error, Unlocated):
            way_out = "\n--allow-missing records such quotes all the same, and what was found."
        elif isinstance(error, BroughtBack):
            way_out = "\n--allow-redacted records it all the same."
        elif isinstance(error, Unsupported):
            way_out = "\n--allow-unsupported goes on all the same."
        elif isinstance(error, Changed) and _takes(ctx, "correct"):
            way_out = "\n--correct records these differences as corrections."
        raise (_Misuse if misuse else _Said)(f"{error}{way_out}") from None
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        raise _Said(f"{error.filename or 'the output'}: {(error.strerror or str(error)).lower()}") from None
    except RecursionError:
        raise _Misuse("that is nested too deeply") from None
    except MemoryError:
        raise _Said("that takes more memory than there is") from None


def _takes(ctx: click.Context, option: str) -> bool:
    """Whether the command that was called has an option."""
    group, called = ctx.command, ctx.invoked_subcommand
    command = group.get_command(ctx, called) if isinstance(group, click.Group) and called else None
    return command is not None and any(param.name == option for param in command.params)


class _Shown(click.Command):
    """Help in which the example stays on one line, to be copied."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        text, example, line = inspect.cleandoc(self.help or "").partition("\nExample: ")
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text)
            if example:
                formatter.write(f"\n  Example: {line}\n")


class _Commands(_Shown, click.Group):
    command_class = _Shown
    group_class = type  # groups within it are of this class, too

    def invoke(self, ctx: click.Context) -> Any:
        with _in_words(ctx):
            return super().invoke(ctx)


def ready() -> None:
    """Check the bytes that were given, and make both outputs able to hold any text."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A file or a pipe holds UTF-8 whatever the terminal's encoding is, as documents do.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    for number, given in enumerate(sys.argv[1:], start=1):
        _check_bytes(given, f"argument {number}")
    for name in ("FACTSTORE_DB", "FACTSTORE_BY"):
        _check_bytes(os.environ.get(name, ""), f"${name}")


def _check_bytes(given: str, what: str) -> None:
    if any("\ud800" <= sign <= "\udfff" for sign in given):
        click.echo(f"factstore: {what} is not UTF-8 text", err=True)
        sys.exit(2)


# --- options --------------------------------------------------------------------------------------------------


def _readable(read: Callable[[str], Any]) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """A check that a reader of ours can read an option's text, which is passed on as it was written."""

    def check(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
        try:
            if value is not None:
                read(value)
        except DateError as error:
            raise click.BadParameter(str(error)) from None
        return value

    return check


@_readable
def readable_edtf(text: str) -> None:
    """EDTF."""
    from factstore.dates import Edtf
    from factstore.documents import in_words

    try:
        Edtf(text)
    except DateError as error:
        raise DateError(f"{error}{in_words(text)}") from None


@_readable
def readable_zone(text: str) -> None:
    """An offset from UTC."""
    from factstore.dates import parse_zone

    parse_zone(text)


@_readable
def readable_day(text: str) -> None:
    """One day."""
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        raise DateError(f"{text!r} is no day, such as 2018-04-02") from None


def _use_db(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value == "":
        raise click.BadParameter("it names no file")
    if value is not None:
        ctx.find_root().obj = value


def _check_by(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise click.BadParameter("it names nobody")
    return value


with_db = click.option(
    "--db",
    metavar="PATH-or-URL",
    expose_value=False,
    callback=_use_db,
    help=f"The ledger; else $FACTSTORE_DB, else {DEFAULT_DB}.",
)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@with_db
@click.version_option(__version__, prog_name="factstore")
def cli() -> None:
    """Keep a chronology of dated facts, each with its sources, and ask what happened before what.

    \b
    Start with:  factstore load chronology.yaml -m "first reading"
                 factstore timeline
                 factstore before 2018-04-01
    """


def open_store() -> Store:
    """The ledger that the command is about."""
    from factstore.store import open

    ctx = click.get_current_context()
    store = open(ctx.find_root().obj or os.environ.get("FACTSTORE_DB") or DEFAULT_DB)
    ctx.call_on_close(store.close)
    return store


def view(clock: Clock) -> View:
    """The ledger at the clock that the question names."""
    return open_store().at(**clock)


def together(*options: Decorator) -> Decorator:
    """Several options as one decorator, shown in this order."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


as_forms = together(
    click.option("--json", "form", flag_value="json", help="One JSON array."),
    click.option("--jsonl", "form", flag_value="jsonl", help="One JSON object a line."),
    click.option("--csv", "form", flag_value="csv", help="A header, then rows; import them as text."),
    click.option(
        "--limit", type=click.IntRange(0, 10**9), default=0, show_default="0, all", metavar="N", help="At most N."
    ),
)
as_listing = together(with_db, as_forms)
with_json = click.option("--json", "as_json", is_flag=True, help="One JSON object.")
_clock_options = together(
    click.option(
        "--known-at", metavar="WHEN", help="As the ledger stood at a position, a moment, or the end of a day (UTC)."
    ),
    click.option(
        "--published-by", metavar="DAY", help="Only what rests on sources certainly published by a day, month or year."
    ),
    click.option(
        "--held-by", metavar="DAY", help="Only what rests on sources certainly retrieved by a day, month or year."
    ),
)


def with_clock(command: Callable[..., None]) -> Callable[..., None]:
    """The clock that a question names, as one argument `clock`, for `view`."""

    @wraps(command)
    def clocked(
        *args: Any, known_at: str | None, published_by: str | None, held_by: str | None, **options: Any
    ) -> None:
        command(*args, clock={"known": known_at, "published": published_by, "held": held_by}, **options)

    return _clock_options(clocked)


STATUSES = ("stands", "disputed", "denied", "foretold", "unsupported", "withdrawn")
with_filters = together(
    click.option("--text", metavar="WORDS", help="Facts that hold every word."),
    click.option("--participant", metavar="NAME", help="Facts in which somebody took part."),
    click.option("--place", metavar="WORDS", help="Facts at a place."),
    click.option("--tag", metavar="TAG", help="Facts that bear a tag."),
    click.option("--source", metavar="ID", help="Facts that a source speaks of."),
)
with_offset = click.option(
    "--offset", type=click.IntRange(0, 10**9), default=0, metavar="N", help="Leave out the first N."
)
as_question = together(
    as_listing,
    with_offset,
    with_filters,
    with_clock,
    click.option(
        "--status",
        multiple=True,
        type=click.Choice((*STATUSES, "all")),
        metavar="STATUS",
        help=f"{', '.join(STATUSES)} or all; may be repeated.",
    ),
    click.option("--evidence", is_flag=True, help="With the citations."),
)
as_time_question = together(
    as_question,
    click.option("--certain", is_flag=True, help="Only what is certain."),
    click.option("--why", is_flag=True, help="With the reasons of what is certain."),
)
with_by = click.option("--by", metavar="NAME", callback=_check_by, help="Who; else $FACTSTORE_BY, else the login name.")
as_committing = together(
    with_db,
    click.option("-m", "--message", default="", metavar="TEXT", help="Why; kept with the commit."),
    with_by,
    click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing."),
)
as_writing = together(
    as_committing,
    click.option("--allow-conflict", is_flag=True, help="Keep what contradicts, set aside, instead of refusing it."),
)

with_redacted = click.option("--allow-redacted", is_flag=True, help="Record what was redacted before all the same.")
with_unsupported = click.option(
    "--allow-unsupported", is_flag=True, help="Leave facts that stand on nothing, instead of refusing it."
)


def _reason(default: str) -> Decorator:
    return click.option(
        "--reason",
        type=click.Choice(("extraction-error", "source-corrected", "new-evidence", "other")),
        default=default,
        show_default=True,
        metavar="REASON",
        help="extraction-error (we misread), source-corrected, new-evidence or other.",
    )


with_reason = _reason("extraction-error")
with_restoring_reason = _reason("other")
with_expect = click.option(
    "--expect", type=click.IntRange(1, 2**53), metavar="VERSION", help="Refuse where the thing has changed since."
)
allowing_missing = click.option(
    "--allow-missing",
    is_flag=True,
    help="Record quotes that the archived text does not hold, or holds at several places.",
)
with_hash_only = click.option(
    "--hash-only", is_flag=True, help="Check quotes against the text, and keep only its SHA-256."
)
with_quote = together(
    click.option("--quote", metavar="TEXT", help="The source's exact words."),
    click.option("--prefix", metavar="TEXT", help="What stands just before the quote, where that says which is meant."),
    click.option("--suffix", metavar="TEXT", help="What stands just after it."),
    allowing_missing,
)
with_citation = together(
    with_quote,
    click.option(
        "--stance",
        type=click.Choice(("asserts", "foretells", "denies", "silent")),
        metavar="STANCE",
        help="asserts (the default), foretells, denies or silent.",
    ),
    click.option("--attribution", metavar="'A → B'", help="Who said it to whom, from the one who spoke."),
    click.option("--locator", metavar="TEXT", help="Page, line or timecode."),
    click.option("--said", callback=readable_edtf, metavar="EDTF", help="The day it was said."),
    click.option("--hedge", metavar="TEXT", help='Such as "reportedly".'),
    click.option("--unnamed", metavar="TEXT", help='Who spoke without a name, such as "a Kremlin aide".'),
)


def taken(options: dict[str, Any], *names: str) -> dict[str, Any]:
    """Some of a command's options, taken out of the others."""
    return {name: options.pop(name) for name in names}


def cited(options: dict[str, Any]) -> dict[str, Any]:
    """What the options of `with_citation` say, taken out of a command's options."""
    evidence = taken(
        options, "quote", "prefix", "suffix", "stance", "attribution", "locator", "said", "hedge", "unnamed"
    )
    return evidence | {"attribution": several(evidence["attribution"] or "")}


def several(given: str) -> list[str]:
    """Links or names parted by → or by semicolons."""
    return [part.strip() for part in given.replace("→", ";").split(";") if part.strip()]


def stdin_text() -> str:
    """All of stdin, as UTF-8 text."""
    if sys.stdin is None:
        raise InputError("stdin is closed")
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise DocumentError(["stdin: it is not UTF-8 text"]) from None


def stdin_lines() -> Iterable[bytes]:
    """The lines of stdin, one after the other."""
    if sys.stdin is None:
        raise InputError("stdin is closed")
    return sys.stdin.buffer


# --- telling --------------------------------------------------------------------------------------------------


def tell(
    answers: Sequence[Answer], form: str | None, words: Callable[[], str], nothing: str = "Nothing is recorded."
) -> None:
    """A listing in the form that was asked for, or in words; that there is nothing is told on stderr."""
    from factstore import render

    if form:
        text = render.listing(answers, form)
        # A program is given the cells to the letter; a terminal, nothing that could steer it.
        text = render.shown(text) if form == "csv" and sys.stdout.isatty() else text
        if text:
            click.echo(text)
    elif answers:
        click.echo(words())
    else:
        click.echo(nothing, err=True)


def tell_one(answer: Mapping[str, Any]) -> None:
    """One JSON object."""
    from factstore.render import json_text

    click.echo(json_text(answer, indent=2))


def say(done: Committed, *, dry_run: bool = False, **_: Any) -> None:
    """What a write did, or would do, in words; of a rehearsal first what would change."""
    if done.changes:
        _show(done.changes)
    would = "would have " if dry_run else ""
    tally = done.tally
    parts = []
    if tally.gone:
        click.echo(f"no longer in these documents: {_listed(tally.gone)}; --prune withdraws them", err=True)
    if done.created:
        parts.append(f"{would}made a new ledger")
    if tally.count:
        counts = (f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in tally.count.items())
        parts.append(f"{would}recorded {', '.join(counts)}")
    if tally.corrected:
        parts.append(f"{would}changed {_listed(tally.corrected)}")
    if tally.withdrawn:
        parts.append(f"{would}{'withdrawn' if dry_run else 'withdrew'} {_listed(tally.withdrawn)}")
    if tally.unchanged:
        parts.append(f"{tally.unchanged} as {'it was' if tally.unchanged == 1 else 'they were'}")
    if tally.behind:
        parts.append(f"as corrected since, not as the document says: {_listed(tally.behind)}")
    if tally.kept:
        parts.append(f"{would}kept the text of {_listed(tally.kept)}")
    if tally.checks:
        parts.append(f"quotes: {', '.join(f'{count} {result}' for result, count in tally.checks.most_common())}")
    if done.set_aside:
        parts.append(f"set aside, because it contradicts: {', '.join(done.set_aside)}")
    if done.position is not None:
        parts.append(f"commit {done.position}")
    else:
        other = (done.created or tally.kept) and not dry_run
        parts.append("nothing else was written" if other else "nothing was written")
    click.echo("; ".join(parts), err=True)


def _listed(names: Sequence[str]) -> str:
    """The first ten, and how many more there are."""
    more = len(names) - 10
    return ", ".join(names[:10]) + (f" and {more} more" if more > 0 else "")


def _show(changes: Sequence[Change]) -> None:
    """What would change, the first so many."""
    from collections import Counter

    from factstore.render import changes_text

    click.echo(changes_text(changes[:_MOST]), err=True)
    more = Counter(change.change for change in changes[_MOST:])
    if more:
        click.echo(f"and {', '.join(f'{count} more {sort}' for sort, count in more.items())}", err=True)
