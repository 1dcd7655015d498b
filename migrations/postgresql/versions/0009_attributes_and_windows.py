"""Full text finds the words of a fact's attributes: an exhibit's number, or the rest of a description that was cut.
And the timeline from some day on skips, within its index, what was over before.

Frozen: it imports no live code. The ledger is folded afterwards, which fills the index.
"""

from alembic import op

revision = "0009"
down_revision = "0008"

MADE = [
    "DROP INDEX placement_place",
    "DROP INDEX placement_history_place",
    """CREATE OR REPLACE VIEW searchable AS
SELECT
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
      WHERE c.about = f.position AND c.until IS NULL AND c.withdrawn = 0 AND s.until IS NULL AND s.withdrawn = 0) AS quotes,
    (SELECT string_agg(own.key || ' ' || own.value, '; ' ORDER BY own.n)
       FROM json_each_text(f.attributes::json) WITH ORDINALITY AS own(key, value, n)) AS attributes
FROM fact f
JOIN thing t ON t.position = f.position
WHERE f.until IS NULL""",
    """COMMENT ON VIEW searchable IS 'The words of facts and of their live quotes, as the full-text table `search` reads them.'""",
    """COMMENT ON COLUMN searchable."position" IS 'The fact''s position.'""",
    """COMMENT ON COLUMN searchable."id" IS 'Its id.'""",
    """COMMENT ON COLUMN searchable."title" IS 'What happened.'""",
    """COMMENT ON COLUMN searchable."place" IS 'Where.'""",
    """COMMENT ON COLUMN searchable."people" IS 'The names and roles of those who took part.'""",
    """COMMENT ON COLUMN searchable."tags" IS 'Its tags.'""",
    """COMMENT ON COLUMN searchable."quotes" IS 'The quotes of its live evidence.'""",
    """COMMENT ON COLUMN searchable."attributes" IS 'Its other fields, with their names.'""",
    """CREATE INDEX placement_place ON placement (place, place_end DESC, fact, end_max)""",
    """CREATE INDEX placement_history_place ON placement_history (place, place_end DESC, fact, since, until, end_max)""",
]


def upgrade() -> None:
    # Statements are given as they are: no % in them stands for a value.
    connection = op.get_bind().execution_options(no_parameters=True)
    for statement in MADE:
        connection.exec_driver_sql(statement)
