"""The key of a picture: a sample of each sign in it, with its meaning, laid out in lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from factstore.picture.colours import MEANINGS
from factstore.picture.marks import BAR, LEAST, TIPS, Marks, outline, sign
from factstore.picture.scene import SHELLS, PictureRow, Scene
from factstore.picture.svg import element, group, text
from factstore.picture.texts import text_width

Kind = Literal[
    "sure", "maybe", "fade", "off", "more", "shell", "struck", "sign", "ahead", "share", "aside", "relation", "asked"
]

SWATCH = 34
LINE = 21  # pixels
_GAP = 22

#: The colours on a page while a fact is picked.
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
    """A sign, its place in the key and its meaning."""

    kind: Kind
    tone: str
    text: str
    sign: str = ""
    x: float = 0
    line: int = 0

    @property
    def room(self) -> float:
        """Its width in pixels."""
        return SWATCH + 8 + text_width(self.text)

    def drawn(self) -> str:
        """The sample and its meaning, at its place."""
        return group(
            *_sample(self),
            text(SWATCH + 8, 4, [self.text], class_="meaning"),
            x=self.x,
            y=self.line * LINE + LINE / 2,
            class_=f"sample {self.tone}",
            data_room=str(round(self.room)),
        )


def signs(scene: Scene, marks: Marks, *, every: bool = False) -> Iterator[Sample]:
    """The signs that a scene uses, each once. `every`: also those that appear only when a page is moved."""
    facts = [row for row in scene.rows if row.fact is not None]
    tones = dict.fromkeys(row.tone for row in facts)
    plain = "neither" if scene.question else "stands"
    yield Sample("sure", plain, "certain, to the day")
    if any(row.times.sure != ((row.times.flat, row.times.ebb),) for row in facts):
        yield Sample("maybe", plain, "possible")
    if any(row.times.first is None or row.times.past is None for row in facts):
        yield Sample("fade", plain, "no limit known")
    away = [row for row in facts if marks.is_before(row) or marks.is_after(row)]
    if away or every:
        yield Sample("off", plain, "lies beyond the axis, with its date")
    if every or any(_is_cut(row, marks) for row in facts if row not in away):
        yield Sample("more", plain, "goes on beyond the axis")
    if any(row.marks for row in facts):
        yield Sample("sign", plain, "uncertain, approximate, both", "? ~ %")
    if scene.asked:
        yield Sample("asked", plain, MEANINGS["asked"])
    yield from _colours((tone for tone in MEANINGS if tone in tones), scene.question or "")
    if any(not arc.aside and arc.ahead for arc in scene.arcs):
        yield Sample("ahead", plain, "stated order")
    if any(not arc.aside and not arc.ahead for arc in scene.arcs):
        yield Sample("share", plain, "stated to share some time")
    if any(arc.aside for arc in scene.arcs):
        yield Sample("aside", "conflicting", "stated, but contradicts")


def _is_cut(row: PictureRow, marks: Marks) -> bool:
    first, past = row.times.first, row.times.past
    return (first is not None and marks.x(first) < 0) or (past is not None and marks.x(past) > marks.width)


def _colours(tones: Iterable[str], question: str = "") -> Iterator[Sample]:
    for tone in tones:
        kind: Kind = "shell" if tone in SHELLS else "struck" if tone == "withdrawn" else "sure"
        kind = "relation" if tone in RELATIONS and tone != "neither" else kind
        text = f"not {question}" if question and tone == "neither" else MEANINGS[tone]
        yield Sample(kind, tone, text)


def relation_signs() -> list[Sample]:
    """The signs on a page while a fact is picked."""
    return list(_colours(RELATIONS))


def laid_out(samples: Iterable[Sample], width: float) -> list[Sample]:
    """The samples, placed one after the other in lines of a width."""
    found = []
    x, line = 0.0, 0
    for sample in samples:
        if x and x + sample.room > width:
            x, line = 0.0, line + 1
        found.append(sample._replace(x=x, line=line))
        x += sample.room + _GAP
    return found


def drawn(samples: Iterable[Sample], width: float) -> tuple[str, float]:
    """A key in lines of a width, drawn, and its height."""
    shown = laid_out(samples, width)
    return "".join(sample.drawn() for sample in shown), (shown[-1].line + 1) * LINE


def _sample(sample: Sample) -> Iterator[str]:
    kind, end = sample.kind, SWATCH
    if kind in ("sure", "struck", "maybe"):
        yield _box("may" if kind == "maybe" else "sure", 0, end)
    if kind == "struck":
        yield element("path", class_="strike", d=f"M-4 0H{end + 4}")
    if kind == "shell":
        yield element("path", class_="shell", d=outline(0, end, False, False))
    if kind == "fade":
        step = (end - 8) / 6
        yield from (_box("fade", n * step, (n + 1) * step, 0.4 - n * 0.06) for n in range(6))
        yield element("path", class_="tip open", d=TIPS["right"], transform=f"translate({end - 3},0)")
    if kind == "off":
        yield element("path", class_="tip off", d=TIPS["left"], transform="translate(2,0)")
        yield text(end + 2, 4, ["1917"], class_="out", text_anchor="end")
    if kind == "more":
        yield _box("may", 0, end - 9)
        yield element("path", class_="tip more", d=TIPS["right"], transform=f"translate({end - 4},0)")
    if kind == "asked":
        yield _box("asked", 0, end)
    if kind == "relation":
        yield sign(sample.tone, 5, 0)
        yield _box("sure", 14, end)
    if kind == "sign":
        yield text(end, 4, [sample.sign], class_="marks", text_anchor="end")
    if kind in ("ahead", "share", "aside"):
        aside = " aside" if kind == "aside" else ""
        yield element("path", class_=f"arc{' share' if kind == 'share' else ''}{aside}", d=f"M0 0H{end}")
        if kind != "share":
            yield element("path", class_=f"head{aside}", d=HEAD, transform=f"translate({end},0)")


#: The head of an arrow; its tip is at 0.
HEAD = "M-6-3.5L0 0L-6 3.5Z"


def _box(kind: str, left: float, right: float, opacity: float | None = None) -> str:
    return element(
        "rect",
        class_=kind,
        x=left,
        y=-BAR / 2,
        width=max(right - left, LEAST),
        height=BAR,
        fill_opacity=None if opacity is None else f"{opacity:.2f}",
    )
