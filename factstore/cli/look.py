"""Commands that ask questions: about facts, evidence, the log, time, and how a date is read."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

import click

from factstore.cli.dates import Seen, with_anchor, with_order, with_pivot
from factstore.cli.following import following
from factstore.cli.given import Option
from factstore.cli.group import cli, named, narrowed, open_reader, tell_withdrawn, time_named, view
from factstore.cli.options import (
    Clock,
    Filled,
    Name,
    Whole,
    as_paged,
    as_question,
    as_time_question,
    page,
    readable_zone,
    with_clock,
    with_db,
    with_json,
)
from factstore.cli.output import is_for_readers, tell, tell_beside, tell_line, tell_one, tell_words
from factstore.errors import FactstoreError, InputError, Refused
from factstore.evidence.stances import COUNTED, STATUSES
from factstore.plain import Json, JsonObject
from factstore.units import Seconds

if TYPE_CHECKING:
    from datetime import date as day

    from factstore.chronology import Chronology
    from factstore.dates.phrases import Context
    from factstore.evidence.stances import Status


@cli.command()
@with_db
@with_clock
@with_json
def status(clock: Clock, as_json: bool) -> None:
    """Show what the ledger holds and what needs attention.

    The head; how many facts and sources there are; how many facts have no date, rest on a single origin, or have no evidence;
    how many quotes are not in their sources' texts; and how many conflicts there are. Each with the command that lists them.

    Example: factstore status
    """
    from factstore.rendering import text

    chronology = view(clock)
    held, waiting = chronology.overview(), chronology.waiting()
    if as_json:
        last = {"position": held.last.position, "hash": held.last.hash} if held.last else {}
        counts = {"facts": held.facts, "sources": held.sources, **waiting._asdict()}
        tell_one(last | counts)
    else:
        tell_words(lambda: text.status_text(held, waiting))


@cli.command()
@as_question
@click.option("--undated", is_flag=True, help="Only facts without any known date.")
@click.option("--single-origin", is_flag=True, help="Only facts that rest on one independent origin.")
@click.option("--unquoted", is_flag=True, help="Only facts for which no exact words are cited.")
@click.argument("query", type=Filled(), required=False)
def facts(
    query: str | None,
    form: str | None,
    seen: Seen,
    clock: Clock,
    status: Sequence[Status],
    evidence: bool,
    **options: Option,
) -> None:
    """List facts, or search them.

    With a query: those that have all of its words in their ids, titles, places, participants, tags, quotes or attributes.

    Example: factstore facts "consulate closing"
    """
    from factstore.projection import search
    from factstore.rendering import text

    options["text"] = " ".join(words for words in (query, options["text"]) if words) or None
    chronology = view(clock)
    asked = narrowed(chronology, options, seen) | {"status": _wanted(status, ())}
    found = chronology.facts(evidence=evidence or is_for_readers(form), **asked)
    nothing = "No such facts."
    if options["text"] and not found and is_for_readers(form):
        shorter = " ".join(search.beginnings(options["text"]))
        if chronology.facts(**asked | {"text": shorter, "limit": 1, "offset": 0}):
            nothing = f"No such facts; try {shorter!r}."
    tell(found, form, lambda: text.facts_text(found, evidence=evidence), nothing, asked=chronology, heading="facts")


@cli.command()
@with_db
@with_clock
@click.argument("name", type=Name(), metavar="ID")
@with_json
def show(name: str, clock: Clock, as_json: bool) -> None:
    """Show all that is known of one thing.

    That is a source, speaker, citation or ordering, or a fact: when it was and why, who says so in which words, from how many
    independent origins, what contradicts it, its neighbours in time, and its corrections.

    Example: factstore show trump-putin-call
    """
    from factstore.rendering import dossier

    chronology = view(clock)
    found = chronology.show(named(chronology, name))
    if as_json:
        tell_one(found.json())
    else:
        tell_words(lambda: dossier.show_text(found))


@cli.command()
@as_paged
@click.argument("name", type=Name(), metavar="ID")
@with_clock
def history(name: str, form: str | None, limit: int | None, offset: int, clock: Clock) -> None:
    """List all changes to a thing, its evidence and its orderings.

    Example: factstore history us-expels-60-russian-diplomats
    """
    from factstore.rendering import changes

    chronology = view(clock)
    found = page(chronology.history(named(chronology, name), limit=limit and limit + offset), limit, offset)
    tell(found, form, lambda: changes.history_text(found))


@cli.command("who-says")
@as_paged
@with_clock
@click.argument("fact", type=Name("fact", "ordering"), metavar="FACT")
def who_says(fact: str, form: str | None, limit: int | None, offset: int, clock: Clock) -> None:
    """List the evidence for a fact or an ordering.

    Sources that repeat one origin count as one: citations with the same origin do not corroborate each other.

    Example: factstore who-says trump-putin-call
    """
    from factstore.rendering import text
    from factstore.repository.answers import origins

    chronology = view(clock)
    about = named(chronology, fact, "fact", "ordering")
    every = chronology.who_says(about)
    found = page(every, limit, offset)
    nobody = "Nobody, as far as is recorded."
    tell(found, form, lambda: text.citations_text(found, origins(every)), nobody, asked=chronology)
    if is_for_readers(form):
        tell_withdrawn(chronology, [about])
        for caution in chronology.cautions([about]):
            tell_beside(caution)


@cli.command("said-by")
@as_paged
@with_clock
@click.argument("name")
def said_by(name: str, form: str | None, limit: int | None, offset: int, clock: Clock) -> None:
    """List what somebody says or relays.

    NAME is a speaker's id, name or alias, a source's id or publisher, or any name in a chain. What others say on a speaker's
    behalf is included.

    Example: factstore said-by Kremlin
    """
    from factstore.rendering import text

    chronology = view(clock)
    every = chronology.said_by(name)
    found = page(every, limit, offset)
    tell(found, form, lambda: text.said_text(found, name), "Nothing, as far as is recorded.", asked=chronology)
    if is_for_readers(form):
        tell_withdrawn(chronology, (one.citation.about for one in found))


@cli.command()
@as_paged
@with_clock
def sources(form: str | None, limit: int | None, offset: int, clock: Clock) -> None:
    """List the sources.

    Example: factstore sources --json
    """
    from factstore.rendering import text

    chronology = view(clock)
    found = page(chronology.sources(limit=limit and limit + offset), limit, offset)
    tell(found, form, lambda: text.sources_text(found), "No sources.", asked=chronology)


@cli.command()
@as_paged
@click.option("--follow", is_flag=True, help="Print each record when it is committed, as JSON Lines, until stopped.")
@click.option(
    "--after",
    type=Whole(0, 2**53),
    metavar="POSITION",
    help="With --follow: only records after this one; else new ones.",
)
@with_clock
@click.option("--records", is_flag=True, help="All records, one per line.")
@click.option("--request", metavar="ID", help="The commit that was made under this --request.")
def log(
    records: bool,
    form: str | None,
    limit: int | None,
    offset: int,
    follow: bool,
    after: int | None,
    clock: Clock,
    request: str | None,
) -> None:
    """List who did what and why.

    A line for each commit, newest first. --records lists all their records, and so do --json, --jsonl and --csv.

    With --follow, new records are printed as they come, each once and in order, even if the server is away for a while.

    Example: factstore log --limit 10
    """
    from factstore.rendering import changes, commits

    if follow:
        if any(clock.values()) or offset or form not in (None, "jsonl"):
            raise click.UsageError(
                "--follow prints new records as JSON Lines, and takes no other format, clock or --offset"
            )
        with suppress(KeyboardInterrupt):  # which is how it ends
            for entry in following(open_reader(), after, limit):
                tell_line(entry.json())
        return
    if after is not None:
        raise click.UsageError("--after needs --follow")
    if request is not None and (follow or records or form):
        raise click.UsageError("--request shows one commit, only in words")
    chronology = view(clock)
    if records or form:
        found = page(chronology.log(limit=limit and limit + offset), limit, offset)
        tell(found, form, lambda: changes.log_text(found))
        return
    done = page(chronology.commits(limit=limit and limit + offset, request=request), limit, offset)
    if done:
        tell_words(lambda: commits.commits_text(done))
    elif request is not None:
        raise Refused(f"no commit has the request {request}")
    else:
        tell_beside("Nothing is recorded.")


# --- time -----------------------------------------------------------------------------------------------------


def _wanted(status: Sequence[Status], otherwise: Sequence[Status]) -> Sequence[Status]:
    return STATUSES if "all" in status else status or otherwise


def _asked(question: str, *names: str, form: str | None, seen: Seen, clock: Clock, **options: Option) -> None:
    """Answer one question about time. People always see the sources; programs get them if they ask for the evidence."""
    from factstore.evidence.stances import ANSWERED
    from factstore.rendering import text

    is_whole = bool(options["status"])
    options["status"] = _wanted(options["status"], ANSWERED)
    evidence = options.pop("evidence")
    chronology = view(clock)
    names = tuple(time_named(chronology, name, seen) for name in names)
    options = narrowed(chronology, options, seen)
    found = getattr(chronology.timeline, question)(*names, evidence=evidence or is_for_readers(form), **options)
    asked = f"{question} {' and '.join(names)}"
    heading = _heading(question, names, chronology) if form == "html" or form == "markdown" else ""

    def words() -> str:
        placed = (f"{name} ({text.when_text(chronology.fact(name))})" if name[0].islower() else name for name in names)
        return text.found_text(found, f"{question} {' and '.join(placed)}", evidence=evidence)

    asked = f"is certainly {asked}" if options.get("certain") else asked
    nothing = f"Nothing {asked}, as far as is known." if names else "No facts."
    tell(found, form, words, nothing, asked=chronology, heading=heading)
    if not is_for_readers(form):
        return
    tell_withdrawn(chronology, names)
    if not (names or is_whole):
        _tell_left_out(chronology, options)
    days = [name for name in names if not name[0].islower()]
    if question == "between" and days and not options["inclusive"]:
        opened = ": --inclusive includes them" if len(days) == len(names) else ""
        tell_beside(f"facts on {' or '.join(days)} are left out{opened}")
    if question in ("after", "between") and not any(one.certainty == "certain" for one in found):
        _tell_of_its_end(chronology, names[0])


def _tell_of_its_end(chronology: Chronology, name: str) -> None:
    """Say if nothing is certainly after a fact because it had begun by some day, but may have gone on for ever."""
    fact = chronology.fact(name) if name[0].islower() else None
    if fact and fact.lies.begun and not fact.open_end:
        tell_beside(
            f"when {name} ended is not known; how long it took at most (--lasts-max; `factstore correct {name} "
            "--set lasts=P3D`) would bound that"
        )


def _heading(question: str, names: Sequence[str], chronology: Chronology) -> str:
    """The question in words: a fact by its title, a date in words."""
    from factstore.rendering import days

    told = (f"“{chronology.fact(name).title}”" if name[0].islower() else days.written(name) for name in names)
    return f"{question} {' and '.join(told)}" if names else "chronology"


def _tell_left_out(chronology: Chronology, narrowed: Mapping[str, Json]) -> None:
    """Say how many facts of other statuses a timeline leaves out."""
    from factstore.rendering import text

    filters = {name: value for name, value in narrowed.items() if name not in ("limit", "offset", "status")}
    if told := text.left_out_text(chronology.statuses(status=COUNTED, **filters)):
        tell_beside(f"{told}: --status all shows them too")


#: X as the only argument of a command, so that a date in words needs no quotes.
_with_x = click.argument("x", nargs=-1, required=True, type=Name("fact"), metavar="X")


@cli.command()
@as_question
def timeline(**options: Option) -> None:
    """List facts in order of time, keeping all stated orders.

    Facts that are foretold, denied or without evidence are counted, and listed if --status asks for them.

    Example: factstore timeline --limit 20
    """
    _asked("all", **options)


@cli.command()
@as_time_question
@_with_x
def before(x: Sequence[str], **options: Option) -> None:
    """List what ended before X started: certainly, then possibly.

    X is a fact or a date, such as 2018-04-01, "late May 2018" or 44 BC.

    Example: factstore before russia-expels-60-us-diplomats --why
    """
    _asked("before", " ".join(x), **options)


@cli.command()
@as_time_question
@_with_x
def after(x: Sequence[str], **options: Option) -> None:
    """List what started after X ended.

    X is a fact or a date.

    Example: factstore after 2018-03-20
    """
    _asked("after", " ".join(x), **options)


@cli.command()
@as_time_question
@click.option("--inclusive", is_flag=True, help="Include facts on the days of X and Y themselves; for dates.")
@click.argument("ends", nargs=-1, required=True, type=Name("fact"), metavar="X Y")
def between(ends: Sequence[str], **options: Option) -> None:
    """List what lies after X and before Y.

    Each is a fact or a date; there may be an `and` between them.

    Example: factstore between trump-putin-call ushakov-briefing
    """
    x, y = _two(ends)
    _asked("between", x, y, **options)


def _two(ends: Sequence[str]) -> tuple[str, str]:
    """X and Y: two words, or the words before and after `and`."""
    words = list(ends)
    if words.count("and") == 1 and words[0] != "and" != words[-1]:
        turn = words.index("and")
        return " ".join(words[:turn]), " ".join(words[turn + 1 :])
    if len(words) != 2:
        raise click.UsageError(
            "between needs X and Y; if they have several words, put `and` between them, or quotes round them"
        )
    return words[0], words[1]


@cli.command()
@as_time_question
@_with_x
def overlapping(x: Sequence[str], **options: Option) -> None:
    """List what happened at the same time as X, wholly or partly.

    X is a fact or a date.

    Example: factstore overlapping ushakov-briefing
    """
    _asked("overlapping", " ".join(x), **options)


@cli.command()
@with_db
@with_clock
@click.argument("a", type=Name("fact"), metavar="A")
@click.argument("b", type=Name("fact"), metavar="B")
@click.option("--why", is_flag=True, help="Show the reasons, and example dates for each possible order.")
@with_json
def order(a: str, b: str, clock: Clock, why: bool, as_json: bool) -> None:
    """Show how two facts are ordered in time.

    Example: factstore order trump-putin-call ushakov-briefing --why
    """
    from factstore.rendering import text

    chronology = view(clock)
    names = [named(chronology, name, "fact") for name in (a, b)]
    found = chronology.timeline.order(*names)
    if as_json:
        tell_one(found.json())
    else:
        tell_withdrawn(chronology, names)
        tell_words(lambda: text.order_text(found if why else found._replace(why=(), histories={})))


# --- dates ----------------------------------------------------------------------------------------------------


@cli.command()
@click.argument("texts", nargs=-1, required=True, metavar="TEXT…")
@with_anchor
@click.option("--past", "tense", flag_value="past", help="Words that leave it open mean a time before the anchor.")
@click.option("--future", "tense", flag_value="future", help="Words that leave it open mean a time after the anchor.")
@with_order
@with_pivot
@click.option(
    "--zone", callback=readable_zone, default="+00:00", show_default=True, help="The offset of times without one."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def date(
    texts: Sequence[str],
    anchor: day | None,
    tense: Literal["past", "future"] | None,
    order: Literal["day-first", "month-first"] | None,
    pivot: int | None,
    zone: str,
    as_json: bool,
) -> None:
    """Show how a date is read: as EDTF, else as words.

    With - each line of stdin becomes a JSON object on a line.

    Example: factstore date "1984~" "[2018-03-29..2018-04-01]"
    """
    from functools import partial

    from factstore.dates.phrases import Context
    from factstore.dates.ticks import parse_zone
    from factstore.inert import inert
    from factstore.rendering import data, text

    offset = parse_zone(zone)
    said = Context(anchor, tense or "", order or "", pivot)
    if list(texts) == ["-"]:
        for line in _lines():
            click.echo(data.json_text(_read_date(line, said, offset)))
        return
    read = [_read_date(given, said, offset) for given in texts]
    if as_json:
        click.echo(data.as_json(read))
    for given, found in zip(texts, read, strict=True) if not as_json else ():
        if "error" in found:
            click.echo(f"factstore: {inert(found['error'])}", err=True)
            continue
        tell_words(partial(text.reading_text, given, found, offset))
    if any("error" in found for found in read):
        sys.exit(2)


def _lines() -> Iterator[str]:
    """The lines of stdin without surrounding spaces; bytes that are not UTF-8 become U+FFFD."""
    if sys.stdin is None:
        raise InputError("stdin is closed")
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").strip()


def _read_date(text: str, said: Context, zone: Seconds) -> JsonObject:
    from factstore.dates.phrases import read_when
    from factstore.rendering import data

    try:
        reading = read_when(text, said)
        found = data.date_json(reading.edtf, zone)
    except FactstoreError as error:
        return {"edtf": text, "error": str(error)}
    if reading.rule != "edtf":
        return found | {"rule": reading.rule, "because": reading.because}
    return found | ({"warning": reading.because} if reading.because else {})
