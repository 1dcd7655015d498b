"""Generators for property tests, each of texts or values that a reader must accept."""

from __future__ import annotations

import calendar
import datetime
from functools import cache

from hypothesis import strategies as st

from factstore.ledger.payloads import FactCorrected, FactRecorded, Payload, SourceRecorded, SpeakerRecorded, Withdrawn
from factstore.reasoning.constraints import date_constraint
from factstore.reasoning.edges import BEYOND, Edge, at_least, at_most, end_of, start_of
from factstore.reasoning.relations import RELATIONS, relation_edges
from factstore.units import UTC, Seconds

MARKS = ("?", "~", "%")
_GROUP_CODES = st.integers(21, 41).map(str)


@cache
def zones() -> st.SearchStrategy[Seconds]:
    """Seconds east of UTC, in quarters of an hour, up to 18 hours."""
    return st.integers(-72, 72).map(lambda quarters: Seconds(quarters * 900))


@cache
def offsets() -> st.SearchStrategy[str]:
    """`Z`, `+03:00`, `-04`."""
    hours = st.integers(1, 17).map("{:02}".format)
    signs = st.sampled_from("+-")
    return st.one_of(
        st.just("Z"),
        st.builds("{}{}".format, signs, hours),
        st.builds("{}{}:{}".format, signs, hours, st.sampled_from(["00", "30", "45"])),
    )


@cache
def years() -> st.SearchStrategy[str]:
    """Four digits, most often near our time."""
    anywhere = st.integers(-9999, 9999).map(lambda year: f"-{-year:04}" if year < 0 else f"{year:04}")
    return st.one_of(st.integers(1900, 2030).map(str), anywhere)


@cache
def months() -> st.SearchStrategy[str]:
    return st.builds("{}-{:02}".format, years(), st.integers(1, 12))


@cache
@st.composite
def days(draw: st.DrawFn) -> str:
    month = draw(months())
    year = int(month[:-3]) % 400 + 2000  # the calendar repeats; datetime knows no year 0 or below
    return f"{month}-{draw(st.integers(1, calendar.monthrange(year, int(month[-2:]))[1])):02}"


@cache
def groups() -> st.SearchStrategy[str]:
    """Seasons, quarters, four-month terms, half-years."""
    return st.builds("{}-{}".format, years(), _GROUP_CODES)


@cache
@st.composite
def times(draw: st.DrawFn, anchored: bool | None = None) -> str:
    """A day with a time of day to the minute, second or decimal; with an offset if anchored."""
    text = f"{draw(days())}T{draw(st.integers(0, 23)):02}:{draw(st.integers(0, 59)):02}"
    if draw(st.booleans()):
        text += f":{draw(st.integers(0, 59)):02}"
        if draw(st.booleans()):
            text += "." + draw(st.text("0123456789", min_size=1, max_size=6))
    if anchored is None:
        anchored = draw(st.booleans())
    return text + draw(offsets()) if anchored else text


@cache
@st.composite
def long_years(draw: st.DrawFn) -> str:
    """Years with a Y, an exponent, or significant digits."""
    sign = draw(st.sampled_from(["", "-"]))
    exponent = draw(st.one_of(st.none(), st.integers(1, 40)))
    if exponent is None:
        figures = str(draw(st.integers(10_000, 10**12)))
        text, length = f"Y{sign}{figures}", len(figures)
    else:
        figures = str(draw(st.integers(1, 10**6)))
        text, length = f"Y{sign}{figures}E{exponent}", len(figures) + exponent
    return text + (f"S{draw(st.integers(1, length))}" if draw(st.booleans()) else "")


@cache
@st.composite
def significant_years(draw: st.DrawFn) -> str:
    return f"{draw(years())}S{draw(st.integers(1, 4))}"


@cache
def _plain() -> st.SearchStrategy[str]:
    return st.one_of(years(), months(), days())


@cache
@st.composite
def masks(draw: st.DrawFn) -> str:
    """A real date with some digits, at least one, covered by X; so at least that date is meant."""
    text = draw(_plain())
    places = [place for place, sign in enumerate(text) if sign.isdigit()]
    covered = draw(st.sets(st.sampled_from(places), min_size=1))
    return "".join("X" if place in covered else sign for place, sign in enumerate(text))


