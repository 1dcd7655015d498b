"""Redaction: what is deleted, on all clocks and from the file's bytes; what stays; what would bring it back."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from docs.reference.verify_ledger import verify
from factstore.cli import cli
from factstore.database.sqlite import connections as engine
from factstore.database.sqlite import pages
from factstore.database.sqlite.dialect import SqliteDialect
from factstore.database.statements import column, value
from factstore.database.views import VIEWS
from factstore.errors import BroughtBack, Changed, DocumentError, FactstoreError, InputError, Refused, UnknownId
from factstore.ledger import texts
from factstore.ledger.canonical import fingerprint
from factstore.store import Store
from factstore.units import Position
from factstore.writing.redacting import Mention, Redaction
from tests.conftest import NewStore
from tests.support.checks import check_rebuild, check_store
from tests.support.reference import Reference, records_of

SECRET = "Xylophia Quarrelworth confessed"
SMALL: dict[str, Any] = {
    "sources": [
        {"id": "paper", "title": "The paper", "published": "2018-04-02", "retrieved": "2018-04-02"},
        {"id": "leak", "title": 'A leaked "file"', "seen_through": "paper", "url": "https://leak.example/1"},
        {"id": "copy", "seen_through": "leak"},
    ],
    "speakers": [
        {"id": "aide", "name": "Anonymous Aide", "aliases": ["the aide"]},
        {"id": "deputy", "name": "Deputy", "of": "aide"},
    ],
    "facts": [
        {
            "id": "call",
            "title": "They spoke",
            "when": "2018-03-20",
            "evidence": [{"source": "paper", "quote": "spoke"}],
        },
        {
            "id": "xylophia-confessed",
            "title": SECRET,
            "when": "2018-03-22",
            "evidence": [{"source": "paper", "quote": "she did"}, {"source": "leak", "quote": "it was Xylophia"}],
        },
        {"id": "visit", "title": "They met", "evidence": [{"source": "leak", "attribution": ["aide", "deputy"]}]},
    ],
    "orderings": [
        {"fact": "call", "relation": "before", "other": "xylophia-confessed"},
        {"fact": "xylophia-confessed", "relation": "before", "other": "visit"},
    ],
}


@pytest.fixture
def small(store: Store) -> Store:
    store.load(SMALL, message="first reading", by="Ann")
    return store


def at(store: Store, name: str) -> Position:
    """The position that introduced a thing."""
    with store._asking() as repository:
        return repository.position(name)


def redact(store: Store, *names: str, **options: Any) -> Redaction:
    found = store.redact(*(at(store, name) for name in names), why="a court ordered it", **options)
    assert found.unscrubbed is None
    return found


# --- what goes, and what stays --------------------------------------------------------------------------------


def test_a_redacted_fact_is_on_no_clock_and_nothing_rests_on_it(small: Store, tmp_path: Path) -> None:
    before = small.head().position
    fact = at(small, "xylophia-confessed")
    assert len(small.at(known=before).facts()) == 3
    found = redact(small, "xylophia-confessed", by="Ann", message="case 17")
    assert found.position == small.head().position
    assert found.redacted == (Mention(fact, "fact.recorded", "xylophia-confessed"),)
    assert [place.id for place in found.gone] == [
        "xylophia-confessed/paper/1",
        "xylophia-confessed/leak/1",
        "call.before.xylophia-confessed",
        "xylophia-confessed.before.visit",
    ]
    for clock in (small, small.at(known=before)):
        assert [fact.id for fact in clock.facts()] == ["call", "visit"]
        assert clock.timeline.order("call", "visit").relations["before"] == "possible"
        assert "xylophia" not in clock.dump().lower()
    check_store(small)
    small.backup(tmp_path / "backup.db")
    assert verify(str(tmp_path / "backup.db")) == "{}:{}".format(*small.head())


def test_the_log_and_the_history_say_who_redacted_when_and_why(small: Store) -> None:
    fact = at(small, "xylophia-confessed")
    redact(small, "xylophia-confessed", by="Bob")
    last = small.log(limit=2)
    assert [(entry.kind, entry.recorded_by, entry.message) for entry in last] == [
        ("commit", "Bob", "a court ordered it"),
        ("redacted", "Bob", "a court ordered it"),
    ]
    assert last[1].subject == f"[redacted {fact}]"
    history = small.history(f"[redacted {fact}]")
    assert (history[0].kind, history[0].changes, history[-1].kind) == ("fact.recorded", {}, "redacted")
    assert small.history("xylophia-confessed/paper/1")[0].kind == "citation.recorded"


def test_a_redacted_correction_never_happened_and_what_followed_it_still_holds(small: Store) -> None:
    first = small.correct("call", {"when": "2017", "title": SECRET}).position
    small.correct("call", {"place": "Moscow"})
    assert first
    small.redact(first - 1, why="asked")
    fact = small.fact("call")
    assert (fact.title, fact.when, fact.place) == ("They spoke", "2018-03-20", "Moscow")
    assert small.at(known=first).fact("call").title == "They spoke"
    assert [entry.changes for entry in small.history("call") if entry.position == first - 1] == [{}]
    check_store(small)


def test_a_redacted_commit_has_no_name_and_no_message_and_still_ends_its_records(small: Store) -> None:
    commit = small.correct("call", {"when": "2017"}, message=SECRET, by="Ann").position
    assert commit
    small.redact(commit, why="asked")
    told = {(entry.recorded_by, entry.message) for entry in small.log() if entry.commit == commit}
    assert told == {("[redacted]", "[redacted]")}
    assert small.fact("call").when == "2017"
    assert small.at(known=commit - 1).fact("call").when == "2018-03-20"
    check_store(small)


def test_links_to_what_was_redacted_show_that_it_was(small: Store) -> None:
    aide = at(small, "aide")
    redact(small, "aide")
    (said,) = small.who_says("visit")
    assert said.attribution == (f"[redacted {aide}]", "Deputy")
    assert said.origin == f"[redacted {aide}]"
    redact(small, "leak")
    assert small.who_says("visit") == []
    assert small.fact("visit").status == "unsupported"
    assert {source.id: source.seen_through for source in small.sources()} == {"paper": None, "copy": None}
    with small.file.reading() as connection:
        for view in VIEWS:
            column(connection, f"SELECT * FROM {view}")
        assert column(connection, "SELECT DISTINCT speaks_for FROM speakers") == [None]
    check_store(small)


def test_a_dump_leaves_out_what_rests_on_the_redacted_and_loading_it_changes_nothing(small: Store, path: Path) -> None:
    redact(small, "aide")
    redact(small, "leak", "xylophia-confessed")
    dumped = small.dump("json")
    head = small.head()
    assert small.load(json.loads(dumped)).position is None
    assert small.head() == head
    small.cite("visit", source="paper", quote="met")
    Store(path).load(json.loads(small.dump("json")))
    assert Store(path).dump() == small.dump()


def test_changes_across_a_redaction_are_shown_as_if_the_redacted_had_never_been_said(small: Store) -> None:
    first = small.head().position
    small.cite("call", source="leak", quote="rang")
    small.correct("call", {"place": "Moscow"}, evidence=["call/leak/1"])
    small.correct("visit/leak/1", {"locator": "page 2"})
    small.correct("xylophia-confessed", {"when": "2018-03-23"})
    redact(small, "xylophia-confessed", "call/leak/1")
    told = [(change.id, change.change, change.field) for change in small.diff(first)]
    assert told == [("call", "corrected", "place"), ("visit/leak/1", "corrected", "locator")]
    redact(small, "leak", "aide")
    assert "redacted" not in {change.change for change in small.diff(1)}
    assert [change.id for change in small.diff(first)] == ["call", "visit/leak/1"]
    document = json.loads(small.dump("json"))
    rehearsed = small.load(document, prune="other", dry_run=True)
    assert (rehearsed.changes, rehearsed.tally.gone) == ((), [])


def test_a_redaction_can_itself_be_redacted_and_what_it_deleted_stays_known(small: Store) -> None:
    fact = at(small, "xylophia-confessed")
    done = redact(small, "xylophia-confessed").position
    assert done
    small.redact(done - 1, why="its reason told too much")
    assert small.verify().ok
    with pytest.raises(BroughtBack, match=rf"title was redacted \(position {fact}\)"):
        small.add(SECRET, source="paper")
    check_store(small)


def test_what_cannot_be_redacted_is_refused_and_nothing_is_written(small: Store) -> None:
    small.withdraw("call")
    fact = at(small, "visit")
    redact(small, "visit")
    head = small.head()
    withdrawn = next(entry.position for entry in small.log() if entry.kind == "withdrawn")
    for position, words in (
        (1, "all hashes depend on it"),
        (0, "no record 0"),
        (999, "no record 999"),
        (fact, "redacted already"),
        (withdrawn, "withdrawn contains nothing"),
    ):
        with pytest.raises(Refused, match=words):
            small.redact(at(small, "call"), position, why="asked")
    with pytest.raises(InputError, match="needs a reason"):
        small.redact(at(small, "call"), why=" ")
    assert small.head() == head


def test_every_thing_that_is_left_can_be_shown(small: Store) -> None:
    redact(small, "aide")
    redact(small, "leak", "xylophia-confessed", "call/paper/1")
    with small._asking() as repository:
        left = [row.id for row in repository.rows("SELECT id FROM thing WHERE kind <> 'redacted'")]
    assert len(left) == 10
    for name in left:
        assert small.show(name).json()
        assert small.history(name)
        assert run(small.file.location, "show", name)[0] == 0


# --- never brought back unawares --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bring", "field"),
    [
        (lambda s, **o: s.add("Anything", source="paper", id="xylophia-confessed", **o), "id"),
        (lambda s, **o: s.add(SECRET, source="paper", **o), "title"),
        (lambda s, **o: s.correct("call", {"title": SECRET}, **o), "title"),
        (lambda s, **o: s.correct("call", {"place": SECRET}, **o), "place"),
        (lambda s, **o: s.correct("call", {"attributes": {SECRET: "yes"}}, **o), "attributes"),
        (lambda s, **o: s.cite("call", source="paper", quote="it was Xylophia", **o), "quote"),
        (lambda s, **o: s.relate("call", "before", "visit", source="paper", quote="it was Xylophia", **o), "quote"),
        (lambda s, **o: s.load({"sources": [{"id": "x", "url": "https://leak.example/1"}]}, **o), "url"),
        (lambda s, **o: s.load({"speakers": [{"id": "x", "name": "the aide"}]}, **o), "name"),
    ],
)
def test_what_brings_a_redacted_text_or_id_back_is_refused_unless_allowed(
    small: Store, bring: Callable[..., Any], field: str
) -> None:
    names = ("xylophia-confessed", "xylophia-confessed/leak/1", "leak", "aide")
    positions = [at(small, name) for name in names]
    redact(small, *names)
    head = small.head()
    with pytest.raises(BroughtBack, match=f"{field} was redacted") as refused:
        bring(small)
    assert any(f"(position {position})" in str(refused.value) for position in positions)
    assert small.head() == head
    bring(small, allow_redacted=True)
    check_rebuild(small)


def test_the_document_that_was_redacted_from_is_refused_and_others_are_not(small: Store) -> None:
    redact(small, "xylophia-confessed/leak/1")
    with pytest.raises(BroughtBack) as refused:
        small.load(SMALL)
    assert [line.partition(":")[0] for line in refused.value.texts] == ["xylophia-confessed/leak/2"]
    assert small.load(SMALL | {"facts": [SMALL["facts"][0]], "orderings": []}).position is None


def test_what_comes_back_is_reported_before_the_differences_and_these_name_things_by_id(small: Store) -> None:
    gone = at(small, "xylophia-confessed")
    redact(small, "xylophia-confessed")
    with pytest.raises(BroughtBack):
        small.load(SMALL)
    with pytest.raises(BroughtBack):
        small.load(SMALL, correct="other")
    with pytest.raises(Changed) as differing:
        small.load(SMALL, allow_redacted=True)
    assert differing.value.differences == [
        f'document: orderings.1: call.before.xylophia-confessed: b: "[redacted {gone}]" -> "xylophia-confessed"',
        f'document: orderings.2: xylophia-confessed.before.visit: a: "[redacted {gone}]" -> "xylophia-confessed"',
    ]


def test_a_derived_id_that_was_redacted_is_skipped(small: Store) -> None:
    redact(small, "call/paper/1")
    small.cite("call", source="paper", quote="talked")
    assert [citation.id for citation in small.who_says("call")] == ["call/paper/2"]
    redact(small, "call")
    name, _ = small.add("Call", source="paper")
    assert name == "call-2"


def test_prints_are_of_this_ledger_alone_and_of_no_common_value(small: Store) -> None:
    small.correct("call", {"place": "Moscow", "tags": ["talks"]})
    redact(small, "call")
    small.add("Other", source="paper", place="Moscow", tags=["talks"])
    said = next(record for record in records_of(small) if record.header.kind == "redacted")
    ledger = said.header.ledger
    assert json.loads(said.payload or "")["prints"] == sorted(
        fingerprint(ledger, words) for words in ("call", "They spoke")
    )


# --- who still mentions it ------------------------------------------------------------------------------------


@pytest.mark.on_a_file("its bytes are searched")
def test_what_else_mentions_it_is_listed_and_left(small: Store) -> None:
    small.correct("visit", {"attributes": {"note": f'"{SECRET}", she said'}}, message=f"heard that {SECRET}.")
    small.correct("call", {"phrase": "unXylophia Quarrelworth confessedly"})
    small.correct("call", {"attributes": {SECRET: "yes"}})
    small.correct("xylophia-confessed", {"title": "She told all"})
    fact, head = at(small, "xylophia-confessed"), small.head().position
    rehearsed = redact(small, "xylophia-confessed", dry_run=True)
    assert small.head().position == head
    assert rehearsed.position is None
    found = redact(small, "xylophia-confessed")
    assert (found.redacted, found.gone, found.mentions) == (rehearsed.redacted, rehearsed.gone, rehearsed.mentions)
    told = {(place.kind, place.id and place.id.replace(str(fact), "N"), place.what) for place in found.mentions}
    assert told == {
        ("citation.recorded", "xylophia-confessed/paper/1", "id"),
        ("citation.recorded", "xylophia-confessed/leak/1", "id"),
        ("ordering.recorded", "call.before.xylophia-confessed", "id"),
        ("ordering.recorded", "xylophia-confessed.before.visit", "id"),
        ("fact.corrected", "visit", "title"),
        ("fact.corrected", "call", "title"),
        ("fact.corrected", "[redacted N]", "corrects what was redacted"),
        ("commit", None, "title"),
    }
    small.redact(*(place.position for place in found.mentions), why="the same")
    assert b"ylophia" not in small.path.read_bytes().replace(b"unXylophia", b"")


def test_a_text_with_quotation_marks_is_found_as_json_holds_it_and_a_common_word_is_no_mention(small: Store) -> None:
    small.correct("call", {"place": 'in A leaked "file"', "phrase": "a leak"})
    found = redact(small, "leak", dry_run=True)
    assert ("call", "title") in {(place.id, place.what) for place in found.mentions}
    assert {place.id for place in found.mentions if place.what == "id"} == {"xylophia-confessed/leak/1", "visit/leak/1"}


def test_archived_texts_are_searched_and_deleted_with_the_last_source_that_names_them(small: Store) -> None:
    with small.file.writing() as connection:
        kept, gone = texts.keep(connection, f"It is said that {SECRET}."), texts.keep(connection, "spoke, Xylophia")
        connection.commit()
    small.load({"sources": [{"id": "web", "text": kept}, {"id": "wire", "text": gone}]})
    found = redact(small, "xylophia-confessed")
    assert Mention(at(small, "web"), "archived text", "web", "title") in found.mentions
    redact(small, "wire")
    with small.file.reading() as connection:
        assert texts.read(connection, kept)
        assert texts.read(connection, gone) is None


@pytest.mark.parametrize(
    ("quote", "content"),
    [
        ("It was Xylophia's", "They say: “It  was\nXylophia’s”, and no more."),
        ("It was […] that evening", "It was Xylophia Quarrelworth, who came that evening."),
        ("co-operation was re-signed", "Their co‑operation was re-\nsigned then."),
    ],
)
def test_a_quote_is_recognized_in_an_archived_text_as_in_a_check(small: Store, quote: str, content: str) -> None:
    small.add_source(content, id="web")
    small.cite("call", source="web", quote=quote)
    (said,) = [one for one in small.who_says("call") if one.source == "web"]
    assert said.check == "normalised"
    found = redact(small, said.id)
    assert Mention(at(small, "web"), "archived text", "web", "quote") in found.mentions


def test_a_text_stays_while_the_ledger_names_it_and_is_deleted_only_with_its_source(small: Store) -> None:
    small.add_source("It is said so.", id="paper", allow_missing=True)  # by a correction
    with small.file.reading() as connection:
        kept = value(connection, "SELECT sha256 FROM archived_text")
    redact(small, "call")
    with small.file.reading() as connection:
        assert texts.read(connection, kept)
    redact(small, "paper")
    with small.file.reading() as connection:
        assert texts.read(connection, kept) is None


def test_samples_of_analyze_are_deleted_too(worn: Store) -> None:
    with closing(sqlite3.connect(worn.path)) as connection, connection:
        connection.execute("ANALYZE")
        # As in an SQLite with STAT4: samples of an index's values.
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("CREATE TABLE stat4 (tbl, idx, neq, nlt, ndlt, sample)")
        connection.execute(
            """UPDATE sqlite_master SET name = 'sqlite_stat4', tbl_name = 'sqlite_stat4',
               sql = 'CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)' WHERE name = 'stat4'"""
        )
        connection.execute("INSERT INTO sqlite_stat1 VALUES ('thing', 'xylophia-confessed', '1')")
    connection.close()
    with closing(sqlite3.connect(worn.path)) as connection, connection:
        connection.execute("INSERT INTO sqlite_stat4 SELECT 'thing', 'i', 1, 1, 1, id FROM thing")
    connection.close()
    assert worn.verify().ok
    names = ("xylophia-confessed", "xylophia-confessed/leak/1", "xylophia-confessed/paper/1")
    ties = ("call.before.xylophia-confessed", "xylophia-confessed.before.visit")
    positions = [at(worn, name) for name in (*names, *ties)]
    needles = secrets_of(worn, *positions)
    assert worn.redact(*positions, why="asked").unscrubbed is None
    assert leftovers(worn.path, *needles) == set()
    assert worn.verify().ok


# --- never lost -----------------------------------------------------------------------------------------------


def test_what_was_redacted_is_not_restored_corrected_cited_or_asked_for(small: Store) -> None:
    small.withdraw("leak", allow_unsupported=True)
    source, fact = at(small, "leak"), at(small, "xylophia-confessed")
    redact(small, "leak", "xylophia-confessed")
    acts: list[Callable[[], Any]] = [
        lambda: small.restore("leak"),
        lambda: small.correct("xylophia-confessed", {"when": "2017"}),
        lambda: small.correct(f"[redacted {fact}]", {"when": "2017"}),
        lambda: small.cite("xylophia-confessed", source="paper"),
        lambda: small.correct("call/paper/1", {"source": "leak"}),
        lambda: small.fact("xylophia-confessed"),
        lambda: small.timeline.before("xylophia-confessed"),
    ]
    for act in acts:
        with pytest.raises(UnknownId, match=rf"was redacted \(position ({source}|{fact})\) and cannot be restored"):
            act()
    document = {"facts": [{"id": "new", "title": "New", "evidence": [{"source": "leak"}]}]}
    cites: list[Callable[[], Any]] = [lambda: small.cite("call", source="leak"), lambda: small.load(document)]
    for cite in cites:
        with pytest.raises(DocumentError, match=rf"source leak: it was redacted \(position {source}\)"):
            cite()


def test_of_a_commit_that_was_partly_redacted_the_rest_is_reverted(small: Store) -> None:
    document = {
        "sources": [{"id": "tv"}],
        "facts": [{"id": name, "title": f"The {name}", "evidence": [{"source": "tv"}]} for name in ("meal", "dance")],
    }
    commit = small.load(document).position
    assert commit
    redact(small, "meal")
    small.revert(commit)
    with small._asking() as repository:
        assert [repository.fields(at(small, name))["withdrawn"] for name in ("tv", "dance", "dance/tv/1")] == [True] * 3
    check_rebuild(small)


def test_of_a_commit_that_was_redacted_whole_nothing_is_left_to_revert(small: Store) -> None:
    commit = small.correct("call", {"title": SECRET}, message=SECRET).position
    assert commit
    small.redact(commit - 1, commit, why="asked")
    with pytest.raises(Refused, match="nothing left to undo"):
        small.revert(commit)
    with pytest.raises(Refused, match="a redaction cannot be undone"):
        small.revert(small.head().position)


def test_a_value_does_not_go_back_to_a_redacted_source(small: Store) -> None:
    commit = small.correct("visit/leak/1", {"source": "paper"}).position
    assert commit
    redact(small, "leak")
    assert [fact.id for fact in small.facts() if fact.status == "stands"].count("visit") == 1
    with pytest.raises(Refused, match=r"visit/leak/1: source cannot go back to \[redacted \d+\]"):
        small.revert(commit)


def test_a_revert_over_a_redacted_speaker_brings_back_the_rest_of_the_chain(small: Store) -> None:
    commit = small.correct("visit/leak/1", {"attribution": ["paper"]}).position
    assert commit
    aide = at(small, "aide")
    redact(small, "aide")
    small.revert(commit)
    assert small.who_says("visit")[0].attribution == (f"[redacted {aide}]", "Deputy")
    check_rebuild(small)


# --- the file's bytes -----------------------------------------------------------------------------------------


def leftovers(path: Path, *needles: str) -> set[tuple[str, str]]:
    """Which of some texts are in any file whose name begins like the ledger's, whatever their case."""
    return {
        (file.name, needle)
        for file in path.parent.iterdir()
        if file.name.startswith(path.name)
        for needle in needles
        if needle.lower().encode() in file.read_bytes().lower()
    }


