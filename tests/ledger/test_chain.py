"""The ledger: it only grows, whoever writes; and changes that were made to the file in spite of that are found."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pydantic import ValidationError

from docs.reference import verify_ledger
from factstore.database import tables
from factstore.database.buffer import Buffer
from factstore.database.engine import Connection
from factstore.database.sqlite import connections, schema
from factstore.database.sqlite.file import LedgerFile
from factstore.database.statements import run as execute
from factstore.errors import Corrupt, InputError, NoLedger, Unavailable
from factstore.ledger import chain
from factstore.ledger.append import Draft
from factstore.ledger.chain import Head
from factstore.ledger.payloads import (
    By,
    CitationRecorded,
    CommitEnd,
    FactRecorded,
    LedgerCreated,
    Payload,
    Redacted,
    Withdrawn,
    decode_record,
)
from factstore.ledger.record import NO_HASH, Record
from factstore.ledger.verify import Problem, verify_records
from factstore.store import Store
from factstore.units import Position
from tests.cli.test_cli import run
from tests.conftest import NewStore
from tests.support.strategies import payloads
from torture.damage import rechain as rehash

ANN = By(name="Ann")

CHRONOLOGY = {
    "sources": [{"id": "herald", "title": "The Herald", "published": "2018-04-02"}],
    "speakers": [{"id": "kremlin", "name": "The Kremlin"}],
    "facts": [
        {
            "id": "call",
            "title": "They spoke",
            "when": "2018-03-20",
            "evidence": [{"source": "herald", "quote": "spoke"}],
        },
        {"id": "visit", "title": "Он приехал", "when": "2018-04", "evidence": [{"source": "herald"}]},
    ],
    "orderings": [{"fact": "call", "relation": "before", "other": "visit", "evidence": [{"source": "herald"}]}],
}


@pytest.fixture(scope="module")
def filled(new_store: NewStore) -> Path:
    """A ledger of four commits."""
    store = new_store()
    store.load(CHRONOLOGY, message="first reading", by=ANN)
    store.correct("call", {"when": "2018-03-21"}, message="misread", by=ANN)
    store.withdraw("visit", message="another visit was meant", by=ANN)
    return store.path


@pytest.fixture
def kept(filled: Path, tmp_path: Path) -> Store:
    """A copy of it to spoil."""
    return Store(shutil.copyfile(filled, tmp_path / "facts.db"))


def stranger(store: Store) -> closing[sqlite3.Connection]:
    """A connection of the standard library's module, as anybody may open the file."""
    return closing(sqlite3.connect(store.path, isolation_level=None))


def rows(connection: sqlite3.Connection) -> list[list[tuple[Any, ...]]]:
    return [connection.execute(f"SELECT * FROM {table.name} ORDER BY position").fetchall() for table in tables.LEDGER]


