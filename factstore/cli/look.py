"""Commands that ask: facts, evidence, the record, time, and how a date is read."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import click

from factstore.cli.dates import Seen, read_day
from factstore.cli.following import following
from factstore.cli.group import cli, named, narrowed, open_reader, time_named, view
from factstore.cli.options import (
    STATUSES,
    Clock,
    Name,
    Whole,
    as_listing,
    as_question,
    as_time_question,
    readable_zone,
    with_clock,
    with_db,
    with_json,
)
from factstore.cli.telling import tell, tell_line, tell_one, tell_undated, tell_words
from factstore.errors import FactstoreError, InputError

if TYPE_CHECKING:
    from datetime import date as day

    from factstore.dates.phrases import Context


@cli.command()
@as_question
@click.argument("query", required=False)
def facts(
    query: str | None, form: str | None, seen: Seen, clock: Clock, status: Sequence[str], evidence: bool, **options: Any
) -> None:
    """List facts, or those that hold every word of a query.

    Example: factstore facts "consulate closing"
    """
    from factstore.projection import search
    from factstore.rendering import text

    options["text"] = " ".join(words for words in (query, options["text"]) if words) or None
    chronology = view(clock)
    asked = narrowed(chronology, options, seen) | {"status": _wanted(status, ())}
    found = chronology.facts(evidence=evidence or not form, **asked)
    nothing = "No such facts."
    if options["text"] and not (found or form):
        shorter = " ".join(search.beginnings(options["text"]))
        if chronology.facts(**asked | {"text": shorter, "limit": 1, "offset": 0}):
            nothing = f"No such facts; try {shorter!r}."
    tell(found, form, lambda: text.facts_text(found, evidence=evidence), nothing, at=(chronology, clock))


@cli.command()
@with_db
@with_clock
@click.argument("name", type=Name(), metavar="ID")
@with_json
def show(name: str, clock: Clock, as_json: bool) -> None:
    """Lay out one thing on one screen.

    A source, speaker, citation or ordering, or a fact: when it was and why so, who says so in which words, from how many
    independent origins, what contradicts it, what lies next to it, and what was corrected.

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
@as_listing
@click.argument("name", type=Name(), metavar="ID")
@with_clock
def history(name: str, form: str | None, limit: int, clock: Clock) -> None:
    """Every record about a thing, its citations and its orderings.

    Example: factstore history us-expels-60-russian-diplomats
    """
    from factstore.rendering import text

    chronology = view(clock)
    found = chronology.history(named(chronology, name), limit=limit)
    tell(found, form, lambda: text.history_text(found))


@cli.command("who-says")
@as_listing
@with_clock
@click.argument("fact", type=Name("fact", "ordering"), metavar="FACT")
def who_says(fact: str, form: str | None, limit: int, clock: Clock) -> None:
    """The evidence for a fact or an ordering.

    Sources that repeat one origin count as one: citations with the same origin do not corroborate each other.

    Example: factstore who-says trump-putin-call
    """
    from factstore.rendering import text
    from factstore.repository.answers import origins

    chronology = view(clock)
    every = chronology.who_says(named(chronology, fact, "fact", "ordering"))
    found = every[:limit] if limit else every
    nobody = "Nobody, as far as is recorded."
    tell(found, form, lambda: text.citations_text(found, origins(every)), nobody, at=(chronology, clock))


@cli.command("said-by")
@as_listing
@with_clock
@click.argument("name")
def said_by(name: str, form: str | None, limit: int, clock: Clock) -> None:
    """What somebody says, or relays.

    NAME is a speaker's id, name or alias, a source's id or publisher, or any name in a chain. What others say on a speaker's
    behalf is theirs too.

    Example: factstore said-by Kremlin
    """
    from factstore.rendering import text

    chronology = view(clock)
    every = chronology.said_by(name)
    found = every[:limit] if limit else every
    tell(found, form, lambda: text.said_text(found, name), "Nothing, as far as is recorded.", at=(chronology, clock))


@cli.command()
@as_listing
@with_clock
def sources(form: str | None, limit: int, clock: Clock) -> None:
    """List the sources.

    Example: factstore sources --json
    """
    from factstore.rendering import text

    chronology = view(clock)
    found = chronology.sources(limit=limit)
    tell(found, form, lambda: text.sources_text(found), "No sources.", at=(chronology, clock))


@cli.command()
@as_listing
@click.option("--follow", is_flag=True, help="Each record as it is committed, as JSON Lines, until it is stopped.")
@click.option(
    "--after", type=Whole(0, 2**53), metavar="POSITION", help="With --follow: from there on; else from now on."
)
@with_clock
def log(form: str | None, limit: int, follow: bool, after: int | None, clock: Clock) -> None:
    """Every record, the newest first.

    With --follow the oldest first, each once and in order, also where the server is away for a while.

    Example: factstore log --limit 10
    """
    from factstore.rendering import text

    if follow:
        if any(clock.values()) or form not in (None, "jsonl"):
            raise click.UsageError("--follow gives JSON Lines of what is committed now, on no other clock")
        for entry in following(open_reader(), after, limit):
            tell_line(entry.json())
        return
    if after is not None:
        raise click.UsageError("--after goes with --follow")
    found = view(clock).log(limit=limit)
    tell(found, form, lambda: text.log_text(found))


# --- time -----------------------------------------------------------------------------------------------------


