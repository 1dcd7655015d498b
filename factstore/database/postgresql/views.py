"""The views whose statements differ between PostgreSQL and SQLite; the descriptions of their columns are the same.

Values of corrections are text. `said_by` lists names in alphabetical order, and `attribution` in the order of the chain.
"""

from __future__ import annotations

from factstore.database.views import VIEWS

SEARCHABLE = """SELECT
    f.position,
    t.id,
    f.title,
    f.place,
    (SELECT string_agg(field.value, '; ' ORDER BY person.n, field.n)
       FROM json_array_elements(f.participants::json) WITH ORDINALITY AS person(value, n)
      CROSS JOIN LATERAL json_each_text(person.value) WITH ORDINALITY AS field(key, value, n)) AS people,
    (SELECT string_agg(tag.value, '; ' ORDER BY tag.n)
       FROM json_array_elements_text(f.tags::json) WITH ORDINALITY AS tag(value, n)) AS tags,
    (SELECT string_agg(c.quote, '; ' ORDER BY c.position)
       FROM citation c JOIN source s ON s.position = c.source
      WHERE c.about = f.position AND {citation} AND {source}) AS quotes,
    (SELECT string_agg(own.key || ' ' || own.value, '; ' ORDER BY own.n)
       FROM json_each_text(f.attributes::json) WITH ORDINALITY AS own(key, value, n)) AS attributes
FROM fact f
JOIN thing t ON t.position = f.position
WHERE {fact}"""

