"""Answers in hindsight: a tally of their own, and who joined when the day was over."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "later_count",
        sa.Column("day", text(), nullable=False),
        sa.Column("poll", text(), nullable=False),
        sa.Column("now", text(), nullable=False),
        sa.Column("shown", text(), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("key_print", text(), nullable=True),
        sa.PrimaryKeyConstraint("day", "poll"),
    )
    op.add_column("person", sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("person") as table:
        table.alter_column("late", server_default=None)


def downgrade() -> None:
    op.drop_column("person", "late")
    op.drop_table("later_count")
