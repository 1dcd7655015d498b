"""Full text, on SQLite: an FTS5 index over the words of facts and their live quotes, kept with the projection.

The index holds no text of its own: it reads what it shows from the view `searchable`. A word of a query is found where a
word of the text begins with it, whatever its case and accents; of several words, every one has to be found.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from heapq import merge
from itertools import groupby, zip_longest
from operator import itemgetter

from factstore.database.engine import Connection
from factstore.database.statements import Row, fetch, run, run_many, value
from factstore.database.views import SEARCH, SEARCHABLE, TOKENS
from factstore.errors import InputError
from factstore.projection.live import AMONG, OWN, as_of, chunks, in_force

COLUMNS = ("id", "title", "place", "people", "tags", "quotes")
#: A query has at most so many words: the time that FTS5 takes grows with their square.
MOST_WORDS = 500
_NAMES = ", ".join(COLUMNS)
_VALUES = ", ".join("?" for _ in ("rowid", *COLUMNS))

_TEXT = SEARCHABLE.format(fact=as_of("f"), citation=in_force("c"), source=in_force("s"))
_OF = f"SELECT position, {_NAMES} FROM ({_TEXT}) WHERE position IN {AMONG}"
_DELETE = f"INSERT INTO search (search, rowid, {_NAMES}) VALUES ('delete', {_VALUES})"
_INSERT = f"INSERT INTO search (rowid, {_NAMES}) VALUES ({_VALUES})"


def update(connection: Connection, facts: Iterable[int], prior: int, at: int) -> None:
    """Index the facts whose words are others as of position `at` than as of `prior`, to which the index was true."""
    for chunk in chunks(facts):
        known = [fact for fact in chunk if fact <= prior]
        old = set(fetch(connection, _OF, {"facts": json.dumps(known), "at": prior})) if known else set()
        new = {*fetch(connection, _OF, {"facts": json.dumps(chunk), "at": at})}
        run_many(connection, _DELETE, sorted(old - new))
        run_many(connection, _INSERT, sorted(new - old))


def clear(connection: Connection) -> None:
    """Forget every word."""
    run(connection, "INSERT INTO search (search) VALUES ('delete-all')")


def query(words: str) -> str | None:
    """What FTS5 is asked for to find every word; None where there is not one letter or digit to look for.

    Raises InputError for more words than a question has.
    """
    apart = dict.fromkeys(words.replace("\0", " ").split())
    asked = [f'"{word.replace(chr(34), " ")}"*' for word in apart if re.search(r"[^\W_]", word)]
    if len(asked) > MOST_WORDS:
        raise InputError(f"{len(asked)} words are looked for at once; {MOST_WORDS} is the most")
    return " AND ".join(asked) or None


def beginnings(words: str) -> list[str]:
    """Each word shortened to its beginning, so that "retaliation" also finds "retaliated"."""
    return [word[: max(4, len(word) * 2 // 3)] for word in re.findall(r"\w+", words)]


#: Facts as rows of `p` that are found now.
FOUND = "p.fact IN (SELECT rowid FROM search WHERE search MATCH :words)"
#: Those that were, where `look_back` has been called.
FOUND_THEN = """(p.fact IN (SELECT rowid FROM search_then WHERE search_then MATCH :words)
                 OR p.fact IN (SELECT rowid FROM search WHERE search MATCH :words)
                 AND p.fact NOT IN (SELECT fact FROM reworded))"""


def look_back(connection: Connection, at: int, others: Iterable[int] = ()) -> None:
    """Index the facts whose words may have changed since a position, and others, as they were, in tables of the connection's
    own."""
    for table in ("reworded", "search_then"):
        run(connection, f"DROP TABLE IF EXISTS temp.{table}")
    run(connection, "CREATE TEMPORARY TABLE reworded (fact INTEGER PRIMARY KEY)")
    run(connection, f"CREATE VIRTUAL TABLE temp.search_then USING fts5({_NAMES}, content='', {TOKENS})")
    run(
        connection,
        f"""WITH changed AS (SELECT DISTINCT subject AS position FROM record WHERE position > :at)
               INSERT OR IGNORE INTO reworded (fact)
               SELECT position FROM changed
               UNION SELECT about FROM {OWN}.citation WHERE position IN changed OR source IN changed
               UNION SELECT value FROM json_each(:others)""",
        {"at": at, "others": json.dumps([*others])},
    )
    run(
        connection,
        f"""INSERT INTO search_then (rowid, {_NAMES})
                SELECT position, {_NAMES} FROM ({_TEXT}) WHERE position IN (SELECT fact FROM reworded)""",
        {"at": at},
    )


def differences(connection: Connection, fresh: Connection) -> Iterator[int]:
    """Every fact whose words are not indexed as in a fresh fold, of an index that is whole."""
    for one in (connection, fresh):
        run(one, "DROP TABLE IF EXISTS temp.word")
        run(one, "CREATE VIRTUAL TABLE temp.word USING fts5vocab(main, search, instance)")
    words = 'SELECT term, doc, col, "offset" FROM temp.word'
    if all(one == other for one, other in zip_longest(*(fetch(one, words) for one in (connection, fresh)))):
        return
    # Both sides come by word and fact, and no row twice.
    rows = merge(*(fetch(one, words) for one in (connection, fresh)), key=itemgetter(0, 1))
    wrong = {fact for (_, fact), both in groupby(rows, key=itemgetter(0, 1)) if {*Counter(both).values()} != {2}}
    yield from sorted(wrong)


#: The tables beneath the index, and what of them follows from the words alone, however they came to be written.
_TABLES = ("search_config", "search_docsize", "search_data", "search_idx")
_ALIKE = ("SELECT * FROM search_config", "SELECT * FROM search_docsize", "SELECT * FROM search_data WHERE id = 1")
#: Segments (a row's id without its lower 37 bits) of which no entry says where they begin.
_HEADLESS = """SELECT 1 FROM search_data WHERE id >> 37 > 0
               AND id >> 37 NOT IN (SELECT segid FROM search_idx WHERE pgno >> 1 = 1) LIMIT 1"""
#: Words that are not found by themselves as they are among all.
_LOST = "SELECT 1 FROM temp.said AS one LEFT JOIN temp.said AS other ON other.term = one.term WHERE other.cnt IS NOT one.cnt"


def is_whole(connection: Connection, copy: Connection, fresh: Connection) -> bool:
    """Whether the index is whole in itself, so that it finds what it holds; `copy` is an empty database to try it in.

    FTS5 checks an index only where it may write, and against its texts not where these come from a view.
    """
    fresh.commit()  # what waits in memory is written then
    if any([*fetch(connection, rows)] != [*fetch(fresh, rows)] for rows in _ALIKE):
        return False
    if next(fetch(connection, _HEADLESS), None):
        return False
    held = {name: [*fetch(connection, f"SELECT * FROM {name}")] for name in _TABLES}
    try:
        _take_over(copy, held, [*fetch(fresh, f"SELECT position, {_NAMES} FROM searchable")])
        run(copy, "INSERT INTO search (search) VALUES ('integrity-check')")
        run(copy, "CREATE VIRTUAL TABLE temp.said USING fts5vocab(main, search, row)")
        return value(copy, f"{_LOST} LIMIT 1") is None
    except copy.dialect.Error:
        return False


def _take_over(copy: Connection, held: Mapping[str, Collection[Row]], texts: Collection[Row]) -> None:
    """Make an index in an empty database that is another's to the letter, beside the texts that it should be of."""
    run(copy, f"CREATE TABLE searchable (position INTEGER PRIMARY KEY, {_NAMES})")
    run_many(copy, f"INSERT INTO searchable VALUES ({_VALUES})", texts)
    run(copy, SEARCH)
    clear(copy)
    for name, rows in held.items():
        run(copy, f"DELETE FROM {name}")
        run_many(copy, f"INSERT INTO {name} VALUES ({', '.join('?' for row in [*rows][:1] for _ in row)})", rows)
    # What the module knows of its tables it forgets as it is taken back.
    for statement in ("SAVEPOINT taken", "ROLLBACK TO taken"):
        run(copy, statement)
