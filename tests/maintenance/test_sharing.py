"""A shared part proves what it shows, says nothing that the whole does not say, and contains nothing that was withheld."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from itertools import count, permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docs.reference import verify_ledger
from factstore.errors import Refused, UnknownId
from factstore.store import Store
from tests.conftest import NewStore
from tests.ledger.test_chain import spoil
from tests.support.checks import rows_of
from tests.support.chronologies import FACTS, SOURCES, Step, documents, steps, take

SEED = Path(__file__).parents[2] / "seeds" / "moscow-times-2018-04-02.yaml"
DIPLOMATS = [
    "us-expels-60-russian-diplomats",
    "russia-expels-60-us-diplomats",
    "nato-expels-russian-diplomats",
]


def one(name: str, source: str = "paper", **more: Any) -> dict[str, Any]:
    return {"id": name, "title": f"{name.title()} happened", "evidence": [{"source": source}], **more}


def chronology(*facts: dict[str, Any], **more: Any) -> dict[str, Any]:
    sources = [{"id": name, "title": f"The {name.title()}", "published": "2018-04-09"} for name in SOURCES]
    return {"sources": sources, "facts": list(facts), **more}


def alone_in(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir())


def bytes_of(path: Path) -> bytes:
    """The bytes of the file, and of any files beside it that begin with its name."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


