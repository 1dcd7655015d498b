"""Quotes: where a quote is in an archived text, to the letter or apart from differences without meaning.

A quote never matches where a word, a number, a letter's case or an editor's [bracket] differs, and a match is always a
stretch of the text as it was archived: code points `start` to `end`, the end excluded. On both sides these are levelled,
that is, their differences are ignored:

- runs of white space, and invisible characters (zero-width spaces, soft hyphens, direction marks);
- quotation marks and apostrophes of any shape, and how many of them in a row;
- dashes of any length and number, and hyphens. A hyphen at a line's end may be there because the word was broken,
  may belong to the word, or may end half of one (pre- and post-war); any other counts: to re-sign is not to resign;
- Unicode's forms (NFKC: ligatures, full width, `…` for three dots), less those that would turn 10² into 102;
- Markdown: the marks of `*emphasis*`, a `[label](link)` for its label, backslashes; and HTML's character references.

An elision, `[…]` or `[...]`, stands for words left out: the parts on its two sides must follow each other in the
text. The nearest that do are chosen, and together they leave out at most `REACH` characters for each elision, about a
printed page: parts that are further apart are from different passages, and make two quotes.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from heapq import merge
from itertools import chain, islice
from typing import Literal, NamedTuple

from factstore.evidence.edits import Edit, Traced, edited
from factstore.evidence.markup import markup

__all__ = ["CONTEXT", "MANY", "REACH", "ArchivedText", "Finding", "Match", "check", "find", "selectors"]

#: How many characters an elision may leave out, on average over a quote's elisions.
REACH = 3000

#: The most characters of a match's surroundings that are kept, on either side.
CONTEXT = 32

#: The default limit on how many matches are returned.
MANY = 100


class Match(NamedTuple):
    """A stretch of an archived text that a quote matches.

    `start` and `end` count Unicode code points of the text, from 0, the end excluded; with elisions they reach from the first
    part to the last. `exact`, `prefix` and `suffix` are the text's own characters there, before and after.
    """

    start: int
    end: int
    check: Literal["verbatim", "normalised"]
    exact: str
    prefix: str
    suffix: str


class Finding(NamedTuple):
    """The verdict on a quote, and its matches: those to the letter first, then in the text's order."""

    check: Literal["verbatim", "normalised", "missing"]
    matches: tuple[Match, ...]

    @property
    def match(self) -> Match | None:
        """The match, if there is exactly one."""
        return self.matches[0] if len(self.matches) == 1 else None


def find(
    quote: str, text: str | ArchivedText, *, prefix: str | None = None, suffix: str | None = None, limit: int = MANY
) -> list[Match]:
    """The stretches of the text that the quote matches, as `ArchivedText.find` returns them."""
    archived = text if isinstance(text, ArchivedText) else ArchivedText(text)
    return archived.find(quote, prefix=prefix, suffix=suffix, limit=limit)


def check(quote: str, text: str | ArchivedText, *, prefix: str | None = None, suffix: str | None = None) -> Finding:
    """The verdict on a quote when its citation is recorded: `verbatim`, `normalised` or `missing`."""
    matches = find(quote, text, prefix=prefix, suffix=suffix)
    return Finding(matches[0].check if matches else "missing", tuple(matches))


def selectors(match: Match) -> tuple[dict[str, str], dict[str, str | int]]:
    """The match as a TextQuoteSelector and a TextPositionSelector, ready for JSON.

    Web Annotation Data Model (W3C Recommendation, 2017), §4.2.4 and §4.2.5. Both select the same characters, so `exact`
    also holds what an elision left out. Positions count code points, as the model says.
    """
    return (
        {"type": "TextQuoteSelector", "exact": match.exact, "prefix": match.prefix, "suffix": match.suffix},
        {"type": "TextPositionSelector", "start": match.start, "end": match.end},
    )


