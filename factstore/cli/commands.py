"""Which module defines which command. A module is imported only when one of its commands is used; most commands need one."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module

import click

MODULES = {
    "browse": "browse",
    "dumping": "dump",
    "evidence": "source speaker check-quotes",
    "exporting": "export",
    "importing": "import",
    "look": "status timeline facts show who-says said-by sources history log before after between overlapping order date",
    "maintenance": "conflicts diff rebuild upgrade backup copy ledgers roles",
    "picture": "picture",
    "proof": "verify head",
    "share": "share",
    "undo": "revert redact",
    "write": "init load add correct withdraw restore cite relate",
}


class Commands(MutableMapping[str, click.Command]):
    """Commands by name. When a module is imported it adds its own, which must be those that `MODULES` lists for it."""

    def __init__(self) -> None:
        self._homes = {name: f"factstore.cli.{module}" for module, names in MODULES.items() for name in names.split()}
        self._here: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._here:
            import_module(self._homes[name])
        return self._here[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        # A command that `MODULES` does not list would never be found.
        assert command.callback is None or command.callback.__module__ == self._homes[name]
        self._here[name] = command

    def __delitem__(self, name: str) -> None:
        del self._homes[name], self._here[name]

    def __contains__(self, name: object) -> bool:
        return name in self._homes

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)
