"""Patterns for texts to be searched for in what a database stores."""

from __future__ import annotations

import re
from collections.abc import Collection

_ALONE = rb"(?<![0-9A-Za-z])%b(?![0-9A-Za-z])"


def patterns(needles: Collection[bytes], *, within: bool = False) -> dict[bytes, re.Pattern[bytes]]:
    """Patterns that find UTF-8 texts as whole words, or also `within` longer ones, regardless of ASCII case."""
    form = b"%b" if within else _ALONE
    return {needle: re.compile(form % re.escape(needle), re.IGNORECASE) for needle in needles}
