"""The ledger in a browser: it says what the library says, follows what is recorded, and cannot change anything."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from markupsafe import escape

import factstore
from factstore.browser.asking import like
from factstore.browser.browser import browser
from factstore.browser.guard import is_local
from factstore.browser.metadata import SQL_PAGE
from factstore.browser.mishaps import mishap
from factstore.browser.queries import QUERIES
from factstore.chronology import Chronology
from factstore.cli import cli
from factstore.database import tables
from factstore.database.views import VIEWS
from factstore.errors import InputError, Refused
from factstore.picture import Scene
from factstore.picture.colours import palette, stylesheet
from factstore.store import Store
from tests.support.browser import Page
from tests.support.checks import refusing

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "moscow-times-2018-04-02.yaml"
ASKED = "russia-expels-60-us-diplomats"
HOSTILE = "</td><script>hacked=1</script><img src=x onerror='hacked=1'>"
#: Arguments for each question to which the seed has an answer.
ASKING = {
    "before": ASKED,
    "after": ASKED,
    "overlapping": "2018-04-02",
    "who_says": ASKED,
    "show": ASKED,
    "find": "consul",
    "took_part": "Putin",
    "said_by": "Kremlin",
    "one_origin": "",
    "changed_since": "170",
}


class Browsing:
    """The answers of a store's browser, called in this process."""

    def __init__(self, store: Store) -> None:
        self.datasette = browser(store)

    def get(self, path: str, status: int = 200, /, **given: str) -> str:
        """A page's text."""
        where = f"{path}?{urlencode(given)}" if given else path
        found = asyncio.run(self.datasette.client.get(where, follow_redirects=True))
        assert found.status_code == status, found.text
        return str(found.text)

    def rows(self, view: str, /, **given: str) -> list[dict[str, Any]]:
        """The rows of a view or a question."""
        found: list[dict[str, Any]] = json.loads(self.get(f"/ledger/{view}.json", _shape="array", **given))
        return found

    def facets(self, name: str, **given: str) -> dict[str, dict[str, int]]:
        """The values by which a view can be narrowed, with how many rows each has."""
        found = self._facet_results(name, **given)
        return {facet: {one["value"]: one["count"] for one in held["results"]} for facet, held in found.items()}

    def narrowed(self, name: str, facet: str, value: str) -> list[str]:
        """The ids of the rows to which a facet's own link leads."""
        found = self._facet_results(name)[facet]["results"]
        (toggle,) = (one["toggle_url"] for one in found if one["value"] == value)
        rows = json.loads(self.get("/" + toggle.split("/", 3)[3] + "&_shape=array"))
        return [row["id"] for row in rows]

    def _facet_results(self, name: str, **given: str) -> dict[str, Any]:
        """Datasette 1.0 has them on request, one level deeper than 0.65."""
        found = json.loads(self.get(f"/ledger/{name}.json", **given, _extra="facet_results"))["facet_results"]
        results: dict[str, Any] = found.get("results", found)
        return results

    def headers(self, path: str) -> Mapping[str, str]:
        found: Mapping[str, str] = asyncio.run(self.datasette.client.get(path)).headers
        return found

    def close(self) -> None:
        self.datasette.get_database("ledger").close()
        self.datasette.executor.shutdown()


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with factstore.open(tmp_path_factory.mktemp("seed") / "facts.db") as store:
        store.load(SEED, message="first reading", by="ann")
        yield store


@pytest.fixture(scope="module")
def seen(seed: Store) -> Iterator[Browsing]:
    made = Browsing(seed)
    yield made
    made.close()


@pytest.fixture
def watched(tmp_path: Path, seed: Store) -> Iterator[tuple[Store, Browsing]]:
    """A writable copy of the seed, and its browser."""
    with factstore.open(shutil.copy(seed.path, tmp_path / "facts.db")) as store:
        made = Browsing(store)
        yield store, made
        made.close()


def entry(**more: Any) -> dict[str, Any]:
    """A fact and its source, all of whose texts are hostile."""
    source = {
        "id": "paper",
        "title": HOSTILE,
        "publisher": HOSTILE,
        "url": "javascript:hacked=1",
        "published": "2018-04-02",
    }
    evidence = {
        "source": "paper",
        "quote": HOSTILE,
        "attribution": [HOSTILE, "paper"],
        "hedge": HOSTILE,
        "unnamed": HOSTILE,
    }
    fact = {
        "id": "hacked",
        "title": HOSTILE,
        "when": "2018-03-20",
        "phrase": HOSTILE,
        "place": HOSTILE,
        "participants": [{"name": HOSTILE, "role": HOSTILE}],
        "tags": [HOSTILE],
        "attributes": {HOSTILE: HOSTILE},
        "evidence": [evidence],
    }
    return {"sources": [source], "speakers": [{"id": "voice", "name": HOSTILE}], "facts": [fact | more]}


# --- what it says ---------------------------------------------------------------------------------------------


def test_the_front_page_says_what_the_ledger_holds_and_links_to_all_questions_and_views(seen: Browsing) -> None:
    page = seen.get("/")
    assert "<h1>facts.db</h1>" in page
    assert "28 facts from 4 sources" in page
    assert "by ann: first reading" in page
    for name, question in QUERIES.items():
        assert f'action="/ledger/{name}"' in page
        assert question.title in page
    for where in ("/ledger/timeline", "/ledger/citations", "/-/picture", "/ledger"):
        assert f'href="{where}"' in page


