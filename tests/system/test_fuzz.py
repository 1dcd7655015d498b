"""Any input gets an answer or a refusal in words, in time, and what is refused leaves no trace.

Short runs here; `make fuzz` runs each property for minutes (see `tests.support.fuzz`).
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import click
import yaml
from hypothesis import strategies as st

from factstore.cli import cli
from factstore.dates.edtf import Edtf
from factstore.dates.phrases import RULES, read_phrase
from factstore.dates.ticks import FARTHEST, FOREVER, LIMIT, gap_bounds, parse_zone
from factstore.errors import InputError, Refused, UnknownId
from factstore.evidence.stances import STANCES, STATUSES
from factstore.reasoning.relations import RELATIONS
from factstore.rendering.data import date_json
from factstore.store import Store
from tests.projection.test_search import holds
from tests.support.fuzz import fuzzed
from tests.support.strategies import edtf_texts

#: The errors with which a healthy ledger may refuse. Anything else is a bug of ours.
Refusal = (InputError, Refused, UnknownId)

# --- hostile values -------------------------------------------------------------------------------------------

_NASTY = (
    "'; DROP TABLE record; --",
    '" OR 1=1 --',
    "%",
    "_",
    "\\",
    "NEAR(a b)",
    "title:a",
    "a* OR b",
    "^a",
    "{id} : x",
    "''",
    '""',
    ":at",
    ":x",
    "?1",
    "$(id)",
    "`id`",
    "{0}",
    "%s",
    "../../etc/passwd",
    "/etc/passwd",
    "file:///etc/passwd",
    "<script>alert(1)</script>",
    "\x1b]0;owned\x07",
    "\x1b[31m",
    "\x9b31m",
    "\u202eevil",
    "\r\nX: y",
    "\0",
    "a\0b",
    "\ufeff",
    "\ud800",
    "\u0130",
    "\u1e9e",
    "\U0001f926\U0001f3fc",
    "=1+1",
    "-",
    "--",
    "--help",
    "~",
    "null",
    "true",
    "1e999",
    "NaN",
    "99999999999999999999",
    "-1",
    "0",
    "é",
    "e\u0301",
    "*a",
    "&a",
    "!!python/object:os.system",
    "|",
    "- a",
    "a: b",
    "[]",
    "{}",
    "\t",
    " ",
    "",
    "[…]",
    "a […] b",
    "→",
    ";",
    "2018-04-02",
    "[2018..]",
    "XXXX",
    "Y1E9",
    "P3D",
    "late last week",
)
_LONG = st.builds(
    lambda sign, count: sign * count,
    st.sampled_from([*"a(['\"%*1{.-", "a ", "[a,", "a/", "\u0301"]),
    st.integers(1, 9000),
)
nasty = st.one_of(st.sampled_from(_NASTY), st.sampled_from(_NASTY), st.text(max_size=20), _LONG)


@st.composite
def mixed(draw: st.DrawFn, plausible: tuple[str, ...]) -> str:
    """Plausible texts, hostile texts, and both together."""
    kind = draw(st.integers(0, 9))
    if kind < 6:
        return draw(st.sampled_from(plausible))
    if kind < 9:
        return draw(nasty)
    text = draw(st.sampled_from(plausible))
    place = draw(st.integers(0, len(text)))
    return text[:place] + draw(nasty) + text[place:]


# --- ledgers ----------------------------------------------------------------------------------------------------

PAPER: dict[str, Any] = {
    "sources": [
        {
            "id": "paper",
            "title": "A \x1b[31mpaper",
            "publisher": "The \u202ePaper",
            "published": "2018-04-02",
            "text": "They left. It rang.",
        },
        {
            "id": "wire",
            "publisher": "Wire",
            "published": "2018-04-03",
            "url": "https://example.org/<b>",
            "seen_through": "paper",
        },
    ],
    "speakers": [{"id": "aide", "name": "An aide", "aliases": ["the 'aide'"]}],
    "facts": [
        {
            "id": "left",
            "title": "They left",
            "when": "2018-03-29/2018-04-01",
            "place": "100% O'Hare_\\",
            "tags": ["a;b", "'"],
            "evidence": [{"source": "paper", "quote": "They left", "attribution": ["An aide", "Wire"]}],
        },
        {
            "id": "rang",
            "title": "It\x07 rang\x9b \u202etwice",
            "when": "2018-04-01T12:30Z",
            "place": "Moscow",
            "tags": ["a"],
            "participants": [{"name": 'Ann "%" Lee', "role": "=1+1"}],
            "attributes": {"<b>": "\x1b]0;x\x07"},
            "evidence": [
                {"source": "paper", "quote": "It rang"},
                {"source": "wire", "stance": "denies", "said": "2018-04-02"},
            ],
        },
        {
            "id": "closed",
            "title": "OR NOT closed, a NEAR b",
            "phrase": "later",
            "evidence": [{"source": "wire", "stance": "foretells"}],
        },
    ],
    "orderings": [{"fact": "closed", "relation": "after", "other": "rang", "gap": {"min": "P1D"}, "phrase": "then"}],
}
NAMES = (
    "paper",
    "wire",
    "aide",
    "left",
    "rang",
    "closed",
    "left/paper/1",
    "rang.before.closed",
    "le",
    "They",
    "2018-04-01",
)


@cache
def _folder() -> Path:
    folder = tempfile.TemporaryDirectory()
    _KEEP.append(folder)
    return Path(folder.name)


_KEEP: list[tempfile.TemporaryDirectory[str]] = []


@cache
def _made(document: str | None) -> Path:
    path = _folder() / f"{document or 'empty'}.db"
    with Store(path) as store:
        store.init(by="Test")
        if document:
            store.load(PAPER, by="Test")
    return path


@contextmanager
def ledger(document: str | None = None) -> Iterator[Store]:
    """A store over a new ledger, alone in its folder."""
    with (
        tempfile.TemporaryDirectory(dir=_folder()) as folder,
        Store(shutil.copyfile(_made(document), Path(folder) / "facts.db")) as store,
    ):
        yield store


def refused_without_a_trace(store: Store, write: Callable[[], object]) -> bool:
    """Whether a write was refused; asserts that then the file is as before, with nothing new beside it."""
    before = store.path.read_bytes()
    try:
        write()
    except Refusal:
        store.close()
        assert store.path.read_bytes() == before
        assert [*store.path.parent.iterdir()] == [store.path]
        return True
    return False


def comes_back(store: Store) -> None:
    """Asserts that what was accepted verifies, changes nothing if loaded again, and is the same in another ledger."""
    assert store.verify().problems == []
    written = store.dump("json", texts=True)
    for kind in ("yaml", "json", "jsonl"):
        text = store.dump(kind, texts=True)
        with tempfile.TemporaryDirectory(dir=_folder()) as folder:
            path = Path(folder) / f"dump.{kind}"
            path.write_text(text, encoding="utf-8", newline="\n")
            assert store.load(path, allow_missing=True, allow_conflict=True).position is None, kind
            with ledger() as other:
                other.load(path, allow_missing=True, allow_conflict=True)
                assert other.dump("json", texts=True) == written, kind


# --- documents ----------------------------------------------------------------------------------------------------

_ROWS = [
    ["id", "title", "when", "source", "quote", "tags", "participants", "attributes", "attribution"],
    [
        "left",
        "They left",
        "2018-04-01",
        "paper",
        "They left",
        "a; b",
        '[{"name": "Ann", "role": "x"}]',
        '{"k": "v"}',
        "Ann → Wire",
    ],
    ["rang", "It rang, twice", "", "paper", 'the "bell"', "", "Ann; Bob", "", ""],
]


def _csv(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def _jsonl(document: Any) -> str:
    sections = ((key, document.get(f"{key}s")) for key in ("source", "speaker", "fact", "ordering"))
    return "".join(
        json.dumps({key: one}) + "\n"
        for key, several in sections
        for one in (several if isinstance(several, list) else ())
    )


_WRITTEN: dict[str, Callable[[Any], str]] = {
    "yaml": lambda document: yaml.safe_dump(document, allow_unicode=True, sort_keys=False),
    "json": json.dumps,
    "jsonl": _jsonl,
}
_YAML = """\
facts:
- {id: left, title: They left, evidence: [&a {source: paper, quote: They left}]}
- {id: rang, title: It rang, evidence: [*a]}
"""
_VALID = {kind: write(PAPER | {"sources": PAPER["sources"][:1]}) for kind, write in _WRITTEN.items()} | {
    "csv": _csv(_ROWS)
}


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, bytes]:
    """A format, and bytes: any at all, or those of a valid document, cut, doubled, swapped or mixed with others."""
    kind = draw(st.sampled_from(["yaml", "json", "jsonl", "csv"]))
    if draw(st.integers(0, 4)) == 0:
        return kind, draw(
            st.one_of(
                st.binary(max_size=60), st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))
            )
        )
    content = draw(st.sampled_from([_VALID[kind], *([_YAML] if kind == "yaml" else [])])).encode()
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 4]))):
        first, last = sorted((draw(st.integers(0, len(content))), draw(st.integers(0, len(content)))))
        last = min(last, first + draw(st.sampled_from([0, 1, 3, 20, 10**6])))
        filling = draw(
            st.one_of(
                st.just(b""),
                st.binary(min_size=1, max_size=3),
                nasty.map(lambda text: text.encode("utf-8", "surrogatepass")),
                st.just(content[first:last] * draw(st.integers(2, 4))),
                st.sampled_from(
                    [
                        b"[" * 3000,
                        b"{a: " * 300,
                        b"&a ",
                        b"*a",
                        b"<<: *a\n",
                        b"---\n",
                        b"\t",
                        b'"',
                        b"\r",
                        b"\\ud800",
                        b"\xff",
                    ]
                ),
            )
        )
        content = content[:first] + filling + content[last:]
    return kind, content


@fuzzed(25, document=documents())
def test_a_document_of_any_bytes_is_loaded_or_refused(document: tuple[str, bytes]) -> None:
    kind, content = document
    with ledger("paper") as store, tempfile.TemporaryDirectory(dir=_folder()) as folder:
        path = Path(folder) / f"notes.{kind}"
        path.write_bytes(content)
        if not refused_without_a_trace(
            store, lambda: store.load(path, allow_missing=True, allow_conflict=True, correct="other")
        ):
            comes_back(store)


_scalars = st.one_of(
    nasty, nasty, st.integers(), st.floats(), st.booleans(), st.none(), st.binary(max_size=4), st.dates()
)
_anything = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(nasty, st.integers(), st.binary(max_size=2)), inner, max_size=3),
    ),
    max_leaves=6,
)
_id = st.one_of(st.sampled_from(["left", "rang", "paper", "new", "new-2"]), mixed(("left", "rang", "paper", "new")))
_when = st.one_of(edtf_texts(), mixed(("2018-04-01", "2018-03-29/2018-04-01")))
_said = mixed(("They left", "It rang", "words"))


def _entry(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Fields as they should be, with an occasional one that may be anything."""
    sound = st.fixed_dictionaries({}, optional=fields)
    wrong = st.tuples(sound, st.sampled_from(sorted(fields)), _anything).map(
        lambda drawn: drawn[0] | {drawn[1]: drawn[2]}
    )
    odd = st.tuples(sound, nasty, _anything).map(lambda drawn: drawn[0] | {drawn[1]: drawn[2]})
    return st.integers(0, 19).flatmap(lambda kind: wrong if kind == 0 else odd if kind == 1 else sound)


