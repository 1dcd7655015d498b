"""Quotes: what is found, what is not, and that a match stands where it says it does."""

from __future__ import annotations

import itertools
import random
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from factstore.evidence.quotes import CONTEXT, MANY, REACH, ArchivedText, check, find, selectors

CHECKOUT = Path(__file__).parents[2]
ARTICLE = CHECKOUT.parent / "shared" / "reference" / "moscow-times-2018-04-02.txt"
SEEDS = sorted((CHECKOUT / "seeds").glob("*.yaml"))

#: A text of our own, with everything that archived texts are made of.
HARBOUR = """# Harbour to close, mayor says

*By our correspondent* · 3 May 2019

“The harbour will close in the au\u00adtumn,” Mayor Ines Valdé told the [Coastal Courier](https://example.org/a_(b) "Courier")
on Friday. She said the decision was **final** — and that
she’d had “no choice … none at all”.

The har-
bour has lost 1 200 jobs since 2011–12; its well-
known ﬁsh market moved in 2014. Nothing, she added, &quot;is for ever&quot;.

“We hope [the ferry] stays,” said Tom Oake. The harbour will close, he added.
"""

VERBATIM = [
    "The harbour will close",
    "well-\nknown",
    "**final** — and that\nshe’d",
    "[the ferry] stays",
    "1 200 jobs",
    "au\u00adtumn",
    "&quot;is for",
]

NORMALISED = {
    "“The harbour will close in the autumn,”": "“The harbour will close in the au\u00adtumn,”",
    '"The harbour will close in the autumn,"': "“The harbour will close in the au\u00adtumn,”",
    "‚The harbour will close in the autumn,‘ Mayor": "“The harbour will close in the au\u00adtumn,” Mayor",
    "''no choice": "“no choice",
    "she'd had": "she’d had",
    "no choice ... none": "no choice … none",
    "was final -- and that she'd": "was **final** — and that\nshe’d",
    "_final_ –\u00a0and": "final** — and",
    "told the Coastal Courier on Friday": (
        'told the [Coastal Courier](https://example.org/a_(b) "Courier")\non Friday'
    ),
    "The harbour has lost": "The har-\nbour has lost",
    "its well-known fish": "its well-\nknown ﬁsh",
    "its wellknown fish": "its well-\nknown ﬁsh",
    "2011-12": "2011–12",
    "1\u202f200  jobs": "1 200 jobs",
    "Ines Valde\u0301": "Ines Valdé",
    "ｍoved in ２014": "moved in 2014",
    'added, "is for ever".': "added, &quot;is for ever&quot;.",
    "The harbour […] moved in 2014": (
        "The har-\nbour has lost 1 200 jobs since 2011–12; its well-\nknown ﬁsh market moved in 2014"
    ),
    "Nothing [...] is for ever […]": "Nothing, she added, &quot;is for ever",
    "“We hope […] stays,”": "“We hope [the ferry] stays,”",
    "[…] Tom [ . . . ] The harbour": "Tom Oake. The harbour",
}

MISSING = [
    "",
    " ",
    "\u200b",
    "—",
    ",” ",
    "[…]",
    "[…] . […]",
    "the harbour will close,",  # case
    "The harbor",
    "We hope the ferry stays",  # the brackets are an editor's
    "201112",
    "2011 12",
    "1200 jobs",
    "well - known",
    "Ines Valde",
    "Tom Oake […] ferry",  # the other way round
    "harbour […] airport",
]


@pytest.mark.parametrize("quote", VERBATIM)
def test_an_exact_match_is_verbatim(quote: str) -> None:
    match = check(quote, HARBOUR).matches[0]
    assert (match.check, match.exact) == ("verbatim", quote)


@pytest.mark.parametrize("quote", NORMALISED)
def test_a_meaningless_difference_is_normalised(quote: str) -> None:
    found = check(quote, HARBOUR)
    assert (found.check, [match.exact for match in found.matches]) == ("normalised", [NORMALISED[quote]])


