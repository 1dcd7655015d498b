"""Answers as a person reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from factstore.rendering import text
from factstore.rendering.changes import history_text, log_text
from factstore.rendering.lines import Screen, on
from factstore.repository.answers import Citation, Conflict, Fact, Found, Order, Said, Source, Step
from factstore.repository.log_answers import LogEntry
from factstore.units import Position


@pytest.fixture(autouse=True)
def narrow() -> Iterator[None]:
    with on(Screen(80)):
        yield


def fact(name: str = "a", title: str = "It was so", **more: Any) -> Fact:
    given = {"when": None, "status": "stands", "earliest": None, "latest": None} | more
    return Fact(id=name, title=title, **given)


def citation(**more: Any) -> Citation:
    given: dict[str, Any] = {
        "id": "a/s/1",
        "about": "a",
        "source": "s",
        "publisher": "P",
        "published": "2018-04-02",
        "url": None,
        "stance": "asserts",
        "quote": "it was so",
        "attribution": ("An aide", "P"),
        "origin": "The palace",
    }
    return Citation(**(given | more))


class TestSpans:
    @pytest.mark.parametrize(
        ("earliest", "latest", "open_end", "said"),
        [
            (None, None, False, "at no known time"),
            (None, None, True, "always"),
            ("2014-01-01", None, True, "2014-01-01 and ever since"),
            ("2014-01-01", None, False, "not before 2014-01-01"),
            (None, "2014-12-31", False, "by 2014-12-31"),
            ("2018-03-20", "2018-03-20", False, "2018-03-20"),
            ("2018-03-20", "2018-04-01", False, "2018-03-20 … 2018-04-01"),
            ("-0044-03-15", "-0044-03-15", False, "-0044-03-15"),
            ("Y-71100", "Y170000", False, "Y-71100 … Y170000"),
            ("2018-03-20T15:04Z", "2018-03-20T15:04Z", False, "2018-03-20 15:04Z"),
            ("2018-03-20T15:04Z", "2018-03-20T17:00Z", False, "2018-03-20 15:04 … 17:00Z"),
            ("2018-03-20T15:04Z", "2018-03-21T17:00Z", False, "2018-03-20 15:04Z … 2018-03-21 17:00Z"),
            ("2018-03-20", "2018-03-20T17:00Z", False, "2018-03-20 … 2018-03-20 17:00Z"),
        ],
    )
    def test_each_kind_in_words(self, earliest: str | None, latest: str | None, open_end: bool, said: str) -> None:
        assert text.span(fact(earliest=earliest, latest=latest, open_end=open_end)) == said

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"phrase": "16/17 Sept 2016"}, "“16/17 Sept 2016”"),
            ({"phrase": "16/17 Sept", "begun_by": "2016-09-18"}, "“16/17 Sept”, begun by 2016-09-18"),
            ({"phrase": "one\nday"}, "“one day”"),
            ({}, "at no known time"),
            ({"phrase": "since then", "earliest": "2018-05-20", "latest": "2018-05-31", "undated": False}, None),
            ({"phrase": "late May", "when": "2018-05", "earliest": "2018-05-20", "latest": "2018-05-31"}, None),
        ],
    )
    def test_a_date_that_could_not_be_read_is_in_its_own_words(self, fields: dict[str, Any], said: str | None) -> None:
        found = fact(**{"undated": True} | fields)
        assert text.when_text(found) == (said or text.span(found))
        assert text.when_text(found) in text.facts_text([found])


class TestFacts:
    def test_when_what_id_and_source_at_once(self) -> None:
        found = fact("a-fact", earliest="2018-03-20", latest="2018-03-20", citations=(citation(),))
        assert text.facts_text([found]) == "2018-03-20  It was so\n            a-fact [s]"

    def test_marks(self) -> None:
        assert "It was so [disputed, conflicting]" in text.facts_text([fact(status="disputed", conflicting=True)])

    def test_many_sources_are_counted(self) -> None:
        cited = tuple(citation(source=name) for name in ("s", "t", "s", "u", "v"))
        assert "a [s, t, and 2 more; 1 origin]" in text.facts_text([fact(citations=cited)])

    def test_a_long_span_has_a_line_of_its_own(self) -> None:
        long = fact("long", earliest="2018-03-20T15:04Z", latest="2018-03-21T17:00Z")
        short = fact("short", earliest="2018-03-20", latest="2018-03-20")
        assert text.facts_text([short, long]).splitlines() == [
            "2018-03-20  It was so",
            "            short",
            "2018-03-20 15:04Z … 2018-03-21 17:00Z",
            "            It was so",
            "            long",
        ]

    def test_evidence_where_asked(self) -> None:
        assert text.facts_text([fact(citations=(citation(),))], evidence=True).splitlines()[2:] == [
            "    asserts: An aide → P",
            "      “it was so” (unchecked)",
            "      a/s/1, published 2018-04-02",
        ]

    def test_origins_are_counted_where_there_are_more_of_them_or_of_sources(self) -> None:
        cited = tuple(citation(source=name, origin=origin) for name, origin in ("sA", "tA"))
        assert "a [s, t; 1 origin]" in text.facts_text([fact(citations=cited)])
        cited = (citation(origin="A"), citation(origin="B"), citation(origin="C", stance="denies"))
        assert "a [s; 2 origins]" in text.facts_text([fact(citations=cited)])
        assert "a [s]" in text.facts_text([fact(citations=(citation(), citation()))])


class TestEvidence:
    def test_all_that_a_citation_says(self) -> None:
        said = citation(
            id="given",
            quote=None,
            said="2018-03-21",
            hedge="reportedly",
            unnamed="an aide",
            when="2018-03",
            phrase="last month",
            locator="p. 3",
            attribution=("An aide", "An aide", "P"),
        )
        assert text.citation_lines(said) == [
            "  asserts: An aide → P (said 2018-03-21; reportedly; unnamed: an aide; dated",
            "    2018-03 “last month”; p. 3)",
            "    (no quote)",
            "    given, in s, published 2018-04-02",
        ]

    @pytest.mark.parametrize("check", ["verbatim", "normalised", "missing", "unchecked", None])
    def test_whether_its_quote_was_found_is_said_in_words(self, check: str | None) -> None:
        assert text.citation_lines(citation(check=check))[1] == f"    “it was so” ({check or 'unchecked'})"

    def test_below_a_fact_only_a_different_date_is_shown(self) -> None:
        of = fact(when="2018-03-20", phrase="on Tuesday")
        assert text.citation_lines(citation(when="2018-03-20", phrase="on Tuesday"), of=of)[0] == "  An aide → P"
        assert (
            "(dated 2018-03 “on Tuesday”)"
            in text.citation_lines(citation(when="2018-03", phrase="on Tuesday"), of=of)[0]
        )
        assert "(dated “lately”)" in text.citation_lines(citation(phrase="lately"), of=of)[0]

    def test_what_no_longer_counts_says_so(self) -> None:
        assert text.citation_lines(citation(withdrawn=True))[0].endswith("P [withdrawn]")
        assert text.citation_lines(citation(source_withdrawn=True))[0].endswith("P [its source is withdrawn]")

    def test_origins_are_listed_above_the_evidence(self) -> None:
        assert text.citations_text([citation()], ["A", "B"]).splitlines()[0] == "2 independent origins: A; B"
        assert text.citations_text([citation()]).splitlines()[0] == "asserts: An aide → P"

    def test_what_was_said_is_separate_from_what_was_relayed(self) -> None:
        said = [Said(citation(), "spoke"), Said(citation(), "spoke"), Said(citation(about="b"), "relayed")]
        assert [line for line in text.said_text(said, "Ann").splitlines() if line[:3].strip()] == [
            *("Ann says:", "  a", "Ann relays:", "  b")
        ]


class TestAnswersAboutTime:
    def test_certain_and_possible_are_separate(self) -> None:
        found = [Found(fact("a"), "certain"), Found(fact("b"), "possible")]
        assert [block.splitlines()[0] for block in text.found_text(found, "before x").split("\n\n")] == [
            "Certainly before x:",
            "Possibly before x:",
        ]

    def test_a_reason_is_quoted_once(self) -> None:
        step = Step("date", "a is dated 2018", "s", "in 2018")
        told = text.found_text([Found(fact(name), "certain", (step,)) for name in "ab"], "before x")
        assert told.count("“in 2018” [s]") == 1
        assert told.count("because a is dated 2018") == 2
        assert "because a is dated 2018 [s]" in told

    def test_a_timeline_asks_for_no_certainty(self) -> None:
        assert text.found_text([Found(fact())], "all") == text.facts_text([fact()])

    def test_nothing(self) -> None:
        assert text.found_text([], "before x") == ""
        assert text.facts_text([]) == ""

    def test_how_two_facts_are_ordered(self) -> None:
        relations: dict[str, Any] = {"before": "possible", "after": "impossible", "meets": "possible"}
        histories: Any = {"before": ({"a": ("2018", "2018")}, {"a": ("2019", "2019")})}
        told = text.order_text(Order("a", "b", relations, (Step("date", "a is dated 2018"),), histories))
        assert told.splitlines() == [
            "How a relates to b in time:",
            "  possible: before, meets",
            "  impossible: after",
            "  because a is dated 2018",
            "  before holds if, say, a 2018",
            "  before fails if, say, a 2019",
        ]


class TestTheRecord:
    def entry(self, position: int, kind: str, subject: str = "a", commit: int = 9, **more: Any) -> LogEntry:
        at = Position(position), Position(commit)
        return LogEntry(*at, kind, subject, "2018-04-02T15:00:00.000000Z", "ann", "why", "0" * 64, **more)

    def test_history_shows_who_said_the_evidence_to_whom_when_and_about_which_day(self) -> None:
        said = {
            "stance": "asserts",
            "quote": "so",
            "source": "s",
            "attribution": ["Ann", "The paper"],
            "when": "2016-06-30",
            "said": "2018-04-01",
            "unnamed": "an aide",
        }
        changes = {name: (None, value) for name, value in said.items()}
        told = history_text(
            [self.entry(5, "fact.recorded"), self.entry(6, "citation.recorded", "a/s/1", changes=changes)]
        )
        assert " ".join(told.split()).endswith(
            "citation a/s/1 recorded: asserts: Ann → The paper: “so”"
            " (said 2018-04-01; unnamed: an aide; dated 2016-06-30) [s]"
        )

    def test_history_has_the_phrase_and_the_gap_of_an_order(self) -> None:
        said: dict[str, Any] = {"a": "a", "relation": "before", "b": "b", "phrase": "later", "gap": {"min": "P3D"}}
        changes = {name: (None, value) for name, value in said.items()}
        told = history_text([self.entry(5, "fact.recorded"), self.entry(6, "ordering.recorded", "o", changes=changes)])
        assert told.endswith("ordering o recorded: a before b (“later”; at least P3D)")

    def test_history_is_a_paragraph_a_commit(self) -> None:
        told = history_text(
            [
                self.entry(5, "fact.recorded", changes={"title": (None, "A"), "tags": (None, ["x", "y"])}),
                self.entry(
                    6,
                    "citation.recorded",
                    "a/s/1",
                    changes={"stance": (None, "asserts"), "quote": (None, "so"), "source": (None, "s")},
                ),
                self.entry(10, "fact.corrected", commit=11, changes={"title": ("A", None)}, reason="other"),
                self.entry(12, "withdrawn", "a/s/1", commit=14, changes={}, reason="source-corrected"),
                self.entry(
                    13,
                    "fact.corrected",
                    commit=14,
                    changes={"title": (None, "A")},
                    reason="extraction-error",
                    evidence=("a/s/2",),
                ),
            ]
        )
        assert told.splitlines() == [
            "2018-04-02 15:00:00  ann: why (commit 9)",
            "  5  fact recorded",
            "     title: A",
            "     tags: x, y",
            "  6  citation a/s/1 recorded: asserts: “so” [s]",
            "2018-04-02 15:00:00  ann: why (commit 11)",
            "  10  fact corrected",
            "      title: A → nothing",
            "2018-04-02 15:00:00  ann: why (commit 14)",
            "  12  a/s/1 withdrawn, because the source corrected itself",
            "  13  fact corrected, because we had misread; evidence: a/s/2",
            "      title: nothing → A",
        ]

    def test_the_log_shows_the_message_of_a_commit(self) -> None:
        assert log_text([self.entry(9, "commit"), self.entry(8, "fact.recorded")]).splitlines() == [
            "9  2018-04-02 15:00:00  commit         ann: why",
            "8  2018-04-02 15:00:00  fact.recorded  a",
        ]

    def test_sources(self) -> None:
        source = Source("s", "T", "P", "https://p.example", "2018", "2019", None, "t", withdrawn=True)
        kept = Source("s", None, None, None, None, None, None, None, citations=1)
        assert text.sources_text([kept]) == "s, 1 citation"
        assert text.sources_text([source]).splitlines() == [
            "s [withdrawn]",
            "    T, P",
            "    published 2018, retrieved 2019",
            "    https://p.example",
            "    seen through t",
        ]

    def test_conflicts(self) -> None:
        steps = (Step("date", "a is dated 2018", "s", "in 2018"), Step("ordering", "b before a"))
        assert text.conflicts_text([Conflict("b.before.a", "contradiction", "b before a", steps)]).splitlines() == [
            "b.before.a is set aside: b before a. These cannot all hold:",
            "  1. a is dated 2018 [s]: “in 2018”",
            "  2. b before a",
        ]
        told = text.conflicts_text([Conflict("a/s/1", "disagreement", "a is dated 2018, here 2019", steps[:1])])
        assert "nothing is set aside" in told
