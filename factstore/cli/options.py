"""The options and arguments that several commands share, and how they are read."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

import click

from factstore.cli.dates import clock_typed, with_words
from factstore.cli.given import Option
from factstore.cli.requests import with_request
from factstore.errors import DateError, DocumentError, InputError
from factstore.evidence.stances import STATUSES
from factstore.plain import JsonObject

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

#: The arguments of `Store.at`.
Clock = Mapping[str, str | None]
Decorator = Callable[[Callable[..., None]], Callable[..., None]]

DEFAULT_DB = "facts.db"

Listed = TypeVar("Listed")


class RenamedOption(click.Option):
    """An option that also works under its `former` names, which neither help nor completion shows."""

    def __init__(self, names: Sequence[str], *, former: Sequence[str], **attributes: Option) -> None:
        super().__init__(names, **attributes)
        self._former = former

    def add_to_parser(self, parser: Option, ctx: click.Context) -> None:
        shown = self.opts
        self.opts = [*shown, *self._former]
        super().add_to_parser(parser, ctx)
        self.opts = shown


def _readable(read: Callable[[str], object]) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """A callback that checks an option's text by reading it, and passes it on as it was written."""

    def check(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
        try:
            if value is not None:
                read(value)
        except DateError as error:
            raise click.BadParameter(str(error)) from None
        return value

    return check


@_readable
def readable_zone(text: str) -> None:
    """Check that a text is an offset from UTC; raises DateError if not."""
    from factstore.dates.ticks import parse_zone

    parse_zone(text)


def _use_db(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value == "":
        raise click.BadParameter("it is empty")
    if value is not None:
        ctx.find_root().obj = value


def _check_by(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty")
    return value


class Whole(click.types.IntParamType):
    """A whole number from `least` to `most`. The limits are left out of help; the error states them."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def convert(self, value: Option, param: click.Parameter | None, ctx: click.Context | None) -> int:
        number = int(super().convert(value, param, ctx))
        if not self.least <= number <= self.most:
            self.fail(f"{number} is not between {self.least} and {self.most}", param, ctx)
        return number


class Filled(click.types.StringParamType):
    """Text that is not blank."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = super().convert(value, param, ctx)
        return text if text.strip() else self.fail("it is empty", param, ctx)


class NewId(click.types.StringParamType):
    """An id for a thing that is recorded."""

    name = "id"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = super().convert(value, param, ctx)
        if is_id(text):
            return text
        rule = "use lower-case letters, digits and hyphens between them, and begin with a letter"
        return self.fail(f"{text!r} is not an id: {rule}", param, ctx)


_ID = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")


def is_id(text: str) -> bool:
    """Whether a text is formed like the id of a fact, a source or a speaker."""
    return _ID.fullmatch(text) is not None


class Name(Filled):
    """The name of a thing: its id, the beginning of it, or words. Shell completion takes ids from the ledger, silently."""

    name = "id"

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        try:
            from factstore.chronology import Reader

            with Reader(db_of(ctx)) as ledger:
                return [CompletionItem(name) for name in ledger.beginning_with(incomplete, *self.kinds)]
        except Exception:  # completion is no place to report an error
            return []


def db_of(ctx: click.Context) -> str:
    """The ledger that a command works on: a path or URL."""
    return ctx.find_root().obj or os.environ.get("FACTSTORE_DB") or DEFAULT_DB


with_db = click.option(
    "--db",
    metavar="PATH-or-URL",
    expose_value=False,
    callback=_use_db,
    help=f"The ledger; else $FACTSTORE_DB, else {DEFAULT_DB}.",
)


def together(*options: Decorator) -> Decorator:
    """Combine options into one decorator; they are shown in this order."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


_FORMS = {
    "json": "One JSON array.",
    "jsonl": "One JSON object a line.",
    "csv": "A header, then rows; import them as text.",
    "markdown": "To paste; facts with their sources as footnotes.",
    "html": "A self-contained page.",
}
_form_options = together(
    *(click.option(f"--{form}", f"as_{form}", is_flag=True, help=words) for form, words in _FORMS.items())
)


def with_form(command: Callable[..., None]) -> Callable[..., None]:
    """The form in which a listing is asked for, as one argument `form`; None: in words."""

    @wraps(command)
    def formed(*args: Option, **options: Option) -> None:
        asked = [form for form in _FORMS if options.pop(f"as_{form}")]
        if len(asked) > 1:
            raise click.UsageError(f"--{asked[0]} and --{asked[1]} are two formats; give one of them.")
        command(*args, form=asked[0] if asked else None, **options)

    return _form_options(formed)


as_forms = together(
    with_form,
    click.option("--limit", type=Whole(0, 10**9), metavar="N", help="At most N; 0, the default, for all."),
)
as_listing = together(with_db, as_forms)
with_offset = click.option("--offset", type=Whole(0, 10**9), default=0, metavar="N", help="Skip the first N.")
as_paged = together(as_listing, with_offset)


def page(answers: Sequence[Listed], limit: int | None, offset: int) -> Sequence[Listed]:
    """A page of a listing: at most `limit` answers (0 or None: all), after the first `offset`."""
    return answers[offset : offset + limit if limit else None]


with_json = click.option("--json", "as_json", is_flag=True, help="One JSON object.")
_clock_options = together(
    click.option(
        "--known-at",
        metavar="WHEN",
        help='The ledger as of a position, or of the end of a moment, day, month or year (UTC), or as "2 days ago".',
    ),
    click.option(
        "--published-by", metavar="DAY", help="Only count sources certainly published by a day, month or year."
    ),
    click.option("--held-by", metavar="DAY", help="Only count sources certainly retrieved by a day, month or year."),
)


def with_clock(command: Callable[..., None]) -> Callable[..., None]:
    """The options for a question's clock, as one argument `clock` for `view`."""

    @wraps(command)
    def clocked(
        *args: Option, known_at: str | None, published_by: str | None, held_by: str | None, **options: Option
    ) -> None:
        given = {"known": known_at, "published": published_by, "held": held_by}
        command(*args, clock={clock: clock_typed(clock, text) for clock, text in given.items()}, **options)

    return _clock_options(clocked)


with_filters = together(
    click.option(
        "--text",
        type=Filled(),
        metavar="WORDS",
        help="Facts that have all of the words, in their own fields or quotes.",
    ),
    click.option("--participant", type=Name("participant"), metavar="NAME", help="Facts in which somebody took part."),
    click.option("--place", type=Filled(), metavar="WORDS", help="Facts at a place."),
    click.option("--tag", type=Name("tag"), metavar="TAG", help="Facts that have a tag."),
    click.option("--source", type=Name("source"), metavar="ID", help="Facts that a source is cited for."),
)


with_dates = together(
    click.option(
        "--from", "--since", "since", type=Filled(), metavar="DATE", help="Facts that may lie on or after a date."
    ),
    click.option(
        "--to", "--until", "until", type=Filled(), metavar="DATE", help="Facts that may lie on or before a date."
    ),
    with_words,
)
with_status = click.option(
    "--status",
    multiple=True,
    type=click.Choice((*STATUSES, "all")),
    metavar="STATUS",
    help=f"{', '.join(STATUSES)} or all; may be repeated.",
)
as_question = together(
    as_paged,
    with_filters,
    with_dates,
    with_clock,
    with_status,
    click.option("--evidence", is_flag=True, help="Include the citations."),
)
as_time_question = together(
    as_question,
    click.option("--certain", is_flag=True, help="Only what is certain."),
    click.option("--why", is_flag=True, help="Include the reasons for what is certain."),
)
with_by = click.option(
    "--by", metavar="NAME", callback=_check_by, help="Who writes; else $FACTSTORE_BY, else the login name."
)
as_committing = together(
    with_db,
    click.option("-m", "--message", default="", metavar="TEXT", help="Why; kept with the commit."),
    with_by,
    with_request,
    click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing."),
)
as_writing = together(
    as_committing,
    click.option(
        "--allow-conflict", is_flag=True, help="Record what contradicts the rest, set aside, instead of refusing it."
    ),
)

with_redacted = click.option("--allow-redacted", is_flag=True, help="Record it even if it was redacted before.")
with_unsupported = click.option(
    "--allow-unsupported", is_flag=True, help="Leave facts without evidence, instead of refusing."
)


#: The same as `factstore.ledger.fields.Reason`, which would import Pydantic.
_REASONS = ("extraction-error", "source-corrected", "new-evidence", "other")
with_reason = click.option(
    "--reason",
    type=click.Choice(_REASONS),
    default="other",
    show_default=True,
    metavar="REASON",
    help="extraction-error (we misread), source-corrected, new-evidence or other.",
)
#: Stands for the value of `--correct` if none is given: the reason is then that of --reason.
_GIVEN = "yes"


def with_correct(command: Callable[..., None]) -> Callable[..., None]:
    """`--correct` and `--reason`, as two arguments: `correct`, the reason for corrections or None, and `reason`."""

    @wraps(command)
    def correcting(*args: Option, correct: str | None, reason: str, **options: Option) -> None:
        command(*args, correct=reason if correct == _GIVEN else correct, reason=reason, **options)

    option = click.option(
        "--correct",
        is_flag=False,
        flag_value=_GIVEN,
        type=click.Choice((_GIVEN, *_REASONS)),
        metavar="[=REASON]",
        help="Turn differences from what was last loaded into corrections. A reason may follow after =.",
    )
    return option(with_reason(correcting))


with_expect = click.option(
    "--expect", type=Whole(1, 2**53), metavar="VERSION", help="Refuse if the thing is no longer at this version."
)
allowing_missing = click.option(
    "--allow-missing",
    is_flag=True,
    help="Record quotes that are missing from the archived text, or found at several places.",
)
with_hash_only = click.option(
    "--hash-only", is_flag=True, help="Check quotes against the text, and keep only its SHA-256."
)
with_quote = together(
    click.option("--quote", metavar="TEXT", help="The source's exact words."),
    click.option("--prefix", metavar="TEXT", help="The text just before the quote, if the quote occurs several times."),
    click.option("--suffix", metavar="TEXT", help="The text just after it."),
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
    click.option(
        "--attribution",
        multiple=True,
        metavar="'A → B'",
        help="Who said it to whom, beginning with who spoke first; or repeated, once for each name.",
    ),
    click.option("--locator", metavar="TEXT", help="Page, line or timecode."),
    click.option("--said", metavar="DATE", help="The day it was said."),
    click.option("--hedge", metavar="TEXT", help='Such as "reportedly".'),
    click.option("--unnamed", metavar="TEXT", help='Who spoke without a name, such as "a Kremlin aide".'),
)


def with_span(name: str, what: str) -> Decorator:
    """The options `--NAME`, `--NAME-min` and `--NAME-max` for a gap or a length and its bounds, read by `span`."""
    return together(
        click.option(f"--{name}", f"{name}_exact", metavar="P3D", help=f"This long {what}."),
        click.option(f"--{name}-min", metavar="P3D", help=f"At least this long {what}."),
        click.option(f"--{name}-max", metavar="P3D", help="At most this long."),
    )


def span(options: dict[str, Option], name: str) -> dict[str, str] | None:
    """Remove the options of `with_span` from a command's options, and return what they give; None if none was given.

    Raises DateError for what is not a duration, InputError for a bound beside an exact length.
    """
    from factstore.dates.ticks import gap_bounds, length_bounds

    exact = options.pop(f"{name}_exact")
    ends = {end: options.pop(f"{name}_{end}") for end in ("min", "max")}
    if exact and any(ends.values()):
        raise InputError(
            f"--{name} is both the least and the most, so --{name}-min and --{name}-max cannot be beside it"
        )
    ends = {"min": exact, "max": exact} if exact else ends
    (gap_bounds if name == "gap" else length_bounds)(ends["min"], ends["max"])
    return {end: given for end, given in ends.items() if given} or None


def taken(options: dict[str, Option], *names: str) -> JsonObject:
    """Remove some options from `options`, and return them."""
    return {name: options.pop(name) for name in names}


def cited(options: dict[str, Option]) -> JsonObject:
    """Remove the options of `with_citation` from `options`, and return them as the fields of a citation."""
    evidence = taken(
        options, "quote", "prefix", "suffix", "stance", "attribution", "locator", "said", "hedge", "unnamed"
    )
    from factstore.documents.formats import several

    return evidence | {"attribution": several(evidence["attribution"], "attribution", "--attribution")}


def stdin_text() -> str:
    """All of stdin, as UTF-8 text."""
    if sys.stdin is None:
        raise InputError("stdin is closed")
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise DocumentError(["stdin: it is not UTF-8 text"]) from None


def stdin_lines() -> Iterable[bytes]:
    """The lines of stdin, one by one."""
    if sys.stdin is None:
        raise InputError("stdin is closed")
    return sys.stdin.buffer
