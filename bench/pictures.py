"""A picture of 500 facts as a page: the whole process, as started from the shell; and a fact with very many participants."""

from __future__ import annotations

from collections.abc import Iterator

import factstore
from bench import environments, ledgers
from bench.measuring import Aim, Row, Scale, seconds
from bench.processes import processor
from factstore.picture.scene import Wanted, scene

COUNT, PARTICIPANTS = 500, 10_000


def rows(scale: Scale) -> Iterator[Row]:
    store = ledgers.of(COUNT, scale.folder)
    store.close()
    yield from _crowded(scale)
    for form in ("html", "svg"):
        file = scale.folder / f"picture.{form}"
        command = [str(environments.factstore() / "factstore"), "picture", str(file.absolute())]
        environment = environments.surroundings(FACTSTORE_DB=str(store.path.absolute()))
        took = min(processor(command, environment) for _ in range(3)) / 1000
        yield Row(f"`factstore picture chronology.{form}` of {COUNT} facts", took, "s", aim=Aim(most=2.0))


def _crowded(scale: Scale) -> Iterator[Row]:
    people = [{"name": f"Person {n}"} for n in range(PARTICIPANTS)]
    fact = {"id": "crowd", "title": "All of them met", "participants": people, "evidence": [{"source": "paper"}]}
    path = scale.folder / "crowd.db"
    path.unlink(missing_ok=True)
    with factstore.open(path) as store:
        store.load({"sources": [{"id": "paper"}], "facts": [fact]})
        took = seconds(lambda: scene(store, Wanted(group_by="participant")))
    yield Row(f"a fact with {PARTICIPANTS:,} participants, a row for each", took, "s", aim=Aim(most=1.0))
