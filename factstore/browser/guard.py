"""Who is answered: on this machine alone, only who calls it by its name; and no site learns from where it was visited.

A web site whose own name was pointed at this machine (DNS rebinding) could else have its visitor's browser read the ledger.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[dict[str, Any], Any, Send], Awaitable[None]]

_MISDIRECTED = b"This server answers to the address that it was started with, and to no other name.\n"
_EVERYWHERE = [
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]


def is_local(host: str) -> bool:
    """Whether a host's name means this machine alone."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def guarded(app: App, names: Collection[str] | None) -> App:
    """An ASGI app that answers only where the request's Host is one of some names, with any port; None: any host."""

    async def answer(scope: dict[str, Any], receive: Any, send: Send) -> None:
        async def sending(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = message | {"headers": [*message.get("headers", ()), *_EVERYWHERE]}
            await send(message)

        if scope["type"] != "http":
            await app(scope, receive, send)
        elif names is not None and _host(scope) not in names:
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await sending({"type": "http.response.start", "status": 421, "headers": headers})
            await send({"type": "http.response.body", "body": _MISDIRECTED})
        else:
            await app(scope, receive, sending)

    return answer


def _host(scope: dict[str, Any]) -> str:
    """The Host that was asked for, without its port (RFC 9110, 7.2)."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
    return str(host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0])
