"""A view of all that certainly came before a fact, by dates and by stated order.

Frozen: it imports no live code.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

# Told anew, with a word on what it leaves out.
GONE = ("certain_before",)
VIEWS = [
    """CREATE VIEW certain_before AS
-- Only the pairs that no dates show. The view `came_before` has those that dates show, too.
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
    """CREATE VIEW came_before AS
-- What certainly came before x, by dates or by stated order: SELECT * FROM came_before WHERE x = 'the-id-of-a-fact'
WITH pair (x, fact, known_by) AS (
    SELECT t.id, first.fact, 'dates'
    FROM thing t
    JOIN placement second ON second.fact = t.position AND second.status IN ('stands', 'disputed')
    JOIN placement first ON first.revised IN (0, 1) AND first.end_max <= second.start_min
                        AND first.status IN ('stands', 'disputed')
    UNION ALL
    SELECT b, (SELECT position FROM thing WHERE id = a), 'stated order' FROM certain_before)
SELECT
    pair.x,
    p.id,
    f.title,
    f.edtf,
    p.earliest,
    p.latest,
    pair.known_by,
    (SELECT group_concat(origin, '; ') FROM (
        SELECT DISTINCT c.origin FROM citations c
         WHERE c.about = p.id AND c.stance = 'asserts' AND NOT c.withdrawn)) AS said_by
FROM pair
JOIN placement p ON p.fact = pair.fact
JOIN fact f ON f.position = p.fact AND f.until IS NULL""",
]


def upgrade() -> None:
    for name in GONE:
        op.get_bind().exec_driver_sql(f"DROP VIEW {name}")
    for statement in VIEWS:
        op.get_bind().exec_driver_sql(statement)