@cache
@st.composite
def masks_of_a_century(draw: st.DrawFn) -> str:
    """Masks that the standard library can expand day by day: 1900 is not a leap year, 2000 is."""
    century = draw(st.sampled_from([1900, 2000]))
    date = draw(st.dates(datetime.date(century, 1, 1), datetime.date(century + 99, 12, 31)).map(str))
    text = date[: draw(st.sampled_from([4, 7, 10]))]
    covered = draw(st.sets(st.sampled_from(range(2, len(text))), min_size=1))
    return "".join("X" if place in covered and sign != "-" else sign for place, sign in enumerate(text))


@cache
def _markable() -> st.SearchStrategy[str]:
    return st.one_of(years(), months(), days(), groups(), masks(), significant_years())


@cache
@st.composite
def marked(draw: st.DrawFn) -> str:
    """Any date with a mark on the left or right of at least one component."""
    text = draw(_markable())
    sign, body = ("-", text[1:]) if text[0] == "-" else ("", text)
    components = body.split("-")
    components[0] = sign + components[0]
    chosen = draw(st.sets(st.integers(0, len(components) - 1), min_size=1, max_size=len(components)))
    for place in chosen:
        mark = draw(st.sampled_from(MARKS))
        left = draw(st.booleans())
        components[place] = f"{mark}{components[place]}" if left else f"{components[place]}{mark}"
    return "-".join(components)


@cache
def single_dates() -> st.SearchStrategy[str]:
    """Single dates of all forms."""
    return st.one_of(
        years(),
        months(),
        days(),
        groups(),
        times(),
        long_years(),
        significant_years(),
        masks(),
        marked(),
    )


def ordinal(text: str) -> tuple[int, ...]:
    """The sort key of plain dates of the same form: days, months, years, or times without an offset."""
    sign, body = (-1, text[1:]) if text[0] == "-" else (1, text)
    date, _, time = body.partition("T")
    year, *rest = map(int, date.split("-"))
    decimals = time.partition(".")[2].ljust(6, "0")
    clock = [int(part) for part in time.partition(".")[0].split(":") if part]
    return (sign * year, *rest, *clock, int(decimals))


@cache
@st.composite
def plain_intervals(draw: st.DrawFn) -> str:
    """Intervals of two plain dates of any precision, which cannot be reversed."""
    first, last = sorted((draw(days()), draw(days())), key=ordinal)
    shorten = st.sampled_from(["day", "month", "year"])
    first, last = ({"day": text, "month": text[:-3], "year": text[:-6]}[draw(shorten)] for text in (first, last))
    return f"{first}/{last}"


@cache
@st.composite
def time_intervals(draw: st.DrawFn) -> str:
    first, last = sorted((draw(times(anchored=False)), draw(times(anchored=False))), key=ordinal)
    offset = draw(st.one_of(st.just(""), offsets()))
    return f"{first}{offset}/{last}{offset}"


@cache
@st.composite
def half_intervals(draw: st.DrawFn) -> str:
    """Intervals with one end open or unknown, or both, except those without either end."""
    edge = draw(st.sampled_from(["", ".."]))
    date = draw(st.one_of(single_dates(), st.just("..")))
    return draw(st.sampled_from([f"{edge}/{date}", f"{date}/{edge}"]))


@cache
@st.composite
def marked_intervals(draw: st.DrawFn) -> str:
    """Intervals with marks and masks: these only widen, so ends in order stay in order."""
    first, last = sorted((draw(days()), draw(days())), key=ordinal)
    first += draw(st.sampled_from(["", *MARKS]))
    last = draw(st.sampled_from([last, last + "~", last[:-2] + "XX", last[:-2] + "?" + last[-2:]]))
    return f"{first}/{last}"


@cache
@st.composite
def ranges(draw: st.DrawFn) -> str:
    form = draw(st.sampled_from([years(), months(), days()]))
    first, last = sorted((draw(form), draw(form)), key=ordinal)
    return f"{first}..{last}"


@cache
def _members() -> st.SearchStrategy[list[str]]:
    return st.lists(st.one_of(single_dates(), ranges()), min_size=1, max_size=4)


@cache
@st.composite
def sets(draw: st.DrawFn) -> str:
    members = draw(_members())
    # Only a single date can have an open end.
    if ".." not in members[0] and draw(st.booleans()):
        members[0] = ".." + members[0]
    if ".." not in members[-1] and draw(st.booleans()):
        members[-1] += ".."
    return draw(st.sampled_from(["[{}]", "{{{}}}"])).format(",".join(members))


@cache
def plain_dates() -> st.SearchStrategy[str]:
    """Dates that may be a question's X: known exactly, within the range of ticks."""
    return st.one_of(years(), months(), days(), groups(), times(), plain_intervals(), time_intervals())


