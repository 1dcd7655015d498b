"""A ledger's place on PostgreSQL, by its URL."""

from __future__ import annotations

import pytest

from factstore.database.postgresql.place import read_url
from factstore.errors import InputError


@pytest.mark.parametrize(
    ("url", "database", "name"),
    [
        ("postgresql://h/db?ledger=x", "postgresql://h/db", "postgresql://h/db?ledger=x"),
        ("postgres:///db", "postgresql:///db", "postgresql:///db?ledger=factstore"),
        (
            "postgresql://ann:secret@one:5433,two:5434/db?ledger=x&target_session_attrs=read-write",
            "postgresql://ann:secret@one:5433,two:5434/db?target_session_attrs=read-write",
            "postgresql://ann@one:5433,two:5434/db?target_session_attrs=read-write&ledger=x",
        ),
        (
            "postgresql://[::1]:5433,two/db",
            "postgresql://[::1]:5433,two/db",
            "postgresql://[::1]:5433,two/db?ledger=factstore",
        ),
    ],
)
def test_the_driver_gets_the_url_without_our_parameters_and_sentences_no_password(
    url: str, database: str, name: str
) -> None:
    place = read_url(url)
    assert (place.database, place.name) == (database, name)


@pytest.mark.parametrize("hosts", ["h:x", "one:1,two:y", "h:70000", "[::1]:x"])
def test_an_invalid_port_is_refused_without_the_password(hosts: str) -> None:
    with pytest.raises(InputError, match="the URL cannot be read") as told:
        read_url(f"postgresql://ann:secret@{hosts}/db")
    assert "secret" not in str(told.value)
