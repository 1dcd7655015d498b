"""Chronologies as documents: files in our own formats are read into entries, and written from entries.

An *entry* is what a document says of one source, speaker, fact or ordering; ids refer to other entries, or to the
ledger.

In: `reading` opens a file, `formats` reads it into plain values with their lines (`tabular` for rows of CSV), and
`collecting` checks these against the models in `entries`. All problems are collected, each with its place. Out:
`narrowing` takes the part that some facts need, and `writing` writes entries so that reading them gives the same
ones, to the letter. `slugs` makes ids of titles; `spellings` finds a name however it is written.
"""

from __future__ import annotations

from typing import Literal

#: The formats of a document.
DocumentKind = Literal["yaml", "json", "jsonl", "csv"]
