"""What to know before relying on what counts, in sentences. Reads only.

None of it changes an answer: a value stays until it is corrected, a source counts until it is withdrawn itself, and origins
are counted by their names.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from factstore.database.engine import NamedRow
from factstore.database.templates import as_of, in_force
from factstore.projection.live import chunks
from factstore.repository.answers import Citation
from factstore.repository.outlived import outlived, outlived_words
from factstore.repository.repository import Repository
from factstore.units import Position

#: How many facts and orderings of a source are named; the rest are counted.
_NAMED = 10


def cautions(repository: Repository, things: Collection[Position]) -> list[str]:
    """What to know about things and their evidence; nothing about most."""
    found = [outlived_words(repository, one) for one in outlived(repository, things)]
    found += _lost_words(repository, _sources_of(repository, things)).values()
    return [*found, *_relayed(repository, things)]


def since(
    repository: Repository, at: Position, withdrawn: Collection[Position], corrected: Collection[Position]
) -> list[str]:
    """What to know after a commit that began after a position, and withdrew things and corrected things on evidence."""
    gone = {row.position: row.about for row in _each(repository, _CITATIONS, withdrawn) if _is_lost(row, withdrawn)}
    things = {*corrected, *gone.values()}
    if gone:
        rows = repository.rows(_CORRECTIONS, kinds=_CORRECTED)
        things.update(row.subject for row in rows if not gone.keys().isdisjoint(json.loads(row.evidence)))
    found = [
        outlived_words(repository, one)
        for one in outlived(repository, things)
        if one.record > at or not gone.keys().isdisjoint(one.evidence)
    ]
    return found + _carried(repository, withdrawn)


def _is_lost(citation: NamedRow, withdrawn: Collection[Position]) -> bool:
    """Whether a citation counted until it or its source was withdrawn now."""
    own, source = citation.position in withdrawn, citation.source in withdrawn
    return (own or not citation.withdrawn) and (source or not citation.source_withdrawn)


_CORRECTED = [f"{kind}.corrected" for kind in ("source", "speaker", "fact", "citation", "ordering")]
_CORRECTIONS = """SELECT r.subject, @member(p.payload; evidence) AS evidence
                  FROM record r JOIN payload p ON p.position = r.position
                  WHERE r.kind @among_texts(:kinds) AND r.position <= :at
                  AND @member(p.payload; evidence) IS NOT NULL"""
_CITATIONS = f"""SELECT c.position, c.about, c.source, c.withdrawn, s.withdrawn AS source_withdrawn
                 FROM citation c JOIN source s ON s.position = c.source AND {as_of("s")}
                 WHERE (c.position @among(:some) OR c.source @among(:some)) AND {as_of("c")}"""


# --- sources that were seen only through one that is withdrawn ---------------------------------------------------

# A clock of evidence hides sources without their being withdrawn: that is read from the ledger's own tables.
_SEEN = (
    f"SELECT v.position, v.seen_through, v.withdrawn FROM @own.source v WHERE v.position @among(:some) AND {as_of('v')}"
)
_BENEATH = f"SELECT v.position FROM @own.source v WHERE v.seen_through @among(:some) AND {in_force('v')}"
_CITED = f"""SELECT DISTINCT c.source FROM citation c
             WHERE (c.about @among(:some) OR c.position @among(:some)) AND {in_force("c")}"""
_RESTING = f"""SELECT c.about, c.source FROM citation c JOIN source s ON s.position = c.source AND {in_force("s")}
               WHERE {in_force("c")} AND c.about IN (
                 SELECT about FROM citation WHERE source @among(:some)) ORDER BY c.position"""


def _sources_of(repository: Repository, things: Collection[Position]) -> list[Position]:
    """Those of some things that are sources, and the sources of those that are cited or citations."""
    return sorted({row.source for row in _each(repository, _CITED, things)}.union(things))


def _lost_words(repository: Repository, sources: Iterable[Position]) -> dict[Position, str]:
    """A sentence for each of some sources that is in force, but was seen only through a withdrawn one."""
    name_of = repository.name_of
    return {
        source: f"{name_of(source)} still counts, but was seen only through {name_of(through)}, which is withdrawn"
        for source, through in _lost_carriers(repository, sources).items()
    }


def _lost_carriers(repository: Repository, sources: Iterable[Position]) -> dict[Position, Position]:
    """Of some sources, those that were seen only through a withdrawn one, directly or through others; each with that one."""
    wanted = dict.fromkeys(sources)
    seen: dict[Position, NamedRow] = {}
    asked: set[Position] = set()
    ahead = {*wanted}
    while ahead:
        rows = {row.position: row for row in _each(repository, _SEEN, ahead)}
        seen |= rows
        asked |= ahead
        ahead = {row.seen_through for row in rows.values() if row.seen_through is not None} - asked
    found: dict[Position, Position] = {}
    for source in wanted:
        here = seen.get(source)
        while here is not None and not here.withdrawn:
            here = seen.get(here.seen_through)
        if here is not None and here.position != source:
            found[source] = here.position
    return found


def _carried(repository: Repository, withdrawn: Collection[Position]) -> list[str]:
    """The sources seen only through some that are withdrawn now, with the facts and orderings that rest on them."""
    beneath: set[Position] = set()
    ahead = {*withdrawn}
    while ahead:
        ahead = {row.position for row in _each(repository, _BENEATH, ahead)} - beneath
        beneath |= ahead
    resting: dict[Position, list[Position]] = defaultdict(list)
    for row in _each(repository, _RESTING, beneath):
        resting[row.about].append(row.source)
    counts = sorted(position for position, thing in repository.held(resting).items() if not thing.withdrawn)
    found = []
    for source, words in _lost_words(repository, sorted(beneath)).items():
        about = [position for position in counts if source in resting[position]]
        told = [f"{repository.name_of(one)} ({_left(resting[one], beneath)})" for one in about[:_NAMED]]
        more = f" and {len(about) - _NAMED} more" if len(about) > _NAMED else ""
        if told:
            found.append(f"{words}; on it rest: {', '.join(told)}{more}")
    return found


def _left(sources: Iterable[Position], beneath: Collection[Position]) -> str:
    """How many citations there are from other sources."""
    left = sum(source not in beneath for source in sources)
    return f"{left} more" if left else "nothing else"


# --- origins -----------------------------------------------------------------------------------------------------

_NAMES = f"""SELECT t.id, d.title, d.publisher FROM source d JOIN thing t ON t.position = d.position
             WHERE t.id @among_texts(:names) AND {as_of("d")}"""


def _relayed(repository: Repository, things: Collection[Position]) -> Iterator[str]:
    """The origins that count although their own document, cited for the same thing, names another."""
    witnesses = repository.witnesses
    asserted: dict[str, list[Citation]] = {}
    for some in chunks(things):
        for one in witnesses.about(some):
            if one.stance == "asserts":
                asserted.setdefault(one.about, []).append(one)
    several = [cited for cited in asserted.values() if len({one.origin for one in cited}) > 1]
    origin = witnesses.speakers.origin
    own = {
        row.id: {origin(name) for name in (row.title, row.publisher) if name}
        for row in repository.rows(_NAMES, names={one.source for cited in several for one in cited})
    }
    for cited in several:
        for name in dict.fromkeys(one.origin for one in cited if one.origin not in own[one.source]):
            theirs = [one for one in cited if name in own[one.source]]
            above = dict.fromkeys(one.origin for one in theirs)
            if above and name not in above:
                documents = ", ".join(dict.fromkeys(one.source for one in theirs))
                yield (
                    f"{name} is counted as an origin of {theirs[0].about}, but its own document ({documents}) has it "
                    f"from {', '.join(above)}: there may be fewer origins"
                )


def _each(repository: Repository, template: str, some: Collection[Position]) -> Iterator[NamedRow]:
    for chunk in chunks(some):
        yield from repository.rows(template, some=chunk)
