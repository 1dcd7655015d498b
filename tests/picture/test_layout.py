"""The layout of a drawing: reading order, packed lines on which nothing meets, folded groups, wrapped texts."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

import factstore
from factstore.picture import GROUPINGS, Wanted, draw, scene
from factstore.picture.drawing import Drawing
from factstore.picture.layout import GAP, HEAD, PACK, is_brief, spots
from factstore.picture.marks import label
from factstore.picture.texts import cut, directed, text_width, wrapped
from tests.picture.samples import EVERY, FAR, document, many, rows, spanning, texts, week


def test_facts_side_by_side_never_meet_and_none_is_lost(path: Path) -> None:
    with factstore.open(path) as made:
        made.load(document(*many(200), FAR))
        shown = scene(made, Wanted(packed=True))
    drawing = Drawing(shown)
    lines = [line for line in drawing.lines if line.kind == "pack"]
    for line in lines:
        assert all(one.right < other.left for one, other in pairwise(line.spots))
        assert all(found.anchor == "end" or found.x >= 0 for found in line.spots)
    named = [row.fact for line in drawing.lines if line.kind in ("pack", "names") for row in line.rows]
    assert sorted(filter(None, named)) == sorted(rows(shown))
    # With a choice of sides, labels need fewer lines than if each took the first possible side.
    first = sorted((spots(row, drawing.marks)[0] for line in lines for row in line.rows), key=lambda spot: spot.left)
    ends: list[float] = []
    for spot in first:
        taken = next((n for n, end in enumerate(ends) if end + GAP <= spot.left), len(ends))
        ends[taken : taken + 1] = [spot.right]
    assert len(lines) < len(ends) * 0.9


def test_titles_that_share_a_line_take_the_room_that_is_left_and_never_meet(path: Path) -> None:
    long = (
        "The board heard the auditors of the company, and asked them for all that they had written about it since then"
    )
    facts = [
        {"id": f"f{n}", "title": f"{n}: {long}", "when": f"2017-{n % 12 + 1:02}-{n % 28 + 1:02}"} for n in range(60)
    ]
    with factstore.open(path) as made:
        made.load(document(*facts))
        drawing = Drawing(scene(made, Wanted(packed=True)))
    cut_short = 0
    for line in drawing.lines:
        drawn = ElementTree.fromstring(f"<svg>{drawing.line(line)}</svg>")
        taken = []
        for written in (one for one in drawn.iter("text") if one.get("class") == "label"):
            told = "".join(written.itertext())
            x, width = float(written.get("x", "0")), text_width(told, 11)
            taken.append((x, x + width) if written.get("text-anchor") == "start" else (x - width, x))
            cut_short += "…" in told
        assert all(end < start for (_, end), (start, _) in pairwise(taken)), taken
    assert cut_short > 0


def test_no_title_is_drawn_on_a_bar(path: Path) -> None:
    """A title that fits over its bar is placed there, with the bar directly below it, in as little room as possible."""
    with factstore.open(path) as made:
        made.load(document(*spanning(60)))
        drawing = Drawing(scene(made, Wanted(packed=True)))
    over = 0
    for line in drawing.lines:
        for row in ElementTree.fromstring(f"<svg>{drawing.line(line)}</svg>").iter("g"):
            if not row.get("class", "").startswith("row "):
                continue
            (title,) = row.iter("text")
            bars = [one for one in row.iter("rect") if one.get("class") in ("sure", "may")]
            x, width = float(title.get("x", "0")), text_width("".join(title.itertext()), 11)
            left = x if title.get("text-anchor") == "start" else x - width
            for bar in bars:
                start, top = float(bar.get("x", "0")), float(bar.get("y", "0"))
                if left < start + float(bar.get("width", "0")) and start < left + width:
                    assert top >= float(title.get("y", "0")) + 3  # below the descenders of letters
                    over += 1
    assert over > 5


def test_the_date_of_a_label_stands_next_to_the_bar(path: Path) -> None:
    with factstore.open(path) as made:
        made.load(document(*week()))
        (row, *_) = [row for row in scene(made, Wanted()).rows if row.fact]
    start, end = (ElementTree.fromstring(f"<g>{label(row, 0, anchor=anchor)}</g>") for anchor in ("start", "end"))
    assert "".join(start.itertext()).split("\N{NO-BREAK SPACE}")[0] == row.short
    assert "".join(end.itertext()).endswith(row.short)


def test_a_packed_label_has_its_date_where_there_is_room_for_both(path: Path) -> None:
    board = {"id": "board", "title": "The board met", "when": "2018-03-12T10:00/2018-03-13T18:30"}
    with factstore.open(path) as made:
        made.load(document(week()[0], week()[-1], board))
        drawing = Drawing(scene(made, Wanted(packed=True)))
    [row] = [row for line in drawing.lines for row in line.rows if row.fact == "board"]
    assert not is_brief(row)
    assert row.short in "".join(texts(f"<svg xmlns='http://www.w3.org/2000/svg'>{drawing.rows()}</svg>"))


def test_no_arrow_runs_through_a_label(path: Path) -> None:
    """Behind each label is paper, which covers the arrows."""
    then = {"fact": "day-0", "relation": "before", "other": "day-6"}
    with factstore.open(path) as made:
        made.load(document(*week(), orderings=(then,)))
        drawing = Drawing(scene(made, Wanted(packed=True)), fitted=True)
        svg = draw(made, drawing.scene, "svg").decode()
    drawn = drawing.rows()
    assert svg.count("textLength=") == drawn.count('class="back"') == 7
    assert 'class="arc"' in drawn
    assert drawn.rindex('class="arc"') < drawn.index('class="back"')
    for found in re.findall(r"<rect class=\"back\".*?</text>", drawn):
        back, title = ElementTree.fromstring(f"<g>{found}</g>")
        left, width, x = (float(one or 0) for one in (back.get("x"), back.get("width"), title.get("x")))
        long = float(title.get("textLength") or 0)  # in any font
        assert long == pytest.approx(text_width("".join(title.itertext()), 11), abs=2)
        assert (left, width) == pytest.approx((x if title.get("text-anchor") == "start" else x - long, long), abs=0.2)


def test_an_arc_between_groups_passes_over_the_headings_between_them(path: Path) -> None:
    then = {"fact": "day-0", "relation": "before", "other": "day-2"}
    with factstore.open(path) as made:
        made.load(document(*(day | {"tags": [day["id"]]} for day in week(3)), orderings=(then,)))
        drawing = Drawing(scene(made, Wanted(group_by="tag")))
        page = draw(made, drawing.scene, "html").decode()
    for drawn in (drawing.rows(), page.partition('id="rows"')[2]):
        assert drawn.rindex('class="band"') < drawn.index('class="arc"')


def test_undated_facts_come_last_under_a_heading_and_many_are_folded(path: Path) -> None:
    with factstore.open(path) as made:
        made.load(document(*week(3), *({"id": f"u{n}", "title": f"Undated {n}"} for n in range(20))))
        few = Drawing(scene(made, Wanted()))
        assert [line.kind for line in few.lines] == ["fact"] * 3 + ["head"] + ["fact"] * 20
        made.load({"facts": [{"id": "one-more", "title": "One more", "evidence": [{"source": "paper"}]}]})
        folded = Drawing(scene(made, Wanted()))
        assert [line.kind for line in folded.lines] == ["fact"] * 3 + ["head"] + ["names"] * 6
        assert "undated (21)" in texts(f"<svg xmlns='http://www.w3.org/2000/svg'>{folded.line(folded.lines[3])}</svg>")
        page = Drawing(scene(made, Wanted()), every=True)  # whose reader folds and opens them
        assert [line.kind for line in page.lines] == ["fact"] * 3 + ["head"] + ["fact"] * 21


def test_a_folded_group_is_one_line_with_its_bars(path: Path) -> None:
    with factstore.open(path) as made:
        made.load(document(*many(30)))
        drawing = Drawing(scene(made, Wanted(group_by="tag", folded=True)))
    assert [line.kind for line in drawing.lines] == ["head"] * 3
    dated = [row for row in drawing.lines[0].rows if row.fact and not row.undated]
    assert drawing.line(drawing.lines[0]).count('class="sure"') == len(dated) > 5


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("when", "kinds", "told"),
    [
        ("2001/..", ["sure", "tip right open"], []),
        ("2001/", ["possible", "may shared", "tip right open"], []),
        ("[..2001]", ["possible", "may shared", "tip left open"], []),
        ("[2001..]", ["possible", "may shared", "tip right open"], []),
        ("2001~", ["possible", "may shared"], []),
        ("1100/2003", ["sure", "tip left more"], []),
        ("1100", ["tip left off"], ["before: 1100"]),
        ("9100", ["tip right off"], ["after: 9100"]),
        (None, [], ["1 undated"]),
    ],
)
def test_a_folded_group_shows_each_fact(
    path: Path, packed: bool, when: str | None, kinds: list[str], told: list[str]
) -> None:
    dates = [f"200{year}-03" for year in range(1, 6)]
    axis = [{"id": f"y{n}", "title": f"Year {n}", "when": date, "tags": ["a"]} for n, date in enumerate(dates)]
    with factstore.open(path) as made:
        said = {"source": "paper", "stance": "foretells" if when == "9100" else "asserts"}
        fact = {"id": "x", "title": "X", "tags": ["b"], "evidence": [said]}
        made.load(document(*axis, fact | ({"when": when} if when else {})))
        if when is None:
            made.load(document({"id": "w", "title": "W", "when": "2003", "tags": ["b"]}))
        drawing = Drawing(scene(made, Wanted(group_by="tag", folded=True, packed=packed, narrowed=EVERY)))
    [line] = [line for line in drawing.lines if line.rows[0].title.startswith("b ")]
    drawn = drawing.line(line)
    assert [kind for kind in kinds if f'class="{kind}"' not in drawn] == []
    assert drawn.count('class="tip ') == sum("tip" in kind for kind in kinds)
    assert texts(f"<svg xmlns='http://www.w3.org/2000/svg'>{drawn}</svg>")[:-1] == told
    assert line.height == (HEAD + PACK if packed else HEAD)


@pytest.mark.parametrize("when", ["1100", "12XX"])
def test_a_packed_fact_beyond_the_axis_has_its_date_once(path: Path, when: str) -> None:
    with factstore.open(path) as made:
        made.load(document(*week(), {"id": "far", "title": "Far", "when": when}))
        shown = scene(made, Wanted(packed=True))
        drawing = Drawing(shown)
    drawn = "".join(map(drawing.line, drawing.lines))
    [date] = [row.short for row in shown.rows if row.fact == "far"]
    assert drawn.count(f">{date}") == 1


@pytest.mark.parametrize("by", GROUPINGS)
def test_a_fact_with_very_many_participants_is_drawn_once_for_them_all(path: Path, by: str) -> None:
    people = [{"name": f"Person {n}"} for n in range(10_000)]
    with factstore.open(path) as made:
        made.load(document(week(1)[0] | {"participants": people}, week(2)[1] | {"participants": people[:3]}))
        shown = scene(made, Wanted(group_by=by))  # type: ignore[arg-type]
    if by == "participant":
        assert [row.title for row in shown.rows if row.fact is None] == [
            *(f"Person {n} (2)" for n in range(3)),
            "9,997 participants of one fact alone (1)",
        ]


def test_a_title_is_wrapped_at_words_and_cut_where_it_has_no_more_room() -> None:
    text = "The board approved the payment to the contractor and asked the auditors to look at the invoices again"
    lines = wrapped(text, 200, 3)
    assert len(lines) == 3
    assert all(text_width(line) <= 200 for line in lines)
    assert " ".join(lines[:2]) in text
    assert wrapped(text, 5000, 3) == [text]
    assert cut(text, 100).endswith("…")
    assert wrapped("x" * 300, 100, 2)[0] == "x" * len(wrapped("x" * 300, 100, 2)[0])


def test_no_accent_is_separated_from_its_letter() -> None:
    text = "e\u0301" * 60
    assert all(not line.startswith("\u0301") for line in wrapped(text, 100, 3))


def test_what_is_written_from_right_to_left_keeps_its_full_stop_at_its_end() -> None:
    mark = "\u200f"
    assert directed("שלום עולם.") == f"{mark}שלום עולם.{mark}"
    assert directed("2018: שלום.") == f"{mark}2018: שלום.{mark}"
    assert directed("Hello שלום.") == "Hello שלום."
    assert directed("王小明") == "王小明"
