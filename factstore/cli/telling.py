"""How answers and writes are told: data to stdout, words to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from factstore.cli.terminal import screen

if TYPE_CHECKING:
    from factstore.chronology import Chronology
    from factstore.database.engine import Engine
    from factstore.repository.answers import Change
    from factstore.repository.listing import Answer
    from factstore.repository.resting import Resting
    from factstore.writing.commit import Committed

#: Under this a command keeps the ledger that it writes.
LEDGER = "factstore.ledger"
#: Forms of a listing for people elsewhere.
_PAGES = ("markdown", "html")
#: So many changes are shown of a rehearsal.
_MOST = 25
#: So many phrases of documents are told with their readings.
_READ = 10


def tell(
    answers: Sequence[Answer],
    form: str | None,
    words: Callable[[], str],
    nothing: str = "Nothing is recorded.",
    *,
    at: tuple[Chronology, Mapping[str, str | None]] | None = None,
    heading: str = "",
) -> None:
    """A listing in the form that was asked for, or in words; that there is nothing is told on stderr.

    `at` is the view that was asked and its clock: where there is nothing, what the clock cannot count is told as well.
    `heading` is that of a page.
    """
    if form in _PAGES and (answers or form == "html"):
        _tell_page(answers, form, at[0] if at else None, heading)
    elif form and form not in _PAGES:
        from factstore.rendering import data

        text = data.listing(answers, form)
        if text:
            click.echo(to_the_letter(text) if form == "csv" else text)
    elif answers:
        tell_words(words)
    else:
        tell_beside(nothing)
    if at and not answers:
        tell_undated(*at)


def is_for_readers(form: str | None) -> bool:
    """Whether a listing is for people, who are always told the sources; scripts are where they ask for the evidence."""
    return form is None or form in _PAGES


def _tell_page(answers: Sequence[Answer], form: str, chronology: Chronology | None, heading: str) -> None:
    """A listing as Markdown or HTML: facts with what they rest on, anything else as a table."""
    from factstore.rendering import page

    sources = {source.id: source for source in chronology.sources()} if chronology else {}
    text = page.listing(answers, form, sources, chronology.zone if chronology else 0, heading)
    click.echo(to_the_letter(text))


def tell_undated(chronology: Chronology, clock: Mapping[str, str | None]) -> None:
    """On a clock of evidence, how many sources it cannot count because they have no date."""
    for asked, name in (("published", "published"), ("held", "retrieved")):
        if clock[asked] is None:
            continue
        without, every = chronology.undated()[name]
        if without:
            few, they = ("the only source has", "it") if every == 1 else (f"{without} of {every} sources have", "them")
            tell_beside(f"{few} no date {name}: what rests only on {they} is in no such answer")


def tell_words(words: Callable[[], str], *, err: bool = False) -> None:
    """Lines made for what they are shown on: a terminal of some width, a file or a pipe."""
    from factstore.rendering import lines

    with lines.on(screen(sys.stderr if err else sys.stdout)):
        click.echo(words(), err=err)


def tell_beside(words: str) -> None:
    """One line on stderr, in which names may stand that others chose."""
    from factstore.inert import inert

    click.echo(inert(words), err=True)


def to_the_letter(text: str) -> str:
    """A text as a program is given it: as it is. A terminal is given nothing that could steer it."""
    from factstore.inert import shown

    return shown(text) if sys.stdout.isatty() else text


def tell_one(answer: Mapping[str, Any]) -> None:
    """One JSON object."""
    from factstore.rendering.data import json_text

    click.echo(json_text(answer, indent=2))


def tell_resting(found: Sequence[Resting]) -> None:
    """What stood on a thing that is withdrawn, and what of evidence each fact and ordering has left."""
    if not found:
        return
    told = []
    for one in found[:_MOST]:
        left = "" if one.left is None else " (nothing else)" if not one.left else f" ({one.left} more)"
        told.append(f"{one.id}{left}")
    more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
    tell_beside(f"what stood on it: {', '.join(told)}{more}")


def tell_caution(file: Engine) -> None:
    """That a ledger's place is not safe for one that is written, where that is known."""
    why = file.caution()
    if why:
        tell_beside(f"take care of {file.name}: {why}; keep it on a disk of this machine, and put backups there")


def tell_line(answer: Mapping[str, Any]) -> None:
    """One JSON object on a line, at once."""
    from factstore.rendering.data import json_text

    click.echo(json_text(answer))


def say(done: Committed, *, dry_run: bool = False, prunes: bool = True, **_: Any) -> None:
    """What a write did, or would do, in words; of a rehearsal first what would change.

    `prunes`: whether the command can withdraw what its documents no longer hold.
    """
    if done.changes:
        _show(done.changes)
    tally = done.tally
    for reading in tally.read[:_READ]:
        tell_beside(reading)
    if len(tally.read) > _READ:
        tell_beside(f"and {len(tally.read) - _READ} more phrases were read")
    if tally.gone and prunes:
        tell_beside(f"no longer in these documents: {_listed(tally.gone)}; --prune withdraws them")
    tell_beside("; ".join(_parts(done, dry_run)))
    file = click.get_current_context().meta.get(LEDGER)
    if done.created and not dry_run and file:
        tell_caution(file)
    if done.ahead:
        words = f"recorded as of {done.ahead}, the time of the commit before: the clock is behind it"
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
    """What would change, the first so many."""
    from collections import Counter

    from factstore.rendering.text import changes_text

    tell_words(lambda: changes_text(changes[:_MOST]), err=True)
    more = Counter(change.change for change in changes[_MOST:])
    if more:
        click.echo(f"and {', '.join(f'{count} more {sort}' for sort, count in more.items())}", err=True)