@pytest.mark.parametrize("name", [*VIEWS, *(table.name for table in tables.metadata.sorted_tables if table.comment)])
def test_each_view_and_table_says_what_it_and_its_columns_are(name: str, seen: Browsing) -> None:
    page = seen.get(f"/ledger/{name}")
    says = VIEWS[name].says if name in VIEWS else str(tables.metadata.tables[name].comment)
    columns = (
        VIEWS[name].columns if name in VIEWS else {c.name: c.comment for c in tables.metadata.tables[name].columns}
    )
    assert escape(says) in page
    for column, sentence in columns.items():
        assert f"<dt>{column}</dt><dd>{escape(sentence or '')}</dd>" in page


def test_tables_are_hidden_behind_the_views(seen: Browsing) -> None:
    held = json.loads(seen.get("/ledger.json"))
    assert [table["name"] for table in held["tables"] if not table["hidden"]] == []
    assert {view["name"] for view in held["views"]} == {*VIEWS}


@pytest.mark.parametrize("question", ["before", "after", "overlapping"])
@pytest.mark.parametrize("x", [ASKED, "trump-putin-call", "2018-04-01"])
def test_what_happened_before_is_what_the_library_answers(seed: Store, seen: Browsing, question: str, x: str) -> None:
    expected = getattr(seed.timeline, question)(x, evidence=True)
    assert expected
    assert [(row["certainty"], row["id"], row["who_says"]) for row in seen.rows(question, x=x)] == [
        (found.certainty, found.fact.id, "; ".join(found.fact.origins)) for found in expected
    ]


def test_who_says_so_is_every_live_citation_with_its_quote_and_where_it_stands(seed: Store, seen: Browsing) -> None:
    rows = seen.rows("who_says", x="trump-putin-call")
    assert {(row["id"], row["origin"]) for row in rows} == {
        (citation.id, citation.origin) for citation in seed.who_says("trump-putin-call")
    }
    page = seen.get("/ledger/who_says", x="trump-putin-call")
    assert "“A Kremlin readout of the phone call”" in page
    assert "Yury Ushakov → The Moscow Times" in page
    assert re.search(
        r'<a href="https://www\.themoscowtimes\.com/[^"]+" title="[^"]+">www\.themoscowtimes\.com</a>', page
    )


@pytest.mark.parametrize("name", ASKING)
def test_every_question_has_an_answer_on_the_seed_whose_rows_have_links(name: str, seen: Browsing) -> None:
    (blank,) = QUERIES[name].blanks
    given = {blank.name: ASKING[name]}
    rows = seen.rows(name, **given)
    page = seen.get(f"/ledger/{name}", **given)
    assert any(row["id"] for row in rows)
    for row in rows:
        if row["id"]:
            assert f'<a href="/ledger/show?{urlencode({"x": row["id"]})}">{row["id"]}</a>' in page
    assert f'value="{ASKING[name]}"' in page


def test_whatever_has_an_id_is_shown(seed: Store, seen: Browsing) -> None:
    ids = ["trump-putin-call", "moscow-times-2018-04-02", "ushakov", seed.who_says(ASKED)[0].id]
    ids += [row["id"] for row in seen.rows("orderings")[:1]]
    for name in ids:
        rows = seen.rows("show", x=name)
        assert len(rows) > 1, name
        assert {*rows[0]} == {"part", "when", "what", "who", "id"}


def test_evidence_is_shown_with_the_day_that_it_gives_and_the_words_of_a_date_are_the_source_s(path: Path) -> None:
    evidence = {
        "source": "paper",
        "quote": "so it was",
        "when": "2016-06-30",
        "phrase": "that day",
        "attribution": ["Ann", "paper"],
        "unnamed": "an aide",
    }
    fact = {"id": "told", "title": "It was told", "when": "2016-07", "phrase": "in July", "evidence": [evidence]}
    with factstore.open(path) as store:
        store.load({"sources": [{"id": "paper"}], "facts": [fact]})
        seen = Browsing(store)
        for question, given in (("who_says", {"x": "told"}), ("said_by", {"name": "Ann"})):
            [row] = seen.rows(question, **given)
            assert row["dated"] == "2016-06-30 “that day”"
            assert row["what"] == "“so it was” (unnamed: an aide)"
        rows = seen.rows("show", x="told")
        assert "“so it was” (unnamed: an aide; dated 2016-06-30 “that day”)" in [row["what"] for row in rows]
        assert {row["part"]: row["what"] for row in rows if row["part"] in ("date", "as written")} == {
            "date": "2016-07",
            "as written": "“in July”",
        }
        seen.close()


def test_a_fact_s_heading_has_the_year_and_the_time_that_the_source_gave(path: Path) -> None:
    dates = {"tools": "Y-2000000", "train": "2018-03-20T15:05+03:00"}
    facts = [{"id": name, "title": name, "when": when, "evidence": [{"source": "a"}]} for name, when in dates.items()]
    with factstore.open(path) as store:
        store.load({"sources": [{"id": "a"}], "facts": facts})
        seen = Browsing(store)
        for name, shown in (("tools", "Y-2000000"), ("train", "2018-03-20 15:05+03:00")):
            assert f"<h2>{name} <small>{shown}</small></h2>" in seen.get("/ledger/show", x=name)
        seen.close()


def test_words_that_are_not_an_id_lead_to_the_facts_that_may_be_meant(seen: Browsing) -> None:
    page = seen.get("/ledger/before", 400, x="Russian retaliation")
    assert (
        f'<a href="/ledger/before?x={ASKED}">Russia announced that it was expelling 60 American diplomats</a>' in page
    )