_evidence = st.lists(
    _entry(
        source=st.sampled_from(["paper", "wire"]),
        quote=_said,
        prefix=nasty,
        suffix=nasty,
        locator=_said,
        stance=mixed(tuple(STANCES)),
        attribution=st.lists(mixed(("Ann", "wire", "aide")), max_size=3),
        when=_when,
        phrase=_said,
        said=_when,
        hedge=_said,
        unnamed=_said,
        id=mixed(("left/paper/1", "mine")),
    ).map(lambda one: {"source": "paper"} | one if isinstance(one, dict) else one),
    max_size=2,
)
_fact = _entry(
    when=_when,
    phrase=_said,
    anchor=mixed(("2018-04-02",)),
    zone=mixed(("+03:00", "Z")),
    place=_said,
    tags=st.lists(_said, max_size=2),
    participants=st.lists(_entry(name=_said, role=_said), max_size=2),
    attributes=st.dictionaries(_said, _said, max_size=2),
    withdrawn=st.sampled_from([True, False, "true", "no"]),
)
structured = _entry(
    defaults=_entry(source=_id, stance=mixed(tuple(STANCES)), locator=_said, tags=st.lists(_said, max_size=1)),
    sources=st.lists(
        st.builds(
            lambda name, rest: {"id": name} | rest,
            _id,
            _entry(
                title=_said, publisher=_said, url=_said, published=_when, retrieved=_when, text=_said, seen_through=_id
            ),
        ),
        max_size=2,
    ),
    speakers=st.lists(
        st.builds(
            lambda name, rest: {"id": name, "name": "Ann"} | rest,
            _id,
            _entry(name=_said, aliases=st.lists(_said, max_size=2), of=_id),
        ),
        max_size=2,
    ),
    facts=st.lists(
        st.builds(
            lambda name, title, cited, rest: {"id": name, "title": title, "evidence": cited} | rest,
            _id,
            _said,
            _evidence,
            _fact,
        ),
        max_size=3,
    ),
    orderings=st.lists(
        _entry(
            fact=st.one_of(_id, st.lists(_id, max_size=2)),
            relation=mixed(RELATIONS),
            other=st.one_of(_id, st.lists(_id, max_size=2)),
            phrase=_said,
            gap=_entry(min=mixed(("P3D", "PT36H")), max=mixed(("P5D",))),
            evidence=_evidence,
            id=mixed(("one", "left.before.rang")),
        ).map(
            lambda one: {"fact": "left", "relation": "before", "other": "rang"} | one if isinstance(one, dict) else one
        ),
        max_size=2,
    ),
)


