"""Captions that are written live, and those that are given to films."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "caption",
        sa.Column("day", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("line", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("lane", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("everywhere", sa.Boolean(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("begun_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("touched_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("day", "line"),
    )
    op.create_index("caption_touched", "caption", ["day", "touched_at"], unique=False)
    op.create_table(
        "caption_turn",
        sa.Column("day", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("lane", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("writer", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ready", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("wanted", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("line", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("delay_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "lane"),
    )
    op.add_column("film", sa.Column("webvtt", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("film", "webvtt")
    op.drop_table("caption_turn")
    op.drop_index("caption_touched", table_name="caption")
    op.drop_table("caption")
