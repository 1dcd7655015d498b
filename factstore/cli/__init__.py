"""The command line: arguments become one call, and what it gives back is printed. Data to stdout, words to stderr.

Exit code 0: done; 1: refused, or not verified; 2: what the command was given is wrong; 130: interrupted.

What a command's own arguments get wrong is 2; what a document says, or the ledger refuses, is 1. `browse` and `log --follow`
go on until Ctrl-C, which is no interruption of theirs: 0.
"""

from __future__ import annotations

from factstore.cli.group import cli
from factstore.cli.refusals import ready

__all__ = ["cli", "main"]


def main() -> None:
    """The `factstore` command."""
    ready()
    cli(prog_name="factstore")