@pytest.fixture
def there(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    folder.mkdir()
    return folder / "part.db"


# --- what it proves -----------------------------------------------------------------------------------------------


def test_a_part_of_the_seed_verifies_against_the_head_of_the_whole(store: Store, there: Path) -> None:
    store.load(SEED, message="first reading")
    known = [fact.id for fact in store.facts("diplomats")]
    head = store.head()
    shared = store.share(there, known)
    assert alone_in(there) == ["part.db"]
    assert shared.head == head
    assert {*known} == {*shared.things["fact"]}
    assert verify_ledger.verify(str(there), "{}:{}".format(*head), part=True) == (
        f"{shared.part.payloads} of {head.position} payloads, head {head.position}:{head.hash}"
    )
    with pytest.raises(ValueError, match="--part"):
        verify_ledger.verify(str(there))
    part = Store(there)
    found = part.verify(head=head, part=True)
    assert (found.ok, found.part) == (True, shared.part)
    assert part.part == shared.part
    assert part.overview().part == shared.part
    assert [problem.text.split(",")[0] for problem in part.verify().problems] == ["this is a part of a ledger"]
    for name in known:
        assert part.who_says(name) == store.who_says(name)
        assert [entry for entry in store.history(name) if entry in part.history(name)] == part.history(name)


def test_it_has_every_record_about_what_it_shows_and_the_ends_of_these_commits(store: Store, there: Path) -> None:
    store.load(
        chronology(one("alpha", "wire"), one("bravo", "radio")) | {"speakers": [{"id": "town", "name": "Town"}]},
        message="first",
        by="Ann",
    )
    store.correct("bravo", {"title": "Bravo again"}, message="of no concern")
    store.correct("alpha", {"title": "Alpha again"}, message="of concern")
    store.withdraw("wire", message="withdrawn", allow_unsupported=True)
    store.restore("wire", message="and back")
    shared = store.share(there, ["alpha"])
    assert shared.things == {
        "fact": ("alpha",),
        "ordering": (),
        "citation": ("alpha/wire/1",),
        "source": ("wire",),
        "speaker": (),
    }
    assert shared.cited == {"alpha/wire/1": "wire"}
    assert [commit.message for commit in shared.commits] == [
        "a new ledger",
        "first",
        "of concern",
        "withdrawn",
        "and back",
    ]
    part = Store(there)
    assert part.history("alpha") == store.history("alpha")
    told = [entry for entry in part.log() if entry.kind == "fact.corrected"]
    assert [(entry.subject, entry.recorded_by, entry.message) for entry in told][1][1:] == ("[withheld]", "[withheld]")
    assert [entry.hash for entry in part.log()] == [entry.hash for entry in store.log()]
    assert b"of no concern" not in bytes_of(there)


def test_messages_are_withheld_on_request(store: Store, there: Path) -> None:
    store.load(chronology(one("alpha")), message="a word between us", by="Ann Author")
    shared = store.share(there, ["alpha"], messages=False)
    assert shared.commits == ()
    assert Store(there).verify(part=True, head=store.head()).ok
    held = bytes_of(there)
    assert b"a word between us" not in held
    assert b"Ann Author" not in held


def test_a_head_published_after_a_part_was_made_proves_nothing_of_it_and_nothing_is_gone(
    store: Store, there: Path
) -> None:
    store.load({"sources": [{"id": "a"}], "facts": [{"id": "f", "title": "F", "evidence": [{"source": "a"}]}]})
    ends = store.share(there, ["f"]).head.position
    copy = there.with_name("copy.db")
    store.backup(copy)
    store.correct("f", {"title": "G"})
    for path, what in ((there, "part"), (copy, "ledger")):
        found = Store(path).verify(part=True, head=store.head())
        assert [str(problem).partition(": ")[2] for problem in found.problems] == [
            f"this {what} ends at record {ends}, before the published head: it is older, or its end is gone"
        ]


def test_a_correction_or_withdrawal_removed_from_a_part_is_noticed(store: Store, there: Path) -> None:
    store.load(chronology(one("alpha"), one("bravo")))
    store.correct("alpha", {"title": "Alpha again"})
    corrected = store.head().position - 1
    store.share(there, ["alpha"])
    part = Store(there)
    spoil(part, f"DELETE FROM payload WHERE position = {corrected}")
    with pytest.raises(ValueError, match=f"position {corrected} "):
        verify_ledger.verify(str(there), part=True)
    assert [problem.position for problem in part.verify(part=True).problems][:1] == [corrected]


def test_what_a_part_shows_cannot_be_changed_unnoticed(store: Store, there: Path) -> None:
    store.load(chronology(one("alpha"), one("bravo")))
    store.share(there, ["alpha"])
    part = Store(there)
    spoil(part, "UPDATE payload SET payload = replace(payload, 'Alpha', 'Omega')")
    with pytest.raises(ValueError, match="position"):
        verify_ledger.verify(str(there), part=True)
    assert not part.verify(part=True).ok


def test_a_whole_ledger_verifies_as_a_part_too_and_says_how_much_there_was(store: Store) -> None:
    store.load(chronology(one("alpha")))
    found = store.verify(part=True)
    assert found.ok
    assert found.json()["part"] == {"payloads": found.position, "of": found.position}


# --- what it takes and gives ----------------------------------------------------------------------------------------


def test_a_part_takes_no_writes_from_anybody(store: Store, there: Path) -> None:
    store.load(chronology(one("alpha"), one("bravo")))
    store.share(there, ["alpha"])
    part = Store(there)
    for write in (
        lambda: part.correct("alpha", {"title": "Omega"}),
        lambda: part.load(chronology(one("charlie"))),
        lambda: part.redact(3, why="whatever"),
        lambda: part.withdraw("alpha"),
    ):
        with pytest.raises(Refused, match="a part of a ledger"):
            write()
    with closing(sqlite3.connect(there)) as stranger, pytest.raises(sqlite3.IntegrityError, match="a part of a ledger"):
        stranger.execute(
            "INSERT INTO record SELECT position + 1, kind, version, subject, recorded_at, payload_hash, hash "
            "FROM record ORDER BY position DESC LIMIT 1"
        )
    assert part.verify(part=True, head=store.head()).ok


def test_a_part_can_itself_be_rebuilt_backed_up_and_shared(store: Store, there: Path) -> None:
    store.load(chronology(one("alpha"), one("bravo"), one("charlie")))
    store.share(there, ["alpha", "bravo"])
    part, head = Store(there), store.head()
    before = rows_of(part)
    assert part.rebuild() == head
    assert rows_of(part) == before
    for make, name in ((part.backup, "backup.db"), (part.rebuild_into, "again.db")):
        copy = Store(there.with_name(name))
        assert make(copy.path) == head
        assert copy.part == part.part
        assert copy.verify(part=True, head=head).ok
    less = there.with_name("less.db")
    part.share(less, ["bravo"])
    assert Store(less).verify(part=True, head=head).ok
    assert b"Alpha" not in bytes_of(less)


def test_what_is_withheld_has_no_name_there(store: Store, there: Path) -> None:
    store.load(chronology(one("alpha"), one("bravo")))
    withheld = next(entry.position for entry in store.log() if entry.subject == "bravo")
    store.share(there, ["alpha"])
    part = Store(there)
    with pytest.raises(UnknownId, match="there is no"):
        part.show("bravo")
    with pytest.raises(UnknownId, match="not in this part"):
        part.fact(f"[withheld {withheld}]")
    assert [fact.id for fact in part.facts()] == ["alpha"]
    assert [entry["id"] for kind, entry in part.entries() if kind == "fact"] == ["alpha"]
    assert [change.id for change in part.diff(0)] == ["paper", "alpha", "alpha/paper/1"]
    assert part.dump()


def test_archived_texts_are_included_only_on_request(store: Store, there: Path) -> None:
    store.load(chronology(one("alpha"), one("bravo", "radio")), texts={"paper": "Alpha, in full.", "radio": "Bravo."})
    store.share(there, ["alpha"])
    assert Store(there).text("paper") is None
    assert Store(there).show("paper").json()["text"] == store.show("paper").json()["text"]  # its hash
    more = there.with_name("more.db")
    store.share(more, ["alpha"], texts=True)
    assert Store(more).text("paper") == "Alpha, in full."
    with closing(sqlite3.connect(more)) as stranger:
        assert stranger.execute("SELECT count(*) FROM archived_text").fetchone() == (1,)


def test_redacted_payloads_and_redactions_are_never_shown(store: Store, there: Path) -> None:
    store.load(chronology(one("alpha"), one("bravo")))
    store.correct("alpha", {"title": "Alpha of Nowhere"})
    gone = store.head().position - 1
    store.redact(gone, why="asked for by counsel", message="said in private")
    shared = store.share(there, ["alpha"])
    part = Store(there)
    assert part.verify(part=True, head=store.head()).ok
    assert part.fact("alpha").title == "Alpha happened"
    held = bytes_of(there)
    assert b"counsel" not in held
    assert b"in private" not in held
    assert shared.part.payloads == 7
    assert any(entry.kind == "redacted" for entry in part.log())


def test_a_dry_run_writes_nothing_and_nothing_is_overwritten(store: Store, there: Path) -> None:
    store.load(chronology(one("alpha")))
    rehearsed = store.share(there, ["alpha"], dry_run=True)
    assert alone_in(there) == []
    assert store.share(there, ["alpha"]) == rehearsed
    with pytest.raises(Refused, match="is not overwritten"):
        store.share(there, ["alpha"])
    with pytest.raises(Refused, match="no fact was chosen"):
        store.share(there.with_name("other.db"), [])
    with pytest.raises(UnknownId):
        store.share(there.with_name("other.db"), ["paper"])
    assert json.loads(json.dumps(rehearsed.json()))["facts"] == ["alpha"]


# --- what it says ---------------------------------------------------------------------------------------------------


def test_speakers_and_sources_are_included_with_those_above_them(store: Store, there: Path) -> None:
    store.load(
        {
            "sources": [
                {"id": "agency", "title": "Agency"},
                {"id": "paper", "title": "Paper", "seen_through": "agency"},
                {"id": "radio", "title": "Radio"},
            ],
            "speakers": [
                {"id": "office", "name": "The Office"},
                {"id": "aide", "name": "An Aide", "aliases": ["the aide"], "of": "office"},
                {"id": "other", "name": "Another"},
            ],
            "facts": [one("alpha", evidence=[{"source": "paper", "attribution": ["the aide", "Paper"]}])],
        }
    )
    shared = store.share(there, ["alpha"])
    assert shared.things["source"] == ("agency", "paper")
    assert shared.things["speaker"] == ("office", "aide")
    assert Store(there).who_says("alpha")[0].origin == "The Office"


def test_what_contradicts_something_that_is_not_shared_is_left_out(store: Store, there: Path) -> None:
    document = chronology(
        one("alpha", when="2018-04-05"),
        one("bravo"),
        one("charlie", when="2018-04-03"),
        orderings=[
            {"id": "first", "fact": "alpha", "relation": "before", "other": "bravo"},
            {"id": "second", "fact": "bravo", "relation": "before", "other": "charlie"},
        ],
    )
    store.load(document, allow_conflict=True)
    shared = store.share(there, ["bravo", "charlie"])
    assert [(kept.id, kept.against) for kept in shared.kept] == [("second", ("alpha", "first"))]
    assert shared.things["ordering"] == ()
    assert Store(there).timeline.order("bravo", "charlie").relations["before"] == "possible"
    whole = there.with_name("whole.db")
    assert store.share(whole, ["alpha", "bravo", "charlie"]).things["ordering"] == ("first", "second")
    assert [conflict.json() for conflict in Store(whole).conflicts()] == [one.json() for one in store.conflicts()]


def test_a_fact_whose_date_contradicts_what_is_not_shared_is_left_out_and_named(store: Store, there: Path) -> None:
    store.load(
        chronology(
            one("alpha"),
            one("bravo", when="2018-04-02"),
            one("charlie"),
            orderings=[{"id": "first", "fact": "alpha", "relation": "before", "other": "bravo"}],
        )
    )
    store.correct("alpha", {"when": "2018-04-05"}, allow_conflict=True)
    assert store.fact("alpha").conflicting
    shared = store.share(there, ["alpha", "charlie"])
    assert [(kept.id, kept.against) for kept in shared.kept] == [("alpha", ("bravo", "first"))]
    assert shared.things["fact"] == ("charlie",)
    with pytest.raises(Refused, match="alpha contradicts bravo, first"):
        store.share(there.with_name("other.db"), ["alpha"])
    both = there.with_name("both.db")
    assert store.share(both, ["alpha", "bravo"]).kept == ()
    assert Store(both).fact("alpha").conflicting


_numbers = count(1)


@settings(max_examples=20)
@given(
    document=documents(),
    given_steps=st.lists(steps(), max_size=6),
    chosen=st.lists(st.sampled_from(FACTS), min_size=1, max_size=3, unique=True),
)
def test_a_part_says_nothing_certain_or_impossible_that_the_whole_does_not(
    new_store: NewStore,
    document: dict[str, Any],
    given_steps: list[Step],
    chosen: list[str],
) -> None:
    store = new_store()
    store.load(document, allow_conflict=True)
    for step in given_steps:
        take(store, step, allow_conflict=True)
    path = store.path.with_name(f"part-{next(_numbers)}-{store.path.name}")
    try:
        shared = store.share(path, chosen)
    except Refused:
        return
    part = Store(path)
    assert part.verify(part=True, head=store.head()).problems == []
    assert verify_ledger.verify(str(path), "{}:{}".format(*store.head()), part=True)
    ends = [entry.position for entry in store.log() if entry.kind == "commit"]
    for known in (None, *ends):
        whole, less = store.at(known=known), part.at(known=known)
        there = [fact.id for fact in less.facts() if fact.id in shared.things["fact"]]
        for a, b in permutations(there, 2):
            says, knows = less.timeline.order(a, b).relations, whole.timeline.order(a, b).relations
            for relation in {*says, *knows}:
                if says.get(relation) == "certain":
                    assert knows.get(relation) == "certain", (a, relation, b, known)
                if knows.get(relation) in ("certain", "possible"):
                    assert relation in says, (a, relation, b, known)
    _check_bytes(store, part, shared.things)


def _check_bytes(store: Store, part: Store, things: Any) -> None:
    """Asserts that the part's bytes have no withheld payload or salt, nor the id of a withheld fact or source."""
    held = bytes_of(part.path)
    with closing(sqlite3.connect(store.path)) as whole, closing(sqlite3.connect(part.path)) as less:
        shown = dict(less.execute("SELECT position, payload FROM payload").fetchall())
        for position, salt, said in whole.execute("SELECT position, salt, payload FROM payload"):
            assert (salt.encode() in held) is (position in shown)
            assert said in shown.values() or said.encode() not in held
    for name in {*FACTS, *SOURCES} - {*things["fact"], *things["source"]}:
        assert name.encode() not in held
        assert f"{name.title()} happened".encode() not in held


def test_a_redacted_commit_record_is_not_a_gap(store: Store, there: Path) -> None:
    store.load(chronology(one("alpha")), message="to be forgotten")
    commit = store.head().position
    store.redact(commit, why="asked for")
    store.share(there, ["alpha"])
    assert Store(there).verify(part=True, head=store.head()).ok
    assert b"to be forgotten" not in bytes_of(there)
