"""Full text, on SQLite: an FTS5 index over the words of facts and their live quotes, kept with the projection.

The index holds no text of its own: it reads what it shows from the view `searchable`. A word of a query is found where a
word of the text begins with it, whatever its case and accents; of several words, every one has to be found.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby, zip_longest
from operator import itemgetter

from sqlalchemy import Connection, text

from factstore.driver import bare, each
from factstore.errors import InputError
from factstore.live import AMONG, OWN, chunks, live, then
from factstore.views import SEARCHABLE, TOKENS

COLUMNS = ("id", "title", "place", "people", "tags", "quotes")
#: A query has at most so many words: the time that FTS5 takes grows with their square.
MOST_WORDS = 500
_NAMES = ", ".join(COLUMNS)
_VALUES = ", ".join("?" for _ in ("rowid", *COLUMNS))

_TEXT = SEARCHABLE.format(fact=then("f"), citation=live("c"), source=live("s"))
_OF = f"SELECT position, {_NAMES} FROM ({_TEXT}) WHERE position IN {AMONG}"
_DELETE = f"INSERT INTO search (search, rowid, {_NAMES}) VALUES ('delete', {_VALUES})"
_INSERT = f"INSERT INTO search (rowid, {_NAMES}) VALUES ({_VALUES})"


def update(connection: Connection, facts: Iterable[int], prior: int, at: int) -> None:
    """Index the facts whose words are others as of position `at` than as of `prior`, to which the index was true."""
    for chunk in chunks(facts):
        known = [fact for fact in chunk if fact <= prior]
        old = set(bare(connection, _OF, {"facts": json.dumps(known), "at": prior})) if known else set()
        new = {*bare(connection, _OF, {"facts": json.dumps(chunk), "at": at})}
        each(connection, _DELETE, sorted(old - new))
        each(connection, _INSERT, sorted(new - old))


def clear(connection: Connection) -> None:
    """Forget every word."""
    connection.exec_driver_sql("INSERT INTO search (search) VALUES ('delete-all')")


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
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS temp.{table}")
    connection.exec_driver_sql("CREATE TEMPORARY TABLE reworded (fact INTEGER PRIMARY KEY)")
    connection.exec_driver_sql(f"CREATE VIRTUAL TABLE temp.search_then USING fts5({_NAMES}, content='', {TOKENS})")
    connection.execute(
        text(
            f"""WITH changed AS (SELECT DISTINCT subject AS position FROM record WHERE position > :at)
               INSERT OR IGNORE INTO reworded (fact)
               SELECT position FROM changed
               UNION SELECT about FROM {OWN}.citation WHERE position IN changed OR source IN changed
               UNION SELECT value FROM json_each(:others)"""
        ),
        {"at": at, "others": json.dumps([*others])},
    )
    connection.execute(
        text(
            f"""INSERT INTO search_then (rowid, {_NAMES})
                SELECT position, {_NAMES} FROM ({_TEXT}) WHERE position IN (SELECT fact FROM reworded)"""
        ),
        {"at": at},
    )


def differences(connection: Connection, fresh: Connection) -> Iterator[int]:
    """Every fact whose words are not indexed as in a fresh fold."""
    for one in (connection, fresh):
        one.exec_driver_sql("CREATE VIRTUAL TABLE temp.word USING fts5vocab(main, search, instance)")
    words = 'SELECT term, doc, col, "offset" FROM temp.word'
    if all(one == other for one, other in zip_longest(*(bare(one, words) for one in (connection, fresh)))):
        return
    # Both sides come by word and fact, and no row twice.
    rows = merge(*(bare(one, words) for one in (connection, fresh)), key=itemgetter(0, 1))
    wrong = {fact for (_, fact), both in groupby(rows, key=itemgetter(0, 1)) if {*Counter(both).values()} != {2}}
    yield from sorted(wrong)
