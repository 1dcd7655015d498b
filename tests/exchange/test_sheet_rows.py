"""What the cells of a row become: fields, attributes, or cells that are listed as doubtful."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from factstore.exchange.arrivals import Arrival, Holdings
from factstore.exchange.cell_details import Doubtful
from factstore.exchange.grids import Grid, Value
from factstore.exchange.headers import SheetOptions
from factstore.exchange.sheets import read_grid, read_sheet
from factstore.exchange.synonyms import SYNONYMS
from tests.exchange.test_sheets import read

Rows = list[list[str]]
WHOSE = "it is not clear of which source this is; kept as an attribute"


def told(arrival: Arrival) -> list[tuple[str, str]]:
    return [(doubt.place, doubt.why) for doubt in arrival.doubts]


def whens(arrival: Arrival) -> list[tuple[Any, Any]]:
    """For each fact, its date and its phrase."""
    return [(fact.get("when"), fact.get("phrase")) for fact in arrival.value["facts"]]


def test_a_column_whose_days_stand_before_and_after_their_months_is_doubted_and_so_is_each_that_may_be_either() -> None:
    arrival = read(["Date", "Event"], [["25/03/2018", "Fire"], ["03/26/2018", "Flood"], ["04/05/2018", "Storm"]])
    assert whens(arrival) == [
        ("2018-03-25", "25/03/2018"),
        ("2018-03-26", "03/26/2018"),
        ("[2018-04-05,2018-05-04]", "04/05/2018"),
    ]
    assert told(arrival) == [
        ("A1", "some days come before their months, some after: --dates dmy or mdy"),
        ("A4", "the day or the month may come first: --dates dmy or mdy"),
    ]


def test_a_row_without_an_end_is_open_where_others_say_that_they_ended_on_the_day() -> None:
    rows = [["2018-03-20", "2018-03-20", "Fire"], ["2018-03-21", "", "Flood"]]
    assert whens(read(["Start date", "End date", "Event"], rows)) == [("2018-03-20", None), ("2018-03-21/", None)]
    assert whens(read(["Start date", "End date", "Event"], rows[1:])) == [("2018-03-21", None)]


def test_repeated_headers_totals_and_notes_are_left_out_and_listed() -> None:
    headers = ["Date", "Event", "Notes"]
    rows = [
        ["2018", "Fire", "x"],
        headers,
        ["Total", "", "12"],
        ["Summe:", "45 Fälle", ""],
        ["", "Part two", ""],
        ["", "", "A remark"],
    ]
    arrival = read(headers, rows)
    assert [fact["title"] for fact in arrival.value["facts"]] == ["Fire", "Part two"]
    assert [(one.place, one.text, one.why) for one in arrival.left_out] == [
        ("row 3", "Date | Event | Notes", "the headers again"),
        ("row 4", "Total | 12", "a total"),
        ("row 5", "Summe: | 45 Fälle", "a total"),
        ("row 7", "A remark", "one cell alone, such as a heading or a note"),
    ]


@pytest.mark.parametrize(
    ("headers", "row", "when", "attributes", "doubts"),
    [
        (["Date", "Event", "Time"], ["2018-03-20", "Fire", "14:30"], ("2018-03-20T14:30", None), None, []),
        (
            ["Date", "Event", "Time"],
            ["2018-03", "Fire", "noon"],
            ("2018-03", "2018-03, noon"),
            None,
            [("C2", "the time noon could not be added to the day")],
        ),
        (["Event", "Time"], ["Fire", "14:30"], (None, "14:30"), None, []),
        (
            ["Date", "Event", "End time"],
            ["2018-03-20", "Fire", "14:30"],
            ("2018-03-20", None),
            {"End time": "14:30"},
            [],
        ),
        (["Year", "Month", "Day", "Event"], ["2018", "3", "20", "Fire"], ("2018-03-20", None), None, []),
        (["Year", "Month", "Day", "Event"], ["c. 2018", "", "", "Fire"], ("2018~", "c. 2018"), None, []),
        (
            ["Year", "Month", "Event"],
            ["2018", "13", "Fire"],
            (None, "13 2018"),
            None,
            [("A2", "it cannot be read as a date")],
        ),
    ],
)
def test_a_day_and_a_time_in_cells_of_their_own(
    headers: list[str], row: list[str], when: tuple[Any, Any], attributes: Any, doubts: list[tuple[str, str]]
) -> None:
    arrival = read(headers, [row])
    assert whens(arrival) == [when]
    assert arrival.value["facts"][0].get("attributes") == attributes
    assert told(arrival) == doubts


def test_a_zone_is_an_offset_or_stays_as_it_is() -> None:
    arrival = read(["Date", "Event", "Zone"], [["2018-03-20", "Fire", "+03:00"], ["2018-03-20", "Flood", "Mars"]])
    fire, flood = arrival.value["facts"]
    assert (fire["zone"], fire.get("attributes")) == ("+03:00", None)
    assert (flood.get("zone"), flood["attributes"]) == (None, {"Zone": "Mars"})


def test_a_publisher_belongs_to_the_source_or_is_the_source() -> None:
    arrival = read(["Event", "Source", "Publisher"], [["Fire", "Report", "The Times"], ["Flood", "", "The Times"]])
    assert arrival.value["sources"] == [
        {"id": "report", "title": "Report", "publisher": "The Times"},
        {"id": "the-times", "title": "The Times", "publisher": "The Times"},
    ]


def test_links_are_paired_with_names_and_words_in_their_column_are_kept() -> None:
    rows = [
        ["Fire", "Gazette; Herald", "https://x.example/a"],
        ["Flood", "Gazette", "see the archive"],
        ["Storm", "", "the archive"],
    ]
    arrival = read(["Event", "Source", "Link"], rows)
    fire, flood, storm = arrival.value["facts"]
    assert [one["source"] for one in fire["evidence"]] == ["gazette", "herald"]
    assert fire["attributes"] == {"Link": "https://x.example/a"}
    assert flood["attributes"] == {"Link": "see the archive"}
    assert [one["source"] for one in storm["evidence"]] == ["the-archive"]
    assert told(arrival) == [("C2", WHOSE)]


def test_a_column_of_links_is_not_the_title() -> None:
    link = "https://journal.example/2021/03/12/le-maire-demissionne"
    rows = [["2021-03-12", "Le maire démissionne", link], ["2021-03-13", "Le conseil vote la loi", ""]]
    first, second = read(["Date", "Zzz", "Yyy"], rows).value["facts"]
    assert (first["title"], second["title"]) == ("Le maire démissionne", "Le conseil vote la loi")


def test_a_day_that_the_calendar_lacks_is_reported_as_such() -> None:
    arrival = read(["Date", "Event"], [["31/04/2021", "The council met"]])
    assert told(arrival)[0] == ("A2", "the calendar has no such date")


def test_why_a_date_cannot_be_read() -> None:
    century = "a year of two digits may be of any century: --pivot 1950 reads it as 1950 to 2049"
    none = "the calendar has no such date"
    whys = {
        "3 May 18": century,
        "summer of '69": century,
        "31 June 2018": none,
        "2018-06-31": none,
        "31/06/18": none,
        "last week": "its words need a day to be read against: a column of when its source was published, or --anchor",
        "once": "it cannot be read as a date",
    }
    arrival = read(["Date", "Event"], [[text, f"Event {text}"] for text in whys])
    assert [why for _, why in told(arrival)] == [*whys.values()]


def test_a_date_may_be_that_of_the_row_above() -> None:
    rows = [["3 March 2018", "Fire"], ["same day", "Flood"], ['"', "Hail"], ["once", "Storm"], ["ditto", "Snow"]]
    arrival = read(["Date", "Event"], rows)
    assert whens(arrival) == [
        ("2018-03-03", "3 March 2018"),
        ("2018-03-03", "same day"),
        ("2018-03-03", '"'),
        (None, "once"),
        (None, "ditto"),
    ]
    assert told(arrival) == [
        ("A3", "read as the date above it, 2018-03-03"),
        ("A4", "read as the date above it, 2018-03-03"),
        ("A5", "it cannot be read as a date"),
        ("A6", "the date above it could not be read"),
    ]


def test_a_source_may_be_the_one_before_it_or_that_of_the_row_above() -> None:
    """No word for "the same" is a source, or an origin, of its own; what the row above cannot answer is kept and listed."""
    rows = [
        ["2018-05-01", "A", "Times; ibid.", "2018-05-02"],
        ["2018-05-02", "B", "ditto", ""],
        ["2018-05-03", "C", "Ibid. p. 4", ""],
        ["2018-05-04", "D", "same; Herald; Idem, at 12", ""],
        ["2018-05-05", "E", "ibid.", ""],
        ["2018-05-06", "F", '"', ""],
        ["2018-05-07", "G", "Herald https://h.example/x; ibid., p. 7", ""],
        ["2018-05-08", "H", "Times; ibid.", ""],
        ["2018-05-09", "I", "Sameday News; Ditton Post; Above", ""],
    ]
    arrival = read(["Date", "Event", "Source", "Published"], rows)
    cited = {
        fact["title"]: [(one["source"], one["locator"].partition(" (")[0]) for one in fact["evidence"]]
        for fact in arrival.value["facts"]
    }
    times = "times-2018-05-02"
    assert [[source for source, _ in several] for several in cited.values()] == [
        [times],
        [times],
        [times],
        ["herald", times],
        ["a"],
        ["a"],
        ["herald-x", "herald-x"],
        ["times"],
        ["sameday-news", "ditton-post"],
    ]
    assert [page for _, page in (*cited["C"], *cited["G"])] == ["p. 4", "a.csv, row 8", "p. 7"]
    why = "it repeats what is above it, where nothing is that it could mean; kept as an attribute"
    assert told(arrival) == [
        ("C3", "read as what is above it, Times"),
        ("C4", "read as what is above it, Times"),
        ("C5", "read as what is above it, Times"),
        ("C5", WHOSE),
        ("C6", "it is not clear which source above it this means; kept as an attribute"),
        ("C7", why),
    ]
    assert [fact.get("attributes") for fact in arrival.value["facts"]][4:6] == [{"Source": "ibid."}, {"Source": '"'}]


def test_a_link_a_publisher_and_a_speaker_may_be_those_of_the_row_above() -> None:
    rows = [
        ["2018-05-01", "A", "Times", "https://t.example/1", "News Ltd", "Ann Lee"],
        ["2018-05-02", "B", "ditto", "https://t.example/2", "ditto", "ditto"],
        ["2018-05-03", "C", "Herald", "same", "", "\u3003"],
        ["2018-05-04", "D", "Post", "", "ditto", ""],
        ["2018-05-05", "E", "", "same", "", ""],
    ]
    arrival = read(["Date", "Event", "Source", "Link", "Publisher", "Said by"], rows)
    cited = [one for fact in arrival.value["facts"] for one in fact["evidence"]]
    held = {one["id"]: one for one in arrival.value["sources"]}
    assert [(held[one["source"]]["title"], held[one["source"]].get("url")) for one in cited[:2]] == [
        ("Times", "https://t.example/1"),
        ("Times", "https://t.example/2"),
    ]
    assert [held[one["source"]].get("publisher") for one in cited[:2]] == ["News Ltd", "News Ltd"]
    assert [one.get("attribution") for one in cited[:3]] == [["Ann Lee"]] * 3
    assert held[cited[2]["source"]]["url"] == "https://t.example/2"
    assert {fact["title"]: fact.get("attributes") for fact in arrival.value["facts"]}["D"] == {"Publisher": "ditto"}
    assert not {"ditto", "same"} & {str(one.get("title")) for one in held.values()}


def test_a_row_with_only_a_date_and_a_link_gets_its_title_from_the_link() -> None:
    headers = ["Date", "What happened", "Link"]
    rows = [
        ["2018-03-03", "", "https://www.gazette.example/2018/harbour-inquiry-opens"],
        ["2018-03-04", "", "https://gazette.example/2018/4711"],
    ]
    arrival = read(headers, rows)
    assert [fact["title"] for fact in arrival.value["facts"]] == [
        "Harbour inquiry opens (gazette.example)",
        "gazette.example/2018/4711",
    ]
    assert told(arrival) == [
        ("B2", "nothing says what happened; called 'Harbour inquiry opens (gazette.example)'"),
        ("B3", "nothing says what happened; called 'gazette.example/2018/4711'"),
    ]


def sheet_with(book: Callable[[Any], None]) -> Arrival:
    """An .xlsx whose sheet has been written by a function."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        book(workbook.add_worksheet())
    (arrival,) = read_sheet(out.getvalue(), "a.xlsx", SheetOptions(), Holdings())
    return arrival


