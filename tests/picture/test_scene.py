"""A picture contains what the chronology answers: rows, their times and words, groups, colours and orders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import factstore
from factstore.dates.edtf import Edtf
from factstore.dates.ticks import DAY, FOREVER, MINUTE
from factstore.errors import Refused
from factstore.evidence.stances import STATUSES
from factstore.picture import Wanted, scene
from factstore.picture.colours import THEMES, TONES, palette
from factstore.picture.drawing import Drawing, axis_of
from factstore.picture.layout import height_of
from factstore.reasoning.edges import Bounds
from factstore.repository.spans import span_of
from factstore.store import Store
from factstore.units import UTC, Seconds
from tests.picture.samples import ASKED, EVERY, FAR, SEED, document, rows, week
from tests.support.networks import bounds_at


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with factstore.open(tmp_path_factory.mktemp("seed") / "facts.db") as store:
        store.load(SEED)
        yield store


@pytest.fixture
def made(path: Path) -> Iterator[Store]:
    with factstore.open(path) as store:
        yield store


# --- where facts lie --------------------------------------------------------------------------------------------

D = Edtf("2018-03-20").corners().start_min or 0


def bounds(when: str, zone: int = 0) -> Bounds:
    low, early, late, high = Edtf(when).corners(zone)
    return bounds_at(
        -FOREVER if low is None else low,
        FOREVER if early is None else early,
        -FOREVER if late is None else late,
        FOREVER if high is None else high,
    )


@pytest.mark.parametrize(
    ("when", "certain"),
    [
        ("2018-03-20", (D, D + DAY)),
        ("2018-03", None),
        ("[2018-03-20..2018-03-21]", None),
        ("2018-03-20?", None),
        ("2018-03-20/2018-03-22", (D, D + 3 * DAY)),
        ("2018-03-20/..", (D, None)),
        ("../2018-03-20", (None, D + DAY)),
        ("2018-03-20/", (D, D + DAY)),
        ("2018-03-20T06:00/2018-03-20T12:00", (D + DAY // 4, D + DAY // 2 + MINUTE)),
    ],
)
def test_a_day_is_certain_where_every_history_has_the_fact_going_on_in_it(
    when: str, certain: tuple[int | None, int | None] | None
) -> None:
    assert span_of(bounds(when), UTC).certain == ((certain,) if certain else ())


def test_a_day_begins_as_it_does_in_the_fact_s_zone() -> None:
    east = 3 * 3600
    begins = D - DAY // 8
    assert span_of(bounds("2018-03-20", east), Seconds(east)).certain == ((begins, begins + DAY),)


def test_nothing_is_certain_about_an_undated_fact() -> None:
    nothing = bounds_at(-FOREVER, FOREVER, -FOREVER, FOREVER)
    assert span_of(nothing, UTC) == (None, None, None, None, ())


def test_spans_and_orderings_are_those_of_the_clock(made: Store) -> None:
    then = {"fact": "day-0", "relation": "before", "other": "day-1", "evidence": [{"source": "paper", "quote": "then"}]}
    made.load(document(*week(2), orderings=(then,)))
    position = made.head().position
    made.correct("day-0", {"when": "2018-03-01"}, message="misread")
    made.withdraw("day-0.before.day-1", message="not said")
    assert made.spans()["day-0"].first != made.at(known=position).spans()["day-0"].first
    assert [(stated.in_force, stated.withdrawn) for stated in made.orderings()] == [(False, True)]
    assert scene(made, Wanted()).arcs == []
    (ordering,) = made.at(known=position).orderings()
    assert (ordering.a, ordering.relation, ordering.b, ordering.in_force) == ("day-0", "before", "day-1", True)
    assert [citation.quote for citation in ordering.evidence] == ["then"]


# --- what is in a picture ---------------------------------------------------------------------------------------


def test_a_picture_shows_what_a_timeline_lists_and_counts_what_it_leaves_out(made: Store) -> None:
    told = [{"source": "paper", "stance": "foretells"}]
    made.load(
        document(*week(3), {"id": "fair", "title": "There will be a fair", "when": "2018-03-20", "evidence": told})
    )
    made.withdraw("day-2", message="a hoax")
    shown = scene(made, Wanted())
    assert [*rows(shown)] == [found.fact.id for found in made.timeline] == ["day-0", "day-1"]
    assert shown.left_out == "1 more is foretold"
    every = scene(made, Wanted(narrowed=EVERY))
    assert ([*rows(every)], every.left_out) == (["day-0", "day-1", "day-2", "fair"], "")
    with pytest.raises(Refused, match="no facts to draw; 1 more is foretold"):
        scene(made, Wanted(narrowed={"since": "2018-03-19"}))


def test_what_is_withdrawn_is_struck_out_whatever_it_is_coloured_by_as_far_as_it_is_drawn(made: Store) -> None:
    ever = {"id": "ever", "title": "For ever", "when": "2018-03-12/.."}
    made.load(document(*week(3), ever))
    made.withdraw("ever", message="a hoax")
    drawing = Drawing(scene(made, Wanted(before="2018-03-20", narrowed=EVERY)))
    [line] = [line for line in drawing.lines if line.rows[0].fact == "ever"]
    drawn = drawing.line(line)
    [bar] = re.findall(r'<rect class="sure" x="([\d.]+)" y="[^"]+" width="([\d.]+)"', drawn)
    [strike] = re.findall(r'<path class="strike" d="M([\d.]+) 0H([\d.]+)"', drawn)
    left, width = map(float, bar)
    assert (float(strike[0]), float(strike[1])) == pytest.approx((left - 6, left + width + 6), abs=0.2)
    assert 'class="title withdrawn"' in drawn


def test_rows_are_in_the_order_of_the_timeline_and_have_every_requested_status(seed: Store) -> None:
    shown = scene(seed, Wanted(narrowed=EVERY))
    assert list(rows(shown)) == [found.fact.id for found in seed.timeline.all(status=STATUSES)]
    assert {row.tone for row in shown.rows} == {"stands", "denied", "foretold"}
    drawing = Drawing(shown)
    assert [line.rows[0] for line in drawing.lines] == shown.rows
    assert drawing.height == sum(line.height for line in drawing.lines)
    assert len(shown.arcs) == 46


def test_filters_and_statuses_narrow_a_picture(seed: Store) -> None:
    shown = scene(seed, Wanted(narrowed={"tag": "call", "status": ("stands",)}))
    assert list(rows(shown)) == [found.fact.id for found in seed.timeline.all(tag="call", status=("stands",))]


def test_a_picture_of_nothing_is_refused(seed: Store) -> None:
    with pytest.raises(Refused, match="no facts"):
        scene(seed, Wanted(narrowed={"tag": "nowhere"}))


def test_the_possible_and_the_certain_of_each_kind_of_date(made: Store) -> None:
    made.load(
        document(
            *week(),
            {"id": "month", "title": "A month", "when": "2018-03~"},
            {"id": "ever", "title": "For ever", "when": "2018-03-12/.."},
            {"id": "by", "title": "Undated"},
        )
    )
    shown = rows(scene(made, Wanted()))
    day = 24 * 60 * 60 * 1000
    times = {name: row.times for name, row in shown.items()}
    ((sure, over),) = times["day-0"].sure
    assert (sure or 0) + day == over
    assert (times["day-0"].flat, times["day-0"].ebb) == (sure, over)
    assert (times["month"].sure, shown["month"].marks) == ((), "~")
    assert (times["month"].past or 0) - (times["month"].first or 0) == (28 + 31 + 30) * day
    assert (times["ever"].sure[0][1], times["ever"].past) == (None, None)
    assert (times["by"].first, times["by"].past, times["by"].begun) == (None, None, True)


def test_a_set_of_days_is_certain_on_each_of_them_and_not_in_between(made: Store) -> None:
    made.load(
        document(
            {"id": "hearings", "title": "Hearings", "when": "{2018-03-22..2018-03-24,2018-03-20,2018-03-30?}"},
            {"id": "late", "title": "Late", "when": "2018-03-29"},
        )
    )
    assert made.spans()["hearings"].certain == ((D, D + DAY), (D + 2 * DAY, D + 5 * DAY))
    shown = rows(scene(made, Wanted()))["hearings"]
    assert [(until or 0) - (since or 0) for since, until in shown.times.sure] == [DAY // 1000, 3 * DAY // 1000]
    drawing = Drawing(scene(made, Wanted()))
    bars = "".join(map(drawing.line, drawing.lines))
    assert bars.count('class="sure"') == 3  # two of the hearings, and the other fact
    position = made.head().position
    made.correct("hearings", {"when": "2018-03-20/2018-03-24"}, message="one hearing")
    assert made.spans()["hearings"].certain == ((D, D + 5 * DAY),)
    assert len(made.at(known=position).spans()["hearings"].certain) == 2


def test_a_set_of_days_that_is_set_aside_leaves_its_days_open(made: Store) -> None:
    made.load(document({"id": "hearings", "title": "Hearings"}, {"id": "last", "title": "Last", "when": "2018-03-10"}))
    made.relate("hearings", "before", "last")
    made.correct("hearings", {"when": "{2018-03-20,2018-03-22}"}, allow_conflict=True)
    assert made.spans()["hearings"].certain == ()


def test_what_lies_far_off_is_left_to_the_arrows(made: Store) -> None:
    made.load(document(*week()))
    near = axis_of(scene(made, Wanted()))
    made.load(document(FAR))
    assert axis_of(scene(made, Wanted())) == near
    assert axis_of(scene(made, Wanted(before="1917-11-01"))).lo < near.lo


def test_two_times_of_equal_weight_are_both_shown(made: Store) -> None:
    made.load(document(*week(2), FAR, FAR | {"id": "far-too"}))
    shown = scene(made, Wanted())
    assert axis_of(shown).lo < (rows(shown)["far"].times.first or 0)


def test_a_fact_is_in_each_of_its_groups(made: Store) -> None:
    facts = week(4)
    facts[0] |= {"tags": ["one", "two"]}
    facts[1] |= {"tags": ["two"]}
    then = {"fact": "day-0", "relation": "before", "other": "day-1"}
    later = {"fact": "day-0", "relation": "before", "other": "day-2"}
    made.load(document(*facts, orderings=(then, later)))
    shown = scene(made, Wanted(group_by="tag"))
    titles = [row.fact or row.title for row in shown.rows]
    assert titles == ["one (1)", "day-0", "two (2)", "day-0", "day-1", "no tag (2)", "day-2", "day-3"]
    assert [(arc.a, arc.b) for arc in shown.arcs] == [(3, 4), (1, 6)]


@pytest.mark.parametrize("question", ["before", "after"])
@pytest.mark.parametrize("x", [ASKED, "2018-03-28"])
@pytest.mark.parametrize("statuses", [(), STATUSES], ids=["as listed", "of any status"])
def test_colours_are_the_answer_to_the_question(seed: Store, question: str, x: str, statuses: tuple[str, ...]) -> None:
    asked: dict[str, Any] = {question: x, "narrowed": {"status": statuses}}
    shown = rows(scene(seed, Wanted(**asked)))
    found = getattr(seed.timeline, question)(x, status=statuses)
    answer = {item.fact.id: f"{question}-{item.certainty}" for item in found}
    for name, row in shown.items():
        assert row.tone == ("asked" if name == x else answer.get(name, "neither"))
    assert {"before-certain", "after-certain"} & {*answer.values()}


def test_what_contradicts_is_red_and_what_is_withdrawn_struck_out(made: Store) -> None:
    made.load(document(*week(3)))
    wrong = {"fact": "day-1", "relation": "before", "other": "day-0"}
    made.load(document(orderings=(wrong,)), allow_conflict=True)
    made.withdraw("day-2", message="a hoax")
    shown = scene(made, Wanted(narrowed=EVERY))
    assert {name: row.tone for name, row in rows(shown).items()} == {
        "day-0": "conflicting",
        "day-1": "conflicting",
        "day-2": "withdrawn",
    }
    drawing = Drawing(shown)
    assert "".join(map(drawing.line, drawing.lines)).count('class="strike"') == 1
    assert [arc.aside for arc in shown.arcs] == [True]
    assert "It was day 0 [conflicting]" in shown.text()
    assert "set aside" in shown.text()


def test_long_titles_are_cut_and_what_steers_or_breaks_a_document_is_shown(made: Store) -> None:
    made.load(document({"id": "long", "title": "word " * 60 + "\u202e\ufffe\x07end", "when": "2018-03-10"}))
    row = rows(scene(made, Wanted()))["long"]
    assert len(row.lines) == 2
    assert row.lines[1].endswith("…")
    assert row.title.endswith("\\u202e\ufffd\\u0007end")


def test_beside_a_short_title_too_stand_the_phrase_and_where_it_is_placed(made: Store) -> None:
    fact = {"id": "late", "title": "Late", "phrase": "late last week"}
    made.load(document(*week(2), fact, orderings=({"fact": "day-0", "relation": "before", "other": "late"},)))
    row = rows(scene(made, Wanted()))["late"]
    assert (row.lines, row.date[0]) == (["Late"], "“late last week”")
    assert row.date[1].startswith("(begun between ")
    assert height_of(row) > height_of(rows(scene(made, Wanted()))["day-1"])


@pytest.mark.parametrize("more", [0, 120], ids=["few", "many"])
def test_no_word_of_a_date_is_cut_off(made: Store, more: int) -> None:
    late = {"id": "late", "title": "Late", "phrase": "two weeks after the collapse"}
    gap = {"fact": "late", "relation": "after", "other": "fall", "gap": {"min": "P14D", "max": "P14D"}}
    fall = {"id": "fall", "title": "It fell", "when": "2016-09-16/2016-09-17"}
    days = {
        "id": "days",
        "title": "Days",
        "when": "{2016-09-01,2016-09-03,2016-10-05..2016-10-09,2016-11-11,2016-12-24}",
    }
    among = [{"id": f"f{n}", "title": "It was so", "when": "2016-09"} for n in range(more)]
    made.load(document(late, fall, days, *among, orderings=(gap,)))
    shown = rows(scene(made, Wanted()))
    for name in ("late", "days"):
        assert shown[name].short in " ".join(shown[name].date)
        assert height_of(shown[name]) >= 15 * len(shown[name].date)
    assert "begun between 30 September and 3 October 2016" in shown["late"].short
    assert ("“two weeks after the collapse”" in shown["late"].date) == (not more)


def test_a_group_of_a_source_is_headed_by_its_title(made: Store) -> None:
    told = {"id": "a", "title": "It was so", "when": "2018-03-10"}
    sources = [
        {"id": "one", "title": "The paper"},
        {"id": "two", "title": "The paper"},
        {"id": "three", "publisher": "The radio"},
        {"id": "four", "title": "The letter", "publisher": "The radio"},
    ]
    evidence = [{"source": source["id"]} for source in sources]
    made.load({"sources": sources, "facts": [told | {"evidence": evidence}]})
    heads = [row.title for row in scene(made, Wanted(group_by="source")).rows if row.fact is None]
    assert heads == ["The paper [one] (1)", "The paper [two] (1)", "The radio (1)", "The letter (1)"]


def test_a_question_about_what_is_withdrawn_says_so(made: Store) -> None:
    made.load(document(*({"id": name, "title": name, "when": "2018"} for name in ("gone", "left"))))
    made.withdraw("gone", allow_unsupported=True)
    assert scene(made, Wanted(before="gone", note="before gone")).note == "before gone; gone is withdrawn"
    assert scene(made, Wanted(before="2018")).note == ""


def test_where_rows_are_many_and_of_one_line_it_is_where_a_fact_is_placed(made: Store) -> None:
    many = [{"id": f"f{n}", "title": "It was so", "when": "2018-03"} for n in range(120)]
    made.load(document(*many, {"id": "late", "title": "Late", "phrase": "late last week"}))
    assert rows(scene(made, Wanted()))["late"].date == ["(undated)"]


def test_every_colour_is_distinguishable_from_its_paper() -> None:
    def light(colour: str) -> float:
        parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)) + 0.05

    for theme in THEMES:
        colours = palette(theme)
        for name in {*TONES, "quiet", "ink"}:
            ratio = light(colours[name]) / light(colours["paper"])
            # WCAG 2.2: 4.5 for text (1.4.3), 3 for what must be seen (1.4.11); the rest is only a supplement.
            least = 4.5 if name in ("quiet", "ink", "conflicting") else 2.3
            assert max(ratio, 1 / ratio) >= least, (theme, name, ratio)
