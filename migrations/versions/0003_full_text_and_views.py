"""Full text, and views that answer more.

Frozen: it imports no live code.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

# Views that are told anew, each under its name.
GONE = ("timeline", "citations")
VIEWS = [
    """CREATE VIEW timeline AS
SELECT
    p.id,
    f.title,
    f.edtf,
    f.phrase,
    p.earliest,
    p.latest,
    CAST(substr(p.earliest, 1, instr(substr(p.earliest, 2), '-')) AS INTEGER) AS year,
    substr(p.earliest, 1, instr(substr(p.earliest, 2), '-') + 3) AS month,
    p.status,
    p.conflicting,
    f.place,
    (SELECT count(DISTINCT c.origin) FROM citations c
      WHERE c.about = p.id AND c.stance = 'asserts' AND NOT c.withdrawn) AS origins,
    (SELECT count(*) FROM citation c JOIN source s ON s.position = c.source AND s.until IS NULL AND s.withdrawn = 0
      WHERE c.about = p.fact AND c.until IS NULL AND c.withdrawn = 0) AS citations
FROM placement p
JOIN fact f ON f.position = p.fact AND f.until IS NULL
WHERE p.status IN ('stands', 'disputed')
ORDER BY p.start_min, p.end_min, p.id""",
    """CREATE VIEW citations AS
WITH
borne (name, how, origin) AS MATERIALIZED (
    SELECT name, 1, origin FROM speakers WHERE withdrawn = 0
    UNION SELECT alias.value, 2, origin FROM speakers, json_each(speakers.aliases) alias WHERE withdrawn = 0
    UNION SELECT id, 3, origin FROM speakers WHERE withdrawn = 0),
named AS MATERIALIZED (
    SELECT name, min(origin) AS origin FROM borne b
    WHERE how = (SELECT min(how) FROM borne other WHERE other.name = b.name)
    GROUP BY name HAVING count(DISTINCT origin) = 1),
spoken AS (
    SELECT
        c.*,
        link.type = 'integer' AS referred,
        link.value AS first,
        CASE WHEN link.type = 'integer'
          THEN (SELECT coalesce(max(p.name), max(v.publisher), max(v.title), n.id)
                  FROM thing n
                  LEFT JOIN speaker p ON p.position = n.position AND p.until IS NULL
                  LEFT JOIN source v ON v.position = n.position AND v.until IS NULL
                 WHERE n.position = link.value)
          ELSE coalesce(link.value, d.publisher, d.title, s.id) END AS spoke,
        s.id AS source_id, d.title AS source_title, d.publisher, d.url, d.published,
        c.withdrawn OR d.withdrawn AS out
    FROM citation c
    JOIN thing s ON s.position = c.source
    JOIN source d ON d.position = c.source AND d.until IS NULL
    LEFT JOIN json_each(c.attribution) link ON link.key = 0
    WHERE c.until IS NULL)
SELECT
    t.id,
    a.id AS about,
    c.source_id AS source,
    c.source_title,
    c.publisher,
    c.url,
    c.published,
    c.quote,
    c.stance,
    c.spoke,
    coalesce(
        (SELECT origin FROM speakers WHERE c.referred AND position = c.first),
        (SELECT origin FROM named WHERE name = c.spoke),
        c.spoke) AS origin,
    coalesce(
        (SELECT group_concat(coalesce(p.name, v.publisher, v.title, n.id, link.value), ' → ')
           FROM json_each(c.attribution) link
           LEFT JOIN thing n ON link.type = 'integer' AND n.position = link.value
           LEFT JOIN speaker p ON p.position = n.position AND p.until IS NULL
           LEFT JOIN source v ON v.position = n.position AND v.until IS NULL),
        c.spoke) AS attribution,
    c.locator,
    c.edtf,
    c.phrase,
    c.said,
    c.hedge,
    c.unnamed,
    c.quote_check,
    c.out AS withdrawn
FROM spoken c
JOIN thing t ON t.position = c.position
JOIN thing a ON a.position = c.about""",
    """CREATE VIEW speakers AS
WITH RECURSIVE
present AS (SELECT * FROM speaker WHERE until IS NULL AND withdrawn = 0),
climb (position, top, steps) AS (
    SELECT position, position, 0 FROM present
    UNION ALL
    SELECT climb.position, above.position, climb.steps + 1
    FROM climb
    JOIN present s ON s.position = climb.top
    JOIN present above ON above.position = s.of
    WHERE climb.steps < 100),