class ArchivedText:
    """A text to look for quotes in. It is levelled once, when first needed, however many quotes follow."""

    def __init__(self, text: str) -> None:
        self.text = text

    def find(
        self, quote: str, *, prefix: str | None = None, suffix: str | None = None, limit: int = MANY
    ) -> list[Match]:
        """The stretches of the text that the quote matches, at most `limit`: those to the letter first, then in order.

        If there are several, the quote does not say which is meant; the text just before it (`prefix`) and just after it
        (`suffix`), levelled like the quote, narrow them down. A quote without a letter, a number or a symbol matches
        nothing, and neither does one that ends between a letter and its accent.
        """
        if not _says_something(quote):
            return []
        around = _Surroundings(self, prefix, suffix)
        to_the_letter = self._verbatim(quote, 0, len(self.text), around)
        levelled = (span for span in self._normalised(quote, around) if not self._held(quote, span, around))
        return list(
            islice(
                chain(
                    (self._match(*span, "verbatim") for span in to_the_letter),
                    (self._match(*span, "normalised") for span in levelled),
                ),
                limit,
            )
        )

    @cached_property
    def written(self) -> _Levelled:
        """The text as it stands, levelled."""
        return _level(Traced(self.text, range(len(self.text)), range(1, len(self.text) + 1)))

    @cached_property
    def shown(self) -> _Levelled:
        """The text as Markdown and HTML would show it, levelled."""
        line = Traced(self.text, range(len(self.text)), range(1, len(self.text) + 1))
        unmarked = edited(line, markup(self.text))
        return self.written if unmarked is line else _level(unmarked)

    def beside(self, other: str) -> Iterable[tuple[_Levelled, _Levelled]]:
        """Both readings of the text (written, shown), each with that of another text; one pair where there is no markup."""
        asked = ArchivedText(other)
        return dict.fromkeys([(self.written, asked.written), (self.shown, asked.shown)])

    def _verbatim(self, quote: str, low: int, high: int, around: _Surroundings) -> Iterator[_Span]:
        start = self.text.find(quote, low, high)
        while start >= 0:
            end = start + len(quote)
            if not _cuts_accent(self.text, end) and around.before(start) and around.after(end):
                yield start, end
            start = self.text.find(quote, start + 1, high)

    def _held(self, quote: str, span: _Span, around: _Surroundings) -> bool:
        """Whether a match to the letter is at the same place: one of the two contains the other."""
        start, end = span
        low, high = min(start, max(end - len(quote), 0)), max(end, start + len(quote))
        return any(True for _ in self._verbatim(quote, low, high, around))

    def _normalised(self, quote: str, around: _Surroundings) -> Iterator[_Span]:
        """Matches of the levelled quote in order: each place once, with its widest reading."""
        searches = [ours.windows(parts, around) for ours, theirs in self.beside(quote) for parts in theirs.asked()]
        held: _Span | None = None
        for span in merge(*searches):
            if held is None or span[1] > held[1]:
                if held is not None and span[0] != held[0]:
                    yield held
                held = span
        if held is not None:
            yield held

    def _match(self, start: int, end: int, check: Literal["verbatim", "normalised"]) -> Match:
        text = self.text
        prefix, suffix = text[max(start - CONTEXT, 0) : start], text[end : end + CONTEXT]
        if start > CONTEXT and _in_word(text, start - CONTEXT):
            prefix = _FIRST_WORD.sub("", prefix) or prefix
        if end + CONTEXT < len(text) and _in_word(text, end + CONTEXT):
            suffix = _FIRST_WORD.sub("", suffix[::-1])[::-1] or suffix
        return Match(start, end, check, text[start:end], prefix, suffix)


# ---- levelling

_Span = tuple[int, int]


class _Part(NamedTuple):
    """A quote, or a part of it between elisions, levelled; `joints` maps places in it to what may stand there."""

    text: str
    joints: dict[int, int]


# What may stand at a joint, where the text has a dash: nothing at all, a dash, a dash and a space.
_NOTHING, _DASH, _DASH_SPACE = 1, 2, 4