def test_the_words_of_a_hyperlink_are_the_title_of_its_page_unless_they_are_its_outlet_or_only_say_link() -> None:
    def write(page: Any) -> None:
        page.write_row(0, 0, ["Date", "What happened", "Link"])
        for row, (title, words) in enumerate(
            [("", "Inquiry opens | Gazette"), ("It opens", "Gazette"), ("It closes", "link")], 1
        ):
            page.write_row(row, 0, ["2018-03-03", title])
            page.write_url(row, 2, f"https://gazette.example/{row}", string=words)

    arrival = sheet_with(write)
    assert [fact["title"] for fact in arrival.value["facts"]] == ["Inquiry opens | Gazette", "It opens", "It closes"]
    assert [(one.get("title"), one["publisher"]) for one in arrival.value["sources"]] == [
        ("Inquiry opens | Gazette", "gazette.example"),
        ("Gazette", "Gazette"),
        (None, "gazette.example"),
    ]


def test_comments_of_cells_are_kept_and_cells_without_values_listed_wherever_they_are() -> None:
    def write(page: Any) -> None:
        page.write_row(0, 0, ["Date", "What happened", "Notes"])
        page.write_row(1, 0, ["2018-03-03", "Fire"])
        page.write_comment(1, 0, "or the 4th?")

    (fact,) = sheet_with(write).value["facts"]
    assert fact["attributes"] == {"Date (comment)": "or the 4th?"}
    cells: list[list[Value]] = [["Date", "Event", "Notes"], ["2018-03-03", "Fire", ""], ["", "", ""]]
    doubtful = {(2, 3): Doubtful("=1+1", "not there"), (3, 5): Doubtful("#REF!", "an error")}
    arrival = read_grid(Grid("a.xlsx", "Facts", cells, doubtful=doubtful), SheetOptions(), Holdings())
    assert told(arrival) == [("C2", "not there"), ("E3", "an error")]
    arrival = read_grid(Grid("a.xlsx", "Facts", cells, doubtful=doubtful), SheetOptions({"Notes": "-"}), Holdings())
    assert told(arrival) == [("E3", "an error")]


