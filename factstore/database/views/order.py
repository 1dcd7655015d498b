"""Views of stated order, what follows from it, and what contradicts."""

from __future__ import annotations

from factstore.database.views.shown import Shown

VIEWS = {
    "orderings": Shown(
        """CREATE VIEW orderings AS
SELECT
    t.id,
    a.id AS a,
    o.relation,
    b.id AS b,
    o.phrase,
    o.gap_min,
    o.gap_max,
    o.withdrawn,
    EXISTS (SELECT 1 FROM tie WHERE tie.ordering = o.position AND tie.until IS NULL) AS in_force
FROM ordering o
JOIN thing t ON t.position = o.position
JOIN thing a ON a.position = o.a
JOIN thing b ON b.position = o.b
WHERE o.until IS NULL""",
        "Stated orders: relations in time between two facts.",
        {
            "id": "The ordering's id.",
            "a": "The id of the first fact.",
            "relation": "Its relation in time to the second.",
            "b": "The id of the second fact.",
            "phrase": "The words for it, such as retaliated.",
            "gap_min": "The least time between them (ISO 8601 duration).",
            "gap_max": "The most time between them.",
            "withdrawn": "1 if it was withdrawn.",
            "in_force": "1 if it counts now; 0 if it was withdrawn, lacks support, or contradicts.",
        },
    ),
    "certain_before": Shown(
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
        "Pairs of which the first certainly ended before the second started by stated order, although no dates show it "
        "(`came_before` also has those that dates show). It works out all such pairs of the ledger, which takes long if "
        "orderings connect many thousand facts. Pairs that only a greatest gap decides are not included.",
        {
            "a": "The id of the fact that came first.",
            "b": "The id of the fact that came later.",
        },
    ),
    "came_before": Shown(
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
        "What certainly came before what, as in `factstore before`. Ask for one x, since there are very many pairs. It "
        "does not include what possibly came before, nor what only a greatest gap decides.",
        {
            "x": "The id of the fact that came later: the one to ask about.",
            "id": "The id of a fact that certainly ended before x started.",
            "title": "What happened.",
            "edtf": "When it happened, as it was written (EDTF).",
            "earliest": "The first day on which it may lie.",
            "latest": "The last day on which it may lie.",
            "known_by": "dates, or stated order if no dates show it.",
            "said_by": "The independent origins that assert it.",
        },
    ),
    "conflicts": Shown(
        """CREATE VIEW conflicts AS
SELECT
    t.id,
    CASE t.kind
        WHEN 'fact' THEN CASE WHEN s.item > 0 THEN 'date' ELSE 'length' END
        WHEN 'citation' THEN CASE WHEN s.item > 0 THEN 'evidence' ELSE 'reading' END
        ELSE t.kind END AS what,
    s.chain,
    s.since
FROM set_aside s
JOIN thing t ON t.position = abs(s.item)
WHERE s.until IS NULL""",
        "What is set aside because it contradicts what was recorded before it.",
        {
            "id": "The id of the fact, citation or ordering.",
            "what": "What is set aside: a fact's date or length, a citation's evidence or the reading of its fact's date "
            "that it leaves, or an ordering.",
            "chain": "What cannot all hold: a JSON array of positions; minus a position stands for that fact's length.",
            "since": "The position from which it is set aside.",
        },
    ),
}
