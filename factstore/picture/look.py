"""How each class of elements looks: as CSS for a page, or as attributes of each element in a file.

A file has no style sheet: word processors ignore it, and renderers take minutes to apply one to a large drawing.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from factstore.picture.colours import TONES

_FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"


class _Rule(NamedTuple):
    """The look of the elements with a name (any, if empty) that have all of some classes. `{ink}` stands for a colour."""

    name: str
    classes: frozenset[str]
    look: dict[str, str]


def _rule(selector: str, **look: str) -> _Rule:
    name, *classes = selector.split(".")
    return _Rule(name, frozenset(classes), {key.replace("_", "-"): value for key, value in look.items()})


#: Later rules override earlier ones.
_RULES = (
    *(_rule(f".{tone}", color=f"{{{tone}}}") for tone in TONES),
    _rule("text", font_family=_FONT, font_size="12px", fill="{ink}"),
    _rule("rect.paper", fill="{paper}"),
    _rule("text.name", font_size="17px", font_weight="bold"),
    _rule("text.note", fill="{quiet}"),
    _rule("text.head", font_weight="bold"),
    _rule("text.marks", font_weight="bold", font_size="13px", fill="currentColor"),
    *(_rule(f"text.{kind}", font_size="11px", fill="{quiet}") for kind in ("date", "tick", "out")),
    _rule("text.label", font_size="11px"),
    _rule("rect.back", fill="{paper}"),
    _rule("tspan.when", fill="{quiet}"),
    _rule("text.withdrawn", fill="{quiet}", text_decoration="line-through"),
    _rule("text.wrong", fill="{conflicting}"),
    *(_rule(f".{kind}", fill="currentColor", stroke="none") for kind in ("may", "sure", "fade")),
    _rule("rect.may", fill_opacity="0.4"),
    # For facts that share a line: opaque, within a group that is translucent.
    _rule("rect.may.shared", fill_opacity="1"),
    _rule("g.possible", opacity="0.4"),
    _rule("path.shell", fill="none", stroke="currentColor", stroke_width="1.2", stroke_dasharray="3 2"),
    _rule("rect.hollow", fill="none", stroke="currentColor", stroke_width="1.2"),
    _rule("path.tip", fill="currentColor", stroke="currentColor", stroke_width="1"),
    *(_rule(f"path.tip.{kind}", fill="none", stroke_width="1.4") for kind in ("more", "off")),
    _rule("path.sign", fill="currentColor", stroke="currentColor", stroke_width="1.5"),
    _rule("path.sign.hollow", fill="{paper}"),
    _rule("path.strike", fill="none", stroke="{ink}", stroke_width="1"),
    _rule("path.rule", fill="none", stroke="{line}", stroke_width="1", stroke_opacity="0.6"),
    _rule("path.grid", fill="none", stroke="{line}", stroke_width="1"),
    _rule("path.gap", fill="none", stroke="{arc}", stroke_width="1", stroke_dasharray="1 3"),
    _rule("path.slashes", fill="none", stroke="{ink}", stroke_width="1.4"),
    _rule("rect.band", fill="{band}"),
    *(_rule(f"rect.{kind}", fill="{picked}") for kind in ("asked", "picked")),
    _rule("path.arc", fill="none", stroke="{arc}", stroke_width="1", stroke_opacity="0.8"),
    _rule("path.arc.share", stroke_dasharray="2 3"),
    _rule("path.arc.aside", stroke="{conflicting}", stroke_width="1.5"),
    _rule("path.head", fill="{arc}", stroke="none"),
    _rule("path.head.aside", fill="{conflicting}"),
)
_CLASSED = re.compile(r'(<(\w+)[^<>]*?) class="([^"]*)"')


def css(colours: dict[str, str]) -> str:
    """The rules as CSS, for drawings of the class `picture`."""
    return "".join(
        f".picture {rule.name}{''.join(f'.{name}' for name in sorted(rule.classes))}"
        f"{{{';'.join(f'{key}:{value.format_map(colours)}' for key, value in rule.look.items())}}}"
        for rule in _RULES
    )


def written_in(svg: str, colours: dict[str, str]) -> str:
    """A drawing in which each element has its look as attributes, and no class."""

    @cache
    def look(name: str, classes: str) -> str:
        found: dict[str, str] = {}
        for rule in _RULES:
            if rule.name in ("", name) and rule.classes <= {*classes.split()}:
                found |= rule.look
        return "".join(f' {key}="{value.format_map(colours)}"' for key, value in found.items())

    return _CLASSED.sub(lambda found: found[1] + look(found[2], found[3]), svg)
