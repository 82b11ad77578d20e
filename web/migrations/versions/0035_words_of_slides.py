"""What is written on the slide that a screen shows, and on those that lanes have shown."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "slide",
        sa.Column("day", text(), nullable=False),
        sa.Column("source", text(), nullable=False),
        sa.Column("of", text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "source"),
    )
    op.create_table(
        "slide_seen",
        sa.Column("day", text(), nullable=False),
        sa.Column("source", text(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("lanes", sa.JSON(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "source", "at"),
    )


def downgrade() -> None:
    op.drop_table("slide_seen")
    op.drop_table("slide")