@fuzzed(25, document=structured, kind=st.sampled_from(["mapping", *_WRITTEN]))
def test_a_document_of_any_values_is_loaded_or_refused(document: Any, kind: str) -> None:
    with ledger("paper") as store, tempfile.TemporaryDirectory(dir=_folder()) as folder:
        given = document
        if kind != "mapping":
            try:
                text = _WRITTEN[kind](document)
            except (TypeError, ValueError, yaml.YAMLError):
                return  # the format has no such values
            given = Path(folder) / f"notes.{kind}"
            given.write_bytes(text.encode("utf-8", "surrogatepass"))
        if not refused_without_a_trace(
            store, lambda: store.load(given, allow_missing=True, allow_conflict=True, correct="other")
        ):
            comes_back(store)


@st.composite
def _rows(draw: st.DrawFn) -> list[str]:
    """A row as it should be, except for some of its cells."""
    row = list(draw(st.sampled_from(_ROWS[1:])))
    for _ in range(draw(st.integers(0, 3))):
        row[draw(st.integers(0, len(row) - 1))] = draw(nasty)
    return row + draw(st.sampled_from([*[[]] * 12, [""], ["x"]]))


_cells = st.lists(_rows(), min_size=1, max_size=3)


@fuzzed(20, rows=_cells, delimiter=st.sampled_from(",;\t"), ending=st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_table_of_any_cells_is_loaded_or_refused(rows: list[list[str]], delimiter: str, ending: str) -> None:
    with ledger("paper") as store, tempfile.TemporaryDirectory(dir=_folder()) as folder:
        path = Path(folder) / "notes.csv"
        text = _csv([_ROWS[0], *rows], delimiter).replace("\r\n", ending)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        if not refused_without_a_trace(
            store, lambda: store.load(path, allow_missing=True, allow_conflict=True, correct="other")
        ):
            comes_back(store)


# --- dates, phrases, durations ------------------------------------------------------------------------------------

_dates = st.one_of(
    edtf_texts(),
    nasty,
    st.text("0123456789XY-/.,[]{}?~%TZ:+SE", max_size=40),
    st.builds(
        lambda text, place, more: text[: place % (len(text) + 1)] + more + text[place % (len(text) + 1) :],
        edtf_texts(),
        st.integers(0, 200),
        st.one_of(nasty, st.text("0123456789X-/.,[]?~%TZ:", max_size=4)),
    ),
    st.builds(
        lambda text, count, edge: edge[0] + ",".join([text] * count) + edge[1],
        edtf_texts(),
        st.integers(2, 400),
        st.sampled_from(["[]", "{}", "  "]),
    ),
)


@fuzzed(100, text=_dates, zone=st.integers(-18 * 60, 18 * 60).map(lambda minutes: 60 * minutes))
def test_a_date_of_any_text_is_read_or_refused(text: str, zone: int) -> None:
    try:
        read = Edtf(text)
        corners = read.corners(zone)
    except InputError:
        return
    assert eval(repr(read)) == read
    assert read.text == text
    low, most, least, high = corners
    for earlier, later in ((low, most), (least, high), (low, high), (low, least), (most, high)):
        assert earlier is None or later is None or earlier <= later
    assert all(bound is None or abs(bound) <= FARTHEST or abs(bound) == FOREVER for bound in corners)
    assert read.explain(zone)
    json.dumps(date_json(text, zone))
    for ask in (read.period, read.members):
        with suppress(InputError):
            ask(zone)


_WORDS = sorted({word for one in RULES for example in one.examples for word in example.split()})
_phrases = st.one_of(
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8).map(" ".join),
    st.builds("{} {}".format, st.sampled_from(_WORDS), nasty),
    nasty,
    st.builds(lambda word, count: f"{word} " * count, st.sampled_from(_WORDS), st.integers(1, 40)),
)
_days = st.one_of(
    st.dates(),
    st.sampled_from([date.min, date.max, date(2018, 4, 2), date(2016, 2, 29)]),
    st.integers(0, 40).map(lambda n: date.max - timedelta(n)),
)


