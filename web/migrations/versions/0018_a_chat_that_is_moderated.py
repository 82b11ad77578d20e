"""The chat's moderation: who may not write and where, what is held, and what can be undone."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "chat_restraint",
        sa.Column("day", text(), nullable=False),
        sa.Column("person", text(), nullable=False),
        sa.Column("where", text(), nullable=False),
        sa.Column("until", moment(), nullable=True),
        sa.Column("banned", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "person", "where"),
    )
    op.execute(
        sa.text(
            """INSERT INTO chat_restraint (day, person, "where", until, banned) SELECT day, person, 'everywhere', until, :no FROM chat_silence"""
        ).bindparams(sa.bindparam("no", value=False, type_=sa.Boolean()))
    )
    op.drop_table("chat_silence")
    op.create_table(
        "chat_pace",
        sa.Column("day", text(), nullable=False),
        sa.Column("room", text(), nullable=False),
        sa.Column("person", text(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("day", "room", "person"),
    )
    op.create_table(
        "chat_words",
        sa.Column("day", text(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "chat_step",
        sa.Column("day", text(), nullable=False),
        sa.Column("step", text(), nullable=False),
        sa.Column("by", text(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("back", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("day", "step"),
    )
    op.create_table(
        "chat_announcement",
        sa.Column("day", text(), nullable=False),
        sa.Column("announcement", text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("to", text(), nullable=False),
        sa.Column("role", text(), nullable=True),
        sa.Column("person", text(), nullable=False),
        sa.Column("text", text(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "announcement"),
    )
    with op.batch_alter_table("chat_room") as table:
        table.add_column(sa.Column("slow_s", sa.Integer(), nullable=False, server_default="0"))
        for name in ("hold", "hold_links", "hold_words"):
            table.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("chat_message") as table:
        table.add_column(sa.Column("since", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("placed", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("held", text(), nullable=True))
        table.add_column(sa.Column("why", text(), nullable=True))
        table.add_column(sa.Column("gone_at", moment(), nullable=True))
    op.execute("UPDATE chat_message SET since = seq")
    with op.batch_alter_table("chat_room") as table:
        for name in ("slow_s", "hold", "hold_links", "hold_words"):
            table.alter_column(name, server_default=None)
    with op.batch_alter_table("chat_message") as table:
        table.alter_column("since", server_default=None)
        table.alter_column("placed", server_default=None)


def downgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    with op.batch_alter_table("chat_message") as table:
        for name in ("gone_at", "why", "held", "placed", "since"):
            table.drop_column(name)
    with op.batch_alter_table("chat_room") as table:
        for name in ("hold_words", "hold_links", "hold", "slow_s"):
            table.drop_column(name)
    op.create_table(
        "chat_silence",
        sa.Column("day", text(), nullable=False),
        sa.Column("person", text(), nullable=False),
        sa.Column("until", moment(), nullable=False),
        sa.PrimaryKeyConstraint("day", "person"),
    )
    op.execute(
        """INSERT INTO chat_silence (day, person, until) SELECT day, person, until FROM chat_restraint
        WHERE "where" = 'everywhere' AND until IS NOT NULL"""
    )
    for name in ("chat_announcement", "chat_step", "chat_words", "chat_pace", "chat_restraint"):
        op.drop_table(name)
