"""Questions to the panel, who backs them, and whether one may ask."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "question_queue",
        sa.Column("day", text(), nullable=False),
        sa.Column("queue", text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("hold", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "queue"),
    )
    op.create_table(
        "question_back",
        sa.Column("day", text(), nullable=False),
        sa.Column("question", text(), nullable=False),
        sa.Column("person", text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "question", "person"),
    )
    op.create_table(
        "question",
        sa.Column("day", text(), nullable=False),
        sa.Column("question", text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("lane", text(), nullable=False),
        sa.Column("person", text(), nullable=False),
        sa.Column("text", text(), nullable=False),
        sa.Column("state", text(), nullable=False),
        sa.Column("asked_at", moment(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("role", text(), nullable=True),
        sa.Column("region", text(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("to", text(), nullable=True),
        sa.Column("backs", sa.Integer(), nullable=False),
        sa.Column("taken_up_at", moment(), nullable=True),
        sa.Column("answered_at", moment(), nullable=True),
        sa.Column("answer", text(), nullable=True),
        sa.Column("reason", text(), nullable=True),
        sa.Column("into", text(), nullable=True),
        sa.Column("lifted", text(), nullable=True),
        sa.Column("lifted_from", text(), nullable=True),
        sa.Column("lifted_backs", sa.Integer(), nullable=True),
        sa.Column("assigned_to", text(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "question"),
    )
    op.create_index("question_in_order", "question", ["day", "seq"], unique=False)
    op.create_index("question_into", "question", ["day", "into"], unique=False)


def downgrade() -> None:
    op.drop_index("question_into", table_name="question")
    op.drop_index("question_in_order", table_name="question")
    op.drop_table("question")
    op.drop_table("question_back")
    op.drop_table("question_queue")
