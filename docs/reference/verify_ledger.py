"""Verify the ledger in an SQLite file without Factstore: python verify_ledger.py FILE [POSITION:HASH] [--part]

Prints one line and exits with 0 if each record is as it was written, else with 1. POSITION:HASH is a head that was published
before, or a file that states it. --part is for a file that `factstore share` made, with some of the payloads: none may be
missing that corrects or withdraws what is shown. Only the tables record and payload are read: what others show is computed
from them, and compared by `factstore verify`. Needs only Python, 3.8 or newer; written from docs/reference/ledger.md.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import pathlib
import re
import sqlite3
import sys

RECORDS = """
SELECT r.position, kind, version, subject, recorded_at, payload_hash, hash, salt, payload
FROM record r LEFT JOIN payload p ON p.position = r.position ORDER BY r.position
"""
FORM = {
    "kind": "[a-z.]+",
    "recorded_at": "[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{6}Z",
    "payload_hash": "[0-9a-f]{64}",
    "salt": "[0-9a-f]{32}",
}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: object) -> str:
    """JSON after RFC 8785, in which each value has exactly one text; raises ValueError for what no ledger contains."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float) or (isinstance(value, int) and abs(value) >= 2**53) or "\0" in str(value):
        raise ValueError("a value that no ledger holds")
    return json.dumps(value, ensure_ascii=False)


def check_form(position: int, payload: str | None, version: int, subject: int, **texts: str | None) -> dict:
    """What the payload says. Raises ValueError if anything does not have the form in which Factstore writes it."""
    try:
        said = json.loads(payload or "{}")
        ill = [name for name, text in texts.items() if text is not None and not re.fullmatch(FORM[name], text)]
        datetime.date.fromisoformat(texts["recorded_at"][:10])
        if not ill and canonical(said) == (payload or "{}") and isinstance(said, dict) and subject >= 1 <= version:
            return said
    except (ValueError, TypeError, RecursionError):
        ill = []
    raise ValueError(f"position {position} is not of the form in which records are written {' '.join(ill)}".strip())


def address(place: pathlib.PurePath) -> str:
    """A file's URI as SQLite reads it, with the server of a shared folder on Windows as a part of the path."""
    return re.sub("^file://(?=[^/])", "file:////", place.as_uri())


def opened(path: str, more: str = "") -> sqlite3.Connection:
    """The file, read-only; without its log if the folder cannot be written, as on a disc."""
    place = pathlib.Path(path).absolute()
    connection = sqlite3.connect(f"{address(place)}?mode=ro{more}", uri=True)
    connection.text_factory = lambda raw: raw.decode(errors="backslashreplace")
    if sqlite3.sqlite_version_info < (3, 37):  # lets older versions read STRICT tables, which they do not know
        connection.execute("PRAGMA writable_schema = ON")
    try:
        connection.execute("SELECT 1 FROM record LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if more or any(os.path.exists(f"{place}{end}") for end in ("-wal", "-journal")):
            raise
        return opened(path, "&immutable=1")
    return connection


def verify(path: str, head: str | dict = "", part: bool = False) -> str:
    """The line to print: the head, after how much of a part is there. Raises ValueError at the first fault."""
    with contextlib.closing(opened(path)) as connection:
        return verified(connection, head.lower() if isinstance(head, str) else head, part)


def verified(connection: sqlite3.Connection, head: str | dict, part: bool) -> str:
    """What `verify` returns, for an open file."""
    ledger, prev, time, position, in_commit, known = "", "0" * 64, "", 0, 0, not head
    missing, redacted, shown, requests = set(), set(), set(), set()
    for stray in connection.execute("SELECT position FROM payload WHERE position NOT IN (SELECT position FROM record)"):
        raise ValueError(f"position {stray[0]} has a payload, but no record")
    for found, kind, version, subject, recorded_at, payload_hash, hash_, salt, payload in connection.execute(RECORDS):
        texts = {"kind": kind, "payload_hash": payload_hash, "recorded_at": recorded_at}
        position += 1
        if found != position:
            raise ValueError(f"position {position} is missing")
        if payload is None and not (part and subject not in shown):
            missing.add(position)
        if payload is not None and sha256(f'{{"payload":{payload},"salt":"{salt}"}}') != payload_hash:
            raise ValueError(f"position {position} has another payload than was hashed")
        said = check_form(position, payload, version, subject, salt=salt, **texts)
        if position == 1 and (kind != "ledger.created" or not re.fullmatch("[0-9a-f]{32}", str(said.get("ledger")))):
            raise ValueError("position 1 does not begin a ledger")
        ledger = ledger or said.get("ledger", "")
        header = dict(texts, format=1, ledger=ledger, position=position, prev=prev, subject=subject, version=version)
        prev = sha256(json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
        if prev != hash_ or recorded_at < time or subject > position:
            raise ValueError(f"position {position} is not the record that was hashed, or not in its place")
        if kind == "redacted" and 1 < subject < position:
            redacted.add(subject)
        if kind == "commit" and said.get("records", in_commit) != in_commit:
            raise ValueError(f"position {position} ends a commit of {said['records']} records, not of {in_commit}")
        request = repr(said.get("request", position))
        if request in requests:
            raise ValueError(f"position {position} ends a commit that has the request of another")
        requests.add(request)
        shown.update([] if payload is None else [position])
        in_commit, time = 0 if kind == "commit" else in_commit + 1, recorded_at
        stated = {"ledger": ledger, "position": position, "hash": prev, "recorded_at": recorded_at}
        known = known or head in (f"{position}:{prev}", stated)
    for gone in sorted(missing - redacted):
        why = ", though what it is about is shown" if part else "; of a part of a ledger, --part verifies what is there"
        raise ValueError(f"position {gone} has no payload, and no redaction names it{why}")
    if not position:
        raise ValueError("there are no records")
    if in_commit:
        raise ValueError(f"position {position} is the last, and does not end a commit")
    if not known:
        raise ValueError(f"the published head {head} is not in this ledger")
    return (f"{len(shown)} of {position} payloads, head " if part else "") + f"{position}:{prev}"


if __name__ == "__main__":
    given, part = [word for word in sys.argv[1:] if word != "--part"], "--part" in sys.argv
    if len(given) not in (1, 2) or "--help" in given:
        print(__doc__)
        sys.exit("--help" not in given)
    sys.stdout.reconfigure(errors="backslashreplace")  # for terminals that cannot show some letters
    try:
        if len(given) == 2 and os.path.isfile(given[1]):  # a statement, as `factstore head --statement` prints it
            said = json.loads(pathlib.Path(given[1]).read_bytes())
            given[1] = {**said, "hash": said["hash"]}  # an error unless it states a hash
        print("part verified:" if part else "verified", verify(*given, part=part))
    except (ValueError, LookupError, TypeError, OSError, sqlite3.Error) as error:
        print("not verified:", error)
        sys.exit(1)
