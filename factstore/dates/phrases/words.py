"""The vocabulary of dates in English: what words stand for, as tables and as pieces of patterns.

All of it expects a phrase as `plain` returns it: lower case, single spaces, years in figures.
"""

from __future__ import annotations

import re

MONTHS = re.findall(
    r"\w+",
    "January February March April May June July August September October November December",
)
WEEKDAYS = re.findall(r"\w+", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
SEASONS = ["spring", "summer", "autumn", "winter"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBERS = re.findall(
    r"\w+",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen",
)
for _ten in TENS:
    NUMBERS += [_ten] + [f"{_ten} {one}" for one in NUMBERS[:9]]
ORDINALS = re.findall(
    r"(?:twenty|thirty) \w+|\w+",
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty first "
    "twenty second twenty third twenty fourth twenty fifth twenty sixth twenty seventh "
    "twenty eighth twenty ninth thirtieth thirty first",
)
COUNTS = {word: (n, n) for n, word in enumerate(NUMBERS, 1)} | {
    "a": (1, 1),
    "an": (1, 1),
    "a couple": (1, 4),
    "a couple of": (1, 4),
    "a few": (2, 8),
    "few": (2, 8),
    "some": (2, 8),
    "several": (2, 12),
    "a dozen": (10, 14),
    "a pair of": (2, 2),
}
#: How many calendar units after the one that the anchor is in.
OFFSETS = {
    "last": -1,
    "previous": -1,
    "past": -1,
    "before": -1,
    "before last": -2,
    "this": 0,
    "that": 0,
    "same": 0,
    "current": 0,
    "next": 1,
    "coming": 1,
    "upcoming": 1,
    "following": 1,
    "after": 1,
    "after next": 2,
}

MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
WEEKDAY = "mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True))
NTH = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL})"
ORDINAL = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{_ORDINAL})"
WHOSE = "(?P<whose>last|previous|past|this|that|same|current|next|coming|upcoming|following)"
YEAR = rf"(?:(?: of| in)? (?:(?P<year>\d{{4}})|(?:the )?{WHOSE} year))?"
WHICH = "(?:the )?(?:(?P<which>this past|this coming|past|previous|coming|upcoming|following|last|this|next) )?"
COUNT = "|".join(sorted(COUNTS, key=len, reverse=True)) + r"|\d{1,4}"
UNITS = "days|weeks|fortnights|months|years|decades|centuries"
UNIT = "day|week|fortnight|month|year|decade|century"
AMOUNT = rf"(?:(?P<count>{COUNT})(?: ?(?:to|or|-) ?(?P<most>{COUNT}))? (?P<unit>{UNITS}|{UNIT})|(?P<units>{UNITS}))"

#: Zones with their offsets. Only unambiguous abbreviations; ET and PT have one offset in winter, another in summer.
ZONES = {
    "utc": ("Z",),
    "gmt": ("Z",),
    "z": ("Z",),
    "est": ("-05:00",),
    "edt": ("-04:00",),
    "et": ("-05:00", "-04:00"),
    "cdt": ("-05:00",),
    "mdt": ("-06:00",),
    "pst": ("-08:00",),
    "pdt": ("-07:00",),
    "pt": ("-08:00", "-07:00"),
    "cet": ("+01:00",),
    "cest": ("+02:00",),
    "msk": ("+03:00",),
}
_HOUR = rf"(?:\d{{1,2}}|{'|'.join(sorted(NUMBERS[:12], key=len, reverse=True))})"
_TWELVE = "|".join(sorted(NUMBERS[:12], key=len, reverse=True))
SIXTY = "|".join(sorted(NUMBERS[:59], key=len, reverse=True))
_HALF = r"(?: ?(?:a ?m|p ?m)| in the (?:morning|afternoon|evening)| at night)"
#: What can only be a time of day; a bare number is an hour only after "at".
CLOCK = (
    rf"(?:(?:{_HOUR}(?::\d\d(?::\d\d)?|\.\d\d(?= ?[ap] ?m)|h(?:\d\d)?)?{_HALF}"
    rf"|\d{{1,2}}:\d\d ?[ap]\b|\d{{3,4}}(?= ?[ap] ?m){_HALF}"
    rf"|(?:{_TWELVE}) (?:oh |o )?(?:{SIXTY}){_HALF}"
    rf"|\d{{1,2}}:\d\d(?::\d\d)?(?: ?h(?:ou)?rs?)?|\d{{1,2}}h(?:\d\d)?|{_HOUR} ?o'clock{_HALF}?"
    r"|(?:[01]\d|2[0-3])[0-5]\d ?(?:h|h(?:ou)?rs)\b(?! (?:ago|earlier|later|before|after|from|back|hence))"
    r"|(?:(?:half|(?:a )?quarter|\d{1,2} min(?:ute)?s?) (?:past|after|to|before)|\d{1,2} past) "
    rf"(?:noon|midnight|{_HOUR}(?:h|:00| ?o'clock)?{_HALF}?)"
    # Figures alone ("10 to 15") are a range or a score rather than minutes of an hour.
    rf"|\d{{1,2}} (?:after|to|before) (?:noon|midnight|{_HOUR}(?:h|:00| ?o'clock{_HALF}?|{_HALF}))"
    rf"|(?:12 )?(?:noon|midnight)|mid ?day)(?: (?:{'|'.join(ZONES)}|[+]\d\d:?\d\d|-\d{{4}}))?(?: local time)?)"
)
HOUR = _HOUR
_COUNTED = {number.split()[-1] for number in NUMBERS[:59]}
#: Any time of day contains at least one of these, or has one beside its hour; "am" may touch the word before it.
CLOCK_SIGNS = " ".join(
    [
        ": @ o clock noon mid midday midnight morning afternoon evening night tonight",
        "past after to before at for this tomorrow yesterday hr hrs hour hours",
        *sorted(
            {f"{n}{h}{m}" for n in ("", *_COUNTED) for h in ("", "h") for m in ("", "am", "pm", "a", "p")} - _COUNTED
        ),
    ]
)


