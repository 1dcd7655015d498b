"""The ready-made questions, each as one SELECT with named parameters.

All of them return the ids of what they list, so that each row has links.
"""

from __future__ import annotations

from typing import NamedTuple

from factstore.plain import JsonObject


class Blank(NamedTuple):
    """A parameter for the reader to fill in. `thing`: it may be a fact's id, so that a fact's page links to the question."""

    name: str
    label: str
    hint: str
    thing: bool = False


class Query(NamedTuple):
    """A question: its long and short title, what it answers, and its SQL."""

    title: str
    short: str
    says: str
    sql: str
    blanks: tuple[Blank, ...] = ()

    def canned(self) -> JsonObject:
        """The question as Datasette's configuration wants it."""
        return {
            "title": self.title,
            "description": self.says,
            "sql": self.sql,
            "params": [blank.name for blank in self.blanks],
            "hide_sql": True,
        }


def _asking(question: str, *columns: str, x: str = ":x") -> str:
    shown = ",\n  ".join(f"json_extract(value, '$.{name}') AS \"{name}\"" for name in columns)
    return f"SELECT\n  {shown}\nFROM json_each(ask('{question}', {x}))"


_X = Blank("x", "A fact, or a date", "words of it, its id, or a date such as 2018-04-01", thing=True)
_THING = Blank("x", "A fact, or anything that has an id", "words of it, or its id", thing=True)
_PLACED = ("certainty", "when", "what", "who_says", "id")

QUERIES: dict[str, Query] = {
    "before": Query(
        "What happened before …?",
        "before",
        "Facts that certainly, then facts that possibly ended before it began, each nearest first, with the independent"
        " origins that assert them.",
        _asking("before", *_PLACED),
        (_X,),
    ),
    "after": Query(
        "What happened after …?",
        "after",
        "Facts that certainly, then facts that possibly began after it ended, each nearest first.",
        _asking("after", *_PLACED),
        (_X,),
    ),
    "overlapping": Query(
        "What happened at the same time as …?",
        "at the same time",
        "Facts that certainly, then facts that possibly share some time with it.",
        _asking("overlapping", *_PLACED),
        (_X,),
    ),
    "who_says": Query(
        "Who says …?",
        "who says so",
        "The evidence for a fact or a stated order: who said it to whom, in which words, and where.",
        _asking("who-says", "stance", "who_says", "what", "dated", "when", "origin", "checked", "url", "source", "id"),
        (_THING,),
    ),
    "show": Query(
        "What is known of …?",
        "all that is known",
        "One thing with all that is known of it: the evidence, why it lies where it does, its neighbours in time, and its"
        " corrections.",
        _asking("show", "part", "when", "what", "who", "id"),
        (_THING,),
    ),
    "find": Query(
        "Which facts speak of …?",
        "words",
        "Facts whose title, place, people, tags, quotes or attributes have words that begin with each of these.",
        """SELECT
  f.earliest, f.latest, f.title AS what, snippet(search, -1, '', '', ' … ', 12) AS words, f.status, f.id
FROM search JOIN facts f ON f.position = search.rowid
WHERE search MATCH coalesce(words(:words), '""')
ORDER BY search.rank""",
        (Blank("words", "Words", "such as consulate clos"),),
    ),
    "took_part": Query(
        "What did … take part in?",
        "took part",
        "Facts in which somebody took part, with their role.",
        """SELECT
  f.earliest, f.latest, f.title AS what, name.value AS who,
  (SELECT value FROM json_each(person.value) WHERE key = 'role') AS role, f.status, f.id
FROM facts f JOIN placement p ON p.fact = f.position, json_each(f.participants) person, json_each(person.value) name
WHERE name.key = 'name' AND alike_name(:name) <> '' AND instr(alike_name(name.value), alike_name(:name))
ORDER BY p.place, p.place_end DESC, p.fact""",
        (Blank("name", "A name, or part of one", "such as Putin"),),
    ),
    "said_by": Query(
        "What does … say?",
        "said",
        "What somebody says, or others say on their behalf, then what they relay from others.",
        _asking("said-by", "role", "stance", "what", "dated", "about", "who_says", "when", "source", "id", x=":name"),
        (Blank("name", "A speaker, source, publisher or name", "such as Kremlin"),),
    ),
    "one_origin": Query(
        "What rests on one origin alone?",
        "one origin",
        "Facts that a single independent origin asserts, however many outlets repeat it. Name one to see only the facts"
        " that rest on it.",
        """SELECT
  f.earliest, f.latest, f.title AS what, said.origin, said.citations, f.id
FROM (
  SELECT about, min(origin) AS origin, count(*) AS citations FROM citations
  WHERE stance = 'asserts' AND NOT withdrawn GROUP BY about HAVING count(DISTINCT origin) = 1
) said JOIN facts f ON f.id = said.about JOIN placement p ON p.fact = f.position
WHERE f.status IN ('stands', 'disputed') AND instr(alike_name(said.origin), alike_name(:origin))
ORDER BY p.place, p.place_end DESC, p.fact""",
        (Blank("origin", "Only this origin, or part of its name", "empty for any"),),
    ),
    "changed_since": Query(
        "What has changed since …?",
        "changed since",
        "All records after a position, or from a day or moment (UTC) on, newest first; corrections show what each field"
        " was before.",
        """SELECT
  log.recorded_at AS "when", log.recorded_by AS who, log.kind,
  coalesce(f.title, '“' || k.quote || '”', s.title, p.name, '“' || o.phrase || '”') AS what,
  c.field, c.before, c.after, c.reason, log.message, log.position, log.subject AS id
FROM (SELECT since(:since, max(position)) AS start FROM record) asked CROSS JOIN log
LEFT JOIN corrections c ON c.position = log.position
LEFT JOIN thing t ON t.id = log.subject
LEFT JOIN fact f ON f.position = t.position AND f.until IS NULL
LEFT JOIN citation k ON k.position = t.position AND k.until IS NULL
LEFT JOIN source s ON s.position = t.position AND s.until IS NULL
LEFT JOIN speaker p ON p.position = t.position AND p.until IS NULL
LEFT JOIN ordering o ON o.position = t.position AND o.until IS NULL
WHERE log.kind <> 'commit' AND coalesce(c.field, '') NOT IN ('start', 'end') AND NOT EXISTS (
    SELECT 1 FROM payload p, json_each(p.payload, '$.filled') filled
    WHERE p.position = c.position AND filled.value = c.field
  )
  AND CASE typeof(asked.start) WHEN 'integer' THEN log.position > asked.start ELSE log.recorded_at >= asked.start END
ORDER BY log.position DESC""",
        (Blank("since", "A position, a day or a moment", "such as 176 or 2026-11-23; empty for everything"),),
    ),
    "conflicting": Query(
        "What contradicts what?",
        "contradictions",
        "Orderings set aside because they contradict what was recorded before them, and dates on which sources disagree: each"
        " with the chain that cannot all hold.",
        _asking("conflicts", "conflict", "step", "what", "quote", "source", "id", x="NULL"),
    ),
}
