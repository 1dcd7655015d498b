"""How PostgreSQL spells the words of templates (see `factstore.database.templates`), and binds values.

A set is bound as a JSON array, in one parameter, and becomes an array of the server once per statement, so that indexes
can be used.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from factstore.database.templates import Words, speller

#: The texts that records of sources name, unless the source, or later the text itself, was redacted.
#: As for a payload, a record of a redaction is not enough: a commit that counts it is needed.
NAMED_TEXTS = """SELECT said.text FROM (
        SELECT r.position, CASE r.position WHEN r.subject THEN p.payload::jsonb ->> 'text'
               ELSE p.payload::jsonb -> 'changes' ->> 'text' END AS text
        FROM {own}.record r
        JOIN {own}.payload introduced ON introduced.position = r.subject
        JOIN {own}.payload p ON p.position = r.position
        WHERE r.kind IN ('source.recorded', 'source.corrected')) said
    WHERE said.text IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM {own}.record g
        JOIN {own}.payload why ON why.position = g.position AND why.payload::jsonb ->> 'text' = said.text
        JOIN {own}.record c ON c.kind = 'commit' AND c.position > g.position
        JOIN {own}.payload p ON p.position = c.position
            AND c.position - (p.payload::jsonb ->> 'records')::bigint <= g.position
        WHERE g.kind = 'redacted' AND g.subject = g.position AND g.position > said.position)"""


class Spelled(str):
    """A statement as the server takes it, with the names of its parameters in order; None: by place."""

    names: tuple[str, ...] | None = None
    binds = False


def identifier(name: str) -> str:
    """A name as it is written in a statement."""
    return '"' + name.replace('"', '""') + '"'


def _among(values: str) -> str:
    return f"= ANY (ARRAY(SELECT listed::bigint FROM jsonb_array_elements_text({values}::jsonb) AS listed))"


def _among_texts(values: str) -> str:
    return f"= ANY (ARRAY(SELECT jsonb_array_elements_text({values}::jsonb)))"


def _numbers(values: str) -> str:
    return f"(SELECT listed::bigint AS value FROM jsonb_array_elements_text({values}::jsonb) AS listed)"


def _elements(array: str) -> str:
    return f"""LATERAL (SELECT n - 1 AS key, one #>> '{{}}' AS value,
        CASE jsonb_typeof(one) WHEN 'number' THEN 'integer' WHEN 'string' THEN 'text' END AS type,
        CASE jsonb_typeof(one) WHEN 'number' THEN (one #>> '{{}}')::bigint END AS position
        FROM jsonb_array_elements({array}::jsonb) WITH ORDINALITY AS listed(one, n))"""


def _holds_any(array: str, values: str) -> str:
    return f"""EXISTS (SELECT 1 FROM jsonb_array_elements({array}::jsonb) AS held
        WHERE held = ANY (ARRAY(SELECT jsonb_array_elements({values}::jsonb))))"""


def _neighbours(walk: str, to_b: str, to_a: str) -> str:
    return f"""UNION SELECT step.fact FROM {walk} CROSS JOIN LATERAL (
                SELECT t.b AS fact FROM tie t WHERE t.a = {walk}.fact AND {to_b}
                UNION ALL SELECT t.a FROM tie t WHERE t.b = {walk}.fact AND {to_a}) step"""


def words_of(schema: str) -> Words:
    """The words of a ledger in a schema."""
    own = identifier(schema)
    return {
        "own": lambda: own,
        "among": _among,
        "among_texts": _among_texts,
        "numbers": _numbers,
        "elements": _elements,
        "position": lambda element: f"{element}.position",
        "holds_any": _holds_any,
        "member": lambda value, name: f"({value}::jsonb ->> '{name}')",
        "find": lambda text, part: f"strpos({text}, {part})",
        "unlike": lambda a, b: f"{a} IS DISTINCT FROM {b}",
        "neighbours": _neighbours,
        "arm": lambda select, order: f"({select} ORDER BY {order})",
        "named_texts": lambda: NAMED_TEXTS.format(own=own),
    }


#: Parameters, and what only looks like them: quoted texts and names, casts.
_BOUND = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|::|:(?P<name>\w+)|(?P<place>\?)")


def _numbered(statement: str) -> Spelled:
    """A statement with its parameters as the server has them: $1, $2 …"""
    names: list[str] = []
    places = 0

    def bind(found: re.Match[str]) -> str:
        nonlocal places
        if name := found["name"]:
            if name not in names:
                names.append(name)
            return f"${names.index(name) + 1}"
        if not found["place"]:
            return found[0]
        places += 1
        return f"${places}"

    spelled = Spelled(_BOUND.sub(bind, statement))
    spelled.names = tuple(names) if names else None
    spelled.binds = bool(names or places)
    return spelled


def spelling(schema: str) -> Callable[[str], Spelled]:
    """A function that spells templates for a ledger in a schema, and numbers their parameters; results are cached."""
    spell = speller(words_of(schema))

    @lru_cache(maxsize=2048)
    def numbered(template: str) -> Spelled:
        return _numbered(spell(template))

    return numbered
