"""Each placement keeps where its fact stands in the order of the timeline, and the timeline is in that order.

What stands there is folded from the ledger once the migration is done. Frozen: it imports no live code.
"""

from alembic import op

revision = "0006"
down_revision = "0004"

STATEMENTS = [
    """DROP VIEW timeline""",
    """DROP TABLE placement""",
    """DROP TABLE placement_history""",
    """CREATE TABLE placement (
	fact INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	status TEXT NOT NULL, 
	earliest TEXT, 
	latest TEXT, 
	start_min INTEGER NOT NULL, 
	start_max INTEGER NOT NULL, 
	end_min INTEGER NOT NULL, 
	end_max INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	place_end INTEGER NOT NULL, 
	start_min_by INTEGER NOT NULL, 
	start_max_by INTEGER NOT NULL, 
	end_min_by INTEGER NOT NULL, 
	end_max_by INTEGER NOT NULL, 
	width INTEGER NOT NULL, 
	tied INTEGER NOT NULL, 
	revised INTEGER NOT NULL, 
	conflicting INTEGER NOT NULL, 
	PRIMARY KEY (fact), 
	FOREIGN KEY(fact) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    """CREATE TABLE placement_history (
	fact INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	until INTEGER, 
	id TEXT NOT NULL, 
	status TEXT NOT NULL, 
	earliest TEXT, 
	latest TEXT, 
	start_min INTEGER NOT NULL, 
	start_max INTEGER NOT NULL, 
	end_min INTEGER NOT NULL, 
	end_max INTEGER NOT NULL, 
	place INTEGER NOT NULL, 
	place_end INTEGER NOT NULL, 
	start_min_by INTEGER NOT NULL, 
	start_max_by INTEGER NOT NULL, 
	end_min_by INTEGER NOT NULL, 
	end_max_by INTEGER NOT NULL, 
	width INTEGER NOT NULL, 
	tied INTEGER NOT NULL, 
	revised INTEGER NOT NULL, 
	conflicting INTEGER NOT NULL, 
	PRIMARY KEY (fact, since), 
	FOREIGN KEY(fact) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    """CREATE INDEX placement_end_max ON placement (revised, end_max DESC, id)""",
    """CREATE INDEX placement_end_min ON placement (revised, width, end_min DESC, id, end_max)""",
    """CREATE INDEX placement_place ON placement (place, place_end DESC, fact)""",
    """CREATE INDEX placement_history_end_max ON placement_history (end_max DESC, id, since, until)""",
    """CREATE INDEX placement_history_end_min ON placement_history (width, end_min DESC, id, since, until, end_max)""",
    """CREATE INDEX placement_history_place ON placement_history (place, place_end DESC, fact, since, until)""",
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
]


def upgrade() -> None:
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
