"""The headers of an answer: what a page may load and run; and the status, if a question could not be answered.

Our own Content-Security-Policy (level 3) has a new nonce for each answer. Only scripts in a template's own text get the
nonce, before any text of the ledger is filled in. So nothing that a source wrote can run, even if it were not escaped.
"""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from collections.abc import Callable
from contextvars import ContextVar
from hashlib import sha256

from jinja2 import BaseLoader, Environment

from factstore.browser.asgi import App, Message, Receive, Scope, Send

_NAME = b"content-security-policy"
#: The handlers that Datasette 1.0 puts on its buttons; their hashes allow exactly these and no others.
_HANDLERS = ("openColumnChooser()",)
_HASHES = " ".join(f"'sha256-{b64encode(sha256(handler.encode()).digest()).decode()}'" for handler in _HANDLERS)
_POLICY = (
    f"default-src 'none'; script-src 'self' 'nonce-{{nonce}}' 'unsafe-hashes' {_HASHES}; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_SCRIPT = re.compile(r"<script\b")
_nonce: ContextVar[str] = ContextVar("nonce", default="")
_refused: ContextVar[bool] = ContextVar("refused", default=False)


class Nonced(BaseLoader):
    """Loads templates with another loader, and gives their scripts the nonce of the answer."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        text, name, fresh = self._loader.get_source(environment, template)
        return _SCRIPT.sub('<script nonce="{{ nonce() }}"', text), name, fresh

    def list_templates(self) -> list[str]:
        return self._loader.list_templates()


def give_nonces(environment: Environment) -> None:
    """Make all scripts in an environment's templates carry the nonce."""
    if environment.loader and not isinstance(environment.loader, Nonced):
        environment.loader = Nonced(environment.loader)
        environment.globals["nonce"] = _nonce.get


def refused() -> str:
    """Answer with status 400 in place of 200; for a template that shows an error, so it returns "".

    Datasette 1.0 answers a failed query with status 200 and its form.
    """
    _refused.set(True)
    return ""


def policed(app: App) -> App:
    """An ASGI app whose answers say what a page may load, unless an answer says so itself."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        nonce = secrets.token_urlsafe(16)
        _nonce.set(nonce)
        _refused.set(False)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ())]
                if _NAME not in {name.lower() for name, _ in headers}:
                    headers.append((_NAME, _POLICY.format(nonce=nonce).encode()))
                status = 400 if _refused.get() and message["status"] == 200 else message["status"]
                message = message | {"headers": headers, "status": status}
            await send(message)

        await app(scope, receive, sending)

    return answer
