"""The ledger in a browser: Datasette on the file, which it only reads, with what the tables, views and columns say.

What others commit meanwhile shows on the next page. What a source wrote is text wherever it stands: never markup, and a link
only where it is one.
"""

from __future__ import annotations

from collections.abc import Callable

from factstore.errors import Refused
from factstore.store import Store

__all__ = ["serve"]


def serve(store: Store, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve a ledger until interrupted; `ready` is told the URL once it can be asked. Port 0 is any that is free.

    Raises Refused where the extra is not installed or the port is taken.
    """
    try:
        from factstore.browser import server
    except ImportError as error:
        if (error.name or "").startswith("factstore"):
            raise
        raise Refused("browse needs the extra: pip install 'factstore-timeline[browse]'") from error

    server.serve(store, host, port, ready)
