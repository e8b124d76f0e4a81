"""Passwords that somebody else typed; people who withdrew before this are in no list and no count

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# SQLite changes a table by copying it; without this the copy would use ids twice.
KEEP_IDS = {"sqlite_autoincrement": True}


def upgrade() -> None:
    with op.batch_alter_table("members", table_kwargs=KEEP_IDS) as batch_op:
        batch_op.add_column(sa.Column("password_is_given", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE participants SET removed_at = withdrawn_at WHERE removed_at IS NULL AND code LIKE 'WITHDRAWN-%'")


def downgrade() -> None:
    """Those who withdrew stay out of every list: what came before counted them by mistake."""
    with op.batch_alter_table("members", table_kwargs=KEEP_IDS) as batch_op:
        batch_op.drop_column("password_is_given")