@pytest.fixture
def worn(path: Path) -> Store:
    """A ledger with pages that were written, freed and written again, some by a client that does not zero freed bytes."""
    store = Store(path)
    store.load(SMALL)
    for turn in range(12):
        store.correct("xylophia-confessed", {"place": f"place {turn}", "tags": ["pad " * 400]}, allow_conflict=True)
        if turn % 4 == 0:
            store.rebuild()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute("CREATE TABLE scratch AS SELECT payload FROM payload")
    connection.execute("DROP TABLE scratch")
    connection.close()
    return store


def secrets_of(store: Store, *positions: int) -> list[str]:
    said = [record for record in records_of(store) if record.position in positions]
    return ["ylophia", "uarrelworth", "onfessed", *(record.salt or "" for record in said)]


def test_after_a_redaction_its_bytes_are_nowhere(worn: Store) -> None:
    names = ("xylophia-confessed", "xylophia-confessed/leak/1", "xylophia-confessed/paper/1")
    ties = ("call.before.xylophia-confessed", "xylophia-confessed.before.visit")
    positions = [at(worn, name) for name in (*names, *ties)]
    needles = secrets_of(worn, *positions)
    assert {needle for _, needle in leftovers(worn.path, *needles)} == set(needles)
    found = worn.redact(*positions, why="asked")
    assert found.unscrubbed is None
    assert leftovers(worn.path, *needles) == set()
    assert worn.verify().ok
    worn.close()
    assert leftovers(worn.path, *needles) == set()


