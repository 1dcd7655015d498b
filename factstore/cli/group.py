"""The top command, with all others, and the ledger that a command works on."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from factstore import __version__
from factstore.cli.commands import Commands
from factstore.cli.dates import Seen, tell_reading, typed
from factstore.cli.files import check_outputs
from factstore.cli.given import Option
from factstore.cli.options import Clock, db_of, with_db
from factstore.cli.output import LEDGER, tell_beside, tell_caution, tell_undated, tell_words
from factstore.cli.refusals import in_words, without_steering
from factstore.dates.written import read_period
from factstore.errors import InputError
from factstore.plain import JsonObject

if TYPE_CHECKING:
    from factstore.chronology import Chronology, Reader
    from factstore.store import Store


#: All commands, in the order in which a user meets them.
SECTIONS = {
    "Making and filling a ledger": "init load import add dump",
    "Looking": "status timeline facts show who-says said-by sources history log",
    "Asking about time": "before after between overlapping order date",
    "Correcting": "correct cite relate withdraw restore revert redact",
    "Sources and speakers": "source speaker check-quotes",
    "Checking and keeping": "conflicts diff verify head backup copy share rebuild upgrade ledgers roles",
    "Seeing": "picture browse",
    "Giving to others": "export",
}


#: By our commands: the words that version control, databases and other tools use for them.
_VERBS = {
    "facts": "search find grep ls list query select filter",
    "timeline": "all chronology events",
    "show": "get view cat info describe inspect-fact",
    "history": "blame annotate versions changes",
    "who-says": "cited citations evidence quotes",
    "log": "commits journal records reflog",
    "status": "stat stats summary count info",
    "add": "new create insert put fact record",
    "load": "ingest read open up",
    "init": "initialise initialize setup make",
    "correct": "edit update set change amend fix modify",
    "withdraw": "rm remove delete del drop retract",
    "redact": "purge erase shred forget delete",
    "restore": "undelete unwithdraw",
    "revert": "undo rollback reset",
    "relate": "link order-facts connect",
    "cite": "source-add support",
    "speaker": "speakers person people",
    "source": "text document",
    "conflicts": "contradictions problems issues lint",
    "verify": "check fsck validate audit",
    "check-quotes": "check verify-quotes",
    "backup": "clone snapshot save",
    "upgrade": "migrate",
    "rebuild": "reindex repair",
    "export": "publish report render to",
    "dump": "write print",
    "import": "from",
    "picture": "draw graph plot chart image",
    "browse": "serve web ui datasette sql",
    "overlapping": "during overlap while",
    "before": "until",
    "after": "since",
}
#: Former names of commands, under which they still work.
FORMER = {"inspect": "browse"}
OTHERS_VERBS: dict[str, list[str]] = {}
for _ours, _theirs in _VERBS.items():
    for _verb in _theirs.split():
        OTHERS_VERBS.setdefault(_verb, []).append(_ours)

#: A year before the year 0, which is not an option.
_BEFORE_ZERO = re.compile(r"-[0-9X]{4}.*")


class _Shown(click.Command):
    """A command whose help keeps the example on one line, for copying, and shows an option with an optional value as --X=Y.

    Years before 0 may be arguments without `--` before them.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.ignore_unknown_options = any(map(_BEFORE_ZERO.fullmatch, args))
        alone = {
            name: f"{name}={param.flag_value}"
            for param in self.params
            if isinstance(param, click.Option) and not param.is_flag and isinstance(param.flag_value, str)
            for name in param.opts
        }
        end = args.index("--") if "--" in args else len(args)
        return super().parse_args(ctx, [*(alone.get(word, word) for word in args[:end]), *args[end:]])

    def make_parser(self, ctx: click.Context) -> Any:
        """A parser that refuses an option with one value if it is given twice, of which click would take the last."""
        parser: Any = super().make_parser(ctx)
        parse = parser.parse_args

        def parse_once(args: list[str]) -> Any:
            found = parse(args)
            for param, times in Counter(found[2]).items():
                if (
                    isinstance(param, click.Option)
                    and times > 1
                    and not (param.multiple or param.is_flag or param.count)
                ):
                    raise click.UsageError(f"{param.opts[0]} is given {times} times, and has one value", ctx)
            return found

        parser.parse_args = parse_once
        return parser

    def invoke(self, ctx: click.Context) -> object:
        check_outputs(ctx)
        return super().invoke(ctx)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        text, example, line = inspect.cleandoc(self.help or "").partition("\nExample: ")
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text)
            if example:
                formatter.write(f"\n  Example: {line}\n")