@pytest.mark.parametrize("quote", MISSING)
def test_a_quote_that_differs_in_a_word_or_says_nothing_is_missing(quote: str) -> None:
    assert check(quote, HARBOUR) == ("missing", ())


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("he resigned", "he re-signed"),
        ("he re-signed", "he resigned"),
        ("minus -5", "minus 5"),
        ("102 of them", "10² of them"),
        ("11/2 miles", "1½ miles"),
        ("fk that", "f**k that"),
        ("23", "2*3"),
        ("snakecase", "snake_case"),
        ("said sic", "said [sic] (in the original)"),
        ("a label", "a [label] (elsewhere)"),
        ("a bc", "*a b*c"),
        ("two three", "*one\n\ntwo* three"),
        ("Jose", "Jose\u0301"),
        ("ｶ", "ｶﾞ"),
        ("resume", "the re\u0301sume\u0301"),
        ("one two", "one\n\n> two"),
    ],
)
def test_a_difference_that_may_be_meant_is_not_levelled(quote: str, text: str) -> None:
    assert check(quote, text).check == "missing"


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("international", "inter-\r\n  national"),
        ("inter-national", "inter-\nnational"),
        ("pre- and post-war", "pre-\nand post-\nwar"),
        ("pre-\nand post-war", "pre- and post-war"),
        ("in the end-\ning", "in the ending"),
        ("word—word", "word—\nword"),
        ("ending", "end\u00ad\ning"),
        ("ending", "end\u00ad\u200b\n\u00ad ing"),
        ("bold and italic words", "***bold** and italic* words"),
        ("a link and an image", "a [link](<x>) and ![an image](y 'z')"),
        ("nested brackets", "[nested [brackets](a)](b)"),
        ("is nested twice", "is [![nested](a)](b) twice"),
        ("rock & roll © 2018", "rock &amp; roll &#169; &#x32;018"),
        ("3. a_b [c]", r"3\. a\_b \[c\]"),
        ("각", "\u1100\u1161\u11a8"),
        ("ガ", "ｶﾞ"),
        ("the end ―", "the end ---"),
        ("„Ja“, sagte er", "»Ja«, sagte er"),
        ("pre-[…]war", "pre- and post-war"),
        ("said\u200b)", "(said)--¨"),
    ],
)
def test_levelling_follows_what_a_reader_sees(quote: str, text: str) -> None:
    assert check(quote, text).check == "normalised"


def test_a_dash_between_words_does_not_join_them_at_the_end_of_a_line() -> None:
    assert check("wordword", "word—\nword").check == "missing"
    assert check("19391945", "1939-\n1945").check == "missing"


def test_a_text_that_itself_contains_an_elision_is_quoted_to_the_letter() -> None:
    text = "He said: “We came […] we saw.” We came, we saw."
    found = check("We came […] we saw", text)
    assert found.check == "verbatim"
    assert [match.exact for match in found.matches] == ["We came […] we saw", "We came, we saw"]
    assert check("We came [...] we saw.”", text).matches[0].check == "normalised"


def test_a_match_in_half_of_a_ligature_covers_all_of_it() -> None:
    assert [match[:2] for match in find("ind", "to ﬁnd")] == [(3, 6)]


def test_positions_count_code_points() -> None:
    text = "🎣🎣 fish 🎣 ﬁsh"
    assert [text[match.start : match.end] for match in find("fish", text)] == ["fish", "ﬁsh"]
    assert [match.start for match in find("fish", text)] == [3, 10]


# ---- more than one match


def test_a_quote_that_occurs_more_than_once_gives_every_place() -> None:
    found = check("harbour will close", HARBOUR)
    assert found.match is None
    assert [HARBOUR[: match.start].count("\n\n") for match in found.matches] == [2, 4]


def test_matches_to_the_letter_come_first() -> None:
    text = '“Yes” he said. “Yes” he said. "Yes" he said.'
    found = check('"Yes" he', text)
    assert [match.check for match in found.matches] == ["verbatim", "normalised", "normalised"]
    assert [match.start for match in found.matches] == [30, 0, 15]


@pytest.mark.parametrize(
    ("prefix", "suffix", "paragraph"),
    [
        ("“The", None, 2),
        ('"The ', None, 2),
        (None, " in the autumn", 2),
        (None, "in the\nautumn", 2),
        ("Tom Oake. The", ", he", 4),
        ("Tom  Oake. The ", None, 4),
    ],
)
def test_the_text_around_a_quote_says_which_place_is_meant(
    prefix: str | None, suffix: str | None, paragraph: int
) -> None:
    match = check("harbour will close", HARBOUR, prefix=prefix, suffix=suffix).match
    assert match
    assert HARBOUR[: match.start].count("\n\n") == paragraph


@pytest.mark.parametrize(("prefix", "suffix"), [('"', None), (None, '"')])
def test_surroundings_may_be_no_more_than_a_mark(prefix: str | None, suffix: str | None) -> None:
    matches = find("harbour", "a harbour, “harbour”, harbours", prefix=prefix, suffix=suffix)
    assert [match.start for match in matches] == [12]


