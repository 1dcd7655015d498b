"""An archived text is the one that was kept, or is reported as damaged; no client can change or remove it."""

from __future__ import annotations

import sqlite3
import zlib
from pathlib import Path

import pytest

from factstore.database.statements import value
from factstore.errors import Corrupt, InputError
from factstore.ledger import texts
from factstore.ledger.canonical import sha256
from factstore.store import Store
from tests.ledger.test_chain import spoil, stranger

TEXT = "They spoke, and it was Tuesday."


def deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(9, wbits=-15)
    return packer.compress(content) + packer.flush()


@pytest.fixture
def kept(path: Path) -> Store:
    store = Store(path)
    store.add_source(TEXT, id="wire")
    return store


@pytest.mark.parametrize(
    "statement",
    [
        "REPLACE INTO archived_text SELECT sha256, characters, x'00' FROM archived_text",
        "INSERT OR REPLACE INTO archived_text SELECT sha256, characters, x'00' FROM archived_text",
        "INSERT OR IGNORE INTO archived_text SELECT sha256, characters, x'00' FROM archived_text",
        "INSERT INTO archived_text SELECT * FROM archived_text WHERE true ON CONFLICT DO UPDATE SET deflated = x'00'",
        "UPDATE archived_text SET deflated = x'00'",
        "UPDATE OR REPLACE archived_text SET characters = 1",
        "DELETE FROM archived_text",
        "UPDATE source SET text = NULL; DELETE FROM archived_text",
        "DELETE FROM source; DELETE FROM archived_text",
    ],
)
def test_any_client_is_refused(kept: Store, statement: str) -> None:
    with stranger(kept) as connection:
        connection.execute("PRAGMA recursive_triggers = OFF")
        *before, last = statement.split("; ")
        for one in before:
            connection.execute(one)
        with pytest.raises(sqlite3.IntegrityError, match=r"an archived text (is never changed|stays while the ledger)"):
            connection.execute(last)
        (deflated,) = connection.execute("SELECT deflated FROM archived_text").fetchone()
    assert zlib.decompress(deflated, wbits=-15).decode() == TEXT


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE archived_text SET characters = characters + 1",
        "UPDATE archived_text SET deflated = CAST(deflated || x'00' AS BLOB)",
        "UPDATE archived_text SET deflated = CAST(deflated || deflated AS BLOB)",
        "UPDATE archived_text SET deflated = substr(deflated, 1, length(deflated) - 1)",
        "UPDATE archived_text SET deflated = x''",
        "UPDATE archived_text SET deflated = zeroblob(70000000)",
        "UPDATE archived_text SET sha256 = upper(sha256)",
        "UPDATE archived_text SET sha256 = replace(sha256, '0', '1') || ''",
    ],
)
def test_every_column_is_checked(kept: Store, statement: str) -> None:
    spoil(kept, statement)
    (found,) = kept.verify().problems
    assert "is not the one that was kept" in found.text
    with kept.file.reading() as connection:
        name = value(connection, "SELECT sha256 FROM archived_text")
        with pytest.raises(Corrupt, match="is not the one that was kept"):
            texts.read(connection, name)


def test_a_value_that_would_inflate_without_end_is_not_read(kept: Store) -> None:
    large = b"a" * (texts.LARGEST + 1)
    with stranger(kept) as connection:
        connection.execute(
            "INSERT INTO archived_text VALUES (?, ?, ?)", (sha256(large.decode()), len(large), deflate(large))
        )
    assert [problem.text.split()[-1] for problem in kept.verify().problems] == ["kept"]


def test_a_text_that_is_too_large_is_refused(kept: Store) -> None:
    with pytest.raises(InputError, match="larger than 64 MiB"):
        kept.add_source("ä" * (texts.LARGEST // 2 + 1), id="large")
    assert kept.verify().ok


@pytest.mark.parametrize(
    "forged",
    [
        ("redacted", "x", None),
        ("redacted", "x", '{"why":"x"}'),
    ],
)
def test_a_forged_redaction_allows_no_deletion_and_is_not_built_on(kept: Store, forged: tuple[str, str, str]) -> None:
    kind, hash_, payload = forged
    head = kept.head()
    with stranger(kept) as connection:
        connection.execute(
            "INSERT INTO record SELECT position + 1, ?, 1, 2, recorded_at, ?, ? FROM record WHERE position = ?",
            (kind, hash_, hash_, head.position),
        )
        if payload:
            connection.execute("INSERT INTO payload VALUES (?, 'x', ?)", (head.position + 1, payload))
        with pytest.raises(sqlite3.IntegrityError, match="unless a redaction that was committed names it"):
            connection.execute("DELETE FROM payload WHERE position = 2")
    with pytest.raises(Corrupt, match=r"nothing is added after it: .*`factstore rebuild --into FILE`"):
        kept.add_source("Another text", id="other")
