"""Dates for kinds of data, and protocols of what was deleted."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "keeping_date",
        sa.Column("day", text(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("decision", text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind"),
    )
    op.create_table(
        "disposal",
        sa.Column("day", text(), nullable=False),
        sa.Column("disposal", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("figures", sa.Integer(), nullable=False),
        sa.Column("held", sa.JSON(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("by", text(), nullable=False),
        sa.Column("name", text(), nullable=False),
        sa.Column("decision", text(), nullable=False),
        sa.Column("signed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("done_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("day", "disposal"),
    )


def downgrade() -> None:
    op.drop_table("disposal")
    op.drop_table("keeping_date")
