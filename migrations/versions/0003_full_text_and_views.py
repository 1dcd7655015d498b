"""Full text, and views that answer more.

Frozen: it imports no live code.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

# Views that are told anew, each under its name.
GONE = ()
VIEWS = [
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


def upgrade() -> None:
    for name in GONE:
        op.get_bind().exec_driver_sql(f"DROP VIEW {name}")
    for statement in (*VIEWS, SEARCH, FILL):
        op.get_bind().exec_driver_sql(statement)
