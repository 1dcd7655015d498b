"""What the writer of a commit called it.

Frozen: it imports no live code.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

# What is taken out is made anew below. The table holds nothing that the ledger does not tell.
GONE = ["TABLE committed"]
MADE = [
    """CREATE TABLE committed (
	position INTEGER NOT NULL, 
	first INTEGER NOT NULL, 
	recorded_at TEXT NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	tool TEXT NOT NULL, 
	message TEXT NOT NULL, 
	records INTEGER NOT NULL, 
	request TEXT, 
	PRIMARY KEY (position), 
	FOREIGN KEY(position) REFERENCES record (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    """CREATE INDEX committed_recorded_at ON committed (recorded_at)""",
    """CREATE INDEX committed_request ON committed (request) WHERE request IS NOT NULL""",
]


def upgrade() -> None:
    for what in GONE:
        op.get_bind().exec_driver_sql(f"DROP {what}")
    for statement in MADE:
        op.get_bind().exec_driver_sql(statement)
