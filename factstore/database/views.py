"""The views for people who open an SQLite file, with descriptions of them and their columns.

They need no code of ours. Of the JSON functions they use only `json_each`: the others count as unsafe if a connection
does not trust the schema, as ours do not.
"""

from __future__ import annotations

from typing import NamedTuple


class Shown(NamedTuple):
    """A view: its statement, a sentence on what it shows, and one for each column, in order."""

    sql: str
    says: str
    columns: dict[str, str]


#: The words of facts; the conditions say when a row of a fact, a citation and a source counts.
SEARCHABLE = """SELECT
    f.position,
    t.id,
    f.title,
    f.place,
    (SELECT group_concat(field.value, '; ')
       FROM json_each(f.participants) person, json_each(person.value) field) AS people,
    (SELECT group_concat(value, '; ') FROM json_each(f.tags)) AS tags,
    (SELECT group_concat(quote, '; ') FROM (
        SELECT c.quote FROM citation c JOIN source s ON s.position = c.source
         WHERE c.about = f.position AND {citation} AND {source} ORDER BY c.position)) AS quotes
FROM fact f
JOIN thing t ON t.position = f.position
WHERE {fact}"""

TOKENS = "tokenize='unicode61 remove_diacritics 2'"
SEARCH = f"""CREATE VIRTUAL TABLE search USING fts5(
    id, title, place, people, tags, quotes,
    content='searchable', content_rowid='position', {TOKENS}
)"""

