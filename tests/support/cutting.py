"""A proxy in front of a PostgreSQL server, on a socket of its own, that cuts connections on demand."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path

#: The name of the socket, as clients look for it.
_NAME = ".s.PGSQL.5432"
#: What the client sends to commit, in the protocol's simple form.
COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"


class Proxy:
    """Forwards connections. `before_commit` cuts one before its COMMIT is sent on, `after_commit` when the answer comes back.

    Both apply to the next commit only; `count_down` cuts at the message from a client that brings it to 0. `closed` refuses
    all new connections.
    """

    def __init__(self, folder: Path, server: Path) -> None:
        self._server = str(server / _NAME)
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / _NAME))
        self._listening.listen(20)
        self.before_commit = self.after_commit = self.closed = False
        self.count_down: int | None = None
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            if self.closed:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._server)
            _Pair(self, client, server).start()

    def close(self) -> None:
        # Closing alone does not wake the thread that accepts.
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


class _Pair:
    """A client's connection, and the one to the server."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._is_awaited = False
        self._lock, self._running = threading.Lock(), 2

    def start(self) -> None:
        for work in (self._from_client, self._from_server):
            threading.Thread(target=work, daemon=True).start()

    def _end(self) -> None:
        """Ends both connections, which also ends the other thread; the second thread to get here closes them."""
        for end in (self._client, self._server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._running -= 1
            if not self._running:
                self._client.close()
                self._server.close()

    def _from_client(self) -> None:
        with suppress(OSError):
            while sent := self._client.recv(1 << 16):
                if self._is_to_cut(COMMIT in sent):
                    self._proxy.cuts += 1
                    break
                self._server.sendall(sent)
        self._end()

    def _is_to_cut(self, commits: bool) -> bool:
        proxy = self._proxy
        if proxy.count_down is not None:
            proxy.count_down -= 1
            if proxy.count_down <= 0:
                proxy.count_down = None
                return True
        if commits and proxy.before_commit:
            proxy.before_commit = False
            return True
        self._is_awaited = commits and proxy.after_commit
        return False

    def _from_server(self) -> None:
        with suppress(OSError):
            while said := self._server.recv(1 << 16):
                if self._is_awaited:
                    self._proxy.after_commit = False
                    self._proxy.cuts += 1
                    break
                self._client.sendall(said)
        self._end()
