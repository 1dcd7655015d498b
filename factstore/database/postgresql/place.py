"""The place of a ledger on PostgreSQL: a URL of PostgreSQL's own form, in which `ledger=NAME` names the schema."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from factstore.errors import InputError

SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
#: The schema of a ledger if the URL does not name one.
LEDGER = "factstore"
#: The longest name in bytes; PostgreSQL cuts longer ones.
LONGEST = 63


class DatabaseUrl(NamedTuple):
    """A database for the driver, the ledger's schema, and the URL without a password, for sentences.

    `pooled`: connections come from a pooler, which may use a different one for each transaction.
    """

    database: str
    schema: str
    name: str
    pooled: bool


def read_url(url: str) -> DatabaseUrl:
    """Read a URL. Raises InputError if the ledger's name is impossible, or the URL cannot be read."""
    try:
        parts = urlsplit(url)
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        whom, _, hosts = parts.netloc.rpartition("@")
        _check_ports(hosts)
    except ValueError as error:
        raise InputError(f"{_without_password(url)}: the URL cannot be read: {error}") from None
    own = {name: value for name, value in given if name in ("ledger", "pooler")}
    others = [(name, value) for name, value in given if name not in own]
    schema = own.get("ledger", LEDGER)
    check_schema(schema)
    if own.get("pooler", "transaction") != "transaction":
        raise InputError("the only value for pooler is transaction")
    user = whom.partition(":")[0] + "@" if whom else ""
    told = [(name, value) for name, value in others if name not in ("password", "passfile", "sslpassword")]
    query = urlencode([*told, ("ledger", schema)], quote_via=quote, safe="/")
    database = urlencode(others, quote_via=quote)
    return DatabaseUrl(
        f"postgresql://{parts.netloc}{parts.path}{'?' if database else ''}{database}",
        schema,
        f"postgresql://{user}{hosts}{parts.path}?{query}",
        "pooler" in own,
    )


def _check_ports(hosts: str) -> None:
    """Raises ValueError unless each of several hosts has a number as its port, or none."""
    for host in hosts.split(","):
        _, _, port = host.rpartition("]")[2].partition(":")
        if port and not (port.isascii() and port.isdigit() and int(port) < 1 << 16):
            raise ValueError(f"{port} is not a port")


def _without_password(url: str) -> str:
    """A URL that cannot be read, without what may be a password."""
    scheme, _, rest = url.partition("?")[0].partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def check_schema(name: str) -> None:
    """Raises InputError if a text cannot be the name of a ledger on PostgreSQL."""
    if not name or "\0" in name or len(name.encode(errors="surrogatepass")) > LONGEST:
        raise InputError(f"ledger={name}: a ledger's name must have 1 to {LONGEST} bytes")
    if name.startswith("pg_") or name == "information_schema":
        raise InputError(f"ledger={name}: names that begin with pg_ are reserved for the server")
