"""How commands print answers and writes: data to stdout, words to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from factstore.cli.terminal import screen
from factstore.plain import Json

if TYPE_CHECKING:
    from factstore.chronology import Chronology
    from factstore.database.engine import Engine
    from factstore.repository.listing import Answer
    from factstore.repository.log_answers import Change
    from factstore.repository.resting import Resting
    from factstore.writing.commit import Committed

#: The key under which the context keeps the ledger that a command writes.
LEDGER = "factstore.ledger"
#: Forms of a listing to be pasted or handed on.
_PAGES = ("markdown", "html")
#: How many changes a dry run shows.
_MOST = 25
#: How many phrases of documents are shown with their readings, and how many warnings of a kind.
_READ = 10


def tell(
    answers: Sequence[Answer],
    form: str | None,
    words: Callable[[], str],
    nothing: str = "Nothing is recorded.",
    *,
    asked: Chronology | None = None,
    heading: str = "",
) -> None:
    """Print a listing in the form that was asked for, or in words; if it is empty, say so on stderr.

    `asked`: the chronology that was asked, and `heading` the heading, for a page.
    """
    if form in _PAGES and (answers or form == "html"):
        _tell_page(answers, form, asked, heading)
    elif form and form not in _PAGES:
        from factstore.rendering import data

        text = data.listing(answers, form)
        if text:
            click.echo(to_the_letter(text) if form == "csv" else text)
    elif answers:
        tell_words(words)
    else:
        tell_beside(nothing)


def is_for_readers(form: str | None) -> bool:
    """Whether a listing is for people, who always see the sources; programs get them if they ask for the evidence."""
    return form is None or form in _PAGES


def _tell_page(answers: Sequence[Answer], form: str, chronology: Chronology | None, heading: str) -> None:
    """Print a listing as Markdown or HTML: facts with their evidence, anything else as a table."""
    from factstore.rendering import page

    sources = {source.id: source for source in chronology.sources()} if chronology else {}
    text = page.listing(answers, form, sources, chronology.zone if chronology else 0, heading)
    click.echo(to_the_letter(text))


def tell_undated(chronology: Chronology, clock: Mapping[str, str | None]) -> None:
    """Say how many sources without a date a clock of evidence leaves out, and how many facts rest only on them."""
    for asked, name in (("published", "published"), ("held", "retrieved")):
        if clock[asked] is None:
            continue
        sources, of, facts = chronology.undated()[name]
        if sources:
            few, they = ("the only source has", "it") if of == 1 else (f"{sources} of {of} sources have", "them")
            what = "what" if not facts else "1 fact that" if facts == 1 else f"{facts} facts that"
            verb, left = ("rest", "are") if facts > 1 else ("rests", "is")
            tell_beside(f"{few} no date {name}: {what} {verb} only on {they} {left} left out")


def tell_words(words: Callable[[], str], *, err: bool = False) -> None:
    """Print lines made for their destination: a terminal of some width, a file or a pipe."""
    from factstore.rendering import lines

    with lines.on(screen(sys.stderr if err else sys.stdout)):
        click.echo(words(), err=err)


def tell_beside(words: str) -> None:
    """Print one line on stderr; it may contain names that others chose."""
    from factstore.inert import inert

    click.echo(inert(words), err=True)


def to_the_letter(text: str) -> str:
    """A text for stdout: unchanged for programs; for a terminal, without anything that could control it."""
    from factstore.inert import shown

    return shown(text) if sys.stdout.isatty() else text


def tell_one(answer: Mapping[str, Json]) -> None:
    """Print one JSON object."""
    from factstore.rendering.data import json_text

    click.echo(json_text(answer, indent=2))


def tell_resting(found: Sequence[Resting]) -> None:
    """Say what rested on a thing that is now withdrawn, and how much evidence each fact and ordering has left."""
    if not found:
        return
    told = []
    for one in found[:_MOST]:
        left = "" if one.left is None else " (nothing else)" if not one.left else f" ({one.left} more)"
        told.append(f"{one.id}{left}")
    more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
    tell_beside(f"what rested on it: {', '.join(told)}{more}")


def tell_caution(file: Engine) -> None:
    """Warn if a ledger's file system is known not to be safe for writing."""
    why = file.caution()
    if why:
        tell_beside(f"{file.name} is at risk: {why}; keep it on a disk of this machine, and put backups there")


