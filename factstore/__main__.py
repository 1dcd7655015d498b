"""`python -m factstore` is the command."""

from factstore.cli import main

main()
