"""Clocks, and the table of all figures."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple


class Aim(NamedTuple):
    """The aim of a figure, at most `most` or at least `least`; it is for the ratio if there is a comparison."""

    most: float | None = None
    least: float | None = None

    def met(self, figure: float) -> bool:
        return (self.most is None or figure <= self.most) and (self.least is None or figure >= self.least)

    def __str__(self) -> str:
        return f"≤ {_short(self.most)}" if self.most is not None else f"≥ {_short(self.least)}" if self.least else ""


class Row(NamedTuple):
    """A figure, and the one that it is compared with in the same unit; without an aim it is only for information."""

    work: str
    ours: float
    unit: str
    beside: float | None = None
    aim: Aim = Aim()

    @property
    def figure(self) -> float:
        """The figure that the aim is for."""
        return self.ours if self.beside is None else self.ours / self.beside


class Scale(NamedTuple):
    """How much is measured. A later run uses the files in `folder` again."""

    folder: Path
    #: Facts in a load, in a ledger that is corrected five times, and in the smallest and the largest that are queried.
    loaded: int
    corrected: int
    small: int
    large: int
    #: How many commits of one fact each, and for how many seconds many writers compete.
    commits: int
    seconds: int


HEAD = "| section | work | ours | beside | unit | ratio | aim | met |\n|---|---|---|---|---|---|---|---|"


def line(section: str, row: Row) -> str:
    """A row of the table in Markdown."""
    ratio = "" if row.beside is None else f"{row.figure:.2f}"
    met = "" if row.aim == Aim() else "yes" if row.aim.met(row.figure) else "**no**"
    beside = "" if row.beside is None else _short(row.beside)
    cells = (section, row.work, _short(row.ours), beside, row.unit, ratio, str(row.aim), met)
    return f"| {' | '.join(cells)} |"


def _short(figure: float | None) -> str:
    """Three significant digits, without an exponent."""
    if figure is None:
        return ""
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def machine() -> str:
    """The machine and versions that it is measured with, in general words."""
    processor = next(
        (
            text.partition(":")[2].strip()
            for text in _lines(Path("/proc/cpuinfo"))
            if text.lower().startswith("model name")
        ),
        platform.processor() or platform.machine(),
    )
    memory = next((int(text.split()[1]) for text in _lines(Path("/proc/meminfo")) if text.startswith("MemTotal")), 0)
    names = ["SQLAlchemy", "pydantic", "click", "eventsourcing", "psycopg"]
    return (
        f"{os.cpu_count()} cores ({processor}), {memory / 2**20:.0f} GiB, {platform.system()}; Python "
        f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        + ", ".join(f"{name} {version(name)}" for name in names)
    )


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


# --- clocks ---------------------------------------------------------------------------------------------------


def in_turn(
    works: Sequence[Callable[[], Any]], *, rounds: int = 30, clock: Callable[[], float] = time.process_time
) -> list[float]:
    """The median milliseconds of several works that take turns, after one round that does not count."""
    found: list[list[float]] = [[] for _ in works]
    for turn in range(rounds + 1):
        for work, figures in zip(works, found, strict=True):
            took = seconds(work, clock) * 1000
            if turn:
                figures.append(took)
    return [statistics.median(figures) for figures in found]


def milliseconds(work: Callable[[], Any]) -> float:
    """Milliseconds of processor time."""
    return seconds(work) * 1000


def seconds(work: Callable[[], Any], clock: Callable[[], float] = time.process_time) -> float:
    start = clock()
    work()
    return clock() - start


class Took(NamedTuple):
    """Seconds of processor time, and of wall time."""

    processor: float
    wall: float


def both(work: Callable[[], Any]) -> Took:
    processor, wall = time.process_time(), time.perf_counter()
    work()
    return Took(time.process_time() - processor, time.perf_counter() - wall)