def _wanted(status: Sequence[str], otherwise: Sequence[str]) -> Sequence[str]:
    return STATUSES if "all" in status else status or otherwise


def _asked(question: str, *names: str, form: str | None, seen: Seen, clock: Clock, **options: Any) -> None:
    """One question about time. People are always told the sources; scripts where they ask for the evidence."""
    from factstore.evidence.stances import ANSWERED
    from factstore.rendering import text

    options["status"] = _wanted(options["status"], ANSWERED)
    evidence = options.pop("evidence")
    chronology = view(clock)
    names = tuple(time_named(chronology, name, seen) for name in names)
    found = getattr(chronology.timeline, question)(
        *names, evidence=evidence or not form, **narrowed(chronology, options, seen)
    )

    def words() -> str:
        placed = (f"{name} ({text.span(chronology.fact(name))})" if name[0].islower() else name for name in names)
        return text.found_text(found, f"{question} {' and '.join(placed)}", evidence=evidence)

    nothing = f"Nothing {question} {' and '.join(names)}, as far as is known." if names else "No facts."
    tell(found, form, words, nothing, at=(chronology, clock))


@cli.command()
@as_question
@click.option("--markdown", "form", flag_value="markdown", help="To paste: a list, with the sources as footnotes.")
def timeline(form: str | None, **options: Any) -> None:
    """Facts in an order that keeps every stated one.

    Example: factstore timeline --limit 20
    """
    if form == "markdown":
        _chronology(**options)
    else:
        _asked("all", form=form, **options)


def _chronology(*, seen: Seen, clock: Clock, status: Sequence[str], evidence: bool, **options: Any) -> None:
    """The timeline in Markdown, which always has the evidence."""
    from factstore.evidence.stances import ANSWERED
    from factstore.rendering import markdown

    chronology = view(clock)
    found = chronology.timeline.all(
        evidence=True, status=_wanted(status, ANSWERED), **narrowed(chronology, options, seen)
    )
    sources = {source.id: source for source in chronology.sources()}
    tell_words(lambda: markdown.chronology((item.fact for item in found), sources))
    if not found:
        tell_undated(chronology, clock)


@cli.command()
@as_time_question
@click.argument("x", type=Name("fact"), metavar="X")
def before(x: str, **options: Any) -> None:
    """What ended by the time X started. X is a fact or a plain date.

    Example: factstore before russia-expels-60-us-diplomats --why
    """
    _asked("before", x, **options)


@cli.command()
@as_time_question
@click.argument("x", type=Name("fact"), metavar="X")
def after(x: str, **options: Any) -> None:
    """What started once X had ended. X is a fact or a plain date.

    Example: factstore after 2018-03-20
    """
    _asked("after", x, **options)


@cli.command()
@as_time_question
@click.argument("x", type=Name("fact"), metavar="X")
@click.argument("y", type=Name("fact"), metavar="Y")
def between(x: str, y: str, **options: Any) -> None:
    """What lies after X and before Y. Each is a fact or a plain date.

    Example: factstore between trump-putin-call ushakov-briefing
    """
    _asked("between", x, y, **options)


@cli.command()
@as_time_question
@click.argument("x", type=Name("fact"), metavar="X")
def overlapping(x: str, **options: Any) -> None:
    """What shares some time with X. X is a fact or a plain date.

    Example: factstore overlapping ushakov-briefing
    """
    _asked("overlapping", x, **options)


@cli.command()
@with_db
@with_clock
@click.argument("a", type=Name("fact"), metavar="A")
@click.argument("b", type=Name("fact"), metavar="B")
@click.option("--why", is_flag=True, help="With the reasons, and with days that show what is possible.")
@with_json
def order(a: str, b: str, clock: Clock, why: bool, as_json: bool) -> None:
    """How two facts stand in time.

    Example: factstore order trump-putin-call ushakov-briefing --why
    """
    from dataclasses import replace

    from factstore.rendering import text

    chronology = view(clock)
    found = chronology.timeline.order(*(named(chronology, name, "fact") for name in (a, b)))
    if as_json:
        tell_one(found.json())
    else:
        tell_words(lambda: text.order_text(found if why else replace(found, why=(), histories={})))


# --- dates ----------------------------------------------------------------------------------------------------


@cli.command()
@click.argument("texts", nargs=-1, required=True, metavar="TEXT…")
@click.option(
    "--anchor", callback=read_day, metavar="DAY", help='Read phrases such as "late last week" as said on this day.'
)
@click.option("--past", "tense", flag_value="past", help="What the words leave open lies before the anchor.")
@click.option("--future", "tense", flag_value="future", help="What the words leave open lies after the anchor.")
@click.option(
    "--dates",
    "order",
    type=click.Choice(["day-first", "month-first"]),
    help="How 9/3/2019 is meant; else it is read both ways.",
)
@click.option(
    "--pivot", type=click.IntRange(1, 9900), metavar="YEAR", help="Years of two digits lie in the century from it on."
)
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
    """How a date is read: as EDTF, else as people write it. For - each line of stdin becomes a JSON object on a line.

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
        sys.exit(1)


def _lines() -> Iterator[str]:
    """The lines of stdin without the spaces around them; a byte that is no UTF-8 is read as U+FFFD."""
    if sys.stdin is None:
        raise InputError("stdin is closed")
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").strip()


def _read_date(text: str, said: Context, zone: int) -> dict[str, Any]:
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