_OTHERWISE = {
    "timeline": """CREATE VIEW timeline AS
SELECT
    p.id,
    f.title,
    f.edtf,
    f.phrase,
    p.earliest,
    p.latest,
    CAST(CASE WHEN substr(p.earliest, 1, 1) = 'Y' THEN substr(p.earliest, 2)
              ELSE substr(p.earliest, 1, strpos(substr(p.earliest, 2), '-')) END AS BIGINT) AS year,
    CASE WHEN substr(p.earliest, 1, 1) <> 'Y'
         THEN substr(p.earliest, 1, strpos(substr(p.earliest, 2), '-') + 3) END AS month,
    CAST(p.place > 4611686018427387904 AS INTEGER) AS undated, -- 2^62 ticks
    p.status,
    p.conflicting,
    f.place,
    (SELECT count(DISTINCT c.origin) FROM citations c
      WHERE c.about = p.id AND c.stance = 'asserts' AND c.withdrawn = 0) AS origins,
    (SELECT count(*) FROM citation c JOIN source s ON s.position = c.source AND s.until IS NULL AND s.withdrawn = 0
      WHERE c.about = p.fact AND c.until IS NULL AND c.withdrawn = 0) AS citations
FROM placement p
JOIN fact f ON f.position = p.fact AND f.until IS NULL
WHERE p.status IN ('stands', 'disputed')
ORDER BY p.place, p.place_end DESC, p.fact""",
    "citations": """CREATE VIEW citations AS
WITH
borne (name, how, origin) AS MATERIALIZED (
    SELECT name, 1, origin FROM speakers WHERE withdrawn = 0
    UNION SELECT alias, 2, origin FROM speakers CROSS JOIN LATERAL jsonb_array_elements_text(aliases::jsonb) AS alias
           WHERE withdrawn = 0
    UNION SELECT id, 3, origin FROM speakers WHERE withdrawn = 0),
named AS MATERIALIZED (
    SELECT name, min(origin) AS origin FROM borne b
    WHERE how = (SELECT min(how) FROM borne other WHERE other.name = b.name)
    GROUP BY name HAVING count(DISTINCT origin) = 1),
chained AS (
    SELECT
        c.*,
        CASE jsonb_typeof(c.attribution::jsonb -> 0) WHEN 'number' THEN (c.attribution::jsonb ->> 0)::bigint END AS first,
        CASE jsonb_typeof(c.attribution::jsonb -> 0) WHEN 'string' THEN c.attribution::jsonb ->> 0 END AS called,
        s.id AS source_id, d.title AS source_title, d.publisher, d.url, d.published,
        greatest(c.withdrawn, d.withdrawn) AS out
    FROM citation c
    JOIN thing s ON s.position = c.source
    JOIN source d ON d.position = c.source AND d.until IS NULL
    WHERE c.until IS NULL),
spoken AS (
    SELECT
        c.*,
        CASE WHEN c.first IS NOT NULL
          THEN (SELECT coalesce(p.name, v.publisher, v.title, n.id)
                  FROM thing n
                  LEFT JOIN speaker p ON p.position = n.position AND p.until IS NULL
                  LEFT JOIN source v ON v.position = n.position AND v.until IS NULL
                 WHERE n.position = c.first)
          ELSE coalesce(c.called, c.publisher, c.source_title, c.source_id) END AS spoke
    FROM chained c)
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
        (SELECT origin FROM speakers WHERE position = c.first),
        (SELECT origin FROM named WHERE name = c.spoke),
        c.spoke) AS origin,
    coalesce(
        (SELECT string_agg(coalesce(p.name, v.publisher, v.title, n.id, link.value #>> '{}'), ' → ' ORDER BY link.n)
           FROM jsonb_array_elements(c.attribution::jsonb) WITH ORDINALITY AS link(value, n)
           LEFT JOIN thing n ON n.position
               = CASE jsonb_typeof(link.value) WHEN 'number' THEN (link.value #>> '{}')::bigint END
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
    "speakers": """CREATE VIEW speakers AS
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
    SELECT DISTINCT ON (climb.position) climb.position, climb.top, s.name
    FROM climb JOIN present s ON s.position = climb.top
    ORDER BY climb.position, climb.steps DESC)
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
    "orderings": VIEWS["orderings"]
    .sql.replace("EXISTS (", "CAST(EXISTS (")
    .replace(") AS in_force", ") AS INTEGER) AS in_force"),
    "came_before": """CREATE VIEW came_before AS
-- What certainly came before x, by dates or by stated order: SELECT * FROM came_before WHERE x = 'the-id-of-a-fact'
WITH pair (x, fact, known_by) AS (
    SELECT t.id, first.fact, 'dates'
    FROM thing t
    JOIN placement second ON second.fact = t.position AND second.status IN ('stands', 'disputed')
    JOIN placement first ON first.end_max <= second.start_min AND first.status IN ('stands', 'disputed')
    UNION ALL
    SELECT b, (SELECT position FROM thing WHERE id = a), 'stated order' AS known_by FROM certain_before)
SELECT
    pair.x,
    p.id,
    f.title,
    f.edtf,
    p.earliest,
    p.latest,
    pair.known_by,
    (SELECT string_agg(DISTINCT c.origin, '; ' ORDER BY c.origin) FROM citations c
      WHERE c.about = p.id AND c.stance = 'asserts' AND c.withdrawn = 0) AS said_by
FROM pair
JOIN placement p ON p.fact = pair.fact
JOIN fact f ON f.position = p.fact AND f.until IS NULL""",
    "corrections": """CREATE VIEW corrections AS
SELECT
    t.id,
    change.key AS field,
    (SELECT old.value #>> '{}'
       FROM record e
       JOIN payload q ON q.position = e.position
      CROSS JOIN LATERAL json_each(
          CASE e.position WHEN r.subject THEN q.payload::json ELSE q.payload::json -> 'changes' END) AS old
      WHERE e.subject = r.subject AND e.position < r.position
        AND (e.position = r.subject OR e.kind LIKE '%.corrected') AND old.key = change.key
      ORDER BY e.position DESC LIMIT 1) AS before,
    change.value #>> '{}' AS after,
    p.payload::json ->> 'reason' AS reason,
    c.message,
    c.name AS recorded_by,
    r.recorded_at,
    r.position
FROM record r
JOIN payload p ON p.position = r.position
JOIN thing t ON t.position = r.subject
JOIN committed c ON c.position = (SELECT min(position) FROM committed WHERE position >= r.position)
CROSS JOIN LATERAL json_each(p.payload::json -> 'changes') AS change
WHERE r.kind LIKE '%.corrected'
ORDER BY r.position""",
    "searchable": "CREATE VIEW searchable AS\n"
    + SEARCHABLE.format(
        fact="f.until IS NULL",
        citation="c.until IS NULL AND c.withdrawn = 0",
        source="s.until IS NULL AND s.withdrawn = 0",
    ),
}

#: In an order in which each comes after those that it reads.
_ORDER = ("speakers", "citations", *(name for name in VIEWS if name not in ("speakers", "citations")))
STATEMENTS = {name: _OTHERWISE.get(name, VIEWS[name].sql) for name in _ORDER}
