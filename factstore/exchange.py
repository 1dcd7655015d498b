"""Documents out of the ledger: what is written here is read by `documents` as the same entries, to the letter."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import yaml


class _Dumper(yaml.SafeDumper):
    """Text as text: nothing that another reader could take for a number, a date or a truth value goes unquoted."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, text: str) -> yaml.Node:
    """Several lines as they stand, where YAML can hold them so; line ends that it would take for others, escaped."""
    style = '"' if any(sign in text for sign in "\x85\u2028\u2029") else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def write_yaml(entries: Iterable[tuple[str, dict[str, Any]]]) -> str:
    """Entries as one YAML document."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for kind, entry in entries:
        sections.setdefault(f"{kind}s", []).append(entry)
    out = io.StringIO()
    yaml.dump(sections, out, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return out.getvalue()


def write_json(entries: Iterable[tuple[str, dict[str, Any]]]) -> str:
    """Entries as one JSON document."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for kind, entry in entries:
        sections.setdefault(f"{kind}s", []).append(entry)
    return json.dumps(sections, ensure_ascii=False, indent=2) + "\n"


def write_jsonl(entries: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """Entries as JSON Lines."""
    for kind, entry in entries:
        yield json.dumps({kind: entry}, ensure_ascii=False) + "\n"
