"""The first and the last day of a placement are empty where a year is beyond the range of ticks: they had the year at which
ticks end, which nobody stated. And instants are without the microseconds by which stated orders push bounds.

Frozen: it imports no live code. Only comments change, and the ledger is folded afterwards, which writes those days.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

MADE = [
    """COMMENT ON COLUMN placement.earliest IS 'The first day on which it may lie (or the first instant, in UTC to six decimals, if times are given); null if nothing is known, or if it lies further away than ticks reach, about 73,000 years: then its date has the year.'""",
    """COMMENT ON COLUMN placement_history.earliest IS 'The first day on which it may lie (or the first instant, in UTC to six decimals, if times are given); null if nothing is known, or if it lies further away than ticks reach, about 73,000 years: then its date has the year.'""",
    """COMMENT ON COLUMN timeline.earliest IS 'The first day on which it may lie, with dates, evidence and orderings reconciled; an instant in UTC, to six decimals, if a time of day bounds it; null if it is not known, or more than about 73,000 years away.'""",
]


def upgrade() -> None:
    for statement in MADE:
        op.get_bind().exec_driver_sql(statement)
