"""How properties are fuzzed: so many examples in the suite, always the same, and ever new ones for minutes by `make fuzz`.

Every example is watched: one that takes longer than PATIENCE seconds fails, with its input.
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

#: How long each property is fuzzed; 0 is a short run.
MINUTES = float(os.environ.get("FUZZ_MINUTES", "0"))
#: So many seconds an example may take, on a machine that does other things as well.
PATIENCE = 30
#: A round has so many examples and a seed of its own.
_ROUND = 300


class Hangs(AssertionError):
    """An example takes too long."""


@contextmanager
def watched() -> Iterator[None]:
    """A block that fails where it does not end in time. What never comes back to Python ends the process, with its stack."""

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
    """A property of what is drawn: of so many examples, or, by `make fuzz`, of as many as the minutes allow."""

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
