"""Pages in headless Chromium, controlled over a pipe by the DevTools protocol: no driver, no port, no network.

One browser serves many pages, each in a context of its own, so that pages share nothing, as in new private windows.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

#: The first is the same engine without windows, which takes half the time.
_NAMES = (
    ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome") if os.name == "posix" else ()
)
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
    "--disable-features=BackForwardCache",  # so that going back to a page loads it again
    "--remote-debugging-pipe",
    "--window-size=1400,900",
]


class Browser:
    """A browser that runs until it is closed. If it has ended, it is started again for the next page."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pages: dict[str, Page] = {}
        self._number = 0
        self._process = 0

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self._end()

    def page(self) -> Page:
        """A page in a new context."""
        if not self._process:
            self._start()
        context = self.ask("Target.createBrowserContext", "")["browserContextId"]
        target = self.ask("Target.createTarget", "", url="about:blank", browserContextId=context)["targetId"]
        session = self.ask("Target.attachToTarget", "", targetId=target, flatten=True)["sessionId"]
        self._pages[session] = page = Page(self, context, session)
        return page

    def close(self, page: Page) -> None:
        """End a page with its context."""
        del self._pages[page.session]
        if self._process:
            self.ask("Target.disposeBrowserContext", "", browserContextId=page.context)

    def _start(self) -> None:
        import fcntl  # not on Windows

        assert CHROMIUM
        told, tell = os.pipe()
        hear, said = os.pipe()
        # It reads commands from descriptor 3 and answers at 4; both are moved up first, so that neither is overwritten.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (told, said)]
        self._process = os.posix_spawn(
            CHROMIUM,
            [CHROMIUM, *_FLAGS, f"--user-data-dir={self._folder}", "about:blank"],
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
        self._to, self._from = tell, hear
        self._heard = bytearray()

    def _end(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._to)
        os.close(self._from)
        self._process = 0

    def ask(self, method: str, session: str, /, **parameters: Any) -> Any:
        """Send a command to a page's session, or to the browser if that is "". Returns the result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self._tell(json.dumps(message).encode() + b"\0")
        while True:
            answer = self.hear()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def _tell(self, words: bytes) -> None:
        while words:
            words = words[os.write(self._to, words) :]

    def hear(self) -> dict[str, Any]:
        """The next answer or event. Raises RuntimeError, and ends the browser, if none comes."""
        while b"\0" not in self._heard:
            ready, _, _ = select.select([self._from], [], [], _PATIENCE)
            told = os.read(self._from, 2**16) if ready else b""
            if not told:
                self._end()
                raise RuntimeError("the browser ended" if ready else "the browser says nothing more")
            self._heard += told
        text, _, self._heard = self._heard.partition(b"\0")
        answer: dict[str, Any] = json.loads(text)
        if page := self._pages.get(answer.get("sessionId", "")):
            page.note(answer.get("method"), answer.get("params", {}))
        return answer


class Page:
    """One page. `requests` and `problems` collect its network requests, and its errors and refusals."""

    def __init__(self, browser: Browser, context: str, session: str) -> None:
        self._browser = browser
        self.context = context
        self.session = session
        self._loaded = False
        self.requests: list[str] = []
        self.problems: list[str] = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def __enter__(self) -> Page:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._browser.close(self)

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send a command. Returns the result."""
        return self._browser.ask(method, self.session, **parameters)

    def note(self, event: str | None, told: dict[str, Any]) -> None:
        """Note an event."""
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
        """Go to a page, and wait until it is loaded."""
        self._loaded = False
        self.ask("Page.navigate", url=url)
        self._wait()

    def open(self, url: str) -> None:
        """Go to a page, and wait until it is loaded and says that it is ready."""
        self.go(url)
        self.run("until(() => document.documentElement.dataset.ready)")

    def follow(self, element: str) -> None:
        """Click on an element that leads to another page, and wait until that is loaded."""
        there = "found.scrollIntoView({block: 'center'}); return found.getClientRects()[0].toJSON()"
        box = self.run(f"(() => {{ const found = {element}; {there}; }})()")
        self._loaded = False
        self.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self._wait()

    def back(self) -> None:
        """Go back to the page before, and wait until it is there."""
        history = self.ask("Page.getNavigationHistory")
        self._loaded = False
        self.ask("Page.navigateToHistoryEntry", entryId=history["entries"][history["currentIndex"] - 1]["id"])
        self._wait()

    def _wait(self) -> None:
        while not self._loaded:
            self._browser.hear()

    def run(self, script: str) -> Any:
        """The value of an expression in the page; a promise is awaited."""
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
        """A screenshot of the page, as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", optimizeForSpeed=True)["data"])
