"""Words about a thing are read from its own anchor, else from the day of its source."""

from __future__ import annotations

from datetime import date

import pytest

from factstore.errors import UnknownId
from factstore.repository.anchors import one_day
from factstore.store import Store


@pytest.mark.parametrize(
    ("edtf", "day"),
    [
        ("2018-04-02", date(2018, 4, 2)),
        ("2018-04-02T15:04Z", date(2018, 4, 2)),
        ("2018-04-02T15:04+03:00", date(2018, 4, 2)),
        ("2018-04-02~", None),
        ("2018-04", None),
        ("2018-04-02/2018-04-03", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_one_that_is_written_plainly(edtf: str | None, day: date | None) -> None:
    assert one_day(edtf) == day


def test_the_anchor_of_a_thing(store: Store) -> None:
    store.load(
        {
            "sources": [
                {"id": "paper", "published": "2018-04-02"},
                {"id": "radio", "published": "2018-04-03"},
                {"id": "book", "published": "2018"},
            ],
            "facts": [
                {"id": "own", "title": "a", "anchor": "2018-01-01", "evidence": [{"source": "paper"}]},
                {"id": "one", "title": "b", "evidence": [{"source": "paper"}, {"source": "paper", "quote": "so"}]},
                {"id": "two", "title": "c", "evidence": [{"source": "paper"}, {"source": "radio"}]},
                {"id": "loose", "title": "d", "evidence": [{"source": "book", "said": "2017-05-05"}]},
            ],
        }
    )
    days = {name: store.anchor_of(name) for name in ("own", "one", "two", "loose", "paper", "book")}
    assert days == {
        "own": date(2018, 1, 1),
        "one": date(2018, 4, 2),
        "two": None,
        "loose": None,
        "paper": date(2018, 4, 2),
        "book": None,
    }
    assert store.anchor_of("two/radio/1") == date(2018, 4, 3)
    assert store.anchor_of("loose/book/1") == date(2017, 5, 5)
    with pytest.raises(UnknownId):
        store.anchor_of("nobody")
