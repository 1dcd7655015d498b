"""docs/reference/cli.md has all commands; tests/system/test_docs.py checks their output."""

from __future__ import annotations

from factstore.cli import cli
from factstore.cli.group import SECTIONS
from tests.support.cli_docs import PAGE, page
from tests.support.docs import silent


def test_the_page_is_up_to_date() -> None:
    assert silent(PAGE.read_text(encoding="utf-8")) == page(), "run `make docs` and look at what changed"


def test_every_command_has_its_place() -> None:
    assert sorted(" ".join(SECTIONS.values()).split()) == sorted(cli.commands)