_TIMELINE = Shown(
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
    p.place > 4611686018427387904 AS undated, -- 2^62 ticks
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
ORDER BY p.place, p.place_end DESC, p.fact""",
    "The answer to start from: facts that stand or are disputed, in an order that keeps every stated one; undated ones last.",
    {
        "id": "The fact's id.",
        "title": "What happened.",
        "edtf": "When, as it was written (EDTF).",
        "phrase": "The source's own words for when.",
        "earliest": "The first day on which it may lie, once dates, evidence and orderings are reconciled; "
        "an instant in UTC, to six decimals, where a clock time bounds it.",
        "latest": "The last such day. To compare days misses what only a stated order decides: see `certain_before`.",
        "year": "The year of `earliest`, to group by.",
        "month": "The month of `earliest`, to group by.",
        "undated": "1 where nothing limits when it happened but the days on which it was told of.",
        "status": "stands or disputed.",
        "conflicting": "1 where a date or an ordering of it is set aside.",
        "place": "Where.",
        "origins": "How many independent origins assert it: outlets that repeat one another count once.",
        "citations": "How many pieces of live evidence it has.",
    },
)

_FACTS = Shown(
    """CREATE VIEW facts AS
SELECT
    t.id,
    f.title,
    f.edtf,
    f.phrase,
    f.anchor,
    f.zone,
    p.earliest,
    p.latest,
    p.status,
    p.conflicting,
    f.place,
    f.participants,
    f.tags,
    f.attributes,
    f.lasts_min,
    f.lasts_max,
    t.position,
    t.version
FROM thing t
JOIN fact f ON f.position = t.position AND f.until IS NULL
JOIN placement p ON p.fact = t.position""",
    "Every fact as it is now, of any status.",
    {
        "id": "Its id.",
        "title": "What happened.",
        "edtf": "When, as it was written (EDTF).",
        "phrase": "The source's own words for when.",
        "anchor": "The day against which the phrase was read.",
        "zone": "The fixed offset from UTC of times without one.",
        "earliest": "The first day on which it may lie.",
        "latest": "The last day on which it may lie.",
        "status": "stands, disputed, denied, foretold, unsupported or withdrawn.",
        "conflicting": "1 where a date or an ordering of it is set aside.",
        "place": "Where.",
        "participants": "Who took part: a JSON array of objects with name and role.",
        "tags": "A JSON array of texts.",
        "attributes": "Anything else: a JSON object of texts.",
        "lasts_min": "How long it lasted at least (ISO 8601 duration).",
        "lasts_max": "How long it lasted at most.",
        "position": "The position that introduced it.",
        "version": "The position of the last record about it.",
    },
)

_FACT_VERSIONS = Shown(
    """CREATE VIEW fact_versions AS
SELECT
    t.id,
    f.since AS from_position,
    f.until AS to_position,
    r.recorded_at,
    f.withdrawn,
    f.title,
    f.edtf,
    f.phrase,
    f.anchor,
    f.zone,
    f.place,
    f.participants,
    f.tags,
    f.attributes,
    f.lasts_min,
    f.lasts_max
FROM fact f
JOIN thing t ON t.position = f.position
JOIN record r ON r.position = f.since
ORDER BY f.position, f.since""",
    "What each fact said from which record on: the old beside the new.",
    {
        "id": "The fact's id.",
        "from_position": "The position from which it said this.",
        "to_position": "The position at which it no longer did; null: it still does.",
        "recorded_at": "When the ledger took that in (UTC).",
        "withdrawn": "1 where it counted in no answer.",
        "title": "What happened.",
        "edtf": "When, as it was written (EDTF).",
        "phrase": "The source's own words for when.",
        "anchor": "The day against which the phrase was read.",
        "zone": "The fixed offset from UTC of times without one.",
        "place": "Where.",
        "participants": "Who took part, as JSON.",
        "tags": "Tags, as JSON.",
        "attributes": "Anything else, as JSON.",
        "lasts_min": "How long it lasted at least (ISO 8601 duration).",
        "lasts_max": "How long it lasted at most.",
    },
)

_CITATIONS = Shown(
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
    "Every piece of evidence: who said it, through whom, in which words.",
    {
        "id": "The citation's id.",
        "about": "The id of the fact or ordering that it is about.",
        "source": "The id of the source.",
        "source_title": "The source's title.",
        "publisher": "Who published the source.",
        "url": "Where the source is or was to be found.",
        "published": "When the source was published (EDTF).",
        "quote": "The source's exact words; […] marks what was left out.",
        "stance": "asserts, foretells, denies or silent.",
        "spoke": "Who spoke: the first of the chain, or the publisher.",
        "origin": "On whose behalf in the end.",
        "attribution": "The chain from the one who spoke to the document.",
        "locator": "Page, line or timecode.",
        "edtf": "When it happened as this source has it.",
        "phrase": "This source's own words for when.",
        "said": "The day it was said.",
        "hedge": "The words by which it was hedged.",
        "unnamed": "How a source that is not named was described.",
        "quote_check": "Whether the archived text holds the quote: verbatim, normalised, missing; else unchecked.",
        "withdrawn": "1 where it, or its source, was withdrawn.",
    },
)

_SPEAKERS = Shown(
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
    "Those who speak, and on whose behalf in the end.",
    {
        "id": "The speaker's id.",
        "name": "What they are called.",
        "aliases": "What else they are called: a JSON array.",
        "speaks_for": "The id of the one on whose behalf they speak.",
        "origin": "The topmost of these; speakers of one origin corroborate nothing for each other.",
        "withdrawn": "1 where it counts no more.",
        "position": "The position that introduced it.",
    },
)

_SOURCES = Shown(
    """CREATE VIEW sources AS
SELECT
    t.id,
    s.title,
    s.publisher,
    s.url,
    s.published,
    s.retrieved,
    s.text,
    through.id AS seen_through,
    s.attributes,
    s.files,
    s.withdrawn,
    (SELECT count(*) FROM citation c
      WHERE c.source = s.position AND c.until IS NULL AND c.withdrawn = 0) AS citations
FROM source s
JOIN thing t ON t.position = s.position
LEFT JOIN thing through ON through.position = s.seen_through
WHERE s.until IS NULL""",
    "Documents, and how much rests on each.",
    {
        "id": "The source's id.",
        "title": "Its title.",
        "publisher": "Who published it.",
        "url": "Where it is or was to be found.",
        "published": "When it was published (EDTF).",
        "retrieved": "When it was retrieved (EDTF).",
        "text": "SHA-256 of its archived text.",
        "seen_through": "The id of the source through which alone it was seen.",
        "attributes": "What it is filed under, such as exhibit or docket: a JSON object of texts.",
        "files": "Files that hold it: a JSON array of objects with name, sha256 and type.",
        "withdrawn": "1 where it was withdrawn.",
        "citations": "How many citations rest on it.",
    },
)

_ORDERINGS = Shown(
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
    "Stated relations in time between facts.",
    {
        "id": "The ordering's id.",
        "a": "The id of the first fact.",
        "relation": "How it stands in time to the second.",
        "b": "The id of the second fact.",
        "phrase": "The words for it, such as retaliated.",
        "gap_min": "At least so long between them (ISO 8601 duration).",
        "gap_max": "At most so long between them.",
        "withdrawn": "1 where it was withdrawn.",
        "in_force": "1 where it counts now; 0 where it was withdrawn, is not supported, or contradicts.",
    },
)

_CERTAIN_BEFORE = Shown(
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
    "Pairs of which the first certainly ended before the second started though no dates show it: stated orders do "
    "(`came_before` has them beside those that dates show). It works out every such pair of the ledger, which takes long "
    "where many thousand facts hang together. What only a greatest gap decides is not among them.",
    {
        "a": "The id of the fact that came first.",
        "b": "The id of the fact that came later.",
    },
)

_CAME_BEFORE = Shown(
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
    "What certainly came before what, as `factstore before` has it. Ask for one x: of all pairs there are very many. What "
    "may have come before is not here, nor what only a greatest gap decides.",
    {
        "x": "The id of the fact that came later, the one to ask about.",
        "id": "The id of a fact that certainly ended before x started.",
        "title": "What happened.",
        "edtf": "When, as it was written (EDTF).",
        "earliest": "The first day on which it may lie.",
        "latest": "The last day on which it may lie.",
        "known_by": "dates, or stated order where no dates show it.",
        "said_by": "The independent origins that assert it.",
    },
)

_CONFLICTS = Shown(
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
        "what": "What of it is set aside: a fact's date or length, a citation's evidence or the reading of its fact's date "
        "that it leaves, or an ordering.",
        "chain": "What cannot all hold: a JSON array of positions; minus a position is that fact's length.",
        "since": "The position from which it is set aside.",
    },
)

_CORRECTIONS = Shown(
    """CREATE VIEW corrections AS
SELECT
    t.id,
    change.key AS field,
    (SELECT old.value
       FROM record e
       JOIN payload q ON q.position = e.position
       JOIN json_each(q.payload, CASE e.position WHEN r.subject THEN '$' ELSE '$.changes' END) old
      WHERE e.subject = r.subject AND e.position < r.position
        AND (e.position = r.subject OR e.kind LIKE '%.corrected') AND old.key = change.key
      ORDER BY e.position DESC LIMIT 1) AS before,
    change.value AS after,
    (SELECT value FROM json_each(p.payload) WHERE key = 'reason') AS reason,
    c.message,
    c.name AS recorded_by,
    r.recorded_at,
    r.position
FROM record r
JOIN payload p ON p.position = r.position
JOIN thing t ON t.position = r.subject
JOIN committed c ON c.position = (SELECT min(position) FROM committed WHERE position >= r.position)
JOIN json_each(p.payload, '$.changes') change
WHERE r.kind LIKE '%.corrected'
ORDER BY r.position""",
    "Every field that was given another value, and why.",
    {
        "id": "The id of what was corrected.",
        "field": "Which field.",
        "before": "Its value before.",
        "after": "Its value after; null: it was taken away.",
        "reason": "extraction-error, source-corrected, new-evidence or other.",
        "message": "What was said of it.",
        "recorded_by": "Who did it.",
        "recorded_at": "When, in UTC.",
        "position": "The position of the correction.",
    },
)

_LOG = Shown(
    """CREATE VIEW log AS
SELECT
    r.position,
    c.position AS "commit",
    r.kind,
    t.id AS subject,
    r.recorded_at,
    c.name AS recorded_by,
    c.message,
    p.payload,
    r.hash
FROM record r
LEFT JOIN payload p ON p.position = r.position
LEFT JOIN thing t ON t.position = r.subject
LEFT JOIN committed c ON c.position = (SELECT min(position) FROM committed WHERE position >= r.position)
ORDER BY r.position""",
    "Every record of the ledger, with who, when and why.",
    {
        "position": "Its place in the ledger.",
        "commit": "The position at which its commit ends.",
        "kind": "What sort of record.",
        "subject": "The id of what it is about.",
        "recorded_at": "When, in UTC.",
        "recorded_by": "Who.",
        "message": "Why.",
        "payload": "What it says, as canonical JSON; null where it was redacted.",
        "hash": "Its hash.",
    },
)

_SEARCHABLE = Shown(
    "CREATE VIEW searchable AS\n"
    + SEARCHABLE.format(
        fact="f.until IS NULL",
        citation="c.until IS NULL AND c.withdrawn = 0",
        source="s.until IS NULL AND s.withdrawn = 0",
    ),
    "The words of facts and of their live quotes, as the full-text table `search` reads them.",
    {
        "position": "The fact's position.",
        "id": "Its id.",
        "title": "What happened.",
        "place": "Where.",
        "people": "The names and roles of who took part.",
        "tags": "Its tags.",
        "quotes": "The quotes of its live evidence.",
    },
)

VIEWS: dict[str, Shown] = {
    "timeline": _TIMELINE,
    "facts": _FACTS,
    "fact_versions": _FACT_VERSIONS,
    "citations": _CITATIONS,
    "speakers": _SPEAKERS,
    "sources": _SOURCES,
    "orderings": _ORDERINGS,
    "certain_before": _CERTAIN_BEFORE,
    "came_before": _CAME_BEFORE,
    "conflicts": _CONFLICTS,
    "corrections": _CORRECTIONS,
    "log": _LOG,
    "searchable": _SEARCHABLE,
}
