"""Colours by meaning, for light and dark. No two that a picture shows side by side differ in hue alone.

The hues are ones that colour-blind readers can distinguish (Okabe & Ito 2008, "Color Universal Design"): blue, orange,
purple and vermilion. Whatever a colour says is also said by a word, a sign or a shape in the same row.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")


class Colour(NamedTuple):
    """One colour, for paper and for a dark screen."""

    light: str
    dark: str


#: The colour of a fact's marks: the state of its evidence, or how a question about time answers for it.
TONES = {
    "stands": Colour("#0b62a8", "#66b3f0"),
    "disputed": Colour("#a3457d", "#e08cc0"),
    "denied": Colour("#70757a", "#9aa0a6"),
    "foretold": Colour("#0b62a8", "#66b3f0"),
    "unsupported": Colour("#70757a", "#9aa0a6"),
    "withdrawn": Colour("#8f959b", "#7d848b"),
    "conflicting": Colour("#c8281e", "#ff7a66"),
    "before-certain": Colour("#0b62a8", "#5aaef5"),
    "before-possible": Colour("#1b9e94", "#5fd3c6"),
    "either-possible": Colour("#8d6bb8", "#bd9fe0"),
    "after-possible": Colour("#d29a00", "#f2cf5b"),
    "after-certain": Colour("#c04a00", "#ff8f4d"),
    "neither": Colour("#a3a9af", "#6c737a"),
    "asked": Colour("#15181b", "#ffffff"),
}

#: The meaning of each colour; left out where it only means that a fact stands.
MEANINGS = {
    "disputed": "disputed: asserted, and denied",
    "denied": "denied",
    "foretold": "foretold",
    "unsupported": "no evidence left",
    "withdrawn": "withdrawn",
    "conflicting": "contradicts what is stated",
    "asked": "the one asked about",
    "before-certain": "certainly before",
    "before-possible": "possibly before",
    "either-possible": "possibly before or after",
    "after-possible": "possibly after",
    "after-certain": "certainly after",
    "neither": "neither",
}

#: The colours of everything else.
INKS = {
    "paper": Colour("#ffffff", "#15181c"),
    "ink": Colour("#1d2125", "#e6e9ec"),
    "quiet": Colour("#5c6369", "#a2a9b0"),
    "line": Colour("#dfe3e7", "#343a41"),
    "band": Colour("#f1f4f7", "#20252b"),
    "arc": Colour("#8a9299", "#868e96"),
    "picked": Colour("#fff1c9", "#3c3620"),
}


def palette(theme: Theme) -> dict[str, str]:
    """All colours of one theme, by name, for a drawing."""
    return {name: getattr(colour, theme) for name, colour in (TONES | INKS).items()}


def variables() -> dict[str, str]:
    """All colours as CSS variables, to which a page gives values for each theme."""
    return {name: f"var(--{name})" for name in TONES | INKS}


def stylesheet() -> str:
    """The CSS that sets those variables: dark if the reader's system is dark, or if they choose it."""

    def rules(theme: Theme) -> str:
        return "".join(f"--{name}:{colour};" for name, colour in palette(theme).items()) + f"color-scheme:{theme};"

    dark = rules("dark")
    return (
        f":root{{{rules('light')}}}"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f":root[data-theme=dark]{{{dark}}}"
    )
