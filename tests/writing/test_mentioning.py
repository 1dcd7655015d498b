"""Redaction by name: whatever contains the name, in any spelling, is deleted, and afterwards no byte of the file has it."""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from docs.reference.verify_ledger import verify
from factstore.errors import BroughtBack, InputError, UnknownId
from factstore.repository.answers import Source
from factstore.store import Store
from tests.cli.test_cli import run
from tests.support.checks import check_rebuild

NAME = "Oleg Petrov"
#: The name in any spelling, with only non-letters between its words.
HELD = re.compile(
    rb"o\W*l\W*e\W*g[\W_]*p\W*e\W*t\W*r\W*o\W*v(?![a-z])|%20petrov|" + "олег петров".encode(), re.IGNORECASE
)

DOCUMENT: dict[str, Any] = {
    "sources": [
        {"id": "paper", "title": "The paper", "publisher": "The Paper", "url": "https://paper.example/Oleg%20Petrov"},
        {"id": "radio", "title": "The radio", "published": "2018-04-02"},
        {"id": "wire", "title": "The wire"},
    ],
    "speakers": [{"id": "spokesman", "name": "The spokesman", "aliases": ["O. P.", "Олег Петров"]}],
    "facts": [
        {
            "id": "oleg-petrov-resigned",
            "title": "OLEG PETROV resigned",
            "evidence": [{"source": "radio", "quote": "he resigned"}],
        },
        {"id": "call", "title": "They spoke", "evidence": [{"source": "radio", "quote": "Oleg […] Petrov spoke"}]},
        {
            "id": "visit",
            "title": "They met",
            "participants": [{"name": "Mr. Oleg\u00a0Petrov"}],
            "evidence": [{"source": "radio"}],
        },
        {
            "id": "walk",
            "title": "They walked",
            "attributes": {"oleg petrov": "present"},
            "evidence": [{"source": "radio"}],
        },
        {"id": "meal", "title": "They ate", "evidence": [{"source": "wire", "quote": "they ate"}]},
        {"id": "sleep", "title": "They slept", "evidence": [{"source": "radio"}]},
    ],
    "orderings": [{"fact": "oleg-petrov-resigned", "relation": "before", "other": "call"}],
}
TEXTS = {"wire": "Then they ate. It was a long evening, and nothing more is told of it. Ole\u0301g Pet-\nrov paid."}


@pytest.fixture
def named(store: Store) -> Store:
    store.load(DOCUMENT, texts={"wire": TEXTS["wire"]}, message="all")
    store.load(
        {"facts": [{"id": "rest", "title": "They rested", "evidence": [{"source": "radio"}]}]}, message=f"of {NAME}"
    )
    store.correct("sleep", {"place": "at Oleg-Petrov's"}, by="Oleg Petrov", message="as told")
    store.correct("sleep", {"place": "at home"}, by="Ann", message="no")
    return store


def files(store: Store) -> list[Path]:
    return sorted(store.path.parent.glob(f"{store.path.name}*"))


def source(store: Store, name: str) -> Source:
    [found] = [one for one in store.sources() if one.id == name]
    return found


def held(store: Store) -> list[bytes]:
    """The occurrences of the name in the bytes of the ledger's files, with archived texts inflated."""
    store.close()
    found = [match[0] for file in files(store) for match in HELD.finditer(file.read_bytes())]
    with closing(sqlite3.connect(store.path)) as stranger:
        for (deflated,) in stranger.execute("SELECT deflated FROM archived_text"):
            found += [match[0] for match in HELD.finditer(zlib.decompress(deflated, -15))]
    return found