def test_an_impossible_question_is_an_error_and_never_an_empty_answer(seen: Browsing) -> None:
    for question in ("before", "who_says", "show"):
        found = json.loads(seen.get(f"/ledger/{question}.json", 400, x="no-such-thing"))
        assert "no-such-thing" in found["error"]
    assert "2018-13" in seen.get("/ledger/before", 400, x="2018-13")
    assert "ask() has no question" in seen.get("/ledger", 400, sql="select ask('what', 'x')")
    assert seen.rows("before", x="") == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/ledger/before?x=2016-07-01&published-by=2016-09", "no parameter 'published-by'; it has x"),
        ("/ledger/before.json?x=2016-07-01&_shape=array&known-at=1", "no parameter 'known-at'; it has x"),
        ("/ledger/find.csv?words=consul&x=1", "no parameter 'x'; it has words"),
        ("/ledger/conflicting?held-by=2016", "no parameter 'held-by'; it has none"),
        ("/?known-at=176", "no parameter 'known-at'; it has none"),
        ("/ledger?known-at=176", "no parameter 'known-at'; it has none"),
        ("/ledger/timeline?published-by=2016", "no parameter 'published-by'; it has "),
        ("/ledger/timeline.json?title__contains=a&published-by=2016", "no parameter 'published-by'; it has "),
        ("/ledger/before?x=2016&x=2018", "x is given twice, and this page takes one"),
        ("/ledger/changed_since.json?since=&since=176", "since is given twice"),
        *(
            (f"/ledger/{page}?{name}=Putin", f"no parameter '{name}'; timeline and facts have it")
            for page in ("citations", "sources.json", "log", "fact", "before", "changed_since.csv", "")
            for name in ("_search", "_participant", "_source", "_stance", "_facet_of")
        ),
        ("/ledger/timeline?_search_title=Putin", "no parameter '_search_title'; _search finds words in all of a fact"),
        ("/ledger/facts?_search=Putin&_searchmode=raw", "no parameter '_searchmode'"),
        ("/ledger/timeline?_facet_of=place", "not counted by 'place'; they are by participant, source, stance"),
        ("/-/picture?tag=a&tag=b", "tag is given twice"),
        ("/-/picture?packed=maybe", "packed must be on or off, not 'maybe'"),
    ],
)
def test_a_parameter_that_a_page_would_ignore_is_refused(seen: Browsing, address: str, said: str) -> None:
    assert said in unescape(seen.get(address, 400))


def test_like_begins_with_every_word_as_it_is() -> None:
    assert [*like("Russian retaliation")] == [
        '"Russian"* AND "retaliation"*',
        '"Russ"* AND "retalia"*',
        '"Russ"* OR "retalia"*',
    ]
    assert [*like(" … ")] == []


def test_changes_since_a_position_or_a_day_say_what_was_before(watched: tuple[Store, Browsing]) -> None:
    store, seen = watched
    last = store.head().position
    store.correct(ASKED, {"title": "Russia expelled 60"}, reason="other", message="shorter", by="ben")
    for since in (str(last), store.log(limit=1)[0].recorded_at[:19]):
        (row,) = (row for row in seen.rows("changed_since", since=since) if row["who"] == "ben")
        assert (row["id"], row["field"], row["after"]) == (ASKED, "title", "Russia expelled 60")
        assert row["before"] == "Russia announced that it was expelling 60 American diplomats"
    assert seen.rows("changed_since", since="2999-01-01") == []


@pytest.mark.parametrize(
    "since",
    ["abc", "2018-13-45", "-5", "1 2", "2018-04-02; drop", "%", "*", "\0", "٣", "2018-04-02T99:99Z", "late last week"],
)
def test_a_since_that_cannot_be_read_is_refused(seen: Browsing, since: str) -> None:
    said = f"since {since!r}: it must be a position, a year, month or day as 2018-04-02, or a moment"
    assert said in json.loads(seen.get("/ledger/changed_since.json", 400, since=since))["error"]
    assert "it must be a position" in seen.get("/ledger/changed_since", 400, since=since)


def test_changes_since_a_period_are_those_from_its_beginning_on(seed: Store, seen: Browsing) -> None:
    everything = seen.rows("changed_since")
    assert len(everything) == seed.head().position - 2  # without the commits
    moment = seed.log(limit=1)[0].recorded_at
    for since in (moment, moment[:16], moment[:13], moment[:10], moment[:7], moment[:4]):
        assert seen.rows("changed_since", since=since) == [row for row in everything if row["when"] >= since], since
    for since, expected in (("0", everything), (" 0 ", everything), (" ", everything), ("0001", everything[:-1])):
        assert seen.rows("changed_since", since=since) == expected, since
    assert "since 99999: the ledger ends at position 176" in seen.get("/ledger/changed_since", 400, since="99999")
    assert seen.rows("changed_since", since=str(seed.head().position)) == []
    assert seen.rows("changed_since", since="9999") == []  # a year, still to come
    assert "since() takes" in seen.get("/ledger", 400, sql="select since('1', 'x')")


@pytest.mark.parametrize("name", ["%", "_", "*", "\0", "\u0301", "Put_n", "a" * 2000])
def test_a_name_is_found_as_it_is_written_and_never_as_a_pattern(seen: Browsing, name: str) -> None:
    assert seen.rows("took_part", name=name) == []
    assert seen.rows("one_origin", origin=name) == ([] if name != "\u0301" else seen.rows("one_origin"))


