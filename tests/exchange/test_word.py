"""A chronology in Word, read back by python-docx and as XML: rows, footnotes, headers, pages, and text that stays text."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import docx
import pytest
from docx.document import Document

from factstore.exchange import word
from factstore.exchange.extract import Asked, Extract, clean, extract
from factstore.store import Store
from tests.conftest import NewStore
from tests.exchange.conftest import EVIL, FORGED

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def part(content: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return ElementTree.fromstring(archive.read(name))


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def notes(content: bytes) -> dict[str, str]:
    """The text of each footnote that a reader sees, by its id."""
    root = part(content, "word/footnotes.xml")
    return {
        str(note.get(f"{W}id")): "".join(text.text or "" for text in note.iter(f"{W}t")).strip()
        for note in root
        if note.get(f"{W}type") is None
    }


@pytest.fixture(scope="module")
def seed_file(seed: Extract) -> bytes:
    return word.write(seed).content


@pytest.fixture(scope="module")
def hard_file(hard: Extract) -> bytes:
    return word.write(hard).content


def test_a_row_for_each_fact_in_reading_order(seed: Extract, seed_file: bytes) -> None:
    [table] = opened(seed_file).tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["Date", "What happened", "Who says so", "How certain"]
    assert [row[1].split("\n")[0] for row in rows[1:]] == [fact.title for fact in seed.facts]
    [call] = [row for row in rows if row[1].startswith("Russia announced that it was expelling")]
    assert call[0] == "between 29 March and 1 April 2018\n“late last week”"
    assert call[3] == "Asserted\n1 independent origin"


def test_undated_facts_come_last_under_a_heading(hard_file: bytes) -> None:
    document = opened(hard_file)
    dated, undated = document.tables
    assert [row.cells[1].text for row in undated.rows] == ["What happened", "Nobody knows when"]
    assert "Undated (1)" in [paragraph.text for paragraph in document.paragraphs]
    assert "Nobody knows when" not in [row.cells[1].text for row in dated.rows]


def test_a_footnote_for_each_citation(seed: Extract, seed_file: bytes) -> None:
    references = [one.get(f"{W}id") for one in part(seed_file, "word/document.xml").iter(f"{W}footnoteReference")]
    written = notes(seed_file)
    cited = [citation for _, citation in seed.citations()]
    assert references == [*written]
    assert len(cited) == len(written)
    for citation in cited:
        assert any(citation.quote and clean(citation.quote) in note for note in written.values())
    first = written["1"]
    assert first.startswith(
        "“the poisoning of former Russian spy Sergei Skripal and his daughter” — The Moscow Times: “Trump "
    )
    assert "The Moscow Times, 2 April 2018. https://www.themoscowtimes.com/" in first


def test_a_footnote_says_how_and_where(hard_file: bytes) -> None:
    [denied] = [note for note in notes(hard_file).values() if note.startswith("“some […] words")]
    assert "denied by The Gazette (a clerk; reportedly)" in denied
    [memo] = [note for note in notes(hard_file).values() if note.startswith("“once”")]
    assert "Seen only through" in memo


def test_a_footnote_names_a_source_once(new_store: NewStore) -> None:
    store = new_store()
    gazette = {"id": "gazette", "title": "Gazette", "publisher": "Gazette", "published": "2018-04-02"}
    evidence = [
        {"source": "gazette"},
        {"source": "gazette", "attribution": ["Ann", "Gazette"]},
        {"source": "link"},
        {"source": "bare"},
    ]
    sources = [gazette, {"id": "link", "publisher": "herald.example"}, {"id": "bare"}]
    store.load({"sources": sources, "facts": [{"id": "f", "title": "It was so", "evidence": evidence}]})
    assert [*notes(word.write(extract(store, Asked("facts.db"))).content).values()] == [
        "Gazette: 2 April 2018.",
        "Ann → Gazette: Gazette, 2 April 2018.",
        "herald.example.",
        "bare.",
    ]


def test_a_footnote_has_the_attributes_and_files_of_a_source(new_store: NewStore) -> None:
    store = new_store()
    scan = {"name": "scan.pdf", "type": "application/pdf", "sha256": "0" * 64}
    memo = {
        "id": "memo",
        "title": "A memo",
        "attributes": {"exhibit": "12", "Bates": "A1–A7", "z": "long " * 99},
        "files": [scan],
    }
    store.load({"sources": [memo], "facts": [{"id": "f", "title": "It was so", "evidence": [{"source": "memo"}]}]})
    [note] = notes(word.write(extract(store, Asked("facts.db"))).content).values()
    assert note == f"A memo: Bates A1–A7, exhibit 12, z {'long ' * 19}long…, file scan.pdf."


def test_a_footnote_says_that_what_showed_a_source_is_withdrawn(store: Store) -> None:
    store.load(FORGED)
    [note] = notes(word.write(extract(store, Asked("x"))).content).values()
    assert note.strip().endswith("Seen only through A forgery, which is withdrawn.")


def test_the_footnotes_part_is_whole(seed_file: bytes) -> None:
    root = part(seed_file, "word/footnotes.xml")
    lines = {note.get(f"{W}id"): note.get(f"{W}type") for note in root if note.get(f"{W}type")}
    assert lines == {"-1": "separator", "0": "continuationSeparator"}
    settings = part(seed_file, "word/settings.xml")
    named = [one.get(f"{W}id") for one in settings.iterfind(f"{W}footnotePr/*")]
    assert named == ["-1", "0"]
    styles = {one.get(f"{W}styleId"): one for one in part(seed_file, "word/styles.xml").iter(f"{W}style")}
    used_styles = {one.get(f"{W}val") for kind in ("pStyle", "rStyle") for one in root.iter(f"{W}{kind}")}
    assert used_styles <= styles.keys()
    assert [styles[str(name)].get(f"{W}customStyle") for name in used_styles] == [None] * 2
    types = part(seed_file, "[Content_Types].xml")
    assert any(one.get("PartName") == "/word/footnotes.xml" for one in types)
    links = {one.get("Id"): one.get("Target") for one in part(seed_file, "word/_rels/footnotes.xml.rels")}
    used = [one.get(f"{R}id") for one in root.iter(f"{W}hyperlink")]
    assert used
    assert {links[str(one)] for one in used} == {
        "https://www.themoscowtimes.com/2018/04/02/trump-invited-putin-meeting-white-house-kremlin-says-a61021"
    }


def test_the_header_row_is_repeated_and_pages_are_numbered(hard_file: bytes) -> None:
    document = part(hard_file, "word/document.xml")
    for table in document.iter(f"{W}tbl"):
        repeated = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in table.iter(f"{W}tr")]
        assert repeated[0]
        assert not any(repeated[1:])
    fields = [field.text for field in part(hard_file, "word/footer1.xml").iter(f"{W}instrText")]
    assert fields == ["PAGE", "NUMPAGES"]
    size = document.find(f".//{W}pgSz")
    assert size is not None
    assert (size.get(f"{W}orient"), size.get(f"{W}w"), size.get(f"{W}h")) == ("landscape", "16838", "11906")


def test_what_sources_wrote_is_text(hard_file: bytes) -> None:
    """It becomes no field, formula or link; the only link is the source's URL."""
    document = opened(hard_file)
    assert any(clean(EVIL) in row.cells[1].text for row in document.tables[0].rows)
    assert not [*part(hard_file, "word/document.xml").iter(f"{W}instrText")]
    assert {one.get("Target") for one in part(hard_file, "word/_rels/footnotes.xml.rels")} == {
        "https://gazette.example/a?b=1&c=2"
    }
    assert any(note.endswith("javascript:alert(1)") for note in notes(hard_file).values())


