"""Damage: a corpus of ledgers that somebody or something has changed, made by rules, so that each can be made again.

What the file's owner may do is done in SQL, without the triggers; what a disk may do is done to the bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from factstore.database import tables
from factstore.database.sqlite import schema
from factstore.ledger.canonical import canonical
from factstore.ledger.chain import Head
from factstore.ledger.record import NO_HASH
from factstore.store import Store
from torture.works import document


class Damage(NamedTuple):
    """What is done to a file; what `verify` says about it, as a pattern; and what mends it, if anything: `rebuild` or `into`.

    The function that does it returns the head that was published last, if that is not the one before it.
    """

    do: Callable[[Path], Head | None]
    said: str
    mended: str = ""
    #: Whether the damage lies after the last complete commit, and so is left out when the ledger is saved.
    left: bool = False
    #: Whether only a head that was published before reveals it.
    published: bool = False


def make(path: Path) -> None:
    """A ledger in which every table has rows: sources with texts, corrections, a contradiction, orderings, speakers."""
    quotes = " ".join(f"number {number} of herald happened" for number in range(12))
    with Store(path) as store:
        store.load(document("herald", 12) | {"speakers": [{"id": "ann", "name": "Ann"}]}, texts={"herald": quotes})
        store.correct("herald-3", {"when": "2018-07", "place": "Moscow"})
        store.relate("herald-3", "before", "herald-1", source="herald", allow_conflict=True, allow_missing=True)
        store.withdraw("herald-7")
        store.add("The last thing", source="herald", id="last", when="2018-09")
    settle(path)


def settle(path: Path) -> None:
    """Bring everything into the one file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# --- by whoever owns the file ---------------------------------------------------------------------------------


