"""Writes docs/reference/schema.md: descriptions from `factstore.database`, and ten queries with their output on the seed."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from factstore.database import tables
from factstore.database.views import VIEWS
from factstore.store import Store

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "schema.md"
SEED = ROOT / "seeds" / "moscow-times-2018-04-02.yaml"
MOST = 5

#: Questions that people ask of a file, with the SQL that answers them.
QUERIES = {
    "What happened, in order?": "SELECT earliest, latest, title FROM timeline",
    "What certainly happened before the Russian retaliation? By dates, or by stated order alone.": """SELECT title, latest,
  known_by, said_by
FROM came_before WHERE x = 'russia-expels-60-us-diplomats' ORDER BY latest DESC""",
    "Who says so, through whom, in which words?": """SELECT attribution, quote, url FROM citations
WHERE about = 'russia-expels-60-us-diplomats' AND stance = 'asserts' AND NOT withdrawn""",
    "Which facts rest on one origin alone?": "SELECT id, title FROM timeline WHERE origins = 1",
    "What did the Kremlin say, itself or through somebody who speaks for it?": """SELECT about, spoke, quote FROM citations
WHERE origin = 'The Kremlin' AND NOT withdrawn""",
    "Which facts mention a consulate? A word may be cut short, as in consul*.": """SELECT id,
  snippet(search, -1, '[', ']', '…', 8) AS words
FROM search WHERE search MATCH 'consulate'""",
    "What happened in each month?": "SELECT month, count(*) AS facts FROM timeline GROUP BY month",
    "Which order is stated, and in which words?": "SELECT a, relation, b, phrase FROM orderings WHERE in_force",
    "What was corrected, by whom, and why?": """SELECT id, field, before, after, recorded_by, message FROM corrections
ORDER BY position DESC""",
    "What did a fact say as of an earlier record?": """SELECT title, edtf FROM fact_versions
WHERE id = 'us-expels-60-russian-diplomats'
  AND from_position <= 176 AND (to_position IS NULL OR to_position > 176)""",
}

_TOP = """# What is in the file

*Made by `make docs` from `factstore.database`; the output of queries is that on the seed.*

A ledger is one SQLite file. Anything that reads SQLite (3.37 or newer) reads it: the `sqlite3` shell, Datasette, DB Browser,
pandas. Nothing in it needs Factstore. Begin with the **views**, which have plain names and use ids; the **tables** beneath
them refer to each thing by the position in the ledger that introduced it.

Dates are text as sources and people wrote them (EDTF, ISO 8601-2) or first and last days (ISO 8601). Lists are JSON. The
ledger's own tables refuse all changes, from any program; the others are computed from them, and `factstore rebuild` computes
them again.

```mermaid
flowchart LR
    subgraph ledger [The ledger, which only grows]
        record --- payload
    end
    subgraph projection [Computed from it]
        committed
        thing --> fact & citation & source & speaker & ordering
        fact --> placement --> placement_history
        ordering --> tie
        fact & citation & ordering --> set_aside
        fact & citation --> search
    end
    ledger ==> projection
    source -. by SHA-256 .-> archived_text
```

`citation.about` is a fact or an ordering, `citation.source` a source; an ordering joins the facts `a` and `b`; `of` is the
speaker for whom another speaks. Rows of things hold from position `since` until position `until`; those that hold now have
no `until`.
"""


def page() -> str:
    """The whole document."""
    parts = [_TOP, "\n## Ten queries to copy\n"]
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "facts.db")
        store.load(SEED, message="first reading", by="ann")
        change = {"when": "2018-03-26"}
        store.correct(
            "us-expels-60-russian-diplomats", change, reason="new-evidence", message="announced that day", by="ben"
        )
        with closing(sqlite3.connect(store.path)) as connection:
            for number, (question, sql) in enumerate(QUERIES.items(), start=1):
                parts.append(f"\n{number}. {question}\n\n   ```sql\n{_indented(sql + ';')}\n   ```\n\n")
                parts.append(_indented("\n".join(_answer(connection.execute(sql)))) + "\n")
    parts.append("\n## Views\n")
    for name, view in VIEWS.items():
        parts.append(_section(name, view.says, view.columns.items()))
    parts.append(
        "\n### search\n\nThe full-text index (FTS5): `SELECT id FROM search WHERE search MATCH 'words'`. Its columns are"
        " those of `searchable`; it has facts of any status.\n"
    )
    parts.append("\n## Tables\n")
    for table in (*tables.LEDGER, tables.archived_text, *tables.PROJECTION):
        columns = ((column.name, column.comment or "") for column in table.columns)
        parts.append(_section(table.name, table.comment or "", columns))
    return "".join(parts)


def _section(name: str, says: str, columns: Any) -> str:
    rows = "".join(f"| `{column}` | {sentence} |\n" for column, sentence in columns)
    return f"\n### {name}\n\n{says}\n\n| column | |\n|---|---|\n{rows}"


def _answer(cursor: sqlite3.Cursor) -> Iterator[str]:
    rows = cursor.fetchall()
    yield _row([column[0] for column in cursor.description])
    yield _row(["---"] * len(cursor.description))
    yield from (_row(row) for row in rows[:MOST])
    if len(rows) > MOST:
        yield f"\n… and {len(rows) - MOST} more."


def _row(cells: Sequence[Any]) -> str:
    return "| " + " | ".join("" if cell is None else str(cell).replace("|", "\\|") for cell in cells) + " |"


def _indented(text: str) -> str:
    return "\n".join(f"   {line}" if line else line for line in text.splitlines())
