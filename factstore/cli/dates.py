"""Dates as people type them: EDTF, or else words, whose reading is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial, wraps
from typing import TYPE_CHECKING, NamedTuple

import click

from factstore.cli.given import Option
from factstore.cli.output import tell_beside
from factstore.errors import DateError, FactstoreError, InputError, UnknownId
from factstore.plain import JsonObject

if TYPE_CHECKING:
    from factstore.dates.written import DayOrder, WrittenDate
    from factstore.store import Store


class Seen(NamedTuple):
    """The day from which relative words are read (None if not given), and the order of day and month in figures."""

    anchor: date | None
    order: DayOrder


def read_day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    """A callback for an option that takes a day."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a day, such as 2018-04-02") from None


class _Order(click.Choice[str]):
    """What comes first in figures: the day or the month."""

    def __init__(self) -> None:
        super().__init__(("dmy", "mdy", "day-first", "month-first"))

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        found = super().convert(value, param, ctx)
        return {"dmy": "day-first", "mdy": "month-first"}.get(found, found)


with_anchor = click.option(
    "--anchor", callback=read_day, metavar="DAY", help='The day from which words such as "yesterday" are read.'
)
with_order = click.option(
    "--dates",
    "order",
    type=_Order(),
    metavar="ORDER",
    help="How 9/3/2019 is meant: dmy or mdy (day-first, month-first); else it is read both ways.",
)
with_pivot = click.option(
    "--pivot",
    type=click.IntRange(1, 9900),
    metavar="YEAR",
    help="Two-digit years lie in the hundred years from this one on.",
)


def with_words(command: Callable[..., None]) -> Callable[..., None]:
    """The options for reading dates in words, as one argument `seen`."""

    @wraps(command)
    def seeing(*args: Option, anchor: date | None, order: DayOrder | None, **options: Option) -> None:
        command(*args, seen=Seen(anchor, order or ""), **options)

    decorated: Callable[..., None] = seeing
    return with_anchor(with_order(decorated))


def typed(text: str, seen: Seen, name: str, otherwise: Callable[[], date | None] = lambda: None) -> WrittenDate:
    """Read a date given to the option or argument `name`; `otherwise` finds the day on which relative words were said.

    Shows on stderr how words were read. Raises UsageError if the text cannot be read.
    """
    written = _read(text, seen, name, otherwise)
    tell_reading(written)
    return written


def _read(text: str, seen: Seen, name: str, otherwise: Callable[[], date | None]) -> WrittenDate:
    from factstore.dates.written import read_written

    try:
        return read_written(text, seen.anchor, seen.order, otherwise)
    except DateError as error:
        raise click.BadParameter(str(error), param_hint=f"'{name}'") from None


def tell_reading(written: WrittenDate) -> None:
    """One line on stderr: how words were read, or what the EDTF may have been meant as."""
    if written.phrase:
        tell_beside(f"read as {written.edtf}: {written.because}")
    elif written.because:
        tell_beside(f"{written.edtf}: {written.because}")


def edtf_typed(
    options: dict[str, Option], seen: Seen, *names: str, otherwise: Callable[[], date | None] = lambda: None
) -> None:
    """Replace those of a command's options that are dates with EDTF."""
    for name in names:
        if options[name] is not None:
            options[name] = typed(options[name], seen, f"--{name}", otherwise).edtf


def said_typed(
    evidence: JsonObject,
    seen: Seen,
    name: str = "--said",
    *,
    published: Callable[[], date | None],
    otherwise: Callable[[], date | None] | None = None,
) -> None:
    """Replace the day on which a citation was said with EDTF, without readings after its source was published.

    Words are read from the day `otherwise` or, if left out, the day of publication.
    """
    if evidence["said"] is None:
        return
    written = _read(evidence["said"], seen, name, otherwise or published)
    day = published()
    if day is not None and written.by(day) != written:
        why = f"{written.because} It was said by {day}, when its source was published.".strip()
        written = written.by(day)._replace(because=why)
    tell_reading(written)
    evidence["said"] = written.edtf


