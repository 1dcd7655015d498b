"""Verify the ledger in an SQLite file without Factstore: python verify_ledger.py FILE [POSITION:HASH]

Prints one line and exits with 0 where every record is as it was written, with 1 where one is not. POSITION:HASH is a head
that was published before. Written from docs/ledger.md, with Python's standard library only.
"""

import hashlib
import json
import pathlib
import sqlite3
import sys

RECORDS = """
SELECT r.position, kind, version, subject, recorded_at, payload_hash, hash, salt, payload
FROM record r LEFT JOIN payload p ON p.position = r.position ORDER BY r.position
"""
STRAYS = "SELECT position FROM payload WHERE position NOT IN (SELECT position FROM record)"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def verify(path: str, head: str = "") -> str:
    """The head of the ledger; raises ValueError at the first thing that is not as it was written."""
    connection = sqlite3.connect(pathlib.Path(path).absolute().as_uri() + "?mode=ro", uri=True)
    connection.text_factory = lambda raw: raw.decode(errors="backslashreplace")
    ledger, prev, time, position, in_commit, heads = "", "0" * 64, "", 0, 0, set()
    missing, redacted = set(), set()
    for stray in connection.execute(STRAYS):
        raise ValueError(f"position {stray[0]} has a payload, but no record")
    for row in connection.execute(RECORDS):
        found, kind, version, subject, recorded_at, payload_hash, hash_, salt, payload = row
        position += 1
        if found != position:
            raise ValueError(f"position {position} is missing")
        if payload is None:
            missing.add(position)
        elif sha256(f'{{"payload":{payload},"salt":"{salt}"}}') != payload_hash:
            raise ValueError(f"position {position} has another payload than was hashed")
        said = json.loads(payload or "{}")
        ledger = ledger or said.get("ledger", "")
        header = {"format": 1, "kind": kind, "ledger": ledger, "payload_hash": payload_hash, "position": position}
        header |= {"prev": prev, "recorded_at": recorded_at, "subject": subject, "version": version}
        prev = sha256(json.dumps(header, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
        if prev != hash_ or recorded_at < time or subject > position:
            raise ValueError(f"position {position} is not the record that was hashed, or not in its place")
        if kind == "redacted" and 1 < subject < position:
            redacted.add(subject)
        if kind == "commit" and said.get("records", in_commit) != in_commit:
            raise ValueError(
                f"position {position} ends a commit of {said['records']} records, but {in_commit} are there"
            )
        in_commit, time = 0 if kind == "commit" else in_commit + 1, recorded_at
        heads.add(f"{position}:{prev}")
    for gone in sorted(missing - redacted):
        raise ValueError(f"position {gone} has no payload, and no redaction names it")
    if not heads:
        raise ValueError("there are no records")
    if in_commit:
        raise ValueError(f"position {position} is the last, and ends no commit")
    if head and head not in heads:
        raise ValueError(f"the published head {head} is not in this ledger")
    return f"{position}:{prev}"


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        print("verified", verify(*sys.argv[1:]))
    except (ValueError, sqlite3.Error) as error:
        print("not verified:", error)
        sys.exit(1)
