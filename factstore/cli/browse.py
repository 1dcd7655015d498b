"""The command that opens the ledger in a browser, read-only."""

from __future__ import annotations

import click

from factstore.cli.group import cli, open_store
from factstore.cli.options import Whole, with_db
from factstore.cli.output import tell_beside


@cli.command()
@with_db
@click.option("--port", type=Whole(0, 65535), default=8001, show_default=True, metavar="N", help="0: any free port.")
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="Where to listen; left out: 127.0.0.1, this machine alone.",
)
@click.option("--open", "open_browser", is_flag=True, help="Open it in your browser.")
def browse(port: int, host: str, open_browser: bool) -> None:
    """Show the ledger in a browser.

    There it can be searched, narrowed and queried, but not changed. New records show on the next page. Ctrl-C ends it.

    Example: factstore browse --open
    """
    from factstore.browser import serve
    from factstore.browser.guard import is_local

    store = open_store()

    if not is_local(host):
        tell_beside(f"anybody who can reach {host} can read the whole ledger while this runs")

    def ready(url: str) -> None:
        click.echo(url)
        tell_beside(f"it shows {store.name}, read-only; Ctrl-C ends it")
        if open_browser:
            click.launch(url)

    serve(store, host, port, ready)
