"""The store: the seed's chronology, corrections, clocks, and files that are not ours."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import factstore
from factstore.database.names import REVISION
from factstore.database.sqlite import connections
from factstore.documents.reading import parse
from factstore.errors import (
    DateError,
    DocumentError,
    FactstoreError,
    InputError,
    NoLedger,
    Refused,
    SchemaVersion,
    Stale,
    Unavailable,
    UnknownId,
)
from factstore.ledger.chain import Head
from factstore.ledger.payloads import By
from factstore.projection.fold import Fold
from factstore.store import Store
from tests.support.checks import check_rebuild, check_store
from tests.support.reference import Reference, records_of

ROOT = Path(__file__).parents[1]
SEED = ROOT / "seeds" / "moscow-times-2018-04-02.yaml"
ARTICLE = ROOT.parent / "shared" / "reference" / "moscow-times-2018-04-02.txt"

SMALL: dict[str, Any] = {
    "sources": [{"id": "paper", "title": "The paper"}],
    "facts": [
        {
            "id": "call",
            "title": "They spoke",
            "when": "2018-03-20",
            "evidence": [{"source": "paper", "quote": "spoke"}],
        },
        {"id": "visit", "title": "They met", "evidence": [{"source": "paper"}]},
    ],
}


def one_fact(name: str) -> dict[str, Any]:
    return {
        "sources": [{"id": "paper", "title": "The paper"}],
        "facts": [{"id": name, "title": name, "evidence": [{"source": "paper"}]}],
    }


# --- the seed -------------------------------------------------------------------------------------------------


@pytest.fixture
def seeded(store: Store) -> Store:
    store.load(SEED, message="the article")
    return store


def certain(found: list[factstore.Found]) -> set[str]:
    return {one.fact.id for one in found if one.certainty == "certain"}


def test_the_seed_has_at_least_sixteen_facts_without_a_contradiction(seeded: Store) -> None:
    assert len(seeded.facts()) >= 16
    assert [conflict for conflict in seeded.conflicts() if conflict.kind == "contradiction"] == []
    assert seeded.load(SEED).position is None
    records = records_of(seeded)
    reference = Reference(records, records[-1].position)
    assert [found.json() for found in seeded.timeline] == reference.timeline()
    for x in ("trump-putin-call", "russia-expels-60-us-diplomats"):
        assert [found.json() for found in seeded.timeline.before(x)] == reference.ask("before", x)
        assert [found.json() for found in seeded.timeline.after(x)] == reference.ask("after", x)
    check_rebuild(seeded)


def test_the_expulsion_has_no_date_of_its_own_and_is_placed_by_stated_order(seeded: Store) -> None:
    expulsion = seeded.fact("us-expels-60-russian-diplomats")
    assert expulsion.when is None
    assert (expulsion.earliest, expulsion.latest) == ("2018-03-20", "2018-04-01")
    assert "us-expels-60-russian-diplomats" in certain(seeded.timeline.after("trump-putin-call"))
    assert "us-expels-60-russian-diplomats" in certain(seeded.timeline.before("russia-expels-60-us-diplomats"))


def test_the_four_events_of_the_seed_are_in_order(seeded: Store) -> None:
    ids = [found.fact.id for found in seeded.timeline]
    events = [
        "trump-putin-call",
        "us-expels-60-russian-diplomats",
        "russia-expels-60-us-diplomats",
        "moscow-times-publishes-article",
    ]
    assert [name for name in ids if name in events] == events
    before = certain(seeded.timeline.before("russia-expels-60-us-diplomats"))
    assert {"trump-putin-call", "us-expels-60-russian-diplomats"} <= before
    assert "moscow-times-publishes-article" not in before


def test_the_articles_words_say_why_the_expulsion_came_first(seeded: Store) -> None:
    order = seeded.timeline.order("us-expels-60-russian-diplomats", "russia-expels-60-us-diplomats")
    assert order.relations["before"] == "certain"
    (step,) = order.why
    assert step.kind == "ordering"
    assert "retaliated" in step.text
    assert step.quote is not None
    assert "retaliated late last week" in step.quote


def test_quotes_of_the_seed_are_short(seeded: Store) -> None:
    quotes = [
        cited.quote
        for _, entry in seeded.entries()
        if "evidence" in entry
        for cited in seeded.who_says(entry["id"])
        if cited.quote
    ]
    assert len(quotes) > 50
    assert [quote for quote in quotes if len(quote.split()) > 25] == []


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("trump-putin-call", "stands"),
        ("poisoning-raised-in-call", "denied"),
        ("white-house-summit", "foretold"),
        ("us-diplomats-leave-russia", "foretold"),
    ],
)
def test_statuses_of_the_seed_follow_from_what_its_sources_say(seeded: Store, name: str, status: str) -> None:
    assert seeded.fact(name).status == status


def test_the_white_house_is_silent_on_the_summit(seeded: Store) -> None:
    for name in ("summit-discussed-in-call", "trump-suggests-meeting", "white-house-summit"):
        (silent,) = [cited for cited in seeded.who_says(name) if cited.stance == "silent"]
        assert silent.origin == "The White House"


def plain(words: str) -> str:
    """A text without the article's markup, and with single spaces."""
    return " ".join(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words).replace("**", "").split())


