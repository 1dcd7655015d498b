"""The promises of the page on security: values are bound, nothing else is opened or readable, YAML builds no objects."""

from __future__ import annotations

import ast
import json
import os
import re
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from functools import wraps
from inspect import isfunction
from pathlib import Path
from stat import S_IMODE
from textwrap import dedent
from typing import Any

import pytest

import factstore
from factstore.chronology import Chronology, Reader
from factstore.database.sqlite import connections
from factstore.database.sqlite.dialect import LedgerConnection
from factstore.documents.reading import read
from factstore.errors import DocumentError, FactstoreError
from factstore.repository.timeline import Timeline
from factstore.store import Store
from tests.cli.test_cli import run
from tests.support.checks import refusing

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "factstore").rglob("*.py"))

# --- what is given is bound, never part of a statement ----------------------------------------------------------

#: A mark in all texts that are passed in, also as ids.
MARK = "zmarkz"
HOSTILE = f"{MARK}' OR 1=1; DROP TABLE record; --"


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[str], list[str]]]:
    """The texts of all statements that reach SQLite in the meantime, and the bound values."""
    said: list[str] = []
    bound: list[str] = []

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Any = ()) -> Any:
            said.append(sql)
            bound.append(str(parameters))
            return super().execute(sql, parameters)

        def executemany(self, sql: str, rows: Any) -> Any:
            said.append(sql)
            rows = list(rows)
            bound.append(str(rows))
            return super().executemany(sql, rows)

    class Connection(LedgerConnection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def execute(self, sql: str, parameters: Any = ()) -> Any:
            return self.cursor().execute(sql, parameters)

    connect = sqlite3.connect
    with monkeypatch.context() as patched:
        patched.setattr(
            sqlite3, "connect", lambda *given, **options: connect(*given, **options | {"factory": Connection})
        )
        yield said, bound


def document() -> dict[str, Any]:
    """A document with the mark in all texts that it can have."""
    evidence = dict.fromkeys(("quote", "prefix", "suffix", "locator", "phrase", "hedge", "unnamed"), HOSTILE)
    cited = {"source": f"{MARK}-paper", "attribution": [HOSTILE, f"{MARK}-ann"], "said": "2018-04-01"} | evidence
    return {
        "sources": [
            {"id": f"{MARK}-paper", "title": HOSTILE, "publisher": HOSTILE, "url": HOSTILE, "published": "2018-04-02"}
        ],
        "speakers": [{"id": f"{MARK}-ann", "name": HOSTILE, "aliases": [f"{HOSTILE} 2"]}],
        "facts": [
            {
                "id": f"{MARK}-{name}",
                "title": HOSTILE,
                "when": "2018-04-01",
                "phrase": HOSTILE,
                "place": HOSTILE,
                "participants": [{"name": HOSTILE, "role": HOSTILE}],
                "tags": [HOSTILE],
                "attributes": {HOSTILE: HOSTILE},
                "evidence": [cited],
            }
            for name in "ab"
        ],
        "orderings": [
            {
                "id": f"{MARK}-o",
                "fact": f"{MARK}-a",
                "relation": "intersects",
                "other": f"{MARK}-b",
                "phrase": HOSTILE,
                "evidence": [cited],
            }
        ],
    }


A, B, PAPER = f"{MARK}-a", f"{MARK}-b", f"{MARK}-paper"
_FILTERS: dict[str, Any] = {
    "text": HOSTILE,
    "participant": HOSTILE,
    "place": HOSTILE,
    "tag": HOSTILE,
    "source": HOSTILE,
    "status": [HOSTILE],
}
_RULES: dict[str, Any] = {"message": HOSTILE, "by": HOSTILE}
CALLS: dict[str, Callable[[Store], object]] = {
    "load": lambda store: store.load(document(), **_RULES, allow_missing=True),
    "load again": lambda store: store.load(
        {"facts": [document()["facts"][0] | {"place": MARK}]}, correct="other", **_RULES
    ),
    "load with prune": lambda store: store.load(
        {"facts": [document()["facts"][0] | {"evidence": []}]}, prune="other", dry_run=True
    ),
    "facts": lambda store: store.facts(**_FILTERS, evidence=True),
    "statuses": lambda store: store.statuses(**_FILTERS),
    "timeline": lambda store: store.timeline.all(**_FILTERS, evidence=True),
    "before": lambda store: store.timeline.before(A, **_FILTERS, why=True),
    "after": lambda store: store.timeline.after("2018", **_FILTERS),
    "between": lambda store: store.timeline.between("2018", B, **_FILTERS),
    "overlapping": lambda store: store.timeline.overlapping(A, **_FILTERS),
    "earlier": lambda store: store.at(known=3).facts(**_FILTERS),
    "by evidence": lambda store: store.at(published="2018-05", held=None).facts(**_FILTERS),
    "order": lambda store: store.timeline.order(A, B),
    "find": lambda store: store.find(HOSTILE),
    "find by beginning": lambda store: store.find(MARK),
    "find in time": lambda store: store.timeline.find(HOSTILE),
    "find a date in time": lambda store: store.timeline.find("yesterday", date(2018, 4, 2)),
    "since a date": lambda store: store.facts(since=HOSTILE),
    "anchor of": lambda store: store.anchor_of(A),
    "beginning with": lambda store: [
        store.beginning_with(HOSTILE, *kinds) for kinds in ((), ("tag",), ("participant",))
    ],
    "kinds": lambda store: store.find(MARK, HOSTILE),
    "fact": lambda store: store.fact(HOSTILE),
    "show": lambda store: [store.show(name) for name in (A, PAPER, f"{MARK}-ann", f"{MARK}-o", f"{A}/{PAPER}/1")],
    "history": lambda store: store.history(A),
    "who says": lambda store: store.who_says(A),
    "said by": lambda store: store.said_by(HOSTILE),
    "nobody": lambda store: store.said_by(f"{HOSTILE} nobody"),
    "names near": lambda store: store.names_near(HOSTILE),
    "known at": lambda store: store.at(known=HOSTILE),
    "published by": lambda store: store.at(published=HOSTILE),
    "diff": lambda store: store.diff(1),
    "conflicts": lambda store: store.conflicts(),
    "dump": lambda store: [store.dump(kind, texts=True) for kind in ("yaml", "json", "jsonl", "csv")],
    "text": lambda store: store.text(PAPER),
    "pairs": lambda store: store.pairs([A, MARK]),
    "source": lambda store: store.add_source(HOSTILE, id=PAPER, allow_missing=True, **_RULES),
    "new source": lambda store: store.add_source(title=HOSTILE, **_RULES),
    "add": lambda store: store.add(HOSTILE, source=PAPER, quote=HOSTILE, **_RULES),
    "cite": lambda store: store.cite(A, source=PAPER, quote=HOSTILE, evidence={"locator": HOSTILE}, **_RULES),
    "relate": lambda store: store.relate(A, "before", B, phrase=HOSTILE, allow_conflict=True, **_RULES),
    "relation": lambda store: store.relate(A, HOSTILE, B),
    "correct": lambda store: store.correct(
        A, {"title": f"{HOSTILE} 2", "tags": [HOSTILE]}, evidence=[f"{A}/{PAPER}/1"], **_RULES
    ),
    "correct a field": lambda store: store.correct(A, {HOSTILE: HOSTILE}),
    "add all": lambda store: store.add_all([{"title": HOSTILE, "evidence": [{"source": HOSTILE}]}], **_RULES),
    "withdraw": lambda store: store.withdraw(B, **_RULES),
    "restore": lambda store: store.restore(B, **_RULES),
    "check quotes": lambda store: store.check_quotes(**_RULES),
    "revert": lambda store: store.revert(store.head().position, **_RULES),
    "redact": lambda store: store.redact(store.history(A)[0].position, why=HOSTILE, message=HOSTILE, by=HOSTILE),
    "asked for what was redacted": lambda store: store.find(A),
    "backup": lambda store: store.backup(store.path.with_name(HOSTILE)),
    "log_after": lambda store: store.log_after(1),
    "copy": lambda store: store.copy(store.path.with_name(f"{HOSTILE} copied")),
    "batches": lambda store: [*store.load_in_batches(store.path.with_name(HOSTILE), 1)],
    "period": lambda store: store.period(HOSTILE),
    "pairs of facts": lambda store: store.pairs([A, B]),
    "share": lambda store: store.share(store.path.with_name(f"{HOSTILE} part.db"), [HOSTILE]),
    "share facts": lambda store: store.share(store.path.with_name(f"{HOSTILE} part.db"), [A]),
    "check files": lambda store: store.check_files(store.path.parent),
    "commits": lambda store: store.commits(),
    "resting on": lambda store: store.resting_on(HOSTILE),
    "resting on a fact": lambda store: store.resting_on(A),
    "withdrawn": lambda store: store.withdrawn([HOSTILE]),
    "withdrawn fact": lambda store: store.withdrawn([A]),
    "cautions": lambda store: store.cautions([HOSTILE]),
    "cautions about a fact": lambda store: store.cautions([A]),
    "log after": lambda store: store.log_after(1),
    "compare": lambda store: store.compare(store.path.with_name(f"{HOSTILE} part.db")),
    "statement": lambda store: store.statement(HOSTILE),
    "rebuild beside": lambda store: store.rebuild_into(store.path.with_name(f"{HOSTILE}.db")),
    "verify": lambda store: store.verify(),
    "rebuild": lambda store: store.rebuild(),
}


#: Public calls that take neither a text nor a number that reaches the database.
_TAKES_NOTHING = {
    "held",
    "close",
    "entries",
    "head",
    "init",
    "log",
    "orderings",
    "overview",
    "waiting",
    "sheets",
    "sources",
    "spans",
    "sql",  # whose caller writes the statement
    "undated",
    "upgrade",
}


def test_values_are_bound_and_never_part_of_a_statement(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public: set[str] = set()
    called: set[str] = set()

    def noted(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def note(*given: Any, **options: Any) -> Any:
            called.add(method.__name__)
            return method(*given, **options)

        return note

    for face in (Store, Reader, Chronology, Timeline):
        for name, method in [*vars(face).items()]:
            if isfunction(method) and not name.startswith("_"):
                public.add(name)
                monkeypatch.setattr(face, name, noted(method))
    with statements(monkeypatch) as (said, bound):
        store = Store(path)
        for name, call in CALLS.items():
            with suppress(FactstoreError):  # some values name nothing, or are not a relation or a date
                call(store)
            assert not [sql for sql in said if MARK in sql], name
        assert store.verify().ok
    assert len(said) > 500
    assert sum(MARK in values for values in bound) > 100
    assert public - called <= _TAKES_NOTHING
    store.close()


# --- nothing is run, and nothing else is opened -------------------------------------------------------------------


def test_nothing_can_run_input_or_reach_other_machines() -> None:
    """No module imports what could evaluate a text, load objects, start a program, or reach another machine."""
    forbidden = {
        "pickle",
        "marshal",
        "shelve",
        "ctypes",
        "subprocess",
        "urllib.request",
        "http.client",
        "socket",
        "ftplib",
        "smtplib",
        "requests",
        "httpx",
    }
    for module in MODULES:
        listens = module.parent.name == "browser"
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                named = {name.name for name in node.names}
                assert forbidden.isdisjoint(named - {"socket"} if listens else named), module
            elif isinstance(node, ast.ImportFrom):
                assert node.module not in forbidden, module
            elif isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in (
                    "eval",
                    "exec",
                    "compile",
                    "os.system",
                    "os.popen",
                    "yaml.load",
                    "yaml.unsafe_load",
                    "yaml.full_load",
                ), module
                assert not called.endswith(("enable_load_extension", "load_extension")), module


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.mkdir [pwned]",
        "!!python/name:os.system x",
        "!!python/module:os x",
        "!include /etc/passwd",
        "!!binary aGVsbG8=",
        "!!timestamp 2018-04-02",
        "!!set {a, b}",
    ],
)
def test_a_tag_of_yaml_builds_nothing(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    content = f"facts:\n  - id: a\n    title: T\n    place: {text}\n"
    with suppress(DocumentError):
        for entry in read(content, "notes.yaml").entries:
            place = entry.said.place
            assert isinstance(place, str)
            assert place == text.partition(" ")[2]
    assert not [*tmp_path.iterdir()]


_AUDITED = """
    import json, os, sys
    import factstore
    from factstore.errors import FactstoreError

    folder, *documents = sys.argv[1:]
    def use(name, db):
        store = factstore.open(db)
        try:
            store.load(name, allow_missing=True)
            store.verify()
            [store.dump(kind, texts=True) for kind in ("yaml", "json", "jsonl", "csv")]
            [store.show(fact.id) for fact in store.facts(evidence=True)]
            store.timeline.before("2019", why=True)
            store.check_quotes()
        except FactstoreError:
            pass
        store.close()

    for n, name in enumerate(documents):  # what is imported late is imported now
        use(name, f"{folder}/warm-{n}.db")
    opened = []
    def watch(event, given):
        if event in ("open", "sqlite3.connect", "os.listdir", "os.scandir", "shutil.copyfile"):
            opened.append([event, os.fsdecode(given[0]) if isinstance(given[0], (str, bytes, os.PathLike)) else ""])
        elif event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "ctypes.",
                               "urllib.", "sqlite3.enable_load_extension", "sqlite3.load_extension")):
            opened.append([event, str(given)])
    sys.addaudithook(watch)
    for n, name in enumerate(documents):
        use(name, f"{folder}/facts-{n}.db")
    print(json.dumps(opened))
"""


def test_a_path_or_an_address_in_a_document_is_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    paths = [
        str(secret),
        secret.as_uri(),
        "/etc/passwd",
        "file:///etc/passwd",
        "http://127.0.0.1:9/x",
        "../secret.txt",
        "~/.netrc",
    ]
    sources = [
        {"id": f"s{n}", "title": one, "publisher": one, "url": one, "text": f"{one} and more"}
        for n, one in enumerate(paths)
    ]
    facts = [
        {
            "id": f"f{n}",
            "title": one,
            "place": one,
            "tags": [one],
            "attributes": {"file": one, "include": one},
            "evidence": [{"source": f"s{n}", "quote": one, "locator": one, "attribution": [one]}],
        }
        for n, one in enumerate(paths)
    ]
    names = []
    for kind, given in (
        ("json", json.dumps({"sources": sources, "facts": facts})),
        ("jsonl", "".join(json.dumps({"source": one}) + "\n" for one in sources)),
        ("yaml", json.dumps({"sources": sources, "facts": facts}) + "\n# !include /etc/passwd\n"),
        ("csv", "id,title,place,source\n" + "".join(f"f{n},{one},{one},s{n}\n" for n, one in enumerate(paths))),
        ("refused.yaml", f"sources: [{{id: s, text: {secret}}}, !include {secret}]\n"),
    ):
        name = tmp_path / f"notes.{kind}"
        name.write_text(given, encoding="utf-8")
        names.append(str(name))
    command = [sys.executable, "-c", dedent(_AUDITED), str(tmp_path), *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    opened = json.loads(done.stdout)
    ours = re.compile(rf"(?:file:)?{re.escape(str(tmp_path))}/\.?(?:facts-\d\.db|notes\.[\w.]+)(?:[-.?].*)?|:memory:|")
    assert [one for one in opened if not ours.fullmatch(one[1]) and one != ["open", str(tmp_path)]] == []
    assert {name for event, name in opened if event == "open"} >= set(names)
    assert secret.name not in " ".join(one for _, one in opened)


# --- who may read -----------------------------------------------------------------------------------------------


@contextmanager
def masked(mask: int) -> Iterator[None]:
    held = os.umask(mask)
    try:
        yield
    finally:
        os.umask(held)


@pytest.mark.skipif(os.name == "nt", reason="what may be read is said otherwise there")
@pytest.mark.parametrize("mask", [0o077, 0o027])
def test_no_file_is_more_readable_than_the_mask_allows(mask: int, tmp_path: Path) -> None:
    db, notes = tmp_path / "facts.db", tmp_path / "notes.jsonl"
    seen: dict[str, int] = {}

    def look() -> None:
        for one in tmp_path.iterdir():
            if one != notes:
                seen[re.sub(r"\.new-.*", ".new", one.name)] = S_IMODE(one.stat().st_mode)

    source = {"source": {"id": "s", "title": "S", "text": "They left."}}
    fact = {"fact": {"id": "a", "title": "A", "when": "2018", "evidence": [{"source": "s", "quote": "They left"}]}}
    notes.write_text(f"{json.dumps(source)}\n{json.dumps(fact)}\nnot JSON\n")
    with masked(mask):
        assert run("load", str(notes), "--batch", "1", "--skip-bad", str(tmp_path / "bad.jsonl"), db=db).code == 0
        with factstore.open(db) as store:
            store.add("B", source="s")
            store.facts()
            look()
        for words in (
            ("init", "--db", str(tmp_path / "other.db")),
            ("backup", str(tmp_path / "backup.db")),
            ("rebuild", "--into", str(tmp_path / "rebuilt.db")),
            ("dump", "-o", str(tmp_path / "dump.yaml"), "--texts"),
            ("dump", "--format", "csv", "-o", str(tmp_path / "dump.csv")),
            ("picture", str(tmp_path / "page.html")),
        ):
            told = run(*words, db=db)
            assert told.code == 0, told
        look()
    assert {
        "facts.db",
        "facts.db-wal",
        "facts.db-shm",
        "bad.jsonl",
        "other.db",
        "backup.db",
        "rebuilt.db",
    } <= seen.keys()
    assert {"dump.yaml", "dump.csv", "dump-sources.csv", "page.html"} <= seen.keys()
    assert {name: oct(mode) for name, mode in seen.items() if mode & mask or mode & 0o111} == {}


# --- a stranger's file ------------------------------------------------------------------------------------------


@pytest.fixture
def strange(path: Path) -> Path:
    """A ledger that somebody else may have changed."""
    Store(path).load({"sources": [{"id": "s"}], "facts": [{"id": "a", "title": "A", "evidence": [{"source": "s"}]}]})
    return path


def altered(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    "connect",
    [
        lambda path: connections.reader(path, LedgerConnection),
        lambda path: connections.opened(path, "mode=rw", LedgerConnection),
    ],
    ids=["reader", "writer"],
)
def test_a_connection_trusts_no_schema_and_loads_no_extension(strange: Path, connect: Callable[[Path], Any]) -> None:
    with closing(connect(strange)) as connection:
        assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)
        with refusing("ERROR"):
            connection.execute("SELECT load_extension('libm')")


def test_a_view_in_a_strangers_file_cannot_use_what_programs_add_to_sql(strange: Path) -> None:
    altered(strange, "CREATE VIEW lure AS SELECT ask('facts', '') AS told")
    with closing(connections.reader(strange, LedgerConnection)) as connection:
        called = []
        connection.create_function("ask", 2, lambda *given: called.append(given))
        assert connection.execute("SELECT ask('facts', '')").fetchone() == (None,)
        with refusing("ERROR"):
            connection.execute("SELECT * FROM lure")
    assert called == [("facts", "")]


@pytest.mark.parametrize("table", ["record", "payload", "placement", "thing", "fact", "archived_text"])
def test_a_trigger_in_a_strangers_file_is_named(strange: Path, table: str) -> None:
    altered(strange, f"CREATE TRIGGER lure AFTER INSERT ON {table} BEGIN DELETE FROM set_aside; END")
    assert [problem.text for problem in Store(strange).verify().problems] == [
        f"the trigger lure on {table} is not ours"
    ]
    Store(strange).rebuild()
    assert Store(strange).verify().ok


# --- what it is built on ----------------------------------------------------------------------------------------


def test_dependencies_are_few_bounded_and_listed_with_their_licences() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = (ROOT / "docs" / "promises" / "security.md").read_text(encoding="utf-8")
    needed = [
        *project["dependencies"],
        *project["optional-dependencies"]["picture"],
        *project["optional-dependencies"]["browse"],
    ]
    assert len(project["dependencies"]) <= 7
    for dependency in needed:
        name, lowest, highest = re.fullmatch(r"([\w-]+)>=([\d.]+),<([\d.]+)", dependency).groups()  # type: ignore[union-attr]
        lower, upper = ([int(part) for part in bound.split(".")] for bound in (lowest, highest))
        assert lower < upper, dependency
        assert re.search(rf"^\| {name} \| \S+ \| .+ \|$", told, re.MULTILINE), (
            f"docs/promises/security.md tells nothing of {name}"
        )