@fuzzed(100, phrase=_phrases, anchor=_days)
def test_a_phrase_of_any_words_is_a_date_or_refused(phrase: str, anchor: date) -> None:
    try:
        found = read_phrase(phrase, anchor)
    except InputError:
        return
    assert Edtf(found.edtf).corners(0)
    assert found.rule
    assert found.because


_durations = st.one_of(
    nasty,
    st.from_regex(
        r"P(\d{1,3}Y)?(\d{1,3}M)?(\d{1,9}D)?(T(\d{1,20}H)?(\d{1,3}M)?(\d{1,4}(\.\d{1,7})?S)?)?", fullmatch=True
    ),
)


@fuzzed(
    60,
    least=st.none() | _durations,
    most=st.none() | _durations,
    zone=st.one_of(nasty, st.from_regex(r"[+-]\d\d(:?\d\d)?", fullmatch=True)),
)
def test_a_duration_and_an_offset_of_any_text_are_read_or_refused(
    least: str | None, most: str | None, zone: str
) -> None:
    with suppress(InputError):
        low, high = gap_bounds(least, most)
        assert 0 <= low <= LIMIT
        assert high is None or low <= high
    with suppress(InputError):
        assert abs(parse_zone(zone)) <= 18 * 3600


# --- questions ----------------------------------------------------------------------------------------------------


