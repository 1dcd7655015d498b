"""Templates of statements: one text for all engines, with names for the few words that engines spell differently.

A word is `@name` or `@name(argument; argument)`; arguments may contain words. Parameters (`:name`, `?`) are left
unchanged. Sets of values are bound as JSON arrays, on all engines.

| word | meaning |
|---|---|
| `@own` | the schema of the ledger's own tables, which temporary tables may shadow: `@own.fact` |
| `x @among(:numbers)`, `x @among_texts(:texts)` | whether x is one of the values of a JSON array |
| `@numbers(:numbers)` | whole numbers of a JSON array as a table with the column `value` |
| `@elements(json)` | a JSON array as a table: `key` (from 0), `value`, `type` (integer or text) |
| `@position(e)` | an element of `@elements(…) e` that is a whole number, as a number |
| `@holds_any(json; :values)` | whether a JSON array contains one of the values of another |
| `@member(json; name)` | a member of a JSON object, as text |
| `@find(text; part)` | the place at which a part begins in a text, from 1; 0 if it does not occur |
| `@unlike(a; b)` | whether two values differ; null counts as a value |
| `@neighbours(walk; b; a)` | the arms of a recursion `walk (fact)` along ties `t`, to b and to a, each with a condition |
| `@arm(select; order)` | one of several statements that are merged in order |
| `@named_texts` | a statement for the SHA-256 of all archived texts that the ledger names |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

Words = Mapping[str, Callable[..., str]]

#: A limit of rows that leaves out none.
EVERY = 2**62


def as_of(alias: str) -> str:
    """A condition for the rows of a table of versions as of position :at."""
    return f"{alias}.since <= :at AND ({alias}.until IS NULL OR {alias}.until > :at)"


def in_force(alias: str) -> str:
    """The same condition, for rows that are not withdrawn."""
    return f"{as_of(alias)} AND {alias}.withdrawn = 0"


def merged(selects: Iterable[str], by: str, order: str) -> str:
    """Several statements as one, in order: `by` names the order within each, `order` the same with the result's columns."""
    every = [*selects]
    arms = [f"@arm({select}; {by})" for select in every] if len(every) > 1 else every
    return f"{' UNION ALL '.join(arms)} ORDER BY {order}"


def speller(words: Words) -> Callable[[str], str]:
    """A function that spells templates in the words of one engine, and caches the results."""

    @lru_cache(maxsize=2048)
    def spell(template: str) -> str:
        return "".join(_spelled(template, words)) if "@" in template else template

    return spell


def _spelled(template: str, words: Words) -> Iterator[str]:
    place = 0
    while (at := template.find("@", place)) >= 0:
        yield template[place:at]
        if template.startswith("@@", at):  # an operator of PostgreSQL's
            yield "@@"
            place = at + 2
            continue
        end = at + 1
        while end < len(template) and (template[end].isalnum() or template[end] == "_"):
            end += 1
        word = words[template[at + 1 : end]]
        given: list[str] = []
        if template[end : end + 1] == "(":
            given, end = _arguments(template, end + 1)
        yield word(*("".join(_spelled(one, words)) for one in given))
        place = end
    yield template[place:]


def _arguments(template: str, start: int) -> tuple[list[str], int]:
    """The arguments of a word, from after its opening bracket, and the place after its closing one."""
    found, depth, quoted = [], 0, False
    begin = start
    for place in range(start, len(template)):
        sign = template[place]
        if sign == "'":
            quoted = not quoted
        elif quoted:
            continue
        elif sign == "(":
            depth += 1
        elif sign == ";" and not depth:
            found.append(template[begin:place].strip())
            begin = place + 1
        elif sign == ")":
            if not depth:
                return [*found, template[begin:place].strip()], place + 1
            depth -= 1
    raise ValueError(f"a word's bracket is not closed: {template}")
