"""The first and the last day of a placement are empty where a year is beyond the range of ticks: they had the year at which
ticks end, which nobody stated. And instants are without the microseconds by which stated orders push bounds.

Frozen: it imports no live code. The tables stay as they are, and the ledger is folded afterwards, which writes those days.
"""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    pass