@cache
def _asked() -> Store:
    """A store that is only read."""
    store = Store(shutil.copyfile(_made("paper"), _folder() / "asked.db"))
    store.verify()  # a question may leave the write-ahead log and its index, and nothing else
    return store


def _lower(text: str) -> str:
    """A text in lower case as SQLite folds it: only ASCII."""
    return re.sub("[A-Z]", lambda found: found[0].lower(), text)


def naive(
    text: str | None, place: str | None, participant: str | None, tag: str | None, source: str | None
) -> set[str]:
    """The facts that pass a filter, found in the document that they came from."""
    found = set()
    for fact in PAPER["facts"]:
        people = "; ".join(value for person in fact.get("participants", ()) for value in person.values())
        quotes = "; ".join(one["quote"] for one in fact["evidence"] if "quote" in one)
        parts = (fact["id"], fact["title"], fact.get("place", ""), people, "; ".join(fact.get("tags", ())), quotes)
        words = [word for word in re.split(r"[\s\0]+", text or "") if re.search(r"[^\W_]", word)]
        if (
            (not text or (words and all(any(holds(part, word) for part in parts) for word in words)))
            and (place is None or ("place" in fact and _lower(place) in _lower(fact["place"])))
            and (
                participant is None
                or any(_lower(participant) in _lower(one["name"]) for one in fact.get("participants", ()))
            )
            and (tag is None or tag in fact.get("tags", ()))
            and (source is None or source in [one["source"] for one in fact["evidence"]])
        ):
            found.add(fact["id"])
    return found


