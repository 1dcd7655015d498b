"""`make bench`: how long questions and changes take, beside a hand-written query on the same file, in one run.

Usage: python -m bench.run [--sizes 10000,100000,1000000] [--folder FOLDER]. Files in the folder are used again.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import factstore
from bench import data
from factstore.documents import parse
from factstore.questions import Questions, _Search
from factstore.repository import Filter

PAGE = 50
ANSWERED = ("stands", "disputed")


def timed(work: Callable[[], Any], *, rounds: int = 30) -> list[float]:
    """Milliseconds of each round, in order of size, after one that does not count."""
    work()
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        found.append((time.perf_counter() - start) * 1000)
    return sorted(found)


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
    """Load lines in documents of a size that one takes."""
    rest = iter(lines)
    while part := list(islice(rest, 50_000)):
        store.load(parse(data.text(part), "bench.jsonl"), message="bench", by="bench", **options)


def store_of(size: int, folder: Path) -> factstore.Store:
    """A store of so many facts, made where it is not there yet."""
    store = factstore.open(folder / f"bench-{size}.db")
    if not store.path.exists():
        start = time.perf_counter()
        load(store, data.chronology(size))
        print(f"loaded {size} facts in {time.perf_counter() - start:.0f} s", flush=True)
    return store


# --- dates ----------------------------------------------------------------------------------------------------


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
        figures = timed(lambda texts=texts: deque(map(factstore.Edtf, texts), maxlen=0), rounds=21)  # type: ignore[misc]
        rows.append((name, median(figures) / len(texts) * 1000, most))
    table("Reading a date (µs)", ("form", "median", "at most"), rows)


# --- before X -------------------------------------------------------------------------------------------------


def page(store: factstore.Store, x: str, certainty: str, *, limit: int = PAGE) -> Callable[[], int]:
    """The first page of what is certain, or of what is possible, whole: facts read, objects made."""

    def work() -> int:
        with store._asking() as there:
            questions = Questions(there)
            search = _Search(questions, "before", [questions.anchor(x)], Filter(status=ANSWERED), limit)
            rows = search.certain() if certainty == "certain" else search.possible()
            return len([there.read_fact(row) for row in islice(rows, limit)])

    return work


_COLUMNS = "p.id, f.title, f.edtf, p.earliest, p.latest, p.status"
BY_HAND = {
    "certain": f"""SELECT {_COLUMNS} FROM (
                     SELECT * FROM (SELECT * FROM placement WHERE revised = 0 AND end_max <= :low
                                    AND status IN ('stands', 'disputed') ORDER BY end_max DESC, id LIMIT 50)
                     UNION ALL
                     SELECT * FROM (SELECT * FROM placement WHERE revised = 1 AND end_max <= :low
                                    AND status IN ('stands', 'disputed') ORDER BY end_max DESC, id LIMIT 50)
                     ORDER BY end_max DESC, id LIMIT 50) p
                   JOIN fact f ON f.position = p.fact AND f.until IS NULL""",
    "possible": f"""SELECT {_COLUMNS} FROM placement p
                    JOIN fact f ON f.position = p.fact AND f.until IS NULL
                    WHERE p.end_min <= :high AND p.end_max > :low AND p.status IN ('stands', 'disputed')
                    ORDER BY p.end_min DESC, p.id LIMIT 50""",
}


def by_hand(store: factstore.Store, x: str, certainty: str) -> Callable[[], int]:
    """The same page by bounds alone, as somebody would write it in the shell."""
    connection = sqlite3.connect(store.path)
    with store._asking() as there:
        bounds = Questions(there).anchor(x).bounds
    given = {"low": bounds.start_min, "high": bounds.start_max}
    return lambda: len(connection.execute(BY_HAND[certainty], given).fetchall())


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
    base: dict[tuple[str, str], float] = {}
    for certainty in ("certain", "possible"):
        for size, store in stores.items():
            for name, x in drawn(store, size).items():
                rounds = 8 if name.endswith("0000") else 30
                fixed = median(timed(page(constant, "1987-06-15", certainty)))
                figures = timed(page(store, x, certainty), rounds=rounds)
                hand = timed(by_hand(store, x, certainty), rounds=3 if size > 100_000 else 15)
                found = median(figures)
                first = base.setdefault((certainty, name), found)
                rows.append(
                    (certainty, name, size, found, p95(figures), fixed, found - fixed, found / first,
                     median(hand), found / median(hand))
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
            "by hand",
            "/ by hand",
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
    """One date in the middle of a chain, tightened and loosened; one ordering added."""
    rows: list[Sequence[object]] = []
    for size in (100, 1_000, length):
        store = chain(folder, size, fresh=True)
        middle = f"link-{size // 2}"
        for name, edtf in (("tightened", "2002"), ("loosened", "2001/2003")):
            start = time.perf_counter()
            done = store.correct(middle, {"when": edtf})
            took = (time.perf_counter() - start) * 1000
            rows.append((f"middle date {name}", size, took, done.placed, took * 1000 / max(1, done.placed)))
        store.load({"facts": [{"id": "aside", "title": "Aside", "evidence": [{"source": "paper"}]}]})
        for other in ("link-0", f"link-{size - 1}"):
            start = time.perf_counter()
            done = store.relate("aside", "starts-after", other, id=f"aside-{other}")
            took = (time.perf_counter() - start) * 1000
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
        today = median(timed(page(plain, "1987-06-15", certainty)))
        now = timed(page(store, "1987-06-15", certainty))
        then = store.at(known=plain.head().position)
        old = timed(page(then, "1987-06-15", certainty))  # type: ignore[arg-type]
        rows.append((certainty, today, median(now), median(now) / today, median(old), median(old) / today))
    table(
        f"{size} facts corrected five times each, before 1987-06-15, first page of 50 (ms)",
        ("page", "uncorrected", "corrected", "ratio", "--known-at the first load", "ratio"),
        rows,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="10000,100000,1000000")
    options.add_argument("--folder", type=Path)
    options.add_argument("--corrected", type=int, default=100_000)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        stores = {int(size): store_of(int(size), folder) for size in given.sizes.split(",")}
        constant = store_of(100, folder)
        dates()
        questions(stores, constant)
        only_paths(folder)
        changes(folder)
        if given.corrected:
            corrected(folder, given.corrected)


if __name__ == "__main__":
    main()