class _Levelled:
    """A levelled text: its characters without dashes, where each came from, and its dashes as joints between characters."""

    def __init__(self, line: Traced, joints: Sequence[tuple[int, int, int, int]]) -> None:
        self.text, self.starts, self.ends = line
        self.joints = [at for at, _, _, _ in joints]
        self.allowed = [allowed for _, allowed, _, _ in joints]
        self.dashes = [(start, end) for _, _, start, end in joints]

    def part(self, low: int, high: int) -> _Part:
        """The part from low to high, without white space at its ends."""
        while low < high and self.text[low] == " ":
            low += 1
        first, last = bisect_left(self.joints, low), bisect_right(self.joints, high)
        joints = {self.joints[turn] - low: self.allowed[turn] for turn in range(first, last)}
        if high - low in joints:
            joints[high - low] |= _DASH | _DASH_SPACE  # what followed the dash does not belong to the part
        elif low < high and self.text[high - 1] == " ":
            high -= 1
        return _Part(self.text[low:high], joints)

    def asked(self) -> Iterator[list[_Part]]:
        """The ways to look for this text as a quote: as a whole, and by the parts between its elisions."""
        whole = [self.part(0, len(self.text))]
        ends = [place for found in _ELISION.finditer(self.text) for place in found.span()]
        places = [0, *ends, len(self.text)]
        between = [self.part(*places[turn : turn + 2]) for turn in range(0, len(places), 2)]
        for parts in (whole, between) if ends else (whole,):
            if spoken := [part for part in parts if _says_something(part.text)]:
                yield spoken

    def fits(self, part: _Part, at: int) -> bool:
        """Whether the joints agree where the part's characters match. A part's own ends need no joint."""
        end = at + len(part.text)
        if _cuts_accent(self.text, end):
            return False
        first, last = bisect_left(self.joints, at), bisect_right(self.joints, end)
        if first == last and not part.joints:
            return True
        met = 0
        for turn in range(first, last):
            place, allowed = self.joints[turn] - at, self.allowed[turn]
            if place in part.joints:
                met += 1
                if not allowed & part.joints[place]:
                    return False
            elif 0 < place < len(part.text) and not allowed & _NOTHING:
                return False
        if met == len(part.joints):
            return True
        places = {self.joints[turn] - at for turn in range(first, last)}
        return all(allowed & _NOTHING for place, allowed in part.joints.items() if place not in places)

    def span(self, first: _Part, at: int, last: _Part, last_at: int) -> _Span:
        """Where in the original the first part begins and the last one ends."""
        end = last_at + len(last.text)
        start, stop = self.starts[at], self.ends[end - 1]
        if 0 in first.joints:
            start = self.dashes[bisect_left(self.joints, at)][0]
        if len(last.text) in last.joints:
            stop = self.dashes[bisect_left(self.joints, end)][1]
        return start, stop

    def windows(self, parts: Sequence[_Part], around: _Surroundings) -> Iterator[_Span]:
        """The shortest stretches that contain the parts in order, as spans of the original, in order.

        For each place of the first part, each later part is at the nearest place that follows. These places only move
        forward, and if one has not moved, neither have those after it, so the text is searched once for each part.
        """
        first, last = parts[0], parts[-1]
        longest = sum(len(part.text) for part in parts) + REACH * (len(parts) - 1)

        def following(turn: int, at: int) -> int:
            """The next place of a part, of those with the right surroundings; -1 if there is none."""
            part = parts[turn]
            at = self.text.find(part.text, at)
            while at >= 0 and not (
                self.fits(part, at)
                and (part is not first or around.before(self.span(part, at, part, at)[0]))
                and (part is not last or around.after(self.span(part, at, part, at)[1]))
            ):
                at = self.text.find(part.text, at + 1)
            return at

        places = [-1] * len(parts)
        held: tuple[int, int] | None = None
        start = following(0, 0)
        while start >= 0:
            places[0], free = start, start + len(first.text)
            for turn in range(1, len(parts)):
                if places[turn] >= free:
                    break
                places[turn] = following(turn, free)
                if places[turn] < 0:
                    start = -1
                    break
                free = places[turn] + len(parts[turn].text)
            if start < 0:
                break
            end = places[-1] + len(last.text)
            if held and held[1] != places[-1]:
                yield self.span(first, held[0], last, held[1])
            held = (start, places[-1]) if end - start <= longest else None
            start = following(0, max(start + 1, end - longest))
        if held:
            yield self.span(first, held[0], last, held[1])


class _Surroundings:
    """The text that must stand just before a match and just after it."""

    def __init__(self, archived: ArchivedText, prefix: str | None, suffix: str | None) -> None:
        self.archived, self.prefix, self.suffix = archived, prefix or "", suffix or ""

    @cached_property
    def prefixes(self) -> list[tuple[_Levelled, _Part]]:
        return [(ours, theirs.part(0, len(theirs.text))) for ours, theirs in self.archived.beside(self.prefix)]

    @cached_property
    def suffixes(self) -> list[tuple[_Levelled, _Part]]:
        return [(ours, theirs.part(0, len(theirs.text))) for ours, theirs in self.archived.beside(self.suffix)]

    def before(self, start: int) -> bool:
        """Whether the prefix ends at a place in the original, ignoring white space in between."""
        if self.archived.text.endswith(self.prefix, 0, start):
            return True
        for reading, part in self.prefixes:
            end = bisect_right(reading.ends, start)
            for last in (end, end - 1) if reading.text.endswith(" ", 0, end) else (end,):
                at = last - len(part.text)
                if at >= 0 and reading.text.startswith(part.text, at) and reading.fits(part, at):
                    return True
        return False

    def after(self, end: int) -> bool:
        """Whether the suffix starts at a place in the original, ignoring white space in between."""
        if self.archived.text.startswith(self.suffix, end):
            return True
        for reading, part in self.suffixes:
            start = bisect_left(reading.starts, end)
            for at in (start, start + 1) if reading.text.startswith(" ", start) else (start,):
                if reading.text.startswith(part.text, at) and reading.fits(part, at):
                    return True
        return False


