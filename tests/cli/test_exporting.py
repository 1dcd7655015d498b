"""The export command: which format, what is exported, what is reported, and that files are whole."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import pytest

from factstore.cli import exporting
from factstore.exchange.outgoing import FORMATS, guess
from factstore.store import Store
from tests.cli.test_cli import process, refused, run
from tests.exchange.conftest import HARD

SEED = Path(__file__).parents[2] / "seeds" / "moscow-times-2018-04-02.yaml"
NAMES = {
    "docx": "chronology.docx",
    "xlsx": "chronology.XLSX",
    "timelinejs": "chronology.timeline.json",
    "annotations": "chronology.annotations.jsonld",
    "timesketch": "chronology.timesketch.jsonl",
    "jsonld": "chronology.jsonld",
    "ftm": "chronology.ftm.json",
}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exporting") / "facts.db"
    with Store(path) as store:
        store.load(SEED, by="Test")
    return path


@pytest.fixture(scope="module")
def hard_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exporting") / "hard.db"
    with Store(path) as store:
        store.load(HARD, by="Test")
        store.withdraw("gone", by="Test", allow_unsupported=True)
    return path


def test_the_command_line_and_the_registry_list_the_same_formats() -> None:
    assert exporting.FORMATS == tuple(FORMATS) == tuple(NAMES)


@pytest.mark.parametrize("form", NAMES)
def test_a_name_decides_the_format(db: Path, tmp_path: Path, form: str) -> None:
    assert guess(NAMES[form]).name == form
    told = run("export", str(tmp_path / NAMES[form]), db=db)
    assert told.code == 0
    assert told.out == ""
    assert f"wrote 24 facts to {tmp_path / NAMES[form]} as {FORMATS[form].about}\n" in told.err
    assert "left out: 1 denied fact, 3 foretold facts, 5 orderings with facts that are left out" in told.err
    assert (tmp_path / NAMES[form]).stat().st_size > 1000
    assert os.listdir(tmp_path) == [NAMES[form]]


@pytest.mark.parametrize("form", NAMES)
def test_texts_that_are_hard_on_formats_are_exported_whole(hard_db: Path, tmp_path: Path, form: str) -> None:
    told = run("export", str(tmp_path / "out"), "--format", form, "--status", "all", db=hard_db)
    assert told.code == 0, told
    assert "left out: 1 withdrawn fact\n" in told.err


def test_what_the_format_has_no_room_for_is_counted(db: Path, tmp_path: Path) -> None:
    told = run("export", str(tmp_path / "a.docx"), db=db)
    assert "not carried by docx: 41 orderings, 54 tags\n" in told.err


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.json", "timelinejs, annotations or ftm"),
        ("a.jsonl", "timesketch or ftm"),
        ("a.pdf", "--format"),
        ("a", "--format"),
    ],
)
def test_a_name_that_does_not_decide_the_format_is_refused(db: Path, name: str, words: str) -> None:
    refused(run("export", name, db=db), name, words, code=2)


def test_filters_and_statuses(db: Path, tmp_path: Path) -> None:
    told = run("export", "-", "--format", "timesketch", "--tag", "call", "--status", "denied", db=db)
    assert told.code == 0
    [event] = map(json.loads, told.out.splitlines())
    assert event["fact_id"] == "poisoning-raised-in-call"
    assert event["message"].startswith("[denied] ")
    assert event["made_from"].endswith("; tag call; status denied")
    assert event["made_from"].startswith("Made from facts.db, head ")
    assert "withdrawn" in run("export", "-", "--format", "timesketch", "--status", "withdrawn", db=db).err


def test_a_source_is_named_as_elsewhere(db: Path) -> None:
    told = run("export", "-", "--format", "timesketch", "--source", "moscow", db=db)
    assert told.code == 0
    assert "moscow: moscow-times-2018-04-02\n" in told.err


def test_clocks(db: Path, tmp_path: Path) -> None:
    path = tmp_path / "then.docx"
    assert run("export", str(path), "--published-by", "2018-04-02", db=db).code == 0
    assert any("published by 2018-04-02" in paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    nothing = run("export", str(path), "--held-by", "2019", db=db)
    refused(nothing, "there are no such facts to export", "4 of 4 sources have no date retrieved")
    refused(run("export", str(path), "--known-at", "1", db=db), "there are no such facts to export")


def test_text_formats_go_to_stdout_and_documents_do_not(db: Path) -> None:
    told = run("export", "-", "--format", "jsonld", db=db)
    assert "@graph" in json.loads(told.out)
    assert "to stdout as Linked Art and PROV" in told.err
    refused(run("export", "-", "--format", "docx", db=db), "docx is not a text format", code=2)
    refused(run("export", "-", db=db), "--format", code=2)


def test_a_title(db: Path) -> None:
    told = run("export", "-", "--format", "timelinejs", "--title", "A <call>", "--iso", db=db)
    timeline: dict[str, Any] = json.loads(told.out)
    assert timeline["title"]["text"]["headline"] == "A &lt;call&gt;"
    assert timeline["events"][0]["display_date"] == "[..2018-03-19]"


def test_an_existing_file_stays_if_writing_fails(db: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.jsonld"
    there.write_text("before")
    refused(run("export", str(tmp_path / "nowhere" / "a.jsonld"), db=db), "a.jsonld")
    (tmp_path / "folder.jsonld").mkdir()
    refused(run("export", str(tmp_path / "folder.jsonld"), db=db), "folder.jsonld")
    assert there.read_text() == "before"
    assert run("export", str(there), db=db).code == 0
    assert there.read_text() != "before"
    assert sorted(os.listdir(tmp_path)) == ["folder.jsonld", "there.jsonld"]


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="this system has no /dev/stdout")
def test_a_device_is_written_directly(db: Path) -> None:
    told = process("export", "/dev/stdout", "--format", "timesketch", db=db)
    assert told.code == 0
    assert len(told.out.splitlines()) == 24


@pytest.mark.parametrize(("form", "module", "extra"), [("docx", "docx", "documents"), ("xlsx", "xlsxwriter", "sheets")])
def test_without_its_extra_it_says_which(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, module: str, extra: str
) -> None:
    for name in [name for name in sys.modules if name.startswith("factstore.exchange.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    refused(run("export", str(tmp_path / "a"), "--format", form, db=db), f"factstore-timeline[{extra}]")
    assert os.listdir(tmp_path) == []


def test_there_is_no_ledger(tmp_path: Path) -> None:
    refused(run("export", str(tmp_path / "a.docx"), db=tmp_path / "none.db"), "there is no ledger")


class TestDumpNarrowed:
    def test_it_contains_what_fits_and_says_of_how_many(self, db: Path, tmp_path: Path) -> None:
        path = tmp_path / "call.jsonl"
        told = run("dump", "--tag", "call", "-o", str(path), db=db)
        assert told.err == "9 facts of 28\nwrote call.jsonl as JSON Lines\n"
        facts = [line for line in map(json.loads, path.read_text().splitlines()) if "fact" in line]
        assert len(facts) == 9
        assert "nothing was written" in run("load", str(path), db=db).err

    def test_by_status(self, db: Path) -> None:
        told = run("dump", "--status", "denied", "--format", "json", db=db)
        assert [fact["id"] for fact in json.loads(told.out)["facts"]] == ["poisoning-raised-in-call"]
        assert run("dump", "--status", "all", db=db).out == run("dump", db=db).out

    def test_as_csv(self, db: Path, tmp_path: Path) -> None:
        run("dump", "--tag", "call", "-o", str(tmp_path / "call.csv"), db=db)
        assert "skripal-poisoning" not in (tmp_path / "call.csv").read_text()


def test_options_are_named_as_everywhere_and_former_names_still_work(db: Path) -> None:
    whole = run("export", "-", "--format", "ftm", db=db)
    assert run("export", "-", "--to", "ftm", db=db) == whole
    assert "--format FORMAT" in run("export", "--help", db=db).out
    some = run("export", "-", "--format", "ftm", "--from", "1 April 2018", "--to", "2018-04-01", db=db)
    assert some == run("export", "-", "--format", "ftm", "--since", "1 April 2018", "--until", "2018-04-01", db=db)
    assert 0 < some.out.count("\n") < whole.out.count("\n")


@pytest.mark.parametrize(
    ("form", "options", "written", "why"),
    [
        ("timelinejs", (), "2 of 5", "3 undated facts"),
        ("timesketch", (), "2 of 5", "3 undated facts"),
        ("annotations", (), "5", ""),
        ("annotations", ("--status", "all"), "5 of 6", "1 fact without evidence"),
        ("jsonld", ("--status", "all"), "6", ""),
    ],
)
def test_what_is_counted_is_in_the_file(
    tmp_path: Path, form: str, options: Sequence[str], written: str, why: str
) -> None:
    dates = [{"when": "2018"}, {"when": "2019-03-04"}, {}, {}, {}]
    facts = [{"id": f"f{n}", "title": f"F{n}", "evidence": [{"source": "s"}]} | date for n, date in enumerate(dates)]
    facts.append({"id": "bare", "title": "Bare", "when": "2020", "evidence": [{"source": "s"}]})
    with Store(tmp_path / "facts.db") as store:
        store.load({"sources": [{"id": "s"}], "facts": facts}, by="Test")
        store.withdraw("bare/s/1", by="Test", allow_unsupported=True)
    told = run("export", str(tmp_path / "out"), "--format", form, *options, db=tmp_path / "facts.db")
    assert f"wrote {written} facts to " in told.err
    assert why in told.err
    if form in ("timelinejs", "timesketch"):
        content = (tmp_path / "out").read_text()
        found = content.count('"unique_id"') if form == "timelinejs" else len(content.splitlines())
        assert found == 2


def test_a_workbook_of_a_part_withdraws_nothing_and_names_no_option_that_import_lacks(db: Path, tmp_path: Path) -> None:
    file = tmp_path / "part.xlsx"
    assert run("export", str(file), "--tag", "expulsion", "--status", "all", db=db).code == 0
    told = run("import", str(file), db=db)
    assert told.code == 0
    assert "--prune" not in told.err
    assert "in the ledger, but not in what was imported: " in told.err