@pytest.mark.skipif(not ARTICLE.exists(), reason="the article's text is not kept in the repository")
def test_every_quote_of_the_seed_is_in_the_article(seeded: Store) -> None:
    article = plain(ARTICLE.read_text(encoding="utf-8"))
    for _, entry in seeded.entries():
        for cited in entry.get("evidence", ()):
            place = 0
            for part in filter(None, plain(cited["quote"]).split("[…]")):
                found = article.find(part.strip(), place)
                assert found >= 0, (cited["id"], part)
                place = found + len(part.strip())


# --- corrections ----------------------------------------------------------------------------------------------


def test_a_correction_stands_beside_what_it_corrects(store: Store) -> None:
    store.load(SMALL)
    before = store.head().position
    done = store.correct(
        "call", {"when": "2018-03-21", "title": "They spoke"}, reason="other", message="misread", by="Ann"
    )
    assert done.tally.corrected == ["call"]
    assert store.fact("call").when == "2018-03-21"
    assert store.at(known=before).fact("call").when == "2018-03-20"
    first, *_, last = store.history("call")
    assert first.changes is not None
    assert first.changes["when"] == (None, "2018-03-20")
    assert (last.changes, last.reason, last.message, last.recorded_by) == (
        {"when": ("2018-03-20", "2018-03-21")},
        "other",
        "misread",
        "Ann",
    )


def test_a_correction_may_remove_a_value_and_one_that_changes_nothing_is_not_recorded(store: Store) -> None:
    store.load(SMALL)
    store.correct("call", {"when": None})
    assert store.fact("call").when is None
    head = store.head()
    assert store.correct("call", {"when": None, "title": "They spoke"}).position is None
    assert store.head() == head


