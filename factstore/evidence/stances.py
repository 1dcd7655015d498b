"""Evidence: what a source says about a fact, and the fact's status that follows.

A status is derived from the stances of live citations and from nothing else, so it can never disagree with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

Stance = Literal["asserts", "foretells", "denies", "silent"]
Status = Literal["stands", "disputed", "denied", "foretold", "unsupported", "withdrawn"]
Check = Literal["verbatim", "normalised", "missing", "unchecked"]

STATUSES: tuple[Status, ...] = get_args(Status)

#: The stances that somebody who could have spoken can take, in the order in which they are shown.
STANCES: tuple[Stance, ...] = ("asserts", "denies", "foretells", "silent")

#: The statuses that answers include by default.
ANSWERED: tuple[Status, ...] = ("stands", "disputed")

#: The statuses of facts that answers leave out by default, and count; withdrawn facts are not counted either.
COUNTED: tuple[Status, ...] = tuple(status for status in STATUSES if status not in (*ANSWERED, "withdrawn"))


def derive_status(stances: Iterable[str]) -> Status:
    """The status of a fact whose live citations take these stances.

    A denial outweighs a prediction: a fact that was foretold and denied is `denied`.
    """
    held = set(stances)
    if "asserts" in held:
        return "disputed" if "denies" in held else "stands"
    if "denies" in held:
        return "denied"
    return "foretold" if "foretells" in held else "unsupported"
