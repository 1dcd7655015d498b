"""Evidence: what a source said of a fact, and what follows from it for the fact's status.

A status is derived from the stances of live citations and from nothing else, so it can never disagree with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

Stance = Literal["asserts", "foretells", "denies", "silent"]
Status = Literal["stands", "disputed", "denied", "foretold", "unsupported", "withdrawn"]
Check = Literal["verbatim", "normalised", "missing", "unchecked"]

STATUSES: tuple[Status, ...] = get_args(Status)

#: Of those who could have spoken, what they may have said, in the order in which it is shown.
STANCES: tuple[Stance, ...] = ("asserts", "denies", "foretells", "silent")

#: What answers hold unless others are asked for.
ANSWERED: tuple[Status, ...] = ("stands", "disputed")


def derive_status(stances: Iterable[str]) -> Status:
    """The status of a fact whose live citations take these stances.

    A denial outweighs a prophecy: what was foretold and then denied is `denied`.
    """
    held = set(stances)
    if "asserts" in held:
        return "disputed" if "denies" in held else "stands"
    if "denies" in held:
        return "denied"
    return "foretold" if "foretells" in held else "unsupported"