def test_how_a_source_says_it() -> None:
    headers = ["Event", "Source", "Quote", "Page", "Said by", "Stance", "Hedge"]
    rows = [
        ["Fire", "Gazette", "«it burned»", "4", "Ann -> Bo", "asserts", "reportedly"],
        ["Flood", "Gazette", "“a” and “b”", "4-5", "", "shouts", ""],
    ]
    fire, flood = read(headers, rows).value["facts"]
    assert fire["evidence"] == [
        {
            "source": "gazette",
            "locator": "p. 4 (a.csv, row 2)",
            "attribution": ["Ann", "Bo"],
            "hedge": "reportedly",
            "stance": "asserts",
            "quote": "it burned",
        }
    ]
    assert flood["evidence"] == [{"source": "gazette", "locator": "p. 4-5 (a.csv, row 3)", "quote": "“a” and “b”"}]
    assert flood["attributes"] == {"Stance": "shouts"}


def test_when_a_source_was_published_and_when_it_was_said() -> None:
    headers = ["Event", "Source", "Published", "Said on"]
    rows = [
        ["Fire", "Gazette", "2018-03-20", "2018-03-19"],
        ["Flood", "Herald", "last week", "whenever"],
        ["Storm", "", "2018", ""],
    ]
    arrival = read(headers, rows)
    fire, flood, storm = arrival.value["facts"]
    assert fire["evidence"][0]["said"] == "2018-03-19"
    assert flood["attributes"] == {"Published": "last week", "Said on": "whenever"}
    assert storm["attributes"] == {"Published": "2018"}
    assert {source["id"]: source.get("published") for source in arrival.value["sources"]} == {
        "gazette-2018-03-20": "2018-03-20",
        "herald": None,
        "a": None,
    }
    assert [place for place, _ in told(arrival)] == ["C3", "D3"]


