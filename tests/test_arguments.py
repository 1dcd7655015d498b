"""Arguments of public calls: a wrong value is refused by its name, and a single value counts as a list of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

import factstore
from factstore.arguments import checked
from factstore.dates.phrases import read_phrase
from factstore.documents.reading import parse
from factstore.errors import DocumentError, InputError, UnknownId
from factstore.store import Store
from factstore.units import Position


@pytest.fixture
def asked(store: Store) -> Store:
    """A store of two facts, one of the year 2017 and one of 2018."""
    facts = [
        {"id": "a", "title": "A", "when": "2017", "tags": ["one"], "evidence": [{"source": "wire"}]},
        {"id": "b", "title": "B", "when": "2018", "tags": ["two"], "evidence": [{"source": "wire"}]},
    ]
    store.load({"sources": [{"id": "wire"}], "facts": facts})
    return store


class _NoTime(datetime):
    """Like pandas' NaT: a datetime by class, but unequal to itself."""

    __hash__ = datetime.__hash__

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True

    def __str__(self) -> str:
        return "NaT"


class Number:
    """Like a whole number of NumPy's."""

    def __index__(self) -> int:
        return 1


NAT = _NoTime(1, 1, 1, tzinfo=UTC)


def any_value(value: object) -> Any:
    """A value that a type checker must not compare with an annotation."""
    return value


# --- one value where a list is taken -------------------------------------------------------------------------------


def test_one_text_is_one_tag_and_one_name_one_participant(asked: Store) -> None:
    name, _ = asked.add("Bells rang", source="wire", tags="bells", participants="Ann")
    assert asked.fact(name).tags == ("bells",)
    assert [person["name"] for person in asked.fact(name).participants] == ["Ann"]
    name, _ = asked.add("Bells rang", source="wire", participants=any_value({"name": "Bo", "role": "witness"}))
    assert [dict(person) for person in asked.fact(name).participants] == [{"name": "Bo", "role": "witness"}]


def test_one_text_is_one_id(asked: Store, tmp_path: Path) -> None:
    asked.correct("a", {"place": "Geneva"}, evidence="a/wire/1")
    assert asked.history("a")[-1].evidence == ("a/wire/1",)
    assert asked.share(tmp_path / "part.db", "b", dry_run=True)
    assert "title: B" in asked.dump(only="b")
    assert "title: A" not in asked.dump(only="b")
    assert asked.facts(status="stands") == asked.facts(status=["stands"]) != []


def test_an_answer_names_its_fact(asked: Store, tmp_path: Path) -> None:
    [first, second] = asked.facts()
    [found] = asked.timeline.before(second)
    assert found.fact.id == found.id == first.id
    assert asked.timeline.order(found, second) == asked.timeline.order("a", "b")
    assert asked.dump(only=asked.facts()) == asked.dump(only=["a", "b"])
    assert asked.pairs([first, second]) == asked.pairs(["a", "b"])
    assert asked.share(tmp_path / "part.db", [second], dry_run=True)


# --- wrong values --------------------------------------------------------------------------------------------------