def test_a_place_is_matched_once_however_it_is_read() -> None:
    assert [match.exact for match in find("**the  end**", "it was **the end** of it")] == ["**the end**"]


def test_surroundings_that_do_not_occur_leave_no_match() -> None:
    assert check("harbour will close", HARBOUR, prefix="no").check == "missing"
    assert check("harbour will close", HARBOUR, suffix="Tom Oake").check == "missing"
    assert check("harbour will close", HARBOUR, prefix="“The", suffix=", he").check == "missing"


def test_surroundings_choose_the_ends_of_a_quote_with_an_elision() -> None:
    text = "one a, two a, b three, b four"
    assert [match.exact for match in find("a […] b", text)] == ["a, b"]
    assert [match.exact for match in find("a […] b", text, prefix="one")] == ["a, two a, b"]
    assert [match.exact for match in find("a […] b", text, suffix="four")] == ["a, b three, b"]


def test_the_number_of_matches_is_limited() -> None:
    assert len(find("a", "a" * 5000)) == MANY
    assert len(find("a", "a" * 5000, limit=7)) == 7


# ---- elisions


def test_an_elision_reaches_a_page_and_no_further() -> None:
    near, far = "x" * (REACH - 2), "x" * (REACH - 1)
    assert check("one […] two", f"one {near} two").check == "normalised"
    assert check("one […] two", f"one {far} two").check == "missing"
    assert [match.start for match in find("one […] two", f"one {far} two, one or two")] == [REACH + 9]


def test_parts_follow_each_other_and_do_not_share_a_letter() -> None:
    assert check("abc […] cde", "abcde").check == "missing"
    assert check("abc […] cde", "abccde").check == "normalised"


# ---- selectors


def test_selectors_are_those_of_the_web_annotation_model() -> None:
    match = check("had “no choice", HARBOUR).match
    assert match
    assert selectors(match) == (
        {
            "type": "TextQuoteSelector",
            "exact": "had “no choice",
            "prefix": " was **final** — and that\nshe’d ",
            "suffix": " … none at all”.\n\nThe har-\nbour ",
        },
        {"type": "TextPositionSelector", "start": match.start, "end": match.end},
    )


def test_a_context_is_cut_between_words_where_there_is_a_place_to_cut() -> None:
    text = f"{'x' * 40} begin quote end {'y' * 40}"
    match = check("quote", text).match
    assert match
    assert (match.prefix, match.suffix) == (" begin ", " end ")
    match = check("quote", f"{'x' * 40}quote{'y' * 40}").match
    assert match
    assert (match.prefix, match.suffix) == ("x" * CONTEXT, "y" * CONTEXT)


# ---- always

PIECES = [*"aab  \n\n-–—“”\"'’.…fi[]()*_\\", "ﬁ", "é", "e\u0301", "\u00ad", "\u200b", "\u00a0", "--", "''", "- ", "-\n"]
PIECES += ["[…]", "[...]", "](x)", "&amp;", "**", "ｶﾞ", "²", "\u1100\u1161", "\u00a8", "\u00b4", "word", "🎣"]
texts = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)
anything = st.one_of(texts, st.text(max_size=20), st.builds("{}{}".format, texts, st.text(max_size=10)))
SAYS = ("L", "N", "Sc", "So")


def says_something(text: str) -> bool:
    return any(unicodedata.category(character).startswith(SAYS) for character in text)


def cuts_letter(text: str, at: int) -> bool:
    """Whether a place separates a letter from its accent, or the parts of a syllable."""
    left, right = text[:at][-1:], text[at : at + 1]
    apart = unicodedata.normalize("NFKC", left) + unicodedata.normalize("NFKC", right)
    return bool(right and unicodedata.combining(right)) or unicodedata.normalize("NFKC", left + right) != apart


@st.composite
def slices(draw: st.DrawFn, of: st.SearchStrategy[str] = anything) -> tuple[str, int, int]:
    """A text, and the start and end of a slice of it that has a letter and cuts none."""
    before, after = draw(of), draw(of)
    text = f"{before}b{after}"
    places = [at for at in range(len(text) + 1) if not cuts_letter(text, at)]
    start = draw(st.sampled_from([at for at in places if at <= len(before)]))
    return text, start, draw(st.sampled_from([at for at in places if at > len(before)]))


