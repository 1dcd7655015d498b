"""English phrases of the news ("late last week"), read against an anchor day, as EDTF text.

A reading is never narrower than the words support, and a phrase is read whole or not at all.

So where the words allow two readings, both stand in a one-of set; a vague edge is cut generously; a
phrase with one unknown word is refused. Where EDTF has a word of its own for what is said (a
season, a decade, `~` for "about", `?` for "possibly"), that word is used, and `dates` says how far
it reaches. The days themselves are reckoned in `periods`.

The one table is RULES: rules are tried from the top, a pattern must match all of the phrase, and
the first that matches decides. Most rules name a stretch of days; the others (`since`, `by`,
`part` …) take what follows them from the same table. To add one, write a function under `@rule`;
its examples are run by the tests, seen from Monday 2018-04-02.

What is decided here, for all rules:

- A week is Monday to Sunday. On a Sunday the week may also be the one about to begin: both.
- A weekend is Saturday and Sunday, as in TimeML. A night may run on into the day after it.
- early, mid and late are the first, middle and last half, rounded outward: of a year in months, of
  decades and centuries in years, else in days. Late in a week is thus Thursday to Sunday, early
  March is 1 to 16 March, mid-2017 is April to September. So are the beginning, middle and end.
- A weekday, date, month or season on its own is the one that the anchor lies in (newspapers write
  "on Monday" on that Monday); for a date, the anchor's month is enough. Otherwise it is the nearest
  before and the nearest after: tense would tell which, and the phrase doesn't hold it.
- "last" and "next" are the nearest one, or the one in the last or next week (year): both.
- "N days ago" is that day. Longer units are rounded in speech: half a unit or a tenth either way,
  and all of the calendar month or year so counted. A couple is 1-4, a few 2-8, several 2-12, a
  dozen 10-14, bare "days" 1-30.
- EDTF has no one-of set of intervals. "since", "until" and "from … to" that are ambiguous, or that
  begin or end in a stretch without a name, give the bounds that hold for every reading.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from factstore.errors import DateError
from factstore.periods import (
    DAY,
    Period,
    away,
    calendar_units,
    century,
    cut,
    decade,
    merged,
    northern_season,
    one_day,
    quarter,
    shift,
    whole_months,
    whole_years,
)

__all__ = ["RULES", "Reading", "Rule", "read_phrase"]

_LONGEST = 200  # characters of a phrase


class Reading(NamedTuple):
    """EDTF text, the short name of the rule that gave it, and what was done, in one sentence."""

    edtf: str
    rule: str
    because: str


class Times(NamedTuple):
    """The readings of some words; `near` gives what recurs in a `cycle` around a day, in order."""

    periods: list[Period]
    note: str
    kind: str = "period"  # "day": early and late leave it whole; "window": it cannot be cut
    cycle: str = ""
    near: Callable[[date], list[Period]] | None = None

    def each(self, change: Callable[[Period], Period], note: str, kind: str) -> Times:
        """The same readings, each of them changed."""
        near = self.near
        changed = (lambda day: [change(p) for p in near(day)]) if near else None
        return Times([change(p) for p in self.periods], note, kind, self.cycle, changed)


class Finished(NamedTuple):
    """EDTF text that no other rule can build on, and how it came about."""

    edtf: str
    note: str


Read = Callable[[re.Match[str], date], Times | Finished]


class Rule(NamedTuple):
    name: str
    pattern: re.Pattern[str]
    means: str
    examples: dict[str, str]  # phrase → EDTF, seen from Monday 2018-04-02
    read: Read


RULES: list[Rule] = []


def rule(name: str, pattern: str, means: str, *examples: str) -> Callable[[Read], Read]:
    """Add the decorated function to RULES; each example is "phrase = EDTF"."""

    def add(read: Read) -> Read:
        pairs = dict(example.split(" = ") for example in examples)
        RULES.append(Rule(name, re.compile(pattern, re.ASCII), means, pairs, read))
        return read

    return add


def read_phrase(phrase: str, anchor: date) -> Reading:
    """What a phrase says when said on the anchor's day; DateError where it cannot be read whole."""
    if len(phrase) > _LONGEST:
        message = f"A phrase of {len(phrase)} characters is too long; {_LONGEST} is the most."
        raise DateError(message, text=phrase[:_LONGEST])
    text = _plain(phrase)
    try:
        used, found = _match(text, anchor)
        edtf, note = found if isinstance(found, Finished) else (_edtf(found), _told(found))
    except DateError as error:
        raise DateError(str(error), text=phrase, part=error.part) from None
    except (OverflowError, ValueError):  # from datetime's own arithmetic
        message = f"{text!r}, said on {anchor}, falls outside the years 1 to 9999."
        raise DateError(message, text=phrase, part=text) from None
    return Reading(edtf, used.name, f"{note[0].upper()}{note[1:]}.")


