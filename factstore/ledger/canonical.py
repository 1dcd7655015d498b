"""Canonical JSON and the hashes of its bytes. `docs/reference/ledger.md` specifies both."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping

from factstore.errors import InputError

#: Whole numbers lie between this and its negative, both exclusive; larger JSON numbers are not exact everywhere.
INTEGER_LIMIT = 2**53
#: Characters that no text in the ledger contains: U+0000 and halves of surrogate pairs.
FORBIDDEN = re.compile("[\x00\ud800-\udfff]")


def canonical(value: object) -> str:
    """The canonical JSON text (RFC 8785) of objects, arrays, text, whole numbers, booleans and null.

    Raises InputError for anything else: floats, integers of 2^53 or more, U+0000, lone surrogates.
    """
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _ordered(value: object) -> object:
    if isinstance(value, str):
        if FORBIDDEN.search(value):
            raise InputError("a text contains U+0000 or half of a surrogate pair, which a ledger cannot hold")
        return value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) >= INTEGER_LIMIT:
            raise InputError(f"the number {value} is too large: from 2^53 on, numbers are not exact in JSON")
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise InputError(f"the names in an object must be text, not {type(key).__name__}: {key!r}")
            _ordered(key)
        # RFC 8785, 3.2.3: members are sorted by the UTF-16 code units of their names.
        return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    raise InputError(f"a ledger cannot hold a {type(value).__name__}: {value!r}")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be")


def sha256(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def payload_hash(salt: str, payload: str) -> str:
    """SHA-256 of the canonical JSON of `{"payload": …, "salt": …}`; `payload` is canonical JSON already."""
    return sha256(f'{{"payload":{payload},"salt":"{salt}"}}')


def fingerprint(ledger: str, words: str) -> str:
    """SHA-256 of a ledger's id, a colon and a text. By it a redacted text is recognized, in this ledger only."""
    return sha256(f"{ledger}:{words}")


def new_salt() -> str:
    """Sixteen random bytes in hexadecimal. Without a salt the payload of a redacted record could be guessed from its hash."""
    return secrets.token_hex(16)


class Salts:
    """New salts, one by one. The operating system is asked for many at once, which takes hardly longer than for one."""

    def __init__(self) -> None:
        self._ready = ""
        self._place = 0
        self._ahead = 1

    def next(self) -> str:
        """A salt that is used for nothing else."""
        if self._place == len(self._ready):
            self._ready, self._place = secrets.token_hex(16 * self._ahead), 0
            self._ahead = min(2 * self._ahead, 1024)
        self._place += 32
        return self._ready[self._place - 32 : self._place]
