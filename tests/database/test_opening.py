"""Which engine a path or URL names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from factstore.database.opening import open_engine
from factstore.errors import InputError


@pytest.mark.parametrize("where", ["facts.db", "sqlite:///facts.db", Path("facts.db")])
def test_a_path_names_a_file(where: str | Path) -> None:
    assert open_engine(where).location.endswith("facts.db")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://ann:secret@server:5433/db", "postgresql://ann@server:5433/db?ledger=factstore"),
        ("postgres:///db?ledger=x&host=/tmp&password=secret", "postgresql:///db?host=/tmp&ledger=x"),
    ],
)
def test_a_url_of_a_server_names_a_schema_and_sentences_leave_passwords_out(url: str, name: str) -> None:
    pytest.importorskip("psycopg")
    assert open_engine(url).name == name


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://x:port/y", "postgresql:///y?ledger=pg_x"])
def test_an_address_that_names_no_ledger_is_refused(url: str) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(InputError):
        open_engine(url)


def test_a_file_needs_no_driver_of_a_server_and_a_server_says_what_it_needs(tmp_path: Path) -> None:
    code = f"""
import sys
sys.modules["psycopg"] = None
import factstore
store = factstore.open({str(tmp_path / "facts.db")!r})
store.init()
assert store.facts() == []
try:
    factstore.open("postgresql:///x")
except factstore.errors.InputError as error:
    print(error)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'factstore-timeline[postgresql]'" in told.stdout
