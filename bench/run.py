"""`make bench`: how long questions and changes take, beside a hand-written query on the same file, in one run.

Usage: python -m bench.run [--sizes 10000,100000,1000000] [--folder FOLDER]. Files in the folder are used again.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import factstore
from bench import contradictions, data, limits
from factstore.chronology import Chronology
from factstore.documents.reading import (
    line_parts,
)
from factstore.repository.filter import (
    Filter,
)
from factstore.repository.placed import (
    PLACED,
)
from factstore.repository.questions import Questions, _Search

PAGE = 50
ANSWERED = ("stands", "disputed")


def timed(work: Callable[[], Any], *, rounds: int = 30) -> list[float]:
    """Milliseconds of each round, in order of size, after one that does not count."""
    return in_turn([work], rounds=rounds)[0]


def in_turn(works: Sequence[Callable[[], Any]], *, rounds: int = 30) -> list[list[float]]:
    """The same of works that take turns, so that whatever else runs on the machine weighs on all of them alike.

    It is processor time that counts, since a shared machine lets wait: what is asked for is in memory already.
    """
    found: list[list[float]] = [[] for _ in works]
    for turn in range(rounds + 1):
        for work, figures in zip(works, found, strict=True):
            start = time.process_time()
            work()
            if turn:
                figures.append((time.process_time() - start) * 1000)
    return [sorted(figures) for figures in found]


def median(figures: Sequence[float]) -> float:
    return statistics.median(figures)


def p95(figures: Sequence[float]) -> float:
    return figures[min(len(figures) - 1, round(0.95 * (len(figures) - 1)))]


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """One table in Markdown."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print(
            "| " + " | ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row) + " |",
            flush=True,
        )


def load(store: factstore.Store, lines: Iterable[data.Line], **options: Any) -> None:
    """Load lines as one document, in parts."""
    written = (json.dumps(line).encode() for line in lines)
    store.load(line_parts(written, "bench.jsonl"), message="bench", by="bench", **options)


def store_of(size: int, folder: Path) -> factstore.Store:
    """A store of so many facts, made where it is not there yet."""
    store = factstore.open(folder / f"bench-{size}.db")
    if not store.path.exists():
        start = time.perf_counter()
        load(store, data.chronology(size))
        print(f"loaded {size} facts in {time.perf_counter() - start:.0f} s", flush=True)
    return store


# --- dates ----------------------------------------------------------------------------------------------------


def read_dates(texts: Sequence[str]) -> None:
    for text in texts:
        factstore.Edtf(text)


def dates() -> None:
    """How long reading a date takes, over dates of which no two are alike."""
    days = [(date(1950, 1, 1) + timedelta(days=n)).isoformat() for n in range(5_000)]
    months = [f"{1600 + n // 12}-{n % 12 + 1:02}" for n in range(5_000)]
    years = [f"{n + 1:04}" for n in range(5_000)]
    later = [(date(1950, 1, 1) + timedelta(days=n + 9)).isoformat() for n in range(5_000)]
    forms = {
        "a day": (days, 3.0),
        "a month": (months, 3.0),
        "a year": (years, 3.0),
        "an interval of days": ([f"{a}/{b}" for a, b in zip(days, later, strict=True)], 3.0),
        "marks (?2004-06-~11)": ([f"?{day[:8]}~{day[8:]}" for day in days], 50.0),
        "masks (156X-12-25)": ([f"{day[:3]}X{day[4:]}" for day in days], 50.0),
        "a set of five": ([f"[{day[:4]},{day},{day[:4]}-12..{int(day[:4]) + 1}-02]" for day in days], 50.0),
        "a time with an offset": ([f"{day}T15:04:05+03:00" for day in days], 50.0),
        "an exponential year": ([f"Y{n + 1}E7" for n in range(5_000)], 50.0),
    }
    rows: list[Sequence[object]] = []
    for name, (texts, most) in forms.items():
        figures = in_turn([partial(read_dates, texts[n : n + 100]) for n in range(0, 5_000, 100)], rounds=5)
        rows.append((name, median([figure for each in figures for figure in each]) / 100 * 1000, most))
    table("Reading a date (µs)", ("form", "median", "at most"), rows)