def _plain(phrase: str) -> str:
    """Lower case and single spaces, without commas, end punctuation, dots of abbreviations."""
    text = phrase.lower().translate(str.maketrans("’‘–—‑", "''---"))
    text = re.sub(r"(?<=[a-z])\.|,", " ", text).strip(' \t\r\n.;:!"“”')
    return " ".join(re.sub(r"(?<=[a-z])-(?=[a-z0-9'])", " ", text).split())


def _match(text: str, anchor: date) -> tuple[Rule, Times | Finished]:
    for words in (text, re.sub(r"^(?:on|in|at|during|over(?= (?:the|this|last|next))) ", "", text)):
        for used in RULES:
            if found := used.pattern.fullmatch(words):
                return used, used.read(found, anchor)
    raise _refusal(text, "no rule knows these words" if text else "there is nothing to read")


def _times(text: str, anchor: date) -> Times:
    """The days that an inner part of a phrase stands for."""
    _, found = _match(text, anchor)
    if isinstance(found, Finished):
        raise _refusal(text, "it cannot stand inside a longer phrase")
    return found


def _refusal(part: str, why: str) -> DateError:
    return DateError(f"Cannot read {part!r}: {why}.", part=part)


# ---- readings as EDTF and as words


def _edtf(times: Times, mark: str = "") -> str:
    """All readings as one EDTF text, every date in it with the mark."""
    members = []
    for period in merged(times.periods):
        name, (first, last) = period.single, period.ends
        if mark and name.endswith("~"):
            members.append(name[:-1] + "%")
        else:
            members.append(name + mark if name else f"{first}{mark}..{last}{mark}")
    plain = len(members) == 1 and ".." not in members[0]
    return members[0] if plain else f"[{','.join(members)}]"


def _told(times: Times) -> str:
    spans = []
    for p in merged(times.periods):
        span = str(p.first) if p.first == p.last else f"{p.first} to {p.over}"
        spans.append(f"about {p.name[:-1]}" if p.name.endswith("~") else span)
    return f"{times.note} is {_either(spans)}"


def _either(spans: list[str]) -> str:
    return " or ".join(spans) + (", and the words do not say which" if len(spans) > 1 else "")


def _called(times: Times) -> str:
    """What whole months and years are called; else the note."""
    names = []
    for period in sorted(times.periods):
        first, last = period.ends
        if first != last or len(first) == 10:
            return times.note
        names.append(first if len(first) == 4 else f"{_MONTHS[period.first.month - 1]} {first[:4]}")
    return " or ".join(names)


# ---- what recurs


def _nearest(which: str, anchor: date, unit: str, near: Callable[[date], list[Period]]) -> list[Period]:
    """Which of the things that each unit (week, year) has is meant: every reading."""
    around = near(anchor)
    past = [p for p in around if p.over < anchor]
    coming = [p for p in around if p.first > anchor]
    now = [p for p in around if p.first <= anchor <= p.last]

    def of(count: int, among: list[Period]) -> list[Period]:
        units = calendar_units(unit, anchor, count)
        return [p for p in among if any(p.first <= u.last and u.first <= p.over for u in units)]

    if which == "last":
        found = past[-1:] + of(-1, past)
    elif which == "next":
        found = coming[:1] + of(1, coming)
    elif which == "this":
        found = now or of(0, around) + (coming[:1] if unit == "week" else [])
    elif which in ("this coming", "coming", "following"):
        found = coming[:1]
    elif which:  # this past, past, previous
        found = past[-1:]
    else:
        found = now or past[-1:] + coming[:1]
    return list(dict.fromkeys(found))


def _weekly(which: str, anchor: date, what: str, day: int, days: int, kind: str = "period") -> Times:
    """Something that each week has, from its `day` (Monday is 0) on."""

    def near(around: date) -> list[Period]:
        starts = [around + (day - around.weekday() + 7 * n) * DAY for n in range(-3, 4)]
        return [one_day(s) if days == 1 else Period(s, s + (days - 1) * DAY) for s in starts]

    periods = _nearest(which, anchor, "week", near)
    note = f"{which} {what}, seen from {anchor},".strip()
    return Times(periods, note, kind, "week", None if which else near)


