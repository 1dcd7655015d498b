"""What disappeared from the documents is listed, or withdrawn if that is asked for; nothing else ever is."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from factstore.errors import Unsupported
from factstore.store import Store
from tests.cli.test_cli import refused, row_count, run

PAPER: dict[str, Any] = {
    "sources": [{"id": "paper", "title": "The paper"}],
    "facts": [
        {"id": name, "title": f"It was {name}", "evidence": [{"source": "paper", "quote": quote} for quote in quotes]}
        for name, quotes in {"call": ["spoke", "a call"], "visit": ["met"], "lunch": ["ate"]}.items()
    ],
    "orderings": [
        {"fact": "call", "relation": "before", "other": "visit", "evidence": [{"source": "paper"}]},
        {"fact": "call", "relation": "before", "other": "lunch"},
    ],
}
RADIO: dict[str, Any] = {
    "sources": [{"id": "radio"}],
    "facts": [{"id": "dinner", "title": "They dined", "evidence": [{"source": "radio"}]}],
}


def without(*names: str) -> dict[str, Any]:
    """The paper's document without some facts, and without the orderings between them and others."""
    document = copy.deepcopy(PAPER)
    document["facts"] = [fact for fact in document["facts"] if fact["id"] not in names]
    document["orderings"] = [one for one in document["orderings"] if not {one["fact"], one["other"]} & {*names}]
    return document


@pytest.fixture
def paper(store: Store) -> Store:
    store.load(PAPER)
    store.load(RADIO)
    return store


def gone(store: Store, *documents: dict[str, Any]) -> list[str]:
    """What is listed, which is what would be withdrawn; nothing is written."""
    head = store.head()
    done = store.load(*documents)
    assert store.head() == head
    assert (done.tally.withdrawn, done.position) == ([], None)
    assert store.load(*documents, prune="other", dry_run=True).tally.withdrawn == done.tally.gone
    assert store.head() == head
    return done.tally.gone


def test_a_fact_that_disappeared_is_named_and_with_prune_withdrawn_with_what_rested_on_it(paper: Store) -> None:
    assert gone(paper, without("visit")) == ["visit", "call.before.visit"]
    done = paper.load(without("visit"), prune="source-corrected", message="the paper took it back")
    assert done.tally.withdrawn == ["visit", "call.before.visit"]
    assert paper.fact("visit").status == "withdrawn"
    (entry,) = [entry for entry in paper.history("visit") if entry.kind == "withdrawn" and entry.subject == "visit"]
    assert (entry.reason, entry.message, entry.commit) == ("source-corrected", "the paper took it back", done.position)
    assert gone(paper, without("visit")) == []


def test_evidence_that_disappeared_from_an_entry_goes_alone(paper: Store) -> None:
    document = copy.deepcopy(PAPER)
    del document["facts"][0]["evidence"][1]
    assert gone(paper, document) == ["call/paper/2"]
    paper.load(document, prune="other")
    assert [cited.id for cited in paper.who_says("call")] == ["call/paper/1"]


def test_nothing_disappears_from_the_documents_of_other_sources(paper: Store) -> None:
    assert gone(paper, PAPER) == gone(paper, RADIO) == gone(paper, PAPER, RADIO) == []
    assert gone(paper, without("visit"), RADIO) == gone(paper, without("visit"))
    assert gone(paper, {}) == []


def test_a_list_of_sources_or_facts_alone_makes_nothing_disappear(paper: Store) -> None:
    assert gone(paper, {"sources": PAPER["sources"] + RADIO["sources"]}) == []
    assert gone(paper, {"facts": PAPER["facts"][:1]}) == []
    # A source that nothing here cites any more does not either: others may cite it.
    assert gone(paper, without("visit") | {"sources": [*PAPER["sources"], *RADIO["sources"]]}) == [
        "visit",
        "call.before.visit",
    ]


def test_what_was_added_by_hand_never_disappears(paper: Store) -> None:
    paper.add("It rained", source="paper", quote="rain")
    paper.cite("visit", source="paper", quote="they did meet")
    paper.relate("visit", "before", "lunch", source="paper")
    paper.relate("lunch", "before", "dinner")
    assert gone(paper, PAPER) == []
    # What other evidence supports stays; only the document's own citations disappear.
    assert gone(paper, without("visit")) == ["visit/paper/1", "call.before.visit"]
    paper.load(without("visit"), prune="other")
    assert [cited.quote for cited in paper.who_says("visit")] == ["they did meet"]


def test_a_fact_that_another_documents_source_supports_stays(paper: Store) -> None:
    paper.load({"facts": [PAPER["facts"][1] | {"evidence": [{"source": "radio"}]}]})
    assert gone(paper, without("visit")) == ["visit/paper/1", "call.before.visit"]
    assert gone(paper, without("visit"), RADIO) == ["visit", "call.before.visit"]


def test_an_order_that_no_evidence_supports_may_have_been_added_by_hand_and_stays(paper: Store) -> None:
    document = copy.deepcopy(PAPER)
    document["orderings"] = []
    assert gone(paper, document) == ["call.before.visit"]


def test_new_entries_and_disappeared_ones_are_one_commit(paper: Store) -> None:
    document = without("lunch")
    document["facts"].append({"id": "tea", "title": "Tea", "evidence": [{"source": "paper"}]})
    done = paper.load(document, prune="other")
    assert (done.tally.recorded["fact"], done.tally.withdrawn) == (["tea"], ["lunch"])
    assert [entry.commit for entry in paper.log(limit=4)] == [done.position] * 4


def test_a_dry_run_of_a_pruning_shows_what_would_change(paper: Store) -> None:
    changes = paper.load(without("lunch"), prune="other", dry_run=True).changes
    assert changes is not None
    assert [(change.id, change.change) for change in changes] == [("lunch", "withdrawn")]


def test_a_pruning_that_leaves_a_fact_without_support_is_refused_unless_allowed(paper: Store) -> None:
    paper.cite("visit", source="radio", evidence={"stance": "silent"})
    with pytest.raises(Unsupported, match="visit: It was visit"):
        paper.load(without("visit"), prune="other")
    assert paper.load(without("visit"), prune="other", allow_unsupported=True).tally.withdrawn
    assert paper.fact("visit").status == "unsupported"


def test_on_the_command_line(tmp_path: Path) -> None:
    db = tmp_path / "facts.db"
    run("load", "-", db=db, stdin=json.dumps(PAPER))
    count = row_count(db)
    told = run("load", "-", db=db, stdin=json.dumps(without("visit")))
    assert (told.code, told.out) == (0, "")
    assert told.err.startswith("no longer in these documents: visit, call.before.visit; --prune withdraws ")
    told = run("load", "-", "--prune", "--dry-run", db=db, stdin=json.dumps(without("visit")))
    assert "visit\n  withdrawn by ann" in told.err
    assert "would have withdrawn visit, call.before.visit; " in told.err
    assert row_count(db) == count
    told = run("load", "-", "--prune", "--reason", "source-corrected", db=db, stdin=json.dumps(without("visit")))
    assert told.err.startswith("withdrew visit, call.before.visit; ")
    assert "withdrawn, because the source corrected itself" in run("history", "visit", db=db).out
    run("cite", "lunch", "--source", "paper", "--stance", "silent", db=db)
    told = run("load", "-", "--prune", db=db, stdin=json.dumps(without("visit", "lunch")))
    refused(told, "lunch: It was lunch", "--allow-unsupported")
