"""Views of the ledger's records."""

from __future__ import annotations

from factstore.database.views.shown import Shown

VIEWS = {
    "corrections": Shown(
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
        "All fields that were given another value, and why.",
        {
            "id": "The id of what was corrected.",
            "field": "Which field.",
            "before": "Its value before.",
            "after": "Its value after; null: it was removed.",
            "reason": "extraction-error, source-corrected, new-evidence or other.",
            "message": "The commit's message.",
            "recorded_by": "Who did it.",
            "recorded_at": "When, in UTC.",
            "position": "The position of the correction.",
        },
    ),
    "log": Shown(
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
        "All records of the ledger, with who, when and why.",
        {
            "position": "Its place in the ledger.",
            "commit": "The position at which its commit ends.",
            "kind": "The kind of record.",
            "subject": "The id of what it is about.",
            "recorded_at": "When, in UTC.",
            "recorded_by": "Who.",
            "message": "Why.",
            "payload": "What it says, as canonical JSON; null if it was redacted.",
            "hash": "Its hash.",
        },
    ),
}