def test_words_are_not_read_relative_to_a_day_in_the_year_0_which_python_does_not_have() -> None:
    headers = ["Date", "Event", "Source", "Published"]
    assert whens(read(headers, [["last Friday", "Fire", "BBC", "0000-05-05"]])) == [(None, "last Friday")]
    assert whens(read(headers, [["last Friday", "Fire", "BBC", "0001-05-07"]])) == [("0001-05-04", "last Friday")]


def test_a_day_a_publisher_and_a_quote_belong_to_the_source_with_the_link_or_to_none() -> None:
    headers = ["Event", "Source", "Link", "Published", "Publisher", "Quote"]
    link = "https://courier.example/2015/award"
    rows = [
        ["Award", "Council minutes / Örnvik Courier", link, "2015-05-02", "Ek & Son", "it was given"],
        ["Vote", "Council minutes / Leaked memo", "", "2015-05-03", "Ek & Son", "they voted"],
        ["Hearing", "Council minutes", "", "", "", ""],
    ]
    arrival = read(headers, rows)
    award, vote, hearing = arrival.value["facts"]
    assert [(one["source"], one.get("quote")) for one in award["evidence"]] == [
        ("council-minutes", None),
        ("ornvik-courier", "it was given"),
    ]
    assert [(one["source"], one.get("quote")) for one in vote["evidence"]] == [
        ("council-minutes", None),
        ("leaked-memo", None),
    ]
    assert vote["attributes"] == {"Published": "2015-05-03", "Publisher": "Ek & Son", "Quote": "they voted"}
    assert [one["source"] for one in hearing["evidence"]] == ["council-minutes"]
    assert [(one["id"], one.get("published"), one.get("publisher")) for one in arrival.value["sources"]] == [
        ("council-minutes", None, "Council minutes"),
        ("ornvik-courier", "2015-05-02", "Ek & Son"),
        ("leaked-memo", None, "Leaked memo"),
    ]
    assert told(arrival) == [("D3", WHOSE), ("E3", WHOSE), ("F3", WHOSE)]


