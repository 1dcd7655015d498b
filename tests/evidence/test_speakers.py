"""Origins: one for all who speak on its behalf, and two wherever it is doubtful whether they are one."""

from __future__ import annotations

from collections.abc import Callable, ItemsView

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factstore.evidence.speakers import Speaker, Speakers, alike
from factstore.units import Position


def speaker(number: int, name: str, shown: str, aliases: tuple[str, ...] = (), of: int | None = None) -> Speaker:
    return Speaker(Position(number), name, shown, aliases, None if of is None else Position(of))


def origin(speakers: Speakers, link: int | str) -> str:
    return speakers.origin(link if isinstance(link, str) else Position(link))


KREMLIN = speaker(1, "kremlin", "The Kremlin", ("Kremlin",))
AIDE = speaker(2, "aide", "An aide", ("the aide",), of=1)
ASSISTANT = speaker(3, "assistant", "An aide's assistant", of=2)


@pytest.mark.parametrize("link", [1, 2, 3, "The Kremlin", "Kremlin", "kremlin", "An aide", "the aide", "assistant"])
def test_all_who_speak_for_one_are_one_origin(link: int | str) -> None:
    assert origin(Speakers([KREMLIN, AIDE, ASSISTANT]), link) == "The Kremlin"


def test_an_unknown_name_is_an_origin_too() -> None:
    assert origin(Speakers([]), "A passer-by") == "A passer-by"


def test_two_speakers_of_one_name_stay_two_and_the_bare_name_is_neither() -> None:
    speakers = Speakers([KREMLIN, speaker(4, "ivanov", "Ivanov", of=1), speaker(5, "ivanov-2", "Ivanov")])
    assert [origin(speakers, link) for link in (4, 5, "Ivanov")] == ["The Kremlin", "ivanov-2", "Ivanov"]


def test_two_of_one_name_who_speak_for_one_are_that_one() -> None:
    speakers = Speakers([KREMLIN, speaker(4, "a", "Ivanov", of=1), speaker(5, "b", "Ivanov", of=1)])
    assert origin(speakers, "Ivanov") == "The Kremlin"


def test_a_name_goes_before_an_alias() -> None:
    speakers = Speakers([KREMLIN, speaker(4, "fortress", "Kremlin")])
    assert origin(speakers, "Kremlin") == origin(speakers, 4) == "Kremlin"
    assert origin(speakers, "The Kremlin") == "The Kremlin"


def test_an_alias_of_two_is_neither() -> None:
    speakers = Speakers([speaker(1, "a", "A", ("the office",)), speaker(2, "b", "B", ("the office",))])
    assert [origin(speakers, link) for link in (1, 2, "the office")] == ["A", "B", "the office"]


def test_a_circle_is_one_origin_wherever_it_is_entered() -> None:
    circle = [
        speaker(1, "a", "A", of=2),
        speaker(2, "b", "B", of=3),
        speaker(3, "c", "C", of=1),
        speaker(4, "d", "D", of=3),
    ]
    assert {origin(Speakers(circle), link) for link in (1, 2, 3, 4, "A", "D")} == {"A"}
    assert Speakers(circle).speaking_for(Position(1)) == {1, 2, 3, 4}


def test_a_speaker_for_nobody_that_counts_is_an_origin() -> None:
    assert origin(Speakers([AIDE]), 2) == "An aide"


def test_composed_and_decomposed_characters_are_one_name() -> None:
    speakers = Speakers([speaker(1, "m", "Mu\u0308ller", ("M.",))])
    assert origin(speakers, "M\u00fcller") == origin(speakers, "M.") == origin(speakers, 1) == "M\u00fcller"
    assert origin(Speakers([]), "Mu\u0308ller") == "M\u00fcller"


def test_the_names_of_a_speaker_are_those_that_mean_nobody_else() -> None:
    speakers = Speakers([KREMLIN, speaker(4, "x", "Kremlin"), speaker(5, "y", "The Kremlin", ("Y",))])
    assert [list(speakers.names_of(Position(one))) for one in (1, 4, 5)] == [[], ["Kremlin"], ["Y"]]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("the Örnvik Courier", "ornvik courier"),
        ("  THE  Times ", "times"),
        ("Łukasz Żak", "lukasz zak"),
        ("Mu\u0308ller", "muller"),
        ("Strasse", "strasse"),
        ("Straße", "strasse"),
        ("A", "a"),
        ("The", "the"),
        ("Theodore", "theodore"),
        ("An aide", "aide"),
        ("Анна", "анна"),
        ("", ""),
    ],
)
def test_names_are_alike_whatever_their_case_accents_and_article(name: str, form: str) -> None:
    assert alike(name) == form


NAMES = st.sampled_from(["A", "B", "C", "D"])


@st.composite
def speakers(draw: st.DrawFn) -> Speakers:
    count = draw(st.integers(0, 5))
    above = st.none() | st.integers(1, count + 1)  # the last of these is nobody
    return Speakers(
        speaker(n, f"id-{n}", draw(NAMES), tuple(draw(st.lists(NAMES, max_size=2))), draw(above))
        for n in range(1, count + 1)
    )


@given(speakers())
def test_speakers_have_one_label_exactly_where_they_have_one_top(speakers: Speakers) -> None:
    for one in speakers.every:
        for other in speakers.every:
            same = speakers.top(one) == speakers.top(other)
            assert (origin(speakers, one) == origin(speakers, other)) == same


@given(speakers(), NAMES)
def test_a_name_is_a_speakers_origin_only_where_all_who_bear_it_are(speakers: Speakers, name: str) -> None:
    bearers = {origin(speakers, position) for position in speakers.bearing(name)}
    for position in speakers.every:
        if origin(speakers, name) == origin(speakers, position):
            assert bearers == {origin(speakers, position)}


@given(speakers())
def test_who_speaks_for_one_is_found_by_climbing_too(speakers: Speakers) -> None:
    def chain(position: int | None) -> set[int]:
        met: set[int] = set()
        while position in speakers.every and position not in met:
            met.add(position)
            position = speakers.every[Position(position)].of
        return met

    for one in speakers.every:
        assert speakers.speaking_for(one) == {other for other in speakers.every if one in chain(other)}


@given(speakers())
def test_what_was_climbed_before_changes_no_origin(speakers: Speakers) -> None:
    for one in speakers.every:
        assert speakers.top(one) == Speakers(speakers.every.values()).top(one)


class Counted(dict[Position, Speaker]):
    """Speakers that count how often one of them is looked at."""

    looks = 0

    def __getitem__(self, position: Position) -> Speaker:
        self.looks += 1
        return super().__getitem__(position)

    def items(self) -> ItemsView[Position, Speaker]:  # type: ignore[override]
        self.looks += len(self)
        return super().items()


@pytest.mark.parametrize("above", [lambda n: n - 1, lambda _: 1], ids=["a chain", "a crowd"])
def test_each_speaker_is_looked_at_a_few_times_however_many_there_are(above: Callable[[int], int]) -> None:
    looks = []
    for many in (50, 500):
        speakers = Speakers(
            speaker(n, f"id-{n}", f"Name {n}", of=above(n) if n > 1 else None) for n in range(1, many + 1)
        )
        speakers.every = counted = Counted(speakers.every)
        assert {origin(speakers, n) for n in range(1, many + 1)} == {"Name 1"}
        assert speakers.speaking_for(Position(1)) == {*range(1, many + 1)}
        looks.append(counted.looks)
    assert looks[1] <= 10 * looks[0]
