"""Views of facts: in order of time, as they are now, and in all their versions."""

from __future__ import annotations

from factstore.database.views.shown import Shown

VIEWS = {
    "timeline": Shown(
        """CREATE VIEW timeline AS
SELECT
    p.id,
    f.title,
    f.edtf,
    f.phrase,
    p.earliest,
    p.latest,
    CAST(CASE WHEN substr(p.earliest, 1, 1) = 'Y' THEN substr(p.earliest, 2)
              ELSE substr(p.earliest, 1, instr(substr(p.earliest, 2), '-')) END AS INTEGER) AS year,
    CASE WHEN substr(p.earliest, 1, 1) <> 'Y'
         THEN substr(p.earliest, 1, instr(substr(p.earliest, 2), '-') + 3) END AS month,
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
        "The view to start with: facts that stand or are disputed, in an order that keeps all stated orders; undated ones "
        "last.",
        {
            "id": "The fact's id.",
            "title": "What happened.",
            "edtf": "When it happened, as it was written (EDTF).",
            "phrase": "The source's own words for the time.",
            "earliest": "The first day on which it may lie, with dates, evidence and orderings reconciled; an instant in "
            "UTC, to six decimals, if a time of day bounds it; null if it is not known, or more than about 73,000 years "
            "away.",
            "latest": "The last such day. Comparing days misses what only a stated order decides: see `certain_before`.",
            "year": "The year of `earliest`, for grouping; that of an instant in UTC, whatever the ledger's zone.",
            "month": "The month of `earliest`, likewise; null if the year has more than four digits.",
            "undated": "1 if only the days on which it was reported limit when it happened.",
            "status": "stands or disputed.",
            "conflicting": "1 if its date or an ordering of it is set aside.",
            "place": "Where.",
            "origins": "How many independent origins assert it; outlets that repeat one origin count once.",
            "citations": "How many live citations it has.",
        },
    ),
    "facts": Shown(
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
        "All facts as they are now, of any status.",
        {
            "id": "Its id.",
            "title": "What happened.",
            "edtf": "When it happened, as it was written (EDTF).",
            "phrase": "The source's own words for the time.",
            "anchor": "The day from which the phrase was read.",
            "zone": "The fixed offset from UTC of times without one.",
            "earliest": "The first day on which it may lie.",
            "latest": "The last day on which it may lie.",
            "status": "stands, disputed, denied, foretold, unsupported or withdrawn.",
            "conflicting": "1 if its date or an ordering of it is set aside.",
            "place": "Where.",
            "participants": "Who took part: a JSON array of objects with name and role.",
            "tags": "A JSON array of texts.",
            "attributes": "Other fields: a JSON object of texts.",
            "lasts_min": "The least time that it lasted (ISO 8601 duration).",
            "lasts_max": "The most time that it lasted.",
            "position": "The position that introduced it.",
            "version": "The position of the last record about it.",
        },
    ),
    "fact_versions": Shown(
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
        "All versions of each fact, old and new, with the positions between which each holds.",
        {
            "id": "The fact's id.",
            "from_position": "The position from which this version holds.",
            "to_position": "The position from which it no longer holds; null: it still does.",
            "recorded_at": "When it was recorded (UTC).",
            "withdrawn": "1 if it counted in no answer.",
            "title": "What happened.",
            "edtf": "When it happened, as it was written (EDTF).",
            "phrase": "The source's own words for the time.",
            "anchor": "The day from which the phrase was read.",
            "zone": "The fixed offset from UTC of times without one.",
            "place": "Where.",
            "participants": "Who took part, as JSON.",
            "tags": "Tags, as JSON.",
            "attributes": "Other fields, as JSON.",
            "lasts_min": "The least time that it lasted (ISO 8601 duration).",
            "lasts_max": "The most time that it lasted.",
        },
    ),
}