def tell_line(answer: Mapping[str, Json]) -> None:
    """Print one JSON object on a line, without delay."""
    from factstore.rendering.data import json_text

    click.echo(json_text(answer))


def _tell_some(lines: Sequence[str], more: str) -> None:
    """Tell the first lines of many, and how many more there are."""
    for line in lines[:_READ]:
        tell_beside(line)
    if len(lines) > _READ:
        tell_beside(f"and {len(lines) - _READ} more {more}")


def say(done: Committed, *, dry_run: bool = False, prunes: bool = True, **_: object) -> None:
    """Say in words what a write did or, for a dry run, would do, after the changes that it would make.

    `prunes`: whether the command can withdraw what its documents no longer contain.
    """
    if done.changes:
        _show(done.changes)
    tally = done.tally
    _tell_some(tally.read, "phrases were read")
    late = [f"{one}: one of the days is wrong" for one in tally.late]
    _tell_some(late, "were said after their source was published (factstore conflicts)")
    uncounted = [f"{one}; `factstore restore` brings it back" for one in tally.uncounted]
    _tell_some(uncounted, "rest on what is withdrawn")
    _tell_some(tally.outlived, "outlive what they rested on")
    if tally.gone and prunes:
        tell_beside(f"no longer in these documents: {_listed(tally.gone)}; --prune withdraws them")
    tell_beside("; ".join(_parts(done, dry_run)))
    file = click.get_current_context().meta.get(LEDGER)
    if done.created and not dry_run and file:
        tell_caution(file)
    if done.ahead:
        words = f"recorded as of {done.ahead}, the time of the commit before: this machine's clock is behind it"
        tell_beside(words)


def _parts(done: Committed, dry_run: bool) -> Iterator[str]:
    """The parts of the sentence that says what a write did."""
    if done.repeated:
        yield f"the request {done.request} was committed before, at {done.repeated}"
    tally, would = done.tally, "would have " if dry_run else ""
    if done.created:
        yield f"{would}made a new ledger"
    if tally.count:
        counts = (f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in tally.count.items())
        yield f"{would}recorded {', '.join(counts)}"
    if tally.corrected:
        yield f"{would}changed {_listed(tally.corrected)}"
    if tally.withdrawn:
        yield f"{would}{'withdrawn' if dry_run else 'withdrew'} {_listed(tally.withdrawn)}"
    if tally.unchanged:
        yield f"{tally.unchanged} as {'it was' if tally.unchanged == 1 else 'they were'}"
    if tally.behind:
        yield f"as corrected since, not as the document says: {_listed(tally.behind)}"
    if tally.kept:
        yield f"{would}kept the text of {_listed(tally.kept)}"
    if tally.checks:
        yield f"quotes: {', '.join(f'{count} {result}' for result, count in tally.checks.most_common())}"
    if done.set_aside:
        yield f"set aside, because it contradicts: {', '.join(done.set_aside)}"
    if done.position is not None:
        yield f"commit {done.position}"
        if done.repeated:
            yield "nothing was written now"
    else:
        yield "nothing else was written" if (done.created or tally.kept) and not dry_run else "nothing was written"


def _listed(names: Sequence[str]) -> str:
    """The first ten, and how many more there are."""
    more = len(names) - 10
    return ", ".join(names[:10]) + (f" and {more} more" if more > 0 else "")


def _show(changes: Sequence[Change]) -> None:
    """Print what would change, up to a number of changes."""
    from collections import Counter

    from factstore.rendering.changes import changes_text

    tell_words(lambda: changes_text(changes[:_MOST]), err=True)
    more = Counter(change.change for change in changes[_MOST:])
    if more:
        click.echo(f"and {', '.join(f'{count} more {sort}' for sort, count in more.items())}", err=True)
