"""Full text finds the words of a fact's attributes: an exhibit's number, or the rest of a description that was cut.
And the timeline from some day on skips, within its index, what was over before.

Frozen: it imports no live code. The ledger is folded afterwards, which fills the index.
"""

from alembic import op

revision = "0009"
down_revision = "0008"

GONE = ["TABLE search", "VIEW searchable", "INDEX placement_place", "INDEX placement_history_place"]
MADE = [
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
         WHERE c.about = f.position AND c.until IS NULL AND c.withdrawn = 0 AND s.until IS NULL AND s.withdrawn = 0 ORDER BY c.position)) AS quotes,
    (SELECT group_concat(key || ' ' || value, '; ') FROM json_each(f.attributes)) AS attributes
FROM fact f
JOIN thing t ON t.position = f.position
WHERE f.until IS NULL""",
    """CREATE VIRTUAL TABLE search USING fts5(
    id, title, place, people, tags, quotes, attributes,
    content='searchable', content_rowid='position', tokenize='unicode61 remove_diacritics 2'
)""",
    """CREATE INDEX placement_place ON placement (place, place_end DESC, fact, end_max)""",
    """CREATE INDEX placement_history_place ON placement_history (place, place_end DESC, fact, since, until, end_max)""",
]


def upgrade() -> None:
    for what in GONE:
        op.get_bind().exec_driver_sql(f"DROP {what}")
    for statement in MADE:
        op.get_bind().exec_driver_sql(statement)
