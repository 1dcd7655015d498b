"""The types of an ASGI application (ASGI 3.0), whose requests and messages are mappings with values of many types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

#: A connection: its `type`, and for HTTP its method, path and headers.
Scope: TypeAlias = dict[str, Any]
#: What a server and an application tell one another about a connection.
Message: TypeAlias = dict[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
