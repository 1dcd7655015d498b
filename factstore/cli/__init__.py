"""The command line: arguments become one call, and what it gives back is printed. Data to stdout, words to stderr.

Exit code 0: done; 1: refused, or not verified; 2: misuse; 130: interrupted.
"""

from __future__ import annotations

from factstore.cli.group import cli
from factstore.cli.refusing import ready

__all__ = ["cli", "main"]


def main() -> None:
    """The `factstore` command."""
    ready()
    cli(prog_name="factstore")
