"""Chronologies as documents: files are read into entries, with all problems and their lines, and written from entries."""

from __future__ import annotations

from typing import Literal

#: The formats of a document.
DocumentKind = Literal["yaml", "json", "jsonl", "csv"]
