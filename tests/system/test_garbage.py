"""The search for cycles resumes once the last block that pauses it has ended."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from threading import Event, Thread

import pytest

from factstore.garbage import uncollected


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was_on else gc.disable)()


def test_blocks_may_be_nested() -> None:
    with uncollected():
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_block_may_fail() -> None:
    with pytest.raises(KeyError), uncollected():
        raise KeyError
    assert gc.isenabled()


def test_blocks_of_threads_may_overlap() -> None:
    within, ended = Event(), Event()

    def work() -> None:
        with uncollected():
            within.set()
            ended.wait()

    thread = Thread(target=work)
    with uncollected():
        thread.start()
        within.wait()
    assert not gc.isenabled()
    ended.set()
    thread.join()
    assert gc.isenabled()


def test_a_caller_that_turned_it_off_finds_it_off() -> None:
    gc.disable()
    with uncollected():
        pass
    assert not gc.isenabled()
