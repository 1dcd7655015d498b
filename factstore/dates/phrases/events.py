"""Words that count from the event just mentioned: the day before, two weeks later, the following year.

They differ from "yesterday", "last week" and "two weeks ago", which count from the day on which they were said.
"""

from __future__ import annotations

import re

from factstore.dates.phrases.words import COUNT

#: What begins a phrase, or the part of it that names the week or year of something: "May of the following year".
_AT_FIRST = r"(?:^|\b(?:the|of|on|in|over|during|within|for) )"
_FROM_EVENT = re.compile(
    rf"{_AT_FIRST}(?:following|previous)\b|\b(?:same|that)\b"
    r"|(?<!in )(?<!within )\bthe (?:very )?next\b|^next (?:day|morning|afternoon|evening|night)\b"
    rf"|^within (?:about )?(?:{COUNT})\b(?!.* of )"
    r"|(?<!or )(?<!and )(?<!^)\b(?:earlier|later|before(?:hand)?|after(?:wards)?|previously|prior)(?: today| at .*)?$"
)
#: Words that mean another event without a distance from it, so that no anchor makes them a day.
_THE_EVENT = re.compile(
    r"(?:(?:by|until|since|before|after|from|soon|shortly|just|immediately|right|long) )*"
    r"(?:(?:then|that|afterwards?|thereafter|later(?: on)?|earlier|before|after|meanwhile)"
    r"|(?:at|by|until|since|before|after|around) (?:the|that|this) (?:same )?(?:time|moment|point)|(?:in the )?meantime)"
)


def counts_from_event(text: str) -> bool:
    """Whether a phrase in its plain form counts from another event, if it is relative at all."""
    return _FROM_EVENT.search(text) is not None


def means_event(text: str) -> bool:
    """Whether a phrase that cannot be read means another event itself: "afterwards", "by then"."""
    return _THE_EVENT.fullmatch(text) is not None