def _yearly(
    found: re.Match[str],
    anchor: date,
    what: str,
    of_year: Callable[[int], list[Period]],
    kind: str = "period",
) -> Times:
    """Something that each year has: of the year that is named, else the nearest."""
    which, whose = found.groupdict().get("which") or "", found["whose"]
    if found["year"] or whose:
        year = anchor.year + _OFFSETS[whose] if whose else int(found["year"])
        if which or not (periods := of_year(year)):
            why = "it says twice which one is meant" if which else f"{year} has no such day"
            raise _refusal(found[0], why)
        return Times(periods, f"{what} of {year}", kind, "year")

    def near(day: date) -> list[Period]:
        years = range(day.year - 9, day.year + 10)  # there may be eight without 29 February
        return sorted({p for year in years for p in of_year(year)})

    periods = _nearest(which, anchor, "year", near)
    if kind == "day" and not which:
        month = whole_months(anchor.year, anchor.month)
        periods = [p for p in periods if month.first <= p.first <= month.last] or periods
    if not periods:
        raise _refusal(found[0], "there is no such day")
    note = f"{which} {what}, seen from {anchor},".strip()
    return Times(periods, note, kind, "year", None if which else near)


# ---- words

_MONTHS = re.findall(
    r"\w+",
    "January February March April May June July August September October November December",
)
_WEEKDAYS = re.findall(r"\w+", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_SEASONS = ["spring", "summer", "autumn", "winter"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBERS = re.findall(
    r"\w+",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen",
)
for _ten in _TENS:
    _NUMBERS += [_ten] + [f"{_ten} {one}" for one in _NUMBERS[:9]]
_ORDINALS = re.findall(
    r"twenty first|\w+",
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty first",
)
_COUNTS = {word: (n, n) for n, word in enumerate(_NUMBERS, 1)} | {
    "a": (1, 1),
    "an": (1, 1),
    "a couple": (1, 4),
    "a couple of": (1, 4),
    "a few": (2, 8),
    "some": (2, 8),
    "several": (2, 12),
    "a dozen": (10, 14),
}
_OFFSETS = {
    "last": -1,
    "previous": -1,
    "before": -1,
    "before last": -2,
    "this": 0,
    "same": 0,
    "current": 0,
    "next": 1,
    "following": 1,
    "after": 1,
    "after next": 2,
}

_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_WEEKDAY = "mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_WHOSE = "(?P<whose>last|previous|this|same|current|next|following)"
_YEAR = rf"(?:(?: of| in)? (?:(?P<year>\d{{4}})|(?:the )?{_WHOSE} year))?"
_WHICH = "(?:the )?(?:(?P<which>this past|this coming|past|previous|coming|following|last|this|next) )?"
_COUNT = "|".join(sorted(_COUNTS, key=len, reverse=True)) + r"|\d{1,4}"
_UNITS = "days|weeks|fortnights|months|years|decades|centuries"
_UNIT = "day|week|fortnight|month|year|decade|century"
_AMOUNT = rf"(?:(?P<count>{_COUNT}) (?P<unit>{_UNITS}|{_UNIT})|(?P<units>{_UNITS}))"


def _index(words: list[str], word: str) -> int:
    """The place of an abbreviated weekday or month, from 0."""
    return next(i for i, full in enumerate(words) if full.lower().startswith(word[:3]))


def _amount(found: re.Match[str]) -> tuple[str, tuple[int, int], str]:
    """The unit, the least and the most of it, and the words."""
    words, units = found["count"], found["unit"] or found["units"]
    unit = "century" if units == "centuries" else units.removesuffix("s")
    if not words:
        return unit, (1, 30), units
    count = (int(words), int(words)) if words.isdigit() else _COUNTS[words]
    return unit, count, f"{words} {units}"


# ---- the rules: intervals and open sets


@rule(
    "date",
    r"(?:the year )?(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?",
    "A plain year, month or day of ISO 8601 is itself.",
    "2018-03-20 = 2018-03-20",
    "2018-03 = 2018-03",
    "in 2017 = 2017",
)
def _date(found: re.Match[str], anchor: date) -> Times:
    year, month, day = (int(part or 1) for part in found.groups())
    if not (year and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        raise _refusal(found[0], "the calendar does not have it")
    if found["day"]:
        return Times([one_day(date(year, month, day))], f"the day {found[0]}", "day", "year")
    period = whole_months(year, month) if found["month"] else whole_years(year, year)
    return Times([period], found[0], cycle="year")


def _pairs(a: str, b: str, anchor: date) -> Times:
    """Two ends that fit each other, as stretches from the one to the other; named `first/last`."""
    note = f"{a} to {b}, seen from {anchor},"
    month = re.search(rf"\b(?:{_MONTH})\b", b if re.fullmatch(_NTH, a) else a)
    if month and re.fullmatch(_NTH, a):
        a = f"{a} {month[0]}"  # 20 to 25 March
    elif month and re.fullmatch(rf"{_NTH}(?: \d{{4}})?", b):
        b = f"{month[0]} {b}"  # March 20 to 25
    x, y = _times(a, anchor), _times(b, anchor)
    pairs: list[tuple[Period, Period]] = []
    same = x.cycle == y.cycle
    if same and y.near:
        for p in x.periods:
            pairs += [(p, q) for q in y.near(p.first) if q.first >= p.first][:1]
    if same and x.near:
        for q in y.periods:
            pairs += [(p, q) for p in x.near(q.first) if p.first <= q.first][-1:]
    if not (same and x.near):
        pairs += [(p, q) for p in x.periods for q in y.periods if p.first <= q.first]
    if not pairs:
        raise _refusal(f"{a} to {b}", "its end comes before its beginning")
    named = [(p, q, p.single and q.single) for p, q in dict.fromkeys(pairs)]
    spans = [Period(p.first, q.last, n and f"{p.single}/{q.single}") for p, q, n in named]
    return Times(spans, note, "window")


@rule(
    "between",
    "between (?P<a>.+?) and (?P<b>.+)",
    "At some time from the first of the one to the last of the other.",
    "between March 20, 2018 and March 25, 2018 = [2018-03-20..2018-03-25]",
    "between 2014 and 2016 = [2014..2016]",
)
def _between(found: re.Match[str], anchor: date) -> Times:
    times = _pairs(found["a"], found["b"], anchor)
    return times.each(lambda p: p._replace(name=""), f"some time from {times.note}", "window")


@rule(
    "from-to",
    r"(?:from (?P<a>.+?) (?:to|until|till|through) "
    r"|(?P<a2>(?!.*winter).+?)(?: - |(?<=\d)-(?=\d)))(?P<b>.+)",
    "Throughout: starts in the one and ends in the other.",
    "from March 20, 2018 to March 25, 2018 = 2018-03-20/2018-03-25",
    "March 20–25, 2018 = 2018-03-20/2018-03-25",
    "2014-2016 = 2014/2016",
)
def _from_to(found: re.Match[str], anchor: date) -> Finished:
    times = _pairs(found["a"] or found["a2"], found["b"], anchor)
    if len(times.periods) > 1 or not times.periods[0].name:
        times = times.each(lambda p: p._replace(name=""), times.note, "window")
        return Finished(_edtf(times), f"throughout this: {_told(times)}")
    return Finished(times.periods[0].name, f"throughout this: {_told(times)}")


def _bounded(edtf: str, how: str, times: Times) -> Finished:
    return Finished(edtf, f"{how}: {_told(times)}")


@rule(
    "since",
    "(?P<since>(?:ever )?since|starting|beginning(?! of)|as from|from)(?: on| in)? (?P<rest>.+?)(?: onwards?| on)?",
    "Starts in it, and the end is unknown; with since, in the latest one begun by the anchor.",
    "since March 20 = 2018-03-20/",
    "since Monday = [2018-03-26..]",
    "since 2014 = 2014/",
    "starting Tuesday = [2018-03-27..]",
)
def _since(found: re.Match[str], anchor: date) -> Finished:
    times = _times(found["rest"], anchor)
    if times.near and "since" in found["since"]:
        begun = [p for p in times.near(anchor) if p.first <= anchor]
        if not begun:
            raise _refusal(found["rest"], f"none that began by {anchor} lies within the calendar")
        times = times._replace(periods=begun[-2:] if begun[-1].last >= anchor else begun[-1:])
    first = min(times.periods)
    edtf = f"[{first.ends[0]}..]"
    if len(times.periods) == 1 and first.single:
        edtf = f"{first.single}/"
    return _bounded(edtf, "starts in this, and its end is unknown", times)


@rule(
    "until",
    "(?:up )?(?:until|till|til|through|thru|up to) (?P<rest>.+)",
    "Ends in it, and the start is unknown.",
    "until April 30 = /2018-04-30",
    "through Friday = [..2018-04-06]",
    "until 2014 = /2014",
)
def _until(found: re.Match[str], anchor: date) -> Finished:
    times = _times(found["rest"], anchor)
    last = max(times.periods, key=lambda p: p.last)
    edtf = f"[..{last.ends[1]}]"
    if len(times.periods) == 1 and last.single:
        edtf = f"/{last.single}"
    return _bounded(edtf, "ends in this, and its start is unknown", times)


@rule(
    "by",
    "(?:by|not? later than|on or before) (?P<rest>(?:(?:the )?(?:very )?end of )?(?P<whole>.+))",
    "At its end at the latest.",
    "by the end of April = [..2018-04-30]",
    "by Friday = [..2018-04-06]",
    "by 2019 = [..2019]",
)
def _by(found: re.Match[str], anchor: date) -> Finished:
    times = _times(found["rest"], anchor)
    last = max(times.periods, key=lambda p: p.last)
    edtf = f"[..{last.ends[1]}]"
    if found["whole"] == found["rest"]:
        return _bounded(edtf, "at the end of this at the latest", times)
    ends = [str(day) for day in sorted({p.last for p in times.periods})]
    whole = _called(_times(found["whole"], anchor))
    return Finished(edtf, f"by the end of {whole} at the latest, which is {_either(ends)}")


@rule(
    "before-after",
    "(?P<way>before|prior to|after) (?P<rest>.+)",
    "Over before it began, or begun after it was over; where that edge is vague, in it too.",
    "before March 20, 2018 = [..2018-03-19]",
    "after March 20, 2018 = [2018-03-21..]",
    "before 2017 = [..2016]",
    "after the end of April = [2018-05-01..]",
)
def _before_after(found: re.Match[str], anchor: date) -> Finished:
    times = _times(found["rest"], anchor)
    if found["way"] == "after":
        after = [(p.first if p.vague_end else p.last + DAY, p) for p in times.periods]
        day, period = min(after)
        return _bounded(f"[{day.isoformat()[: len(period.ends[0])]}..]", "after this", times)
    before = [(p.last if p.vague_start else p.first - DAY, p) for p in times.periods]
    day, period = max(before)
    return _bounded(f"[..{day.isoformat()[: len(period.ends[0])]}]", "before this", times)


# ---- marks and parts


@rule(
    "possibly",
    "(?:possibly|perhaps|maybe|probably) (?P<rest>.+)",
    "Uncertain: every date bears EDTF's `?`, which with `~` makes `%`.",
    "possibly 1850 = 1850?",
    "perhaps about 1850 = 1850%",
    "possibly Tuesday = [2018-03-27?,2018-04-03?]",
)
def _possibly(found: re.Match[str], anchor: date) -> Finished:
    times = _times(found["rest"], anchor)
    return Finished(_edtf(times, "?"), f"uncertain: {_told(times)}")


@rule(
    "about",
    r"(?:on or )?(?:about|around|circa|ca?|approximately|roughly|nearly|almost|some(?= (?:\d|"
    + "|".join(_NUMBERS)
    + "))) (?P<rest>.+)",
    "Approximate: a date bears EDTF's `~`; a stretch without a name grows by half on each side.",
    "circa 1850 = 1850~",
    "around March 20, 2018 = 2018-03-20~",
    "about two weeks ago = [2018-03-10..2018-03-28]",
)
def _about(found: re.Match[str], anchor: date) -> Times:
    times = _times(found["rest"], anchor)

    def widened(p: Period) -> Period:
        days = (p.last - p.first).days + 1
        more = (max(days, 3) if p.single else -(-days // 2)) * DAY
        name = p.single and p.single.rstrip("~") + "~"
        return Period(p.first - more, p.last + more, name, True, True)

    return times.each(widened, f"about {times.note}", "window")


@rule(
    "earlier-later",
    "(?P<way>earlier|later|so far|some ?time)(?: in| on)? (?P<rest>.+)",
    "Of this week, month or year: up to the anchor, or from it on. Of anything else: within it.",
    "earlier this year = [2018-01-01..2018-04-02]",
    "later this year = [2018-04-02..2018-12-31]",
    "earlier on Monday = 2018-04-02",
)
def _earlier_later(found: re.Match[str], anchor: date) -> Times:
    times, way = _times(found["rest"], anchor), found["way"]
    note = f"{way} in {times.note}"
    if way.startswith("some") or not re.match(rf"this |the (?:{_UNIT})$", found["rest"]):
        return times._replace(note=note)
    low, high = (anchor, date.max) if way == "later" else (date.min, anchor)
    kept = [p for p in times.periods if p.first <= high and p.last >= low]
    if not kept:
        raise _refusal(found[0], f"none of it lies on that side of {anchor}")
    kept = [Period(max(p.first, low), min(p.last, high), "", True, True) for p in kept]
    return Times(kept, note, "day" if times.kind == "day" else "window")


_TODAY = {
    "(?:today|now|the same day|this (?:morning|afternoon|evening))": (0, 0),
    "(?:yesterday|the day before|the previous day)": (-1, -1),
    "(?:tomorrow|the day after|the (?:next|following) day)": (1, 1),
    "the day before yesterday": (-2, -2),
    "the day after tomorrow": (2, 2),
    "tonight": (0, 1),
    "(?:last night|overnight)": (-1, 0),
}


@rule(
    "today",
    "|".join(_TODAY),
    "Days counted from the anchor; a night may run on into the next day.",
    "yesterday = 2018-04-01",
    "the day after tomorrow = 2018-04-04",
    "the day before = 2018-04-01",
    "this morning = 2018-04-02",
    "tonight = [2018-04-02..2018-04-03]",
)
def _today(found: re.Match[str], anchor: date) -> Times:
    days = next(days for words, days in _TODAY.items() if re.fullmatch(words, found[0]))
    first, last = (anchor + n * DAY for n in days)
    period = one_day(first) if first == last else Period(first, last)
    return Times([period], f"{found[0]}, seen from {anchor},", "day")


@rule(
    "part-of-day",
    "(?:the )?(?P<part>morning|afternoon|evening|night) of (?P<rest>.+)"
    "|(?P<rest2>.+?) (?:in the |at )?(?P<part2>morning|afternoon|evening|night)",
    "The day itself; a night may run on into the next day.",
    "yesterday evening = 2018-04-01",
    "Monday night = [2018-04-02..2018-04-03]",
)
def _part_of_day(found: re.Match[str], anchor: date) -> Times:
    part, rest = found["part"] or found["part2"], found["rest"] or found["rest2"]
    times = _times(rest, anchor)
    if times.kind != "day":
        raise _refusal(found[0], f"{rest!r} is not a day")
    note = f"the {part} of {times.note}"
    if part != "night":
        return times._replace(note=note)
    return times.each(lambda p: Period(p.first, p.last + DAY), note, "day")


_PARTS = {"early": (0, 2), "mid": (1, 3), "late": (2, 4)}
_PLACES = {"beginning": "early", "start": "early", "middle": "mid", "end": "late"}
_PLACES |= {"first half": "early", "second half": "late"}
_HALVES = {"early": "the first half", "mid": "the middle half", "late": "the last half"}


@rule(
    "part",
    "(?:the )?(?P<part>early|mid|late)(?: to (?P<to>mid|late))?(?: part of| in| on)? (?P<rest>.+)"
    "|(?:towards? )?(?:the )?(?:very )?(?P<place>" + "|".join(_PLACES) + ") of (?P<rest2>.+)",
    "The first, the middle or the last half, rounded outward; of a day, the day.",
    "late last week = [2018-03-29..2018-04-01]",
    "in early March 2018 = [2018-03-01..2018-03-16]",
    "mid-2017 = [2017-04..2017-09]",
    "the late 19th century = [1850..1900]",
    "the first half of 2017 = [2017-01..2017-06]",
    "late Monday = 2018-04-02",
)
def _part(found: re.Match[str], anchor: date) -> Times:
    part, rest = found["part"] or _PLACES[found["place"]], found["rest"] or found["rest2"]
    low, high = _PARTS[part][0], _PARTS[found["to"] or part][1]
    times = _times(rest, anchor)
    if times.kind == "window":
        raise _refusal(found[0], f"{rest!r} has no parts")
    if times.kind == "day":
        return times._replace(note=f"{part} in {times.note}")
    half = "a part" if found["to"] else _HALVES[part]
    note = f"{part} ({half}, rounded outward) in {times.note}"
    return times.each(lambda p: cut(p, low, high), note, "window")


# ---- distances from the anchor


@rule(
    "ago",
    rf"(?:in (?=.* time$))?{_AMOUNT}(?:'?s? time| (?P<way>ago|earlier|before|later|after|from now))"
    "(?P<exact> today)?",
    "So many units before or after: days exactly, longer units as loosely as they are spoken.",
    "two days ago = 2018-03-31",
    "a few days ago = [2018-03-25..2018-03-31]",
    "a week ago = [2018-03-22..2018-03-30]",
    "two weeks ago today = 2018-03-19",
    "a month ago = [2018-02-14..2018-03-31]",
    "a year ago = [2016-10..2017-12]",
    "three days later = 2018-04-05",
    "in two days' time = 2018-04-04",
)
def _ago(found: re.Match[str], anchor: date) -> Times:
    unit, counts, words = _amount(found)
    way = found["way"] or "from now"
    sign = -1 if way in ("ago", "earlier", "before") else 1
    period = away(anchor, unit, counts, sign)
    if found["exact"] and counts[0] == counts[1]:
        period = one_day(shift(anchor, unit, sign * counts[0]))
    loosely = "" if period.name else ", as loosely as it is spoken"
    note = f"{words} {way}{loosely}, seen from {anchor},"
    return Times([period], note, "day" if period.name else "window")


@rule(
    "stretch",
    rf"(?:(?:over|in|during|within) )?(?:(?:the|this) (?P<way>last|past|next|coming) "
    rf"(?P<one>{_UNIT})"
    rf"|(?:(?:the )?(?P<way2>last|past|recent|next|coming) |(?<=in )|(?<=within )){_AMOUNT})",
    "So many units up to the anchor, or from it on (it may be the day, or the time it takes).",
    "over the past two weeks = [2018-03-15..2018-04-02]",
    "in recent days = [2018-03-03..2018-04-02]",
    "this coming week = [2018-04-02..2018-04-15]",
    "within two days = [2018-04-02..2018-04-04]",
    "in two weeks = [2018-04-02..2018-04-20]",
)
def _stretch(found: re.Match[str], anchor: date) -> Times:
    one = found["one"]
    unit, counts, words = (one, (1, 1), f"a {one}") if one else _amount(found)
    sign = -1 if (found["way"] or found["way2"]) in ("last", "past", "recent") else 1
    ends = [anchor, *away(anchor, unit, counts, sign)[:2]]
    if counts == (1, 1) and unit in ("week", "month", "year", "decade", "century"):
        ends += [end for p in calendar_units(unit, anchor, sign) for end in p[:2]]
    first, last = (anchor, max(ends)) if sign > 0 else (min(ends), anchor)
    note = f"{words} {'from' if sign > 0 else 'up to'} {anchor}"
    return Times([Period(first, last, "", True, True)], note, "window")


# ---- the calendar's own stretches, and what recurs


@rule(
    "unit",
    r"(?:the )?(?P<which>last|previous|this|same|current|next|following) (?P<unit>{0})"
    r"|the (?P<unit2>{0})(?: (?P<after>before last|before|after next|after))?".format(
        "week|month|quarter|year|decade|century"
    ),
    "The calendar's week, month, quarter, year, decade or century, counted from the anchor's own.",
    "last week = [2018-03-26..2018-04-01]",
    "last month = 2018-03",
    "this month = 2018-04",
    "next year = 2019",
    "the week before last = [2018-03-19..2018-03-25]",
    "last quarter = 2018-33",
    "this century = [2000..2100]",
)
def _unit(found: re.Match[str], anchor: date) -> Times:
    unit = found["unit"] or found["unit2"]
    periods = calendar_units(unit, anchor, _OFFSETS[found["which"] or found["after"] or "this"])
    return Times(periods, f"{found[0]}, seen from {anchor},")


@rule(
    "weekday",
    rf"{_WHICH}(?P<weekday>{_WEEKDAY})(?: (?:of )?{_WHOSE} week)?",
    "The anchor's own day, else the one before and the one after; last, next and this choose.",
    "on Monday = 2018-04-02",
    "on Tuesday = [2018-03-27,2018-04-03]",
    "last Tuesday = 2018-03-27",
    "next Tuesday = [2018-04-03,2018-04-10]",
    "this past Friday = 2018-03-30",
    "this coming Monday = 2018-04-09",
    "Tuesday of last week = 2018-03-27",
)
def _weekday(found: re.Match[str], anchor: date) -> Times:
    index = _index(_WEEKDAYS, found["weekday"])
    times = _weekly(found["which"] or "", anchor, _WEEKDAYS[index], index, 1, "day")
    if not found["whose"]:
        return times
    if found["which"]:
        raise _refusal(found[0], "it says twice which one is meant")
    weeks = calendar_units("week", anchor, _OFFSETS[found["whose"]])
    return Times([one_day(w.first + index * DAY) for w in weeks], times.note, "day")


@rule(
    "weekend",
    rf"{_WHICH}weekend",
    "Saturday and Sunday: the one that the anchor is in, else the one before and the one after.",
    "over the weekend = [2018-03-31..2018-04-01,2018-04-07..2018-04-08]",
    "last weekend = [2018-03-31..2018-04-01]",
    "this weekend = [2018-03-31..2018-04-01,2018-04-07..2018-04-08]",
    "next weekend = [2018-04-07..2018-04-08,2018-04-14..2018-04-15]",
)
def _weekend(found: re.Match[str], anchor: date) -> Times:
    which = found["which"] or ""
    return _weekly("" if which == "this" else which, anchor, "weekend", 5, 2)


@rule(
    "month-day",
    rf"(?:(?P<weekday>{_WEEKDAY}) )?{_WHICH}(?:(?P<month>{_MONTH}) (?:the )?(?P<day>{_NTH})"
    rf"|(?P<day2>{_NTH})(?: of)? (?P<month2>{_MONTH})){_YEAR}",
    "A day of a month; without a year, the nearest before and after, or the one this month.",
    "March 20, 2018 = 2018-03-20",
    "on Tuesday, March 20 = 2018-03-20",
    "on March 20 = [2018-03-20,2019-03-20]",
    "30 April = 2018-04-30",
    "Mar. 20 last year = 2017-03-20",
)
def _month_day(found: re.Match[str], anchor: date) -> Times:
    month = _index(_MONTHS, found["month"] or found["month2"]) + 1
    day = int(re.sub(r"\D", "", found["day"] or found["day2"]))

    def of_year(year: int) -> list[Period]:
        whole = whole_months(year, month)
        return [one_day(whole.first.replace(day=day))] if 1 <= day <= whole.last.day else []

    times = _yearly(found, anchor, f"{day} {_MONTHS[month - 1]}", of_year, "day")
    if not (weekday := found["weekday"]):
        return times
    kept = [p for p in times.periods if p.first.weekday() == _index(_WEEKDAYS, weekday)]
    if not kept:
        raise _refusal(found[0], f"{_told(times)}, and none of it a {weekday}")
    return Times(kept, times.note, "day", "year")


@rule(
    "numbers",
    r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<year>\d{4})",
    "Day and month in either order.",
    "3/20/2018 = 2018-03-20",
    "3/4/2018 = [2018-03-04,2018-04-03]",
)
def _numbers(found: re.Match[str], anchor: date) -> Times:
    year, a, b = int(found["year"]), int(found["a"]), int(found["b"])
    days = [
        one_day(date(year, month, day))
        for month, day in sorted({(a, b), (b, a)})
        if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    ]
    if not days:
        raise _refusal(found[0], "the calendar does not have it")
    return Times(days, f"the date {found[0]}", "day", "year")


@rule(
    "month",
    rf"{_WHICH}(?:month of )?(?P<month>{_MONTH}){_YEAR}",
    "Without a year the month that the anchor is in, else the one before and the one after.",
    "in March = [2018-03,2019-03]",
    "in April = 2018-04",
    "March 2018 = 2018-03",
    "last December = 2017-12",
    "last March = [2017-03,2018-03]",
    "in May next year = 2019-05",
)
def _month(found: re.Match[str], anchor: date) -> Times:
    month = _index(_MONTHS, found["month"]) + 1
    return _yearly(found, anchor, _MONTHS[month - 1], lambda year: [whole_months(year, month)])


@rule(
    "season",
    rf"{_WHICH}(?P<season>spring|summer|autumn|fall|winter){_YEAR}(?:[-/](?P<to>\d\d(?:\d\d)?))?",
    "EDTF's own season, northern; a winter belongs to two years.",
    "the spring of 2018 = 2018-21",
    "last summer = 2017-22",
    "the winter of 2017 = [2016-24,2017-24]",
    "the winter of 2017-18 = 2017-24",
    "this summer = 2018-22",
)
def _in_season(found: re.Match[str], anchor: date) -> Times:
    season = found["season"].replace("fall", "autumn")
    number = _SEASONS.index(season)

    def of_year(year: int) -> list[Period]:
        years = (year - 1, year) if season == "winter" else (year,)
        return [northern_season(y, number) for y in years if y > 0]

    times = _yearly(found, anchor, season, of_year)
    if not found["to"]:
        return times
    year, to = int(found["year"] or 0), found["to"]
    if season != "winter" or not year or (year + 1) % 10 ** len(to) != int(to):
        raise _refusal(found[0], "only a winter lies in two years, one after the other")
    return Times([northern_season(year, number)], times.note, cycle="year")


@rule(
    "quarter",
    rf"(?:the )?(?:q(?P<number>[1-4])|(?P<nth>first|second|third|fourth) quarter){_YEAR}",
    "EDTF's own quarter of the calendar.",
    "the first quarter of 2018 = 2018-33",
    "Q4 2017 = 2017-36",
    "the second quarter of this year = 2018-34",
)
def _quarter(found: re.Match[str], anchor: date) -> Times:
    number = int(found["number"] or _ORDINALS.index(found["nth"]) + 1)

    def of_year(year: int) -> list[Period]:
        return [quarter(year, number)]

    return _yearly(found, anchor, f"quarter {number}", of_year)


@rule(
    "decade",
    r"(?:the )?(?:(?P<year>\d{3})0'?s|'?(?P<tens>[2-9])0'?s|(?P<word>" + "|".join(ten[:-1] for ten in _TENS) + ")ies)",
    "Ten years; of two digits, every one that began in the last hundred years or soon will.",
    "the 1990s = 199X",
    "the '90s = 199X",
    "the twenties = [192X,202X]",
    "the 1800s = 18XX",
)
def _in_decade(found: re.Match[str], anchor: date) -> Times:
    if found["year"]:
        tens = int(found["year"])
        periods = [decade(tens)]
        if tens % 10 == 0:  # the 1800s may be ten years or a hundred
            periods = [whole_years(tens * 10, tens * 10 + 99, f"{tens // 10:02}XX")]
        return Times(periods, found[0])
    digit = int(found["tens"] or _TENS.index(f"{found['word']}y") + 2)
    first, last = anchor.year - 100, anchor.year + 20
    decades = [decade(t) for t in range(digit, 1000, 10) if first < t * 10 <= last]
    if not decades:
        raise _refusal(found[0], f"none of these years is near {anchor}")
    return Times(decades, f"{found[0]}, seen from {anchor},")


@rule(
    "century",
    r"(?:the )?(?:(?P<number>\d{1,2})(?:st|nd|rd|th)|(?P<word>" + "|".join(reversed(_ORDINALS)) + ")) century",
    "A hundred years and one: 1800 belongs to it for most people, 1900 by the calendar.",
    "the 19th century = [1800..1900]",
    "the twentieth century = [1900..2000]",
)
def _in_century(found: re.Match[str], anchor: date) -> Times:
    number = int(found["number"] or _ORDINALS.index(found["word"]) + 1)
    if not number:
        raise _refusal(found[0], "there is none")
    return Times([century(number)], found[0])
