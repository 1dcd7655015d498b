"""Rules for words relative to a day: yesterday, two weeks ago, earlier this year, and the parts of a stretch.

Distances are as loose as in speech: half a unit or a tenth of the whole either way, whichever is more, and all of the
calendar month or year that is reached. "ago" never lies after the anchor, "later" never before it.
"""

from __future__ import annotations

import re
from datetime import date

from factstore.dates.periods import DAY, EVER, Period, away, calendar_units, cut, one_day, shift
from factstore.dates.phrases.reader import Context, Finished, Times, refusal, rule, times_of
from factstore.dates.phrases.words import AMOUNT, COUNT, MONTH, UNIT, UNITS, amount, count


@rule(
    "earlier-later",
    "(?P<way>earlier|later|so far|some ?time)(?: in| on)? (?P<rest>.+)",
    "Within this week, month or year: up to the anchor, or from it on. With anything else: within it.",
    "earlier this year = [2018-01-01..2018-04-02]",
    "later this year = [2018-04-02..2018-12-31]",
    "earlier on Monday = 2018-04-02",
)
def _earlier_later(found: re.Match[str], context: Context) -> Times:
    times, way = times_of(found["rest"], context), found["way"]
    note = f"{way} in {times.note}"
    if way.startswith("some") or not re.match(rf"this |the (?:{UNIT})$", found["rest"]):
        return times._replace(note=note)
    room = (context.day, date.max) if way == "later" else (date.min, context.day)
    kept = [p for p in times.periods if p.first <= room[1] and p.last >= room[0]]
    if not kept:
        raise refusal(found[0], f"none of it lies on that side of {context.day}")
    kept = [Period(max(p.first, room[0]), min(p.last, room[1]), "", True, True) for p in kept]
    return Times(kept, note, "day" if times.kind == "day" else "window", room=room)


_BRIGHT = "(?:day|morning|afternoon|evening)"
_TODAY = {
    "(?:today|now|right now|just now|at the moment|at present|this (?:morning|afternoon|evening))": (0, 0),
    f"(?:the (?:very )?same|that(?: (?:very|same))?) {_BRIGHT}": (0, 0),
    f"(?:yesterday|(?:the )?{_BRIGHT} (?:before|prior)|(?:the )?previous {_BRIGHT})": (-1, -1),
    f"(?:tomorrow|(?:the )?{_BRIGHT} after|(?:the (?:very )?)?(?:next|following) {_BRIGHT})": (1, 1),
    "(?:the )?day before yesterday": (-2, -2),
    "(?:the )?day after tomorrow": (2, 2),
    "(?:tonight|this night|that night|the same night)": (0, 1),
    "(?:(?:late )?last night|overnight|the night before|the previous night)": (-1, 0),
    "the (?:next|following) night|the night after": (1, 2),
}


@rule(
    "today",
    "|".join(_TODAY),
    "A day counted from the anchor; a night may run on into the next day.",
    "yesterday = 2018-04-01",
    "the day after tomorrow = 2018-04-04",
    "the day before = 2018-04-01",
    "this morning = 2018-04-02",
    "tonight = [2018-04-02..2018-04-03]",
)
def _today(found: re.Match[str], context: Context) -> Times:
    days = next(days for words, days in _TODAY.items() if re.fullmatch(words, found[0]))
    first, last = (context.day + n * DAY for n in days)
    period = one_day(first) if first == last else Period(first, last)
    return Times([period], context.seen(found[0]), "day")


@rule(
    "part-of-day",
    "(?:in |at )?(?:the )?(?:early |late |mid |small )?"
    "(?P<part>morning|afternoon|evening|night|hours(?= of)|dawn|dusk|sunrise|sunset|lunch(?:time)?) (?:of |on )?(?P<rest>.+)"
    r"|(?P<rest2>.+?) \(?(?:in the |at )?(?:early |late |mid )?"
    r"(?P<part2>morning|afternoon|evening|night|a ?m|p ?m|dawn|dusk|sunrise|sunset|lunch(?:time)?)\)?",
    "The day itself; a night may run on into the next day.",
    "yesterday evening = 2018-04-01",
    "Monday night = [2018-04-02..2018-04-03]",
    "the early hours of 3 May 2018 = 2018-05-03",
    "at dawn on 3 May 2018 = 2018-05-03",
    signs="morning afternoon evening night hours dawn dusk sunrise sunset lunch lunchtime a am p pm",
)
def _part_of_day(found: re.Match[str], context: Context) -> Times:
    part, rest = found["part"] or found["part2"], found["rest"] or found["rest2"]
    times = times_of(rest, context)
    if times.kind != "day":
        raise refusal(found[0], f"{rest!r} is not a day")
    note = f"the {part} of {times.note}"
    if part != "night":
        return times._replace(note=note)
    return times.each(lambda p: Period(p.first, p.last + DAY), note, "day")