def test_a_part_of_a_name_finds_it_whatever_its_case_and_accents(seen: Browsing) -> None:
    putins = seen.rows("took_part", name="Putin")
    assert putins
    assert seen.rows("took_part", name=" pútin ") == putins
    resting = seen.rows("one_origin")
    assert {row["origin"] for row in resting} > {"The Moscow Times"}
    assert seen.rows("one_origin", origin=" ") == resting
    assert seen.rows("one_origin", origin="moscow") == [row for row in resting if row["origin"] == "The Moscow Times"]


def test_a_new_place_of_a_quote_is_not_listed_as_a_change(path: Path) -> None:
    source = {"id": "book", "text": "In spring he said that they did meet."}
    evidence = {"source": "book", "quote": "they did meet"}
    with factstore.open(path) as store:
        store.load({"sources": [source], "facts": [{"id": "met", "title": "They met", "evidence": [evidence]}]})
        last = store.head().position
        store.load({"sources": [source | {"text": "In early spring he said that they did meet."}]}, correct="other")
        seen = Browsing(store)
        assert [row["id"] for row in seen.rows("changed_since", since=str(last))] == ["book"]
        assert not [row for row in seen.rows("show", x="met") if row["part"].startswith("corrected")]
        seen.close()


def test_what_rests_on_one_origin_is_what_the_timeline_counts(seen: Browsing) -> None:
    expected = {row["id"] for row in seen.rows("timeline") if row["origins"] == 1}
    assert {row["id"] for row in seen.rows("one_origin", origin="")} == expected
    of_one = seen.rows("one_origin", origin="The Kremlin")
    assert {row["origin"] for row in of_one} == {"The Kremlin"}
    assert 0 < len(of_one) < len(expected)


def test_what_contradicts_is_shown_with_its_chain(watched: tuple[Store, Browsing]) -> None:
    store, seen = watched
    assert seen.rows("conflicting") == []
    store.correct("us-expels-60-russian-diplomats", {"when": "2018-04-10"}, reason="other", allow_conflict=True)
    rows = seen.rows("conflicting")
    assert [row["what"] for row in rows] == [step.text for one in store.conflicts() for step in one.chain]
    assert any(row["part"] == "contradicts" for row in seen.rows("show", x="us-expels-60-russian-diplomats"))


# --- narrowing ------------------------------------------------------------------------------------------------


def test_the_timeline_is_narrowed_by_year_month_status_participant_source_and_stance(
    seed: Store, seen: Browsing
) -> None:
    found = seen.facets("timeline")
    assert {*found} == {"year", "month", "status", "participant", "source", "stance"}
    assert found["month"] == {"2018-03": 12, "2018-04": 9}
    assert found["stance"] == {"asserts": 24, "silent": 2}
    assert found["source"] == {"moscow-times-2018-04-02": 24}
    putins = [one.fact.id for one in seed.timeline if any(p["name"] == "Vladimir Putin" for p in one.fact.participants)]
    assert found["participant"]["Vladimir Putin"] == len(putins)
    assert seen.narrowed("timeline", "participant", "Vladimir Putin") == putins
    assert (
        seen.narrowed("timeline", "month", "2018-04")[:1]
        == [row["id"] for row in seen.rows("timeline") if row["month"] == "2018-04"][:1]
    )


def test_facets_narrow_together_and_can_be_removed_again(seen: Browsing) -> None:
    both = seen.rows("timeline", _participant="Vladimir Putin", _stance="silent")
    assert 0 < len(both) < len(seen.rows("timeline", _participant="Vladimir Putin"))
    page = seen.get("/ledger/timeline", _participant="Vladimir Putin")
    assert "participant is “Vladimir Putin”" in unescape(page)
    assert re.search(
        r'Vladimir Putin &middot; (<span[^>]*>)?5(</span>)? <a href="[^"?]+/ledger/timeline" class="cross">', page
    )
    assert seen.facets("facts", _facet_of="participant")["status"]
    assert seen.facets("citations")["stance"]["denies"] == 1


def test_what_was_withdrawn_narrows_nothing(watched: tuple[Store, Browsing]) -> None:
    store, seen = watched
    denied = [citation.id for fact in store.facts(evidence=True, status="denied") for citation in fact.citations or ()]
    before = seen.facets("facts")["stance"]
    for name in denied:
        store.withdraw(name, message="misread", allow_unsupported=True)
    after = seen.facets("facts")["stance"]
    assert (before["denies"], "denies" in after) == (1, False)


def test_a_search_finds_what_the_command_line_finds(seed: Store, seen: Browsing) -> None:
    assert 'name="_search"' in seen.get("/ledger/timeline")
    for words in ("consul", "RETALIATED late", "“quoted", 'un"even', "* NOT ("):
        expected = {fact.id for fact in seed.facts(words, status=("stands", "disputed"))}
        assert {row["id"] for row in seen.rows("timeline", _search=words)} == expected
    both = seen.get("/ledger/timeline.json?_shape=array&_search=RETALIATED&_search=late")
    assert json.loads(both) == seen.rows("timeline", _search="RETALIATED late")
    assert {row["id"] for row in seen.rows("find", words="consul")} == {fact.id for fact in seed.facts("consul")}
    assert seen.rows("find") == seen.rows("find", words=" ") == []


