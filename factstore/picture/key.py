"""The key to a picture: a sample of each sign that the picture holds, with what it means, laid out in lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

from factstore.picture.colours import MEANINGS
from factstore.picture.scene import SHELLS, Scene, text_width

Kind = Literal["sure", "maybe", "fade", "shell", "struck", "sign", "ahead", "share", "aside", "relation", "asked"]

SWATCH = 34
LINE = 21  # pixels
_GAP = 22

#: The colours of a page whose reader has picked a fact.
RELATIONS = (
    "asked",
    "before-certain",
    "before-possible",
    "either-possible",
    "after-possible",
    "after-certain",
    "neither",
)


class Sample(NamedTuple):
    """A sign, where it stands and what it means."""

    kind: Kind
    tone: str
    text: str
    sign: str = ""
    x: float = 0
    line: int = 0

    def datum(self) -> dict[str, Any]:
        return self._asdict() | {"y": self.line * LINE}


def signs(scene: Scene) -> Iterator[Sample]:
    """The signs of a scene, each once."""
    facts = [row for row in scene.rows if row["fact"] is not None]
    tones = dict.fromkeys(row["tone"] for row in facts)
    plain = "neither" if scene.question else "stands"
    yield Sample("sure", plain, "certain, to the day")
    if any(row["sure"] != [row["flat"]] or row["over"] != [row["ebb"]] for row in facts):
        yield Sample("maybe", plain, "possible")
    if any(row["first"] is None or row["past"] is None for row in facts):
        yield Sample("fade", plain, "no limit known")
    if any(row["marks"] for row in facts):
        yield Sample("sign", plain, "uncertain, approximate, both", "? ~ %")
    if scene.asked:
        yield Sample("asked", plain, MEANINGS["asked"])
    yield from _colours((tone for tone in MEANINGS if tone in tones), scene.question or "")
    if any(not arc["aside"] and arc["ahead"] for arc in scene.arcs):
        yield Sample("ahead", plain, "stated order")
    if any(not arc["aside"] and not arc["ahead"] for arc in scene.arcs):
        yield Sample("share", plain, "stated to share some time")
    if any(arc["aside"] for arc in scene.arcs):
        yield Sample("aside", "conflicting", "stated, but contradicts")


def _colours(tones: Iterable[str], question: str = "") -> Iterator[Sample]:
    for tone in tones:
        kind: Kind = "shell" if tone in SHELLS else "struck" if tone == "withdrawn" else "sure"
        kind = "relation" if tone in RELATIONS and tone != "neither" else kind
        text = f"not {question}" if question and tone == "neither" else MEANINGS[tone]
        yield Sample(kind, tone, text)


def relation_signs() -> list[Sample]:
    """The signs of a page whose reader has picked a fact."""
    return list(_colours(RELATIONS))


def laid_out(samples: Iterable[Sample], width: float) -> list[Sample]:
    """The samples one after the other, in lines of a width."""
    found = []
    x, line = 0.0, 0
    for sample in samples:
        room = SWATCH + 8 + 1.12 * text_width(sample.text)
        if x and x + room > width:
            x, line = 0.0, line + 1
        found.append(sample._replace(x=x, line=line))
        x += room + _GAP
    return found
