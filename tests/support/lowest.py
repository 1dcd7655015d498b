"""The lowest versions that pyproject.toml allows, as constraints for pip: `python -m tests.support.lowest >bounds.txt`.

It runs before anything is installed, so it only needs the standard library. `make test-lowest` installs by it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
#: A name, extras, and a lower bound, which every requirement begins with.
REQUIREMENT = re.compile(r"([A-Za-z0-9_.-]+)(?:\[[^]]*\])?>=([0-9.]+)(?:,<[0-9.]+)?")


def lowest() -> Iterator[tuple[str, str]]:
    """All packages that are required by the package itself, its extras or its development, with their lowest versions.

    Raises ValueError for a requirement that has no lower bound.
    """
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    for requirement in chain(project["dependencies"], *project["optional-dependencies"].values()):
        if requirement.startswith(f"{project['name']}["):
            continue
        found = REQUIREMENT.fullmatch(requirement)
        if not found:
            raise ValueError(f"pyproject.toml: {requirement!r} has no lower bound")
        yield found[1], found[2]


if __name__ == "__main__":
    for name, version in lowest():
        print(f"{name}=={version}")