def index(words: list[str], word: str) -> int:
    """The index, from 0, of a weekday or month that may be abbreviated."""
    return next(i for i, full in enumerate(words) if full.lower().startswith(word[:3]))


def ordinal(text: str) -> int:
    """The number that "3rd", "third" or "3" stands for."""
    return int(re.sub(r"\D", "", text)) if text[0].isdigit() else ORDINALS.index(text) + 1


def amount(found: re.Match[str]) -> tuple[str, tuple[int, int], str]:
    """The unit of a match of AMOUNT, the least and the most of it, and the words."""
    words, units = found["count"], found["unit"] or found["units"]
    unit = "century" if units == "centuries" else units.removesuffix("s")
    if not words:
        return unit, (1, 30), units
    low, high = count(words), count(found["most"] or words)
    number = f"{words} to {found['most']}" if found["most"] else words
    return unit, (min(low[0], high[0]), max(low[1], high[1])), f"{number} {units}"


def count(words: str) -> tuple[int, int]:
    """The least and the most that a word ("a few") or a number stands for."""
    return (int(words), int(words)) if words.isdigit() else COUNTS[words]


# ---- the plain form

_DASHES = str.maketrans({"×": " x ", "’": "'", "‘": "'", "–": " - ", "—": " - ", "‑": "-", "−": "-"})
_SMALL = {word: number for number, word in enumerate(NUMBERS, 1)}
_TEENS = "|".join(NUMBERS[9:20])
_BELOW = "|".join(sorted(NUMBERS, key=len, reverse=True))
_SPELLED = re.compile(
    rf"(?<!\bat )\b(?:(?P<century>{_TEENS}) (?:(?P<rest>{'|'.join(sorted(NUMBERS[9:], key=len, reverse=True))})"
    rf"|(?:oh|o|nought|zero) (?P<ones>{'|'.join(NUMBERS[:9])})|(?P<decade>{'|'.join(ten[:-1] for ten in TENS)})ies"
    r"|(?P<hundred>hundreds?))"
    rf"|two thousand(?: (?:and )?(?P<after>{_BELOW}))?)\b"
)
_TOUCHING = re.compile(
    r"(?<=\b[qh]\d)[-/](?=\d{4}\b)|(?<=\d{4})[-/](?=[qh]\d\b)"  # Q2/2016, 2016-Q2
    rf"|(?<=\d)(?=(?:{MONTH})(?![a-z]))|(?<=\d)[-/](?=(?:{MONTH})\b)|(?<![a-z])({MONTH})[-/]?(?=\d)(?!\d\d? (?:{MONTH})\b)"
)


