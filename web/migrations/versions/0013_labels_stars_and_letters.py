"""Questions that are labelled, starred, may be quoted, and divide; and where their answers are sent."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FLAGS = ("starred", "quotable")


def upgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    with op.batch_alter_table("question") as table:
        table.add_column(sa.Column("against", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("label", text(), nullable=True))
        for flag in FLAGS:
            table.add_column(sa.Column(flag, sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("question") as table:  # rows that were there have a value now, and new ones always give one
        for name in ("against", *FLAGS):
            table.alter_column(name, server_default=None)
    with op.batch_alter_table("question_back") as table:
        table.add_column(sa.Column("against", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("question_back") as table:
        table.alter_column("against", server_default=None)
    op.create_table(
        "question_letter",
        sa.Column("day", text(), nullable=False),
        sa.Column("question", text(), nullable=False),
        sa.Column("person", text(), nullable=False),
        sa.Column("address", text(), nullable=False),
        sa.Column("lang", text(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("day", "question"),
    )
    op.create_index("question_letter_due", "question_letter", ["ready", "due_at"], unique=False)


def downgrade() -> None:
    op.drop_index("question_letter_due", table_name="question_letter")
    op.drop_table("question_letter")
    with op.batch_alter_table("question_back") as table:
        table.drop_column("against")
    with op.batch_alter_table("question") as table:
        for name in (*reversed(FLAGS), "label", "against"):
            table.drop_column(name)
