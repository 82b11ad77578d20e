"""Gestures from the audience, the talk of those who run the day, and the end of an announcement."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "gesture_count",
        _text("day"),
        _text("item"),
        _text("gesture"),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "item", "gesture"),
    )
    op.create_table("gesture_still_lane", _text("day"), _text("lane"), sa.PrimaryKeyConstraint("day", "lane"))

    op.create_table(
        "backstage_channel",
        _text("day"),
        _text("channel"),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("day", "channel"),
    )
    op.create_table(
        "backstage_word",
        _text("day"),
        _text("channel"),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        _text("person"),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        _text("text"),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("day", "channel", "n"),
    )

    with op.batch_alter_table("chat_announcement") as table:
        table.add_column(sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("chat_announcement") as table:
        table.drop_column("ends_at")
    op.drop_table("backstage_word")
    op.drop_table("backstage_channel")
    op.drop_table("gesture_still_lane")
    op.drop_table("gesture_count")