def noisy(text: str, chance: random.Random) -> str:
    """The same words in other characters."""
    quotes, dashes = "\"“”„«»'’‘", "–—−"
    made = []
    for turn, character in enumerate(text):
        after = text[turn + 1 : turn + 2]
        if character == " ":
            character = chance.choice([" ", "  ", "\u00a0", "\u2009", "\t"])
        elif character in quotes:
            character = chance.choice(quotes)
        elif character in dashes:
            character = chance.choice(dashes)
        elif character == "…":
            character = chance.choice(["…", "..."])
        elif character == "ﬁ":
            character = chance.choice(["ﬁ", "fi"])
        elif character == "é":
            character = chance.choice(["é", "e\u0301"])
        elif character in "ab" and after and after in "ab":
            character += chance.choice(["", "", "\u00ad", "-\n", "-\r\n "])
        if not unicodedata.combining(after or "a"):
            character += chance.choice(["", "", "", "\u200b", "\ufeff"])
        made.append(character)
    return "".join(made)


@given(slices())
def test_every_slice_is_found_verbatim_at_its_own_place(sliced: tuple[str, int, int]) -> None:
    text, start, end = sliced
    matches = find(text[start:end], text, limit=10**6)
    assert (start, end, "verbatim", text[start:end]) in [match[:4] for match in matches]
    assert len({match[:2] for match in matches}) == len(matches)


@given(slices(texts), st.randoms(use_true_random=False))
@example(("a-b", 0, 2), random.Random(1))
@example(("a - b", 0, 3), random.Random(1))
@example(("*ab", 0, 3), random.Random(1))
def test_every_slice_is_found_through_noise(sliced: tuple[str, int, int], chance: random.Random) -> None:
    text, start, end = sliced
    said = [at for at in range(start, end) if says_something(text[at])]
    spans = [match[:2] for match in find(noisy(text[start:end], chance), text, limit=10**6)]
    assert any(low <= said[0] and said[-1] < high for low, high in spans)


words = st.lists(
    st.sampled_from(["rose", "“rose”", "is", "a", "it’s", "—", "well-read", "ﬁne", "1 200", "é"]), min_size=1
)


wraps = st.sampled_from(
    ["{}", "*{}*", "**{}**", "_{}_", "***{}***", "[{}](a_b)", '[{}](a(b) "c d")', "![{}](x)", "[**{}**](y)"]
)


@given(words, words, words, st.data())
def test_markup_is_no_part_of_the_words(
    before: list[str], said: list[str], after: list[str], data: st.DataObject
) -> None:
    said = [*said, "ﬁne"]
    before, after = [*before, "rose"], ["rose", *after]  # dashes together are one dash
    marked = [data.draw(wraps).format(word) for word in said]
    plain, full = " ".join(said), " ".join([*before, *marked, *after])
    start = len(" ".join(before)) + 1
    for quote, text in ((plain, full), (" ".join(marked), " ".join([*before, *said, *after]))):
        length = len(" ".join(marked if text is full else said))
        assert any(start <= match.start and match.end <= start + length for match in find(quote, text, limit=10**6))


@given(anything, anything)
def test_a_match_is_a_stretch_of_the_text_and_is_found_again(text: str, quote: str) -> None:
    for match in find(quote, text):
        assert 0 <= match.start < match.end <= len(text)
        assert match.exact == text[match.start : match.end]
        assert (match.check == "verbatim") == (match.exact == quote)
        assert text[: match.start].endswith(match.prefix)
        assert text[match.end :].startswith(match.suffix)
        assert max(len(match.prefix), len(match.suffix)) <= CONTEXT
        again = find(match.exact, text, prefix=match.prefix, suffix=match.suffix, limit=10**6)
        assert (match.start, match.end, "verbatim") in [one[:3] for one in again]
        narrowed = find(quote, text, prefix=match.prefix, suffix=match.suffix, limit=10**6)
        assert match in narrowed or any(one.start <= match.start and match.end <= one.end for one in narrowed)


@given(anything, anything)
def test_a_text_that_was_levelled_before_gives_the_same_answers(text: str, quote: str) -> None:
    archived = ArchivedText(text)
    assert archived.find(quote) == archived.find(quote) == find(quote, text)


@example("A\uff9e\u0301")
@given(st.text(st.characters(categories=("L", "M", "N")) | st.sampled_from("éｶﾞ\u3099\u1100\u1161\u11a8\u0301a")))
def test_unicode_forms_are_those_of_the_standard(text: str) -> None:
    """Normalising a text letter by letter gives the same as normalising the whole."""
    meant = ("<super>", "<sub>", "<fraction>", "<circle>")
    text = "".join(one for one in text if not unicodedata.decomposition(one).startswith(meant))
    whole = unicodedata.normalize("NFKC", text)
    assume(" " not in whole)  # an accent that stands by itself stays as it is
    assert ArchivedText(text).written.text == whole


