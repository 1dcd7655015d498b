"""`verify` names whatever was changed in a file; `rebuild` repairs what the ledger allows, and says what it can't."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from factstore.database.names import PROJECTION
from factstore.database.statements import value
from factstore.errors import Corrupt, FactstoreError
from factstore.ledger.chain import Head
from factstore.store import Store
from torture import damage


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "facts.db"
    damage.make(path)
    return path


def said_of(path: Path, head: Head | None = None) -> list[str]:
    """What `verify` says, or why it fails."""
    with Store(path) as store:
        try:
            return [str(problem) for problem in store.verify(head=head).problems]
        except FactstoreError as error:
            return [str(error)]


@pytest.mark.parametrize("name", damage.CORPUS)
def test_damage_is_named_and_mended_where_the_ledger_can_mend_it(whole: Path, tmp_path: Path, name: str) -> None:
    path = Path(shutil.copyfile(whole, tmp_path / "facts.db"))
    one = damage.CORPUS[name]
    with Store(path) as store:
        head, timeline = store.head(), [found.json() for found in store.timeline]
    head = one.do(path) or head
    found = said_of(path, head)
    pattern = one.said.replace(":last", str(head.position))
    assert [line for line in found if re.search(pattern, line)], found
    if one.published:
        with Store(path) as store:
            store.rebuild()
        assert said_of(path) == []
        assert len(said_of(path, head)) == 1
    elif one.mended == "rebuild":
        with Store(path) as store:
            assert store.rebuild() == head
        assert said_of(path, head) == []
    else:
        with Store(path) as store, pytest.raises(FactstoreError) as caught:
            store.rebuild()
        assert ("factstore rebuild --into FILE" in str(caught.value)) == (one.mended == "into")
    if one.mended == "into":
        new = tmp_path / "new.db"
        with Store(path) as store:
            if one.left:
                with pytest.raises(Corrupt, match=r"was rebuilt, but what follows record [0-9]+ was left behind"):
                    store.rebuild_into(new)
            else:
                assert store.rebuild_into(new) == head
        path = new
    if one.mended:
        assert said_of(path, None if one.left else head) == []
        with Store(path) as store:
            assert one.left or [found.json() for found in store.timeline] == timeline
            store.add("Another thing", source="herald")


def test_the_corpus_damages_every_table_with_rows(whole: Path) -> None:
    for table in PROJECTION:
        assert f"a bit of {table}" in damage.CORPUS
        with Store(whole).file.reading() as connection:
            assert value(connection, f"SELECT 1 FROM {table} LIMIT 1"), table


def test_a_damaged_archived_text_is_left_out_and_reported(whole: Path, tmp_path: Path) -> None:
    path = Path(shutil.copyfile(whole, tmp_path / "facts.db"))
    damage.CORPUS["a bit of an archived text"].do(path)
    new = tmp_path / "new.db"
    with pytest.raises(
        Corrupt, match=r"new\.db was rebuilt, except for what the ledger itself does not hold: the archived text"
    ):
        Store(path).rebuild_into(new)
    assert said_of(new, Store(path).head()) == []
    assert Store(new).text("herald") is None


def test_redacted_content_stays_so_in_a_rebuilt_file(whole: Path, tmp_path: Path) -> None:
    path = Path(shutil.copyfile(whole, tmp_path / "facts.db"))
    with Store(path) as store:
        store.redact(7, why="asked for")
    new = tmp_path / "new.db"
    assert Store(path).rebuild_into(new) == Store(path).head()
    assert said_of(new) == []
    assert [one.json() for one in Store(new).log()] == [one.json() for one in Store(path).log()]