def _level(line: Traced) -> _Levelled:
    for nothing in (_UNSEEN, _SOFT_HYPHEN):
        line = edited(line, ((found.start(), found.end(), "") for found in nothing.finditer(line.text)))
    line = line._replace(text=line.text.translate(_MARKS))
    line = edited(line, _forms(line.text))
    joints: list[tuple[int, int, int, int]] = []
    return _Levelled(edited(line, _gaps(line, joints)), joints)


_QUOTES = "\"'`´‘’‚‛“”„‟«»‹›′″‵‶〝〞〟＂＇｀"
_HYPHENS = "-‐‑﹣－"
_DASHES = "‒–—―−⸺⸻﹘"
_MARKS = {ord(mark): level for marks, level in ((_QUOTES, "'"), (_HYPHENS, "-"), (_DASHES, "–")) for mark in marks}

_UNSEEN = re.compile("[\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
# A soft hyphen at the end of a line is removed together with the line's end.
_SOFT_HYPHEN = re.compile("\u00ad+(?:[^\\S\n]*\n[\\s\u00ad]*)?")
_GAP = re.compile(r"[-–][-–\s]*|''+|\s{2,}|[^\S ]")
_LINE_END = re.compile("[\n\r\v\f\x85\u2028\u2029]")
_ELISION = re.compile(r"\[ ?\. ?\. ?\. ?\]")
_FIRST_WORD = re.compile(r"^\w+")

# Letters that NFKC leaves unchanged and that never combine with the one before them.
_INERT = (
    "\x00-\x7f\u03b1-\u03c9\u0410-\u044f\u05d0-\u05ea\u0621-\u063a\u0641-\u064a"
    "\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3"
)
_TO_NORMALISE = re.compile(f"[{_INERT}]?[^{_INERT}]+")
_MEANT = ("<super>", "<sub>", "<fraction>", "<circle>")


def _says_something(text: str) -> bool:
    """Whether the text has a letter, a number or a symbol such as € or ©; arithmetic signs are too much like dashes."""
    return any(unicodedata.category(character).startswith(("L", "N", "Sc", "So")) for character in text)


def _cuts_accent(text: str, end: int) -> bool:
    """Whether the character at `end` is an accent of the letter before it."""
    if end >= len(text) or text[end] < "\u0300":
        return False
    return _is_accent(text[end]) or _join(text[end - 1 : end], text[end])


def _in_word(text: str, at: int) -> bool:
    return text[at - 1].isalnum() and text[at].isalnum()


def _gaps(line: Traced, joints: list[tuple[int, int, int, int]]) -> Iterator[Edit]:
    """Edits that make a run of white space one space and a run of quotation marks one mark. Dashes are added to `joints`."""
    text, lost = line.text, 0
    for found in _GAP.finditer(text):
        low, high = found.span()
        run = found[0]
        new = "" if run[0] in "-–" else run[0] if run[0] == "'" else " "
        if not new:
            dashes = run.rstrip()
            if high == len(text):
                allowed = _DASH | _DASH_SPACE
            elif _LINE_END.search(run):
                broken = dashes == "-" and low > 0 and text[low - 1].isalpha() and text[high].isalpha()
                allowed = _DASH | _DASH_SPACE | (_NOTHING if broken else 0)
            else:
                allowed = _DASH if run == dashes else _DASH_SPACE
            joints.append((low - lost, allowed, line.starts[low], line.ends[low + len(dashes) - 1]))
        lost += high - low - len(new)
        yield low, high, new


def _forms(text: str) -> Iterator[Edit]:
    """Edits to NFKC (Unicode Standard Annex #15), one letter with its accents at a time, so that each keeps its place."""
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        return
    for found in _TO_NORMALISE.finditer(text):
        if unicodedata.is_normalized("NFKC", found[0]):
            continue
        low, end = found.span()
        while low < end:
            high = low + 1
            while high < end and (_is_accent(text[high]) or _join(text[low:high], text[high])):
                high += 1
            old = text[low:high]
            new = unicodedata.normalize("NFC" if any(map(_stays, old)) else "NFKC", old)
            if new != old:
                yield low, high, new
            low = high


def _is_accent(character: str) -> bool:
    """Whether it is a combining mark, or becomes one by NFKC, as a half-width voiced sound mark does."""
    return unicodedata.combining(unicodedata.normalize("NFKC", character)[0]) != 0


def _stays(character: str) -> bool:
    """Whether it must stay, since NFKC would make another number or word of it, or a space and an accent of a lone accent."""
    parted = not character.isspace() and unicodedata.normalize("NFKC", character)[0] == " "
    return parted or unicodedata.decomposition(character).startswith(_MEANT)


def _join(left: str, right: str) -> bool:
    """Whether NFKC of two neighbours differs from NFKC of each."""
    made = unicodedata.normalize("NFKC", left) + unicodedata.normalize("NFKC", right)
    return unicodedata.normalize("NFKC", left + right) != made
