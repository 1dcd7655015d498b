"""The evidence: citations on one clock, the origin of each, and who spoke or relayed it. Reads only.

A citation is live while neither it nor its source is withdrawn. Speakers are read once for a clock, the citations of a
page of facts in one statement.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from functools import cached_property

from factstore.database.engine import NamedRow
from factstore.database.templates import EVERY, as_of, in_force
from factstore.errors import UnknownId
from factstore.evidence.speakers import Speaker, Speakers, alike
from factstore.repository.answers import Citation, Said, Source
from factstore.units import Position

Rows = Callable[..., Sequence[NamedRow]]

#: Whether a thing is a source or a speaker that exists on this clock.
_SPEAKS = f"""(EXISTS (SELECT 1 FROM source d WHERE d.position = t.position AND {as_of("d")})
               OR EXISTS (SELECT 1 FROM speaker s WHERE s.position = t.position AND {as_of("s")}))"""
_LIVE = "c.withdrawn = 0 AND d.withdrawn = 0"


def _citations(condition: str) -> str:
    """The citations for which a condition holds, in the order in which they were recorded.

    A redacted source counts as withdrawn.
    """
    return f"""SELECT c.*, t.id, a.id AS about_id, s.id AS source_id, d.publisher, d.published, d.url,
                      d.title AS source_title, d.attributes AS filed, d.files, coalesce(d.withdrawn, 1) AS source_withdrawn
               FROM citation c
               JOIN thing t ON t.position = c.position
               JOIN thing a ON a.position = c.about
               JOIN thing s ON s.position = c.source
               LEFT JOIN source d ON d.position = c.source AND {as_of("d")}
               WHERE {condition} AND {as_of("c")}
               ORDER BY c.position"""


class Witnesses:
    """The evidence on one clock; `rows` runs a statement there."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    # --- citations ---

    def about(self, positions: Sequence[Position], *, withdrawn: bool = False) -> list[Citation]:
        """The live citations about facts or orderings; with `withdrawn`, also those that no longer count."""
        among = "c.about @among(:about)"
        query = _citations(among if withdrawn else f"{among} AND {_LIVE}")
        return self._read(self._rows(query, about=json.dumps(list(positions))))

    def at(self, positions: Sequence[Position]) -> list[Citation]:
        """The citations introduced at some positions, live or not, in the same order."""
        among = "c.position @among(:positions)"
        return self._read(self._rows(_citations(among), positions=json.dumps(list(positions))))

    def of_one_origin(self) -> list[Position]:
        """The positions of the facts and orderings that only one independent origin asserts."""
        rows = self._rows(_citations(f"c.stance = 'asserts' AND {_LIVE}"))
        origins: dict[Position, set[str]] = {}
        for row, citation in zip(rows, self._read(rows), strict=True):
            origins.setdefault(row.about, set()).add(citation.origin)
        return [about for about, found in origins.items() if len(found) == 1]

    def of_source(self, position: Position) -> list[Citation]:
        """The citations of a source, live or not."""
        return self._read(self._rows(_citations("c.source = :source"), source=position))

    def _read(self, rows: Sequence[NamedRow]) -> list[Citation]:
        chains = [_chain(row) for row in rows]
        names = self._names(link for chain in chains for link in chain if isinstance(link, int))
        return [self._citation(row, chain, names) for row, chain in zip(rows, chains, strict=True)]

    def _citation(self, row: NamedRow, chain: list[Position | str], names: dict[Position, str]) -> Citation:
        first = chain[0]
        # A document speaks for its publisher.
        origin = first if first in self.speakers.every else _named(first, names)
        return Citation(
            id=row.id,
            about=row.about_id,
            source=row.source_id,
            publisher=row.publisher,
            published=row.published,
            url=row.url,
            stance=row.stance,
            quote=row.quote,
            attribution=tuple(_named(link, names) for link in chain),
            origin=self.speakers.origin(origin),
            locator=row.locator,
            when=row.edtf,
            phrase=row.phrase,
            said=row.said,
            hedge=row.hedge,
            unnamed=row.unnamed,
            check=row.quote_check,
            withdrawn=bool(row.withdrawn),
            source_withdrawn=bool(row.source_withdrawn),
            filed=json.loads(row.filed or "{}"),
            files=tuple(json.loads(row.files or "[]")),
        )

    # --- names ---

    @cached_property
    def speakers(self) -> Speakers:
        """The speakers that are not withdrawn."""
        return Speakers(
            Speaker(row.position, row.id, row.name, tuple(json.loads(row.aliases or "[]")), row.of)
            for row in self._rows(
                f"""SELECT s.position, t.id, s.name, s.aliases, s.of FROM speaker s
                    JOIN thing t ON t.position = s.position WHERE {in_force("s")} ORDER BY s.position"""
            )
        )

    def _names(self, positions: Iterable[Position]) -> dict[Position, str]:
        """The names of sources and speakers."""
        wanted = set(positions)
        found = {one: self.speakers.every[one].name for one in wanted & self.speakers.every.keys()}
        if wanted - found.keys():
            rows = self._rows(
                f"""SELECT t.position, coalesce(s.name, d.publisher, d.title, t.id) AS name FROM thing t
                    LEFT JOIN speaker s ON s.position = t.position AND {as_of("s")}
                    LEFT JOIN source d ON d.position = t.position AND {as_of("d")}
                    WHERE t.position @among(:positions)""",
                positions=json.dumps(sorted(wanted - found.keys())),
            )
            found.update((row.position, row.name) for row in rows)
        return found

    # --- who spoke, who relayed ---

    def said_by(self, name: str) -> list[Said]:
        """The live citations in which somebody spoke, or another on their behalf, then those that they relayed.

        `name` is the id, name or alias of a speaker, the id or publisher of a source, or any name in a chain. Raises
        UnknownId with the most similar names.
        """
        links, known = self._links(name)
        documents = sorted(link for link in links if isinstance(link, int))
        rows = self._rows(
            _citations(f"(c.source @among(:documents) OR @holds_any(c.attribution; :links)) AND {_LIVE}"),
            documents=json.dumps(documents),
            links=json.dumps([*documents, *sorted(link for link in links if isinstance(link, str))]),
        )
        if not rows and not known:
            nearest = self._nearest(name)
            hint = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
            raise UnknownId(f"nobody called {name!r} speaks here, or relays{hint}", nearest=nearest)
        spoke = [_first(row) in links for row in rows]
        said = [
            Said(citation, "spoke" if spoken else "relayed")
            for citation, spoken in zip(self._read(rows), spoke, strict=True)
        ]
        return sorted(said, key=lambda one: one.role != "spoke")

    def _links(self, name: str) -> tuple[set[Position | str], bool]:
        """The links of chains that mean somebody or those who speak on their behalf; and whether anything has the name.

        Speakers and sources are given by position, other names as they are spelled.
        """
        things = self._rows(f"SELECT t.position, t.kind FROM thing t WHERE t.id = :id AND {_SPEAKS}", id=name)
        held = next((row for row in things if row.kind in ("source", "speaker")), None)
        if held is not None and held.kind == "source":
            return {held.position}, True
        speakers = self.speakers
        own = [held.position] if held is not None else speakers.bearing(name)
        among = {one for position in own if position in speakers.every for one in speakers.speaking_for(position)}

        def is_meant(link: str) -> bool:
            bearers = speakers.bearing(link)
            if held is None and alike(link) == alike(name) and bearers == own:
                return True
            return len(bearers) == 1 and bearers[0] in among

        published = [row.position for row in self._publishers() if is_meant(row.name)]
        return {*own, *among, *filter(is_meant, self._spellings()), *published}, bool(own or published)

    def _publishers(self) -> Sequence[NamedRow]:
        """Each source with the name that it speaks for: its publisher, or else its title."""
        return self._rows(
            f"""SELECT d.position, coalesce(d.publisher, d.title) AS name FROM source d
                WHERE coalesce(d.publisher, d.title) IS NOT NULL AND {as_of("d")}"""
        )

    def _spellings(self) -> list[str]:
        """The names in chains of attribution."""
        rows = self._rows(
            f"""SELECT DISTINCT link.value AS name FROM citation c CROSS JOIN @elements(c.attribution) link
                WHERE link.type = 'text' AND {as_of("c")}"""
        )
        return [row.name for row in rows]

    def _nearest(self, name: str) -> list[str]:
        """The names of speakers, publishers and links of chains, and ids, that are most similar to a name."""
        rows = self._rows(
            f"""SELECT publisher AS name FROM source d WHERE publisher IS NOT NULL AND {as_of("d")}
                UNION SELECT t.id FROM thing t WHERE t.kind IN ('source', 'speaker') AND {_SPEAKS}
                UNION SELECT link.value FROM citation c CROSS JOIN @elements(c.attribution) link
                      WHERE link.type = 'text' AND {as_of("c")}
                ORDER BY name LIMIT 10000"""
        )
        every = [row.name for row in rows]
        every += [called for one in self.speakers.every.values() for called in (one.name, *one.aliases)]
        known = {called.casefold(): called for called in reversed(every)}
        wanted = name.casefold()
        holding = [called for called in known if wanted in called][:3]
        found = [*get_close_matches(wanted, known, n=3, cutoff=0.6), *holding]
        return [known[called] for called in dict.fromkeys(found)][:3]

    def names_near(self, name: str) -> list[str]:
        """The first few names of speakers and sources that are near to a name; none if one of them has it, or one alike.

        Names are near that are spelled similarly, or have all words of the one that was given.
        """
        every = [row.name for row in self._publishers()]
        every += [called for one in self.speakers.every.values() for called in (one.name, *one.aliases)]
        known = {alike(called): called for called in reversed(every)}
        wanted = alike(name)
        if wanted in known or self._rows(f"SELECT 1 FROM thing t WHERE t.id = :id AND {_SPEAKS}", id=name):
            return []
        words = set(wanted.split())
        longer = [like for like in known if words < set(like.split())]
        found = dict.fromkeys([*get_close_matches(wanted, known, n=3, cutoff=0.8), *longer])
        return [known[like] for like in found][:3]

    # --- sources ---

    def sources(self, *, limit: int = 0) -> list[Source]:
        """The sources, in the order in which they were recorded, including withdrawn ones."""
        return self._sources(f"{as_of('s')} ORDER BY s.position LIMIT :limit", limit=limit or EVERY)

    def source(self, position: Position) -> Source:
        """The source introduced at a position."""
        return self._sources(f"{as_of('s')} AND s.position = :position", position=position)[0]

    def _sources(self, condition: str, **given: object) -> list[Source]:
        rows = self._rows(
            f"""SELECT t.id, s.*, through.id AS through,
                       (SELECT count(*) FROM citation c
                         WHERE c.source = s.position AND s.withdrawn = 0 AND {in_force("c")}) AS citations
                FROM source s
                JOIN thing t ON t.position = s.position
                LEFT JOIN thing through ON through.position = s.seen_through
                WHERE {condition}""",
            **given,
        )
        return [
            Source(
                id=row.id,
                title=row.title,
                publisher=row.publisher,
                url=row.url,
                published=row.published,
                retrieved=row.retrieved,
                text=row.text,
                seen_through=row.through,
                withdrawn=bool(row.withdrawn),
                citations=row.citations,
                attributes=json.loads(row.attributes or "{}"),
                files=tuple(json.loads(row.files or "[]")),
            )
            for row in rows
        ]


def _chain(row: NamedRow) -> list[Position | str]:
    """The chain from who spoke first to the document; if none is given, it is the publisher."""
    return json.loads(row.attribution or "[]") or [row.publisher or row.source_title or row.source_id]


def _first(row: NamedRow) -> Position | str:
    """Who spoke first, by position or name; if nobody is named, the document itself."""
    first = json.loads(row.attribution or "[0]")[0] or row.source
    return first if isinstance(first, str) else Position(first)


def _named(link: Position | str, names: dict[Position, str]) -> str:
    return names.get(link, str(link)) if isinstance(link, int) else link