def test_what_is_not_simply_asserted_is_marked(hard_file: bytes) -> None:
    certain = {
        row.cells[1].text.split("\n")[0]: row.cells[3].text for table in opened(hard_file).tables for row in table.rows
    }
    assert certain["It was denied"].startswith("Denied, and asserted by nobody")
    assert certain["It was foretold"].startswith("Foretold, not reported to have happened")
    assert certain[clean(EVIL)].startswith("Disputed")


def test_an_attribute_that_is_cut_is_counted(store: Store) -> None:
    source = {"id": "brief", "attributes": {"abstract": "It was long. " * 20, "docket": "1"}}
    store.load(
        {"sources": [source], "facts": [{"id": "a", "title": "A", "evidence": [{"source": "brief"}]}]}, by="Test"
    )
    assert word.write(extract(store, Asked("x"))).lost == {"rest* of long attributes of sources": 1}


def test_it_says_what_it_was_made_from_and_what_is_left_out(hard: Extract, hard_store: Store, hard_file: bytes) -> None:
    texts = [paragraph.text for paragraph in opened(hard_file).paragraphs]
    assert hard.made_from() in texts
    assert "Left out: 1 withdrawn fact." in texts
    assert word.write(hard).lost == {
        "ordering": 2,
        "tag": 3,
        "attribute": 1,
        "text* before a quote": 1,
        "other name* of speakers": 1,
        "speaker* as speaking for another": 1,
    }
    properties = opened(hard_file).core_properties
    assert properties.author == ""
    assert properties.comments == hard.made_from()


def test_dates_that_do_not_depend_on_a_language(seed_store: Store) -> None:
    content = word.write(extract(seed_store, Asked("x", iso=True))).content
    rows = [row.cells[0].text.split("\n")[0] for row in opened(content).tables[0].rows][1:]
    assert rows[0] == "[..2018-03-19]"
    assert all(re.fullmatch(r"[-0-9.\[\]/]+", row) for row in rows)
    assert not any(re.search(r"\d (March|April) \d", note.partition("”")[2]) for note in notes(content).values())