_PARTS = {"early": (0, 2), "mid": (1, 3), "late": (2, 4)}
_PLACES = {"beginning": "early", "start": "early", "middle": "mid", "end": "late"}
_PLACES |= {"first half": "early", "second half": "late", "1st half": "early", "2nd half": "late"}
_HALVES = {"early": "the first half", "mid": "the middle half", "late": "the last half"}


@rule(
    "part",
    "(?:the )?(?P<part>early|mid|late)(?: to (?P<to>mid|late))?(?: part of| in| on)? (?P<rest>.+)"
    "|(?:towards? )?(?:the )?(?:very )?(?P<place>" + "|".join(_PLACES) + ") of (?P<rest2>.+)"
    rf"|(?P<short>beg|begin|end) (?P<rest3>(?:{MONTH})(?: \d{{4}})?|\d{{4}})",
    "The first, the middle or the last half, rounded outward; for a day, the whole day.",
    "late last week = [2018-03-29..2018-04-01]",
    "in early March 2018 = [2018-03-01..2018-03-16]",
    "mid-2017 = [2017-04..2017-09]",
    "the late 19th century = [1850..1899]",
    "the first half of 2017 = [2017-01..2017-06]",
    "2nd half of March 2018 = [2018-03-16..2018-03-31]",
    "the end of the year = [2018-07..2018-12]",
    "late Monday = 2018-04-02",
    "end May 2018 = [2018-05-16..2018-05-31]",
    stretch=EVER,
)
def _part(found: re.Match[str], context: Context) -> Times:
    part = found["part"] or ("late" if found["short"] == "end" else _PLACES.get(found["place"], "early"))
    rest = found["rest"] or found["rest2"] or found["rest3"]
    low, high = _PARTS[part][0], _PARTS[found["to"] or part][1]
    times = times_of(f"the {rest}" if re.fullmatch(UNIT, rest) else rest, context)
    if times.kind in ("window", "clock"):
        raise refusal(found[0], f"{rest!r} has no parts")
    if times.kind == "day":
        return times._replace(note=f"{part} in {times.note}")
    half = "a part" if found["to"] else _HALVES[part]
    note = f"{part} ({half}, rounded outward) in {times.note}"
    return times.each(lambda p: cut(p, low, high), note, "window")


# ---- distances from the anchor

_BACK = ("ago", "earlier", "before", "beforehand", "previously", "prior", "back")


@rule(
    "more-than",
    r"(?P<more>(?:well |much |just |slightly |a (?:bit|little) )?(?:more than|over)|at least|(?:just )?(?:less than|under)"
    rf"|(?:no|not) more than|at most) {AMOUNT} (?P<way>ago|earlier|before|later|after|from now|back)",
    "Less than a distance: between there and the anchor. More: there or further away.",
    "more than two weeks ago = [..2018-03-19]",
    "over a year ago = [..2017-04-02]",
    "less than two weeks ago = [2018-03-19..2018-04-02]",
)
def _more_than(found: re.Match[str], context: Context) -> Finished | Times:
    unit, counts, words = amount(found)
    back = found["way"] in _BACK
    sign = -1 if back else 1
    farther = any(word in found["more"].split()[-2:] for word in ("than", "over", "least")) and not (
        "less" in found["more"] or found["more"].startswith(("no ", "not "))
    )
    edge = shift(context.day, unit, sign * counts[0 if farther else 1])
    note = context.seen(f"{found['more']} {words} {found['way']}")
    if farther:
        return Finished(
            f"[..{edge}]" if back else f"[{edge}..]", f"{note} is {edge} or {'earlier' if back else 'later'}"
        )
    period = Period(min(edge, context.day), max(edge, context.day), "", True, True)
    return Times([period], note, "window", room=_room(context, back=back))


@rule(
    "ago",
    rf"(?:in (?=.* time$))?{AMOUNT}(?:'?s? time| "
    "(?P<way>ago|earlier|before(?:hand)?|previously|prior|back|later|after(?:wards)?|from now|hence))(?P<exact> today)?",
    "A number of units before or after the anchor: days exactly, longer units as loosely as in speech.",
    "two days ago = 2018-03-31",
    "a few days ago = [2018-03-25..2018-03-31]",
    "a week ago = [2018-03-22..2018-03-30]",
    "two weeks ago today = 2018-03-19",
    "a month ago = [2018-02-14..2018-03-31]",
    "a year ago = [2016-10..2017-12]",
    "two or three days ago = [2018-03-30..2018-03-31]",
    "three days later = 2018-04-05",
    "in two days' time = 2018-04-04",
)
def _ago(found: re.Match[str], context: Context) -> Times:
    unit, counts, words = amount(found)
    way = found["way"] or "from now"
    back = way in _BACK
    sign = -1 if back else 1
    period = away(context.day, unit, counts, sign)
    if found["exact"] and counts[0] == counts[1]:
        period = one_day(shift(context.day, unit, sign * counts[0]))
    loosely = "" if period.name else ", as loosely as it is spoken"
    note = context.seen(f"{words} {way}{loosely}")
    times = Times([period], note, "day" if period.name else "window", room=_room(context, back=back))
    return times.each(lambda p: p, note, "day" if period.name else "window")


