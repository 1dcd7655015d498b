"""Which dates count as exact, and what is counted in an extract."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factstore.exchange import linked, losses, timesketch, word
from factstore.exchange.extract import Asked, Extract, extract
from factstore.store import Store
from tests.rendering.test_text import fact

DAY = {"earliest": "2018-03-20", "latest": "2018-03-20"}
MINUTE = {"earliest": "2018-03-20T15:04:00.000000Z", "latest": "2018-03-20T15:04:59.999999Z"}


@pytest.mark.parametrize(
    ("held", "exact"),
    [
        (DAY, True),
        (DAY | {"when": "2018-03-20"}, True),
        (MINUTE | {"when": "2018-03-20T15:04Z"}, True),
        (DAY | {"when": "2018-03-20~"}, False),
        (DAY | {"latest": "2018-03-21"}, False),
        (MINUTE | {"latest": "2018-03-20T16:04:59.999999Z"}, False),
        ({"latest": "2018-03-20"}, False),
        ({"earliest": "2018-03-20", "open_end": True}, False),
        ({"earliest": "2018-03-20", "begun_by": "2018-03-20"}, False),
        (DAY | {"undated": True}, False),
    ],
)
def test_a_date_is_exact_where_it_is_one_day_or_moment(held: dict[str, object], exact: bool) -> None:
    given = {"earliest": None, "latest": None} | held
    assert losses.is_exact(fact(**given)) is exact  # type: ignore[arg-type]


def test_absent_things_are_not_counted(hard: Extract) -> None:
    every = {kind: (*fields, "gap") for kind, fields in linked.CARRIED.items()}
    assert losses.counted(hard, linked.CARRIED)[losses.GAPS] == 1
    assert losses.GAPS not in losses.counted(hard, every)
    assert losses.counted(hard, {})[losses.ORDERINGS] == 2
    assert losses.counted(hard, {}, losses.UNDATED, losses.NO_WEB)[losses.UNDATED] == 1
    assert losses.counted(hard, {}, losses.NO_WEB)[losses.NO_WEB] == 1


def test_a_field_that_no_format_knows_of_is_counted(hard: Extract) -> None:
    entries = {**hard.entries, "gazette": {**hard.entries["gazette"], "shelf_mark": "A 1"}}
    lost = losses.counted(replace(hard, entries=entries), linked.CARRIED)
    assert lost["shelf mark* of sources"] == 1


def test_only_speakers_in_the_chains_of_what_is_exported_are_counted(seed_store: Store) -> None:
    alone = extract(seed_store, Asked("facts.db", narrowed={"text": "Skripal poisoned daughter"}))
    chains = [link for _, one in alone.citations() for link in one.attribution]
    assert chains
    assert losses.counted(alone, linked.CARRIED)[losses.name_of("speaker", "of")] == sum(
        "of" in one and one["id"] in chains for one in alone.speakers
    )


def test_a_warning_that_a_format_does_not_carry_is_counted(warned: Extract) -> None:
    bare = {"fact": ("title", "when"), "citation": ("quote",)}
    lost = losses.counted(warned, bare)
    assert lost["fact* as conflicting"] == 1
    assert lost["day* by which a fact had begun"] == 1
    assert lost["quote* as missing from the archived text"] == 1
    assert (
        losses.counted(warned, {**bare, "ordering": ("relation",)})["ordering* set aside because they contradict"] == 0
    )


def test_what_contradicts_is_marked_or_left_out(store: Store) -> None:
    store.load(
        {
            "sources": [{"id": "paper"}],
            "facts": [
                {"id": "a", "title": "A", "when": "2018-03-20", "evidence": [{"source": "paper"}]},
                {"id": "b", "title": "B", "when": "2018-03-21", "evidence": [{"source": "paper"}]},
            ],
            "orderings": [{"fact": "b", "relation": "before", "other": "a", "evidence": [{"source": "paper"}]}],
        },
        by="Test",
        allow_conflict=True,
    )
    found = extract(store, Asked("x"))
    assert linked.write(found).lost["ordering* set aside because they contradict"] == 1
    assert b'ends_before_or_with_the_start_of": [' not in linked.write(found).content
    assert word.write(found).lost[losses.ORDERINGS] == 1
    assert timesketch.write(found).lost[losses.ORDERINGS] == 1
