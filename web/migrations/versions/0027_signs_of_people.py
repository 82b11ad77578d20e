"""When there were signs of people at a screen, and how many it told when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attendance", sa.Column("alive", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("attendance") as table:
        table.add_column(sa.Column("sizes", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("attendance") as table:
        table.alter_column("sizes", server_default=None)


def downgrade() -> None:
    op.drop_column("attendance", "sizes")
    op.drop_column("attendance", "alive")