def test_words_are_not_read_from_a_day_that_may_be_another_sources() -> None:
    rows = [["late last week", "Fire", "Gazette; Herald", "2018-04-02"], ["last week", "Flood", "Herald", "2018-04-02"]]
    arrival = read(["Date", "Event", "Source", "Published"], rows)
    assert [when is not None for when, _ in whens(arrival)] == [False, True]
    assert [place for place, _ in told(arrival)] == ["A2", "D2"]


def test_people_against_each_other_are_several() -> None:
    (fact,) = read(["Event", "Belligerents"], [["Battle", "York v. Lancaster vs Vs Ltd"]]).value["facts"]
    assert [one["name"] for one in fact["participants"]] == ["York", "Lancaster", "Vs Ltd"]


def test_numbers_of_people_are_not_names() -> None:
    (fact,) = read(["Event", "Victims", "Officer"], [["Fire", "12", "Ann Lee"]]).value["facts"]
    assert fact["participants"] == [{"name": "Ann Lee", "role": "officer"}]
    assert fact["attributes"] == {"Victims": "12"}


def test_a_header_that_only_says_that_people_took_part_is_no_role() -> None:
    roles = {}
    for header in SYNONYMS["participants"]:
        [fact] = read(["Date", "Event", header], [["2018", "Fire", "Ann Lee"]]).value["facts"]
        roles[header] = fact["participants"][0].get("role")
    assert {header: role for header, role in roles.items() if role} == {
        **dict.fromkeys(("actor", "actors"), "actor"),
        **dict.fromkeys(("officer", "officers"), "officer"),
        **dict.fromkeys(("suspect", "suspects"), "suspect"),
        **dict.fromkeys(("perpetrator", "perpetrators"), "perpetrator"),
        **dict.fromkeys(("commander", "commanders"), "commander"),
        "accused": "accused",
        "belligerents": "belligerent",
        "combatants": "combatant",
    }


def test_ids_written_differently_that_make_the_same_id_are_two_facts() -> None:
    arrival = read(["ID", "Event"], [["A 1", "Fire"], ["a-1", "Flood"]])
    assert [fact["id"] for fact in arrival.value["facts"]] == ["a-1", "flood"]
    assert told(arrival) == [("A3", "another row's id makes a-1 too; made another fact")]


