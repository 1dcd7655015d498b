"""How SQLite spells the words of templates (see `factstore.database.templates`)."""

from __future__ import annotations

from factstore.database.templates import Words, speller

#: The texts that records of sources name, unless the source, or later the text itself, was redacted.
#: As for a payload, a record of a redaction is not enough: a commit that counts it is needed.
NAMED_TEXTS = """SELECT said.value FROM record r
    JOIN payload introduced ON introduced.position = r.subject
    JOIN payload p ON p.position = r.position
    JOIN json_each(p.payload, CASE r.position WHEN r.subject THEN '$' ELSE '$.changes' END) said
    LEFT JOIN (
        SELECT text.value, max(g.position) AS position FROM record g
        JOIN payload why ON why.position = g.position
        JOIN json_each(why.payload) text ON text.key = 'text'
        JOIN record c ON c.kind = 'commit' AND c.position > g.position
        JOIN payload p ON p.position = c.position
        JOIN json_each(p.payload) counted ON counted.key = 'records' AND c.position - counted.value <= g.position
        WHERE g.kind = 'redacted' AND g.subject = g.position GROUP BY 1
    ) gone ON gone.value = said.value AND gone.position > r.position
    WHERE r.kind IN ('source.recorded', 'source.corrected') AND said.key = 'text' AND said.value IS NOT NULL
    AND gone.position IS NULL"""


def _among(values: str) -> str:
    return f"IN (SELECT value FROM json_each({values}))"


def _holds_any(array: str, values: str) -> str:
    return f"EXISTS (SELECT 1 FROM json_each({array}) WHERE value {_among(values)})"


def _neighbours(walk: str, to_b: str, to_a: str) -> str:
    return f"""UNION SELECT t.b FROM {walk} JOIN tie t ON t.a = {walk}.fact WHERE {to_b}
              UNION SELECT t.a FROM {walk} JOIN tie t ON t.b = {walk}.fact WHERE {to_a}"""


WORDS: Words = {
    "own": lambda: "main",
    "among": _among,
    "among_texts": _among,
    "numbers": lambda values: f"json_each({values})",
    "elements": lambda array: f"json_each({array})",
    "position": lambda element: f"{element}.value",
    "holds_any": _holds_any,
    "member": lambda value, name: f"json_extract({value}, '$.{name}')",
    "find": lambda text, part: f"instr({text}, {part})",
    "unlike": lambda a, b: f"{a} IS NOT {b}",
    "neighbours": _neighbours,
    "arm": lambda select, order: select,
    "named_texts": lambda: NAMED_TEXTS,
}

spell = speller(WORDS)