@rule(
    "and-a-half",
    rf"(?:(?P<count>{COUNT}) and a half (?P<unit>year|decade)s|an? (?P<one>year|decade|month|week) and a half"
    r"|half an? (?P<half>year|decade|century)) (?P<way>ago|earlier|before|later|after|from now)",
    "Read in smaller units, as loosely as in speech.",
    "a year and a half ago = [2016-07-05..2016-12-25]",
    "half a year ago = [2017-08-11..2017-11-30]",
)
def _and_a_half(found: re.Match[str], context: Context) -> Times:
    unit = found["unit"] or found["one"] or found["half"]
    whole = count(found["count"]) if found["count"] else (0, 0) if found["half"] else (1, 1)
    smaller, size = {"week": ("day", 7), "month": ("week", 4), "year": ("month", 12), "decade": ("year", 10)}.get(
        unit, ("decade", 10)
    )
    counts = whole[0] * size + size // 2 - 1, whole[1] * size + -(-size // 2) + 1
    back = found["way"] in _BACK
    period = away(context.day, smaller, counts, -1 if back else 1)
    times = Times([period._replace(name="")], context.seen(found[0]), "window", room=_room(context, back=back))
    return times.each(lambda p: p, times.note, "window")


_HOURS = r"(?:hours?|hrs?|minutes?|mins?|seconds?|secs?|moments?)"


