"""The timeline's year is right beyond four digits, where it was 0, and its month is then null, where it was the beginning of
the year.

Frozen: it imports no live code. The tables stay as they are.
"""

from alembic import op

revision = "0011"
down_revision = "0010"

GONE = ["VIEW timeline"]
MADE = [
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
]


def upgrade() -> None:
    for what in GONE:
        op.get_bind().exec_driver_sql(f"DROP {what}")
    for statement in MADE:
        op.get_bind().exec_driver_sql(statement)
