"""Several calls in one commit, and which Python objects are accepted in place of a document's text."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from threading import Thread
from typing import Any, Unpack

import pytest

from factstore.documents.entries import EvidenceEntry, FactEntry
from factstore.errors import (
    Changed,
    Contradiction,
    DocumentError,
    InputError,
    Refused,
    UnknownId,
    Unlocated,
    Unsupported,
)
from factstore.evidence import quotes
from factstore.evidence.edits import Traced
from factstore.repository.answers import Fact
from factstore.store import Store
from factstore.writing.by_hand import OpenCommit
from factstore.writing.commit import Committed
from factstore.writing.rules import Rules
from tests.support.checks import check_store


@pytest.fixture
def small(store: Store) -> Store:
    store.load({"sources": [{"id": "paper", "title": "The paper", "published": "2018-04-02"}]})
    return store


def kinds(store: Store, since: int) -> list[str]:
    """The kinds of the records that were appended after a position."""
    return [entry.kind for entry in reversed(store.log()) if entry.position > since]


def commit_of(store: Store, *calls: Callable[[OpenCommit], Any], **rules: Unpack[Rules]) -> Committed:
    """One commit of some calls."""
    with store.commit(**rules) as commit:
        for call in calls:
            call(commit)
    return commit.committed


def caught(call: Callable[[OpenCommit], Any], error: type[Exception]) -> Callable[[OpenCommit], None]:
    """A call that raises an error of this type, which is caught."""

    def calling(commit: OpenCommit) -> None:
        with pytest.raises(error):
            call(commit)

    return calling


def fact_of(store: Store, name: str) -> Fact:
    [fact] = [fact for fact in store.facts() if fact.id == name]
    return fact


# --- one commit of several calls ----------------------------------------------------------------------------------


def test_a_commit_holds_several_calls_each_of_which_sees_those_before(small: Store) -> None:
    before = small.head().position
    with small.commit(message="the whole story", by="Ann") as commit:
        wire = commit.add_source(title="The wire", published=date(2018, 4, 1))
        first = commit.add("They met", source=wire, when="2018-03-28", quote="met")
        second = commit.add("They parted", source="paper")
        commit.relate(second, "after", first, source="paper", quote="then parted")
        commit.cite(first, source="paper", quote="had met")
        commit.correct(second, {"title": "They left"}, reason="other")
    done = commit.committed
    assert kinds(small, before) == [
        *("source.recorded", "fact.recorded", "citation.recorded", "fact.recorded", "citation.recorded"),
        *("ordering.recorded", "citation.recorded", "citation.recorded", "fact.corrected", "commit"),
    ]
    assert done.position == small.head().position == before + 10
    assert done.tally.count == {"source": 1, "fact": 2, "citation": 4, "ordering": 1}
    assert done.tally.corrected == ["they-parted"]
    assert [found.fact.id for found in small.timeline.before("they-parted")] == ["they-met"]
    assert fact_of(small, "they-parted").title == "They left"
    [entry] = [entry for entry in small.log() if entry.position == done.position]
    assert (entry.recorded_by, entry.message) == ("Ann", "the whole story")
    check_store(small)


def test_a_commit_makes_the_ledger_and_one_of_nothing_makes_no_record(tmp_path: Path) -> None:
    store = Store(tmp_path / "facts.db")
    with store.commit() as commit:
        commit.load({"sources": [{"id": "paper"}]})
        commit.add("It happened", source="paper")
    assert commit.committed.created
    head = store.head()
    with store.commit(message="nothing") as commit:
        pass
    assert commit.committed.position is None
    assert store.head() == head
    check_store(store)


@pytest.mark.parametrize("path", ["new.db", "old.db"])
def test_an_exception_in_the_block_leaves_nothing(path: str, tmp_path: Path) -> None:
    old = Store(tmp_path / "old.db")
    old.load({"sources": [{"id": "paper"}]})
    head, store = old.head(), Store(tmp_path / path)
    for error in (ZeroDivisionError("mine"), sqlite3.OperationalError("mine"), KeyboardInterrupt("mine")):

        def fail(commit: OpenCommit, error: BaseException = error) -> None:
            with pytest.raises(Refused, match="not ended"):
                assert commit.committed
            raise error

        with pytest.raises(type(error), match="mine") as raised:
            commit_of(store, lambda commit: commit.load({"sources": [{"id": "wire"}]}), fail)
        assert raised.value is error
    assert old.head() == head
    assert [file.name for file in tmp_path.glob("*.db")] == ["old.db"]


FAILING: dict[str, tuple[type[Exception], Callable[[OpenCommit], Any]]] = {
    "add": (DocumentError, lambda commit: commit.add("Another", source="nowhere")),
    "an id that is taken": (Refused, lambda commit: commit.add("Another", source="paper", id="it-happened")),
    "add_all": (DocumentError, lambda commit: commit.add_all([{"title": "Another", "evidence": [{}]}])),
    "add_source": (InputError, lambda commit: commit.add_source()),
    "a mapping": (DocumentError, lambda commit: commit.load({"facts": [{"id": "x"}]})),
    "cite": (UnknownId, lambda commit: commit.cite("nothing-like-it", source="paper")),
    "relate": (DocumentError, lambda commit: commit.relate("it-happened", "before", "it-happened", source="paper")),
    "correct": (InputError, lambda commit: commit.correct("it-happened", {"colour": "red"})),
    "withdraw": (UnknownId, lambda commit: commit.withdraw("nothing-like-it")),
    "restore": (Refused, lambda commit: commit.restore("it-happened")),
    "revert": (Refused, lambda commit: commit.revert(1)),
}


@pytest.mark.parametrize("name", FAILING)
def test_a_call_that_fails_ends_the_commit_even_if_its_error_is_caught(name: str, small: Store) -> None:
    head, (error, call) = small.head(), FAILING[name]

    def add(commit: OpenCommit) -> None:
        commit.add("It happened", source="paper")

    for calls in ([add, caught(call, error)], [add, caught(call, error), add]):
        with pytest.raises(Refused, match="nothing of it is committed"):
            commit_of(small, *calls)
    assert small.head() == head
    check_store(small)


def test_nothing_is_added_to_a_commit_that_has_ended(small: Store) -> None:
    with small.commit() as commit:
        commit.add("It happened", source="paper")
    head = small.head()
    with pytest.raises(Refused, match="has ended"):
        commit.add("It happened again", source="paper")
    assert small.head() == head


def test_what_contradicts_is_judged_once_when_the_commit_ends(small: Store) -> None:
    head = small.head()

    def record(commit: OpenCommit) -> None:
        commit.add("Early", source="paper", when="2018-01")
        commit.add("Late", source="paper", when="2018-02")
        commit.relate("late", "before", "early", source="paper")

    with pytest.raises(Contradiction):
        commit_of(small, record)
    assert small.head() == head
    commit_of(small, record, lambda commit: commit.correct("early", {"when": "2018-03"}))
    assert small.conflicts() == []
    check_store(small)


def test_a_withdrawal_in_a_commit_leaves_nothing_unsupported_unless_allowed(small: Store) -> None:
    small.add("It happened", source="paper")
    citation = small.who_says("it-happened")[0].id
    head = small.head()
    with pytest.raises(Unsupported), small.commit() as commit:
        commit.withdraw(citation)
    assert small.head() == head
    with small.commit() as commit:
        commit.withdraw(citation)
        commit.cite("it-happened", source="paper", quote="it did")
    with small.commit(allow_unsupported=True) as commit:
        commit.withdraw("it-happened/paper/2")
    check_store(small)


def test_a_quote_that_is_not_in_the_text_is_refused_by_the_call_itself(small: Store) -> None:
    def note(commit: OpenCommit) -> None:
        commit.add_source("They met on Tuesday.", id="note")

    def misquote(commit: OpenCommit) -> None:
        commit.add("They met", source="note", quote="They parted")

    with pytest.raises(Refused):
        commit_of(small, note, caught(misquote, Unlocated))
    assert commit_of(small, note, misquote, allow_missing=True).tally.checks == {"missing": 1}


def test_a_commit_can_undo_another_and_continue(small: Store) -> None:
    small.add("It happened", source="paper", when="2018")
    with small.commit() as commit:
        commit.revert(small.head().position)
        commit.add("It happened after all", source="paper")
    assert [fact.id for fact in small.facts()] == ["it-happened-after-all"]
    assert [entry.message for entry in small.log() if entry.kind == "commit"][-1]
    check_store(small)


def test_a_dry_run_of_a_commit_says_what_would_change(small: Store) -> None:
    head = small.head()
    with small.commit(dry_run=True) as commit:
        commit.add("It happened", source="paper")
    assert [change.id for change in commit.committed.changes or ()] == ["it-happened", "it-happened/paper/1"]
    assert small.head() == head


# --- objects of Python --------------------------------------------------------------------------------------------


def test_a_fact_is_added_with_plain_keywords(small: Store) -> None:
    name, _ = small.add(
        "They met in the rain",
        source="paper",
        when=date(2018, 3, 28),
        phrase="last Wednesday",
        anchor=date(2018, 4, 2),
        place="Geneva",
        participants=["Ann Smith", {"name": "Bo", "role": "host"}],
        tags=["talks"],
        attributes={"docket": "12"},
        lasts="PT2H",
        quote="met",
        evidence={"locator": "p. 2", "said": datetime(2018, 4, 1, 12, tzinfo=UTC)},
    )
    fact = fact_of(small, name)
    assert (fact.when, fact.phrase, fact.place) == ("2018-03-28", "last Wednesday", "Geneva")
    assert [*fact.participants] == [{"name": "Ann Smith"}, {"name": "Bo", "role": "host"}]
    assert (fact.tags, fact.attributes) == (("talks",), {"docket": "12"})
    [citation] = small.who_says(name)
    assert (citation.quote, citation.locator, citation.said) == ("met", "p. 2", "2018-04-01T12:00:00+00:00")


def test_what_is_left_out_of_a_source_named_again_is_not_changed(small: Store) -> None:
    post = {"publisher": "Daily Post", "published": "2020-02-01"}
    name, _ = small.add("One", source="post", new_source=post)
    held = [one for one in small.sources() if one.id == "post"]
    again = {"publisher": None, "published": "2020-02-01"}
    small.add("Two", source="post", new_source=again)
    small.cite(name, source="post", quote="again", new_source=again)
    assert [one._replace(citations=1) for one in small.sources() if one.id == "post"] == held
    with pytest.raises(Changed, match="1 field differs"):
        small.cite(name, source="post", new_source={"published": "2020-02-02"})


def test_an_order_with_an_empty_source_is_refused(small: Store) -> None:
    first, second = (small.add(title, source="paper")[0] for title in ("One", "Two"))
    with pytest.raises(DocumentError, match="it has no source"):
        small.relate(first, "before", second, source="")


def test_models_and_mappings_are_added_together(small: Store) -> None:
    model = FactEntry(id="first", title="It began", when="2018", evidence=[EvidenceEntry(source="paper")])
    same = {"title": "It went on", "when": date(2018, 1, 2), "evidence": [{"source": "paper"}]}
    names, done = small.add_all([model, same, same])
    assert names == ["first", "it-went-on", "it-went-on-2"]
    assert done.tally.count["fact"] == 3
    assert [fact.when for fact in small.facts()] == ["2018", "2018-01-02", "2018-01-02"]


def test_date_objects_are_accepted_wherever_a_date_is(small: Store) -> None:
    moment = datetime(2018, 3, 28, 15, 4, tzinfo=timezone(timedelta(hours=3)))
    small.load({"facts": [{"id": "it", "title": "It", "when": moment, "evidence": [{"source": "paper"}]}]})
    assert fact_of(small, "it").when == "2018-03-28T15:04:00+03:00"
    small.correct("it", {"when": date(2018, 3, 27)})
    assert fact_of(small, "it").when == "2018-03-27"
    assert [found.fact.id for found in small.timeline.before(date(2018, 3, 28))] == ["it"]
    assert [found.fact.id for found in small.timeline.between(date(2018, 3, 1), date(2018, 3, 30))] == ["it"]
    assert [found.fact.id for found in small.timeline.overlapping(date(2018, 3, 27))] == ["it"]
    assert small.at(published=date(2018, 4, 1)).facts() == []
    assert [fact.id for fact in small.at(published=date(2018, 4, 3)).facts()] == ["it"]
    assert small.at(known=datetime(2000, 1, 1, tzinfo=UTC)).facts() == []


@pytest.mark.parametrize(
    "call",
    [
        lambda store, naive: store.add("x", source="paper", when=naive),
        lambda store, naive: store.load({"facts": [{"id": "x", "title": "x", "when": naive}]}),
        lambda store, naive: store.timeline.before(naive),
        lambda store, naive: store.at(known=naive),
    ],
)
def test_a_moment_without_an_offset_is_refused(call: Callable[[Store, datetime], object], small: Store) -> None:
    with pytest.raises(InputError, match="has no offset from UTC"):
        call(small, datetime(2018, 3, 28, 15, 4))


def test_a_thread_does_not_wait_for_itself(small: Store) -> None:
    with small.commit() as commit:
        commit.add("x", source="paper")
        with pytest.raises(Refused, match="this thread is inside a commit to it"):
            Store(small.file.location).add("y", source="paper")
        with pytest.raises(Refused, match="this thread is inside a commit to it"):
            small.redact("paper", why="asked")
        waiting: tuple[Callable[[], object], ...] = (small.redact, small.rebuild, small.upgrade, small.init)
        for call in waiting:
            with pytest.raises(Refused, match="this thread is inside a commit to it"):
                call()
        assert small.verify().ok  # which only reads, as these do
        small.backup(small.path.with_name("copy.db"))
        small.copy(small.path.with_name("records.db"))
    assert {fact.title for fact in small.facts()} == {"x"}


def test_invalid_entries_end_the_commit_even_if_the_error_is_caught(small: Store) -> None:
    def entries() -> Any:
        yield {"title": "x", "evidence": [{"source": "paper"}]}
        raise LookupError("gone")

    with pytest.raises(Refused, match="failed"):
        commit_of(small, caught(lambda commit: commit.add_all(entries()), LookupError))
    assert small.facts() == []


def test_another_thread_cannot_use_an_open_commit(small: Store) -> None:
    refused: list[Refused] = []

    def other(commit: OpenCommit) -> None:
        try:
            commit.add("y", source="paper")
        except Refused as error:
            refused.append(error)

    with small.commit() as commit:
        commit.add("x", source="paper")
        thread = Thread(target=other, args=[commit])
        thread.start()
        thread.join()
    assert [str(error)[:48] for error in refused] == ["a commit is used by the thread that began it alo"]
    assert {fact.title for fact in small.facts()} == {"x"}


def test_a_text_is_levelled_once_for_all_quotes_of_a_commit(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Levelling a text of megabytes takes a third of a second, while others wait for the lock."""
    lengths: list[int] = []

    def noted(line: Traced) -> quotes._Levelled:
        lengths.append(len(line.text))
        return level(line)

    level = quotes._level
    monkeypatch.setattr(quotes, "_level", noted)
    content = "The bridge fell on Monday. Nobody was hurt. The mayor resigned."
    with store.commit() as commit:
        commit.add_source(content, id="report")
        for said in ("The bridge  fell", "Nobody  was hurt", "The mayor  resigned"):
            commit.add(said, source="report", quote=said)
    assert lengths.count(len(content)) == 1