def test_an_id_that_two_different_rows_share_belongs_to_the_first() -> None:
    rows = [["A-1", "Fire"], ["A-1", "Fire"], ["A-1", "Flood"], ["A-2", "Storm"], ["A-2", "Storm"]]
    arrival = read(["ID", "Event"], rows)
    assert [fact["id"] for fact in arrival.value["facts"]] == ["a-1", "flood", "a-2"]
    assert ("A4", "another row has this id and is about something else; made another fact") in told(arrival)


def test_what_a_second_row_of_a_fact_says_differently_is_kept_with_its_row() -> None:
    headers = ["ID", "Event", "Source", "Who", "Tags", "Place"]
    rows = [["A-1", "Fire", "Gazette", "Ann", "x", "Rome"], ["A-1", "Fire", "Herald", "Bo Ray", "y", "Milan"]]
    (fact,) = read(headers, rows).value["facts"]
    assert (fact["place"], fact["participants"], fact["tags"]) == ("Rome", [{"name": "Ann"}], ["x"])
    assert fact["attributes"] == {
        "ID": "A-1",
        "place (row 3)": "Milan",
        "participants (row 3)": "Bo Ray",
        "tags (row 3)": "y",
    }


def test_a_source_keeps_what_was_first_said_about_it() -> None:
    headers = ["Event", "Link", "Source", "Publisher"]
    rows = [["Fire", "https://x.example/a", "Gazette", "A"], ["Flood", "https://x.example/a", "Gazette", "B"]]
    arrival = read(headers, rows)
    assert [source["publisher"] for source in arrival.value["sources"]] == ["A"]
    assert arrival.value["facts"][1]["attributes"] == {"Publisher": "B"}
    assert told(arrival) == [("D3", "source gazette has A already; kept as an attribute")]


@pytest.mark.parametrize(
    ("start", "end", "when", "phrase"),
    [
        ("", "present", None, "present"),
        ("2018-03-20T14:00", "2018-03-20", "2018-03-20T14:00", "2018-03-20T14:00 to 2018-03-20"),
        ("", "2018", "/2018", None),
        ("2018", "2018", "2018", None),
        ("2018-03-20", "ongoing", "2018-03-20/..", "2018-03-20 to ongoing"),
    ],
)
def test_a_start_and_an_end_in_cells_of_their_own(start: str, end: str, when: str | None, phrase: str | None) -> None:
    assert whens(read(["Start date", "End date", "Event"], [[start, end, "Fire"]])) == [(when, phrase)]


@pytest.mark.parametrize(
    ("cell", "when"),
    [
        ("2018-03-20 14:30", "2018-03-20T14:30"),
        ("2018-03-20 - 2018-03-22", "2018-03-20/2018-03-22"),
        ("2018-03-20-2018-03-22", "2018-03-20/2018-03-22"),
        ("20. 3. 2018", "2018-03-20"),
    ],
)
def test_a_date_a_space_or_a_sign_away_from_one_that_is_read(cell: str, when: str) -> None:
    assert whens(read(["Date", "Event"], [[cell, "Fire"]])) == [(when, cell)]


@pytest.mark.parametrize(
    ("headers", "row", "when", "attributes"),
    [
        (["Start date", "Date", "Event"], ["2018", "2019", "Fire"], "2018", {"Date": "2019"}),
        (["End date", "Event"], ["2018", "Fire"], None, {"End date": "2018"}),
        (["Month", "Event"], ["March", "Fire"], None, {"Month": "March"}),
        (["Case date", "Event"], ["2018", "Fire"], "2018", None),
    ],
)
def test_of_several_columns_of_dates_one_counts_and_the_others_are_kept(
    headers: list[str], row: list[str], when: str | None, attributes: Any
) -> None:
    (fact,) = read(headers, [row]).value["facts"]
    assert (fact.get("when"), fact.get("attributes")) == (when, attributes)


def test_a_column_of_links_needs_no_header() -> None:
    arrival = read(
        ["Date", "", "Event"], [["2018", "https://x.example/a", "Fire"], ["2019", "https://x.example/b", "Flood"]]
    )
    assert [source["url"] for source in arrival.value["sources"]] == ["https://x.example/a", "https://x.example/b"]