# --- before X -------------------------------------------------------------------------------------------------


def page(store: Chronology, x: str, certainty: str, *, limit: int = PAGE) -> Callable[[], int]:
    """The first page of what is certain, or of what is possible, whole: facts read, objects made."""

    def work() -> int:
        with store._asking() as repository:
            questions = Questions(repository)
            search = _Search(questions, "before", [questions.anchor(x)], Filter(status=ANSWERED), limit)
            rows = search.certain() if certainty == "certain" else search.possible()
            return len([repository.read_fact(row) for row in islice(rows, limit)])

    return work


# What somebody who knows the tables and their indexes would write in the shell for the same page by bounds alone, in its
# order: the columns that a printed answer takes, or all that an answer holds. For what is possible no index helps, so
# placements are read through.
PRINTED = "p.id, f.title, f.edtf, p.earliest, p.latest, p.status, p.conflicting, p.end_max, p.end_min"
_CURRENT = "JOIN fact f ON f.position = p.fact AND f.until IS NULL"
_ENDED = "p.end_max <= :low AND p.status IN ('stands', 'disputed')"
BY_HAND = {
    "certain": f"""SELECT {{columns}} FROM placement p {_CURRENT} WHERE p.revised = 0 AND {_ENDED}
                   UNION ALL
                   SELECT {{columns}} FROM placement p {_CURRENT} WHERE p.revised = 1 AND {_ENDED}
                   ORDER BY end_max DESC, id LIMIT {PAGE}""",
    "possible": f"""SELECT {{columns}} FROM (
                      SELECT * FROM placement
                      WHERE end_min <= :high AND end_max > :low AND status IN ('stands', 'disputed')
                      ORDER BY end_min DESC, id LIMIT {PAGE}) p {_CURRENT}
                    ORDER BY p.end_min DESC, p.id""",
}


def by_hand(store: factstore.Store, x: str, certainty: str, columns: str) -> Callable[[], int]:
    """The same page by hand, its rows read with `sqlite3` over a connection that is open already."""
    connection = sqlite3.connect(store.path)
    with store._asking() as repository:
        bounds = Questions(repository).anchor(x).bounds
    given = {"low": bounds.start_min, "high": bounds.start_max}
    query = BY_HAND[certainty].format(columns=columns)
    return lambda: len(connection.execute(query, given).fetchall())


def drawn(store: factstore.Store, size: int) -> dict[str, str]:
    """X early, late, wide, undated, and in connected parts of every size."""
    found = {"early": "1955-03-01", "middle": "1987-06-15", "late": "2023-06-01"}
    with sqlite3.connect(store.path) as connection:
        for name, condition in (("wide", "f.edtf LIKE '%X'"), ("open", "f.edtf LIKE '%/..'")):
            row = connection.execute(
                f"SELECT t.id FROM fact f JOIN thing t USING (position) WHERE {condition} LIMIT 1"
            ).fetchone()
            found[name] = row[0]
    for chain in data.chains(size):
        found.setdefault(f"undated, part of {len(chain) + 1}", f"fact-{chain[len(chain) // 2]}")
    return found


def questions(stores: dict[int, factstore.Store], constant: factstore.Store) -> None:
    rows: list[Sequence[object]] = []
    every = {size: drawn(store, size) for size, store in stores.items()}
    names = dict.fromkeys(name for found in every.values() for name in found)
    for certainty in ("certain", "possible"):
        for name in names:
            asked = {size: every[size][name] for size in stores if name in every[size]}
            pages = [page(stores[size], x, certainty) for size, x in asked.items()]
            hands = [by_hand(stores[size], x, certainty, PRINTED) for size, x in asked.items()]
            wholes = [by_hand(stores[size], x, certainty, PLACED) for size, x in asked.items()]
            rounds = 8 if name.endswith("0000") else 30
            fixed, *figures = in_turn([page(constant, "1987-06-15", certainty), *pages], rounds=rounds)
            written = in_turn([*hands, *wholes], rounds=rounds if certainty == "certain" else 3)
            first = median(figures[0])
            for size, ours, hand, whole in zip(asked, figures, written, written[len(asked) :], strict=False):
                found, low = median(ours), median(fixed)
                rows.append(
                    (certainty, name, size, found, p95(ours), low, found - low, found / first,
                     median(hand), found / median(hand), median(whole), found / median(whole))
                )  # fmt: skip
    table(
        "before X, first page of 50 (ms)",
        (
            "page",
            "X",
            "facts",
            "median",
            "p95",
            "constant part",
            "less constant",
            "/ first size",
            "by hand, as printed",
            "ratio",
            "by hand, whole facts",
            "ratio",
        ),
        rows,
    )


