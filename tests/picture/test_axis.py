"""An axis of any kind puts earlier times further left, and its labels are round moments as people write them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import factstore
from factstore.picture import AXES, Wanted, draw, scene
from factstore.picture.axis import AxisKind, axis
from factstore.picture.calendar import DAY, YEAR, day_of, day_text, label, moments, step_of, year_text
from factstore.picture.drawing import Drawing
from tests.picture.samples import FAR, PREHISTORY, document, rows, texts, week

ANCIENT = day_of(-43, 3, 15)
ENDS = [ANCIENT, ANCIENT + DAY, *(day_of(2018, 3, day) for day in range(1, 29))]


@pytest.mark.parametrize("kind", AXES)
@given(
    ends=st.lists(st.integers(-(10**17), 10**16), min_size=1, max_size=30),
    times=st.lists(st.integers(-(10**18), 10**17), min_size=2, max_size=8),
)
def test_what_is_earlier_lies_further_left(kind: AxisKind, ends: list[int], times: list[int]) -> None:
    shown = axis(kind, ends, len(ends))
    places = [shown.at(time) for time in sorted({*times, *ends})]
    assert places == sorted(places)
    if kind != "near":
        assert all(-0.001 <= shown.at(end) <= 1.001 for end in ends)


@pytest.mark.parametrize("kind", AXES)
@pytest.mark.parametrize("width", [260, 600, 1400])
def test_labels_are_in_order_and_do_not_meet(kind: AxisKind, width: int) -> None:
    shown = axis(kind, ENDS, 29)
    found = shown.marks(width)
    assert found
    assert all(0 <= mark.at <= 1 for mark in found)
    for one, other in pairwise(found):
        assert (other.at - one.at) * width > 3 * (len(one.text) + len(other.text))


def test_a_near_axis_leaves_out_what_would_squeeze_the_rest_and_a_broken_one_the_gap() -> None:
    near, whole, broken = (axis(kind, ENDS, 29) for kind in ("near", "whole", "broken"))
    assert near.at(ANCIENT) < 0 < near.at(day_of(2018, 3, 1))
    march = whole.at(day_of(2018, 3, 28)) - whole.at(day_of(2018, 3, 1))
    assert march < 0.001
    assert broken.at(day_of(2018, 3, 28)) - broken.at(day_of(2018, 3, 1)) > 0.5
    assert len(broken.breaks) == 1
    assert "15 Mar 44 BC" in [mark.text for mark in broken.marks(600)]


def test_an_axis_by_age_gives_each_age_its_room() -> None:
    shown = axis("age", [day_of(-66_000_000, 1, 1), day_of(-15_000, 1, 1), day_of(2018, 3, 20)], 3)
    assert [round(mark.at, 1) for mark in shown.marks(700)] == [0.1, 0.3, 0.5, 0.6, 0.8, 0.9] or len(
        shown.marks(700)
    ) > 4
    assert shown.at(day_of(-15_000, 1, 1)) - shown.at(day_of(-66_000_000, 1, 1)) > 0.3
    assert shown.caption().startswith("ages before 19 Mar 2018")


@pytest.mark.parametrize(
    ("lo", "hi", "most", "written"),
    [
        (day_of(2018, 3, 19), day_of(2018, 4, 3), 6, ["19 Mar 2018", "26 Mar 2018", "2 Apr 2018"]),
        (day_of(2017, 11, 2), day_of(2018, 3, 1), 6, ["Dec 2017", "Jan 2018", "Feb 2018", "Mar 2018"]),
        (
            day_of(-300, 1, 1),
            day_of(300, 1, 1),
            6,
            ["300 BC", "200 BC", "100 BC", "AD 1", "AD 100", "AD 200", "AD 300"],
        ),
        (day_of(2018, 3, 19), day_of(2018, 3, 19) + DAY // 4, 3, [f"19 Mar 2018, 0{hour}:00" for hour in (0, 3, 6)]),
        (day_of(-3_000_000, 1, 1), 0, 4, ["3 million BC", "2 million BC", "1 million BC", "AD 1"]),
    ],
)
def test_moments_are_round_and_written_as_people_write_them(lo: int, hi: int, most: int, written: list[str]) -> None:
    step = step_of(hi - lo, most)
    assert [label(moment, step, whole=True) for moment in moments(lo, hi, step)] == written


@given(st.integers(-(10**16), 10**16), st.integers(1, 10**16), st.integers(1, 12))
def test_there_are_no_more_moments_than_asked_for_and_each_is_within(lo: int, span: int, most: int) -> None:
    found = [*moments(lo, lo + span, step_of(span, most))]
    assert len(found) <= 3 * most + 2
    assert found == sorted({*found})
    assert all(lo <= moment <= lo + span for moment in found)


def test_years_are_written_as_people_write_them() -> None:
    written = [year_text(year) for year in (2018, 79, 0, -43, -14_999, -65_999_999, -252_000_000)]
    assert written == ["2018", "AD 79", "1 BC", "44 BC", "15,000 BC", "66 million BC", "252 million BC"]
    assert day_text(ANCIENT) == "15 Mar 44 BC"
    assert step_of(YEAR, 1).unit == "year"


# --- what lies beyond it ------------------------------------------------------------------------------------------


def test_what_is_dated_is_never_drawn_as_if_it_had_no_limit(path: Path) -> None:
    vague = {"id": "then", "title": "It was some time", "when": "2017~"}
    with factstore.open(path) as made:
        made.load(document(*week(), FAR, vague, {"id": "never", "title": "Undated"}))
        shown = scene(made, Wanted())
        drawing = Drawing(shown)
        drawn = {line.rows[0].fact: drawing.line(line) for line in drawing.lines}
        assert 'class="tip left off"' in drawn["far"]
        assert ">2 November 1917<" in drawn["far"]
        assert [name for name, svg in drawn.items() if " open" in svg] == ["never"]
        written = texts(draw(made, shown, "svg"))
        assert "The axis is cut: 1 fact before it, dated at the edge" in written
        assert "lies beyond the axis, with its date" in written
        whole = texts(draw(made, scene(made, Wanted(axis="whole")), "svg"))
        assert not [line for line in whole if "cut" in line or "beyond" in line]
        assert "the axis leaves out" in " ".join(texts(draw(made, scene(made, Wanted(axis="broken")), "svg")))


def test_a_bar_that_the_axis_cuts_says_that_it_goes_on(path: Path) -> None:
    with factstore.open(path) as made:
        made.load(document(*week(), {"id": "reign", "title": "The reign", "when": "1917-01-01/2018-03-12"}))
        drawing = Drawing(scene(made, Wanted()))
        (reign,) = (drawing.line(line) for line in drawing.lines if line.rows[0].fact == "reign")
        assert 'class="tip left more"' in reign
        assert "goes on beyond the axis" in drawing.key().svg


def test_prehistory_keeps_its_order_and_has_its_place(path: Path) -> None:
    with factstore.open(path) as made:
        made.load(document(*PREHISTORY))
        shown = scene(made, Wanted(axis="age"))
        names = ["permian", "dinosaurs", "humans", "painted", "killed", "called"]
        assert [row.fact for row in shown.rows] == names
        drawing = Drawing(shown)
        places = [drawing.marks.extent(rows(shown)[name]) for name in names]
        assert places == sorted(places)
        assert all(right < left for (_, right), (left, _) in pairwise(places))
        assert rows(shown)["permian"].times.first == day_of(-252_000_000, 1, 1)
