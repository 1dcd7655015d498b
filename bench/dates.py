"""How long reading a date takes, in EDTF or in words; no date occurs twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import partial

import factstore
from bench.measuring import Aim, Row, Scale, in_turn
from factstore.dates.phrases import read_phrase

COUNT = 5_000
ANCHOR = date(2018, 4, 2)


def rows(scale: Scale) -> Iterator[Row]:
    days = [(date(1950, 1, 1) + timedelta(days=n)).isoformat() for n in range(COUNT)]
    later = [(date(1950, 1, 1) + timedelta(days=n + 9)).isoformat() for n in range(COUNT)]
    forms = {
        "a day": (days, 3.0),
        "a month": ([f"{1600 + n // 12}-{n % 12 + 1:02}" for n in range(COUNT)], 3.0),
        "a year": ([f"{n + 1:04}" for n in range(COUNT)], 3.0),
        "an interval of days": ([f"{a}/{b}" for a, b in zip(days, later, strict=True)], 3.0),
        "marks (?2004-06-~11)": ([f"?{day[:8]}~{day[8:]}" for day in days], 50.0),
        "masks (156X-12-25)": ([f"{day[:3]}X{day[4:]}" for day in days], 50.0),
        "a set of five": ([f"[{day[:4]},{day},{day[:4]}-12..{int(day[:4]) + 1}-02]" for day in days], 50.0),
        "a time with an offset": ([f"{day}T15:04:05+03:00" for day in days], 50.0),
        "an exponential year": ([f"Y{n + 1}E7" for n in range(COUNT)], 50.0),
    }
    for name, (texts, most) in forms.items():
        # A hundred at a time, none twice, since what was read is cached.
        took = in_turn([partial(_read, texts[n : n + 100]) for n in range(0, COUNT, 100)], rounds=5)
        yield Row(f"reading {name}", sum(took) / COUNT * 1000, "µs", aim=Aim(most=most))
    whole = [date(1950, 1, 1) + timedelta(days=n) for n in range(COUNT)]
    words = {
        "20 March 2018": [f"{day.day} {day:%B %Y}" for day in whole],
        "March 20, 2018 at 4:15pm": [f"{day:%B} {day.day}, {day.year} at 4:15pm" for day in whole],
        "two weeks after 20 March 2018": [f"two weeks after {day.day} {day:%B %Y}" for day in whole],
        "20 March to 2 April 2018": [f"{day.day} {day:%B} to {day + timedelta(days=9):%-d %B %Y}" for day in whole],
        "late last week": ["late last week"] * COUNT,
    }
    for name, texts in words.items():
        took = in_turn([partial(_read_words, texts[n : n + 100]) for n in range(0, COUNT, 100)], rounds=5)
        yield Row(f"reading “{name}”", sum(took) / COUNT * 1000, "µs", aim=Aim(most=200.0))

    hostile = [
        "about " * 33,
        "from to " * 24,
        "between a and " * 14,
        "1-" * 99,
        "twenty " * 28,
        "monday in the night " * 9,
    ]
    slowest = max(in_turn([partial(_refuse, text) for text in hostile], rounds=5))
    yield Row("refusing the slowest of some hostile phrases", slowest, "ms", aim=Aim(most=100.0))


def _refuse(text: str) -> None:
    with suppress(factstore.DateError):
        read_phrase(text, ANCHOR)


def _read_words(texts: Sequence[str]) -> None:
    for text in texts:
        read_phrase(text, ANCHOR)


def _read(texts: Sequence[str]) -> None:
    for text in texts:
        factstore.Edtf(text)
