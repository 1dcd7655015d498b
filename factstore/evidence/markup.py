"""Markdown and HTML: the edits that turn a text with markup into what a reader sees."""

from __future__ import annotations

import re
from html import unescape

from factstore.evidence.edits import Edit

_TOKEN = re.compile(
    r"\\[!-/:-@\[-`{-~]"
    r"|&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|\*+|_+|!?\[|\]|\n[^\S\n]*\n"
)
_IN_TARGET = re.compile(r"[()]|\s+")
_TITLE = re.compile(r"""[ \t]+(?:"[^"\n]*"|'[^'\n]*')[ \t]*\)""")


def markup(text: str) -> list[Edit]:
    """The edits that turn the text into what a reader sees, in one pass. Marks without a partner stay."""
    edits: list[Edit] = []
    targets = _targets(text)
    emphasis: dict[str, list[int]] = {"*": [], "_": []}
    brackets: list[tuple[int, int]] = []
    at = 0
    while found := _TOKEN.search(text, at):
        token, (low, at) = found[0], found.span()
        if token[0] == "\\":
            edits.append((low, low + 1, ""))
        elif token[0] == "&":
            if (character := unescape(token)) != token:
                edits.append((low, at, character))
        elif token[0] in emphasis:
            before, after = text[low - 1 : low] or " ", text[at : at + 1] or " "
            opened = emphasis[token[0]]
            if opened and not before.isspace() and not after.isalnum():
                for closing in range(low, min(at, low + len(opened))):
                    opening = opened.pop()
                    edits += (opening, opening + 1, ""), (closing, closing + 1, "")
            elif not after.isspace() and not before.isalnum():
                opened.extend(range(low, at))
        elif token[-1] == "[":
            brackets.append((low, at))
        elif token == "]":
            opening_bracket = brackets.pop() if brackets else None
            if opening_bracket and at in targets:
                edits += (*opening_bracket, ""), (low, targets[at], "")
                at = targets[at]
        else:  # a blank line ends the paragraph, and all that was open in it
            emphasis, brackets = {"*": [], "_": []}, []
    return sorted(edits)


def _targets(text: str) -> dict[int, int]:
    """Where each link's `(target "title")` ends, by where it begins."""
    ends: dict[int, int] = {}
    at = text.find("](")
    while at >= 0:
        opened = [at + 1]
        at += 2
        while opened and (found := _IN_TARGET.search(text, at)):
            at = found.end()
            if found[0] == "(":
                opened.append(found.start())
            elif found[0] == ")":
                ends[opened.pop()] = at
            else:
                if title := _TITLE.match(text, found.start()):
                    at = ends[opened.pop()] = title.end()
                opened = []
        at = text.find("](", at) if not opened else -1
    return ends