@pytest.mark.parametrize(
    ("name", "changes", "problem"),
    [
        ("call", {"wen": "2018"}, "a fact has no field 'wen'"),
        ("call", {"when": "2018-13"}, "call: when: '2018-13' cannot be read"),
        ("call", {"title": None}, "call: title: a fact cannot be without it"),
        ("call", {"id": "other"}, "a fact has no field 'id'"),
        ("call/paper/1", {"source": "call"}, "call is a fact, not a source"),
        ("call.before.visit", {"b": "call"}, "a fact cannot be ordered with itself"),
        ("call.before.visit", {"gap": {"min": "P3D", "max": "P1D"}}, "is longer than the greatest"),
        ("call", {"title": "half \ud800"}, "call: title: "),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(
    store: Store, name: str, changes: dict[str, Any], problem: str
) -> None:
    store.load(SMALL)
    store.relate("call", "before", "visit")
    head = store.head()
    with pytest.raises((InputError, UnknownId), match=re.escape(problem)):
        store.correct(name, changes)
    assert store.head() == head


def test_a_withdrawn_thing_counts_in_no_answer_and_can_be_restored(store: Store) -> None:
    store.load(SMALL)
    store.withdraw("call", message="never happened")
    assert [found.fact.id for found in store.timeline] == ["visit"]
    assert [fact.id for fact in store.facts()] == ["visit"]
    assert [fact.id for fact in store.facts(status=["withdrawn"])] == ["call"]
    with pytest.raises(Refused, match="call is withdrawn already"):
        store.withdraw("call")
    store.restore("call")
    assert [found.fact.id for found in store.timeline] == ["call", "visit"]
    with pytest.raises(Refused, match="call is not withdrawn"):
        store.restore("call")


def test_a_fact_whose_only_source_is_withdrawn_is_unsupported(store: Store) -> None:
    store.load(SMALL)
    store.withdraw("paper", allow_unsupported=True)
    assert {fact.status for fact in store.facts()} == {"unsupported"}
    assert store.who_says("call") == []
    assert list(store.timeline) == []


def test_an_ordering_counts_only_while_a_citation_of_it_does(store: Store) -> None:
    store.load(SMALL | {"sources": [*SMALL["sources"], {"id": "radio"}]})
    store.relate("call", "before", "visit", source="radio", quote="then")
    assert certain(store.timeline.before("visit")) == {"call"}
    store.withdraw("radio")
    assert certain(store.timeline.before("visit")) == set()
    store.cite("call.before.visit", source="paper")
    assert certain(store.timeline.before("visit")) == {"call"}


def test_a_stale_version_is_refused_with_what_changed_since(store: Store) -> None:
    store.load(SMALL)
    version = store.fact("call").version
    store.correct("call", {"when": "2018-03-21", "place": "Moscow"}, by="Ann")
    with pytest.raises(Stale, match=r"fact\.corrected by Ann \(when, place\)"):
        store.correct("call", {"when": "2018-03-22"}, expect=version)
    with pytest.raises(Stale, match=r"fact\.corrected by Ann \(when, place\)"):
        store.withdraw("call", expect=version)
    store.withdraw("call", expect=store.fact("call").version)


def test_add_makes_an_id_that_is_free_and_cite_and_relate_go_on_from_it(store: Store) -> None:
    first, done = store.add("It happened", source="paper", new_source={"title": "The paper"}, quote="it did")
    second, _ = store.add("It happened", source="paper", when="2018", place="Moscow")
    assert (first, second) == ("it-happened", "it-happened-2")
    assert done.tally.recorded == {"source": ["paper"], "fact": [first], "citation": [f"{first}/paper/1"]}
    store.cite(first, source="paper", quote="it did not", evidence={"stance": "denies"})
    assert store.fact(first).status == "disputed"
    store.relate(first, "before", second, phrase="earlier", gap={"min": "P1D"}, source="paper", quote="then")
    assert certain(store.timeline.before(second)) == {first}
    check_store(store)


def test_a_dry_run_leaves_no_trace(store: Store, path: Path) -> None:
    head = store.head()
    done = store.load(SMALL, dry_run=True)
    assert (done.position, len(done.tally.recorded["fact"])) == (None, 2)
    assert store.head() == head
    Store(path).load(SMALL, dry_run=True)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("ask", ["fact", "history", "who_says", "withdraw"])
def test_an_unknown_id_suggests_the_nearest(seeded: Store, ask: str) -> None:
    with pytest.raises(UnknownId, match=r"did you mean trump-putin-call") as unknown:
        getattr(seeded, ask)("trump-putin-cal")
    assert unknown.value.nearest[0] == "trump-putin-call"


def test_an_unknown_x_suggests_the_nearest_and_a_rough_date_is_refused(seeded: Store) -> None:
    with pytest.raises(UnknownId, match="did you mean"):
        seeded.timeline.before("skripal-poisning")
    with pytest.raises(UnknownId, match="is a source, not a fact"):
        seeded.timeline.before("kremlin-readout")
    for x in ("2018?", "201X", "2018/..", "[2018,2019]", "2018-13"):
        with pytest.raises(DateError):
            seeded.timeline.before(x)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_what_the_ledger_cannot_hold_is_refused_wherever_it_occurs(store: Store, text: str) -> None:
    head = store.head()
    with pytest.raises(InputError):
        store.load(SMALL, message=text)
    with pytest.raises(InputError):
        store.load(SMALL | {"sources": [{"id": "paper", "title": text}]})
    for name in (text, "  "):
        with pytest.raises(InputError):
            store.load(SMALL, by=name)
    assert store.head() == head


# --- clocks ---------------------------------------------------------------------------------------------------


def test_known_at_takes_a_position_a_moment_or_a_day(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.load(SMALL)
    first = store.log()[0]
    store.correct("call", {"when": "2018-03-25"})
    last = store.log()[0]
    old, new = "2018-03-20", "2018-03-25"
    for known, when in (
        (first.position, old),
        (str(first.position), old),
        (last.position - 1, old),
        (last.position, new),
        (first.recorded_at, old),
        (first.recorded_at.replace("Z", "+00:00"), old),
        (last.recorded_at, new),
        (last.recorded_at[:10], new),
        ("9999-12-30", new),
    ):
        assert store.at(known=known).fact("call").when == when, known
    for known in (0, 1, first.position - 1, "2018-01-01", "0001-01-01"):
        with pytest.raises(UnknownId):
            store.at(known=known).fact("call")
    with pytest.raises(InputError, match=f"the ledger ends at position {last.position}"):
        store.at(known=10**30).fact("call")


@pytest.mark.parametrize("known", ["yesterday", "2018-13-01", "", "2018-1-1", "²", "-1", "10000-01-01"])
def test_an_impossible_clock_is_refused(store: Store, known: str) -> None:
    with pytest.raises(InputError, match="known at"):
        store.at(known=known)


# --- files ----------------------------------------------------------------------------------------------------


ACTS = {
    "read": lambda store: store.facts(),
    "load": lambda store: store.load(SMALL),
    "rebuild": lambda store: store.rebuild(),
    "verify": lambda store: store.verify(),
    "upgrade": lambda store: store.upgrade(),
    "head": lambda store: store.head(),
    "correct": lambda store: store.correct("call", {"when": "2018"}),
}


def refused(path: Path, act: str, kind: type[FactstoreError]) -> str:
    """Does something that must be refused in one sentence and leave the folder as it is. Returns the sentence."""
    before = {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with pytest.raises(kind) as caught:
        ACTS[act](Store(path))
    assert type(caught.value) is kind
    assert {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()} == before
    said = str(caught.value)
    assert path.name in said
    assert "\n" not in said
    return said


@pytest.mark.parametrize("act", ["read", "rebuild", "verify", "upgrade", "head"])
def test_a_missing_file_is_not_a_ledger_and_questions_do_not_make_it(path: Path, act: str) -> None:
    assert "there is no ledger at" in refused(path, act, NoLedger)


def test_correcting_in_a_missing_file_does_not_make_it(path: Path) -> None:
    with pytest.raises(FactstoreError):
        Store(path).correct("call", {"when": "2018"})
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("act", ACTS)
def test_an_empty_file_is_not_a_ledger(path: Path, act: str) -> None:
    path.touch()
    assert "is an empty file" in refused(path, act, NoLedger)


@pytest.mark.parametrize("act", ACTS)
def test_a_file_that_is_not_a_database_is_not_a_ledger(path: Path, act: str) -> None:
    path.write_text("facts, facts, facts\n" * 100)
    assert "is not an SQLite database" in refused(path, act, NoLedger)


@pytest.mark.parametrize("act", ACTS)
def test_a_database_that_is_not_ours_is_not_a_ledger(path: Path, act: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE fact (title TEXT)")
    connection.close()
    assert "not a Factstore ledger" in refused(path, act, NoLedger)


@pytest.mark.parametrize("act", ACTS)
def test_a_folder_is_not_a_ledger(path: Path, act: str) -> None:
    path.mkdir()
    assert "is a folder" in refused(path, act, NoLedger)


@pytest.mark.parametrize("act", [act for act in ACTS if act != "upgrade"])
def test_older_and_newer_schemas_are_distinguished(path: Path, act: str) -> None:
    for revision, words in (("9999", "newer than this version of Factstore supports"), ("0000", "`factstore upgrade`")):
        path.unlink(missing_ok=True)
        Store(path).load(SMALL)
        _set_revision(path, revision)
        assert words in refused(path, act, SchemaVersion)


def test_a_newer_schema_is_not_upgraded(path: Path) -> None:
    Store(path).load(SMALL)
    with Store(path) as store:
        assert store.upgrade() == (REVISION, REVISION)
    _set_revision(path, "9999")
    assert "newer" in refused(path, "upgrade", SchemaVersion)


def _set_revision(path: Path, revision: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = DELETE")
    with connection:
        connection.execute("UPDATE _alembic_version SET version_num = ?", [revision])
    connection.close()


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="is there such a folder"):
        Store(tmp_path / "nowhere" / "facts.db").load(SMALL)
    assert list(tmp_path.iterdir()) == []


def test_a_locked_file_is_read_and_not_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(path).load(SMALL)
    monkeypatch.setattr(connections, "LOCK_TIMEOUT", 0.01)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert len(Store(path).facts()) == 2
        with pytest.raises(Unavailable, match="is being written by another program"):
            Store(path).load(one_fact("other"))
    finally:
        other.execute("ROLLBACK")
        other.close()
    Store(path).load(one_fact("other"))
    assert len(Store(path).facts()) == 3


def test_a_first_load_that_fails_leaves_nothing_in_the_folder(path: Path, tmp_path: Path) -> None:
    documents: list[dict[str, Any]] = [{"facts": [{"id": "a", "title": "A"}]}, {"fact": []}]
    for document in documents:
        with pytest.raises(DocumentError):
            Store(path).load(document)
        assert list(tmp_path.iterdir()) == []


def test_a_load_that_fails_for_another_reason_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Fold, "finish", break_off)
    with pytest.raises(KeyboardInterrupt):
        Store(path).load(SMALL)
    assert list(path.parent.iterdir()) == []


def test_after_a_write_the_file_alone_holds_everything_and_after_a_block_of_them(path: Path) -> None:
    log = path.with_name(path.name + "-wal")
    store = Store(path)
    store.load(SMALL)
    assert not log.exists()
    with store:
        store.load(one_fact("other"))
        assert log.exists()
        store.load(one_fact("another"))
    assert not log.exists()
    assert len(store.facts()) == 4


def test_long_work_reports_its_progress(path: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []

    def progress(done: int, total: int | None) -> None:
        told.append((done, total))

    store = Store(path)
    store.load(SMALL)
    document = tmp_path / "facts.jsonl"
    document.write_text(store.dump("jsonl"))
    store.load(document, document, progress=progress)
    assert told == [(document.stat().st_size, None), (2 * document.stat().st_size, None)]
    last = store.head().position
    for work, count in (
        (store.rebuild, last),
        (store.verify, last),
        (partial(store.redact, last - 1, why="asked"), last + 2),
    ):
        told.clear()
        work(progress=progress)
        assert told[-1] == (count, count)


def test_unreadable_documents_are_reported_by_name(store: Store, tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("facts: [é]".encode("latin-1"))
    for document, words in (
        (latin, "latin.yaml: it is not UTF-8 text"),
        (tmp_path / "missing.yaml", f"missing.yaml: {os.strerror(errno.ENOENT).lower()}"),
        (tmp_path, os.strerror(errno.EISDIR).lower()),
    ):
        with pytest.raises(InputError, match=words):
            store.load(document)


def test_a_document_that_is_too_large_is_not_read_into_memory(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("factstore.documents.reading.LARGEST", 2**20)
    large = tmp_path / "large.yaml"
    with large.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(DocumentError, match="larger than 1 MiB"):
        store.load(large)


def test_init_makes_a_ledger_once(path: Path) -> None:
    head = Store(path).init(zone="+03:00", by=By(name="Ann", kind="program"))
    assert head.position == 2
    assert [file.name for file in path.parent.iterdir() if not file.name.endswith(("-wal", "-shm"))] == ["facts.db"]
    with pytest.raises(Refused, match="already exists"):
        Store(path).init()
    with pytest.raises(DateError):
        Store(path.with_name("other.db")).init(zone="Moscow")
    assert Store(path).log()[0].recorded_by == "Ann"


def test_a_commit_is_not_refused_because_its_result_cannot_be_read_just_then(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(store: Store) -> Head:
        raise Unavailable("the disk is full")

    monkeypatch.setattr(Store, "head", fail)
    head = Store(path).init()
    assert head.position == 2
    assert Store(path).rebuild() == head


@pytest.mark.parametrize("where", ["mysql://localhost/facts", "", ":memory:", "sqlite://"])
def test_a_path_that_is_not_a_file_is_refused(where: str) -> None:
    with pytest.raises(InputError):
        factstore.open(where)


def test_a_url_names_a_file(path: Path) -> None:
    factstore.open(f"sqlite:///{path}").load(SMALL)
    assert len(factstore.open(path).facts()) == 2


def test_a_published_head_is_compared_with_the_ledger(store: Store) -> None:
    store.load(SMALL)
    head = store.head()
    store.correct("call", {"when": "2018"})
    assert store.verify(head=head).ok
    for other in (Head(head.position, "0" * 64), Head(99, head.hash)):
        found = store.verify(head=other)
        assert not found.ok
        assert [problem.position for problem in found.problems] == [other.position]


def test_verify_finds_a_projection_that_is_not_what_the_ledger_says(store: Store) -> None:
    store.load(SMALL)
    connection = sqlite3.connect(store.path)
    with connection:
        connection.execute("UPDATE placement SET earliest = '2017' WHERE id = 'call'")
        connection.execute("UPDATE fact SET title = 'They sang' WHERE title = 'They met'")
    connection.close()
    problems = [problem.text for problem in store.verify().problems]
    assert len(problems) == 2
    assert "fact: title is not as recorded" in problems[0]
    assert "placement: earliest is not as recorded" in problems[1]
    assert store.verify(ledger_only=True).ok
    store.rebuild()
    assert store.verify().ok


# --- the record, and answers as JSON --------------------------------------------------------------------------


def test_listings_have_the_keys_that_scripts_rely_on(seeded: Store) -> None:
    placed = ["id", "title", "when", "earliest", "latest", "status"]
    (found, *_) = seeded.timeline.before("2018-04-02", limit=1, evidence=True)
    assert list(found.json()) == [*placed, "certainty", "evidence"]
    assert list(next(iter(seeded.timeline)).json()) == placed
    assert list(seeded.timeline.order("trump-putin-call", "ushakov-briefing").json())[:4] == [
        "a",
        "b",
        "relations",
        "why",
    ]
    assert list(seeded.log()[0].json()) == [
        "position",
        "commit",
        "kind",
        "subject",
        "recorded_at",
        "recorded_by",
        "message",
        "hash",
    ]
    assert {"changes"} <= set(seeded.history("trump-putin-call")[0].json())
    assert list(seeded.facts(limit=1)[0].json()) == placed
    assert list(seeded.who_says("trump-putin-call")[0].json()) == [
        "citation",
        "stance",
        "quote",
        "check",
        "attribution",
        "origin",
        "source",
        "published",
    ]
    assert list(seeded.sources()[0].json()) == [
        *("id", "title", "publisher", "url", "published", "retrieved", "text", "citations"),
    ]
    assert list(seeded.verify().json()) == ["ok", "position", "hash", "problems"]


def test_facts_are_found_by_every_word_of_a_query_to_the_letter(store: Store) -> None:
    store.load(SMALL)
    store.add("A 100% tax_free day", source="paper", participants=["Ann"], place="Moscow")
    for query, count in (
        ("spoke", 1),
        ("they", 2),
        ("they SPOKE", 1),
        ("100%", 1),
        ("ax_f", 0),
        ("tax_f", 1),
        ("ann mosc", 1),
    ):
        assert len(store.facts(query)) == count, query
    assert len(store.facts(limit=2)) == 2
    assert len(store.log(limit=3)) == 3


def test_the_log_names_each_records_commit(store: Store) -> None:
    done = store.load(SMALL, message="first reading", by="Ann")
    log = store.log()
    assert [entry.kind for entry in log] == [
        "commit",
        "citation.recorded",
        "fact.recorded",
        "citation.recorded",
        "fact.recorded",
        "source.recorded",
        "commit",
        "ledger.created",
    ]
    assert {entry.commit for entry in log[:6]} == {done.position}
    assert {(entry.message, entry.recorded_by) for entry in log[:6]} == {("first reading", "Ann")}


def test_parsed_documents_and_files_load_as_one_commit(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "more.yaml"
    file.write_text("facts:\n  - {id: more, title: More, evidence: [{source: paper}]}\n")
    done = store.load(parse(SMALL, "small"), file, one_fact("third") | {"sources": []})
    assert len(done.tally.recorded["fact"]) == 4
    assert {entry.commit for entry in store.log()[:-2]} == {done.position}


@pytest.mark.parametrize("block", [False, True], ids=["a write", "a block of writes"])
def test_after_a_write_the_file_alone_holds_everything_whatever_was_asked_before(store: Store, block: bool) -> None:
    document = {"sources": [{"id": "paper"}], "facts": [{"id": "a", "title": "A", "evidence": [{"source": "paper"}]}]}
    store.facts()
    if block:
        with store:
            store.load(document)
    else:
        store.load(document)
    alone = store.path.with_name("alone.db")
    alone.write_bytes(store.path.read_bytes())
    assert [fact.id for fact in Store(alone).facts()] == ["a"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("a\0b.db", "UTF-8 text without U"), ("\ud800.db", "UTF-8 text without U"), ("a" * 5000, "file name too long")],
)
def test_an_impossible_file_name_is_refused(name: str, words: str) -> None:
    with pytest.raises((InputError, Unavailable), match=words):
        Store(name).init()


def test_a_document_is_not_looked_for_under_an_impossible_file_name(store: Store) -> None:
    for name in ("a\0b.yaml", "\ud800.jsonl"):
        with pytest.raises(InputError, match="is not a file name"):
            store.load(name)
