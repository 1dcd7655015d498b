"""Fuzzing of properties: a fixed number of examples in the suite, always the same, and new ones for minutes by `make fuzz`.

An example that takes longer than PATIENCE seconds fails, with its input.
"""

from __future__ import annotations

import faulthandler
import os
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from time import monotonic
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

#: How long each property is fuzzed, in minutes; 0 is a short run.
MINUTES = float(os.environ.get("FUZZ_MINUTES", "0"))
#: How many seconds an example may take, on a machine that does other things as well.
PATIENCE = 30
#: The number of examples in a round, which has a seed of its own.
_ROUND = 300


class Hangs(AssertionError):
    """An example takes too long."""


@contextmanager
def watched() -> Iterator[None]:
    """Fails if the block does not end in time. If it never returns to Python, the process ends, and prints its stack."""

    def fail(*_: object) -> None:
        raise Hangs(f"no end after {PATIENCE} s")

    if not hasattr(signal, "setitimer"):  # not there on Windows
        yield
        return
    held = signal.signal(signal.SIGALRM, fail)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    if MINUTES:
        faulthandler.dump_traceback_later(5 * PATIENCE, exit=True)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, held)
        faulthandler.cancel_dump_traceback_later()


def fuzzed(examples: int, **drawn: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Makes a test of a property, with a number of examples or, in `make fuzz`, as many as the minutes allow."""

    def decorate(check: Callable[..., None]) -> Callable[[], None]:
        count = 0

        @wraps(check)
        def counted(**example: Any) -> None:
            nonlocal count
            count += 1
            with watched():
                check(**example)

        def run(**options: Any) -> Callable[[], None]:
            set_up = settings(deadline=None, suppress_health_check=[*HealthCheck], **options)
            return set_up(given(**drawn)(counted))

        def prove() -> None:
            if not MINUTES:
                run(max_examples=examples, derandomize=True, database=None)()
                return
            end = monotonic() + 60 * MINUTES
            while monotonic() < end:
                number = secrets.randbits(32)
                seed(number)(run(max_examples=_ROUND, derandomize=False, print_blob=True))()
            print(f"\n{check.__name__}: {count:,} examples", flush=True)

        prove.__name__, prove.__doc__, prove.__module__ = check.__name__, check.__doc__, check.__module__
        return prove

    return decorate
