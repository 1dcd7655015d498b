"""`show`: one thing with all that is known about it, on one screen and as one object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from factstore import Dossier, Sheet
from factstore.cli import cli
from factstore.rendering.dossier import show_text
from factstore.rendering.lines import Screen, on
from factstore.store import Store
from tests.conftest import NewStore

SEED = Path(__file__).parents[2] / "seeds" / "moscow-times-2018-04-02.yaml"
EXPULSION = "us-expels-60-russian-diplomats"

DOCUMENT: dict[str, Any] = {
    "sources": [
        {"id": "paper", "publisher": "The Paper", "published": "2018-04-02"},
        {"id": "blog", "publisher": "A blog", "published": "2018-04-03"},
    ],
    "speakers": [{"id": "mayor", "name": "The mayor"}, {"id": "aide", "name": "An aide", "of": "mayor"}],
    "facts": [
        {
            "id": "strike",
            "title": "Dockers went on strike",
            "when": "2018-03-20",
            "phrase": "on Tuesday",
            "anchor": "2018-03-22",
            "zone": "+00:00",
            "place": "the port",
            "participants": [{"name": "Dockers", "role": "strikers"}, {"name": "The port"}],
            "tags": ["strike"],
            "attributes": {"length": "a week"},
            "evidence": [
                {"source": "paper", "quote": "went on strike", "when": "2018-03-20", "phrase": "on Tuesday"},
                {
                    "source": "paper",
                    "quote": "stopped work",
                    "when": "2018-03-21",
                    "attribution": ["aide", "The Paper"],
                },
                {"source": "blog", "quote": "no strike", "stance": "denies"},
            ],
        },
        {"id": "talks", "title": "They talked", "evidence": [{"source": "blog", "quote": "talked"}]},
        {"id": "deal", "title": "They agreed", "when": "2018-03-30", "evidence": [{"source": "paper"}]},
        {"id": "rain", "title": "It rained", "when": "2014/..", "evidence": [{"source": "paper"}]},
    ],
    "orderings": [
        {
            "fact": "strike",
            "relation": "before",
            "other": "talks",
            "phrase": "after the strike",
            "gap": {"min": "P2D"},
            "evidence": [{"source": "paper", "quote": "talked after the strike"}],
        },
        {"id": "end", "fact": "talks", "relation": "before", "other": "deal", "evidence": [{"source": "paper"}]},
    ],
}


@pytest.fixture(autouse=True)
def narrow() -> Iterator[None]:
    with on(Screen(80)):
        yield


@pytest.fixture
def told(store: Store) -> Store:
    store.load(DOCUMENT)
    return store


@pytest.fixture(scope="module")
def seeded(new_store: NewStore) -> Store:
    """The seed, for tests that only read."""
    store = new_store()
    store.load(SEED)
    return store


def dossier(store: Store, name: str) -> Dossier:
    shown = store.show(name)
    assert isinstance(shown, Dossier)
    return shown


def sheet(store: Store, name: str) -> Sheet:
    shown = store.show(name)
    assert isinstance(shown, Sheet)
    return shown


def lines(store: Store, name: str) -> list[str]:
    return show_text(store.show(name)).splitlines()


# --- a fact ---------------------------------------------------------------------------------------------------


def test_a_fact_on_one_screen(told: Store) -> None:
    assert lines(told, "strike") == [
        "Dockers went on strike",
        "strike: disputed, version 7",
        "  when       2018-03-20 “on Tuesday”",
        "  seen from  2018-03-22",
        "  zone       +00:00",
        "  placed     2018-03-20, as it is dated",
        "  place      the port",
        "  people     Dockers (strikers), The port",
        "  tags       strike",
        "  length     a week",
        "  asserts, 2 independent origins: The Paper; The mayor",
        "    The Paper",
        "      “went on strike” (unchecked)",
        "      strike/paper/1, published 2018-04-02",
        "    An aide → The Paper (dated 2018-03-21)",
        "      “stopped work” (unchecked)",
        "      strike/paper/2, published 2018-04-02",
        "  denies",
        "    A blog",
        "      “no strike” (unchecked)",
        "      strike/blog/1, published 2018-04-03",
        "  conflicting",
        "    strike/paper/2 disagrees, and nothing is set aside: strike is dated",
        "      2018-03-20, here 2018-03-21.",
        "      1. strike is dated 2018-03-20 (“on Tuesday”) [paper]: “went on strike”",
        "      2. strike/paper/2 says 2018-03-21 [paper]: “stopped work”",
        "  in stated order",
        "    strike.before.talks (“after the strike”; at least P2D)",
        "  certainly after it, the nearest first",
        "    2018-03-21 … 2018-03-30  talks",
        "    2018-03-30               deal",
    ]


def test_a_fact_that_only_evidence_and_order_place_says_why(told: Store) -> None:
    told.withdraw("end")
    told.withdraw("deal")
    shown = dossier(told, "talks")
    assert shown.fact.begun_by == "2018-04-03"
    assert [(bound.which, [step.kind for step in bound.why]) for bound in shown.bounds] == [
        ("earliest", ["ordering", "date"]),
        ("begun_by", ["evidence"]),
    ]
    told.withdraw("strike.before.talks")
    assert lines(told, "talks")[2:7] == [
        "  when    not dated",
        "  placed  begun by 2018-04-03",
        "  begun by 2018-04-03",
        "    because talks had begun by 2018-04-03, when A blog told of it [blog]",
        "  asserts, 1 independent origin: A blog",
    ]


def test_bounds_that_rest_on_the_same_are_shown_together(seeded: Store) -> None:
    words = "\n".join(lines(seeded, "summit-discussed-in-call"))
    assert "  no earlier than 2018-03-20 and no later than 2018-03-20\n    because " in words
    assert words.count("because trump-putin-call is dated") == 1


def test_a_date_that_is_not_plain_is_read_out(told: Store) -> None:
    shown = lines(told, "rain")
    assert shown[2:4] == ["  when     2014/..", "  read as  It starts within the year 2014 and has no end."]
    assert "  placed   2014-01-01 and ever since, as it is dated" in shown


def test_what_no_longer_counts_is_shown_and_marked(told: Store) -> None:
    told.withdraw("strike/paper/1", allow_unsupported=True)
    told.withdraw("blog", allow_unsupported=True)
    told.withdraw("strike.before.talks")
    shown = dossier(told, "strike")
    assert [(one.id, one.withdrawn, one.source_withdrawn) for one in shown.evidence] == [
        ("strike/paper/1", True, False),
        ("strike/paper/2", False, False),
        ("strike/blog/1", False, True),
    ]
    assert shown.fact.origins == ("The mayor",)
    words = lines(told, "strike")
    assert "    The Paper [withdrawn]" in words
    assert "    A blog [its source is withdrawn]" in words
    assert "  asserts, 1 independent origin: The mayor" in words
    assert "    strike.before.talks (“after the strike”; at least P2D) [withdrawn]" in words
    found = shown.json()
    assert [one.get("withdrawn", one.get("source_withdrawn")) for one in found["evidence"]] == [True, None, True]
    assert [(one["in_force"], one["withdrawn"]) for one in found["orderings"]] == [(False, True)]
    assert found["origins"] == ["The mayor"]


def test_an_ordering_that_nothing_supports_any_more_is_not_in_force(told: Store) -> None:
    told.withdraw("strike.before.talks/paper/1")
    assert "    strike.before.talks (“after the strike”; at least P2D) [not in force]" in lines(told, "strike")
    assert "    end: talks before deal" in lines(told, "talks")


def test_a_withdrawn_fact_is_shown(told: Store) -> None:
    told.withdraw("strike", message="it was a lockout", by="Ann")
    words = lines(told, "strike")
    assert words[1] == f"strike: withdrawn, version {told.show('strike').json()['version']}, recorded at 7"
    assert words[-2].endswith(f"Ann: it was a lockout (commit {told.head().position})")
    assert words[-1] == "      withdrawn"


def test_corrections_say_what_when_who_and_why(told: Store) -> None:
    told.correct("strike", {"when": "2018-03-21"}, message="the paper erred", by="Ann", reason="source-corrected")
    told.correct("strike/blog/1", {"stance": "asserts"}, by="Bo", expect=10)
    assert dossier(told, "strike").corrections[1].reason == "other", "nobody stated one"
    (first, second) = dossier(told, "strike").corrections
    assert (first.recorded_by, first.message, first.reason) == ("Ann", "the paper erred", "source-corrected")
    assert first.changes == {"when": ("2018-03-20", "2018-03-21")}
    assert (second.subject, second.changes) == ("strike/blog/1", {"stance": ("denies", "asserts")})
    words = lines(told, "strike")[-4:]
    assert words[0].endswith(f"Ann: the paper erred (commit {first.commit})")
    assert words[1] == "      when: 2018-03-20 → 2018-03-21 (source-corrected)"
    assert words[3] == "      strike/blog/1 stance: denies → asserts"


def test_the_chain_of_a_conflict_is_shown_with_everything_involved(told: Store) -> None:
    told.relate("deal", "before", "strike", allow_conflict=True)
    for name in ("deal", "strike", "deal.before.strike"):
        found = told.show(name).json()["conflicts"]
        assert "deal.before.strike" in [one["id"] for one in found]
        assert any("deal.before.strike is set aside" in line for line in lines(told, name))
    assert told.show("rain").json()["conflicts"] == []
    assert "    deal.before.strike [set aside]" in lines(told, "deal")


def test_neighbours_are_the_nearest_that_certainly_lie_there(seeded: Store) -> None:
    shown = dossier(seeded, EXPULSION)
    for side, asked in ((shown.before, seeded.timeline.before), (shown.after, seeded.timeline.after)):
        assert [fact.id for fact in side] == [one.fact.id for one in asked(EXPULSION, certain=True, limit=3)]
    assert len(shown.before) == len(shown.after) == 3


def test_the_object_has_the_keys_that_scripts_rely_on(told: Store) -> None:
    found = told.show("strike").json()
    assert list(found) == [
        *("id", "title", "when", "earliest", "latest", "status", "kind", "phrase", "anchor", "zone", "place"),
        *(
            "participants",
            "tags",
            "attributes",
            "lasts",
            "position",
            "version",
            "origins",
            "evidence",
            "why",
            "conflicts",
        ),
        *("orderings", "before", "after", "corrections"),
    ]
    assert (found["kind"], found["origins"]) == ("fact", ["The Paper", "The mayor"])
    assert list(found["why"]) == ["earliest", "latest"]
    assert list(found["evidence"][1]) == [
        *("citation", "stance", "quote", "check", "attribution", "origin", "source", "published", "about", "when"),
    ]
    assert told.show("rain").json()["begun_by"] == "2014-12-31"


def test_every_fact_of_the_seed_fits_a_screen(seeded: Store) -> None:
    for fact in seeded.facts(status=("stands", "disputed", "denied", "foretold", "unsupported")):
        shown = lines(seeded, fact.id)
        assert len(shown) <= 60
        # Only an id may be longer.
        assert all(len(line) <= 80 or " " not in line.strip() for line in shown)


def test_many_orderings_are_counted_and_those_not_in_force_come_first(told: Store) -> None:
    names = [f"f{n}" for n in range(9)]
    facts = [{"id": name, "title": "F", "evidence": [{"source": "paper"}]} for name in names]
    told.load({"facts": facts, "orderings": [{"fact": "rain", "relation": "intersects", "other": names}]})
    told.withdraw("f8.intersects.rain")
    words = lines(told, "rain")
    place = words.index("  in stated order")
    assert words[place + 1] == "    f8.intersects.rain [withdrawn]"
    assert words[place + 9] == "    and 1 more; --json shows all"
    assert len(told.show("rain").json()["orderings"]) == 9


# --- everything else ------------------------------------------------------------------------------------------


def test_a_source_shows_what_rests_on_it(told: Store) -> None:
    told.load({"sources": [{"id": "memo", "title": "A memo", "seen_through": "blog"}]})
    told.cite("rain", source="paper", evidence={"attribution": ["A clerk", "memo"]})
    told.withdraw("strike/blog/1", allow_unsupported=True)
    assert lines(told, "blog")[:8] == [
        "blog: source, version 4",
        "  publisher  A blog",
        "  published  2018-04-03",
        "  sources seen through it",
        "    memo",
        "  what rests on it",
        "    strike: withdrawn",
        "    talks: asserts",
    ]
    assert lines(told, "memo")[-2:] == ["  what others have from it", "    rain: asserts"]
    found = sheet(told, "blog").json()
    assert (found["kind"], found["publisher"], found["beneath"]) == ("source", "A blog", ["memo"])
    assert [(one["about"], one.get("withdrawn")) for one in found["evidence"]] == [("strike", True), ("talks", None)]
    told.withdraw("blog", message="not theirs", allow_unsupported=True)
    assert lines(told, "blog")[0] == f"blog: source, withdrawn, version {told.head().position - 1}, recorded at 4"
    assert sheet(told, "blog").json()["withdrawn"] is True


def test_a_speaker_shows_for_whom_and_what_it_says(told: Store) -> None:
    assert lines(told, "mayor") == [
        "mayor: speaker, version 5",
        "  name  The mayor",
        "  origin: The mayor",
        "  who speak on its behalf",
        "    aide",
        "  what it says, or others on its behalf",
        "    strike: asserts",
    ]
    found = sheet(told, "aide").json()
    assert (found["of"], found["origin"], [one["role"] for one in found["said"]]) == ("mayor", "The mayor", ["spoke"])


def test_a_citation_and_an_ordering_show_what_they_are_about(told: Store) -> None:
    assert lines(told, "strike/paper/2")[:3] == [
        "strike/paper/2: citation, version 9",
        "  about strike",
        "  asserts: An aide → The Paper (dated 2018-03-21)",
    ]
    found = sheet(told, "strike/paper/2").json()
    assert (found["about"], found["source"], found["origin"]) == ("strike", "paper", "The mayor")
    assert [one["id"] for one in found["conflicts"]] == ["strike/paper/2"]
    assert lines(told, "strike.before.talks")[1:4] == [
        "  strike before talks (“after the strike”; at least P2D)",
        "  asserts: The Paper",
        "    “talked after the strike” (unchecked)",
    ]
    found = sheet(told, "end").json()
    assert (found["fact"], found["relation"], found["other"], found["in_force"]) == ("talks", "before", "deal", True)


def test_an_earlier_clock_shows_what_was_known_then(told: Store) -> None:
    before = told.head().position
    told.withdraw("strike/paper/1", allow_unsupported=True)
    told.withdraw("mayor")
    shown = told.at(known=before).show("strike")
    assert isinstance(shown, Dossier)
    assert [one.withdrawn for one in shown.evidence] == [False, False, False]
    assert shown.corrections == ()
    assert shown.fact.origins == ("The Paper", "The mayor")
    assert dossier(told, "strike").fact.origins == ("An aide",)


# --- the command line -----------------------------------------------------------------------------------------


def run(store: Store, *words: str) -> Any:
    return CliRunner().invoke(cli, words, env={"FACTSTORE_DB": str(store.path), "FACTSTORE_BY": "ann", "COLUMNS": "80"})


@pytest.mark.parametrize("name", ["strike", "blog", "mayor", "strike/paper/1", "end"])
def test_show_takes_any_id_and_gives_words_or_one_object(told: Store, name: str) -> None:
    assert run(told, "show", name).stdout == show_text(told.show(name)) + "\n"
    assert json.loads(run(told, "show", name, "--json").stdout) == told.show(name).json()


def test_an_unknown_id_is_refused_with_the_nearest(told: Store) -> None:
    done = run(told, "show", "srike")
    assert done.exit_code == 1
    assert "there is no fact, source, speaker, citation or ordering 'srike'; did you mean strike" in done.stderr


def test_who_says_counts_independent_origins_of_all_also_where_a_few_are_listed(told: Store) -> None:
    told_of = run(told, "who-says", "strike", "--limit", "1").stdout.splitlines()
    assert told_of[:2] == [
        "2 independent origins: The Paper; The mayor",
        "asserts: The Paper (dated 2018-03-20 “on Tuesday”)",
    ]
    assert len(told_of) == 4
    assert "independent" not in run(told, "who-says", "end").stdout.splitlines()[1:]


def test_said_by_lists_what_somebody_says_and_relays(told: Store) -> None:
    (said,) = json.loads(run(told, "said-by", "The mayor", "--json").stdout)
    assert list(said)[-2:] == ["about", "role"]
    assert (said["citation"], said["about"], said["role"]) == ("strike/paper/2", "strike", "spoke")
    done = run(told, "said-by", "The Paper")
    assert [line for line in done.stdout.splitlines() if not line.startswith(" ")] == [
        "The Paper says:",
        "The Paper relays:",
    ]
    assert len(json.loads(run(told, "said-by", "paper", "--json", "--limit", "2").stdout)) == 2
    done = run(told, "said-by", "The mayer")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "did you mean The mayor" in done.stderr


def test_cite_and_add_take_what_the_source_says_about_the_time_and_the_speaker(told: Store) -> None:
    done = run(
        told,
        *("cite", "deal", "--source", "blog", "--when", "2018-03", "--phrase", "last month", "--unnamed", "an insider"),
    )
    assert done.exit_code == 0
    cited = told.who_says("deal")[-1]
    assert (cited.when, cited.phrase, cited.unnamed) == ("2018-03", "last month", "an insider")
    assert told.fact("deal").when == "2018-03-30"
    assert run(told, "cite", "deal", "--source", "blog", "--when", "lately").exit_code == 2
    assert run(told, "add", "It snowed", "--source", "blog", "--unnamed", "a passer-by").stdout == "it-snowed\n"
    assert told.who_says("it-snowed")[0].unnamed == "a passer-by"


def test_withdrawn_sources_are_marked_in_words_and_in_json(told: Store) -> None:
    told.withdraw("blog", allow_unsupported=True)
    assert "blog [withdrawn]\n" in run(told, "sources").stdout
    assert "paper, 6 citations\n" in run(told, "sources").stdout
    assert [one.get("withdrawn") for one in json.loads(run(told, "sources", "--json").stdout)] == [None, True]
