"""Whatever a file of another tool contains, it is read or refused in words, and what is read is a valid document."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factstore.errors import FactstoreError
from factstore.exchange.arrivals import Holdings
from factstore.exchange.headers import SheetOptions
from factstore.exchange.incoming import FORMATS

KEYS = {
    "timelinejs": (
        *(
            "events",
            "title",
            "eras",
            "start_date",
            "end_date",
            "year",
            "month",
            "day",
            "hour",
            "minute",
            "display_date",
        ),
        *("text", "headline", "media", "url", "caption", "credit", "group", "unique_id", "background"),
    ),
    "annotations": (
        *(
            "annotations",
            "rows",
            "items",
            "target",
            "source",
            "selector",
            "type",
            "exact",
            "prefix",
            "refinedBy",
            "uri",
        ),
        *(
            "text",
            "tags",
            "body",
            "value",
            "purpose",
            "document",
            "title",
            "link",
            "href",
            "references",
            "id",
            "created",
        ),
    ),
    "csl": (
        *("id", "type", "title", "author", "family", "given", "literal", "issued", "accessed", "date-parts", "season"),
        *("raw", "circa", "container-title", "publisher", "URL", "DOI", "volume", "page", "items", "message"),
    ),
}
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-50_000, 50_000),
    st.floats(allow_nan=False),
    st.sampled_from(
        (
            *(
                "2018",
                "-44",
                "3",
                "04",
                "2018-04-22",
                "April 2018",
                "https://a.example/x",
                "<p>It <a href='https://a.example'>",
            ),
            *(
                "fell</a></p>",
                "TextQuoteSelector",
                "Annotation",
                "title",
                "tagging",
                "a\x00b",
                "\ud800",
                " ",
                "“It fell”",
            ),
            *("gazette", "Wall", "2018: Wall", "denies: A → B; said 2018", "a/b/1", "http://[", "x" * 300),
        )
    ),
)


@cache
def values(keys: tuple[str, ...]) -> st.SearchStrategy[Any]:
    return st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(keys), inner, max_size=6),
        max_leaves=25,
    )


@cache
def files(name: str) -> st.SearchStrategy[Any]:
    """What a file of a format may hold: nearly its entries, or any values."""
    wrapped = {"timelinejs": "events", "annotations": "annotations", "csl": "items"}[name]
    keys = KEYS[name]
    entries = st.lists(st.dictionaries(st.sampled_from(keys), values(keys), max_size=8), max_size=4)
    return st.one_of(values(keys), entries, entries.map(lambda held: {wrapped: held}))


def outcome(name: str, content: bytes) -> str:
    """What happens to a file, or what is wrong with that."""
    try:
        arrivals = FORMATS[name].read(content, "a.file", SheetOptions(), Holdings())
    except FactstoreError as error:
        return "refused" if "a.file" in str(error) else str(error)
    return "; ".join(problem for arrival in arrivals for problem in arrival.document.problems) or "read"


@pytest.mark.parametrize("name", KEYS)
@settings(max_examples=25)
@given(data=st.data())
def test_any_json_is_read_or_refused_in_words(name: str, data: st.DataObject) -> None:
    content = json.dumps(data.draw(files(name))).encode()
    for one in FORMATS.values():
        one.looks(content)
    assert outcome(name, content) in ("read", "refused")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("TY", "TI", "AU", "PY", "DA", "Y2", "UR", "DO", "ID", "VL", "SP", "EP", "ER", "ZZ", "")),
            st.sampled_from(("  - ", " - ", "-", "")),
            st.sampled_from(
                ("NEWS", "2018/04/22/", "2018//", "Lee, Ann", ",", "", "10.1000/x", "https://a.example", "\x00", "é")
            ),
        ),
        max_size=12,
    )
)
def test_any_ris_is_read_or_refused_in_words(lines: list[tuple[str, str, str]]) -> None:
    content = "\n".join(map("".join, lines)).encode()
    assert outcome("ris", content) in ("read", "refused")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("annotations", b'{"target": "https://a.example/", "text": "2018: a f\\u0000ire"}'),
        ("timelinejs", b'{"events": [{"start_date": {"year": "2018"}, "text": {"headline": "a f\\u001bire"}}]}'),
        ("csl", b'[{"type": "book", "title": "a f\\u0000ire"}]'),
        ("ris", b"TY  - BOOK\nTI  - a f\x00ire\nER  - \n"),
    ],
)
def test_texts_from_which_control_characters_were_left_out_are_counted(kind: str, content: bytes) -> None:
    [arrival] = FORMATS[kind].read(content, "a", SheetOptions(), Holdings())
    assert "a fire" in json.dumps(arrival.value)
    assert "control characters were left out of 1 text" in arrival.notes