@cache
def edtf_texts() -> st.SearchStrategy[str]:
    """EDTF texts of all forms."""
    return st.one_of(
        single_dates(),
        plain_intervals(),
        time_intervals(),
        half_intervals(),
        marked_intervals(),
        sets(),
    )


# --- networks of time ---------------------------------------------------------------------------------------

#: A constraint that is put in force, or the index of one, among those in force, that is removed.
NetworkStep = tuple[Edge, ...] | int

_SOME_OF_FOUR = st.lists(st.sampled_from(range(4)), min_size=1, max_size=4, unique=True)
_ORDER_GAPS = st.tuples(st.integers(0, 4), st.none() | st.integers(4, 9))


@cache
def pairs(numbers: int) -> st.SearchStrategy[tuple[int, int]]:
    """Two of the things 1 to `numbers`."""
    return st.lists(st.integers(1, numbers), min_size=2, max_size=2, unique=True).map(
        lambda drawn: (drawn[0], drawn[1])
    )


@cache
@st.composite
def narrow_dates(draw: st.DrawFn, number: int, by: int) -> tuple[Edge, ...]:
    """Some of the four bounds, a few ticks apart, so that they interact; rarely no end, or no beginning."""
    start, end = start_of(number), end_of(number)
    if draw(st.integers(0, 9)) == 0:
        return (at_least(end, BEYOND, by),) if draw(st.booleans()) else (at_most(start, -BEYOND, by),)
    low = draw(st.integers(0, 20))
    high = low + draw(st.integers(1, 10))
    every = [
        at_least(start, low, by),
        at_most(start, high - 1, by),
        at_least(end, low + 1, by),
        at_most(end, high, by),
    ]
    return tuple(every[place] for place in draw(_SOME_OF_FOUR))


@cache
def wide_dates(number: int, by: int) -> st.SearchStrategy[tuple[Edge, ...]]:
    """The bounds of any EDTF text that has some."""
    said = edtf_texts().map(lambda text: date_constraint(number, by, text, UTC).edges).filter(bool)
    return said.map(lambda edges: tuple(edge._replace(by=by) for edge in edges))


@cache
@st.composite
def stated_orders(draw: st.DrawFn, numbers: int, by: int) -> tuple[Edge, ...]:
    """Any relation between two of the things; before and after may have a gap."""
    a, b = draw(pairs(numbers))
    relation = draw(st.sampled_from(RELATIONS))
    gap: tuple[int, int | None] = (0, None)
    if relation in ("before", "after"):
        gap = draw(_ORDER_GAPS)
    return relation_edges(a, relation, b, by, gap)


@cache
@st.composite
def network_steps(draw: st.DrawFn, numbers: int = 4, most: int = 9) -> list[NetworkStep]:
    """Constraints over the things 1 to `numbers`, put in force and taken away in any order."""
    steps: list[NetworkStep] = []
    for by in range(100, 100 + draw(st.integers(1, most))):
        kind = draw(st.sampled_from(["order", "order", "order", "narrow", "narrow", "wide", "away"]))
        if kind == "away":
            steps.append(draw(st.integers(0, most)))
        elif kind == "order":
            steps.append(draw(stated_orders(numbers, by)))
        else:
            dates = narrow_dates if kind == "narrow" else wide_dates
            steps.append(draw(dates(draw(st.integers(1, numbers)), by)))
    return steps


# --- records ------------------------------------------------------------------------------------------------


@cache
def ledger_texts() -> st.SearchStrategy[str]:
    """Texts that the ledger can keep: not blank, without U+0000 and lone surrogates."""
    signs = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
    return st.text(signs, min_size=1, max_size=12).filter(str.strip)


@cache
def slugs() -> st.SearchStrategy[str]:
    return st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?", fullmatch=True)


@cache
def payloads() -> st.SearchStrategy[Payload]:
    """Payloads of records; positions in them refer to nothing in particular."""
    return st.one_of(
        st.builds(
            FactRecorded,
            id=slugs(),
            title=ledger_texts(),
            when=st.none() | edtf_texts(),
            tags=st.lists(ledger_texts(), max_size=2),
            attributes=st.dictionaries(ledger_texts(), ledger_texts(), max_size=3),
        ),
        st.builds(SourceRecorded, id=slugs(), title=st.none() | ledger_texts(), published=st.none() | days()),
        st.builds(SpeakerRecorded, id=slugs(), name=ledger_texts(), of=st.none() | st.integers(1, 2**53 - 1)),
        st.builds(FactCorrected, changes=st.fixed_dictionaries({"phrase": st.none() | ledger_texts()})),
        st.builds(Withdrawn),
    )
