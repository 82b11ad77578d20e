"""A day has one list of held words: that of its chat and that of its polls, together."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

OURS = (
    *("dra åt helvete", "fan", "fitta*", "hora", "horor", "horunge", "håll käften", "idiot*", "jävla", "jävlar", "knull*", "kuk*"),
    *("neger", "nigger", "sug min", "svartskalle*"),
)
"""What the chat of a day without a list went by, as it was then."""

CHATS = sa.table("chat_words", sa.column("day", sa.String), sa.column("words", sa.JSON))
DAYS = sa.table("held_words", sa.column("day", sa.String), sa.column("words", sa.JSON))


def upgrade() -> None:
    here = op.get_bind()
    chats, polls = ({row.day: row.words for row in here.execute(sa.select(table))} for table in (CHATS, DAYS))
    here.execute(sa.delete(DAYS))
    for day in sorted({*chats, *polls}):
        words = sorted({*chats.get(day, OURS), *polls.get(day, ())})
        here.execute(sa.insert(DAYS).values(day=day, words=words))
    op.drop_table("chat_words")


def downgrade() -> None:
    op.create_table(
        "chat_words",
        sa.Column("day", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    here = op.get_bind()
    for row in here.execute(sa.select(DAYS)).all():
        here.execute(sa.insert(CHATS).values(day=row.day, words=row.words))
