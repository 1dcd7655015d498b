"""A page in headless Chromium, spoken to over a pipe in the DevTools protocol: no driver, no port, no network."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome") if os.name == "posix" else ()
CHROMIUM = next(filter(None, map(shutil.which, _NAMES)), None)

_PATIENCE = 120  # seconds
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-features=BackForwardCache",  # a page that is gone back to is loaded again
    "--remote-debugging-pipe",
]


class Page:
    """One page. `requests` and `problems` gather what it asks of the network, and its errors and refusals."""

    def __init__(self, folder: Path, *, width: int = 1400, height: int = 900) -> None:
        import fcntl  # not on Windows

        assert CHROMIUM
        told, tell = os.pipe()
        hear, said = os.pipe()
        # It reads what it is told at 3 and answers at 4; moved up first, so that neither is written over.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (told, said)]
        self._process = os.posix_spawn(
            CHROMIUM,
            [CHROMIUM, *_FLAGS, f"--user-data-dir={folder}", f"--window-size={width},{height}", "about:blank"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, ends[0], 3),
                (os.POSIX_SPAWN_DUP2, ends[1], 4),
            ],
        )
        for end in (told, said, *ends):
            os.close(end)
        self._to = os.fdopen(tell, "wb", buffering=0)
        self._from = os.fdopen(hear, "rb")
        # A browser that says nothing more is ended, so that a test fails rather than waits.
        self._patience = threading.Timer(_PATIENCE, os.kill, (self._process, signal.SIGKILL))
        self._patience.start()
        self._number = 0
        self._session = ""
        self._loaded = False
        self.requests: list[str] = []
        self.problems: list[str] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def __enter__(self) -> Page:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._patience.cancel()
        with suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        self._to.close()
        self._from.close()

    def ask(self, method: str, **parameters: Any) -> Any:
        """One command, and what it gives back."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._to.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def _read(self) -> dict[str, Any]:
        text = bytearray()
        while (sign := self._from.read(1)) != b"\0":
            if not sign:
                raise RuntimeError("the browser ended")
            text += sign
        answer: dict[str, Any] = json.loads(text)
        self._note(answer.get("method"), answer.get("params", {}))
        return answer

    def _note(self, event: str | None, told: dict[str, Any]) -> None:
        if event == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif event == "Runtime.exceptionThrown":
            self.problems.append(json.dumps(told["exceptionDetails"]))
        elif event == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning", "assert"):
            self.problems.append(json.dumps(told["args"]))
        elif event == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            self.problems.append(told["entry"]["text"])
        elif event == "Page.loadEventFired":
            self._loaded = True
        elif event == "Page.javascriptDialogOpening":
            self.problems.append(f"a dialog: {told['message']}")

    def go(self, url: str) -> None:
        """Go to a page, until it is loaded."""
        self._loaded = False
        self.ask("Page.navigate", url=url)
        self._wait()

    def open(self, url: str) -> None:
        """Go to a page, until it is loaded and says that it is ready."""
        self.go(url)
        self.run("until(() => document.documentElement.dataset.ready)")

    def follow(self, element: str) -> None:
        """Click on an element that leads to another page, until that is loaded."""
        there = "found.scrollIntoView({block: 'center'}); return found.getClientRects()[0].toJSON()"
        box = self.run(f"(() => {{ const found = {element}; {there}; }})()")
        self._loaded = False
        self.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self._wait()

    def back(self) -> None:
        """Go back to the page before, until it is there."""
        history = self.ask("Page.getNavigationHistory")
        self._loaded = False
        self.ask("Page.navigateToHistoryEntry", entryId=history["entries"][history["currentIndex"] - 1]["id"])
        self._wait()

    def _wait(self) -> None:
        while not self._loaded:
            self._read()

    def run(self, script: str) -> Any:
        """The value of an expression in the page, waited for where it is a promise."""
        waiting = (
            "const until = async (what) => { for (let n = 0; n < 400; n++) { const found = await what();"
            " if (found) return found; await new Promise((go) => setTimeout(go, 25)); }"
            " throw new Error('waited in vain for ' + what); };"
        )
        found = self.ask(
            "Runtime.evaluate",
            expression=f"(async () => {{ {waiting} return ({script}); }})()",
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"]["exception"].get("description", script))
        return found["result"].get("value")

    def click(self, x: float, y: float) -> None:
        """A real click of the mouse."""
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key: str) -> None:
        """A real press of a key."""
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key=key)

    def screenshot(self) -> bytes:
        """What the page looks like, as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot")["data"])
