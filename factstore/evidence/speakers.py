"""Who speaks for whom: two links of attribution chains have one origin exactly if their origins have the same label.

An origin is the topmost `of` above a speaker, or a name that no speaker has. If several speakers share a name, it stands for
itself unless they all speak for one origin. Names that differ only in case, accents or a leading article are alike; a
speaker who has exactly the name (in Unicode's composed form, NFC) goes before those whose names are alike. An unnamed
speaker counts as whoever the chain names in its place: two unnamed aides of one office are one origin, since they cannot
be told apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from factstore.units import Position


class Speaker(NamedTuple):
    """A speaker; `of` is the position of the speaker on whose behalf they speak."""

    position: Position
    id: str
    name: str
    aliases: tuple[str, ...] = ()
    of: Position | None = None


def composed(name: str) -> str:
    """A name in the form in which names are compared to the letter."""
    return unicodedata.normalize("NFC", name)


#: Letters with a stroke, which Unicode does not take apart.
_STRUCK = str.maketrans("łøđħŧıŁØĐĦŦ", "lodhtilodht")
_ARTICLE = re.compile(r"(?:the|an?) (?=.)")


@lru_cache(maxsize=4096)
def alike(name: str) -> str:
    """What names that are alike have in common: a name without case, accents, a leading English article, and extra spaces."""
    apart = unicodedata.normalize("NFKD", " ".join(name.split()).translate(_STRUCK))
    return _ARTICLE.sub("", "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold(), count=1)


class Speakers:
    """The speakers that are known on one clock."""

    def __init__(self, speakers: Iterable[Speaker]) -> None:
        self.every = {speaker.position: speaker for speaker in speakers}
        self._tops: dict[Position, Position] = {}
        self._tops_by_name: dict[str, set[Position]] = {}
        self._origins: dict[Position | str, str] = {}
        self._spellings: dict[str, str] = {}

    @cached_property
    def _bearing(self) -> tuple[tuple[Callable[[str], str], dict[str, list[Position]]], ...]:
        """The speakers by name, by alias and by id, then by names and aliases that are alike."""
        own = {speaker.id: [position] for position, speaker in self.every.items()}
        (names, aliases), (like, like_aliases) = self._by(composed), self._by(alike)
        return (composed, names), (composed, aliases), (composed, own), (alike, like), (alike, like_aliases)

    def _by(self, form: Callable[[str], str]) -> tuple[dict[str, list[Position]], dict[str, list[Position]]]:
        """The speakers by a form of their names, and of their aliases."""
        names: dict[str, list[Position]] = {}
        aliases: dict[str, list[Position]] = {}
        for position, speaker in self.every.items():
            names.setdefault(form(speaker.name), []).append(position)
            for alias in dict.fromkeys(map(form, speaker.aliases)):
                aliases.setdefault(alias, []).append(position)
        return names, aliases

    def bearing(self, name: str) -> list[Position]:
        """The speakers with this name; if there are none, those with it as an alias, else as their id, else one alike."""
        return next((bearers[form(name)] for form, bearers in self._bearing if form(name) in bearers), [])

    def names_of(self, position: Position) -> Iterator[str]:
        """The names that mean this speaker and nobody else."""
        speaker = self.every[position]
        return (name for name in (speaker.name, *speaker.aliases) if self.bearing(name) == [position])

    def top(self, position: Position) -> Position:
        """The speaker at the end of the chain of `of`; if that is a circle, the one in it that was recorded first."""
        way: dict[Position, None] = {}
        here = position
        while here not in way:
            way[here] = None
            above = self.every[here].of
            if above is None or above not in self.every or here in self._tops:
                found = self._tops.get(here, here)
                break
            here = above
        else:
            every = [*way]
            found = min(every[every.index(here) :])
        self._tops.update(dict.fromkeys(way, found))
        return found

    def speaking_for(self, position: Position) -> set[Position]:
        """A speaker and all who speak on its behalf, directly or through others."""
        found = {position}
        reached = [position]
        while reached:
            fresh = [one for one in self._beneath.get(reached.pop(), ()) if one not in found]
            found.update(fresh)
            reached += fresh
        return found

    @cached_property
    def _beneath(self) -> dict[Position, list[Position]]:
        """For each speaker, those who speak directly on its behalf."""
        found: dict[Position, list[Position]] = {}
        for position, speaker in self.every.items():
            if speaker.of is not None:
                found.setdefault(speaker.of, []).append(position)
        return found

    def origin(self, link: Position | str) -> str:
        """The label of the origin of a speaker (by position) or of a name.

        It is the origin's name, or its id where another origin has the same name. Names that are alike and mean no speaker
        have the label of the one that was asked for first.
        """
        if link not in self._origins:
            self._origins[link] = self._origin(link)
        return self._origins[link]

    def _origin(self, link: Position | str) -> str:
        if isinstance(link, str):
            tops = self._tops_of(link)
            if len(tops) != 1:
                return self._spellings.setdefault(alike(link), composed(link))
            (top,) = tops
        else:
            top = self.top(link)
        speaker = self.every[top]
        return speaker.id if self._tops_of(speaker.name) != {top} else composed(speaker.name)

    def _tops_of(self, name: str) -> set[Position]:
        """The origins of the speakers with this name."""
        name = composed(name)
        if name not in self._tops_by_name:
            self._tops_by_name[name] = {self.top(position) for position in self.bearing(name)}
        return self._tops_by_name[name]