def _maybe(plausible: tuple[str, ...]) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.none(), mixed(plausible))


_numbers = st.one_of(
    st.integers(0, 5), st.integers(0, 5), st.integers(), st.sampled_from([2**31, 2**63 - 1, 2**63, 2**64, -1])
)
_filters = {
    "text": _maybe(("left", "They", "rang twice", "aide", "O'Hare", "OR", "100%", "ann lee")),
    "place": _maybe(("moscow", "%", "_", "\\", "O'HARE")),
    "participant": _maybe(("ann", '"%"', "Lee")),
    "tag": _maybe(("a", "'", "a;b")),
    "source": _maybe(("paper", "wire")),
}


def surely(ask: Callable[[], Any]) -> Any:
    """An answer, or None if the question is refused in words."""
    try:
        return ask()
    except Refusal:
        return None


@fuzzed(80, wanted=st.fixed_dictionaries(_filters), limit=_numbers, offset=_numbers)
def test_a_filter_of_any_text_finds_what_a_plain_reading_finds(wanted: dict[str, Any], limit: int, offset: int) -> None:
    store = _asked()
    before = store.path.read_bytes()
    found = surely(lambda: store.facts(status=STATUSES, **wanted))
    page = surely(lambda: store.facts(status=STATUSES, limit=limit, offset=offset, **wanted))
    timed = surely(lambda: store.timeline.all(status=STATUSES, **wanted))
    if found is not None:
        text = wanted["text"] or ""
        if text.isascii():  # of others FTS5 decides what a letter is
            assert {fact.id for fact in found} == naive(**wanted)
        assert timed is not None
        assert [one.fact.id for one in timed] == [fact.id for fact in found]
        if page is not None:
            assert limit >= 0
            assert offset >= 0
            assert page == found[offset : offset + limit if limit else None]
    assert store.path.read_bytes() == before


_clocks = st.fixed_dictionaries(
    {},
    optional={
        "known": st.one_of(
            mixed(("3", "12", "2099-01-01", "2018-04-02T15:00:00Z")), st.integers(), st.datetimes().map(str)
        ),
        "published": st.one_of(mixed(("2018-04-02", "2018-04", "2018", "9999", "0000", "-9999")), st.dates().map(str)),
        "held": mixed(("2018-04-02", "2018")),
    },
)
_ASK: dict[str, Callable[[Any, str, str], Any]] = {
    "find": lambda view, x, y: view.find(x),
    "find a fact": lambda view, x, y: view.find(x, "fact"),
    "find in time": lambda view, x, y: view.timeline.find(x),
    "find in time in words": lambda view, x, y: view.timeline.find(x, date(2018, 4, 2)),
    "since and until": lambda view, x, y: view.facts(since=x, until=y),
    "anchor of": lambda view, x, y: view.anchor_of(x),
    "beginning with": lambda view, x, y: view.beginning_with(x),
    "fact": lambda view, x, y: view.fact(x),
    "show": lambda view, x, y: view.show(x),
    "history": lambda view, x, y: view.history(x),
    "who says": lambda view, x, y: view.who_says(x),
    "said by": lambda view, x, y: view.said_by(x),
    "text": lambda view, x, y: view.text(x),
    "period": lambda view, x, y: view.period(x),
    "before": lambda view, x, y: view.timeline.before(x, why=True),
    "after": lambda view, x, y: view.timeline.after(x, text=y),
    "between": lambda view, x, y: view.timeline.between(x, y, evidence=True),
    "overlapping": lambda view, x, y: view.timeline.overlapping(x, certain=True),
    "order": lambda view, x, y: view.timeline.order(x, y),
}


