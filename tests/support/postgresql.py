"""A PostgreSQL server for tests, on a socket, which ends with the process that started it, however that ends.

`python -m tests.support.postgresql BIN [FOLDER]` runs one: it prints its folder when it is up, and takes commands on stdin,
each answered with a line: `stop MODE`, `start`, `standby`, which adds a server that follows it, and `tablespace`, which adds
a small one on a disk of its own. It removes everything when stdin ends. Nothing listens on the network.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

USER = "factstore"
#: Where Debian puts the server's programs, unless $FACTSTORE_POSTGRESQL names another folder.
_BINARIES = "/usr/lib/postgresql"
_STANDBY = "5433"
_SMALL, _SMALL_MIB = "small", 12
_MEMORY, _ROOM = Path("/dev/shm"), 6 * 2**30
#: Settings without durability, since nothing must be kept, and crashes of the machine are not tested here.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_prepared_transactions": "0",
    # In its own folder, since a server that is stopped at once leaves its shared memory behind.
    "dynamic_shared_memory_type": "mmap",
    "log_min_messages": "fatal",
}


def binaries() -> Path | None:
    """The folder that has `initdb` and `postgres`; None if there is no PostgreSQL."""
    given = os.environ.get("FACTSTORE_POSTGRESQL")
    versions = sorted(Path(_BINARIES).glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    there = shutil.which("initdb")
    found = [Path(given)] if given else [*versions, *([Path(there).resolve().parent] if there else [])]
    return next((path for path in found if (path / "initdb").exists()), None)


def memory() -> Path | None:
    """A folder in memory, where making tables is several times as fast; None if it has no room for a few servers."""
    there = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM
    return _MEMORY if there else None


class Server:
    """A server that is up, in a new folder within `base` (left out: that of temporary files). Each `ledger()` names a new
    place in it."""

    def __init__(self, where: Path, base: Path | None = None) -> None:
        self.binaries = where
        self.base = base
        self._numbers = count(1)
        self._standby = False
        self._keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.support.postgresql", str(where), *([str(base)] if base else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            cwd=Path(__file__).parents[2],
        )
        self.folder = Path(self._answer())

    def _answer(self) -> str:
        assert self._keeper.stdout is not None
        said = self._keeper.stdout.readline().strip()
        assert said, "PostgreSQL did not start"
        return said

    def _tell(self, words: str) -> str:
        assert self._keeper.stdin is not None
        self._keeper.stdin.write(words + "\n")
        self._keeper.stdin.flush()
        return self._answer()

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `smart`, `fast` or `immediate`, which is a crash."""
        self._tell(f"stop {mode}")

    def start(self) -> None:
        self._tell("start")

    def standby(self) -> str:
        """Start a server that follows this one. Returns its port, in the same socket folder."""
        if not self._standby:
            self._tell("standby")
            self._standby = True
        return _STANDBY

    def small_disk(self) -> str | None:
        """The name of a tablespace on a disk of a few MiB; None if this user may not mount one.

        Only for a server without a standby, which would use the same folder.
        """
        return _SMALL if self._tell("tablespace") == "tablespace" else None

    def url(self, ledger: str, *, user: str = USER, **more: str) -> str:
        """The URL of a ledger, by name."""
        given = {"host": str(self.folder), "user": user, "ledger": ledger, **more}
        return "postgresql:///postgres?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in given.items())

    def ledger(self) -> str:
        """A free place for a ledger."""
        return self.url(f"ledger_{os.getpid()}_{next(self._numbers)}")

    def close(self) -> None:
        for end in (self._keeper.stdin, self._keeper.stdout):
            if end is not None:
                end.close()
        self._keeper.wait(timeout=60)


# --- the process that keeps it --------------------------------------------------------------------------------


class _Keeper:
    def __init__(self, where: Path, folder: Path) -> None:
        self._where = where
        self._folder = folder
        self._mounted: Path | None = None
        # It refuses to run as root.
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = next(one for one in pwd.getpwall() if one.pw_name in ("postgres", "nobody"))
            os.chown(folder, user.pw_uid, user.pw_gid)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        made = ["initdb", "-D", f"{folder}/data", "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"]
        # A collation other than that of bytes reveals code whose order of texts depends on the server's.
        if self._run(*made, "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en"):
            shutil.rmtree(folder / "data", ignore_errors=True)
            self._run(*made, "--locale=C", check=True)

    def _run(self, command: str, *given: str, check: bool = False) -> int:
        with open(self._folder / "log", "a") as log:
            return subprocess.run(
                [self._where / command, *given], stdout=log, stderr=log, cwd=self._folder, check=check, **self._as
            ).returncode

    def _control(self, *given: str, data: str = "data", check: bool = True) -> None:
        self._run("pg_ctl", "-D", f"{self._folder}/{data}", "-w", *given, check=check)

    def start(self, data: str = "data", **more: str) -> None:
        settings = {"unix_socket_directories": str(self._folder), **_SETTINGS, **more}
        self._control("-o", " ".join(f"-c {name}='{value}'" for name, value in settings.items()), "start", data=data)

    def stop(self, mode: str, *, data: str = "data", check: bool = True) -> None:
        self._control("-m", mode, "stop", data=data, check=check)

    def standby(self) -> None:
        """Copy the server as it is, and make the copy follow it."""
        where = ["-h", str(self._folder), "-U", USER, "-D", f"{self._folder}/standby"]
        self._run("pg_basebackup", *where, "-R", "-X", "stream", "-c", "fast", "--no-sync", check=True)
        self.start("standby", port=_STANDBY)

    def tablespace(self) -> bool:
        """Make a tablespace on a small disk in memory, if this user may mount one."""
        disk = self._folder / _SMALL
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={_SMALL_MIB}m", "tmpfs", str(disk)]
        if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
            return False
        self._mounted = disk
        os.chown(disk, self._as["user"], self._as["group"])
        where = ["-h", str(self._folder), "-U", USER, "-d", "postgres", "-q"]
        self._run("psql", *where, "-c", f"CREATE TABLESPACE {_SMALL} LOCATION '{disk}'", check=True)
        return True

    def end(self) -> None:
        """Remove everything."""
        for data in ("standby", "data"):
            self.stop("immediate", data=data, check=False)
        if self._mounted:
            subprocess.run(["umount", str(self._mounted)], capture_output=True, check=False)

    def keep(self, told: IO[str]) -> None:
        """Carry out commands until there are no more."""
        self.start()
        print(self._folder, flush=True)
        for line in told:
            word, *given = line.split()
            match word:
                case "start":
                    self.start()
                case "stop":
                    self.stop(*given)
                case "standby":
                    self.standby()
                case "tablespace":
                    word = word if self.tablespace() else "none"
            print(word, flush=True)


def _main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="factstore-", dir=sys.argv[2] if len(sys.argv) > 2 else None))
    keeper = None
    try:
        keeper = _Keeper(Path(sys.argv[1]), folder)
        keeper.keep(sys.stdin)
    except BrokenPipeError:
        pass
    finally:
        if keeper:
            keeper.end()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _main()
