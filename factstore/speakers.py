"""Who speaks for whom: two links of chains are one origin exactly where they bear one label.

An origin is the topmost `of` above a speaker, or a name that no speaker bears. A name that several speakers share joins none
of them: unless all of them speak for one origin, it stands for itself. Names are compared to the letter, in Unicode's
composed form (NFC). An unnamed speaker is whoever the chain names in its place: two unnamed aides of one office are one
origin, for nobody can tell them apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple


class Speaker(NamedTuple):
    """One who speaks; `of` is the position of the speaker on whose behalf."""

    position: int
    id: str
    name: str
    aliases: tuple[str, ...] = ()
    of: int | None = None


def composed(name: str) -> str:
    """A name in the form in which names are compared."""
    return unicodedata.normalize("NFC", name)


class Speakers:
    """The speakers of a clock."""

    def __init__(self, speakers: Iterable[Speaker]) -> None:
        self.every = {speaker.position: speaker for speaker in speakers}

    @cached_property
    def _bearing(self) -> tuple[dict[str, list[int]], ...]:
        """Who bears each name, who each alias, and who each id."""
        names: dict[str, list[int]] = {}
        aliases: dict[str, list[int]] = {}
        for position, speaker in self.every.items():
            names.setdefault(composed(speaker.name), []).append(position)
            for alias in dict.fromkeys(map(composed, speaker.aliases)):
                aliases.setdefault(alias, []).append(position)
        return names, aliases, {speaker.id: [position] for position, speaker in self.every.items()}

    def bearing(self, name: str) -> list[int]:
        """The speakers of a name; where there are none, those who have it as an alias, else as their id."""
        return next((bearers[composed(name)] for bearers in self._bearing if composed(name) in bearers), [])

    def names_of(self, position: int) -> Iterator[str]:
        """The names that mean one speaker and nobody else."""
        speaker = self.every[position]
        return (name for name in (speaker.name, *speaker.aliases) if self.bearing(name) == [position])

    def top(self, position: int) -> int:
        """The speaker on whose behalf one speaks in the end; of a circle, the one recorded first."""
        way: list[int] = []
        while position not in way:
            way.append(position)
            above = self.every[position].of
            if above is None or above not in self.every:
                return position
            position = above
        return min(way[way.index(position) :])

    def speaking_for(self, position: int) -> set[int]:
        """A speaker and all who speak on its behalf, by however many steps."""
        found = {position}
        beneath = [position]
        while beneath:
            above = beneath.pop()
            fresh = {one for one, speaker in self.every.items() if speaker.of == above} - found
            found |= fresh
            beneath += fresh
        return found

    def origin(self, link: int | str) -> str:
        """The label of the origin of a speaker (by position) or of a name.

        It is the name of the origin, or the id of a speaker who shares its name with another origin.
        """
        if isinstance(link, str):
            tops = {self.top(position) for position in self.bearing(link)}
            if len(tops) != 1:
                return composed(link)
            (top,) = tops
        else:
            top = self.top(link)
        speaker = self.every[top]
        shared = {self.top(position) for position in self.bearing(speaker.name)} != {top}
        return speaker.id if shared else composed(speaker.name)
