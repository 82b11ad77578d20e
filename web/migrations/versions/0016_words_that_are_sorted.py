"""How a moderator sorts what people wrote, the words that a day holds, and the question bank."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_words",
        sa.Column("day", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "bank_question",
        sa.Column("question", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("question", "version"),
    )
    op.create_table(
        "sorted_text",
        *(sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False) for name in ("day", "poll", "text", "standing", "theme")),
        sa.PrimaryKeyConstraint("day", "poll", "text"),
    )
    with op.batch_alter_table("poll") as table:
        table.add_column(sa.Column("sorting", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("sorts", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("poll") as table:
        table.alter_column("sorting", server_default=None)
        table.alter_column("sorts", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("poll") as table:
        table.drop_column("sorts")
        table.drop_column("sorting")
    op.drop_table("bank_question")
    op.drop_table("sorted_text")
    op.drop_table("held_words")
