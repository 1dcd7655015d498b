"""What imports what in the package, and the picture of it in docs/architecture.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "factstore"
PAGE = PACKAGE.parent / "docs" / "architecture.md"

#: From the ground up. A room imports only itself and rooms on lower floors.
FLOORS = (
    ("inert", "plain", "units"),
    ("errors", "garbage", "progress"),
    ("arguments",),
    ("dates", "evidence", "database"),
    ("reasoning", "ledger"),
    ("documents", "projection"),
    ("repository",),
    ("maintenance", "rendering"),
    ("writing",),
    ("chronology",),
    ("upkeep",),
    ("store",),
    ("exchange", "picture"),
    ("browser",),
    ("cli",),
)


def _name(path: Path) -> str:
    """A module's dotted name below `factstore`; a package has that of its folder."""
    return ".".join(part for part in path.relative_to(PACKAGE).with_suffix("").parts if part != "__init__")


#: The text of each module, by its name below `factstore`. The package itself only re-exports what others define.
SOURCES = {
    _name(path): path.read_text(encoding="utf-8")
    for path in sorted(PACKAGE.rglob("*.py"))
    if _name(path) not in ("", "__main__")
}
ROOMS = sorted({name.split(".")[0] for name in SOURCES})


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(SOURCES[module])


@cache
def imported(module: str) -> tuple[tuple[str, str], ...]:
    """What a module imports, including late within functions: the module, and the name from it ("": the module itself)."""
    return tuple(_imports(tree(module)))


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, "") for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute here"
            yield from ((node.module or "", name.name) for name in node.names)


def ours(module: str) -> set[str]:
    """Our own modules that a module imports, by their names below `factstore`."""
    found = set()
    for source, name in imported(module):
        for full in (f"{source}.{name}", source):
            if (below := full.removeprefix("factstore.")) != full and below in SOURCES:
                found.add(below)
                break
    return found - {module}


def rooms_below() -> dict[str, set[str]]:
    """For each room, the other rooms of which its modules import something."""
    found: dict[str, set[str]] = {room: set() for room in ROOMS}
    for module in SOURCES:
        found[module.split(".")[0]] |= {other.split(".")[0] for other in ours(module)}
    return {room: below - {room} for room, below in found.items()}


def picture() -> str:
    """The floors from the top down, each room with the rooms that it rests on directly rather than through another."""
    below = rooms_below()

    @cache
    def reached(room: str) -> frozenset[str]:
        return frozenset(below[room]).union(*(reached(other) for other in below[room]))

    widest = max(map(len, ROOMS))
    lines = []
    for floor in reversed(FLOORS):
        for room in floor:
            through = frozenset[str]().union(*(reached(other) for other in below[room]))
            rests = [other for rooms in reversed(FLOORS) for other in rooms if other in below[room] - through]
            lines.append(f"    {room:{widest}}  {' '.join(rests)}".rstrip())
        lines.append("")
    return "\n".join(lines[:-1])


def drawn(page: str) -> str:
    """The page with the picture of the present imports."""
    section = page.partition("## Floors")[2].partition("\n## ")[0]
    shown = [line for line in section.splitlines() if line.startswith("    ")]
    start, end = page.index(f"{shown[0]}\n"), page.index(f"\n{shown[-1]}\n") + 1 + len(shown[-1])
    return page[:start] + picture() + page[end:]
