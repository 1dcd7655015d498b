"""${message}

Frozen once it has landed: it imports no live code, and later changes are migrations of their own.
"""

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}

from alembic import op


def upgrade() -> None:
    pass
