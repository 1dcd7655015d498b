"""Turns PostgreSQL's errors, by SQLSTATE (the manual's appendix A), into our own."""

from __future__ import annotations

import psycopg

from factstore.errors import Corrupt, FactstoreError, InputError, NoLedger, Refused, Unavailable

#: What a standby answers to a writer: that it is read-only, or cannot begin a transaction that writes.
STANDING_BY = ("25006", "0A000")
_DAMAGED = "`factstore verify` says what is damaged, `factstore rebuild` computes it again"


def in_words(error: psycopg.Error, where: str, timeout: float) -> Exception:
    """The exception for an error of the server; `timeout` is how long it waited for another writer, in seconds."""
    said = " ".join((error.diag.message_primary or str(error)).split())
    state = error.sqlstate or ""
    match state:
        case "":
            return _without_code(error, where, said)
        case "55P03":
            return Unavailable(f"{where} is being written by another program; it did not finish in {timeout:.0f} s")
        case "57014":
            return Unavailable(
                f"{where}: the server stopped a statement that took too long for it; nothing was changed"
            )
        case "25006":
            return Unavailable(f"{where} cannot be written: the server is a read-only standby")
        case "53100":
            return Unavailable(f"{where} could not be written: the server's disk is full; nothing was changed")
        case "53300":
            return Unavailable(f"{where}: the server has no connection to spare")
        case "42501":
            return Refused(f"{where}: the role may not do that: {said}")
        case "3D000":
            return NoLedger(f"{where}: {said}")
        case "23001":  # our triggers
            return Refused(f"{where}: {said}")
        case "42P01" | "42703" | "22P02":  # a missing table or column, or a value that is not JSON
            return Corrupt(f"{where}: {said}; {_DAMAGED}")
        case "22003":
            return InputError("a number is larger than any in a ledger")
        case "40001" | "40P01":
            return Unavailable(f"{where}: another program changed the same at the same time; try again")
        case "XX001" | "XX002":
            return NoLedger(f"{where} is damaged where the server stores it: {said}")
    if state.startswith(("08", "57P", "28")):
        return Unavailable(f"{where}: no connection to the server: {said}")
    if state.startswith("53"):
        return Unavailable(f"{where}: the server has run out of what it needs: {said}")
    return Unavailable(f"{where}: {said} (SQLSTATE {state})")


def _without_code(error: psycopg.Error, where: str, said: str) -> FactstoreError:
    """The exception for an error of the driver: a value that cannot be sent, or no connection."""
    if isinstance(error, psycopg.DataError):
        return InputError(f"the input contains what a ledger cannot hold: {said}")
    if isinstance(error, psycopg.OperationalError):
        return Unavailable(f"{where}: no connection to the server: {said}")
    return Unavailable(f"{where}: {said}")
