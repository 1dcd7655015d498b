"""The ledger in a browser: Datasette on the file, read-only, with descriptions of the tables, views and columns.

What others commit meanwhile shows on the next page loaded. Text written by a source is always shown as text, never as
markup, and as a link only if it is a web address.
"""

from __future__ import annotations

from collections.abc import Callable

from factstore.errors import Refused
from factstore.store import Store

__all__ = ["serve"]


def serve(store: Store, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve a ledger until interrupted; `ready` is called with the URL once it accepts requests. Port 0: any free port.

    Raises Refused if the extra is not installed or the port is taken.
    """
    try:
        from factstore.browser import server
    except ImportError as error:
        if (error.name or "").startswith("factstore"):
            raise
        raise Refused("browse needs the extra: pip install 'factstore-timeline[browse]'") from error

    server.serve(store, host, port, ready)