@pytest.mark.on_a_file("its bytes are searched")
def test_whatever_contains_a_name_in_any_spelling_is_deleted_and_no_byte_of_it_is_left(named: Store) -> None:
    assert held(named)
    found = named.redact(texts=[NAME], why="a court ordered it", message="case 17", by="Ann")
    assert (found.unscrubbed, found.stored, found.mentions) == (None, (), ())
    assert held(named) == []
    told = {(place.kind, place.what) for place in found.redacted}
    assert told >= {
        ("fact.recorded", "id, title"),
        ("fact.recorded", "participants"),
        ("fact.recorded", "attributes"),
        ("citation.recorded", "id"),
        ("citation.recorded", "quote"),
        ("ordering.recorded", "id"),
        ("source.recorded", "url"),
        ("archived text", ""),
        ("speaker.recorded", "aliases"),
        ("fact.corrected", "place"),
        ("commit", "message"),
        ("commit", "by"),
    }
    assert [place.id for place in found.unsupported] == ["call"]
    assert {fact.id for fact in named.facts()} == {"call", "meal", "sleep", "rest"}
    assert named.fact("sleep").place == "at home"
    assert verify(str(named.path)) == "{}:{}".format(*named.head())
    check_rebuild(named)
    assert named.redact(texts=[NAME], why="again").redacted == ()


def test_a_source_of_which_only_the_text_contains_a_name_stays_without_its_text(named: Store) -> None:
    before = source(named, "wire")
    found = named.redact(texts=[NAME], why="a court ordered it")
    [text] = [place for place in found.redacted if place.kind == "archived text"]
    assert (text.id, text.what) == ("wire", "")
    assert source(named, "wire") == before
    assert named.text("wire") is None
    assert [citation.quote for citation in named.who_says("meal")] == ["they ate"]
    [entry] = [entry for entry in named.log() if entry.kind == "source.recorded" and entry.subject == "wire"]
    assert entry.hash
    [commit, *_] = named.commits(limit=1)
    assert [(deed.act, deed.thing) for deed in commit.deeds] == [("redacted", "record"), ("redacted", "archived text")]
    assert named.verify().ok


@pytest.mark.on_a_file("its bytes are searched")
@pytest.mark.parametrize("to", ["wire", "another"])
def test_a_redacted_text_does_not_come_back_unless_that_is_allowed_and_then_it_stays(named: Store, to: str) -> None:
    named.redact(texts=[NAME], why="a court ordered it")
    brought: dict[str, Any] = {"sources": [{"id": to, "title": "The wire"}]}
    with pytest.raises(BroughtBack, match=f"{to}: text was redacted"):
        named.load(brought, texts={to: TEXTS["wire"]})
    assert held(named) == []
    named.load(brought, texts={to: TEXTS["wire"]}, allow_redacted=True)
    assert named.text(to) == TEXTS["wire"]
    with closing(sqlite3.connect(named.path)) as stranger, pytest.raises(sqlite3.IntegrityError, match="stays while"):
        stranger.execute("DELETE FROM archived_text")
    named.redact("call", why="asked for")
    assert named.text(to) == TEXTS["wire"]
    check_rebuild(named)


@pytest.mark.on_a_file("its bytes are searched")
def test_a_text_is_deleted_once_even_if_two_sources_name_it(named: Store) -> None:
    named.add_source(TEXTS["wire"], id="copy", title="A copy")
    found = named.redact(texts=[NAME], why="a court ordered it")
    assert [place.id for place in found.redacted if place.kind == "archived text"] == ["wire", "copy"]
    assert held(named) == []
    assert source(named, "copy").title == "A copy"
    redactions = [entry for entry in named.log() if entry.kind == "redacted"]
    assert len(redactions) == len(found.redacted) - 1


def test_a_part_of_a_ledger_whose_text_was_redacted_verifies(named: Store, tmp_path: Path) -> None:
    named.redact(texts=[NAME], why="a court ordered it")
    named.share(tmp_path / "part.db", ["meal"], texts=True)
    part = Store(tmp_path / "part.db")
    assert part.verify(part=True).ok
    assert verify(str(part.path), part=True)
    assert part.text("wire") is None


@pytest.mark.on_a_file("its bytes are searched")
def test_redaction_by_position_lists_where_else_the_name_occurs(named: Store) -> None:
    position = next(entry.position for entry in named.log() if entry.kind == "commit" and NAME in entry.message)
    found = named.redact(position, why="asked for")
    assert [place.kind for place in found.redacted] == ["commit"]
    assert held(named)


