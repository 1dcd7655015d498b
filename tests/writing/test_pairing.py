"""As many pairs as possible."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from factstore.writing.pairing import Pairs

_tables = st.lists(st.lists(st.integers(0, 4), unique=True), max_size=5)


@given(_tables)
def test_no_other_choice_pairs_more(alike: list[list[int]]) -> None:
    pairs = Pairs()
    for one in range(len(alike)):
        pairs.place(one, alike.__getitem__)
    assert all(other in alike[one] for one, other in pairs.taken.items())
    assert len({*pairs.taken.values()}) == len(pairs.taken)
    most = max(
        sum(other in some for some, other in zip(alike, chosen, strict=False)) for chosen in permutations(range(5))
    )
    assert len(pairs.taken) == most


def test_paired_things_stay_paired_and_the_free_ones_are_the_rest() -> None:
    alike = [[0, 1], [0], [2]]
    pairs = Pairs()
    pairs.pair(0, 0)
    pairs.place(1, alike.__getitem__)
    assert pairs.taken == {0: 1, 1: 0}
    assert list(pairs.free(range(3))) == [2]
    pairs.place(0, alike.__getitem__)
    assert pairs.taken == {0: 1, 1: 0}