# ---- by brute force, on small alphabets


def readings(text: str) -> set[str]:
    """All readings of a text of a, b, spaces, line ends, hyphens and double quotes, levelled the slow way."""
    text = text.replace("“", '"').strip(" \n")
    made = {""}
    for piece in re.findall(r"-[-\s]*|\s+|.", text):
        if piece[0] != "-":
            made = {one + (" " if piece.isspace() else piece) for one in made}
        elif "\n" in piece:
            made = {one + other for one in made for other in ("-", "- ", "<>" if len(piece.rstrip()) == 1 else "-")}
        else:
            made = {one + ("- " if piece[-1] == " " else "-") for one in made}
    return {re.sub("<>(?![ab])", "-", re.sub("(?<=[ab])<>(?=[ab])", "", one)).replace("<>", "-") for one in made}


def by_brute_force(quote: str, text: str) -> set[tuple[int, int]]:
    """The stretches, beginning and ending in a word or a mark, of which some reading is one of the quote's."""
    wanted = readings(quote)
    return {
        (start, end)
        for start, end in itertools.combinations(range(len(text) + 1), 2)
        if text[start] not in " \n" and text[end - 1] not in " \n" and readings(text[start:end]) & wanted
    }


few = st.text('ab \n-“"', max_size=3)


@given(st.text('ab \n-“"', max_size=12), st.builds("{}a{}".format, few, few))
@example("a-\nb a-b ab", "ab")
@example("a-\nb a-b ab", "a-b")
def test_what_is_found_is_what_brute_force_finds(text: str, quote: str) -> None:
    text, quote = (re.sub('([“"])[“"]+', r"\1", one) for one in (text, quote))  # marks together are one mark
    quote = quote.strip(" \n-")
    assert {match[:2] for match in find(quote, text, limit=10**6)} == by_brute_force(quote, text)


@given(st.text("ab.", max_size=14), st.lists(st.text("ab", min_size=1, max_size=2), min_size=2, max_size=4))
def test_elisions_are_filled_as_brute_force_fills_them(text: str, parts: list[str]) -> None:
    spans = set()
    for places in itertools.product(range(len(text)), repeat=len(parts)):
        ends = [at + len(part) for at, part in zip(places, parts, strict=True)]
        follow = all(end <= at for end, at in zip(ends, places[1:], strict=False))
        if follow and all(text.startswith(part, at) for at, part in zip(places, parts, strict=True)):
            spans.add((places[0], ends[-1]))
    shortest = {
        span for span in spans if not any(one != span and span[0] <= one[0] and one[1] <= span[1] for one in spans)
    }
    assert {match[:2] for match in find(" […] ".join(parts), text, limit=10**6)} == shortest


# ---- a large text, and texts made to be slow


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "](",
        "[a](b",
        "*",
        "a*",
        "*a ",
        "_",
        "\\",
        "&",
        "&#1",
        "\n ",
        '](a "b',
        "-",
        "a-",
        "\u00ad ",
        "a\u0301",
        "[…]",
    ],
)
def test_no_text_takes_longer_than_its_length(piece: str) -> None:
    """Quadratic growth would take minutes here."""
    archived = ArchivedText(piece * (40_000 // len(piece)))
    assert archived.find("one […] two") == []
    assert archived.find(piece * 9 + "two") == []


def test_a_quote_of_many_parts_takes_no_longer_than_the_text_is_long() -> None:
    text = "a" * 20_000 + "b"
    assert [match.end for match in find("a […] " * 30 + "b", text)] == [20_001]
    assert find("a […] b […] " * 500 + "c", text) == []


# ---- the seed


def quotes_of(entry: Any) -> list[str]:
    if isinstance(entry, dict):
        return [quote for key, value in entry.items() for quote in ([value] if key == "quote" else quotes_of(value))]
    return [quote for value in entry for quote in quotes_of(value)] if isinstance(entry, list) else []


@pytest.mark.skipif(not ARTICLE.exists(), reason="the article's text does not come with the checkout")
def test_every_quote_of_the_seed_occurs_in_the_article_once() -> None:
    archived = ArchivedText(ARTICLE.read_text(encoding="utf-8"))
    quotes = [
        quote for seed in SEEDS for quote in quotes_of(yaml.load(seed.read_text(encoding="utf-8"), yaml.BaseLoader))
    ]
    found = {quote: check(quote, archived) for quote in quotes}
    assert [quote for quote in found if found[quote].match is None] == []
    assert {*Counter(one.check for one in found.values())} == {"verbatim", "normalised"}