def test_a_dry_run_needs_no_reason_and_leaves_no_trace(named: Store) -> None:
    head = named.head()
    would = named.redact(texts=[NAME], dry_run=True)
    assert would.position is None
    assert named.head() == head
    done = named.redact(texts=[NAME], why="a court ordered it")
    assert done.redacted == would.redacted
    assert done.gone == would.gone


def test_an_id_names_what_introduced_and_corrected_its_thing(named: Store) -> None:
    found = named.redact("sleep", why="asked for")
    assert [place.kind for place in found.redacted] == ["fact.recorded", "fact.corrected", "fact.corrected"]
    with pytest.raises(UnknownId):
        named.fact("sleep")
    with pytest.raises(UnknownId, match="there is no"):
        named.redact("slep", why="asked for")


@pytest.mark.parametrize(
    ("why", "message", "by"), [("oleg petrov asked", "", "A"), ("ok", "Oleg-Petrov", "A"), ("ok", "", NAME)]
)
def test_the_words_of_a_redaction_may_not_contain_what_it_deletes(
    named: Store, why: str, message: str, by: str
) -> None:
    with pytest.raises(InputError, match="Oleg Petrov"):
        named.redact(texts=[NAME], why=why, message=message, by=by)


PLACES: dict[str, Any] = {
    "sources": [{"id": "memo", "title": "The memo"}, {"id": "map", "title": "The map"}],
    "facts": [
        {"id": "walk", "title": "He walked in Calle NúñezCalderón", "evidence": [{"source": "map"}]},
        {"id": "talk", "title": "JNunez-Calderon talked", "evidence": [{"source": "memo"}]},
        {"id": "meal", "title": "The Núñez-Calderóns ate", "evidence": [{"source": "map"}]},
        {"id": "rest", "title": "They rested", "evidence": [{"source": "memo"}]},
    ],
}


@pytest.fixture
def streets(store: Store) -> Store:
    texts = {"memo": "the call of Mr. Núñez-\nCalderón was late", "map": "Calle\nNúñezCalderón, Calle Núñezstraße"}
    store.load(PLACES, texts=texts, message="all")
    return store


def test_a_name_broken_at_the_end_of_a_line_may_be_two(streets: Store) -> None:
    found = streets.redact(texts=["Núñez"], why="a court ordered it")
    assert ("archived text", "memo") in {(place.kind, place.id) for place in found.redacted}
    assert streets.text("memo") is None


def test_longer_words_that_contain_a_name_are_listed_and_left(streets: Store) -> None:
    found = streets.redact(texts=["Núñez"], why="a court ordered it")
    assert [(place.kind, place.id, place.what) for place in found.within] == [
        ("archived text", "map", "NúñezCalderón, Núñezstraße"),
        ("fact.recorded", "walk", "title: NúñezCalderón"),
        ("fact.recorded", "talk", "title: JNunez"),
    ]
    assert streets.fact("walk").title == "He walked in Calle NúñezCalderón"
    again = streets.redact(texts=["Núñez"], dry_run=True)
    assert (again.redacted, again.within) == ((), found.within)


@pytest.mark.on_a_file("its bytes are searched")
def test_what_the_bytes_still_contain_within_words_is_reported(streets: Store) -> None:
    words = ["redact", "--text", "Núñez-Calderón", "-m", "a court ordered it", "--yes"]
    told = run(*words, db=streets.file.location)
    assert told.code == 0
    assert "also contains it within a word" in told.out
    assert "The Núñez-Calderóns" not in told.out
    assert "JNunez-Calderon" in told.out
    assert "within longer words: nunez-calderon" in told.err
    nothing = run("redact", "--text", "streets", "-m", "asked", "--yes", db=streets.file.location)
    assert "nothing in the ledger contains that\n" in nothing.err
    alone = run("redact", "--text", "calder", "-m", "asked", "--yes", db=streets.file.location)
    assert "nothing in the ledger contains that as words of its own" in alone.err


