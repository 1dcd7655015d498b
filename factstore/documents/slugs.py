"""Readable ids made from titles."""

from __future__ import annotations

import re
from functools import lru_cache

from anyascii import anyascii

from factstore.ledger.canonical import sha256


@lru_cache(maxsize=1024)  # a sheet names its sources again and again
def slug_of(title: str) -> str:
    """A readable id made from a title's words: lower-case ASCII, at most 60 characters, whole words.

    Other scripts are transliterated; a title without letters or digits gives an id too.
    """
    words = ascii_words(title)
    if not words:
        words = ["fact", sha256(title.encode(errors="replace").decode())[:8]] if title.strip() else ["fact"]
    if not words[0][0].isalpha():
        words.insert(0, "fact")
    slug = str(words[0][:60])
    for word in words[1:]:
        if len(slug) + len(word) >= 60:
            break
        slug += f"-{word}"
    return slug


def ascii_words(text: str) -> list[str]:
    """The words of a text in lower-case ASCII, without accents and apostrophes; other scripts are transliterated."""
    plain = re.sub("['’`\"]", "", anyascii(re.sub("['’]", "", text))).lower()
    return re.findall(r"[a-z0-9]+", plain)
