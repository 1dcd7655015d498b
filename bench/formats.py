"""The same facts as JSON Lines, as CSV, as somebody's spreadsheet and as YAML, each loaded into a new ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

import factstore
from bench import data
from bench.by_hand import remove
from bench.measuring import Aim, Row, Scale, seconds
from factstore.documents import writing
from factstore.exchange.arrivals import Holdings
from factstore.exchange.headers import SheetOptions
from factstore.exchange.incoming import FORMATS

#: What a YAML parser in Python can read in a few seconds.
MOST = 20_000

Fact = dict[str, Any]


def rows(scale: Scale) -> Iterator[Row]:
    count, folder = min(scale.loaded, MOST), scale.folder
    lines = [*data.chronology(count)]
    sources = {"sources": [line["source"] for line in lines if "source" in line]}
    facts = [line["fact"] for line in lines if "fact" in line]
    entries = [("fact", fact) for fact in facts]
    documents = {f"as-{kind}.{kind}": text for kind, text in _texts(entries).items()}
    for name, text in documents.items():
        (folder / name).write_text(text)
    _sheet(folder / "as-sheet.xlsx", facts)

    def loaded(work: Callable[[factstore.Store], object]) -> float:
        remove(folder / "formats.db")
        with factstore.open(folder / "formats.db") as store:
            store.load(sources)
            return count / seconds(lambda: work(store))

    plain, csv, yaml = (loaded(lambda store, name=name: store.load(folder / name)) for name in documents)  # type: ignore[misc]
    sheet = loaded(lambda store: _import(store, folder / "as-sheet.xlsx"))
    for name, rate, aim in (("CSV", csv, Aim(least=0.9)), ("a sheet", sheet, Aim(least=0.8)), ("YAML", yaml, Aim())):
        yield Row(f"`load` of {count:,} facts as {name}, beside JSON Lines", rate, "facts/s", plain, aim)


def _texts(entries: list[tuple[str, Fact]]) -> dict[str, str]:
    return {
        "jsonl": "".join(json.dumps({kind: entry}) + "\n" for kind, entry in entries),
        "csv": writing.write_csv(entries).facts,
        "yaml": writing.write_yaml(entries),
    }


def _sheet(path: Path, facts: list[Fact]) -> None:
    """A workbook as people keep them, with headers of their own."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Chronology")
        sheet.write_row(0, 0, ("Ref", "Date", "What happened", "Source", "Quote"))
        for turn, fact in enumerate(facts, start=1):
            said = fact["evidence"][0]
            sheet.write_row(turn, 0, (fact["id"], fact.get("when", ""), fact["title"], said["source"], said["quote"]))


def _import(store: factstore.Store, path: Path) -> None:
    """What `factstore import` does."""
    options = SheetOptions(fields={"Ref": "id"})
    for arrival in FORMATS["sheet"].read(path.read_bytes(), path.name, options, Holdings(store.entries())):
        store.load(arrival.document)