@pytest.mark.parametrize("words", ["…", "*", " ".join(f"w{number}" for number in range(501))])
def test_words_that_the_command_line_refuses_are_refused(
    seen: Browsing, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "501" if len(words) > 1 else f"{words!r} has no letter or digit to look for"
    for page, blank in (("timeline", "_search"), ("facts", "_search"), ("find", "words")):
        assert said in json.loads(seen.get(f"/ledger/{page}.json", 400, **{blank: words}))["error"]
        assert said in unescape(seen.get(f"/ledger/{page}", 400, **{blank: words}))
    assert "Traceback" not in capsys.readouterr().err


# --- what it must not do --------------------------------------------------------------------------------------


def test_no_text_of_a_source_becomes_active(path: Path) -> None:
    with factstore.open(path) as store:
        store.load(entry(), message=HOSTILE, by=HOSTILE)
        store.correct("hacked", {"title": HOSTILE + "!"}, reason="other", message=HOSTILE, by=HOSTILE)
        seen = Browsing(store)
        pages = [
            "/",
            "/ledger",
            "/ledger/before?x=2019",
            "/ledger/show?x=hacked",
            "/ledger/show?x=paper",
            "/ledger/show?x=voice",
        ]
        pages += [f"/ledger/{name}" for name in VIEWS] + [f"/ledger/{table}" for table in tables.metadata.tables]
        pages += [
            f"/ledger/{name}?{urlencode({blank.name: value})}"
            for name, query in QUERIES.items()
            for blank in query.blanks
            for value in ("hacked", HOSTILE, "")
        ]
        held = 0
        for where in pages:
            found = asyncio.run(seen.datasette.client.get(where)).text
            assert "<script>hacked" not in found, where
            assert "<img src=x" not in found, where
            assert not re.search(r"""href=["']?\s*javascript:""", found), where
            held += "&lt;script&gt;hacked" in found
        assert held > 20
        seen.close()


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("url", "http://[x", "http://[x</a>"),
        ("url", "https://good.example@evil.example/a", ">evil.example</a>"),
        ("url", "javascript:hacked=1", ">javascript:hacked=1</td>"),
        ("chain", '["<b>", 7]', "position=7"),
        ("tags", "not JSON", ">not JSON</td>"),
        ("participants", '[{"name": "Ann"}, 7, {"role": "<b>"}]', "Ann; 7; None <small>(&lt;b&gt;)</small>"),
        ("id", "x&y=<b>", 'href="/ledger/show?x=x%26y%3D%3Cb%3E">x&amp;y=&lt;b&gt;</a>'),
    ],
)
def test_a_cell_of_somebodys_own_sql_is_shown_whatever_it_contains(
    seen: Browsing, column: str, value: str, shown: str
) -> None:
    assert shown in seen.get("/ledger", sql=f"select :value as {column}", value=value)
    seen.get("/ledger", sql="select ask('before', 2018), words(7), ask('show', null)")


