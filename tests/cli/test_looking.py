"""Questions as people ask them: what lacks something, what is left out, days in words, pages to paste, other tools' verbs."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from factstore.cli import cli
from factstore.cli.group import OTHERS_VERBS
from factstore.rendering.text import moment
from factstore.store import Store
from tests.cli.test_cli import SEED, commands, refused, run

DOCUMENT: dict[str, Any] = {
    "sources": [
        {"id": "gazette", "publisher": "Gazette", "title": "The wall <b>fell</b>", "url": "https://gazette.example/a"},
        {"id": "herald", "publisher": "Herald", "published": "2018-05-30"},
    ],
    "facts": [
        {
            "id": "wall",
            "title": "The wall | fell & <i>broke</i>",
            "when": "2018-05-20",
            "evidence": [{"source": "gazette", "quote": "it fell"}, {"source": "herald", "quote": "it broke"}],
        },
        {
            "id": "hearing",
            "title": "A hearing",
            "when": "2018-05-10",
            "evidence": [{"source": "herald", "quote": "heard"}],
        },
        {"id": "dust", "title": "Dust", "evidence": [{"source": "gazette"}]},
        {
            "id": "verdict",
            "title": "A verdict",
            "when": "2018-06",
            "evidence": [{"source": "herald", "stance": "foretells"}],
        },
        {"id": "bribe", "title": "A bribe", "when": "2018-05", "evidence": [{"source": "herald", "stance": "denies"}]},
        {"id": "caesar", "title": "Caesar dies", "when": "-0043-03-15", "evidence": [{"source": "gazette"}]},
    ],
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("looking") / "facts.db"
    with Store(path) as store:
        store.load(DOCUMENT, message="first reading", by="Test")
    return path


@pytest.fixture
def db(loaded: Path, path: Path) -> Path:
    return Path(shutil.copyfile(loaded, path))


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("looking") / "seed.db"
    Store(path).load(SEED, by="Test")
    return path


def ids(db: Path, *words: str) -> list[str]:
    return [found["id"] for found in run(*words, "--json", db=db).json]


class TestWhatIsLacking:
    def test_facts_without_a_date_another_origin_or_a_quote(self, db: Path) -> None:
        assert ids(db, "facts", "--undated") == ["dust"]
        assert ids(db, "facts", "--single-origin") == ["caesar", "hearing", "dust"]
        assert ids(db, "facts", "--unquoted") == ["caesar", "bribe", "verdict", "dust"]
        assert ids(db, "facts", "--single-origin", "--unquoted", "--limit", "1") == ["caesar"]
        assert run("facts", "--undated", "--unquoted", "--source", "herald", db=db).err == "No such facts.\n"

    def test_an_earlier_clock_has_what_was_lacking_then(self, db: Path) -> None:
        head = str(Store(db).head().position)
        run("cite", "hearing", "--source", "gazette", "--quote", "they met", db=db)
        assert "hearing" not in ids(db, "facts", "--single-origin")
        assert "hearing" in ids(db, "facts", "--single-origin", "--known-at", head)
        assert ids(db, "facts", "--single-origin", "--published-by", "2018-05-30") == ["hearing", "wall"]

    def test_status_counts_all_that_needs_attention(self, db: Path) -> None:
        text = db.with_name("gazette.txt")
        text.write_text("The wall fell.")
        run("source", "add", str(text), "--id", "gazette", "--allow-missing", db=db)
        run("withdraw", "dust/gazette/1", "--allow-unsupported", db=db)
        run("cite", "hearing", "--source", "herald", "--when", "2018-05-11", db=db)
        run("cite", "wall", "--source", "herald", "--when", "2018-05-21", db=db)
        run("correct", "herald", "--set", "published=2018-05-09", "--allow-conflict", db=db)
        told = run("status", db=db).out.splitlines()
        listed = run("conflicts", "--json", db=db).json
        assert {one["kind"] for one in listed} == {"contradiction", "disagreement"}
        assert told[-3:] == [
            "unsupported     1 (factstore facts --status unsupported)",
            "missing quotes  1 (factstore check-quotes --dry-run)",
            f"conflicts       {len(listed)} (factstore conflicts)",
        ]
        assert run("status", "--json", db=db).json["conflicts"] == len(listed)
        assert ids(db, "facts", "--status", "unsupported") == ["dust"]
        assert "  wall: asserts [1 quote missing]\n" in run("show", "gazette", db=db).out

    def test_status_has_the_same_numbers(self, db: Path) -> None:
        head = Store(db).head()
        assert run("status", db=db).out == (
            f"head            {head.position}:{head.hash}\n"
            f"holds           6 facts from 2 sources; last: {moment(Store(db).log(limit=1)[0].recorded_at)}, "
            "Test: first reading\n"
            "undated         1 (factstore facts --undated)\n"
            "single origin   3 (factstore facts --single-origin)\n"
            "unsupported     0\n"
            "missing quotes  0\n"
            "conflicts       0\n"
        )
        told = run("status", "--json", db=db).json
        assert (told["position"], told["hash"]) == head
        assert {
            name: told[name] for name in ("facts", "sources", "undated", "single_origin", "unquoted", "conflicts")
        } == {
            "facts": 6,
            "sources": 2,
            "undated": 1,
            "single_origin": 3,
            "unquoted": 4,
            "conflicts": 0,
        }


class TestWhatIsLeftOut:
    def test_a_timeline_ends_with_what_it_left_out(self, db: Path) -> None:
        assert run("timeline", db=db).err == "2 more are denied or foretold: --status all shows them too\n"
        assert run("timeline", "--limit", "1", "--text", "verdict", db=db).err == (
            "No facts.\n1 more is foretold: --status all shows them too\n"
        )
        assert run("timeline", "--status", "all", db=db).err == ""
        assert run("timeline", "--json", db=db).err == ""

    def test_between_says_that_its_ends_are_left_out_and_can_include_them(self, db: Path) -> None:
        between = ("between", "2018-05-10", "2018-05-20")
        told = run(*between, "--certain", db=db)
        assert "facts on 2018-05-10 or 2018-05-20 are left out: --inclusive includes them\n" in told.err
        assert ids(db, *between, "--certain") == []
        assert ids(db, *between, "--certain", "--inclusive") == ["hearing", "wall"]
        assert "itself" not in run(*between, "--inclusive", db=db).err

    def test_a_fact_has_no_days_to_include(self, db: Path) -> None:
        refused(run("between", "hearing", "2018-05-20", "--inclusive", db=db), "hearing is a fact", code=2)
        assert "--inclusive" not in run("between", "hearing", "2018-06", db=db).err


class TestDatesInQuestions:
    def test_words_need_no_quotes_round_them(self, db: Path) -> None:
        assert ids(db, "before", "44", "BC") == ["dust"]
        assert ids(db, "before", "43", "BC", "--certain") == ["caesar"]
        assert ids(db, "after", "1", "May", "2018", "--certain") == ["hearing", "wall"]
        assert ids(db, "before", "-0042", "--certain") == ["caesar"]

    def test_a_stretch_of_days_is_asked_about_as_that_period(self, db: Path) -> None:
        told = run("overlapping", "late", "May", "2018", "--certain", "--json", db=db)
        assert told.err.startswith("read as 2018-05-16/2018-05-31: ")
        assert [found["id"] for found in told.json] == ["wall"]
        assert ids(db, "before", "late May 2018", "--certain") == ["hearing", "caesar"]
        assert [found.fact.id for found in Store(db).timeline.before("late May 2018", certain=True)] == [
            "hearing",
            "caesar",
        ]

    def test_and_parts_two_dates_in_words(self, db: Path) -> None:
        assert ids(db, "between", "1", "May", "2018", "and", "15", "May", "2018", "--certain") == ["hearing"]
        assert ids(db, "between", "50 BC", "1 BC", "--certain") == ["caesar"]
        refused(run("between", "1", "May", "2018", db=db), "put `and` between them", code=2)

    def test_words_for_one_of_several_days_are_refused(self, db: Path) -> None:
        refused(run("before", "5", "or", "6", "May", "2018", db=db), "not a period known exactly", code=2)


def listings() -> list[str]:
    found = []
    for name, command in cli.commands.items():
        if any("--markdown" in param.opts for param in command.params):
            found.append(name)
    return found


#: What each listing is asked about.
ABOUT = {
    "history": ["wall"],
    "who-says": ["wall"],
    "said-by": ["Herald"],
    "before": ["2018-06"],
    "after": ["2018"],
    "between": ["2018-01", "2018-12"],
    "overlapping": ["2018"],
    "diff": ["1"],
    "check-quotes": ["--dry-run"],
}


class TestPages:
    def test_every_listing_has_them(self) -> None:
        with_limit = {
            name for name, command in cli.commands.items() if any("--limit" in param.opts for param in command.params)
        }
        assert set(listings()) == with_limit

    @pytest.mark.parametrize("name", listings())
    @pytest.mark.parametrize("form", ["--markdown", "--html"])
    def test_no_data_become_markup(self, db: Path, name: str, form: str) -> None:
        told = run(name, *ABOUT.get(name, []), form, db=db)
        assert told.code == 0
        assert "<i>" not in told.out
        assert "<b>" not in told.out
        if form == "--html":
            assert told.out.startswith("<!doctype html>\n")
            assert told.out.count("<table>") == told.out.count("</table>")

    def test_facts_come_with_days_as_people_read_them_and_who_says_so(self, db: Path) -> None:
        told = run("before", "2018-06", "--markdown", db=db).out
        assert told.startswith("Certainly before June 2018:\n\n- **20 May 2018**: The wall \\| fell \\& ")
        assert "- **15 March 44 BC**: Caesar dies" in told
        page = run("before", "2018-06", "--html", db=db).out
        assert "<h1>Before June 2018</h1>" in page
        assert "<td>20 May 2018</td><td>The wall | fell &amp; &lt;i&gt;broke&lt;/i&gt;" in page
        assert '<q>it fell</q> <small>Gazette</small> [<a href="https://gazette.example/a">' in page

    def test_other_things_are_a_table(self, db: Path) -> None:
        lines = run("sources", "--markdown", db=db).out.splitlines()
        assert lines[0] == "| id | title | publisher | url | published | citations |"
        assert len(lines) == 4

    def test_an_empty_page_says_so(self, db: Path) -> None:
        assert "<p>Nothing is recorded.</p>" in run("facts", "nowhere", "--html", db=db).out
        assert run("facts", "nowhere", "--markdown", db=db).out == ""


@pytest.mark.parametrize(
    "words", [["sources"], ["history", "wall"], ["who-says", "wall"], ["said-by", "Herald"], ["diff", "1"], ["facts"]]
)
def test_every_listing_can_be_paged(db: Path, words: list[str]) -> None:
    every = run(*words, "--json", db=db).json
    assert run(*words, "--json", "--offset", "1", db=db).json == every[1:]
    assert run(*words, "--json", "--offset", "1", "--limit", "1", db=db).json == every[1:2]


class TestByHand:
    def test_a_source_that_is_not_an_id_becomes_one_and_that_is_reported(self, path: Path) -> None:
        add = ("add", "Bells rang", "--when", "2018-04-01", "--source", "The Café Gazette", "--published", "2018-04-02")
        told = run(*add, "--participant", "Ann Lee", "--tag", "bells", "--place", "Ex", "--lasts-min", "PT1H", db=path)
        assert told.out == "bells-rang\n"
        assert told.err.startswith("The Café Gazette: the-cafe-gazette, a new source\n")
        held = dict(Store(path).entries())["fact"]
        assert held["participants"] == [{"name": "Ann Lee"}]
        assert (held["tags"], held["place"], held["lasts"]) == (["bells"], "Ex", {"min": "PT1H"})
        run("add", "It chimed", "--source", "the-cafe-gazette", "--lasts", "PT2H", db=path)
        assert Store(path).fact("it-chimed").lasts == {"min": "PT2H", "max": "PT2H"}
        told = run("cite", "bells-rang", "--source", "the café gazette", "--quote", "rang", db=path)
        assert told.err.startswith("the café gazette: the-cafe-gazette\n")

    def test_a_publisher_alone_makes_a_source(self, db: Path) -> None:
        told = run("cite", "wall", "--publisher", "The Post", "--published", "31 May 2018", "--quote", "down", db=db)
        assert "source the-post-2018-05-31\n" in told.err
        assert "recorded 1 source, 1 citation" in told.err
        refused(run("add", "Bells rang", db=db), "--source", "--publisher", code=2)

    def test_a_title_that_two_sources_have_names_neither(self, db: Path) -> None:
        for name in ("one", "two"):
            run("source", "add", "--id", name, "--title", "Report", db=db)
        refused(run("cite", "wall", "--source", "Report", "--quote", "x", db=db), "one, two", code=2)

    def test_a_source_needs_no_text(self, path: Path) -> None:
        assert run("source", "add", "--title", "Court file", "--published", "2018", db=path).out == "court-file\n"
        assert run("source", "add", "--publisher", "Gazette", "--published", "2018-05-03", db=path).out == (
            "gazette-2018-05-03\n"
        )
        refused(run("source", "add", db=path), "a source needs an id, or a title or a file's name", code=2)

    def test_a_speaker_is_recorded_once_and_corrected_where_that_is_asked_for(self, db: Path) -> None:
        add = ("speaker", "add", "Yury Ushakov", "--alias", "Ushakov")
        assert run(*add, db=db).out == "yury-ushakov\n"
        assert "1 as it was" in run(*add, db=db).err
        run("speaker", "add", "The Kremlin", "--id", "kremlin", db=db)
        refused(run(*add, "--of", "kremlin", db=db), "--correct")
        assert "changed yury-ushakov" in run(*add, "--of", "kremlin", "--correct=new-evidence", db=db).err
        assert run("said-by", "Ushakov", db=db).code == 0


class TestRevertLast:
    def test_the_last_commit_is_named(self, db: Path) -> None:
        run("withdraw", "dust", "-m", "by mistake", db=db)
        told = run("revert", "last", db=db)
        assert "(by mistake)" in told.err
        assert "dust" in ids(db, "facts")

    def test_what_is_neither_is_misuse(self, db: Path) -> None:
        refused(run("revert", "first", db=db), "first", code=2)


class TestVerbsOfOthers:
    def test_each_names_an_existing_command(self) -> None:
        assert {ours for found in OTHERS_VERBS.values() for ours in found} <= set(cli.commands)
        assert not set(OTHERS_VERBS) & set(cli.commands)

    @pytest.mark.parametrize(
        ("verb", "ours"),
        [("search", "facts"), ("rm", "withdraw"), ("blame", "history"), ("serch", "facts"), ("timelin", "timeline")],
    )
    def test_they_are_pointed_to_ours(self, path: Path, verb: str, ours: str) -> None:
        refused(run(verb, "x", db=path), f"No such command '{verb}'", f"Did you mean '{ours}'", code=2)
        assert not path.exists()

    def test_an_unfamiliar_word_is_only_refused(self, path: Path) -> None:
        told = run("xyzzy", db=path)
        assert told.code == 2
        assert "mean" not in told.err


class TestOptions:
    def test_an_option_that_takes_a_reason_is_the_same_everywhere(self, db: Path, tmp_path: Path) -> None:
        file = tmp_path / "a.yaml"
        file.write_text("sources: [{id: gazette, publisher: The Gazette}]\n")
        for given in (["--correct"], ["--correct=new-evidence"], ["--correct", "--reason", "new-evidence"]):
            assert "would have changed gazette" in run("load", str(file), *given, "--dry-run", db=db).err
        sheet = tmp_path / "a.csv"
        sheet.write_text("ID,Date,What happened\na,2018,Rain\n")
        run("import", str(sheet), db=db)
        sheet.write_text("ID,Date,What happened\na,2019,Rain\n")
        run("import", str(sheet), "--correct", "--reason", "source-corrected", db=db)
        assert Store(db).history("a")[-1].reason == "source-corrected"

    @pytest.mark.parametrize("order", ["dmy", "day-first"])
    def test_the_order_of_figures_has_the_same_names_everywhere(self, db: Path, order: str) -> None:
        assert "2019-03-09" in run("date", "9/3/2019", "--dates", order, db=db).out
        assert run("before", "9/3/2019", "--dates", order, "--json", db=db).code == 0

    def test_format_names_the_format_everywhere(self, db: Path, tmp_path: Path) -> None:
        file = tmp_path / "out"
        assert run("export", str(file), "--format", "timesketch", db=db).code == 0
        assert run("dump", "--format", "json", "-o", str(file), db=db).code == 0
        sheet = tmp_path / "sheet"
        sheet.write_text("Date,What happened\n2018,Rain\n")
        assert run("import", str(sheet), "--format", "sheet", db=db).code == 0

    def test_windows_of_dates_have_two_names(self, seed: Path) -> None:
        assert ids(seed, "facts", "--since", "2018-04-02") == ids(seed, "facts", "--from", "2018-04-02")

    @pytest.mark.parametrize("name", commands())
    def test_no_default_is_shown_as_a_number_and_a_word(self, path: Path, name: str) -> None:
        assert not re.search(r"\[default: \(", run(*name.split(), "--help", db=path).out)


def test_what_rests_on_sources_without_dates_is_reported(db: Path) -> None:
    told = run("before", "2018-06", "--published-by", "2000", db=db)
    assert "1 of 2 sources have no date published: " in told.err
    assert run("facts", "--single-origin", "--published-by", "2000", db=db).err.count("no date published") == 1


def test_every_listing_has_pages_and_forms(store: Store) -> None:
    store.load({"sources": [{"id": "wire"}]}, message="first")
    store.load({"sources": [{"id": "radio"}]}, message="second")
    second, first = run("log", "--limit", "2", db=store.path).out.splitlines()[:2]
    assert run("log", "--limit", "1", "--offset", "1", db=store.path).out.splitlines() == [first]
    assert "second" in second
    [record] = run("log", "--json", "--limit", "1", "--offset", "1", db=store.path).json
    assert record["position"] == store.head().position - 1
    assert run("log", "--follow", "--offset", "1", db=store.path).code == 2
    assert run("ledgers", "--json", db=store.path).json == [{"ledger": str(store.path)}]


def test_a_redaction_takes_its_reason_as_the_message_and_under_its_former_name(store: Store) -> None:
    store.load({"sources": [{"id": "wire"}, {"id": "radio"}]})
    for name, option in (("wire", "-m"), ("radio", "--why")):
        assert run("redact", name, option, "a court ordered it", "--yes", db=store.path).code == 0
        assert store.log(limit=1)[0].message == "a court ordered it"
    assert "--why" not in run("redact", "--help", db=store.path).out


def test_a_dump_warns_that_it_does_not_say_which_of_two_contradictions_counts(path: Path) -> None:
    """In the ledger, what was recorded first counts; a document has the orderings last."""
    evidence = [{"source": "s"}]
    store = Store(path)
    store.load(
        {
            "sources": [{"id": "s"}],
            "facts": [
                {"id": "a", "title": "A", "when": "2020-01-05", "evidence": evidence},
                {"id": "b", "title": "B", "evidence": evidence},
            ],
            "orderings": [{"fact": "a", "relation": "before", "other": "b", "evidence": evidence}],
        }
    )
    assert "set aside" not in run("dump", db=path).err
    store.correct("b", {"when": "2020-01-03"}, allow_conflict=True)
    told = run("dump", db=path)
    assert told.code == 0
    assert told.err.startswith("one statement is set aside as contradicting earlier ones")
    assert "factstore copy" in told.err


def test_nothing_after_a_fact_that_may_have_gone_on_for_ever_is_explained(db: Path) -> None:
    run("add", "A strike", "--source", "herald", db=db)
    hint = "when a-strike ended is not known"
    for words in (("after", "a-strike"), ("after", "a-strike", "--certain"), ("between", "a-strike", "2019")):
        assert hint in run(*words, db=db).err, words
    assert hint not in run("after", "a-strike", "--json", db=db).err
    assert hint not in run("before", "a-strike", db=db).err
    assert "is not known" not in run("after", "verdict", db=db).err
    assert run("correct", "a-strike", "--set", "lasts=P3D", db=db).code == 0
    assert hint not in run("after", "a-strike", db=db).err


@pytest.mark.parametrize(
    "asked",
    ["after call", "before call", "between call visit", "order call visit", "who-says call", "said-by Ann"],
)
def test_an_answer_about_what_is_withdrawn_says_so(store: Store, asked: str) -> None:
    evidence = [{"source": "paper", "attribution": ["Ann"]}]
    store.load(
        {
            "sources": [{"id": "paper", "title": "The paper"}],
            "facts": [
                {"id": name, "title": name, "when": f"2018-0{n}-01", "evidence": evidence}
                for n, name in enumerate(("call", "visit"), 1)
            ],
        }
    )
    words = asked.split()
    assert "withdrawn" not in run(*words, db=store.path).err
    store.withdraw("call")
    assert "call is withdrawn" in run(*words, db=store.path).err.splitlines()
    assert "visit is withdrawn" not in run(*words, db=store.path).err
    assert run(*words, "--json", db=store.path).err == ""