def test_the_request_id_of_a_redaction_may_not_contain_what_it_deletes(named: Store) -> None:
    with pytest.raises(InputError, match="the request id contains 'Oleg Petrov'"):
        named.redact(texts=[NAME], why="asked for", request="oleg-petrov-7")


@pytest.mark.on_a_file("its bytes are searched")
def test_a_name_in_a_listed_record_is_not_reported_as_outside(named: Store) -> None:
    named.correct("sleep", {"place": "Oleg Petrové"}, by="Ann", message="no")
    told = run("redact", "--text", NAME, "-m", "asked", "--yes", db=named.file.location)
    assert "within a word" in told.out
    assert "outside the ledger" not in told.err


def test_a_redacted_message_is_reported_to_take_the_committer_with_it(named: Store) -> None:
    told = run("redact", "--text", NAME, "--dry-run", db=named.file.location)
    assert " commit (message), with who made the commit\n" in told.out
    assert "would be left without evidence" in told.out


@pytest.mark.on_a_file("another program writes to it")
def test_what_others_left_in_the_bytes_is_reported(named: Store) -> None:
    with closing(sqlite3.connect(named.path)) as stranger:
        stranger.executescript("CREATE TABLE note (text TEXT); INSERT INTO note VALUES ('Seen: Oleg Petrov')")
    assert named.redact(texts=[NAME], why="asked for").stored == ("OLEG PETROV", "Oleg Petrov", "oleg petrov")


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_command_lists_what_it_found_and_asks_once(named: Store) -> None:
    words = ["redact", "--text", NAME, "-m", "a court ordered it"]
    silent = run(*words, db=named.file.location)
    assert (silent.code, "--yes" in silent.err) == (2, True)
    refused = run(*words, db=named.file.location, stdin="n\n")
    assert refused.code == 1
    assert "nothing was redacted" in refused.err
    assert named.file.stored([NAME.encode()])
    done = run(*words, db=named.file.location, stdin="y\n")
    assert done.code == 0
    assert done.err.count("?") == 1
    assert "would be redacted: 4 source.recorded" in done.out or "would be redacted: 3 source.recorded" in done.out
    assert "in any spelling" not in done.err
    assert "contain none as words of their own" in done.err
    assert "anybody who guesses a short value can confirm it" in done.err
    assert named.file.stored([NAME.encode()]) == set()
    nothing = run(*words, "--yes", db=named.file.location)
    assert nothing.code == 0
    assert "nothing in the ledger contains that" in nothing.err


def test_a_redacted_text_comes_back_by_hand_as_the_refusal_says(named: Store) -> None:
    named.redact(texts=[NAME], why="asked for")
    words = ["source", "add", "-", "--id", "wire"]
    refused = run(*words, db=named.file.location, stdin=TEXTS["wire"])
    assert (refused.code, "--allow-redacted" in refused.err) == (1, True)
    assert run(*words, "--allow-redacted", db=named.file.location, stdin=TEXTS["wire"]).code == 0
    assert named.text("wire") == TEXTS["wire"]


def test_scripts_are_not_asked(named: Store) -> None:
    told = run("redact", "--text", NAME, "-m", "case 17", "--yes", "--json", db=named.file.location)
    assert told.code == 0
    assert told.json["stored"] == []
    assert {place["what"] for place in told.json["redacted"]} >= {"message", "id, title"}
    assert named.log(limit=1)[0].message == "case 17"
    assert json.dumps(told.json["mentions"]).lower().count("petrov") == 0


def test_a_dry_run_needs_neither_confirmation_nor_a_reason(named: Store) -> None:
    told = run("redact", "sleep", "--text", NAME, "--dry-run", db=named.file.location)
    assert told.code == 0
    assert "would be redacted" in told.out
    assert run("redact", "sleep", db=named.file.location).code == 2