_WRONG: list[tuple[str, Callable[[Store, Any], object], object]] = [
    ("message", lambda store, value: store.withdraw("a", message=value), 3),
    ("message", lambda store, value: store.withdraw("a", message=value), None),
    ("dry_run", lambda store, value: store.withdraw("a", dry_run=value), "no"),
    ("by", lambda store, value: store.commit(by=value), 3),
    ("reason", lambda store, value: store.withdraw("a", reason=value), "typo"),
    ("reason", lambda store, value: store.correct("a", {"place": "x"}, reason=value), "typo"),
    ("expect", lambda store, value: store.withdraw("a", expect=value), "3"),
    ("title", lambda store, value: store.add(value, source="wire"), 5),
    ("evidence", lambda store, value: store.add("x", source="wire", evidence=value), "p. 2"),
    ("tags", lambda store, value: store.add("x", source="wire", tags=value), {"bells": 1}),
    ("tags, number 2,", lambda store, value: store.add("x", source="wire", tags=value), ["a", 5]),
    ("when", lambda store, value: store.add("x", source="wire", when=value), NAT),
    ("texts, 'a',", lambda store, value: store.load({"sources": []}, texts=value), {"a": 1}),
    ("texts: a key", lambda store, value: store.load({"sources": []}, texts=value), {1: "a"}),
    ("attributes, 'a',", lambda store, value: store.add_source("A text", attributes=value), {"a": 1}),
    ("facts, number 1,", lambda store, value: store.add_all(value), ["a"]),
    ("limit", lambda store, value: store.facts(limit=value), 2.5),
    ("limit", lambda store, value: store.timeline.before("2018", limit=value), "3"),
    ("x", lambda store, value: store.timeline.before(value), None),
    ("x", lambda store, value: store.timeline.before(value), 2018),
    ("a", lambda store, value: store.timeline.order(value, "b"), date(2018, 1, 1)),
    ("commit", lambda store, value: store.revert(value), "3"),
    ("documents, number 1,", lambda store, value: store.load(value), [{"facts": []}]),
    ("documents", lambda store, value: store.load(value), 5),
    ("status", lambda store, value: store.facts(status=value), "standing"),
    ("status, number 1,", lambda store, value: store.timeline.before("2018", status=value), ["standing"]),
    ("kind", lambda store, value: store.dump(value), "xml"),
    ("kind", lambda store, value: store.dump(value), "JSON"),
    ("kind", lambda _, value: parse("facts: []", "notes", value), "xml"),
    ("anchor", lambda _, value: read_phrase("yesterday", value), 5),
    ("lines", lambda store, value: store.load_in_batches("x.jsonl", value), "10"),
    ("name", lambda store, value: store.show(value), 5),
]


@pytest.mark.parametrize("why", ["\0", "\ud800"])
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_reason_that_a_ledger_cannot_hold_is_refused_in_a_rehearsal_too(
    asked: Store, why: str, dry_run: bool
) -> None:
    with pytest.raises(InputError, match="needs a reason, in readable words"):
        asked.redact("a", why=why, dry_run=dry_run)


@pytest.mark.parametrize(("argument", "call", "value"), _WRONG)
def test_a_wrong_value_is_refused_by_the_name_of_its_argument(
    asked: Store, argument: str, call: Callable[[Store, Any], object], value: object
) -> None:
    head = asked.head()
    with pytest.raises(InputError, match=f"^[a-z_]+: {argument} must be .+, not ") as refused:
        call(asked, value)
    assert "\n" not in str(refused.value)
    assert asked.head() == head


def test_a_wrong_part_of_a_document_is_refused_when_it_is_reached(asked: Store) -> None:
    def parts() -> Iterator[Any]:
        yield parse({"sources": [{"id": "radio"}]}, "first")
        yield {"sources": [{"id": "press"}]}

    head = asked.head()
    with pytest.raises(InputError, match="number 2, must be a Document"):
        asked.load(parts())
    assert asked.head() == head


def test_whole_numbers_of_numpy_are_accepted_and_booleans_are_not(asked: Store) -> None:
    assert len(asked.facts(limit=any_value(Number()))) == 1
    with pytest.raises(InputError, match="limit must be a whole number"):
        asked.facts(limit=True)


def test_an_unknown_keyword_is_named_with_the_call_that_was_made(asked: Store) -> None:
    with pytest.raises(TypeError, match=r"^Timeline\.before\(\) got an unexpected keyword argument 'sinse'$"):
        asked.timeline.before("2018", **any_value({"sinse": "2017"}))


def test_an_unknown_fact_in_a_list_is_refused(asked: Store) -> None:
    for call in (asked.pairs, lambda names: asked.dump(only=names), lambda names: asked.sheets(only=names)):
        with pytest.raises(UnknownId, match="nope"):
            call(["nope"])


# --- dates ---------------------------------------------------------------------------------------------------------