#: Abbreviations and variant spellings, written out.
_SHORT = {
    "tmrw": "tomorrow",
    "tonite": "tonight",
    "yr": "year",
    "yrs": "years",
    "qtr": "quarter",
    "wkend": "weekend",
    "oclock": "o'clock",
    "eod": "today",
    "eom": "the end of the month",
    "eoy": "the end of the year",
    "untill": "until",
    "wk": "week",
    "anytime": "any time",
    "sometimes": "sometime",
}
_SHORTS = re.compile(rf"\b(?:the )?({'|'.join(_SHORT)})\b")
#: A dot after the number of a day ("16. Nov."); a hyphen after a decade or before a part of one.
_DAY_DOT = re.compile(rf"(?<=\d)\. ?(?=(?:{MONTH})\b)")
_SPAN = re.compile(
    r"(?<=\d0s)-(?=\d|early|mid|late)|(?<=\d)-(?=(?:early|mid|late|ca?|circa|present|now)\b)"
    r"|(?<=\d(?:st|nd|rd|th))-(?=\d)|(?<=:\d\d)/(?=\d{4}-)"
)
#: A hyphen that stands for a dash between two months or seasons, or the year of one and another.
_OF_YEAR = rf"(?:{MONTH}|spring|summer|autumn|fall|winter)"
_MONTHS = re.compile(rf"(?:\b(?P<month>{_OF_YEAR}) ?|(?<=[a-z] \d{{4}}))-(?=(?:\d\d? )?{_OF_YEAR}\b)")
_AROUND = ' \t\r\n;:!"“”'
#: A hyphen that joins a day and its year, as in March-5-2021.
_DAY_OF_YEAR = re.compile(rf"\b((?:{MONTH}) \d\d?)-(?=\d{{4}}\b)")


def _bare(text: str) -> str:
    """A text without the punctuation around it, except two dots or more: they may stand for an open end, as in EDTF."""
    text = text.strip(_AROUND)
    while text.startswith(".") and not text.startswith(".."):
        text = text[1:].lstrip(_AROUND)
    while text.endswith(".") and not text.endswith(".."):
        text = text[:-1].rstrip(_AROUND)
    return text


def plain(phrase: str) -> str:
    """The phrase in lower case and with single spaces, without commas, dots or end punctuation; years in figures.

    A dash becomes ` - `; a hyphen between figures stays as it is.
    """
    text = phrase.lower().translate(_DASHES)
    text = _bare(re.sub(r"(?<=[a-z])\.(?!\.)|,", " ", text))
    if "-" in text:
        text = _MONTHS.sub(lambda found: f"{found['month'] or ''} - ", _SPAN.sub(" - ", text))
    text = re.sub(r"(?<=[a-z])-(?=[a-z0-9'])", " ", text)
    if not _SHORT.keys().isdisjoint(text.split()):
        text = _SHORTS.sub(_in_full, text)
    if "." in text:
        text = _DAY_DOT.sub(" ", text)
    if "-" in text:
        text = _DAY_OF_YEAR.sub(r"\1 ", text)
    text = _TOUCHING.sub(lambda found: f"{found[1]} " if found[1] else " ", text)
    return _SPELLED.sub(_figures, " ".join(text.split()).replace(" )", ")"))


_NAMED_DAY = rf"(?:{NTH}(?: of)? (?:{MONTH})|(?:{MONTH}) (?:the )?{NTH})"
_SHORT_YEAR = re.compile(
    rf"(?:(?<=\s)|^)(?P<day>{_NAMED_DAY}) '?(?P<year>\d\d)$|\b(?P<month>{MONTH}) (?P<year2>'\d\d|3[2-9]|[4-9]\d)$"
    rf"|(?:^|\b(?P<season>{'|'.join(SEASONS)}|fall)(?: of)? )(?P<year3>'\d\d)$"
)


def from_pivot(figures: str, pivot: int) -> int:
    """The year that ends in two figures, among the hundred years that begin with a pivot."""
    return pivot + (int(figures[-2:]) - pivot) % 100


def with_whole_year(text: str, pivot: int) -> str:
    """Write out a two-digit year after a day and a month, after a month if it cannot be a day, or with its apostrophe."""
    return _SHORT_YEAR.sub(
        lambda found: " ".join(
            [
                *filter(None, (found["day"], found["month"], found["season"])),
                f"{from_pivot(found['year'] or found['year2'] or found['year3'], pivot):04}",
            ]
        ),
        text,
    )


def _in_full(found: re.Match[str]) -> str:
    full = _SHORT[found[1]]
    return full if full.startswith("the ") else found[0].removesuffix(found[1]) + full


def _figures(found: re.Match[str]) -> str:
    """A spelled-out year in figures; a time of day ("ten thirty") is left unchanged."""
    if not found["century"]:
        return str(2000 + _SMALL.get(found["after"] or "", 0))
    hundreds = _SMALL[found["century"]] * 100
    if found["hundred"]:
        return f"{hundreds}s" if found["hundred"].endswith("s") else str(hundreds)
    if found["decade"]:
        tens = TENS.index(found["decade"] + "y") + 2
        return f"{hundreds + 10 * tens}s"
    rest = _SMALL[found["rest"] or found["ones"]]
    return found[0] if hundreds < 1300 and rest < 60 else str(hundreds + rest)
