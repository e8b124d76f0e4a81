"""People who withdrew before this are in no list and no count either

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE participants SET removed_at = withdrawn_at WHERE removed_at IS NULL AND code LIKE 'WITHDRAWN-%'")


def downgrade() -> None:
    """They stay out of every list: what came before counted them by mistake."""