def test_if_the_file_cannot_be_opened_again_the_redaction_stands_and_is_finished_later(
    worn: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    position = at(worn, "xylophia-confessed/leak/1")
    opened = engine.opened

    def fail(path: Path, query: str, kind: Any) -> Any:
        if query == "mode=rw":
            raise sqlite3.OperationalError("disk I/O error")
        return opened(path, query, kind)

    with monkeypatch.context() as patched:
        patched.setattr(engine, "opened", fail)
        found = worn.redact(position, why="asked")
    assert found.position is not None
    assert found.unscrubbed == "disk I/O error"
    assert worn.redact().unscrubbed is None
    assert worn.verify().ok


def test_if_somebody_still_reads_the_redaction_stands_and_is_finished_later(
    worn: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SCRUB_TIMEOUT", 0.05)
    position = at(worn, "xylophia-confessed/leak/1")
    needles = secrets_of(worn, position)[3:]
    reader = sqlite3.connect(worn.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM record").fetchall()
    code, said = run(worn.file.location, "redact", str(position), "-m", "asked")
    assert code == 1
    assert "the redaction stands, but it may still lie among the file's bytes: another program is still" in said
    assert "xylophia-confessed/leak/1" not in worn.dump()
    assert leftovers(worn.path, *needles)
    assert "`factstore redact` clears them" in worn.verify().problems[0].text
    reader.execute("ROLLBACK")
    reader.close()
    worn.correct("call", {"place": "here"})
    assert run(worn.file.location, "redact") == (
        0,
        "nothing is named; no bytes of earlier redactions are left\n",
    )
    assert leftovers(worn.path, *needles) == set()
    assert worn.verify().ok


_REDACTOR = """
import os, sys, signal
from factstore.database.sqlite import pages
from factstore.ledger import texts
from factstore.store import Store
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[3] == "before": texts.drop_unused = die
else: pages.scrub = die
Store(sys.argv[1]).redact(int(sys.argv[2]), why="asked")
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_leaves_the_old_ledger_or_the_redacted_one(worn: Store, moment: str) -> None:
    position = at(worn, "xylophia-confessed")
    head = worn.head()
    killed = subprocess.run(
        [sys.executable, "-c", _REDACTOR, str(worn.path), str(position), moment],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert worn.verify(ledger_only=True).ok
    if moment == "before":
        assert worn.head() == head
        assert worn.verify().ok
        assert worn.fact("xylophia-confessed").title == SECRET
        return
    assert [problem.text for problem in worn.verify().problems] == [
        "what was redacted may still lie in the file's free pages; `factstore redact` clears them"
    ]
    worn.redact()
    check_rebuild(worn)


# --- any history ----------------------------------------------------------------------------------------------

_WRITES: list[Callable[[Store], Any]] = [
    lambda store: store.correct("call", {"when": "2018-03-25"}, allow_conflict=True),
    lambda store: store.correct("visit", {"when": "2018-03-21", "place": "Moscow"}, allow_conflict=True),
    lambda store: store.correct("visit/leak/1", {"source": "paper", "attribution": ["aide"]}, allow_conflict=True),
    lambda store: store.withdraw("xylophia-confessed", allow_conflict=True),
    lambda store: store.restore("xylophia-confessed", allow_conflict=True),
    lambda store: store.relate("visit", "before", "call", source="leak", allow_conflict=True),
    lambda store: store.revert(store.head().position, allow_conflict=True),
]


@settings(max_examples=5)
@given(
    st.lists(st.sampled_from(_WRITES), max_size=4),
    st.lists(st.integers(2, 40), min_size=1, max_size=4),
    st.lists(st.sampled_from(_WRITES), max_size=3),
)
def test_whatever_is_redacted_every_clock_answers_as_if_it_had_never_been_said(
    new_store: NewStore, before: list[Callable[[Store], Any]], positions: list[int], after: list[Callable[[Store], Any]]
) -> None:
    with pytest.MonkeyPatch.context() as patch, new_store() as store:
        patch.setattr(pages, "scrub", lambda path: None)
        patch.setattr(SqliteDialect, "mark_unscrubbed", staticmethod(lambda connection: None))
        store.load(SMALL)
        for act in before:
            attempt(act, store)
        for position in positions:
            attempt(lambda store, position: store.redact(position, why="asked"), store, position)
        for act in after:
            attempt(act, store)
        check_store(store, clocks=4, evidence=[("2018-04-02", None), (None, "2018-04-02"), ("2018-04-02", None)])
        assert Reference(records_of(store), store.head().position).timeline() == [one.json() for one in store.timeline]
        assert store.load(json.loads(store.dump("json"))).position is None
        store.log()


def attempt(act: Callable[..., Any], *given: Any) -> None:
    try:
        act(*given)
    except FactstoreError:
        return


# --- the command ----------------------------------------------------------------------------------------------


def run(place: str, *words: str) -> tuple[int, str]:
    told = CliRunner().invoke(cli, [*words, "--db", place])
    return told.exit_code, told.output


def test_the_command_says_what_is_deleted_and_what_mentions_it(small: Store) -> None:
    fact = at(small, "call")
    rehearsal = run(small.file.location, "redact", str(fact), "-m", "asked", "--dry-run")
    assert rehearsal[0] == 0
    assert rehearsal[1].splitlines() == [
        f"would be redacted: {fact} fact.recorded call",
        f"would be hidden on all clocks with it: {fact + 1} citation call/paper/1",
        f"would be hidden on all clocks with it: {at(small, 'call.before.xylophia-confessed')} ordering "
        "call.before.xylophia-confessed",
        f"still mentions it: {fact + 1} citation.recorded call/paper/1 (id)",
        f"still mentions it: {at(small, 'call.before.xylophia-confessed')} ordering.recorded "
        "call.before.xylophia-confessed (id)",
        "nothing was written",
        "fingerprints are kept, so that it does not come back: anybody who guesses a short value can confirm it",
    ]
    code, said = run(small.file.location, "redact", str(fact), "-m", "asked", "--json")
    assert code == 0
    found = json.loads(said.rpartition("\n}")[0] + "\n}")
    lists = ["redacted", "gone", "unsupported", "mentions", "within"]
    assert list(found) == ["position", *lists, "unscrubbed", "stored", "stored_within"]
    assert found["redacted"] == [{"position": fact, "kind": "fact.recorded", "id": "call", "what": ""}]
    code, said = run(small.file.location, "add", "They spoke", "--source", "paper")
    assert code == 1
    assert "--allow-redacted records it anyway" in said
    assert run(small.file.location, "add", "They spoke", "--source", "paper", "--allow-redacted")[0] == 0
    assert run(small.file.location, "redact", "3")[0] == 2
    assert run(small.file.location, "redact", "x", "-m", "asked")[0] == 2


def test_a_diff_says_nothing_about_redacted_content(small: Store) -> None:
    since = small.head().position
    fact = small.add("Nobody must know", source="paper", quote="a name", id="gone")[1].position
    assert fact
    small.cite("call", source="paper", quote="another name")
    small.redact(since + 1, small.head().position - 1, why="asked")
    assert [change.id for change in small.diff(since)] == []