def last_position(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT max(position) FROM record").fetchone()[0])


def write(store: Store) -> AbstractContextManager[Connection]:
    return store.file.writing(checked=False)


def append(store: Store, *payloads_: Payload, message: str = "", subject: Position | None = None) -> Position:
    """A commit of these payloads. Returns its position."""
    with write(store) as connection:
        draft = Draft(connection, Buffer(connection))
        for payload in payloads_:
            draft.append(payload, subject)
        position = draft.next
        draft.end(ANN, message)
        draft.check()
        connection.commit()
    return position


def problems(store: Store) -> list[Problem]:
    return store.verify(ledger_only=True).problems


# --- it only grows ------------------------------------------------------------------------------------------

ATTEMPTS = [
    "UPDATE {table} SET position = position",
    "UPDATE {table} SET {text} = {text} || 'x' WHERE position = 3",
    "UPDATE OR REPLACE {table} SET position = 4 WHERE position = 3",
    "UPDATE OR IGNORE {table} SET {text} = 'x' WHERE position = 3",
    "DELETE FROM {table}",
    "DELETE FROM {table} WHERE position = 1",
    "DELETE FROM {table} WHERE position = (SELECT max(position) FROM {table})",
    "REPLACE INTO {table} SELECT * FROM {table} WHERE position = 3",
    "INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE position = 1",
    "INSERT OR REPLACE INTO {table} SELECT {max}, {rest} FROM {table} WHERE position = 3",
    "INSERT OR IGNORE INTO {table} SELECT * FROM {table} WHERE position = 3",
    "INSERT OR FAIL INTO {table} SELECT * FROM {table} WHERE position = 3",
    "INSERT INTO {table} SELECT * FROM {table} WHERE position = 3 ON CONFLICT DO UPDATE SET {text} = 'x'",
    "INSERT INTO {table} SELECT * FROM {table} WHERE position = 3 ON CONFLICT DO NOTHING",
    "INSERT INTO {table} SELECT {max} + 2, {rest} FROM {table} WHERE position = 3",
    "INSERT INTO {table} SELECT 0, {rest} FROM {table} WHERE position = 3",
    "INSERT INTO {table} SELECT -1, {rest} FROM {table} WHERE position = 3",
    "INSERT INTO {table} ({rest}) SELECT {rest} FROM {table} WHERE position = 3",
    "INSERT INTO {table} SELECT NULL, {rest} FROM {table} WHERE position = 3",
]
WITHOUT_A_RECORD = "INSERT INTO {table} SELECT {max} + 1, {rest} FROM {table} WHERE position = 3"


def worded(attempt: str, table: str) -> str:
    rest = [column.name for column in tables.metadata.tables[table].columns][1:]
    return attempt.format(table=table, text=rest[-1], rest=", ".join(rest), max=f"(SELECT max(position) FROM {table})")


@pytest.mark.parametrize("recursive_triggers", ["OFF", "ON"])
@pytest.mark.parametrize(
    ("table", "attempt"),
    [(table.name, attempt) for table in tables.LEDGER for attempt in ATTEMPTS] + [("payload", WITHOUT_A_RECORD)],
)
def test_the_database_refuses_a_stranger_who_changes_the_ledger(
    kept: Store, table: str, attempt: str, recursive_triggers: str
) -> None:
    with stranger(kept) as connection:
        connection.execute(f"PRAGMA recursive_triggers = {recursive_triggers}")
        before = rows(connection)
        connection.execute("BEGIN")
        with pytest.raises(sqlite3.IntegrityError, match="the ledger"):
            connection.execute(worded(attempt, table))
        if connection.in_transaction:
            connection.execute("COMMIT")
        assert rows(connection) == before


def test_every_ledger_table_is_guarded_against_insert_update_and_delete() -> None:
    assert {*schema.TRIGGERS} >= {
        f"{table.name}_{event}" for table in tables.LEDGER for event in ("insert", "update", "delete")
    }


def test_our_own_connection_is_refused_as_well(kept: Store) -> None:
    with write(kept) as connection, pytest.raises(Exception, match="append-only"):
        execute(connection, "UPDATE record SET version = 2")


# --- drafts -------------------------------------------------------------------------------------------------


def read(store: Store, **bounds: Position) -> list[Record]:
    with store.file.reading(checked=False) as connection:
        return list(chain.read(connection, **bounds))


def test_a_ledger_begins_with_its_own_creation_and_a_commit(store: Store) -> None:
    first, second = read(store)
    created = decode_record(first)
    assert isinstance(created, LedgerCreated)
    assert created.ledger == first.header.ledger == second.header.ledger
    assert (created.format, created.algorithm, created.zone) == (1, "sha-256", "+00:00")
    assert (first.header.prev, second.header.prev) == (NO_HASH, first.hash)
    assert isinstance(decode_record(second), CommitEnd)


def test_positions_have_no_gaps_and_every_commit_ends_in_one(kept: Store) -> None:
    records = read(kept)
    assert [record.position for record in records] == [*range(1, len(records) + 1)]
    begun = 0
    for record in records:
        said = decode_record(record)
        if isinstance(said, CommitEnd):
            assert said.records == record.position - begun - 1
            begun = record.position
    assert begun == len(records)


def test_a_record_is_about_itself_or_about_what_it_names(store: Store) -> None:
    with write(store) as connection:
        draft = Draft(connection, Buffer(connection))
        fact = draft.append(FactRecorded(id="a", title="A")).position
        gone = draft.append(Withdrawn(), subject=fact).position
        draft.end(ANN, "")
        draft.check()
        connection.commit()
    assert (fact, gone) == (3, 4)
    assert [record.header.subject for record in read(store)] == [1, 2, 3, 3, 5]


def test_append_returns_the_record_as_it_will_be_read(store: Store) -> None:
    with write(store) as connection:
        draft = Draft(connection, Buffer(connection))
        payload = FactRecorded(id="a", title="A")
        given = [draft.append(payload), draft.end(ANN, "why")]
        draft.check()
        connection.commit()
    assert [record for record, _ in given] == read(store, after=Position(2))
    assert [said for _, said in given] == [json.loads(record.payload or "") for record, _ in given]
    assert given[0].said == payload.plain()


def test_an_abandoned_draft_leaves_nothing(store: Store) -> None:
    before = read(store)
    with write(store) as connection:
        Draft(connection, Buffer(connection)).append(FactRecorded(id="a", title="A"))
    assert read(store) == before


def test_a_payload_that_cannot_be_kept_takes_no_position(store: Store) -> None:
    with write(store) as connection:
        draft = Draft(connection, Buffer(connection))
        with pytest.raises(InputError, match=r"U\+0000"):
            draft.append(CitationRecorded(id="a", about=Position(3), source=Position(3), prefix="A\0"))
        assert draft.empty
        with pytest.raises(ValidationError):
            draft.end(ANN, "a commit of nothing")


def test_drafts_wait_for_one_another(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LOCK_TIMEOUT", 0.01)
    with write(store) as one:
        Draft(one, Buffer(one))
        with pytest.raises(Unavailable, match="being written by another program"), write(store):
            pass


class Clock:
    """A clock that shows what it is set to."""

    shows = datetime(2026, 1, 1, tzinfo=UTC)

    @classmethod
    def now(cls, zone: tzinfo) -> datetime:
        return cls.shows.astimezone(zone)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> type[Clock]:
    monkeypatch.setattr(chain, "datetime", Clock)
    return Clock


def test_recorded_at_never_goes_back(store: Store, clock: type[Clock]) -> None:
    start = datetime.fromisoformat(read(store)[-1].header.recorded_at)
    for minutes in (5, 3, -60 * 24 * 400, 6, 6):
        clock.shows = start + timedelta(minutes=minutes)
        append(store, Withdrawn())
    found = [
        datetime.fromisoformat(record.header.recorded_at) - start for record in read(store, after=Position(2))[1::2]
    ]
    assert found == [timedelta(minutes=minutes) for minutes in (5, 5, 5, 6, 6)]


def test_recorded_at_is_utc_to_the_microsecond(store: Store, clock: type[Clock]) -> None:
    clock.shows = datetime(2099, 7, 1, 1, 30, tzinfo=timezone(timedelta(hours=3)))
    append(store, Withdrawn())
    assert {record.header.recorded_at for record in read(store, after=Position(2))} == {"2099-06-30T22:30:00.000000Z"}


def test_a_file_without_a_beginning_is_no_ledger(path: Path) -> None:
    with LedgerFile(path).writing(checked=False) as connection:
        schema.create(connection)
        assert chain.head(connection) == Head(0, NO_HASH)
        with pytest.raises(NoLedger, match="the ledger is empty"):
            chain.created(connection)
        assert [problem.position for problem in verify_records(connection)] == [1]


def test_reading_pages_through_more_than_one_batch(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read(kept)
    for size in (1, 3, len(whole) - 1, len(whole), len(whole) + 1):
        monkeypatch.setattr(chain, "BATCH", size)
        assert read(kept) == whole
        assert read(kept, after=Position(2), upto=Position(7)) == whole[2:7]
        assert problems(kept) == []


# --- verification -------------------------------------------------------------------------------------------


def spoil(store: Store, *statements: str) -> None:
    """Runs statements as the file's owner may: without the triggers, which are restored afterwards."""
    with stranger(store) as connection:
        for trigger in schema.TRIGGERS:
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            connection.execute(statement)
        for trigger in schema.TRIGGERS.values():
            connection.execute(trigger)


def rechain(store: Store) -> None:
    """Does what a forger does who knows the rules: computes all hashes again, from the payloads as they are now."""
    with stranger(store) as connection:
        connection.execute("DROP TRIGGER record_update")
        rehash(connection)
        connection.execute(schema.TRIGGERS["record_update"])


def test_what_was_written_verifies(kept: Store) -> None:
    found = kept.verify()
    assert found.problems == []
    assert (found.position, found.hash) == kept.head()
    assert kept.verify(head=kept.head()).ok


@pytest.mark.parametrize("place", ["first", "middle", "last"])
@pytest.mark.parametrize(
    ("table", "column"), [(table.name, column.name) for table in tables.LEDGER for column in table.columns]
)
def test_verify_finds_a_change_in_any_column(kept: Store, table: str, column: str, place: str) -> None:
    with stranger(kept) as connection:
        last = last_position(connection)
        position = {"first": 1, "middle": last // 2, "last": last}[place]
        (value,) = connection.execute(f"SELECT {column} FROM {table} WHERE position = ?", (position,)).fetchone()
    if isinstance(value, int):
        changed = str(value + 1000)
    else:
        middle = len(value) // 2
        changed = f"'{value[:middle]}{chr(ord(value[middle]) ^ 1)}{value[middle + 1 :]}'"
    spoil(kept, f"UPDATE {table} SET {column} = {changed} WHERE position = {position}")
    found = kept.verify()
    assert not found.ok
    assert found.problems[0].position == position


@pytest.mark.parametrize("flip", [*range(8)])
def test_verify_finds_any_bit_of_a_payload(kept: Store, flip: int) -> None:
    with stranger(kept) as connection:
        (payload,) = connection.execute("SELECT payload FROM payload WHERE position = 3").fetchone()
    for place in range(0, len(payload), 7):
        sign = chr(ord(payload[place]) ^ (1 << flip))
        text = (payload[:place] + sign + payload[place + 1 :]).replace("'", "''")
        if "\0" in text:
            continue
        copy = Store(shutil.copyfile(kept.path, kept.path.with_name(f"{place}.db")))
        spoil(copy, f"UPDATE payload SET payload = '{text}' WHERE position = 3")
        assert [problem.position for problem in problems(copy)][:1] == [3]


DAMAGES: dict[str, tuple[str, ...]] = {
    "the last record dropped": (
        "DELETE FROM payload WHERE position = {last}",
        "DELETE FROM record WHERE position = {last}",
    ),
    "a record dropped": ("DELETE FROM payload WHERE position = 4", "DELETE FROM record WHERE position = 4"),
    "the first record dropped": ("DELETE FROM payload WHERE position = 1", "DELETE FROM record WHERE position = 1"),
    "a pair swapped": tuple(
        f"UPDATE {table} SET position = {new} WHERE position = {old}"
        for table in ("record", "payload")
        for old, new in ((4, -4), (5, 4), (-4, 5))
    ),
    "two payloads swapped": tuple(
        f"UPDATE payload SET position = {new} WHERE position = {old}" for old, new in ((4, -4), (5, 4), (-4, 5))
    ),
    "a payload removed": ("DELETE FROM payload WHERE position = 4",),
    "a commit's payload removed": ("DELETE FROM payload WHERE position = {last}",),
    "a record repeated at the end": (
        "INSERT INTO record SELECT {last} + 1, kind, version, subject, recorded_at, payload_hash, hash FROM record "
        "WHERE position = {last}",
        "INSERT INTO payload SELECT {last} + 1, salt, payload FROM payload WHERE position = {last}",
    ),
    "a record without a payload": (
        "INSERT INTO record SELECT {last} + 1, kind, version, subject, recorded_at, payload_hash, hash FROM record "
        "WHERE position = {last}",
    ),
    "a payload without a record": (
        "INSERT INTO payload SELECT {last} + 1, salt, payload FROM payload WHERE position = {last}",
    ),
    "all but the first record dropped": (
        "DELETE FROM payload WHERE position > 1",
        "DELETE FROM record WHERE position > 1",
    ),
    "everything dropped": ("DELETE FROM payload", "DELETE FROM record"),
}


def damage(store: Store, statements: tuple[str, ...]) -> None:
    with stranger(store) as connection:
        last = last_position(connection)
    spoil(store, *(statement.format(last=last) for statement in statements))


@pytest.mark.parametrize("statements", DAMAGES.values(), ids=DAMAGES.keys())
def test_verify_finds_records_that_are_not_as_they_were_written(kept: Store, statements: tuple[str, ...]) -> None:
    damage(kept, statements)
    assert problems(kept) != []


# Traces of a forger who makes all hashes fit again.
FORGERIES: dict[str, tuple[tuple[str, ...], str]] = {
    "a commit without its last record but one": (
        (
            "DELETE FROM payload WHERE position = {last} - 1",
            "DELETE FROM record WHERE position = {last} - 1",
            "UPDATE record SET position = position - 1, subject = position - 1 WHERE position = {last}",
            "UPDATE payload SET position = position - 1 WHERE position = {last}",
        ),
        "counts 1 records, but there are 0",
    ),
    "no commit at the end": (
        ("DELETE FROM payload WHERE position = {last}", "DELETE FROM record WHERE position = {last}"),
        "in the middle of a commit",
    ),
    "time going back": (
        ("UPDATE record SET recorded_at = '2001-01-01T00:00:00.000000Z' WHERE position = {last}",),
        "goes back in time",
    ),
    "a gap in positions": (
        (
            "UPDATE record SET position = position + 1 WHERE position = {last}",
            "UPDATE payload SET position = position + 1 WHERE position = {last}",
        ),
        "is missing",
    ),
    "something about the future": (("UPDATE record SET subject = 99 WHERE position = 4",), "about a later record, 99"),
    "a kind that nobody knows": (("UPDATE record SET kind = 'fact.imagined' WHERE position = 4",), "kind or version"),
    "something about nothing": (("UPDATE record SET subject = 0 WHERE position = 4",), "positions begin with 1"),
    "a day that never was": (
        ("UPDATE record SET recorded_at = '2999-02-30T00:00:00.000000Z' WHERE position = {last}",),
        "not a moment",
    ),
    "an hour that never was": (
        ("UPDATE record SET recorded_at = '2999-02-20T24:00:00.000000Z' WHERE position = {last}",),
        "not a moment",
    ),
    "a moment without its zone": (
        ("UPDATE record SET recorded_at = '2999-02-20T00:00:00.000000' WHERE position = {last}",),
        "not a moment",
    ),
    "a salt that holds more than a salt": (
        ("""UPDATE payload SET salt = salt || '","title":"They sang' WHERE position = 5""",),
        "the salt is not 32",
    ),
    "a salt in capitals": (("UPDATE payload SET salt = upper(salt) || 'A' WHERE position = 5",), "the salt is not 32"),
    "a name that stands twice": (
        (
            """UPDATE payload SET payload = replace(payload, '"title"', '"title":"They sang","title"') WHERE position = 5""",
        ),
        "not canonical JSON",
    ),
    "names in another order": (
        ("""UPDATE payload SET payload = '{{"when":"2018","title":"T","id":"call"}}' WHERE position = 5""",),
        "not canonical JSON",
    ),
    "a space between tokens": (
        ("UPDATE payload SET payload = replace(payload, '\":', '\": ') WHERE position = 5",),
        "not canonical JSON",
    ),
    "a number that is not whole": (
        ("""UPDATE payload SET payload = '{{"end":1.5,"id":"call"}}' WHERE position = 5""",),
        "not canonical JSON",
    ),
    "a number too large": (
        ("""UPDATE payload SET payload = '{{"end":9007199254740992}}' WHERE position = 5""",),
        "not canonical JSON",
    ),
    "a request that another commit bears": (
        (
            """UPDATE payload SET payload = replace(payload, '"tool"', '"request":"r","tool"') WHERE position IN
               (SELECT position FROM record WHERE kind = 'commit' ORDER BY position DESC LIMIT 2)""",
        ),
        "has the request of another",
    ),
    "what is nested without end": (
        ("UPDATE payload SET payload = replace(hex(zeroblob(50000)), '0', '[') WHERE position = 5",),
        "not canonical JSON",
    ),
}


@pytest.mark.parametrize(("statements", "words"), FORGERIES.values(), ids=FORGERIES.keys())
def test_verify_finds_broken_rules_even_if_every_hash_fits(
    kept: Store, statements: tuple[str, ...], words: str
) -> None:
    damage(kept, statements)
    rechain(kept)
    found = problems(kept)
    assert len(found) == 1
    assert words in found[0].text


def test_verifying_the_projection_finds_an_invalid_payload(kept: Store) -> None:
    damage(kept, ("""UPDATE payload SET payload = '{{"id":"a"}}' WHERE position = 5""",))
    rechain(kept)
    assert problems(kept) == [], "as bytes it is whole"
    [found] = kept.verify().problems
    assert "record 5" in found.text
    assert "cannot be read" in found.text


def test_only_a_published_head_reveals_a_missing_last_commit(kept: Store) -> None:
    published = kept.head()
    commits = [record.position for record in read(kept) if record.header.kind == "commit"]
    spoil(
        kept,
        f"DELETE FROM payload WHERE position > {commits[-2]}",
        f"DELETE FROM record WHERE position > {commits[-2]}",
    )
    assert problems(kept) == []
    found = kept.verify(ledger_only=True, head=published).problems
    assert [problem.position for problem in found] == [published.position]


def test_only_a_published_head_reveals_a_ledger_forged_from_end_to_end(kept: Store) -> None:
    published = kept.head()
    spoil(kept, "UPDATE payload SET payload = replace(payload, 'They spoke', 'They wrote')")
    rechain(kept)
    assert problems(kept) == []
    assert not kept.verify(ledger_only=True, head=published).ok


def test_a_text_that_is_not_utf_8_is_reported_as_damage(kept: Store) -> None:
    spoil(kept, "UPDATE payload SET payload = CAST(x'7bff7d' AS TEXT) WHERE position = 4")
    for found in (kept.verify(), kept.verify(ledger_only=True)):
        assert found.problems[0] == (4, "the payload is not the one that was hashed")
    with pytest.raises(Corrupt, match="not UTF-8"), kept.file.reading() as connection:
        list(chain.read(connection))


def test_invalid_bytes_are_not_confused_with_the_sign_that_stands_for_them(kept: Store) -> None:
    kept.add("Mojibake \N{REPLACEMENT CHARACTER}", source="herald", id="mojibake")
    head = kept.head()
    spoil(
        kept,
        """UPDATE payload SET payload = CAST(replace(CAST(payload AS BLOB), x'efbfbd', x'ff') AS TEXT)
           WHERE instr(CAST(payload AS BLOB), x'efbfbd')""",
    )
    assert [problem.position for problem in problems(kept)] == [head.position - 2]
    with pytest.raises(ValueError, match="has another payload"):
        verify_ledger.verify(str(kept.path), f"{head.position}:{head.hash}")


# --- redaction ----------------------------------------------------------------------------------------------


def test_a_payload_can_be_deleted_only_once_a_later_record_redacts_it(kept: Store) -> None:
    with stranger(kept) as connection, pytest.raises(sqlite3.IntegrityError, match="never removed"):
        connection.execute("DELETE FROM payload WHERE position = 5")
    append(kept, Redacted(why="asked for"), subject=Position(5))
    with stranger(kept) as connection:
        for position in (4, 6):
            with pytest.raises(sqlite3.IntegrityError, match="never removed"):
                connection.execute("DELETE FROM payload WHERE position = ?", (position,))
        connection.execute("DELETE FROM payload WHERE position = 5")
    assert problems(kept) == []
    gone = read(kept)[4]
    assert (gone.salt, gone.payload, decode_record(gone)) == (None, None, None)


def test_our_own_connection_redacts_in_the_commit_that_says_so(kept: Store) -> None:
    with write(kept) as connection:
        draft = Draft(connection, Buffer(connection))
        draft.append(Redacted(why="asked for"), subject=Position(5))
        draft.end(ANN, "")
        draft.check()
        connection.cursor().execute("DELETE FROM payload WHERE position = 5")
        connection.commit()
    assert problems(kept) == []


def test_the_payload_of_a_commit_can_be_redacted(kept: Store) -> None:
    commits = [record.position for record in read(kept) if record.header.kind == "commit"]
    append(kept, Redacted(why="its message named somebody"), subject=commits[1])
    with stranger(kept) as connection:
        connection.execute("DELETE FROM payload WHERE position = ?", (commits[1],))
    assert problems(kept) == []


def test_a_redaction_does_not_reach_ahead(kept: Store) -> None:
    last = read(kept)[-1].position
    append(kept, Redacted(why="in advance"), subject=Position(last + 3))
    append(kept, FactRecorded(id="later", title="Later"))
    with stranger(kept) as connection, pytest.raises(sqlite3.IntegrityError, match="never removed"):
        connection.execute("DELETE FROM payload WHERE position = ?", (last + 3,))
    spoil(kept, f"DELETE FROM payload WHERE position = {last + 3}")
    assert [problem.position for problem in problems(kept)] == [last + 1, last + 3]


# --- any history of drafts ----------------------------------------------------------------------------------


class LedgerMachine(RuleBasedStateMachine):
    """Commits, abandoned drafts and reopenings in any order; the model is a list of what was committed."""

    new_store: NewStore

    @initialize()
    def make(self) -> None:
        self.store = self.new_store()
        records = read(self.store)
        self.model = [(record.header.subject, decode_record(record)) for record in records]
        self.hashes = [record.hash for record in records]

    @rule(said=st.lists(st.tuples(payloads(), st.integers(0, 20)), min_size=1, max_size=6), kept=st.booleans())
    def draft(self, said: list[tuple[Payload, int]], kept: bool) -> None:
        with write(self.store) as connection:
            draft = Draft(connection, Buffer(connection))
            assert draft.next == len(self.model) + 1
            new: list[tuple[Position, Payload | None]] = []
            for payload, back in said:
                about = Position(draft.next - back) if 0 < back < draft.next else None
                assert draft.append(payload, about).position == len(self.model) + len(new) + 1
                new.append((about or Position(len(self.model) + len(new) + 1), payload))
            new.append((draft.next, decode_record(draft.end(ANN, "a commit").record)))
            draft.check()
            if kept:
                connection.commit()
                self.model += new

    @rule()
    def reopen(self) -> None:
        self.store.close()

    @precondition(lambda self: hasattr(self, "store"))
    @invariant()
    def holds_what_was_committed(self) -> None:
        records = read(self.store)
        assert [(record.header.subject, decode_record(record)) for record in records] == self.model
        assert [record.position for record in records] == [*range(1, len(self.model) + 1)]
        assert [record.hash for record in records][: len(self.hashes)] == self.hashes, "a record changed"
        self.hashes = [record.hash for record in records]
        with self.store.file.reading() as connection:
            assert chain.head(connection) == Head(len(self.model), self.hashes[-1])
            assert verify_records(connection) == []

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()


@pytest.mark.hypothesis
def test_the_ledger_is_the_list_of_what_was_committed(new_store: NewStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "BATCH", 3)  # so that drafts and readings need several batches
    machine = type("Machine", (LedgerMachine,), {"new_store": staticmethod(new_store)})
    run_state_machine_as_test(machine, settings=settings(max_examples=15, stateful_step_count=12))


# --- a clock that was set ahead -------------------------------------------------------------------------------


def test_a_commit_with_the_time_of_a_clock_set_ahead_says_so(store: Store, clock: type[Clock]) -> None:
    clock.shows = datetime.now(UTC)
    assert store.load({"sources": [{"id": "a"}]}).ahead is None
    clock.shows = datetime(2099, 1, 1, tzinfo=UTC)
    first = store.load({"sources": [{"id": "b"}]})
    assert (first.ahead, store.verify().notes) == (None, ())
    clock.shows = datetime.now(UTC)
    late = "2099-01-01T00:00:00.000000Z"
    assert first.position
    for name in ("c", "d"):
        done = store.load({"sources": [{"id": name}]})
        assert (done.ahead, store.log()[0].recorded_at) == (late, late)
    found = store.verify()
    assert found.ok
    (note,) = found.notes
    begins = f"from record {first.position - 1} on, the ledger is dated {late}, ahead of this machine's clock ("
    assert note.startswith(begins)
    assert found.json()["notes"] == [note]
    told = run("add", "It rained", "--source", "a", db=store.path)
    assert told.err.splitlines()[1] == (
        f"recorded as of {late}, the time of the commit before: this machine's clock is behind it"
    )
    checked = run("verify", db=store.path)
    assert (checked.code, checked.out.startswith("ok: ")) == (0, True)
    assert begins in checked.err


def test_clocks_that_differ_by_seconds_say_nothing(store: Store, clock: type[Clock]) -> None:
    clock.shows = datetime.now(UTC) + timedelta(seconds=30)
    store.load({"sources": [{"id": "a"}]})
    clock.shows -= timedelta(seconds=30)
    assert store.load({"sources": [{"id": "b"}]}).ahead is None
    assert "notes" not in store.verify().json()