def chain(folder: Path, size: int, *, fresh: bool = False) -> factstore.Store:
    """A store of undated facts, each after the one before it; the first one is dated."""
    path = folder / f"chain-{size}.db"
    if fresh:
        for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            leftover.unlink(missing_ok=True)
    store = factstore.open(path)
    if not path.exists():
        facts: list[dict[str, Any]] = [
            {"id": f"link-{n}", "title": f"Link {n}", "evidence": [{"source": "paper"}]} for n in range(size)
        ]
        facts[0]["when"], facts[size // 2]["when"] = "2001-01-01", "2001/2003"
        orderings = [{"fact": f"link-{n}", "relation": "after", "other": f"link-{n - 1}"} for n in range(1, size)]
        store.load({"sources": [{"id": "paper", "published": "2020-01-01"}], "facts": facts, "orderings": orderings})
    return store


def only_paths(folder: Path, length: int = 10_000) -> None:
    rows: list[Sequence[object]] = []
    store = chain(folder, length, fresh=True)
    for name, number in (("the end", length - 1), ("the middle", length // 2)):
        for certainty in ("certain", "possible"):
            figures = timed(page(store, f"link-{number}", certainty, limit=1000), rounds=10)
            rows.append((name, certainty, median(figures), p95(figures)))
    table(
        f"Only paths decide: X in a connected part of {length}, first 1,000 answers (ms)",
        ("X at", "answers", "median", "p95"),
        rows,
    )


# --- changes --------------------------------------------------------------------------------------------------


def changes(folder: Path, length: int = 10_000) -> None:
    """One date in the middle of a chain, tightened and loosened; one ordering added. The disk's time is not in it."""
    rows: list[Sequence[object]] = []
    for size in (100, 1_000, length):
        store = chain(folder, size, fresh=True)
        middle = f"link-{size // 2}"
        for name, edtf in (("tightened", "2002"), ("loosened", "2001/2003")):
            start = time.process_time()
            done = store.correct(middle, {"when": edtf})
            took = (time.process_time() - start) * 1000
            rows.append((f"middle date {name}", size, took, done.placed, took * 1000 / max(1, done.placed)))
        store.load({"facts": [{"id": "aside", "title": "Aside", "evidence": [{"source": "paper"}]}]})
        for other in ("link-0", f"link-{size - 1}"):
            start = time.process_time()
            done = store.relate("aside", "starts-after", other, id=f"aside-{other}")
            took = (time.process_time() - start) * 1000
            rows.append((f"ordering added at {other}", size, took, done.placed, took * 1000 / max(1, done.placed)))
    table("Changes in a chain", ("change", "facts", "ms", "placements judged", "µs for each"), rows)


def revised(size: int, turn: int) -> Iterable[data.Line]:
    """The chronology with every fact changed: its title in each turn, and in half of them its date too, by years."""
    for line in data.chronology(size):
        fact = line.get("fact")
        if fact:
            number = int(fact["id"].removeprefix("fact-"))
            fact["title"] += f", revised {turn}"
            if (number + turn) % 2 and "when" in fact:
                fact["when"] = f"{1950 + (number * 7 + turn * 13) % 70}-06"
            yield line


def corrected(folder: Path, size: int) -> None:
    """A store whose facts were corrected five times each, half of the corrections moving the date by years."""
    plain = store_of(size, folder)
    store = factstore.open(folder / f"corrected-{size}.db")
    if not store.path.exists():
        load(store, data.chronology(size))
        for turn in range(5):
            load(store, revised(size, turn), correct="extraction-error", allow_conflict=True)
    rows: list[Sequence[object]] = []
    for certainty in ("certain", "possible"):
        clocks = (plain, store, store.at(known=plain.head().position))
        works = [page(clock, "1987-06-15", certainty) for clock in clocks]
        today, now, old = (median(figures) for figures in in_turn(works))
        rows.append((certainty, today, now, now / today, old, old / today))
    table(
        f"{size} facts corrected five times each, before 1987-06-15, first page of 50 (ms)",
        ("page", "uncorrected", "corrected", "ratio", "--known-at the first load", "ratio"),
        rows,
    )


# --- evidence -------------------------------------------------------------------------------------------------


def cited(folder: Path, count: int) -> factstore.Store:
    """A store of one fact with so many citations out of one source, each with a date and a speaker of its own."""
    store = factstore.open(folder / f"cited-{count}.db")
    if not store.path.exists():
        speakers = [{"id": f"officer-{n}", "name": f"Officer {n}", "of": "army"} for n in range(count)]
        said = [
            {"source": "register", "quote": f"page {n}", "when": f"{1800 + n % 50}-04", "attribution": [f"officer-{n}"]}
            for n in range(count)
        ]
        store.load(
            {
                "sources": [{"id": "register", "publisher": "The Register"}],
                "speakers": [{"id": "army", "name": "The Army"}, *speakers],
                "facts": [{"id": "siege", "title": "The siege", "when": "1862-04-05/1862-05-04", "evidence": said}],
            }
        )
    return store


def evidence(folder: Path, counts: Sequence[int] = (1_000, 2_000, 4_000)) -> None:
    """What has to be read of many citations, and how that grows with them."""
    stores = [cited(folder, count) for count in counts]
    asked: dict[str, Callable[[factstore.Store], Any]] = {
        "conflicts of one fact": lambda store: store.conflicts(),
        "said-by a source": lambda store: store.said_by("register"),
        "said-by whom all speak for": lambda store: store.said_by("army"),
    }
    rows: list[Sequence[object]] = []
    for name, ask in asked.items():
        every = in_turn([partial(ask, store) for store in stores], rounds=5)
        first = median(every[0])
        rows += [
            (name, count, median(figures), median(figures) / first, count / counts[0])
            for count, figures in zip(counts, every, strict=True)
        ]
    table("Many citations (ms)", ("question", "citations", "median", "/ first", "citations / first"), rows)


# --- limits ---------------------------------------------------------------------------------------------------


def against_limits(folder: Path, loaded: int) -> None:
    rows = [*limits.single(folder), *limits.bulk(folder, loaded)]
    table("Beside the limit of the engine", limits.HEAD, rows)


def memory(folder: Path, size: int) -> None:
    document = folder / f"memory-{size}.jsonl"
    with document.open("w") as file:
        file.writelines(json.dumps(line) + "\n" for line in data.chronology(size))
    most = limits.peak(document, folder / "memory.db")
    table("Memory", ("loaded at once", "MiB at most", "allowed"), [(size, most, 300.0)])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="10000,100000,1000000")
    options.add_argument("--folder", type=Path)
    options.add_argument("--corrected", type=int, default=100_000)
    options.add_argument(
        "--loaded", type=int, default=100_000, help="so many facts are loaded beside the limit; 0: none"
    )
    options.add_argument(
        "--memory", type=int, default=1_000_000, help="so many facts are loaded for the memory; 0: none"
    )
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if given.loaded:
            against_limits(folder, given.loaded)
        stores = {int(size): store_of(int(size), folder) for size in given.sizes.split(",")}
        constant = store_of(100, folder)
        dates()
        questions(stores, constant)
        only_paths(folder)
        changes(folder)
        evidence(folder)
        table("What contradicts (ms of processor time)", contradictions.HEAD, contradictions.rows(folder))
        if given.corrected:
            corrected(folder, given.corrected)
        table("Full text beside FTS5 alone", limits.HEAD, limits.words(stores[max(stores)]))
        if given.memory:
            memory(folder, given.memory)


if __name__ == "__main__":
    main()