class _Group(_Shown, click.Group):
    command_class = _Shown
    group_class = type  # groups in it are of this class, too

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if ctx.parent:
            super().format_commands(ctx, formatter)
            return
        widest = max(map(len, self.commands))
        for title, names in SECTIONS.items():
            with formatter.section(title):
                room = formatter.width - 6 - widest
                told = ((name, self.commands[name].get_short_help_str(room)) for name in names.split())
                formatter.write_dl([(name.ljust(widest), text) for name, text in told])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with without_steering():
            return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command. For a verb of other tools the refusal names ours; nothing else is run in its place."""
        verb = args[0] if args else ""
        if ctx.parent is None and verb in FORMER:
            args = [FORMER[verb], *args[1:]]
        elif ctx.parent is None and verb not in self.commands:
            near = get_close_matches(verb, self.commands, n=2) or get_close_matches(verb, OTHERS_VERBS, n=1)
            ours = OTHERS_VERBS.get(verb) or [ours for one in near for ours in OTHERS_VERBS.get(one, [one])]
            hint = f" Did you mean {' or '.join(map(repr, ours))}?" if ours else ""
            raise click.UsageError(f"No such command {verb!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        with in_words(ctx):
            return super().invoke(ctx)


# We decide ourselves about colour: click would remove anything that looks like colour from the data, too.
_SETTINGS = {"help_option_names": ["-h", "--help"], "color": True}


@click.group(cls=_Group, commands=Commands(), context_settings=_SETTINGS, invoke_without_command=True)
@with_db
@click.version_option(__version__, prog_name="factstore")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Keep a chronology of dated facts, each with its sources, and ask what happened before what.

    \b
    Start with:  factstore load chronology.yaml -m "first reading"
                 factstore timeline
                 factstore before 2018-04-01
    """
    if ctx.invoked_subcommand is None:
        _begin()
        ctx.exit(2)


def _begin() -> None:
    """Print how to begin: with what the ledger holds, or by making one."""
    from factstore.rendering import text

    ledger = open_reader()
    held = ledger.overview() if ledger.file.begun() else None
    tell_words(lambda: text.beginning_text(ledger.name, held), err=True)
    tell_caution(ledger.file)


def open_store() -> Store:
    """The ledger that the command works on."""
    from factstore.store import open

    ctx = click.get_current_context()
    store = open(db_of(ctx))
    ctx.meta[LEDGER] = store.file
    ctx.call_on_close(store.close)
    return store


def view(clock: Clock) -> Chronology:
    """The ledger at the clock of the question; a command asks all its questions of this one state.

    Says on stderr if the clock is before the first commit or still to come, and how much it leaves out because the day of
    publication, or retrieval, is not recorded.
    """
    reader = open_reader()
    chronology = click.get_current_context().with_resource(reader.at(**clock).held())
    tell_part(reader.name, chronology)
    tell_remark(chronology)
    tell_undated(chronology, clock)
    return chronology


def tell_part(name: str, chronology: Chronology) -> None:
    """Warn if a ledger is a part of another, so that nobody concludes anything from what it lacks."""
    part = chronology.part
    if part:
        tell_beside(f"{name} is a part of a ledger, {part}: what is not in it is not counted")


def tell_remark(chronology: Chronology) -> None:
    """Warn if a clock is before the first commit, or still to come."""
    if remark := chronology.remark:
        tell_beside(remark)


def open_reader() -> Reader:
    """The ledger, for a command that only reads; the code that writes is not imported."""
    from factstore.chronology import Reader

    ctx = click.get_current_context()
    reader = Reader(db_of(ctx))
    ctx.call_on_close(reader.close)
    return reader


def named(chronology: Chronology, text: str, *kinds: str) -> str:
    """The id that an argument means, shown on stderr if the argument was not the id itself."""
    return _told(text, chronology.find(text, *kinds))


def time_named(chronology: Chronology, text: str, seen: Seen) -> str:
    """The date of an argument as EDTF, or the id of the fact that it means."""
    found = chronology.timeline.find(text, *seen)
    if found[0].islower():
        return _told(text, found)
    if found.startswith("[") and not seen.order:
        _refuse_either_order(text, seen)
    tell_reading(read_period(text, *seen))
    return found


def tell_withdrawn(chronology: Chronology, names: Iterable[str]) -> None:
    """Say which of some ids, among them EDTF, name what is withdrawn, since answers about it look like any other."""
    for name in chronology.withdrawn([*dict.fromkeys(name for name in names if name[0].islower())]):
        tell_beside(f"{name} is withdrawn")


def _refuse_either_order(text: str, seen: Seen) -> None:
    """Raises InputError where figures are one date with the day first, and another with the month first."""
    from factstore.rendering.days import written

    readings = [read_period(text, seen.anchor, order).edtf for order in ("day-first", "month-first")]
    if readings[0] != readings[1]:
        either = " or ".join(map(written, readings))
        raise InputError(f"{text!r} may be {either}: --dates dmy or --dates mdy says which")


def narrowed(chronology: Chronology, options: dict[str, Option], seen: Seen) -> JsonObject:
    """A listing's options, with the source as its id and dates as EDTF."""
    from factstore.projection.search import asked_words

    if options["text"]:
        asked_words(options["text"])
    source = options["source"]
    options = options | {"source": source and named(chronology, source, "source")}
    called = {param.name: param.opts[0] for param in click.get_current_context().command.params}
    for name in ("since", "until"):
        options[name] = options[name] and typed(options[name], seen, called[name]).edtf
    return options


def _told(text: str, found: str) -> str:
    if found != text:
        tell_beside(f"{text}: {found}")
    return found