def _sql(*statements: str, guarded: bool = False, hashed: bool = False) -> Callable[[Path], None]:
    """Runs statements, after which the triggers are as before; with `hashed`, all hashes are made to fit, too."""

    def do(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            (last,), (before,) = connection.execute(
                "SELECT position FROM record WHERE kind = 'commit' ORDER BY position DESC LIMIT 2"
            ).fetchall()
            for trigger in () if guarded else schema.TRIGGERS:
                connection.execute(f"DROP TRIGGER {trigger}")
            for statement in statements:
                connection.execute(statement.replace(":last", str(last)).replace(":before", str(before)))
            if hashed:
                rechain(connection)
            for trigger in () if guarded else schema.TRIGGERS.values():
                connection.execute(trigger)
        settle(path)

    return do


def rechain(connection: sqlite3.Connection) -> None:
    """Compute all hashes again, from the payloads as they are now."""

    def digest(value: object) -> str:
        return hashlib.sha256(canonical(value).encode()).hexdigest()

    prev = NO_HASH
    rows = connection.execute(
        """SELECT position, kind, version, subject, recorded_at, salt, payload
           FROM record JOIN payload USING (position) ORDER BY position"""
    ).fetchall()
    ledger = json.loads(rows[0][6])["ledger"]
    for position, kind, version, subject, recorded_at, salt, payload in rows:
        said = hashlib.sha256(f'{{"payload":{payload},"salt":"{salt}"}}'.encode()).hexdigest()
        header = {"format": 1, "ledger": ledger, "position": position, "kind": kind, "version": version}
        prev = digest(header | {"subject": subject, "recorded_at": recorded_at, "payload_hash": said, "prev": prev})
        connection.execute("UPDATE record SET payload_hash = ?, hash = ? WHERE position = ?", (said, prev, position))


# --- by the disk ----------------------------------------------------------------------------------------------


def _page_of(path: Path, table: str) -> tuple[int, int]:
    """The size of a page, and the last leaf page of a table."""
    with closing(sqlite3.connect(path)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    data = path.read_bytes()
    while data[(page - 1) * size] == 5:  # an inner page ends its header with its last child
        start = (page - 1) * size + 8
        page = int.from_bytes(data[start : start + 4], "big")
    return size, page


def _flip(table: str) -> Callable[[Path], None]:
    """Flips one bit in a table's last page: of the last byte of its first row, which belongs to a text or a number."""

    def do(path: Path) -> None:
        size, page = _page_of(path, table)
        data = bytearray(path.read_bytes())
        start = (page - 1) * size
        rows = int.from_bytes(data[start + 3 : start + 5], "big")
        places = [int.from_bytes(data[start + 8 + 2 * row :][:2], "big") for row in range(rows)]
        end = min([size, *(place for place in places if place > places[0])])
        data[start + end - 1] ^= 1
        path.write_bytes(data)

    return do


def _disorder(table: str) -> Callable[[Path], None]:
    """Makes the first row of a table's last page begin beyond the page."""

    def do(path: Path) -> None:
        size, page = _page_of(path, table)
        data = bytearray(path.read_bytes())
        data[(page - 1) * size + 8] ^= 0x80
        path.write_bytes(data)

    return do


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 8192 * 4096)


def _empty(path: Path) -> None:
    os.truncate(path, 0)


def _foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE fact (title TEXT)")


def _litter(path: Path) -> None:
    path.write_bytes(b"facts, facts, facts " * 1000)


def _lose_the_log(path: Path) -> Head:
    """Delete the write-ahead log with its content, as if somebody tidied up after a kill."""
    file, _, head = _killed(path, document("gazette", 3))
    path.write_bytes(file)
    return head


def _mix(path: Path) -> Head:
    """Put the log of another ledger beside this one."""
    _, log, _ = _killed(Path(shutil.copyfile(path, path.with_name("other.db"))), document("stranger", 5))
    with Store(path) as store:
        store.load(document("gazette", 60))
        head = store.head()
    settle(path)
    path.with_name(path.name + "-wal").write_bytes(log)
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    return head


def _killed(path: Path, loaded: dict[str, Any]) -> tuple[bytes, bytes, Head]:
    """A file, its log and its head as a kill would leave them; the file itself is left without a log."""
    log = path.with_name(path.name + "-wal")
    with closing(sqlite3.connect(path)) as reader, Store(path) as store:
        reader.execute("SELECT 1 FROM record").fetchone()  # so that the log is not emptied as the writer closes
        store.load(loaded)
        found = path.read_bytes(), log.read_bytes(), store.head()
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    return found


# --- the corpus -----------------------------------------------------------------------------------------------

_LATER = "DELETE FROM payload WHERE position > {0}", "DELETE FROM record WHERE position > {0}"
_IGNORE = "BEGIN SELECT RAISE(IGNORE); END"
_SWAP = [
    statement
    for table in ("payload", "record")
    for statement in (
        f"UPDATE {table} SET position = -position WHERE position IN (5, 7)",
        f"UPDATE {table} SET position = 12 + position WHERE position IN (-5, -7)",
    )
]


def _corpus() -> Iterator[tuple[str, Damage]]:
    computed = [table.name for table in tables.PROJECTION]
    yield "a bit of a record", Damage(_flip("record"), r"^record \d+: the record is not the one that was hashed")
    yield "a bit of a payload", Damage(_flip("payload"), r"^record \d+: the payload is not the one that was hashed")
    yield "a bit of an archived text", Damage(_flip("archived_text"), "^the archived text [0-9a-f]{64} is not the one")
    for name in computed:
        yield f"a bit of {name}", Damage(_flip(name), rf"\b{name}\b", "rebuild")
    for name in ("record", "payload", "thing", "placement"):
        yield (
            f"the order of a page of {name}",
            Damage(_disorder(name), f"^the table {name} is damaged in the file", "into"),
        )
    yield (
        "a ledger row deleted",
        Damage(
            _sql("DELETE FROM payload WHERE position = 9", "DELETE FROM record WHERE position = 9"),
            "^record 9: position 9 is missing",
        ),
    )
    yield (
        "a payload deleted",
        Damage(
            _sql("DELETE FROM payload WHERE position = 9"),
            "^record 9: the payload is missing, and no redaction names it",
        ),
    )
    yield (
        "a payload edited",
        Damage(
            _sql("UPDATE payload SET payload = replace(payload, 'happened', 'occurred') WHERE position = 9"),
            "^record 9: the payload is not the one that was hashed",
        ),
    )
    yield (
        "a payload that is no text",
        Damage(
            _sql("UPDATE payload SET payload = CAST(x'7bff7d' AS TEXT) WHERE position = 9"),
            "^record 9: the payload is not the one that was hashed",
        ),
    )
    yield "records swapped", Damage(_sql(*_SWAP), "^record 5: the (record|payload) is not the one that was hashed")
    yield (
        "the tail rewritten",
        Damage(
            _sql(
                "UPDATE payload SET payload = replace(payload, 'happened', 'occurred') WHERE position > 9", hashed=True
            ),
            "^record :last: the record at the published head has another hash",
            published=True,
        ),
    )
    yield (
        "the last commit dropped",
        Damage(
            _sql(*(statement.format(":before") for statement in _LATER)),
            r"^record :last: this ledger ends at record \d+, before the published head",
            published=True,
        ),
    )
    yield (
        "half of the last commit dropped",
        Damage(
            _sql(*(statement.format(":last - 1") for statement in _LATER)),
            "the ledger ends in the middle of a commit",
            "into",
            left=True,
        ),
    )
    for kind in ("redacted", "commit"):
        yield (
            f"a forged {kind} at the end",
            Damage(
                _sql(
                    f"INSERT INTO record SELECT position + 1, '{kind}', 1, 3, recorded_at, payload_hash, hash FROM record "
                    "WHERE position = :last",
                    guarded=True,
                ),
                "^record [0-9]+: the record is not the one that was hashed",
                "into",
                left=True,
            ),
        )
    for what, statement in (
        ("taken out", "DELETE FROM _alembic_version"),
        ("made nonsense", "UPDATE _alembic_version SET version_num = 'x'"),
        ("gone with its table", "DROP TABLE _alembic_version"),
    ):
        yield (
            f"the schema's number {what}",
            Damage(_sql(statement, guarded=True), "does not say which schema it has: .*rebuild --into", "into"),
        )
    yield (
        "a computed row edited",
        Damage(
            _sql("UPDATE fact SET title = 'They sang' WHERE position = 5"), "fact: title is not as recorded", "rebuild"
        ),
    )
    yield (
        "a computed row deleted",
        Damage(_sql("DELETE FROM placement WHERE id = 'herald-5'"), "placement: a row is missing", "rebuild"),
    )
    yield (
        "a computed row too many",
        Damage(
            _sql("INSERT INTO speaker SELECT position, 99, 99, withdrawn, rank, name, aliases, of FROM speaker"),
            "speaker: there is a row too many",
            "rebuild",
        ),
    )
    yield (
        "words that are found no more",
        Damage(
            _sql("INSERT INTO search (search) VALUES ('delete-all')"), "the words of the fact at 5 are not", "rebuild"
        ),
    )
    for what, statement in (
        ("where segments begin", "DELETE FROM search_idx"),
        ("how long texts are", "DELETE FROM search_docsize"),
        ("one of its sizes", "DELETE FROM search_docsize WHERE id = (SELECT max(id) FROM search_docsize)"),
        ("its averages", "UPDATE search_data SET block = zeroblob(10) WHERE id = 1"),
        ("a segment", "DELETE FROM search_data WHERE id = (SELECT max(id) FROM search_data)"),
        ("all of its segments", "DELETE FROM search_data"),
        ("its format", "UPDATE search_config SET v = 9"),
        ("how it ranks", "INSERT INTO search_config VALUES ('rank', 'bm25(10.0)')"),
    ):
        yield (
            f"the index of words without {what}",
            Damage(_sql(statement, guarded=True), "^the index of words is damaged", "rebuild"),
        )
    for what, statement in (
        ("tables", "DROP TABLE search_idx"),
        ("index", "DROP TABLE search"),
    ):
        yield (
            f"no {what} of words",
            Damage(_sql(statement, guarded=True), "^the table search_?i?d?x? is missing", "rebuild"),
        )
    for type_, name in (("index", "placement_end_min"), ("trigger", "record_update"), ("view", "timeline")):
        yield (
            f"no {type_} {name}",
            Damage(_sql(f"DROP {type_} {name}", guarded=True), f"^the {type_} {name} is missing", "rebuild"),
        )
    yield (
        "no table placement",
        Damage(_sql("DROP TABLE placement", guarded=True), "^the table placement is missing", "rebuild"),
    )
    yield (
        "a trigger that guards nothing",
        Damage(
            _sql(
                "DROP TRIGGER record_delete",
                "CREATE TRIGGER record_delete BEFORE DELETE ON record BEGIN SELECT 1; END",
                guarded=True,
            ),
            "^the trigger record_delete is not the one that was made",
            "rebuild",
        ),
    )
    yield (
        "a trigger of a stranger's",
        Damage(
            _sql("CREATE TRIGGER more AFTER INSERT ON payload BEGIN SELECT 1; END", guarded=True),
            "^the trigger more on payload is not ours",
            "rebuild",
        ),
    )
    for what, statements, said in (
        ("a trigger in capitals", [f"CREATE TRIGGER T BEFORE INSERT ON THING {_IGNORE}"], "trigger T on THING"),
        (
            "a trigger on the index",
            [f"CREATE TRIGGER t BEFORE INSERT ON search_DATA {_IGNORE}"],
            "trigger t on search_DATA",
        ),
        ("a trigger on a view", [f"CREATE TRIGGER t INSTEAD OF INSERT ON Log {_IGNORE}"], "trigger t on Log"),
        ("a unique index", ["CREATE UNIQUE INDEX u ON FACT (position, since, withdrawn)"], "index u on fact"),
        ("an index that computes", ["CREATE INDEX i ON Payload (length(payload))"], "index i on payload"),
        ("a name of ours", ["DROP VIEW timeline", "CREATE TABLE TimeLine (x)"], "table TimeLine"),
    ):
        yield (
            f"of a stranger's, {what}",
            Damage(
                _sql(*statements, guarded=True),
                f"^the {said} is not ours",
                "rebuild",
            ),
        )
    yield "the file cut in half", Damage(_cut, "damaged|malformed")
    yield (
        "the log lost that held the last commits",
        Damage(
            _lose_the_log, r"^record :last: this ledger ends at record \d+, before the published head", published=True
        ),
    )
    yield "another ledger's log", Damage(_mix, "the published head", published=True)
    yield "an empty file", Damage(_empty, "is an empty file, not a ledger")
    yield "a database of somebody else's", Damage(_foreign, "is an SQLite database, but not a Factstore ledger")
    yield "no database", Damage(_litter, "is not an SQLite database")


CORPUS = dict(_corpus())