def test_nothing_can_be_written_and_nothing_is_put_beside_the_file(seed: Store, tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    shutil.copyfile(seed.path, path)
    before = path.read_bytes()
    with factstore.open(path) as store:
        seen = Browsing(store)
        for name in ("timeline", "facts", "citations"):
            seen.get(f"/ledger/{name}")
        for sql in ("DELETE FROM placement", "ATTACH 'x.db' AS x", "PRAGMA journal_mode=DELETE", "VACUUM INTO 'x.db'"):
            seen.get("/ledger", 400, sql=sql)
        database = seen.datasette.get_database("ledger")
        with refusing("READONLY"):
            asyncio.run(database.execute_write("DELETE FROM placement"))
        assert "Forbidden" in seen.get("/ledger.db", 403)
        seen.close()
    assert path.read_bytes() == before
    assert {found.name for found in tmp_path.iterdir()} <= {"facts.db", "facts.db-wal", "facts.db-shm"}


def test_what_is_recorded_meanwhile_shows_at_once(watched: tuple[Store, Browsing]) -> None:
    store, seen = watched
    before = seen.rows("before", x="2019")
    store.add("The desk asked for comment", when="2018-04-03", source="notes", new_source={"title": "Notes"})
    assert "29 facts from 5 sources" in seen.get("/")
    assert {row["what"] for row in seen.rows("before", x="2019")} - {row["what"] for row in before} == {
        "The desk asked for comment"
    }
    assert asyncio.run(seen.datasette.client.get("/ledger/timeline")).headers.get("cache-control") in (None, "no-cache")


@pytest.mark.parametrize("sql", ["select zeroblob(900000000)", "select hex(zeroblob(5000000))"])
def test_a_statement_cannot_fill_the_memory_with_one_value(seen: Browsing, sql: str) -> None:
    assert "too big" in seen.get("/ledger", 400, sql=sql)
    assert "8000000" in seen.get("/ledger", sql="select length(zeroblob(8000000)) as bytes")


def test_an_answer_cannot_fill_the_memory_with_many_values(seen: Browsing) -> None:
    sql = "select zeroblob(8000000) as bytes from record limit 100"
    assert "more than 32 MiB" in seen.get("/ledger", 400, sql=sql)
    assert "more than 32 MiB" in json.loads(seen.get("/ledger.json", 400, sql=sql))["error"]


def test_a_question_of_ours_ends_with_the_time_of_its_query(seed: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factstore.browser.limits.SECONDS", -1.0)
    monkeypatch.setattr("factstore.browser.limits.STEPS", 1)
    slow = Browsing(seed)
    assert "takes longer than" in slow.get("/ledger/before", 400, x=ASKED)
    slow.close()


@pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_bad_input_is_refused_and_does_not_count_as_a_bug(seen: Browsing, capfd: pytest.CaptureFixture[str]) -> None:
    for address in (
        "timeline?_sort=nope",
        "timeline?_next=a",
        "timeline?_sort=title&_sort_desc=title",
        "timeline?_timelimit=x",
        "timeline?_through=x",
        "timeline?title__in=[",
        "log?_next=a",
        "log?_next=99999999999999999999",
        "record?position__gt=99999999999999999999999",
        "fact/x",
    ):
        page = seen.get(f"/ledger/{address}", 400)
        assert '<a href="/">Back to the ledger</a>' in page
        name, _, rest = address.partition("?")
        if "/" not in name:
            assert json.loads(seen.get(f"/ledger/{name}.json?{rest}", 400))["ok"] is False, address
    gc.collect()
    assert "Traceback" not in capfd.readouterr().err


def test_a_query_that_sorts_more_than_the_memory_limit_fills_no_disk_instead(seen: Browsing) -> None:
    held = asyncio.run(seen.datasette.get_database("ledger").execute("select * from pragma_temp_store"))
    assert [*held.first()] == [2]  # in memory


def test_a_query_beyond_the_memory_limit_does_not_count_as_a_bug() -> None:
    assert mishap(MemoryError())[0] == 400


def test_a_bug_is_one_line_on_the_terminal(
    seen: Browsing, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> bytes:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("factstore.picture.draw", fail)
    assert "ZeroDivisionError" in seen.get("/-/picture", 500)
    assert [record.getMessage() for record in caplog.records] == [
        "a page failed: /-/picture: ZeroDivisionError: a fault of ours"
    ]
    assert not caplog.records[0].exc_info


def test_no_page_shows_where_on_the_machine_the_ledger_is(seed: Store, seen: Browsing) -> None:
    for where in ("/", "/ledger", "/ledger.json", "/ledger/timeline", "/-/picture", "/ledger/show?x=none"):
        assert str(seed.path.parent) not in asyncio.run(seen.datasette.client.get(where)).text, where
    for where in ("databases", "databases.json", "threads", "settings.json", "plugins.json", "versions", "metadata"):
        assert "There is no such page" in seen.get(f"/-/{where}", 404)
    for sql in ("select * from pragma_database_list", "select file from pragma_database_list()"):
        assert str(seed.path.parent) not in seen.get("/ledger", 400, sql=sql)


def test_a_part_says_on_each_page_that_it_is_one(seed: Store, tmp_path: Path) -> None:
    seed.share(tmp_path / "part.db", [fact.id for fact in seed.facts(tag="expulsion")])
    with factstore.open(tmp_path / "part.db") as part:
        seen = Browsing(part)
        for where in ("/", "/ledger/timeline", f"/ledger/before?x={ASKED}"):
            assert f"part of a ledger, {part.part}" in seen.get(where)
        assert seen.rows("before", x=ASKED)
        seen.close()


def test_a_copy_says_of_what_and_from_when_it_is(seed: Store) -> None:
    shown = browser(seed, "A verified copy of postgresql://db/desk, made 2026-11-29 10:00 UTC")
    assert "made 2026-11-29 10:00 UTC" in asyncio.run(shown.client.get("/")).text
    shown.get_database("ledger").close()


def test_dark_screens_have_the_colours_of_the_picture(seen: Browsing) -> None:
    assert seen.get("/-/colours.css") == stylesheet()
    assert '<link rel="stylesheet" href="/-/colours.css">' in seen.get("/ledger/timeline")
    used = set(re.findall(r"var\(--([a-z-]+)\)", seen.get("/factstore/browser.css")))
    assert used
    assert used <= set(palette("dark"))


def test_pages_run_only_the_scripts_of_templates(seen: Browsing) -> None:
    nonces = set()
    for where in ("/", "/ledger/timeline", f"{SQL_PAGE}?sql=select+1"):
        found = asyncio.run(seen.datasette.client.get(where))
        policy = found.headers["content-security-policy"]
        (nonce,) = re.findall(r"script-src 'self' 'nonce-([\w-]{20,})' 'unsafe-hashes'", policy)
        assert policy.startswith("default-src 'none'; ")
        scripts = re.findall(r"<script\b[^>]*>", found.text)
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        nonces.add(nonce)
    assert len(nonces) == 3
    assert '<a href="/">← Back to the ledger</a>' in seen.get("/-/picture")
    assert seen.headers("/-/picture")["content-security-policy"] == "frame-ancestors 'none'"


@pytest.mark.skipif(os.name == "nt", reason="what may be written is said otherwise there")
def test_a_file_in_a_read_only_folder_is_shown_too(seed: Store) -> None:
    program = """
        import asyncio, os, sys, factstore
        from factstore.browser.browser import browser
        asyncio.run(browser(factstore.open(sys.argv[1])).client.get("/ledger/before?x=2019"))  # imports what is late
        os.chmod(sys.argv[2], 0o555)
        if os.geteuid() == 0:
            os.setuid(65534)
        shown = browser(factstore.open(sys.argv[2] + "/facts.db"))
        print(asyncio.run(shown.client.get("/ledger/before.csv?x=2019")).text.count("certain,"))
    """
    with TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        shutil.copyfile(seed.path, Path(folder) / "facts.db")
        command = [sys.executable, "-c", dedent(program), str(seed.path), folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        os.chmod(folder, 0o755)
    assert (done.stdout, done.stderr) == (f"{len(seed.timeline.before('2019', certain=True))}\n", "")


# --- the picture ----------------------------------------------------------------------------------------------


def test_the_picture_is_one_click_away_and_coloured_and_narrowed_as_the_address_says(
    seed: Store, seen: Browsing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw(_view: Chronology, scene: Scene, form: str) -> bytes:
        return f"{form}: {scene.title}, {scene.question}, {len(scene.facts)}".encode()

    monkeypatch.setattr("factstore.picture.draw", draw)
    assert seen.get("/-/picture") == "html: facts.db, None, 24"
    assert seen.get("/-/picture", status="all") == "html: facts.db, None, 28"
    expulsions = len(seed.timeline.all(tag="expulsion"))
    assert 0 < expulsions < 24
    assert seen.get("/-/picture", before=ASKED, tag="expulsion") == f"html: facts.db, before, {expulsions}"
    assert f'href="/-/picture?before={ASKED}"' in seen.get("/ledger/before", x=ASKED)
    assert "no-such-thing" in seen.get("/-/picture", 400, before="no-such-thing")
    assert "no facts to draw" in seen.get("/-/picture", 400, tag="no-such-tag")


def test_the_picture_says_what_it_leaves_out_and_leads_to_it(seen: Browsing) -> None:
    page = seen.get("/-/picture?packed=&tag=summit")
    [(told, where)] = re.findall(r'>([^<>]+): <a href="([^"]+)">draw them too</a>', page)
    assert "1 more is" in told
    assert unescape(where) == "?packed=&tag=summit&status=all"
    assert "too</a>" not in seen.get(f"/-/picture{unescape(where)}")


def test_the_picture_takes_the_options_of_the_command(
    seed: Store, seen: Browsing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw(_view: Chronology, scene: Scene, _form: str) -> bytes:
        drawn = scene.wanted
        told = [drawn.axis, drawn.group_by, drawn.packed, drawn.folded, len(scene.facts), scene.note]
        return json.dumps(told).encode()

    monkeypatch.setattr("factstore.picture.draw", draw)
    in_april = len(seed.timeline.all(since="2018-04-01", until="2018-04-30"))
    assert 0 < in_april < 24
    published = len(seed.at(published="2018-04-02").timeline.all())
    assert published > 0
    for address, *expected in (
        ("", "near", None, False, False, 24, ""),
        ("axis=whole&packed", "whole", None, True, False, 24, ""),
        ("axis=age&packed=0&folded=1&group-by=tag", "age", "tag", False, True, 24, ""),
        ("status=denied", "near", None, False, False, 1, "status denied"),
        ("status=denied&status=all&text=&tag=", "near", None, False, False, 28, ""),
        ("source=moscow", "near", None, False, False, 24, "source moscow-times-2018-04-02"),
        (
            "from=1+April+2018&to=April+30th+2018",
            *("near", None, False, False, in_april),
            "since 2018-04-01; until 2018-04-30",
        ),
        ("known-at=176", "near", None, False, False, 24, "known at 176"),
        ("published-by=2018-04-02&title=x", "near", None, False, False, published, "published by 2018-04-02"),
    ):
        assert json.loads(seen.get(f"/-/picture?{address}")) == expected, address


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("axis=round", "axis must be near, whole, broken or age, not 'round'"),
        ("status=true", "status must be stands, disputed,"),
        ("group-by=year", "group-by must be participant, place, tag or source, not 'year'"),
        ("before=2018&after=2017", "before and after ask two questions"),
        ("colour=red", "a picture has no parameter 'colour'; it has before, after, text,"),
        ("from=soon", "soon"),
        ("known-at=soon", "soon"),
        ("known-at=2", "no facts to draw"),
        ("published-by=1917&known-at=", "no facts to draw"),
        ("held-by=1917", "no facts to draw"),
        ("known-at=99999&published-by=", "99999"),
        ("source=nope", "nope"),
    ],
)
def test_what_a_picture_cannot_be_asked_for_is_refused(seen: Browsing, address: str, said: str) -> None:
    assert said in unescape(seen.get(f"/-/picture?{address}", 400))


def test_a_picture_of_too_many_facts_leads_to_one_of_fewer(seen: Browsing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["factstore.picture.scene"], "MOST_FACTS", 20)
    page = unescape(seen.get("/-/picture?packed&place=", 400))
    (way,) = re.findall(r'<a href="\?([^"]+)">narrow it to \d+ of them</a>', page)
    assert way.startswith("packed=&place=&tag=")
    assert 0 < len(json.loads(re.findall(r'"facts":(\[.*?\]),"orders"', seen.get(f"/-/picture?{way}"))[0])) <= 20


def test_without_its_extra_the_picture_says_what_to_install(seen: Browsing, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> bytes:
        raise Refused("a picture needs the extra: pip install 'factstore-timeline[picture]'") from ImportError()

    monkeypatch.setattr("factstore.picture.draw", refuse)
    assert "pip install 'factstore-timeline[picture]'" in unescape(seen.get("/-/picture", 501))


# --- the command ----------------------------------------------------------------------------------------------


def refused(store: Store, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["browse", "--db", str(store.path), *words])
    assert done.stdout == ""
    return done.exit_code, done.stderr


def test_a_port_that_is_taken_is_refused(seed: Store) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = f"factstore: port {port} is taken; --port 0 finds one that is free\n"
        assert refused(seed, "--port", str(port)) == (1, said)


def test_a_host_that_is_not_this_machine_is_misuse(seed: Store) -> None:
    code, said = refused(seed, "--host", "192.0.2.1", "--port", "0")
    assert (code, said.splitlines()[-1]) == (2, "factstore: --host 192.0.2.1 is not an address of this machine")


def test_it_is_still_found_under_its_former_name(monkeypatch: pytest.MonkeyPatch, seed: Store) -> None:
    monkeypatch.setattr("factstore.browser.serve", lambda _store, host, port, ready: ready(f"{host}:{port}"))
    done = CliRunner().invoke(cli, ["inspect", "--db", str(seed.path)])
    assert (done.exit_code, done.stdout) == (0, "127.0.0.1:8001\n")


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["browse", "--db", str(tmp_path / "none.db")])
    assert done.exit_code == 1
    assert "there is no ledger at" in done.stderr


def test_without_the_extra_the_command_says_what_to_install(seed: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("factstore.browser.", "datasette"))]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("server", "browser", "plugin"):
        monkeypatch.delattr(f"factstore.browser.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "datasette", None)
    said = "factstore: browse needs the extra: pip install 'factstore-timeline[browse]'\n"
    assert refused(seed) == (1, said)


def test_the_command_line_needs_nothing_of_the_extra() -> None:
    program = (
        "import sys, factstore.cli; print([name for name in sys.modules if name.startswith(('datasette', 'uvicorn'))])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.8.9.1", True), ("0.0.0.0", False), ("::", False)],
)
def test_there_is_a_warning_about_listening_for_other_machines(
    seed: Store, monkeypatch: pytest.MonkeyPatch, host: str, local: bool
) -> None:
    def serve(_store: Store, host: str, _port: int, ready: Callable[[str], None]) -> None:
        ready(f"http://{host}/")

    monkeypatch.setattr("factstore.browser.serve", serve)
    done = CliRunner().invoke(cli, ["browse", "--db", str(seed.path), "--host", host])
    assert done.stdout == f"http://{host}/\n"
    assert ("anybody who can reach" in done.stderr) is not local
    assert is_local(host) is local


@pytest.fixture
def served(seed: Store) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server that a test may end: its address and process."""
    words = [sys.executable, "-m", "factstore", "browse", "--db", str(seed.path), "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip(), process
        process.kill()


def test_the_server_answers_only_to_its_own_name_and_ends_quietly(
    served: tuple[str, subprocess.Popen[str]],
) -> None:
    url, process = served
    with urllib.request.urlopen(f"{url}ledger/before.json?x={ASKED}") as answer:
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-frame-options"] == "DENY"
        assert json.load(answer)["ok"] is True
    for status, headers in (
        (421, {"Host": "evil.example:80"}),
        (403, {"Sec-Fetch-Site": "cross-site"}),
        (403, {"Sec-Fetch-Site": "same-site"}),
        (403, {"Origin": "http://evil.example"}),
        (403, {"Origin": "null"}),
        (403, {"Origin": url.rstrip("/") + "0"}),
    ):
        with pytest.raises(HTTPError, match=str(status)):
            urllib.request.urlopen(urllib.request.Request(f"{url}ledger.json", headers=headers))
    with pytest.raises(HTTPError, match="405"):
        urllib.request.urlopen(f"{url}ledger.json", data=b"x")
    for headers in ({"Origin": url.rstrip("/")}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert urllib.request.urlopen(urllib.request.Request(f"{url}ledger.json", headers=headers)).status == 200
    # A wrong address, or a query that needs too much memory, prints nothing on the terminal.
    hungry = "select count(*) from (select zeroblob(8000000) from record a, record b order by 1)"
    for address in ("timeline?_sort=nope", "log?_next=a", f"?{urlencode({'sql': hungry})}"):
        with pytest.raises(HTTPError, match="400"):
            urllib.request.urlopen(f"{url}ledger{'' if address[0] == '?' else '/'}{address}")
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    assert process.stderr
    assert re.fullmatch(r"it shows \S+facts\.db, read-only; Ctrl-C ends it\n", process.stderr.read())


def test_in_a_browser_a_reader_finds_what_happened_before_and_who_says_so(url: str, page: Page) -> None:
    def link(text: str, within: str = "document") -> str:
        return f"[...{within}.querySelectorAll('a')].find((a) => a.textContent.trim() === {json.dumps(text)})"

    # From the front page, by words of one's own.
    page.go(url)
    page.run("document.querySelector('#ask-before').value = 'Russian retaliation'")
    page.follow("document.querySelector('form[action=\"/ledger/before\"] input[type=submit]')")
    page.follow(link("Russia announced that it was expelling 60 American diplomats"))
    rows = page.run("[...document.querySelectorAll('tbody tr')].map((tr) => [...tr.cells].map((td) => td.innerText))")
    assert ["certain", "The United States expelled 60 Russian diplomats", "The Moscow Times"] in [
        [row[0], row[2], row[3]] for row in rows
    ]
    page.follow(link("The United States expelled 60 Russian diplomats"))
    assert "Since the phone call, Washington has expelled 60 Russian diplomats" in page.run("document.body.innerText")

    # From the timeline, narrowed.
    page.follow(link("home"))
    page.follow(link("The timeline"))
    page.follow(link("Yury Ushakov", "document.querySelector('#facet-participant')"))
    assert page.run("document.querySelectorAll('.rows-and-columns tbody tr').length") == 8
    page.follow(link("Yury Ushakov, the Russian president's foreign policy aide, briefed reporters"))
    page.follow(link("who says so"))
    says = page.run("[...document.querySelectorAll('td.col-who_says')].map((td) => td.innerText)")
    assert [*dict.fromkeys(says)] == ["The Moscow Times", "Interfax → The Moscow Times"]
    # The table is what one sees, and fits.
    assert page.run("document.documentElement.scrollWidth <= window.innerWidth")
    assert not [problem for problem in page.problems if "400" not in problem]
    assert {request.split("/")[2] for request in page.requests if request.startswith("http")} == {url.split("/")[2]}


def test_only_faults_of_the_host_are_reported(monkeypatch: pytest.MonkeyPatch, seed: Store) -> None:
    from factstore.browser.server import serve

    with pytest.raises(InputError, match="not an address of this machine"):
        serve(seed, "no.such.host.invalid", 0, print)
