"""A picture of 500 facts as a page: the whole process, as started from the shell."""

from __future__ import annotations

from collections.abc import Iterator

from bench import environments, ledgers
from bench.measuring import Aim, Row, Scale
from bench.processes import processor

COUNT = 500


def rows(scale: Scale) -> Iterator[Row]:
    store = ledgers.of(COUNT, scale.folder)
    store.close()
    for form in ("html", "svg"):
        file = scale.folder / f"picture.{form}"
        command = [str(environments.factstore() / "factstore"), "picture", str(file.absolute())]
        environment = environments.surroundings(FACTSTORE_DB=str(store.path.absolute()))
        took = min(processor(command, environment) for _ in range(3)) / 1000
        yield Row(f"`factstore picture chronology.{form}` of {COUNT} facts", took, "s", aim=Aim(most=2.0))
