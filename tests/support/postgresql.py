"""A PostgreSQL server for tests: its own, on a socket, gone with the process that started it, however that ends.

`python -m tests.support.postgresql BIN` keeps one: it prints its folder when it is up, takes `stop MODE` and `start` on
stdin, each answered with a line, and takes everything away when stdin ends. Nothing listens on the network.
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
#: Where Debian puts them, and where $FACTSTORE_POSTGRESQL names them.
_BINARIES = "/usr/lib/postgresql"
#: Nothing is worth keeping; what a crash of the machine could lose is not tried here.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_prepared_transactions": "0",
    "log_min_messages": "fatal",
}


def binaries() -> Path | None:
    """The folder that has `initdb` and `postgres`, None where there is no PostgreSQL."""
    given = os.environ.get("FACTSTORE_POSTGRESQL")
    versions = sorted(Path(_BINARIES).glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    there = shutil.which("initdb")
    found = [Path(given)] if given else [*versions, *([Path(there).resolve().parent] if there else [])]
    return next((path for path in found if (path / "initdb").exists()), None)


class Server:
    """A server that is up. Each `ledger()` names a new place in it."""

    def __init__(self, where: Path) -> None:
        self._numbers = count(1)
        self._keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.support.postgresql", str(where)],
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

    def _tell(self, words: str) -> None:
        assert self._keeper.stdin is not None
        self._keeper.stdin.write(words + "\n")
        self._keeper.stdin.flush()
        self._answer()

    def stop(self, mode: str = "fast") -> None:
        """End it: `smart`, `fast` or `immediate`, which is a crash."""
        self._tell(f"stop {mode}")

    def start(self) -> None:
        self._tell("start")

    def url(self, ledger: str, *, user: str = USER, **more: str) -> str:
        """A ledger's place by name."""
        given = {"host": str(self.folder), "user": user, "ledger": ledger, **more}
        return "postgresql:///postgres?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in given.items())

    def ledger(self) -> str:
        """A place where no ledger is yet."""
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
        # It refuses to run as root.
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = next(one for one in pwd.getpwall() if one.pw_name in ("postgres", "nobody"))
            os.chown(folder, user.pw_uid, user.pw_gid)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        made = ["initdb", "-D", f"{folder}/data", "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"]
        # A collation that is not that of bytes shows where the order of texts would rest on the server's.
        if self._run(*made, "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en"):
            shutil.rmtree(folder / "data", ignore_errors=True)
            self._run(*made, "--locale=C", check=True)

    def _run(self, command: str, *given: str, check: bool = False) -> int:
        with open(self._folder / "log", "a") as log:
            return subprocess.run(
                [self._where / command, *given], stdout=log, stderr=log, cwd=self._folder, check=check, **self._as
            ).returncode

    def _control(self, *given: str, check: bool = True) -> None:
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-w", *given, check=check)

    def start(self) -> None:
        settings = {"unix_socket_directories": str(self._folder), **_SETTINGS}
        self._control("-o", " ".join(f"-c {name}='{value}'" for name, value in settings.items()), "start")

    def stop(self, mode: str, *, check: bool = True) -> None:
        self._control("-m", mode, "stop", check=check)

    def keep(self, told: IO[str]) -> None:
        """Do as told until nobody tells anything."""
        self.start()
        print(self._folder, flush=True)
        for line in told:
            word, *given = line.split()
            self.start() if word == "start" else self.stop(*given)
            print(word, flush=True)


def _main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="factstore-"))
    keeper = None
    try:
        keeper = _Keeper(Path(sys.argv[1]), folder)
        keeper.keep(sys.stdin)
    except BrokenPipeError:
        pass
    finally:
        if keeper:
            keeper.stop("immediate", check=False)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _main()
