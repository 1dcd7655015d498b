"""Full text on PostgreSQL: the words of each fact as a vector, with an index, and one after the other as a text.

Texts are split into words as on SQLite, since the server's own parser keeps addresses and paths whole. The vector finds
facts by words and their beginnings; the text shows which words stand side by side, as the parts of `ann@example.org` do.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from factstore.database.engine import Connection
from factstore.database.postgresql.tokens import words_of
from factstore.database.statements import Row, column, fetch, insert, run, stream
from factstore.database.templates import as_of, in_force
from factstore.units import Position

COLUMNS = ("id", "title", "place", "people", "tags", "quotes", "attributes")
#: The most bytes of a word that the server keeps; longer words are cut.
_LONGEST = 2046
#: The most bytes of a vector; the server would refuse larger ones or, if made of an array, corrupt them.
_LARGEST = 900_000
_BATCH = 500

_NAMES = ", ".join(COLUMNS)
_FACTS = f"""SELECT f.position, t.id, f.title, f.place, f.participants, f.tags, f.attributes
             FROM fact f
             JOIN thing t ON t.position = f.position WHERE f.position @among(:facts) AND {as_of("f")}"""
_QUOTES = f"""SELECT c.about, c.quote FROM citation c JOIN source s ON s.position = c.source AND {in_force("s")}
              WHERE c.about @among(:facts) AND {in_force("c")} AND c.quote IS NOT NULL ORDER BY c.position"""
_NOW = f"SELECT position, {_NAMES} FROM searchable ORDER BY position"
_CHANGED = """WITH changed AS (SELECT DISTINCT subject AS position FROM record WHERE position > :at)
              SELECT position FROM changed
              UNION SELECT about FROM @own.citation
                    WHERE position IN (SELECT position FROM changed) OR source IN (SELECT position FROM changed)
              UNION SELECT value FROM @numbers(:others) other"""


def text_of(parts: Sequence[Sequence[str]]) -> str:
    """The words of a fact, a line for each column: a space before each word, and a line end after the last."""
    return "".join("".join(f" {word}" for word in words) + "\n" for words in parts)


def lexemes(parts: Iterable[Iterable[str]]) -> list[str] | None:
    """The distinct words of a fact as the server can keep them; None if they are too many for a vector."""
    found = {cut(word) for words in parts for word in words}
    size = sum(len(word.encode()) + 8 for word in found)
    return sorted(found) if size < _LARGEST else None


def cut(word: str) -> str:
    """A word, or its beginning if it has more bytes than the server keeps."""
    encoded = word.encode()
    return word if len(encoded) <= _LONGEST else encoded[:_LONGEST].decode(errors="ignore")


class PostgresqlWordIndex:
    """The table `search`."""

    COLUMNS: tuple[str, ...] = COLUMNS

    def update(self, connection: Connection, facts: Sequence[Position], prior: Position, at: Position) -> None:
        known = [fact for fact in facts if fact <= prior]
        old = set(_texts(connection, known, prior)) if known else set()
        new = {*_texts(connection, facts, at)}
        if gone := old - new:
            run(connection, "DELETE FROM search WHERE fact @among(?)", (json.dumps([row[0] for row in gone]),))
        _index(connection, sorted(new - old, key=lambda row: int(row[0])))

    def clear(self, connection: Connection) -> None:
        run(connection, "DELETE FROM search")

    def found(
        self, connection: Connection, words: Sequence[str], column: str | None, *, then: bool
    ) -> tuple[str, dict[str, object]]:
        asked = [one for one in map(words_of, words) if one]
        place = COLUMNS.index(column) if column else None
        condition, given = _condition(asked, place)
        if not then:
            return condition, given
        at, reworded = connection.notes["looked_back"]
        hit = [fact for fact, parts in _read(connection, reworded, at) if holds(parts, asked, place)]
        given |= {"worded": json.dumps(hit), "reworded": json.dumps(reworded)}
        return f"(p.fact @among(:worded) OR {condition} AND NOT p.fact @among(:reworded))", given

    def look_back(self, connection: Connection, at: Position, others: Iterable[Position]) -> None:
        changed = column(connection, _CHANGED, {"at": at, "others": json.dumps([*others])})
        connection.notes["looked_back"] = at, sorted(changed)

    def differences(self, connection: Connection, fresh: Connection) -> Iterable[Position]:
        have: dict[Position, str] = dict(fetch(connection, "SELECT fact, texts FROM search"))
        for fact, *texts in stream(fresh, _NOW):
            if have.pop(fact, None) != text_of(parted(texts)):
                yield fact
        yield from have

    def is_whole(self, connection: Connection, fresh: Connection) -> bool:
        query = "SELECT texts, tsvector_to_array(words) FROM search"
        return all((None if words is None else {*words}) == _kept(texts) for texts, words in stream(connection, query))


def _kept(texts: str) -> set[str] | None:
    found = lexemes([texts.split()])
    return None if found is None else {*found}


def _index(connection: Connection, rows: Sequence[Row]) -> None:
    """Index facts that are not indexed yet, each a row of its position and its texts."""
    words = ((fact, parted(texts)) for fact, *texts in rows)
    vectors = [(fact, _vector(lexemes(parts)), text_of(parts)) for fact, parts in words]
    insert(connection, "search", ("fact", "words", "texts"), vectors)


def _vector(words: Sequence[str] | None) -> str | None:
    """A vector without positions as the server reads one; words have no characters that need escaping."""
    return None if words is None else " ".join(f"'{word}'" for word in words)


def parted(texts: Sequence[str | None]) -> list[list[str]]:
    """The words of each column of a fact."""
    return [words_of(text) for text in texts]


def _texts(connection: Connection, facts: Sequence[Position], at: Position) -> Iterator[tuple[Any, ...]]:
    """Facts as of a position, each with its position and texts, as in the view `searchable`."""
    given = {"facts": json.dumps(facts), "at": at}
    quotes: dict[Position, list[str]] = {}
    for fact, quote in fetch(connection, _QUOTES, given):
        quotes.setdefault(fact, []).append(quote)
    for fact, name, title, place, participants, tags, attributes in fetch(connection, _FACTS, given):
        people = [value for person in json.loads(participants or "[]") for value in person.values()]
        other = [f"{key} {text}" for key, text in json.loads(attributes or "{}").items()]
        texts = (people, json.loads(tags or "[]"), quotes.get(fact, ()), other)
        yield (fact, name, title, place, *("; ".join(several) or None for several in texts))


def _read(
    connection: Connection, facts: Collection[Position], at: Position
) -> Iterator[tuple[Position, list[list[str]]]]:
    """The words of some facts as of a position."""
    every = [*facts]
    for begin in range(0, len(every), _BATCH):
        yield from ((fact, parted(texts)) for fact, *texts in _texts(connection, every[begin : begin + _BATCH], at))


def _condition(asked: Sequence[Sequence[str]], place: int | None) -> tuple[str, dict[str, object]]:
    """The condition that placements `p` have all of some words, each given as the parts that stand side by side."""
    vector = " & ".join(
        " & ".join([*(f"'{cut(word)}'" for word in parts[:-1]), f"'{cut(parts[-1])}':*"]) for parts in asked
    )
    given: dict[str, object] = {"vector": vector}
    where = "texts" if place is None else f"split_part(texts, E'\\n', {place + 1})"
    sides = []
    for n, parts in enumerate(asked):
        if place is not None or len(parts) > 1 or cut(parts[-1]) != parts[-1]:
            given[f"side{n}"] = "".join(f" {word}" for word in parts)
            sides.append(f"strpos({where}, :side{n}) > 0")
    loose = [f"strpos({where}, :loose{n}) > 0" for n in range(len(asked))]
    given |= {f"loose{n}": "".join(f" {word}" for word in parts) for n, parts in enumerate(asked)}
    held = " AND ".join(["words @@ :vector::tsquery", *sides])
    unheld = " AND ".join(["words IS NULL", *loose])
    return f"p.fact IN (SELECT fact FROM search WHERE {held} UNION ALL SELECT fact FROM search WHERE {unheld})", given


def holds(parts: Sequence[Sequence[str]], asked: Sequence[Sequence[str]], place: int | None) -> bool:
    """Whether the words of a fact, in one column or any, match all that is asked for."""
    text = text_of(parts if place is None else [parts[place]])
    return all("".join(f" {word}" for word in one) in text for one in asked)
