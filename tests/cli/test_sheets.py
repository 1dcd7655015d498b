"""Dumps as CSV: facts that can be loaded again unchanged, tables of the rest, and a note on what is left out."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factstore.documents.reading import parse
from factstore.documents.writing import write_csv
from factstore.errors import DocumentError
from factstore.store import Store
from tests.cli.test_cli import process, refused, run
from tests.conftest import NewStore

FULL: dict[str, Any] = {
    "sources": [{"id": "paper", "title": "=1+1", "published": "2018-04-02"}, {"id": "radio", "seen_through": "paper"}],
    "speakers": [{"id": "aide", "name": "An aide", "aliases": ["Aide", "the aide; himself"]}],
    "facts": [
        {
            "id": "call",
            "title": "=HYPERLINK(A1)",
            "when": "[2018-03-29..2018-04-01]",
            "phrase": "late last week",
            "anchor": "2018-04-02",
            "zone": "+03:00",
            "place": "Moscow,\nthe “Kremlin”",
            "participants": [{"name": "Ann", "role": "caller"}, {"name": "Bo; Co"}],
            "tags": ["a", "[b]", "c → d"],
            "attributes": {"length": "an hour"},
            "evidence": [
                {
                    "source": "paper",
                    "quote": "-1 or @so",
                    "prefix": "it said ",
                    "suffix": " then",
                    "attribution": ["aide", "A; B", "C → D"],
                    "said": "2018-04-01",
                },
                {"source": "radio", "stance": "denies", "hedge": "reportedly", "unnamed": "one", "locator": "p. 3"},
            ],
        },
        {"id": "visit", "title": "They met", "tags": ["[b]"], "evidence": [{"source": "paper"}]},
    ],
    "orderings": [
        {
            "fact": "visit",
            "relation": "after",
            "other": "call",
            "gap": {"min": "P1D"},
            "evidence": [{"source": "radio"}],
        }
    ],
}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_loading_dumped_facts_is_a_no_op_and_brings_the_same_elsewhere(store: Store, new_store: NewStore) -> None:
    store.load(FULL)
    sheets = store.sheets()
    assert sheets.left_out == []
    assert store.dump("csv") == sheets.facts
    assert store.load(parse(sheets.facts, "facts.csv")).position is None
    other = new_store()
    other.load({"sources": FULL["sources"], "speakers": FULL["speakers"]}, parse(sheets.facts, "facts.csv"))
    kept = [(kind, entry) for kind, entry in store.entries() if kind != "ordering"]
    assert other.entries() == kept


def test_facts_have_document_keys_as_headers_and_a_row_for_each_citation(store: Store) -> None:
    store.load(FULL)
    found = rows(store.sheets().facts)
    assert [(row["id"], row["source"], row["stance"]) for row in found] == [
        ("call", "paper", "asserts"),
        ("call", "radio", "denies"),
        ("visit", "paper", "asserts"),
    ]
    # To the letter: a cell that a spreadsheet would compute is not altered.
    assert (found[0]["title"], found[0]["quote"]) == ("=HYPERLINK(A1)", "-1 or @so")
    assert json.loads(found[0]["participants"]) == FULL["facts"][0]["participants"]
    assert found[2]["tags"] == '["[b]"]'


def test_the_rest_is_in_tables_beside_it(store: Store) -> None:
    store.load(FULL)
    store.withdraw("radio", allow_unsupported=True)
    beside = {name: rows(text) for name, text in store.sheets().beside.items()}
    assert [(row["id"], row["title"], row["withdrawn"]) for row in beside["sources"]] == [
        ("paper", "=1+1", ""),
        ("radio", "", "true"),
    ]
    assert beside["speakers"][0]["aliases"] == '["Aide", "the aide; himself"]'
    (ordering,) = beside["orderings"]
    assert (ordering["fact"], ordering["relation"], ordering["other"]) == ("call", "before", "visit")
    assert ordering["gap"] == '{"min": "P1D"}'
    assert [(row["about"], row["id"]) for row in beside["citations"]] == [
        ("call", "call/paper/1"),
        ("call", "call/radio/1"),
        ("visit", "visit/paper/1"),
        ("call.before.visit", "call.before.visit/radio/1"),
    ]


def test_what_csv_has_no_room_for_is_counted(store: Store) -> None:
    store.load(FULL)
    evidence = {"when": "2018", "phrase": "that year", "quote": "two\r\nlines"}
    store.cite("visit", source="paper", evidence=evidence)
    store.withdraw("call/radio/1")
    store.add("It rained", source="paper")
    store.withdraw("it-rained")
    store.add("It snowed", source="radio")
    store.withdraw("it-snowed/radio/1", allow_unsupported=True)
    sheets = store.sheets()
    assert sheets.left_out == [
        *("citations' phrase (1)", "citations' when (1)", "facts without evidence (1)", "line ends of CR and LF (1)"),
        *("withdrawn citations (1)", "withdrawn facts (1)"),
    ]
    assert {row["id"] for row in rows(sheets.facts)} == {"call", "visit"}
    assert len(rows(sheets.beside["citations"])) == 7


_WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8).map(
    lambda text: f"x{text}x".replace("\r\n", "\n")
)
_LISTED = st.one_of(_WORDS, st.sampled_from(["[x", "a;b", "a→b", "a->b", '["x"]', "=1", "x"]))


@given(_WORDS, st.lists(_LISTED, min_size=1, max_size=3), st.dictionaries(_WORDS, _WORDS, max_size=2))
def test_any_text_comes_back(words: str, several: list[str], attributes: dict[str, str]) -> None:
    fact = {
        "id": "a",
        "title": words,
        "participants": [{"name": name} for name in several],
        "tags": several,
        "attributes": attributes,
        "evidence": [{"source": "s", "quote": words, "attribution": several, "stance": "asserts"}],
    }
    (entry,) = parse(write_csv([("fact", fact)]).facts, "facts.csv").entries
    found = entry.said.plain()
    assert found == {name: value for name, value in fact.items() if value}


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("participants", '[["a"]]'),
        ("participants", '[{"nam": "Ann"}]'),
        ("tags", '[{"a": "b"}]'),
        ("attributes", "length: an hour"),
        ("attributes", '["an hour"]'),
        ("attributes", "{"),
    ],
)
def test_a_cell_of_another_shape_is_refused_by_line_and_column(tmp_path: Path, column: str, cell: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["title", column, "source"], ["T", cell, "s"]])
    (tmp_path / "a.csv").write_text(out.getvalue())
    told = run("load", str(tmp_path / "a.csv"), db=tmp_path / "new.db")
    refused(told, "a.csv:2: ", f"{column}", " of t: ")


@pytest.mark.parametrize(
    ("cell", "example"),
    [
        ("[", '["a", "b"]'),
        ("[sic]", '["sic"]'),
        ('["a"', '["a"]'),
        ("[" * 5000 + "]" * 5000, "it is nested too deeply"),
        ("a; b", 'write several as ["a", "b"], one as ["a; b"]'),
        ("a,b", 'write several as ["a", "b"], one as ["a,b"]'),
    ],
)
@pytest.mark.parametrize("field", ["tags", "participants", "attribution"])
def test_text_that_may_be_one_value_or_several_is_refused_with_an_example(field: str, cell: str, example: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["title", field, "source"], ["T", cell, "s"]])
    with pytest.raises(DocumentError) as refused:
        parse(out.getvalue(), "facts.csv")
    assert refused.value.problems[0].startswith(f"facts.csv:2: {field} of t: ")
    assert example in refused.value.problems[0]


class TestDump:
    @pytest.fixture
    def db(self, tmp_path: Path) -> Path:
        run("load", "-", db=tmp_path / "facts.db", stdin=json.dumps(FULL))
        return tmp_path / "facts.db"

    def test_files_beside_each_other(self, db: Path, tmp_path: Path) -> None:
        out = tmp_path / "out" / "facts.csv"
        out.parent.mkdir()
        names = ("facts.csv", "facts-sources.csv", "facts-speakers.csv", "facts-orderings.csv", "facts-citations.csv")
        wrote = f"wrote {', '.join(names)} as CSV\n"
        assert run("dump", "--format", "csv", "-o", str(out), db=db) == (0, "", wrote)
        assert {path.name for path in out.parent.iterdir()} == {*names}
        assert run("load", str(out), db=db).err == "5 as they were; nothing was written\n"

    def test_stdout_gets_only_the_facts_and_stderr_a_note_on_the_rest(self, db: Path) -> None:
        told = run("dump", "--format", "csv", db=db)
        assert told.code == 0
        assert [row["id"] for row in rows(told.out)] == ["call", "call", "visit"]
        assert told.err == (
            "not carried: sources, speakers, orderings, citations (-o FILE.csv writes them beside it). "
            "A dump as JSON carries everything.\n"
        )
        assert run("load", "-", "--format", "csv", db=db, stdin=told.out).err.startswith("5 as they were; nothing")

    def test_what_is_left_out_is_reported(self, db: Path, tmp_path: Path) -> None:
        run("withdraw", "visit", db=db)
        told = run("dump", "--format", "csv", "-o", str(tmp_path / "facts.csv"), db=db)
        assert told.err.endswith(" as CSV\nnot carried: withdrawn facts (1). A dump as JSON carries everything.\n")

    @pytest.mark.skipif(os.name == "nt", reason="limits of files are POSIX")
    def test_whole_or_not_at_all(self, db: Path, tmp_path: Path) -> None:
        import resource

        out = tmp_path / "out"
        out.mkdir()
        (out / "facts-sources.csv").write_text("older")
        told = process(
            *("dump", "--format", "csv", "-o", str(out / "facts.csv")),
            db=db,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (150, 150)),
        )
        refused(told, "facts")
        assert {path.name: path.read_text() for path in out.iterdir()} == {"facts-sources.csv": "older"}

    def test_what_it_has_no_room_for_is_no_difference_when_it_is_loaded_again(self, db: Path) -> None:
        document = {"facts": [FULL["facts"][1] | {"evidence": [{"source": "paper", "when": "2018", "phrase": "then"}]}]}
        assert run("load", "-", "--correct", db=db, stdin=json.dumps(document)).code == 0
        told = run("dump", "--format", "csv", db=db)
        assert "citations' phrase (1); citations' when (1)" in told.err
        assert run("load", "-", "--format", "csv", db=db, stdin=told.out).err.startswith("5 as they were; nothing")

    @pytest.mark.parametrize("table", ["sources", "speakers", "orderings", "citations"])
    def test_a_table_beside_it_is_refused_with_what_to_do(self, tmp_path: Path, table: str) -> None:
        path = tmp_path / f"facts-{table}.csv"
        path.write_text(
            write_csv([(kind[:-1], one) for kind in ("sources", "speakers") for one in FULL[kind]]).beside[table]
        )
        for command, code in (("load", 1), ("import", 2)):
            told = run(command, str(path), db=tmp_path / "new.db")
            refused(
                told, f"{table}.csv: it is the table of {table} that a dump", "`factstore dump -o FILE.json`", code=code
            )

    def test_a_ledger_without_its_sources_says_to_load_them_first(self, tmp_path: Path) -> None:
        path = tmp_path / "facts.csv"
        path.write_text(write_csv([("fact", fact) for fact in FULL["facts"]]).facts)
        refused(
            run("load", str(path), db=tmp_path / "new.db"),
            "no source with that id",
            "load these first, from a document",
        )
        told = run("import", str(path), db=tmp_path / "new.db")
        refused(told, "it looks like a Factstore document; `factstore load", code=2)
