"""The command line: arguments become one call, and what it gives back is printed. Data to stdout, words to stderr.

Exit code 0: done; 1: refused, or not verified; 2: misuse; 130: interrupted.
"""

from __future__ import annotations

from factstore.cli import (
    browse,
    dumping,
    evidence,
    exporting,
    importing,
    keep,
    look,
    picture,
    proof,
    share,
    undo,
    write,
)
from factstore.cli.group import cli
from factstore.cli.refusing import ready

__all__ = [
    "browse",
    "cli",
    "dumping",
    "evidence",
    "exporting",
    "importing",
    "keep",
    "look",
    "main",
    "picture",
    "proof",
    "share",
    "undo",
    "write",
]


def main() -> None:
    """The `factstore` command."""
    ready()
    cli(prog_name="factstore")