@rule(
    "hours",
    rf"(?:(?:just |about |almost |nearly |over |more than |less than )*(?P<count>{COUNT}|half an) {_HOURS} "
    r"(?P<way>ago|earlier|before|later|after|from now)"
    rf"|(?:in|within|(?:in |over |within )?(?:the )?(?P<way2>last|past|previous|next|coming|upcoming)) "
    rf"(?P<count2>{COUNT}|half an|few) {_HOURS})",
    "Hours from an unknown time of the anchor's day, rounded outward to days.",
    "five hours ago = [2018-04-01..2018-04-02]",
    "in 30 minutes = [2018-04-02..2018-04-03]",
)
def _hours(found: re.Match[str], context: Context) -> Times:
    words, way = found["count"] or found["count2"], found["way"] or found["way2"] or "next"
    most = 1 if words == "half an" else 8 if words == "few" else count(words)[1]
    if found["count"] and re.search("over|more", found[0].split(words)[0]):
        raise refusal(found[0], "it does not say how much more")
    hours = most if re.search(r"\b(?:hour|hr)", found[0]) else 1 + most // 60
    days = (-(-hours // 24) + (1 if re.search("about|almost|nearly", found[0]) and hours % 24 == 0 else 0)) * DAY
    back = way in (*_BACK, "last", "past", "previous")
    period = Period(context.day - days, context.day) if back else Period(context.day, context.day + days)
    return Times([period], context.seen(found[0]), "window", room=_room(context, back=back))


@rule(
    "sum",
    rf"(?P<first>{COUNT}) (?P<unit1>years?|months?|weeks?)(?: and)? (?P<second>{COUNT}) (?P<unit2>(?:year|month|week|day)s?)"
    rf"(?:(?: and)? (?P<third>{COUNT}) (?P<unit3>weeks?|days?))?"
    " (?P<way>ago|earlier|before|later|after|from now)",
    "Several distances added up, each as loose as in speech.",
    "a month and two days ago = [2018-02-12..2018-03-29]",
    "2 years, 1 month and 21 days ago = [2015-07-26..2016-11-25]",
)
def _sum(found: re.Match[str], context: Context) -> Times:
    back = found["way"] in _BACK
    ends = [context.day]
    for words, unit in (("first", "unit1"), ("second", "unit2"), ("third", "unit3")):
        if found[words]:
            how = found[unit].removesuffix("s"), count(found[words]), -1 if back else 1
            ends = [far for end in ends for far in away(end, *how)[:2]]
    return Times(
        [Period(min(ends), max(ends), "", True, True)], context.seen(found[0]), "window", room=_room(context, back=back)
    )


@rule(
    "distance",
    rf"(?:{AMOUNT}|the (?P<one>day|week|month|year)) (?P<way>after|before|from|following|prior to)"
    " (?P<rest>(?!next$|last$).+)",
    "A number of units before or after another day, as loosely as from the anchor.",
    "two days after March 20, 2018 = 2018-03-22",
    "three weeks from tomorrow = [2018-04-20..2018-04-28]",
    "the day before Easter 2018 = 2018-03-31",
)
def _distance(found: re.Match[str], context: Context) -> Times:
    one = found["one"]
    unit, counts, words = (one, (1, 1), f"a {one}") if one else amount(found)
    times = times_of(found["rest"], context)
    if times.kind not in ("day", "period"):
        raise refusal(found[0], f"{found['rest']!r} is not a day")
    sign = -1 if found["way"] in ("before", "prior to") else 1
    far = [(away(p.first, unit, counts, sign).first, away(p.last, unit, counts, sign).last) for p in times.periods]
    periods = [one_day(first) if first == last else Period(first, last, "", True, True) for first, last in far]
    exact = all(first == last for first, last in far)
    return Times(periods, f"{words} {found['way']} {times.note}", "day" if exact else "window")


@rule(
    "within-of",
    rf"within (?:about )?{AMOUNT} of (?P<rest>.+)",
    "Before or after another day, by at most a number of units.",
    "within a week of 20 March 2018 = [2018-03-09..2018-03-31]",
    "within two days of 20 March 2018 = [2018-03-18..2018-03-22]",
    signs="within",
)
def _within_of(found: re.Match[str], context: Context) -> Times:
    unit, counts, words = amount(found)
    times = times_of(found["rest"], context)
    if times.kind not in ("day", "period"):
        raise refusal(found[0], f"{found['rest']!r} is not a day")
    most = counts[1], counts[1]

    def around(p: Period) -> Period:
        return Period(away(p.first, unit, most, -1).first, away(p.last, unit, most, 1).last, "", True, True)

    return times.each(around, f"within {words} of {times.note}", "window")


@rule(
    "rest",
    r"(?:the )?(?:rest|remainder) of (?:the |this |the current )?(?P<unit>day|week|month|quarter|year|decade|century)",
    "From the anchor to the end of the unit.",
    "the rest of the week = [2018-04-02..2018-04-08]",
    stretch=EVER,
)
def _rest(found: re.Match[str], context: Context) -> Times:
    if found["unit"] == "day":
        return Times([one_day(context.day)], context.seen(found[0]), "day")
    last = max(p.last for p in calendar_units(found["unit"], context.day, 0))
    return Times([Period(context.day, last, "", True)], context.seen(found[0]), "window", room=(context.day, last))


def _room(context: Context, *, back: bool) -> tuple[date, date]:
    return (date.min, context.day) if back else (context.day, date.max)


@rule(
    "stretch",
    rf"(?:(?:over|in|during|within) )?(?:(?:the|this) (?P<way>last|past|next|coming) "
    rf"(?P<one>{UNIT})"
    rf"|(?:(?:the )?(?P<way2>last|past|previous|recent|next|coming|upcoming|following) |(?<=in )|(?<=within )){AMOUNT}"
    rf"|past (?P<one2>week|month|year)"
    rf"|(?:the )?(?P<some>{COUNT}) (?P<way3>last|past|previous|next|coming|upcoming|following) (?P<unit3>{UNITS}|{UNIT}))",
    "A number of units up to the anchor, or from it on ('in two weeks': after that time, or at some time within it).",
    "over the past two weeks = [2018-03-15..2018-04-02]",
    "in recent days = [2018-03-03..2018-04-02]",
    "this coming week = [2018-04-02..2018-04-15]",
    "within two days = [2018-04-02..2018-04-04]",
    "in two weeks = [2018-04-02..2018-04-20]",
    signs="in within last past previous recent next coming upcoming following",
    stretch=EVER,
)
def _stretch(found: re.Match[str], context: Context) -> Times:
    if found["some"]:
        return times_of(f"the {found['way3']} {found['some']} {found['unit3']}", context)
    one = found["one"] or found["one2"]
    unit, counts, words = (one, (1, 1), f"a {one}") if one else amount(found)
    way = found["way"] or found["way2"] or ("past" if found["one2"] else "next")
    back = way in ("last", "past", "previous", "recent")
    ends = [context.day, *away(context.day, unit, counts, -1 if back else 1)[:2]]
    if counts == (1, 1) and unit in ("week", "month", "year", "decade", "century"):
        ends += [end for p in calendar_units(unit, context.day, -1 if back else 1) for end in p[:2]]
    first, last = (min(ends), context.day) if back else (context.day, max(ends))
    note = f"{words} {'up to' if back else 'from'} {context.day}"
    return Times([Period(first, last, "", True, True)], note, "window", room=_room(context, back=back))
