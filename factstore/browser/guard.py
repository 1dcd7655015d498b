"""Decides which requests are answered: none that another site's page makes and, if the server is for this machine alone,
only those that call the machine by one of its names. Nor does any site learn from which page a visitor came.

Without the rule about names, a web site whose own name points at this machine (DNS rebinding) could make its visitor's
browser read the ledger.
A site that only sends its visitors here is recognized by the browser's headers: `Sec-Fetch-Site` (W3C Fetch
Metadata) or, from browsers that do not send that, `Origin` (RFC 6454).
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from ipaddress import ip_address

from factstore.browser.asgi import App, Message, Receive, Scope, Send

_MISDIRECTED = b"This server answers to the address that it was started with, and to no other.\n"
_CROSS_SITE = b"Another site's page requested this. To see the ledger, type its address in the browser.\n"
_READ_ONLY = b"Nothing can be sent here: the ledger is read-only.\n"
_EVERYWHERE = [
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]


def is_local(host: str) -> bool:
    """Whether a host name or address means this machine alone."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def guarded(app: App, names: Collection[str] | None) -> App:
    """An ASGI app that answers only if the request's Host is one of these names, with any port; None allows any host."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = message | {"headers": [*message.get("headers", ()), *_EVERYWHERE]}
            await send(message)

        if scope["type"] != "http":
            await app(scope, receive, send)
        elif refused := _refused(scope, names):
            status, body = refused
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await sending({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})
        else:
            await app(scope, receive, sending)

    return answer


def _refused(scope: Scope, names: Collection[str] | None) -> tuple[int, bytes] | None:
    """The status and message for a request that is refused; None for one that is answered."""
    host = _header(scope, b"host")
    if names is not None and _without_port(host) not in names:
        return 421, _MISDIRECTED
    if scope["method"] not in ("GET", "HEAD"):
        return 405, _READ_ONLY
    origin = _header(scope, b"origin")
    if _header(scope, b"sec-fetch-site") in ("cross-site", "same-site") or origin not in ("", f"http://{host}"):
        return 403, _CROSS_SITE
    return None


def _header(scope: Scope, name: bytes) -> str:
    """The value of a request's header; "" if there is none, the values joined if it occurs twice."""
    found = [value for key, value in scope["headers"] if key.lower() == name]
    return b", ".join(found).decode("latin-1").strip().lower()


def _without_port(host: str) -> str:
    """The host name without its port (RFC 9110, 7.2)."""
    return str(host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0])