def dated(when: str | None, seen: Seen, otherwise: Callable[[], date | None], name: str = "--when") -> dict[str, str]:
    """The fields for `--when`: its date and, if it was in words, the words and the day from which they were read."""
    if when is None:
        return {}
    written = typed(when, seen, name, otherwise)
    found = {"when": written.edtf, "phrase": written.phrase, "anchor": str(written.anchor or "")}
    return {field: value for field, value in found.items() if value}


def clock_typed(clock: str, text: str | None) -> str | None:
    """The value of a clock (known, published or held); words are read from today, in UTC.

    A text that is neither a position nor a date is returned as it is; it is refused where clocks are read.
    """
    from factstore.dates.written import read_written
    from factstore.ledger.chain import today
    from factstore.repository.clocks import read_clock

    if text is None:
        return None
    moment = _moment_ago(text) if clock == "known" else None
    if moment:
        tell_beside(f"read as {moment}")
        return moment
    try:
        read_clock(**{clock: text})
    except InputError:
        pass
    else:
        return text
    try:
        written = read_written(text, said_on=today)
        if _PART_OF_DAY.search(text) and "T" not in written.edtf:
            raise InputError("a part of a day has no one end")
        read_clock(**{clock: written.edtf})
    except DateError:
        return text
    except InputError:
        moments, example = ("moment, day", f"{today()}T12:00Z") if clock == "known" else ("day", str(today()))
        raise InputError(
            f"{text!r} is not a single {moments}, month or year, as a clock needs; give one, such as {example}"
        ) from None
    tell_reading(written)
    return written.edtf


_PART_OF_DAY = re.compile(r"\b(morning|noon|afternoon|evening|night|tonight|dawn|dusk)\b", re.I)
_AGO = re.compile(r"(\d{1,9}|an?|half an) (second|minute|hour)s? ago", re.I)


def _moment_ago(text: str) -> str | None:
    """The moment, to the second, that was a number of hours, minutes or seconds ago; None for other words."""
    found = _AGO.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    number = float(found[1]) if found[1].isdigit() else 0.5 if "half" in found[1].lower() else 1.0
    from factstore.ledger.chain import moment_ago

    try:
        return moment_ago(timedelta(**{f"{found[2].lower()}s": number}))
    except OverflowError:
        return None


def day_of_source(store: Store, source: str, new: str | None = None) -> date | None:
    """The day on which a source was published: `new` if it is a new one, else the one in the ledger."""
    from factstore.repository.anchors import one_day

    if new or not store.file.begun():
        return one_day(new)
    try:
        return store.anchor_of(source)
    except UnknownId:  # reported when the fact is recorded
        return None


def with_dates_read(store: Store, name: str, changes: JsonObject, seen: Seen) -> JsonObject:
    """Changes with their dates as EDTF; a `when` in words also sets the phrase and its anchor, unless they are given."""
    from factstore.repository.anchors import one_day

    seen = seen._replace(anchor=seen.anchor or one_day(changes.get("anchor")))
    more: JsonObject = {}
    if changes.get("said"):
        changes = dict(changes)
        said_typed(
            changes,
            seen,
            "--set said",
            published=partial(_day_of_citation, store, name),
            otherwise=partial(store.anchor_of, name),
        )
    for field in ("when", "published", "retrieved"):
        if changes.get(field):
            written = dated(changes[field], seen, partial(store.anchor_of, name), f"--set {field}")
            changes = changes | {field: written.pop("when")}
            more |= written if field == "when" else {}
    if "anchor" in more and not _is_fact(store, name):
        del more["anchor"]
    return more | changes


def _day_of_citation(store: Store, name: str) -> date | None:
    """The day on which a citation's source was published; None for anything else."""
    from factstore.repository.anchors import one_day
    from factstore.repository.dossier_answers import Sheet

    shown = store.show(name)
    return one_day(shown.evidence[0].published) if isinstance(shown, Sheet) and shown.kind == "citation" else None


def _is_fact(store: Store, name: str) -> bool:
    try:
        return store.find(name, "fact") == name
    except FactstoreError:
        return False
