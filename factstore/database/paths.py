"""Whether two paths are of one file: through links, and by other spellings."""

from __future__ import annotations

import os
from pathlib import Path


def real(path: Path) -> Path:
    """A path without links; where nothing is yet, too."""
    return Path(os.path.realpath(path))


def same(one: Path, other: Path) -> bool:
    """Whether two paths are of one file, or would be if it existed."""
    try:
        return one.samefile(other)
    except OSError:
        return real(one) == real(other)
