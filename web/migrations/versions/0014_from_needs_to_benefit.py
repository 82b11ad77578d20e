"""Needs, actions and what was told of them, benefit, goals in figures, and organisations that were reached."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "need",
        sa.Column("day", text(), nullable=False),
        sa.Column("need", text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("statement", text(), nullable=False),
        sa.Column("statement_en", text(), nullable=True),
        sa.Column("source", text(), nullable=False),
        sa.Column("origin", text(), nullable=False),
        sa.Column("theme", text(), nullable=False),
        sa.Column("goals", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "need"),
    )
    op.create_table(
        "action",
        sa.Column("day", text(), nullable=False),
        sa.Column("action", text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("what", text(), nullable=False),
        sa.Column("owner", text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("stage", text(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("told_at", moment(), nullable=True),
        sa.Column("link_hash", text(), nullable=True),
        sa.Column("link_until", moment(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "action"),
    )
    op.create_index("action_link", "action", ["link_hash"], unique=True)
    op.create_table(
        "action_told",
        sa.Column("day", text(), nullable=False),
        sa.Column("action", text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("by_owner", sa.Boolean(), nullable=False),
        sa.Column("was", text(), nullable=False),
        sa.Column("stage", text(), nullable=False),
        sa.Column("text", text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "action", "number"),
    )
    op.create_table(
        "benefit",
        sa.Column("day", text(), nullable=False),
        sa.Column("benefit", text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("action", text(), nullable=False),
        sa.Column("what", text(), nullable=False),
        sa.Column("unit", text(), nullable=False),
        sa.Column("assumption", text(), nullable=False),
        sa.Column("baseline", sa.Float(), nullable=True),
        sa.Column("effect", sa.Float(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("measured_on", sa.Date(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "benefit"),
    )
    op.create_table(
        "target",
        sa.Column("series", text(), nullable=False),
        sa.Column("target", text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", text(), nullable=False),
        sa.Column("measure", text(), nullable=False),
        sa.Column("goal", text(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("series", "target"),
    )
    op.create_table(
        "reached",
        sa.Column("day", text(), nullable=False),
        sa.Column("reached", text(), nullable=False),
        sa.Column("name", text(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "reached"),
    )


def downgrade() -> None:
    op.drop_table("reached")
    op.drop_table("target")
    op.drop_table("benefit")
    op.drop_table("action_told")
    op.drop_index("action_link", table_name="action")
    op.drop_table("action")
    op.drop_table("need")
