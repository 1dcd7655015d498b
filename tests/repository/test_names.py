"""A thing is named by its id, the beginning of its id or, for a fact, by words; nothing is guessed between two."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from factstore.cli import cli
from factstore.errors import Ambiguous, DateError, UnknownId
from factstore.repository import names
from factstore.store import Store
from tests.conftest import NewStore

DOCUMENT: dict[str, Any] = {
    "sources": [{"id": "paper", "title": "The paper", "published": "2018-04-02"}, {"id": "pamphlet"}],
    "speakers": [{"id": "palace", "name": "The palace"}],
    "facts": [
        {"id": "talks-begin", "title": "Talks began", "when": "2018-03-01"},
        {"id": "talks-end", "title": "Talks ended in 2019", "when": "2018-03-10", "place": "Oslo"},
        {"id": "talks", "title": "They talked", "when": "2018-03"},
        {"id": "bells-rang", "title": "Bells rang", "when": "2018-03-02"},
        {"id": "more-bells", "title": "Bells rang once more", "when": "2018-03-03"},
    ],
    "orderings": [
        {"fact": "talks-begin", "relation": "before", "other": "talks-end", "evidence": [{"source": "paper"}]}
    ],
}
for _fact in DOCUMENT["facts"]:
    _fact["evidence"] = [{"source": "paper", "quote": f"of {_fact['id'].replace('-', ' ')}, they say"}]


@pytest.fixture(scope="module")
def told(new_store: NewStore) -> Store:
    """A store for tests that only read."""
    store = new_store()
    store.load(DOCUMENT)
    return store


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("talks", "talks"),  # an exact id, although others begin with it
        ("talks-b", "talks-begin"),
        ("TALKS-E", "talks-end"),  # rather than the orderings and citations that begin with it
        ("bel", "bells-rang"),
        ("talks-begin.", "talks-begin.before.talks-end"),
        ("talks-begin/", "talks-begin/paper/1"),
        ("pam", "pamphlet"),
        ("Talks BEGAN", "talks-begin"),
        ("once more", "more-bells"),
        ("bells rang", "bells-rang"),  # the whole title, although another contains it
        ("oslo", "talks-end"),  # words that are in no title
    ],
)
def test_a_text_names_the_one_thing_that_it_can_mean(told: Store, text: str, name: str) -> None:
    assert told.find(text) == name


def test_if_several_could_be_meant_the_first_of_them_are_named(told: Store) -> None:
    with pytest.raises(Ambiguous, match=r"'talks-' may mean talks-begin, talks-end; name one of them") as caught:
        told.find("talks-")
    assert caught.value.candidates == ["talks-begin", "talks-end"]
    with pytest.raises(Ambiguous, match="talks-begin, talks-end") as caught:
        told.find("talks ...")
    with pytest.raises(Ambiguous, match=r"bells-rang, more-bells"):
        told.find("Rang")


def test_of_many_the_first_five_are_named(new_store: NewStore) -> None:
    store = new_store()
    facts = [{"id": f"f{n}", "title": f"It was {n}", "evidence": [{"source": "paper"}]} for n in range(9)]
    store.load({"sources": [{"id": "paper"}], "facts": facts})
    for text in ("f", "It was"):
        with pytest.raises(Ambiguous, match="f0, f1, f2, f3, f4 and more"):
            store.find(text, "fact")


def test_only_acceptable_kinds_are_looked_for(told: Store) -> None:
    assert told.find("pa", "speaker") == "palace"
    with pytest.raises(Ambiguous):
        told.find("pa")
    with pytest.raises(UnknownId, match="paper is a source, not a fact"):
        told.find("paper", "fact")
    with pytest.raises(UnknownId):
        told.find("once more", "source")


@pytest.mark.parametrize("text", ["", " ", "…", "nobody", "talks-begun", '"', "talks OR bells", "%"])
def test_a_name_of_nothing_is_refused_with_similar_ones(told: Store, text: str) -> None:
    with pytest.raises(UnknownId) as caught:
        told.find(text)
    assert "talks-begin" in caught.value.nearest or text != "talks-begun"


def test_a_name_unlike_all_others_gets_no_suggestion(told: Store) -> None:
    with pytest.raises(UnknownId) as caught:
        told.find("talmudic encyclopaedic compendium of bronze kegs")  # begins and ends like others
    assert caught.value.nearest == []


@pytest.mark.parametrize(
    ("x", "found"),
    [
        ("2018-03", "2018-03"),
        ("2018~", "2018~"),
        ("talks-b", "talks-begin"),
        ("Once more", "more-bells"),
        ("ended in 2019", "talks-end"),
    ],
)
def test_a_date_is_a_date_and_the_rest_names_a_fact(told: Store, x: str, found: str) -> None:
    assert told.timeline.find(x) == found


@pytest.mark.parametrize("x", ["2018-13", "2019-02-30", "", "Never", "XX", "2019!x"])
def test_a_text_that_is_neither_is_refused_as_a_date(told: Store, x: str) -> None:
    with pytest.raises(DateError):
        told.timeline.find(x)


def test_each_clock_knows_its_own_things(store: Store) -> None:
    store.load({"sources": DOCUMENT["sources"], "facts": DOCUMENT["facts"][:1]})
    early = store.head().position
    store.load(DOCUMENT)
    store.correct("talks-begin", {"title": "Negotiations opened"})
    then = store.at(known=early)
    assert then.find("talk") == then.find("Talks") == "talks-begin"
    with pytest.raises(Ambiguous):
        store.find("talks-")
    with pytest.raises(UnknownId):
        store.find("Talks began")
    with pytest.raises(UnknownId):
        then.find("Negotiations")
    # An id that exists only later does not count as the beginning of another.
    with pytest.raises(UnknownId, match="talks does not exist on this clock"):
        then.find("talks")
    with pytest.raises(UnknownId):
        store.at(published="2018-01-01").find("talks-b")
    assert store.at(published="2018-05-01").find("talks-b") == "talks-begin"


def test_redacted_things_can_no_longer_be_named(store: Store) -> None:
    store.load(DOCUMENT)
    position = next(entry.position for entry in store.log() if entry.subject == "more-bells")
    store.redact(position, why="it was private")
    with pytest.raises(UnknownId, match="was redacted"):
        store.find("more-bells", "fact")
    with pytest.raises(UnknownId):
        store.find("more-b", "fact")
    with pytest.raises(UnknownId):
        store.find("once more")


def test_a_beginning_is_looked_up_in_the_index(told: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []
    with told._asking() as repository:
        stream = repository.stream

        def listening(query: str, **given: Any) -> Any:
            asked.append((query, given))
            return stream(query, **given)

        monkeypatch.setattr(repository, "stream", listening)
        names.find(repository, "talks-b", "fact")
        ((query, given),) = (one for one in asked if ":past" in one[0])
        (plan, *more) = repository.rows(f"EXPLAIN QUERY PLAN {query}", **given)
    assert "SEARCH thing USING INDEX" in plan.detail
    assert not any("TEMP B-TREE" in row.detail for row in more)


# --- on the command line --------------------------------------------------------------------------------------


def run(store: Store | Path, *words: str) -> Result:
    path = store.path if isinstance(store, Store) else store
    return CliRunner().invoke(cli, words, env={"FACTSTORE_DB": str(path), "FACTSTORE_BY": "ann"})


@pytest.mark.parametrize(
    "command",
    [
        *("before Oslo", "after Oslo", "overlapping Oslo", "between 2018-01 Oslo", "order talks-b Oslo", "show Oslo"),
        *("history Oslo", "who-says Oslo"),
    ],
)
def test_every_question_takes_words_for_a_fact_and_says_which_it_was(told: Store, command: str) -> None:
    done = run(told, *command.split(), "--json")
    assert done.exit_code == 0, done.output
    assert "Oslo: talks-end\n" in done.stderr
    exact = run(told, *command.replace("Oslo", "talks-end").replace("talks-b ", "talks-begin ").split(), "--json")
    assert exact.stderr == ""
    assert json.loads(done.stdout) == json.loads(exact.stdout)


@pytest.mark.parametrize(
    "command",
    [
        *("correct Oslo --set tags=x", "withdraw Oslo --allow-unsupported", "cite Oslo --source paper"),
        *("relate talks-b before Oslo", "correct Oslo --set tags=x --evidence talks-end/"),
    ],
)
def test_every_change_takes_words_for_a_fact_and_says_which_it_was(told: Store, command: str) -> None:
    done = run(told, *command.split(), "--dry-run")
    assert done.exit_code == 0, done.output
    assert "Oslo: talks-end\n" in done.stderr


def test_restore_finds_what_was_withdrawn(store: Store) -> None:
    store.load(DOCUMENT)
    assert run(store, "withdraw", "Oslo", "--allow-unsupported").exit_code == 0
    done = run(store, "restore", "Talks ended")
    assert (done.exit_code, "Talks ended: talks-end\n" in done.stderr) == (0, True)


@pytest.mark.parametrize(
    "command", ["before talks-", "show pa", "order Rang talks", "withdraw Rang", "cite talks- --source paper"]
)
def test_a_name_for_several_is_misuse_and_changes_nothing(told: Store, command: str) -> None:
    head = told.head()
    done = run(told, *command.split())
    assert (done.exit_code, done.stdout) == (2, "")
    assert "may mean" in done.stderr
    assert told.head() == head


def test_if_no_fact_has_the_words_facts_with_similar_words_are_suggested(told: Store) -> None:
    for ask in (told.find, told.timeline.find):
        with pytest.raises(UnknownId, match=r"; did you mean bells-rang or more-bells\?$") as caught:
            ask("the bells rangoon")
        assert caught.value.nearest == ["bells-rang", "more-bells"]
    with pytest.raises(
        UnknownId, match=r"^'Bells rangoon' is not a date, and no fact has these words; did you mean bells-rang"
    ):
        told.timeline.find("Bells rangoon")
    for date in ("Bells rangoon 3", "Novembuary"):
        with pytest.raises(DateError):
            told.timeline.find(date)
    with pytest.raises(UnknownId, match=r"'the bells rangoon'$"):
        told.find("the bells rangoon", "source")


@pytest.mark.parametrize("question", ["facts", "timeline", "timeline --markdown", "before 2019", "picture facts.svg"])
def test_a_listing_is_narrowed_to_a_source_that_is_named_as_anything_is(
    told: Store, question: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def asked(source: str) -> Result:
        return CliRunner().invoke(cli, [*question.split(), "--source", source], env={"FACTSTORE_DB": str(told.path)})

    assert (asked("pape").exit_code, asked("pape").stdout) == (0, asked("paper").stdout)
    assert asked("pape").stderr.startswith("pape: paper\n")
    assert (asked("paperr").exit_code, asked("paperr").stdout) == (1, "")
    assert "there is no source 'paperr'; did you mean paper?" in asked("paperr").stderr
