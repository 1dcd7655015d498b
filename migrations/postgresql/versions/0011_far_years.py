"""The timeline's year is right beyond four digits, where it was 0, and its month is then null, where it was the beginning of
the year.

Frozen: it imports no live code. The view is replaced, not dropped, so roles keep their rights to it.
"""

from alembic import op

revision = "0011"
down_revision = "0010"

MADE = [
    """CREATE OR REPLACE VIEW timeline AS
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
    """COMMENT ON COLUMN timeline.year IS 'The year of `earliest`, for grouping; that of an instant in UTC, whatever the ledger''s zone.'""",
    """COMMENT ON COLUMN timeline.month IS 'The month of `earliest`, likewise; null if the year has more than four digits.'""",
]


def upgrade() -> None:
    for statement in MADE:
        op.get_bind().exec_driver_sql(statement)
