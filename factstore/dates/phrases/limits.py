"""Rules for words that take two dates, or one as a limit, and for dates marked as uncertain or approximate.

EDTF has no one-of set of intervals. So "since", "until" and "from … to", if they are ambiguous or begin or end in a
stretch that EDTF has no notation for, give the bounds that hold for all readings.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from factstore.dates.edtf import Edtf
from factstore.dates.periods import DAY, EVER, Period
from factstore.dates.phrases.ends import (
    DATED,
    are_feasts,
    both,
    check_same_kind,
    has_clock,
    is_clock,
    of_one_day,
    pairs,
    second_of_feasts,
)
from factstore.dates.phrases.reader import (
    Context,
    Finished,
    Times,
    called,
    edtf_of,
    either,
    refusal,
    rule,
    times_of,
    told,
    without_leading,
)
from factstore.dates.phrases.words import CLOCK, MONTH, NTH, NUMBERS, ORDINAL, UNIT, UNITS, WEEKDAY
from factstore.errors import DateError

# ---- two dates


@rule(
    "onward",
    r"(?:from |since )?(?P<rest>.+?) (?:onwards?|and (?:after|later|onwards?))"
    r"|(?:from )?(?P<rest2>.+?)(?: - | to | until | till | through )(?:the )?(?:present(?: day)?|now|date|ongoing)"
    r"|(?P<rest3>.*\d(?= -)|\d{4}(?=-)) ?-",
    "Starts within it, and the end is unknown: what goes on while it is told may have ended since.",
    "2014 onwards = 2014/",
    "March 2014 to date = 2014-03/",
    "2014–present = 2014/",
    "2014– = 2014/",
    signs="onward onwards and present now date ongoing -",
)
def _onward(found: re.Match[str], context: Context) -> Finished:
    return _begun(times_of(found["rest"] or found["rest2"] or found["rest3"], context))


@rule(
    "between",
    r"between (?P<a>.+?)(?: and | to | through | thru | - |(?<=\d)-(?=\d))(?P<b>.+)|(?P<a2>\d{4}) ?x ?(?P<b2>\d{4})",
    "At some time between the start of the first and the end of the second.",
    "between March 20, 2018 and March 25, 2018 = [2018-03-20..2018-03-25]",
    "between 2014 and 2016 = [2014..2016]",
    "1450 × 1460 = [1450..1460]",
    signs="between x",
    stretch=EVER,
)
def _between(found: re.Match[str], context: Context) -> Times:
    times = pairs(found["a"] or found["a2"], found["b"] or found["b2"], context)
    return times.each(lambda p: p._replace(name=""), f"some time from {times.note}", "window")


#: A hyphen between figures that is not part of a day in figures, whether its year comes first or last.
_BETWEEN_FIGURES = (
    r"(?<=\d)-(?=\d)(?<!\d{4}-(?=\d\d-\d\d))(?<!\d{4}-\d\d-)"
    r"(?!\d\d?-\d{4}(?![-\d]))(?:(?<!-\d-)(?<!-\d\d-)|(?!\d{4}(?![-\d])))"
)


_UNSURE = (
    r"possibly|perhaps|maybe|probably|presumably|apparently|likely"
    r"|\(?(?:(?:believed|thought|presumed|assumed|reported|said|supposed)(?: to be)?|\?)\)?"
)
_ABOUT = r"about|around|circa|ca?|approximately|approx|roughly"
#: Marks before or after a span, which apply to both ends: c. 1450-1460, 1450-1460 (?)
_MARKED_SPAN = {
    "~": (re.compile(rf"(?:(?:{_ABOUT}) |~ ?)(.+)"), re.compile(rf"(.+?) (?:\(?(?:{_ABOUT})\)?|or so)")),
    "?": (re.compile(rf"(?:{_UNSURE}) (.+)"), re.compile(rf"(.+?) ?(?:\(?\?\)?|\((?:{_UNSURE})\))")),
}


def _unmarked(a: str, b: str, mark: str) -> tuple[str, str, str]:
    """Two ends without a mark before or after their span, and that mark if there is one."""
    first, last = _MARKED_SPAN[mark]
    before, after = first.fullmatch(a), last.fullmatch(b)
    if not (before or after):
        return a, b, ""
    b = after[1] if after else b
    again = first.fullmatch(b)
    return before[1] if before else a, again[1] if again else b, mark


@rule(
    "from-to",
    rf"(?:from (?P<a>.+?) (?:to|until|till|through|thru|-) (?P<b>.+)"
    r"|(?:from )?(?P<a2>(?!.*winter|.*\bnight (?:of|between|from) )"
    r"(?!up |prior |mid |early to |.*\b(?:to be|to last|(?:quarter|half) (?:to|past))\b)"
    rf"(?=.*\b{DATED})(?!.* (?:ago|earlier|later|week of) |.*(?:closest|nearest) |.* centur(?:y|ies)$).+?)"
    rf"(?: - |{_BETWEEN_FIGURES}| to | through | thru )(?P<b2>.+))",
    "Throughout: starts within the first and ends within the second.",
    "from March 20, 2018 to March 25, 2018 = 2018-03-20/2018-03-25",
    "March 20–25, 2018 = 2018-03-20/2018-03-25",
    "November 19 to 20, 2016 = 2016-11-19/2016-11-20",
    "June–August 1992 = 1992-06/1992-08",
    "June-August 1992 = 1992-06/1992-08",
    "Jun.-Aug. 1992 = 1992-06/1992-08",
    "spring-summer 1992 = [1992-03-01..1992-09-22]",
    "5 March-6 April 1992 = 1992-03-05/1992-04-06",
    "June 1992-August 1993 = 1992-06/1993-08",
    "2014-2016 = 2014/2016",
    "c. 1450-1460 = 1450~/1460~",
    "1450-1460 (?) = 1450?/1460?",
    signs="- to until till through thru",
)
def _from_to(found: re.Match[str], context: Context) -> Finished | None:
    if found["b2"] and is_clock(found["b2"]) and not has_clock(found["a2"]):
        return None  # 20 March 2018 - 15:04
    a, b = found["a"] or found["a2"], found["b"] or found["b2"]
    unsure = about = ""
    if not found[0].startswith("from "):
        a, b, unsure = _unmarked(a, b, "?")
        a, b, about = _unmarked(a, b, "~")
    times = pairs(a, b, context, about and "about ")
    note = f"uncertain: {times.note}" if unsure else times.note
    if len(times.periods) > 1 or not times.periods[0].name:
        times = times.each(lambda p: p._replace(name=""), times.note, "window")
        return Finished(edtf_of(times, unsure), f"throughout this: {told(times._replace(note=note))}")
    first, last = times.periods[0][:2]
    name = times.periods[0].name
    if unsure:
        name = "/".join(f"{end[:-1]}%" if end.endswith("~") else f"{end}?" for end in name.split("/"))
    return Finished(name, f"throughout this: {note} is {first} to {last}")


# ---- one date as a limit


def _bounded(edtf: str, how: str, times: Times) -> Finished:
    return Finished(edtf, f"{how}: {told(times)}")


def _earliest(times: Times) -> Period:
    return min(times.periods, key=lambda p: (p.first, p.ends[0]))


def _latest(times: Times) -> Period:
    return max(times.periods, key=lambda p: (p.last, p.ends[1]))


@rule(
    "since",
    "(?P<since>(?:ever )?since|starting|beginning(?! of)|as from|as of|from)(?: on| in)? (?P<rest>.+?)(?: onwards?| on)?",
    "Starts within it, and the end is unknown; 'since' means the latest one that had begun by the anchor.",
    "since March 20 = 2018-03-20/",
    "since Monday = [2018-03-26..]",
    "since 2014 = 2014/",
    "starting Tuesday = [2018-03-27..]",
    signs="since starting beginning from as",
)
def _since(found: re.Match[str], context: Context) -> Finished:
    if found["since"] == "as of":
        raise refusal(found[0], f"it may mean since {found['rest']} or by then; say which")
    times = times_of(found["rest"], context)
    if times.near and "since" in found["since"]:
        begun = [p for p in times.near(context.day) if p.first <= context.day]
        if not begun:
            raise refusal(found["rest"], f"within the calendar, none had begun by {context.day}")
        times = times._replace(periods=begun[-2:] if begun[-1].last >= context.day else begun[-1:])
    return _begun(times)


def _begun(times: Times) -> Finished:
    first = _earliest(times)
    edtf = f"[{first.ends[0]}..]"
    if len(times.periods) == 1 and first.single:
        edtf = f"{first.single}/"
    return _bounded(edtf, "starts in this, and its end is unknown", times)


@rule(
    "until",
    "(?:up )?(?:until|till|til|through|thru|up to) (?P<rest>.+)",
    "Ends within it, and the start is unknown.",
    "until April 30 = /2018-04-30",
    "through Friday = [..2018-04-06]",
    "until 2014 = /2014",
    signs="until till til through thru up",
)
def _until(found: re.Match[str], context: Context) -> Finished:
    times = times_of(found["rest"], context)
    last = _latest(times)
    edtf = f"[..{last.ends[1]}]"
    if len(times.periods) == 1 and last.single:
        edtf = f"/{last.single}"
    return _bounded(edtf, "ends in this, and its start is unknown", times)


def _the(words: str) -> str:
    """A bare unit is the one that the anchor is in."""
    return f"the {words}" if re.fullmatch(UNIT, words) else words


@rule(
    "two-limits",
    r"(?:(?P<after>after|later than)|not? (?:earlier|sooner) than|not before|on or after) (?P<a>.+?)(?: and| but)? "
    r"(?:(?P<before>before|earlier than)|not? later than|not after|on or before) (?P<b>.+)",
    "Between an earliest and a latest time.",
    "no earlier than 1 March 2018, no later than 15 March 2018 = [2018-03-01..2018-03-15]",
    "after 1 March 2018 but before 15 March 2018 = [2018-03-02..2018-03-14]",
)
def _two_limits(found: re.Match[str], context: Context) -> Finished | None:
    if is_clock(found["a"]) or is_clock(found["b"]):
        return None
    low, high = both(found["a"], found["b"], context)
    first = _first_after(low) if found["after"] else _earliest(low).ends[0]
    last = _last_before(high) if found["before"] else _latest(high).ends[1]
    try:
        edtf = Edtf(f"[{first}..{last}]").text
    except DateError:
        raise refusal(found[0], "its end comes before its beginning") from None
    return Finished(edtf, f"{found[0]} is {first} to {last}")


@rule(
    "by",
    "(?:by|not? later than|on or before) (?P<rest>(?:(?:the )?(?:very )?end of )?(?P<whole>.+))"
    "|(?P<rest2>.+) (?:(?:or|and) (?:earlier|before)|at the (?:very )?latest)",
    "At its end at the latest.",
    "by the end of April = [..2018-04-30]",
    "by Friday = [..2018-04-06]",
    "by 2019 = [..2019]",
    "1830 or earlier = [..1830]",
)
def _by(found: re.Match[str], context: Context) -> Finished:
    times = times_of(_the(found["rest"] or found["rest2"]), context)
    last = _latest(times)
    edtf = f"[..{last.ends[1]}]"
    if found["whole"] == found["rest"]:
        return _bounded(edtf, "at the end of this at the latest", times)
    ends = [str(day) for day in sorted({p.last for p in times.periods})]
    whole = called(times_of(_the(found["whole"]), context))
    return Finished(edtf, f"by the end of {whole} at the latest, which is {either(ends)}")


@rule(
    "on-or-after",
    "(?:on or after|not? (?:earlier|sooner) than|not before) (?P<rest>.+)"
    "|(?P<rest2>.+) (?:or (?:later|after)|at the (?:very )?earliest)",
    "At its beginning at the earliest.",
    "on or after March 20, 2018 = [2018-03-20..]",
    "no earlier than 1830 = [1830..]",
    "1830 or later = [1830..]",
)
def _on_or_after(found: re.Match[str], context: Context) -> Finished:
    times = times_of(found["rest"] or found["rest2"], context)
    return _bounded(f"[{_earliest(times).ends[0]}..]", "at the beginning of this at the earliest", times)


@rule(
    "before-after",
    "(?:any ?time |some ?time |(?P<soon>shortly|soon|just|immediately|directly|right) )?"
    "(?P<way>before|prior to|earlier than|after|later than|post|pre|ante) (?P<rest>.+)",
    "Over before that day, or begun after it, however shortly. If it is longer than a day or vague, within it too: people "
    "mean both.",
    "before March 20, 2018 = [..2018-03-19]",
    "after March 20, 2018 = [2018-03-21..]",
    "before 1830 = [..1830]",
    "after 1830 = [1830..]",
    "after the end of April = [2018-05-01..]",
    "shortly after 20 March 2018 = [2018-03-21..]",
)
def _before_after(found: re.Match[str], context: Context) -> Finished:
    if found["soon"] and is_clock(found["rest"]):
        raise refusal(found[0], "it does not say on which day")
    times = times_of(found["rest"], context)
    if found["way"] in ("after", "later than", "post"):
        return _bounded(f"[{_first_after(times)}..]", "after this", times)
    return _bounded(f"[..{_last_before(times)}]", "before this", times)


def _first_after(times: Times) -> str:
    return min(_start_after(p) for p in times.periods)


def _last_before(times: Times) -> str:
    return max(_end_before(p) for p in times.periods)


def _start_after(period: Period) -> str:
    """The first day, or the unit, in which something after a period may start."""
    # "the end of April" is vague only where it begins; it ends with April.
    sharp = not period.vague_end and (period.vague_start or period.first == period.last)
    return (period.last + DAY).isoformat() if sharp else period.ends[0]


def _end_before(period: Period) -> str:
    sharp = not period.vague_start and (period.vague_end or period.first == period.last)
    return (period.first - DAY).isoformat() if sharp else period.ends[1]


# ---- marks


@rule(
    "possibly",
    rf"(?:{_UNSURE}|uncertain:?) (?P<rest>.+)"
    rf"|(?P<rest2>.+?)(?: ?(?:\(?\?\)?|\((?:{_UNSURE}|uncertain|unsure)\))| (?:maybe|perhaps|possibly|probably|presumably))",
    "Uncertain: all dates get EDTF's `?`, which combines with `~` to `%`.",
    "possibly 1850 = 1850?",
    "perhaps about 1850 = 1850%",
    "possibly Tuesday = [2018-03-27?,2018-04-03?]",
    "March 20, 2018? = 2018-03-20?",
    "(believed to be) March 20, 2018 = 2018-03-20?",
    signs="possibly perhaps maybe probably presumably apparently likely believed thought presumed assumed reported said "
    "supposed uncertain unsure ? ( )",
)
def _possibly(found: re.Match[str], context: Context) -> Finished:
    times = times_of(found["rest"] or found["rest2"], context)
    if times.kind == "clock":
        raise refusal(found[0], "a time of day takes no mark")
    return Finished(edtf_of(times, "?"), f"uncertain: {told(times)}")


@rule(
    "about",
    r"(?:(?:at|on) )?(?:on or )?(?:about|around|circa|ca?|approximately|approx|roughly|nearly|almost|near"
    rf"|some(?= (?:\d|{'|'.join(NUMBERS)})))(?: (?:on|in|at))? (?P<rest>.+)"
    rf"|(?P<day>.+?) (?:at )?(?:about|around|circa|ca?|approximately|approx|roughly|~) ?(?P<clock>{CLOCK})"
    rf"|(?:ca?|~ ?)(?P<rest2>\d{{4}}|\d{{1,4}} ?(?:a ?d|c ?e)|(?<=~).+|(?<=~ ).+)"
    rf"|(?P<rest3>(?!(?:the )?{ORDINAL} ca?$|.* b ca?$).+?)"
    r" (?:\(?(?:approximately|approx|circa|ca?)\)?|or so)",
    "Approximate: a date gets EDTF's `~`; a stretch that EDTF cannot name grows by half on each side, a feast by a week, "
    "a time by an hour.",
    "circa 1850 = 1850~",
    "around March 20, 2018 = 2018-03-20~",
    "about two weeks ago = [2018-03-10..2018-03-28]",
    "around Christmas 2016 = [2016-12-18..2017-01-01]",
    "almost a decade ago = [1997-07-02..2018-04-02]",
    "around noon on 3 May 2018 = [2018-05-03T11:00..2018-05-03T13:00]",
    "3 May 2018 at about 4pm = [2018-05-03T15:00..2018-05-03T17:00]",
    signs="about around circa c ca approximately approx roughly nearly almost near some so ~",
)
def _about(found: re.Match[str], context: Context) -> Times:
    timed = f"{found['clock']} on {found['day']}" if found["clock"] else ""
    times = times_of(timed or found["rest"] or found["rest2"] or found["rest3"], context)
    if times.kind == "clock":
        return times.each(_within_an_hour, f"about {times.note}", "clock")

    def widened(p: Period) -> Period:
        if times.reach:
            return Period(p.first - times.reach * DAY, p.last + times.reach * DAY, "", True, True)
        days = (p.last - p.first).days + 1
        more = (max(days, 3) if p.single else -(-days // 2)) * DAY
        name = p.single and p.single.rstrip("~") + "~"
        return Period(p.first - more, p.last + more, name, True, True)

    return times.each(widened, f"about {times.note}", "window")


def _within_an_hour(period: Period) -> Period:
    """A time of day, widened by an hour on both sides; refuses one with an offset."""
    first, last = (datetime.fromisoformat(end) for end in period.ends)
    if first.tzinfo is not None:
        raise refusal(period.name, "a time with an offset cannot be approximate")
    hour = timedelta(hours=1)
    first, last = first - hour, last + hour
    name = f"{first.isoformat(timespec='minutes')}..{last.isoformat(timespec='minutes')}"
    return Period(first.date(), last.date(), name, True, True)


@rule(
    "or",
    rf"(?:either )?(?P<a>.+?) or (?P<b>.*{DATED}.*)",
    "One or the other.",
    "1850 or 1852 = [1850,1852]",
    "20 or 22 March 2018 = [2018-03-20,2018-03-22]",
    "on 30 June or 1 July 2018 = [2018-06-30..2018-07-01]",
    "3, 4 or 5 May 2018 = [2018-05-03..2018-05-05]",
    "June or July 2018 = [2018-06..2018-07]",
    "Monday or Tuesday 5 June 2018 = [2018-06-04..2018-06-05]",
    "16th or 17th century = [1500..1699]",
    signs="or",
)
def _or(found: re.Match[str], context: Context) -> Times | None:
    a, b = (without_leading(found[name]).removeprefix("the ") for name in "ab")
    if re.search(rf"(?:{UNIT}|{UNITS}) (?:ago|later|earlier)", b):
        return None  # two or three days ago
    if several := _LIST.fullmatch(a):
        firsts, a = re.findall(NTH if several["days"] else MONTH, several["but_last"]), several["last"]
        read = [times_of(f"{first} or {b}", context) for first in [*firsts, a]]
        every = [p for times in read for p in times.periods]
        return Times(every, f"{', '.join([*firsts, a])} or {read[0].note.rpartition(' or ')[2]}", "window")
    if b.endswith(" century") and re.fullmatch(ORDINAL, a):
        a += " century"
    check_same_kind(a, b)
    month = re.search(rf"\b(?:{MONTH})(?: \d{{4}})?$", b)
    named = re.search(rf"\b(?:{MONTH})\b", a)
    if month and re.fullmatch(rf"(?:(?:{WEEKDAY}) )?{NTH}", a):
        a = f"{a} {month[0]}"  # 20 or 22 March
    elif month and not named and re.search(rf" {NTH}$", a):
        raise refusal(found[0], "it does not say what each number counts")
    elif named and re.fullmatch(rf"{NTH}(?: \d{{4}})?", b):
        b = f"{named[0]} {b}"  # March 20 or 22
    a, b = of_one_day(a, b)
    x, y = both(a, b, context)
    return Times(_with_year_of(a, b, x, y, context), f"{x.note} or {y.note}", "window")


#: Several days or months in front of "or", which have lost their commas.
_LIST = re.compile(
    rf"(?P<but_last>(?P<days>{NTH})(?: {NTH})*|(?:{MONTH})(?: (?:{MONTH}))*) (?P<last>(?(days){NTH}|(?:{MONTH})))"
)


def _with_year_of(a: str, b: str, x: Times, y: Times, context: Context) -> list[Period]:
    """The periods of two dates of which only the second may name its year, or the day near which a weekday lies."""
    year = re.search(r" \d{4}$", b)
    if year and x.cycle == "week" and x.near:  # Monday or Tuesday 5 July 2016
        day = y.periods[0].first
        return [p for p in x.near(day) if abs((p.first - day).days) <= _BESIDE] + y.periods
    if not year or x.cycle != "year" or re.search(r"\d{4}", a):
        return x.periods + y.periods
    try:
        same = times_of(f"{a}{year[0]}", context).periods
    except DateError:
        return x.periods + y.periods  # last May or June 2016
    before: list[Period] = []
    if same[0].first > y.periods[-1].last:  # December or January 2018
        before = times_of(f"{a} {int(year[0]) - 1:04}", context).periods
    after = second_of_feasts(b, same[0], context) if are_feasts(a, b, x, y) else []
    return [*before, *same, *y.periods, *after]


#: How far, in days, a weekday may be from the day beside which it is named; the nearest is one to three days away.
_BESIDE = 4
