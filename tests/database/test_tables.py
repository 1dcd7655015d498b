"""The file is the same however it was made, explains itself to any client, and changes as a whole or not at all."""

from __future__ import annotations

import ast
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest
from alembic.config import main as alembic_command

from factstore.database import names, tables
from factstore.database.sqlite import pages, schema
from factstore.database.sqlite.file import LedgerFile
from factstore.database.views import VIEWS
from factstore.errors import Corrupt, DocumentError, InputError, NoLedger, Refused, SchemaVersion
from factstore.maintenance import upgrade
from factstore.store import Store
from tests.conftest import NewStore
from tests.ledger.test_chain import CHRONOLOGY
from tests.support import forks
from tests.support.checks import check_store, rows_of
from tests.system.test_frozen import thawed

#: The number of the next migration.
NEXT = f"{int(names.REVISION) + 1:04}"

OURS = (*tables.LEDGER, tables.archived_text, *tables.PROJECTION)

Master = set[tuple[str, str, str, str | None]]


def master(path: Path) -> Master:
    """The definitions of everything in the file, to the letter."""
    with closing(sqlite3.connect(path)) as connection:
        return {*connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")}


def create(path: Path) -> Path:
    with LedgerFile(path).writing(checked=False) as connection:
        schema.create(connection)
        connection.commit()
    return path


def named(path: Path, type_: str) -> set[str]:
    return {name for kind, name, *_ in master(path) if kind == type_}


# --- made and migrated --------------------------------------------------------------------------------------


@pytest.mark.parametrize("there", [True, False], ids=["an empty file", "no file"])
def test_a_file_from_the_migrations_is_one_from_the_schema_to_the_letter(tmp_path: Path, there: bool) -> None:
    made, migrated = create(tmp_path / "made.db"), tmp_path / "migrated.db"
    if there:
        migrated.touch()
    upgrade.run(LedgerFile(migrated))
    assert master(migrated) == master(made)
    for pragma in ("application_id", "user_version", "encoding"):
        with closing(sqlite3.connect(made)) as one, closing(sqlite3.connect(migrated)) as other:
            query = f"PRAGMA {pragma}"
            assert one.execute(query).fetchone() == other.execute(query).fetchone()


def test_a_ledger_in_migrated_tables_works_like_any_other(bare: Store, store: Store) -> None:
    bare.init()
    for one in (bare, store):
        one.load(CHRONOLOGY)
        one.correct("call", {"when": "2018-03-21"}, message="misread")
        one.withdraw("visit", message="another was meant")
        check_store(one)
    found, wanted = rows_of(bare), rows_of(store)
    del found["committed"], wanted["committed"]  # when and by whom
    assert found == wanted


def test_the_file_holds_what_schema_names_and_nothing_else(path: Path) -> None:
    create(path)
    search = {"search", *(f"search_{part}" for part in ("config", "data", "docsize", "idx"))}
    assert named(path, "table") == {table.name for table in OURS} | search | {"_alembic_version"}
    assert named(path, "trigger") == {*schema.TRIGGERS}
    assert named(path, "view") == {*VIEWS}


def test_the_file_says_that_it_is_ours(path: Path) -> None:
    create(path)
    with closing(sqlite3.connect(path)) as connection:
        (found,) = connection.execute("PRAGMA application_id").fetchone()
    assert found.to_bytes(4, "big") == b"fact"


def test_every_table_of_ours_is_strict(path: Path) -> None:
    create(path)
    with closing(sqlite3.connect(path)) as connection:
        strict = dict(connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'"))
    ours = {table.name for table in OURS}
    assert {name for name, is_strict in strict.items() if is_strict} == ours


def test_references_hold_in_a_filled_file(store: Store) -> None:
    store.load(CHRONOLOGY)
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_of_the_first_schema_becomes_one_of_today_to_the_letter(tmp_path: Path) -> None:
    store = thawed("0001", tmp_path)
    store.upgrade()
    assert master(store.path) == master(create(tmp_path / "made.db"))


# --- migrations ---------------------------------------------------------------------------------------------

GOOD = "op.execute('CREATE TABLE note (position INTEGER NOT NULL PRIMARY KEY) STRICT')"
BAD = f"{GOOD}; op.execute('DROP VIEW timeline'); op.execute('CREATE TABLE note (x)')"


@pytest.fixture
def second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a test may write another migration, beside copies of ours."""
    folder = tmp_path / "migrations"
    shutil.copytree(upgrade.migrations(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(upgrade, "migrations", lambda: folder)
    return folder / "versions" / f"{NEXT}_next.py"


def _write(migration: Path, body: str) -> None:
    migration.write_text(
        dedent(
            f"""
            from alembic import op

            revision = "{NEXT}"
            down_revision = "{names.REVISION}"

            def upgrade() -> None:
                {body}
            """
        )
    )


def test_a_migration_that_fails_halfway_leaves_nothing(store: Store, second: Path) -> None:
    store.load(CHRONOLOGY)
    before, content = master(store.path), _dump(store.path)
    _write(second, BAD)
    with pytest.raises(Corrupt, match="note"):
        upgrade.run(LedgerFile(store.path))
    assert master(store.path) == before
    assert _dump(store.path) == content
    assert store.verify().ok


def test_migrations_that_fail_on_a_new_file_leave_it_empty(path: Path, second: Path) -> None:
    _write(second, BAD)
    with pytest.raises(Corrupt, match="note"):
        upgrade.run(LedgerFile(path))
    assert master(path) == set()


def test_a_migration_that_succeeds_keeps_everything_else(store: Store, second: Path) -> None:
    store.load(CHRONOLOGY)
    before, content = master(store.path), _dump(store.path)
    _write(second, GOOD)
    upgrade.run(LedgerFile(store.path))
    assert {name for _, name, *_ in master(store.path) - before} == {"note"}
    assert before <= master(store.path)
    assert [line for line in content if "_alembic_version" not in line] == [
        line for line in _dump(store.path) if "_alembic_version" not in line and "note" not in line
    ]
    with pytest.raises(SchemaVersion, match=rf"has schema {NEXT}, newer than"):
        store.head()


def test_a_version_that_no_migration_leads_from_is_refused(store: Store) -> None:
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("UPDATE _alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(SchemaVersion, match="version of its schema is unknown"):
        upgrade.run(LedgerFile(store.path))


def _dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_the_newest_migration_is_the_one_that_schema_names(path: Path) -> None:
    upgrade.run(LedgerFile(path))
    with LedgerFile(path).reading(checked=False) as connection:
        assert schema.revision(connection, "it") == names.REVISION


@pytest.mark.parametrize("file", sorted((upgrade.migrations() / "versions").glob("*.py")), ids=lambda file: file.name)
def test_a_migration_is_frozen_and_imports_no_live_code(file: Path) -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }
    assert imported <= {"alembic", "sqlalchemy"}


def test_a_file_that_is_up_to_date_is_opened_and_written_without_alembic(store: Store) -> None:
    program = f"""
        import sys
        import factstore
        store = factstore.open({str(store.path)!r})
        store.load({CHRONOLOGY!r})
        assert [found.fact.id for found in store.timeline] and store.verify().ok
        print([name for name in sys.modules if name.split(".")[0] in ("alembic", "mako")])
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", dedent(program)], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


# --- Alembic itself -----------------------------------------------------------------------------------------

CHECKOUT = Path(__file__).parents[2]


def alembic(*words: str, db: Path | None = None, cwd: Path = CHECKOUT) -> tuple[int, str, str]:
    """What the `alembic` command prints in a checkout."""
    environment = {name: value for name, value in os.environ.items() if name != "FACTSTORE_DB"}
    if db:
        environment["FACTSTORE_DB"] = str(db)
    done = forks.run(alembic_command, *words, env=environment, cwd=cwd)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with no ledger in it."""
    folder = tmp_path / "checkout"
    shutil.copytree(CHECKOUT / "migrations", folder / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(CHECKOUT / "alembic.ini", folder)
    return folder


def test_alembic_makes_a_schema_and_reports_its_revision(path: Path) -> None:
    assert alembic("current", db=path) == (0, "", "")
    assert not path.exists(), "to ask makes no file"
    assert alembic("upgrade", "head", db=path) == (0, "", "")
    assert master(path) == master(create(path.with_name("made.db")))
    assert alembic("current", db=path)[:2] == (0, f"{names.REVISION} (head)\n")
    assert f" -> {names.REVISION} (head), " in alembic("history")[1].splitlines()[0]
    code, said, _ = alembic("check", db=path)
    assert (code, said.splitlines()[-1:]) == (0, ["No new upgrade operations detected."])


def test_alembic_uses_the_ledger_that_is_named_most_specifically(checkout: Path) -> None:
    def made() -> list[str]:
        return sorted(found.name for found in checkout.glob("*.db"))

    assert alembic("upgrade", "head", cwd=checkout)[0] == 0
    assert made() == ["facts.db"]
    assert alembic("upgrade", "head", db=checkout / "environment.db", cwd=checkout)[0] == 0
    with (checkout / "alembic.ini").open("a") as file:
        file.write("sqlalchemy.url = sqlite:///setting.db\n")
    assert alembic("upgrade", "head", db=checkout / "none.db", cwd=checkout)[0] == 0
    assert alembic("-x", "db=argument.db", "upgrade", "head", db=checkout / "none.db", cwd=checkout)[0] == 0
    assert made() == ["argument.db", "environment.db", "facts.db", "setting.db"]


def test_alembic_makes_a_schema_in_an_empty_file_too(path: Path) -> None:
    path.touch()
    assert alembic("upgrade", "head", db=path) == (0, "", "")
    Store(path).init()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_alembic_check_finds_what_is_not_as_the_schema_has_it(path: Path) -> None:
    create(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE fact ADD COLUMN note TEXT")
        connection.commit()
    assert alembic("check", db=path)[0] != 0


@pytest.mark.parametrize("words", [["downgrade", "-1"], ["downgrade", "base"], ["downgrade", "head:0001", "--sql"]])
def test_a_downgrade_is_refused_in_one_sentence(store: Store, words: list[str]) -> None:
    before = _dump(store.path)
    code, said, told = alembic(*words, db=store.path)
    assert code != 0
    assert "a ledger's schema cannot be downgraded" in said + told
    assert "Traceback" not in told
    assert _dump(store.path) == before


@pytest.mark.parametrize("words", [["stamp", "base"], ["stamp", "0003"], ["stamp", "0003:head", "--sql"]])
def test_a_ledger_is_not_stamped_with_a_schema_that_it_has_not(store: Store, words: list[str]) -> None:
    before = _dump(store.path)
    code, said, told = alembic(*words, db=store.path)
    assert (code != 0, "a ledger is not stamped" in said + told, "Traceback" in told) == (True, True, False)
    assert _dump(store.path) == before


def test_a_ledger_that_names_a_schema_that_it_has_not_is_saved_as_the_refusal_says(
    store: Store, tmp_path: Path
) -> None:
    store.load(CHRONOLOGY)
    head = store.head()
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("UPDATE _alembic_version SET version_num = '0003'")
        connection.commit()
    store = Store(store.path)
    for act in (store.verify, store.rebuild, store.facts):
        with pytest.raises(SchemaVersion, match="`factstore upgrade` brings it up to date"):
            act()
    with pytest.raises(
        Corrupt, match=r"already exists\); `factstore rebuild --into FILE` copies the ledger"
    ) as refused:
        store.upgrade()
    assert "`factstore rebuild`" not in str(refused.value)
    assert store.rebuild_into(tmp_path / "saved.db") == head
    assert Store(tmp_path / "saved.db").verify().ok


def test_the_script_that_alembic_prints_makes_the_schema_to_the_letter(path: Path) -> None:
    code, script, told = alembic("upgrade", "head", "--sql")
    assert (code, told) == (0, "")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    assert master(path) == master(create(path.with_name("made.db")))
    Store(path).init()
    assert Store(path).verify().ok


def test_the_script_of_later_migrations_upgrades_an_older_file(tmp_path: Path) -> None:
    store = thawed("0001", tmp_path)
    _, script, _ = alembic("upgrade", "0001:head", "--sql")
    with closing(sqlite3.connect(store.path)) as connection:
        connection.executescript(script)
    assert master(store.path) == master(create(tmp_path / "made.db"))
    store.rebuild()  # statements alone fold no ledger
    assert store.verify().ok


def test_alembic_touches_no_foreign_database(tmp_path: Path) -> None:
    other, text = tmp_path / "other.db", tmp_path / "letter.txt"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    text.write_text("no database")
    for path, words in ((other, "not a Factstore ledger"), (text, "is not an SQLite database")):
        before = path.read_bytes()
        code, said, told = alembic("upgrade", "head", db=path)
        assert (code != 0, words in said + told, "Traceback" in told) == (True, True, False)
        assert path.read_bytes() == before
    assert "is not supported" in "".join(alembic("-x", "db=mysql://host/x", "current")[1:])


def test_alembic_says_what_a_ledger_on_a_server_needs(tmp_path: Path) -> None:
    words = ("-x", "db=postgresql://host/x", "current")
    try:
        import psycopg  # noqa: F401
    except ModuleNotFoundError:
        pass
    else:
        assert "`factstore upgrade --db URL`" in "".join(alembic(*words)[1:])
    code = "import sys; sys.modules['psycopg'] = None; from alembic.config import main; main()"
    told = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert told.returncode != 0
    assert "pip install 'factstore-timeline[postgresql]'" in told.stdout + told.stderr


# --- a schema without a ledger ------------------------------------------------------------------------------


@pytest.fixture
def bare(path: Path) -> Store:
    """Only tables, as Alembic makes them."""
    upgrade.run(LedgerFile(path))
    pages.make_durable(path)
    return Store(path)


def test_tables_alone_become_a_ledger_by_init_load_or_add(bare: Store, tmp_path: Path) -> None:
    acts: dict[str, Callable[[Store], object]] = {
        "init": lambda store: store.init(zone="+03:00"),
        "load": lambda store: store.load(CHRONOLOGY),
        "add": lambda store: store.add("They spoke", source="paper", new_source={"title": "The Paper"}),
    }
    for name, act in acts.items():
        store = Store(shutil.copyfile(bare.path, tmp_path / f"{name}.db"))
        act(store)
        assert store.verify().ok
        assert [row.kind for row in store.log()][-1] == "ledger.created"
        with closing(sqlite3.connect(store.path)) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        with pytest.raises(Refused, match="already exists"):
            store.init()


def test_load_says_that_it_began_the_ledger_and_the_next_does_not(bare: Store) -> None:
    assert bare.load({}).created
    assert not bare.load(CHRONOLOGY).created


def test_a_refused_write_or_dry_run_begins_no_ledger(bare: Store) -> None:
    before = _dump(bare.path)
    bare.load(CHRONOLOGY, dry_run=True)
    with pytest.raises(DocumentError):
        bare.load({"facts": [{"id": "a", "title": "A"}]})
    with pytest.raises(InputError):
        bare.init(zone="Mars")
    assert _dump(bare.path) == before


def test_a_question_to_empty_tables_says_how_a_ledger_begins(bare: Store) -> None:
    for ask in (bare.facts, lambda: [*bare.timeline], bare.log, lambda: bare.withdraw("it", message="x")):
        with pytest.raises(NoLedger, match="the ledger is empty"):
            ask()


def test_an_older_schema_alone_is_upgraded_first(path: Path) -> None:
    upgrade.run(LedgerFile(path), "0002")
    with pytest.raises(SchemaVersion, match="factstore upgrade"):
        Store(path).init()
    assert Store(path).upgrade() == ("0002", names.REVISION)
    Store(path).init()


# --- views --------------------------------------------------------------------------------------------------


def test_the_views_that_people_read_exist() -> None:
    assert {*VIEWS} == {
        "timeline",
        "facts",
        "fact_versions",
        "citations",
        "speakers",
        "sources",
        "orderings",
        "certain_before",
        "came_before",
        "conflicts",
        "corrections",
        "log",
        "searchable",
    }


@pytest.fixture(scope="module")
def filled(new_store: NewStore) -> Path:
    store = new_store()
    store.load(CHRONOLOGY, message="first reading", by="Ann")
    store.correct("call", {"when": "2018-03-21", "tags": ["talk"]}, message="misread", by="Ann")
    store.correct("call", {"when": "2018-03-22", "tags": None}, reason="source-corrected", message="erratum", by="Ben")
    store.correct("call", {"tags": ["talks"]}, message="again", by="Ben")
    store.add(
        "They had spoken before",
        source="herald",
        when="-0044-03",
        id="earlier",
        evidence={"attribution": ["kremlin", "X"]},
    )
    store.relate("visit", "before", "earlier", id="impossible", allow_conflict=True)
    store.add("They spoke again", source="herald", id="again")
    store.relate("visit", "before", "again")
    store.withdraw("herald", message="a hoax", allow_conflict=True, allow_unsupported=True)
    store.restore("herald", message="no hoax", allow_conflict=True)
    return store.path


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_needs_nothing_of_ours(filled: Path, view: str) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")  # as in our own connections and other careful ones
        found = connection.execute(f"SELECT * FROM {view}")
        assert [column[0] for column in found.description] == [*VIEWS[view].columns]
        assert found.fetchall() != []


def _all(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_the_timeline_has_a_year_and_a_month_to_group_by(filled: Path) -> None:
    assert _all(filled, "SELECT id, year, month, earliest, latest, citations FROM timeline") == [
        ("earlier", -44, "-0044-03", "-0044-03-01", "-0044-03-31", 1),
        ("call", 2018, "2018-03", "2018-03-22", "2018-03-22", 1),
        ("visit", 2018, "2018-04", "2018-04-01", "2018-04-02", 1),
        ("again", 2018, "2018-04", "2018-04-01", None, 1),
    ]


def test_corrections_show_each_field_before_and_after_and_who_said_so(filled: Path) -> None:
    query = "SELECT id, field, before, after, reason, message, recorded_by FROM corrections ORDER BY position, field"
    assert _all(filled, query) == [
        ("call", "tags", None, '["talk"]', "other", "misread", "Ann"),
        ("call", "when", "2018-03-20", "2018-03-21", "other", "misread", "Ann"),
        ("call", "tags", '["talk"]', None, "source-corrected", "erratum", "Ben"),
        ("call", "when", "2018-03-21", "2018-03-22", "source-corrected", "erratum", "Ben"),
        ("call", "tags", None, '["talks"]', "other", "again", "Ben"),
    ]


def test_citations_show_who_said_it_to_whom_in_order(filled: Path) -> None:
    assert _all(filled, "SELECT attribution FROM citations WHERE about = 'earlier'") == [("The Kremlin → X",)]


def test_orderings_show_whether_they_are_in_force(filled: Path) -> None:
    assert _all(filled, "SELECT id, in_force FROM orderings ORDER BY id") == [
        ("call.before.visit", 1),
        ("impossible", 0),
        ("visit.before.again", 1),
    ]
    assert _all(filled, "SELECT id FROM conflicts") == [("impossible",)]


def test_fact_versions_show_when_each_held(filled: Path) -> None:
    found = _all(filled, "SELECT edtf, from_position, to_position FROM fact_versions WHERE id = 'call'")
    assert [edtf for edtf, *_ in found] == ["2018-03-20", "2018-03-21", "2018-03-22", "2018-03-22"]
    assert [since for _, since, _ in found[1:]] == [until for *_, until in found[:-1]]
    assert found[-1][2] is None


def test_the_log_shows_every_record_with_its_commit(filled: Path) -> None:
    positions = _all(filled, "SELECT position FROM record ORDER BY position")
    assert _all(filled, "SELECT position FROM log") == positions
    assert _all(filled, 'SELECT count(*) FROM log WHERE "commit" < position OR recorded_by IS NULL') == [(0,)]


def test_the_views_are_the_same_in_the_shell(filled: Path) -> None:
    shell = shutil.which("sqlite3")
    if shell is None:
        pytest.skip("this machine has no sqlite3 shell")
    for view in VIEWS:
        done = subprocess.run([shell, "-batch", filled, f"SELECT count(*) FROM {view}"], capture_output=True, text=True)
        assert done.stderr == ""
        assert [(int(done.stdout),)] == _all(filled, f"SELECT count(*) FROM {view}")