highest AS MATERIALIZED (
    SELECT climb.position, climb.top, s.name, max(climb.steps)
    FROM climb JOIN present s ON s.position = climb.top
    GROUP BY climb.position)
SELECT
    t.id,
    s.name,
    s.aliases,
    o.id AS speaks_for,
    CASE WHEN EXISTS (
        SELECT 1 FROM present same JOIN highest other ON other.position = same.position
        WHERE same.name = h.name AND other.top <> h.top)
      THEN top.id ELSE h.name END AS origin,
    s.withdrawn,
    s.position
FROM speaker s
JOIN thing t ON t.position = s.position
LEFT JOIN thing o ON o.position = s.of
LEFT JOIN highest h ON h.position = s.position
LEFT JOIN thing top ON top.position = h.top
WHERE s.until IS NULL""",
    """CREATE VIEW certain_before AS
WITH RECURSIVE
present AS (SELECT * FROM tie WHERE until IS NULL),
tied (fact) AS (SELECT a FROM present UNION SELECT b FROM present),
-- A fact's start is twice its position, its end one more; of each two, the first is never later than the second.
step (earlier, later) AS MATERIALIZED (
    SELECT 2 * fact, 2 * fact + 1 FROM tied
    UNION SELECT 2 * a + 1, 2 * b FROM present WHERE relation IN ('before', 'meets')
    UNION SELECT 2 * b, 2 * a + 1 FROM present WHERE relation IN ('meets', 'intersects', 'overlaps')
    UNION SELECT 2 * a, 2 * b FROM present WHERE relation IN ('starts-before', 'overlaps', 'equals', 'starts')
    UNION SELECT 2 * b, 2 * a FROM present WHERE relation IN ('during', 'equals', 'starts', 'finishes')
    UNION SELECT 2 * a, 2 * b + 1 FROM present WHERE relation = 'intersects'
    UNION SELECT 2 * a + 1, 2 * b + 1 FROM present
           WHERE relation IN ('during', 'equals', 'overlaps', 'starts', 'finishes')
    UNION SELECT 2 * b + 1, 2 * a + 1 FROM present WHERE relation IN ('equals', 'finishes')),
reach (fact, node) AS (
    SELECT fact, 2 * fact + 1 FROM tied
    UNION SELECT reach.fact, step.later FROM reach JOIN step ON step.earlier = reach.node)
SELECT first.id AS a, second.id AS b
FROM reach
JOIN placement first ON first.fact = reach.fact
JOIN placement second ON second.fact = reach.node / 2
WHERE reach.node % 2 = 0 AND first.fact <> second.fact AND first.end_max > second.start_min
  AND first.status IN ('stands', 'disputed') AND second.status IN ('stands', 'disputed')""",
    """CREATE VIEW searchable AS
SELECT
    f.position,
    t.id,
    f.title,
    f.place,
    (SELECT group_concat(field.value, '; ')
       FROM json_each(f.participants) person, json_each(person.value) field) AS people,
    (SELECT group_concat(value, '; ') FROM json_each(f.tags)) AS tags,
    (SELECT group_concat(quote, '; ') FROM (
        SELECT c.quote FROM citation c JOIN source s ON s.position = c.source
         WHERE c.about = f.position AND c.until IS NULL AND c.withdrawn = 0 AND s.until IS NULL AND s.withdrawn = 0 ORDER BY c.position)) AS quotes
FROM fact f
JOIN thing t ON t.position = f.position
WHERE f.until IS NULL""",
]

# The words of facts and of their live quotes.
SEARCH = """CREATE VIRTUAL TABLE search USING fts5(
    id, title, place, people, tags, quotes,
    content='searchable', content_rowid='position', tokenize='unicode61 remove_diacritics 2'
)"""
FILL = """INSERT INTO search (rowid, id, title, place, people, tags, quotes)
    SELECT position, id, title, place, people, tags, quotes FROM searchable"""

# With `end_max` last, what is over by then is passed over within the index.
INDEXES = {
    "placement_end_min": """CREATE INDEX placement_end_min ON placement (revised, width, end_min DESC, id, end_max)""",
    "placement_history_end_min": """CREATE INDEX placement_history_end_min ON placement_history (width, end_min DESC, id, since, until, end_max)""",
}


def upgrade() -> None:
    for name, statement in INDEXES.items():
        op.get_bind().exec_driver_sql(f"DROP INDEX {name}")
        op.get_bind().exec_driver_sql(statement)
    for name in GONE:
        op.get_bind().exec_driver_sql(f"DROP VIEW {name}")
    for statement in (*VIEWS, SEARCH, FILL):
        op.get_bind().exec_driver_sql(statement)
