"""Attributes and files of sources: recorded, shown where the source is cited, and checked if the files are at hand."""

from __future__ import annotations

import json
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from factstore.errors import Changed, DocumentError, InputError
from factstore.exchange import outgoing
from factstore.ledger.payloads import decode
from factstore.store import Store
from factstore.units import Position
from tests.cli.test_cli import run
from tests.support.checks import check_rebuild

PDF, WAV = b"%PDF-1.7", b"RIFF"
FILED = {"exhibit": "12", "Bates range": "DOJ-001..009"}
FILES = [
    {"name": "exhibit-12.pdf", "sha256": sha256(PDF).hexdigest(), "type": "application/pdf"},
    {"name": "call.ogg", "sha256": sha256(WAV).hexdigest()},
]
DOCUMENT = {
    "sources": [{"id": "court-file", "title": "The file", "attributes": FILED, "files": FILES}],
    "facts": [{"id": "filed", "title": "A suit was filed", "evidence": [{"source": "court-file", "quote": "filed"}]}],
}


@pytest.fixture
def filed(store: Store) -> Store:
    store.load(DOCUMENT)
    return store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files of the source, one of them in a subfolder."""
    place = tmp_path / "exhibits"
    (place / "sound").mkdir(parents=True)
    (place / "exhibit-12.pdf").write_bytes(PDF)
    (place / "sound" / "call.ogg").write_bytes(WAV)
    return place


def test_a_source_keeps_its_attributes_through_documents_and_back(filed: Store) -> None:
    (source,) = filed.sources()
    assert dict(source.attributes) == FILED
    assert [dict(file) for file in source.files] == FILES
    for kind in ("yaml", "json", "jsonl"):
        dumped = filed.dump(kind)
        path = filed.path.with_suffix(f".{kind}")
        path.write_text(dumped, encoding="utf-8")
        assert filed.load(path).position is None
    check_rebuild(filed)
    assert source.json()["attributes"] == FILED
    filed.correct("court-file", {"attributes": {"exhibit": "13"}})
    assert dict(filed.sources()[0].attributes) == {"exhibit": "13"}


def test_it_is_shown_wherever_the_source_is_cited(filed: Store) -> None:
    (citation,) = filed.who_says("filed")
    assert citation.details()["files"] == FILES
    assert citation.json()["filed"] == FILED
    for words in (["show", "filed"], ["who-says", "filed"], ["sources"]):
        told = " ".join(run(*words, db=filed.path).out.split())
        assert "exhibit 12" in told, words
        assert "file exhibit-12.pdf" in told, words
    assert "exhibit: 12" in run("show", "court-file", db=filed.path).out
    listed = run("sources", "--json", db=filed.path).json
    assert listed[0]["files"] == FILES
    with filed.file.reading() as connection:
        rows = connection.cursor().execute("SELECT attributes, files FROM sources").fetchall()
    assert [json.loads(cell) for cell in rows[0]] == [FILED, FILES]


def test_a_word_document_has_it_in_its_footnotes(filed: Store, tmp_path: Path) -> None:
    assert "docx" in outgoing.FORMATS
    done = run("export", str(tmp_path / "chronology.docx"), db=filed.path)
    assert done.code == 0
    notes = zipfile.ZipFile(tmp_path / "chronology.docx").read("word/footnotes.xml").decode()
    assert "exhibit 12" in notes


def test_older_records_of_sources_are_read_as_they_were() -> None:
    for kind, said in (("source.recorded", '{"id":"paper"}'), ("source.corrected", '{"changes":{"title":"x"}}')):
        payload = decode(kind, 1, said, position=Position(3))
        assert "files" not in payload.plain()


@pytest.mark.parametrize(
    "files", [[{"name": "a.pdf"}], [{"name": "a.pdf", "sha256": "12"}], [FILES[0], FILES[0]], "a.pdf", [{"path": "x"}]]
)
def test_a_path_that_is_not_a_file_is_refused(store: Store, files: object) -> None:
    with pytest.raises(DocumentError, match="files"):
        store.load({"sources": [{"id": "paper", "files": files}]})


def test_files_are_added_by_hand_and_remove_nothing(filed: Store, folder: Path) -> None:
    more = folder / "scan.png"
    more.write_bytes(b"png")
    filed.add_source(id="court-file", files=[more], attributes={"docket": "7"})
    (source,) = filed.sources()
    assert [file["name"] for file in source.files] == ["exhibit-12.pdf", "call.ogg", "scan.png"]
    assert dict(source.attributes) == {**FILED, "docket": "7"}
    assert filed.add_source(id="court-file", files=[more])[1].position is None
    more.write_bytes(b"another")
    with pytest.raises(Changed, match="files"):
        filed.add_source(id="court-file", files=[more])
    filed.add_source(id="court-file", files=[more], correct="source-corrected")
    assert filed.sources()[0].files[-1]["sha256"] == sha256(b"another").hexdigest()
    name, _ = filed.add_source(files=[folder / "exhibit-12.pdf"])
    assert name == "exhibit-12"


def test_the_files_that_are_at_hand_are_checked(filed: Store, folder: Path) -> None:
    found = filed.check_files(folder)
    assert ([one.name for one in found.same], found.changed, found.absent) == (["exhibit-12.pdf", "call.ogg"], (), ())
    assert run("verify", "--files", str(folder), db=filed.path).code == 0
    (folder / "sound" / "call.ogg").unlink()
    absent = run("verify", "--files", str(folder), db=filed.path)
    assert absent.code == 0
    assert "call.ogg, of court-file, is not there" in absent.err
    (folder / "exhibit-12.pdf").write_bytes(b"%PDF-1.7 altered")
    changed = run("verify", "--files", str(folder), db=filed.path)
    assert changed.code == 1
    assert "exhibit-12.pdf is not the file that court-file names" in changed.err
    told = run("verify", "--files", str(folder), "--json", db=filed.path)
    assert told.code == 1
    assert [one["name"] for one in told.json["files"]["changed"]] == ["exhibit-12.pdf"]
    with pytest.raises(InputError, match="is not a folder"):
        filed.check_files(folder / "nowhere")


def test_the_command_takes_files_and_attributes(tmp_path: Path, folder: Path) -> None:
    db = tmp_path / "new.db"
    made = run("source", "add", "--file", str(folder / "exhibit-12.pdf"), "--attribute", "exhibit = 12", db=db)
    assert (made.code, made.out) == (0, "exhibit-12\n")
    (source,) = Store(db).sources()
    assert dict(source.attributes) == {"exhibit": "12"}
    assert [dict(file) for file in source.files] == FILES[:1]
    for words in ([], ["--attribute", "exhibit"], ["--file", str(tmp_path / "nothing.pdf")]):
        assert run("source", "add", *words, db=db).code == 2


@pytest.mark.parametrize("name", ["absent.pdf", "", ".", "\0", "a" * 100_000, "absent/file"])
def test_a_path_that_cannot_be_read_is_refused_by_name(filed: Store, tmp_path: Path, name: str) -> None:
    head = filed.head()
    with pytest.raises(InputError):
        filed.add_source(id="other", title="Other", files=name)
    if name != ".":
        with pytest.raises(InputError, match="is not a folder"):
            filed.check_files(name)
    assert filed.head() == head
