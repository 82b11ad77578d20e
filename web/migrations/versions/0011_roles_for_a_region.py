"""Roles that are for one region only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("bounds", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("person") as table:
        table.alter_column("bounds", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_column("bounds")
