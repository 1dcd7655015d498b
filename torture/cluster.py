"""Two PostgreSQL servers under Patroni, with etcd, on this machine's loopback, for as long as a block runs.

A machine is Patroni and the processes that it starts: killing all of them at once is how a machine dies.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.postgresql import memory

USER = "factstore"
HOST = "127.0.0.1"
#: How long a silent leader is believed alive, in seconds: the least that Patroni allows.
TTL = 20
#: How long a machine may take to join, in seconds.
_PATIENCE = 120.0


def wanting() -> str | None:
    """The first program that this needs and that is not installed; None if all are."""
    return next((name for name in ("etcd", "patroni") if shutil.which(name) is None), None)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        port: int = taken.getsockname()[1]
        return port


class Program:
    """A program in a session of its own, as a user other than root, with its output in a file."""

    def __init__(self, folder: Path, name: str, *command: str) -> None:
        who: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
        with open(folder / f"{name}.log", "ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, env=clean,
                start_new_session=True, **who,
            )  # fmt: skip

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Machine:
    """A server, and the Patroni that supervises it."""

    def __init__(self, folder: Path, name: str, etcd: int, binaries: Path) -> None:
        self.name = name
        self.port, self._api = _free_port(), _free_port()
        self._folder = folder
        self._data = folder / name
        self._patroni: Program | None = None
        settings = _settings(self.name, self._data, folder, self.port, self._api, etcd, binaries)
        (folder / f"{name}.json").write_text(json.dumps(settings))

    def start(self) -> None:
        # JSON is YAML.
        self._patroni = Program(self._folder, self.name, "patroni", f"{self.name}.json")

    def kill(self) -> None:
        """Kill the machine: all its processes at once."""
        server = self._server()
        children = _children(server) if server else []
        if self._patroni:
            self._patroni.kill()
            self._patroni = None
        _kill(*([server] if server else []), *children)

    def kill_server(self) -> None:
        """Kill the server's processes, which Patroni notices."""
        server = self._server()
        if server:
            _kill(server, *_children(server))

    def _server(self) -> int | None:
        """The server's first process; None if there is none."""
        try:
            pid = int((self._data / "postmaster.pid").read_text().split("\n", 1)[0])
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return pid if str(self._data).encode() in arguments else None

    def members(self) -> dict[str, str]:
        """The role of each running machine as this one sees it, by name: leader, sync_standby or replica."""
        try:
            with urlopen(f"http://{HOST}:{self._api}/cluster", timeout=2) as answer:
                found = json.load(answer)["members"]
        except (URLError, OSError, ValueError, KeyError):
            return {}
        return {one["name"]: one["role"] for one in found if one["state"] in ("running", "streaming")}


def _children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def _kill(*pids: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < until:
        time.sleep(0.02)


def _settings(name: str, data: Path, folder: Path, port: int, api: int, etcd: int, binaries: Path) -> dict[str, Any]:
    trusted = ["local all all trust", f"host all all {HOST}/32 trust", f"host replication all {HOST}/32 trust"]
    return {
        "scope": "factstore",
        "name": name,
        "restapi": {"listen": f"{HOST}:{api}", "connect_address": f"{HOST}:{api}"},
        "etcd3": {"host": f"{HOST}:{etcd}"},
        "bootstrap": {
            "dcs": {
                "ttl": TTL,
                "loop_wait": 2,
                "retry_timeout": 3,
                # Patroni does not wait for a server that died: another takes its place.
                "master_start_timeout": 0,
                "synchronous_mode": True,
                "postgresql": {"use_pg_rewind": True, "parameters": {"max_connections": 60, "wal_log_hints": "on"}},
            },
            "initdb": [{"encoding": "UTF8"}, "data-checksums"],
        },
        "postgresql": {
            "listen": f"{HOST}:{port}",
            "connect_address": f"{HOST}:{port}",
            "data_dir": str(data),
            "bin_dir": str(binaries),
            "pgpass": str(folder / f"{name}.pgpass"),
            "pg_hba": trusted,
            "authentication": {one: {"username": USER} for one in ("superuser", "replication", "rewind")},
            "parameters": {"unix_socket_directories": str(folder), "shared_buffers": "64MB"},
        },
    }


class Cluster:
    """Two machines, one of which leads."""

    def __init__(self, machines: list[Machine]) -> None:
        self.machines = machines

    def url(self, ledger: str, **more: str) -> str:
        """The URL of a ledger on whichever machine accepts writes."""
        hosts = ",".join(f"{HOST}:{machine.port}" for machine in self.machines)
        given = {"ledger": ledger, "target_session_attrs": "read-write", "connect_timeout": "3"} | more
        return f"postgresql://{USER}@{hosts}/postgres?" + "&".join(f"{name}={value}" for name, value in given.items())

    def leader(self) -> Machine | None:
        """The machine that leads, once the other is its synchronous standby."""
        for machine in self.machines:
            roles = machine.members()
            if sorted(roles.values()) == ["leader", "sync_standby"]:
                return next(one for one in self.machines if roles.get(one.name) == "leader")
        return None

    def await_leader(self) -> Machine:
        """The machine that leads. Raises TimeoutError if none does, with a standby, for a long time."""
        return _await(self.leader)


def _await(look: Callable[[], Machine | None]) -> Machine:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise TimeoutError(f"no leader with a synchronous standby within {_PATIENCE:.0f} s")


@contextmanager
def cluster(binaries: Path) -> Iterator[Cluster]:
    """A running cluster, of which nothing is left after the block."""
    # Processes are killed, not disks, so files in memory survive as on a disk.
    folder = Path(tempfile.mkdtemp(prefix="failover-", dir=memory()))
    etcd: Program | None = None
    machines: list[Machine] = []
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        port, peers = _free_port(), _free_port()
        etcd = Program(
            folder, "etcd", "etcd", "--data-dir", str(folder / "etcd"),
            "--listen-client-urls", f"http://{HOST}:{port}", "--advertise-client-urls", f"http://{HOST}:{port}",
            "--listen-peer-urls", f"http://{HOST}:{peers}", "--initial-advertise-peer-urls", f"http://{HOST}:{peers}",
            "--initial-cluster", f"default=http://{HOST}:{peers}",
        )  # fmt: skip
        machines += [Machine(folder, name, port, binaries) for name in ("north", "south")]
        for machine in machines:
            machine.start()
        made = Cluster(machines)
        made.await_leader()
        yield made
    except BaseException:
        for log in sorted(folder.glob("*.log")):
            print(f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:]))
        raise
    finally:
        for machine in machines:
            machine.kill()
        if etcd:
            etcd.kill()
        shutil.rmtree(folder, ignore_errors=True)
