"""A little of `make torture`: it finds no broken promise, and does find one that is broken on purpose."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import postgresql
from torture.blows import compile_strike, start
from torture.cluster import wanting

SECONDS = 120


@pytest.fixture(scope="module")
def strikes(tmp_path_factory: pytest.TempPathFactory) -> None:
    if compile_strike(tmp_path_factory.mktemp("strike")) is None:
        pytest.skip("calls are struck on Linux, where there is a C compiler")


def test_killed_writers_lose_nothing_acknowledged_and_leave_nothing_half_done(tmp_path: Path) -> None:
    done = start("kills", "--rounds", "12", folder=tmp_path, timeout=SECONDS)
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing was lost" in done.stdout


@pytest.mark.usefixtures("strikes")
def test_a_store_that_does_not_wait_for_the_disk_is_detected(tmp_path: Path) -> None:
    done = start("kills", "--careless", folder=tmp_path, timeout=SECONDS)
    assert done.returncode == 1
    assert re.match(r"LOST: seed 1, round \d+: single commits, power cut at call \d+ of \d+: ", done.stderr)


@pytest.mark.usefixtures("strikes")
def test_a_disk_that_is_full_or_fails_at_any_call_leaves_the_old_state_or_the_new(tmp_path: Path) -> None:
    done = start("faults", "--rounds", "13", folder=tmp_path, timeout=SECONDS)
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing was lost" in done.stdout


def test_many_writers_lose_nothing_and_readers_see_whole_commits(tmp_path: Path) -> None:
    done = start("crowd", "--seconds", "2", "--writers", "4", "--readers", "4", folder=tmp_path, timeout=SECONDS)
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing was lost, and no reader saw half of anything" in done.stdout


@pytest.mark.usefixtures("strikes")
def test_a_commit_refused_because_a_sync_failed_does_not_come_back(tmp_path: Path) -> None:
    """It is complete in the log, so that the next to open the file would read it there."""
    done = start("faults", "--at", "add", "failed sync once", "every", folder=tmp_path, timeout=SECONDS)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^\| `add` \|.* [1-9]\d* / \d+ \|", done.stdout, re.MULTILINE), "no commit was refused"


def test_many_writers_on_a_server_lose_nothing_while_they_and_their_connections_are_killed(
    server: postgresql.Server, tmp_path: Path
) -> None:
    words = ("--seconds", "4", "--writers", "3", "--readers", "3")
    done = start("server_crowd", *words, folder=tmp_path, timeout=SECONDS)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "nothing was lost or there twice, and no reader saw half of anything" in done.stdout
    killed = re.search(r"; (\d+) clients and (\d+) connections killed, and (\d+) times the server", done.stdout)
    assert killed is not None
    assert all(map(int, killed.groups())), "somebody was spared"


def test_a_server_that_takes_over_has_every_commit_that_was_acknowledged(tmp_path: Path) -> None:
    if postgresql.binaries() is None or wanting():
        pytest.skip(f"there is no {wanting() or 'PostgreSQL'} here")
    done = start("failover", "--kills", "1", "--between", "0.5", folder=tmp_path, timeout=2 * SECONDS)
    assert done.returncode == 0, done.stderr
    assert "1 kills: acknowledged commits lost: 0" in done.stdout
