"""Patterns for texts to be searched for in what a database stores."""

from __future__ import annotations

import re
from collections.abc import Collection

_ALONE = rb"(?<![0-9A-Za-z])%b(?![0-9A-Za-z])"


def patterns(needles: Collection[bytes]) -> dict[bytes, re.Pattern[bytes]]:
    """Patterns that find UTF-8 texts as whole words, regardless of ASCII case."""
    return {needle: re.compile(_ALONE % re.escape(needle), re.IGNORECASE) for needle in needles}