def test_a_date_object_is_accepted_wherever_a_date_is(asked: Store) -> None:
    day, moment = date(2018, 1, 1), datetime(2018, 1, 1, 12, tzinfo=UTC)
    assert [fact.id for fact in asked.facts(since=day)] == ["b"]
    assert [fact.id for fact in asked.facts(until=date(2017, 6, 1))] == ["a"]
    assert [found.id for found in asked.timeline.all(since=moment)] == ["b"]
    assert asked.statuses(since=day) == {"stands": 1}
    assert asked.period(day) == asked.period("2018-01-01")
    assert asked.timeline.find("the day before", anchor=day) == asked.timeline.find("the day before", anchor=moment)
    assert asked.timeline.find("yesterday", anchor="2018-01-01") == "2017-12-31"
    assert read_phrase("yesterday", moment) == read_phrase("yesterday", day) == read_phrase("yesterday", "2018-01-01")
    far = date(2999, 1, 1)
    assert asked.head(far) == asked.head()
    assert asked.statement(far).head == asked.head()
    assert len(asked.diff(2, far)) == len(asked.diff(2))


def test_an_invalid_date_is_refused_inside_a_mapping_too(asked: Store) -> None:
    with pytest.raises(InputError, match="NaT"):
        asked.add_all([{"title": "x", "when": NAT, "evidence": [{"source": "wire"}]}])
    with pytest.raises((InputError, DocumentError), match="not a day"):
        asked.timeline.find("yesterday", anchor="last year")


# --- what mappings hold --------------------------------------------------------------------------------------------


def test_a_correction_accepts_what_adding_accepts_and_counts_from_one(asked: Store) -> None:
    asked.correct("a", {"participants": ["Ann", {"name": "Bo"}], "tags": "bells"})
    assert [person["name"] for person in asked.fact("a").participants] == ["Ann", "Bo"]
    assert asked.fact("a").tags == ("bells",)
    asked.correct("a", {"participants": "Cy"})
    assert [person["name"] for person in asked.fact("a").participants] == ["Cy"]
    with pytest.raises(InputError, match=r"^a: tags\.2: it must be text, not 5$"):
        asked.correct("a", {"tags": ["bells", 5]})


def test_what_a_citation_lacks_is_reported_for_the_citation(asked: Store) -> None:
    with pytest.raises(DocumentError, match=r"^cite: stance: stance: shrugs is not one of asserts"):
        asked.cite("a", source="wire", evidence={"stance": "shrugs"})


def test_a_mapping_may_not_repeat_a_keyword(asked: Store) -> None:
    twice = {"source": "radio", "quote": "x"}
    for call in (
        lambda: asked.add("x", source="wire", evidence=twice),
        lambda: asked.cite("a", source="wire", evidence=twice),
        lambda: asked.relate("a", "before", "b", source="wire", evidence=twice),
    ):
        with pytest.raises(InputError, match="source is given as source= as well"):
            call()
    with pytest.raises(InputError, match="new_source: id is given as source= as well"):
        asked.cite("a", source="wire", new_source={"id": "radio"})


def test_evidence_of_an_order_needs_its_source(asked: Store) -> None:
    for said in ({"quote": "then"}, {"evidence": {"locator": "p. 2"}}):
        with pytest.raises(InputError, match="needs the source"):
            asked.relate("a", "before", "b", **any_value(said))


class Named(StrEnum):
    """Texts by class whose `str()` is the member's name, like those of a `str, Enum`."""

    LEDGER = "enum.db"
    COPY = "copy.db"
    PARTIAL = "part.db"
    TITLE = "They spoke"

    def __str__(self) -> str:
        return self.name


def test_a_member_of_an_enum_of_texts_is_its_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with factstore.open(Named.LEDGER) as store:
        store.load({"sources": [{"id": "paper"}]})
        name, _ = store.add(Named.TITLE, source="paper")
        assert store.fact(name).title == "They spoke"
        assert store.name == "enum.db"
        store.backup(Named.COPY)
        store.copy(Named.PARTIAL)
    with Store(Named.LEDGER) as again:
        assert again.path == tmp_path / "enum.db"
        assert again.compare(Named.COPY).ok
    assert {path.name for path in tmp_path.glob("*") if path.suffix in ("", ".db")} == {"enum.db", "copy.db", "part.db"}


@checked
def _asked_at(at: Position) -> int:
    return at


def test_a_number_with_a_unit_is_a_whole_number_to_callers() -> None:
    assert _asked_at(any_value(Number())) == 1
    with pytest.raises(InputError, match="_asked_at: at must be a whole number, not '1'"):
        _asked_at(any_value("1"))
