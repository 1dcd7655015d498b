"""The command line: arguments become one call, and its result is printed. Data goes to stdout, words to stderr.

Exit code 0: done; 1: refused, or not verified; 2: the command was used wrongly; 130: interrupted.

Errors in a command's own arguments give 2; errors in a document, and refusals by the ledger, give 1. Ctrl-C is the normal
end of `browse` and `log --follow`, and gives 0.
"""

from __future__ import annotations

from factstore.cli.group import cli
from factstore.cli.refusals import ready

__all__ = ["cli", "main"]


def main() -> None:
    """The `factstore` command."""
    ready()
    cli(prog_name="factstore")
