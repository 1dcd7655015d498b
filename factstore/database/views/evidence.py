"""Views of what sources said, and on whose behalf."""

from __future__ import annotations

from factstore.database.views.shown import Shown

VIEWS = {
    "citations": Shown(
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
        "All pieces of evidence: who said it, through whom, in which words.",
        {
            "id": "The citation's id.",
            "about": "The id of the fact or ordering that it is about.",
            "source": "The id of the source.",
            "source_title": "The source's title.",
            "publisher": "Who published the source.",
            "url": "Where the source is, or was, found.",
            "published": "When the source was published (EDTF).",
            "quote": "The source's exact words; […] marks what was left out.",
            "stance": "asserts, foretells, denies or silent.",
            "spoke": "Who spoke: the first in the chain, or the publisher.",
            "origin": "On whose behalf that was, in the end.",
            "attribution": "The chain from who spoke first to the document.",
            "locator": "Page, line or timecode.",
            "edtf": "When it happened, according to this source (EDTF).",
            "phrase": "This source's own words for the time.",
            "said": "The day it was said.",
            "hedge": "Words that hedge it, such as reportedly.",
            "unnamed": "How an unnamed speaker was described.",
            "quote_check": "Whether the archived text has the quote: verbatim, normalised or missing; else unchecked.",
            "withdrawn": "1 if it, or its source, was withdrawn.",
        },
    ),
    "speakers": Shown(
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
        "Speakers, and on whose behalf they speak in the end.",
        {
            "id": "The speaker's id.",
            "name": "Their name.",
            "aliases": "Their other names: a JSON array.",
            "speaks_for": "The id of the speaker on whose behalf they speak.",
            "origin": "The topmost of these; speakers with the same origin do not corroborate each other.",
            "withdrawn": "1 if it no longer counts.",
            "position": "The position that introduced it.",
        },
    ),
    "sources": Shown(
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
        "Documents, and how many citations rest on each.",
        {
            "id": "The source's id.",
            "title": "Its title.",
            "publisher": "Who published it.",
            "url": "Where it is, or was, found.",
            "published": "When it was published (EDTF).",
            "retrieved": "When it was retrieved (EDTF).",
            "text": "SHA-256 of its archived text.",
            "seen_through": "The id of the source that it was only seen through.",
            "attributes": "References such as exhibit or docket: a JSON object of texts.",
            "files": "Files that contain it: a JSON array of objects with name, sha256 and type.",
            "withdrawn": "1 if it was withdrawn.",
            "citations": "How many citations rest on it.",
        },
    ),
}