@fuzzed(
    80,
    question=st.sampled_from(sorted(_ASK)),
    x=st.one_of(mixed(NAMES), _dates),
    y=mixed(NAMES),
    clock=st.one_of(st.just({}), _clocks),
)
def test_a_question_about_any_name_at_any_clock_is_answered_or_refused(
    question: str, x: str, y: str, clock: dict[str, Any]
) -> None:
    store = _asked()
    before = store.path.read_bytes()
    surely(lambda: _ASK[question](store.at(**clock), x, y))
    assert store.path.read_bytes() == before


@fuzzed(
    40,
    question=st.sampled_from(["before", "after", "overlapping", "log", "sources", "history", "diff"]),
    limit=_numbers,
    offset=_numbers,
    since=st.one_of(_numbers, nasty),
)
def test_a_page_of_any_size_is_given_or_refused(question: str, limit: int, offset: int, since: Any) -> None:
    store = _asked()
    if question == "diff":
        surely(lambda: store.diff(since, limit=limit))
    elif question in ("log", "sources"):
        whole = getattr(store, question)()
        page = surely(lambda: getattr(store, question)(limit=limit))
        assert page is None or page == (whole[:limit] if limit else whole)
    elif question == "history":
        page = surely(lambda: store.history("left", limit=limit))
        assert page is None or page == (store.history("left")[:limit] if limit else store.history("left"))
    else:
        whole = getattr(store.timeline, question)("2018-04-05", status=STATUSES)
        page = surely(
            lambda: getattr(store.timeline, question)("2018-04-05", status=STATUSES, limit=limit, offset=offset)
        )
        assert page is None or page == whole[offset : offset + limit if limit else None]


# --- the command line ---------------------------------------------------------------------------------------------


