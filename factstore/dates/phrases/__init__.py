"""English phrases of the news ("late last week"), read against an anchor day, as EDTF text.

A reading is never narrower than the words support, and a phrase is read whole or not at all.

So if the words allow two readings, the result is a one-of set of both; a vague edge is cut generously; a
phrase with one unknown word is refused. Where EDTF has its own notation for what the words say (a
quarter, a decade, `~` for "about", `?` for "possibly"), that is used, and `edtf` decides how far
it reaches. The days themselves are computed in `periods`.

All rules stand in one table, RULES. They are tried from the top; a pattern must match the whole phrase, and
the first rule that knows the words decides. Their order is that of the imports below. Most rules name a
stretch of days; others (`since`, `by`, `part` …) read the words after their own by the same table. To add
a rule, write a function under `@rule` in the module of its kind. The tests run its examples,
with Monday 2018-04-02 as the anchor. A rule whose words name a stretch as a whole, so that a question can be
about it, says so with `stretch`.

Conventions of all rules:

- A week is Monday to Sunday. On a Sunday, "the week" may also be the one about to begin: both readings count.
- A weekend is Saturday and Sunday, as in TimeML. A night may run on into the day after it.
- A season lasts from its first day by months to its last by the sun, longer than EDTF's own.
- "The day before" and "two weeks later" count from another event, for which the day of a source is no anchor (`events`).
- early, mid and late are the first, middle and last half, rounded outward: of a year in months, of
  decades and centuries in years, else in days. Late in a week is thus Thursday to Sunday, early
  March is 1 to 16 March, mid-2017 is April to September. So are the beginning, middle and end.
- A couple is 1-4, a few 2-8, several 2-12, a dozen 10-14, bare "days" 1-30.
"""

from __future__ import annotations

# isort: off
from factstore.dates.phrases import (  # noqa: F401 (imported to add their rules to the table, in this order)
    numeric,
    eras,
    hours,
    together,
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
