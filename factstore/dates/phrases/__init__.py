"""English phrases of the news ("late last week"), read against an anchor day, as EDTF text.

A reading is never narrower than the words support, and a phrase is read whole or not at all.

So where the words allow two readings, both stand in a one-of set; a vague edge is cut generously; a
phrase with one unknown word is refused. Where EDTF has a word of its own for what is said (a
season, a decade, `~` for "about", `?` for "possibly"), that word is used, and `dates` says how far
it reaches. The days themselves are reckoned in `periods`.

The one table is RULES: rules are tried from the top, a pattern must match all of the phrase, and
the first that knows its words decides. Their order is that of the imports below. Most rules name a
stretch of days; others (`since`, `by`, `part` …) take what follows them from the same table. To add
one, write a function under `@rule` in the module of its kind; its examples are run by the tests,
seen from Monday 2018-04-02.

What is decided here, for all rules:

- A week is Monday to Sunday. On a Sunday the week may also be the one about to begin: both.
- A weekend is Saturday and Sunday, as in TimeML. A night may run on into the day after it.
- early, mid and late are the first, middle and last half, rounded outward: of a year in months, of
  decades and centuries in years, else in days. Late in a week is thus Thursday to Sunday, early
  March is 1 to 16 March, mid-2017 is April to September. So are the beginning, middle and end.
- A couple is 1-4, a few 2-8, several 2-12, a dozen 10-14, bare "days" 1-30.
"""

from __future__ import annotations

# isort: off
from factstore.dates.phrases import (  # noqa: F401 (each adds its rules to the table, in this order)
    numeric,
    eras,
    hours,
    limits,
    clock,
    beside,
    spoken,
    calendar,
    feasts,
    moon,
    recurring,
)

# isort: on
from factstore.dates.phrases.reader import RULES, Context, Reading, Rule, read_phrase, read_when

__all__ = ["RULES", "Context", "Reading", "Rule", "read_phrase", "read_when"]