class Screen(io.TextIOWrapper):
    """A stream that says whether it is a terminal."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", errors="backslashreplace", write_through=True)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def text(self) -> str:
        held = self.buffer
        assert isinstance(held, io.BytesIO)
        return held.getvalue().decode()


class Told(NamedTuple):
    code: int
    out: str
    err: str


_WITHIN: list[Path] = []
_WRITES = {
    "os.remove",
    "os.rename",
    "os.link",
    "os.symlink",
    "os.mkdir",
    "os.rmdir",
    "os.truncate",
    "os.chmod",
    "shutil.rmtree",
}


def _keep_within(event: str, given: tuple[Any, ...]) -> None:
    """Refuse whatever writes outside the folder, or reaches outside this process, while a command runs."""
    if not _WITHIN:
        return
    if event == "open":
        path, _, flags = given
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        paths = [path] if writes and not isinstance(path, int) else []
    elif event in _WRITES:
        paths = [path for path in given if isinstance(path, (str, bytes, os.PathLike))]
    elif event == "sqlite3.connect":
        paths = [re.sub(r"^file:|\?.*$", "", str(given[0])).replace("%2F", "/")]
    elif event.startswith(
        ("socket.connect", "socket.bind", "subprocess", "os.exec", "os.system", "os.fork", "webbrowser")
    ):
        raise PermissionError(1, "not while fuzzing", event)
    else:
        return
    for path in paths:
        place = Path(os.path.abspath(os.fsdecode(path)))
        if path and path != ":memory:" and _WITHIN[0] not in place.parents and place != Path(os.devnull):
            raise PermissionError(1, "not while fuzzing", str(path))


@cache
def _guard() -> None:
    sys.addaudithook(_keep_within)


def command(words: list[str], folder: Path, stdin: bytes, *, terminal: bool) -> Told:
    """A command as a person or a script runs it, in this process and in a folder of its own."""
    _guard()
    out, err = Screen(terminal=terminal), Screen(terminal=terminal)
    given = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    environment = {"FACTSTORE_DB": "facts.db", "FACTSTORE_BY": "ann", "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "80"}
    before = os.getcwd()
    os.chdir(folder)
    _WITHIN.append(folder)
    try:
        with mock.patch.multiple(sys, stdout=out, stderr=err, stdin=given), mock.patch.dict(os.environ, environment):
            try:
                cli.main(words, prog_name="factstore")
            except SystemExit as end:
                code = end.code
    finally:
        _WITHIN.clear()
        os.chdir(before)
    assert isinstance(code, int)
    return Told(code, out.text(), err.text())


#: What could steer a terminal, line ends aside.
_STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_ARGUMENT = nasty.map(lambda text: re.sub("[\0\ud800-\udfff]", "", text))  # neither gets as far as a command
_FILES = (
    "notes.yaml",
    "notes.jsonl",
    "notes.csv",
    "page.html",
    "missing.yaml",
    "-",
    ".",
    "new.db",
    "ID=notes.yaml",
    "paper=notes.yaml",
    "no/such.html",
    "facts.db",
)
_TYPICAL = (
    *NAMES,
    *_FILES,
    "before",
    "during",
    "title=New",
    "when=2018",
    "tags=a;b",
    'gap={"min": "P1D"}',
    "1",
    "3",
    "12",
    "14:" + "0" * 64,
    "+03:00",
    "late last week",
)


def _every_command(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, one in group.commands.items():
        yield ((*path, name), one)
        if isinstance(one, click.Group):
            yield from _every_command(one, (*path, name))


COMMANDS = [((), cli), *((path, one) for path, one in _every_command(cli) if path != ("browse",))]


@st.composite
def arguments(draw: st.DrawFn) -> list[str]:
    """A command with some of its options and arguments, each given what it may mean or anything else."""
    path, one = draw(st.sampled_from(COMMANDS))
    value = st.one_of(st.sampled_from(_TYPICAL), st.sampled_from(_TYPICAL), _ARGUMENT)
    options = [param for param in one.params if isinstance(param, click.Option)]
    words: list[list[str]] = []
    for param in draw(st.lists(st.sampled_from(options), max_size=4)) if options else ():
        name = draw(st.sampled_from([*param.opts, *param.secondary_opts]))
        if param.is_flag:
            words.append([name])
            continue
        choices = getattr(param.type, "choices", None)
        given = (
            draw(st.sampled_from([str(choice) for choice in choices]))
            if choices and draw(st.booleans())
            else draw(value)
        )
        words.append([f"{name}={given}"] if name.startswith("--") and draw(st.booleans()) else [name, given])
    for other in one.params:
        if isinstance(other, click.Option):
            if other.required and draw(st.integers(0, 5)):
                words.append([other.opts[0], draw(value)])
            continue
        most = 1 if other.nargs == 1 else 2
        words += [[draw(value)] for _ in range(draw(st.sampled_from([most, most, most, 0, most + 1])))]
    words = list(draw(st.permutations(words)))
    if draw(st.integers(0, 9)) == 0:
        words.insert(draw(st.integers(0, len(words))), [draw(_ARGUMENT)])
    return [*path, *(word for several in words for word in several)]


@fuzzed(
    50,
    words=arguments(),
    stdin=st.one_of(st.just(b""), documents().map(lambda drawn: drawn[1])),
    terminal=st.booleans(),
)
def test_a_command_of_any_arguments_is_done_or_refused(words: list[str], stdin: bytes, terminal: bool) -> None:
    with ledger("paper") as store:
        store.close()
        folder = store.path.parent
        for kind in ("yaml", "jsonl", "csv"):
            (folder / f"notes.{kind}").write_text(_VALID[kind], encoding="utf-8")
        before = store.path.read_bytes()
        told = command(words, folder, stdin, terminal=terminal)
        assert told.code in (0, 1, 2), told
        assert "Traceback" not in told.err
        assert told.code == 0 or told.err.strip() or told.out.strip()
        assert not _STEERING.search(told.err), told.err
        if terminal or ("--csv" not in words and {"--json", "--jsonl"} & {*words}):  # a pipe is given CSV to the letter
            assert not _STEERING.search(told.out), told.out
        assert not [draft.name for draft in folder.iterdir() if re.match(rf"\..*\.(new-)?{os.getpid()}", draft.name)]
        # A check of quotes, a redaction and batches tell that something is wrong once what is right is done.
        if told.code and not {"check-quotes", "redact", "--batch"} & {word.partition("=")[0] for word in words}:
            assert store.head().position == 14
            store.close()
            assert store.path.read_bytes() == before
        elif store.path.exists():
            assert store.verify().ok
