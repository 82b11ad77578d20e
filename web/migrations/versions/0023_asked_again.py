"""Letters with links to surveys, follow-up waves, and reminders to the owners of actions."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    with op.batch_alter_table("survey") as survey:
        survey.add_column(sa.Column("months", sa.Integer(), nullable=True))
        survey.add_column(sa.Column("mailed", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("survey") as survey:
        survey.alter_column("mailed", server_default=None)
    op.create_table(
        "survey_letter",
        sa.Column("day", text(), nullable=False),
        sa.Column("letter", text(), nullable=False),
        sa.Column("survey", text(), nullable=False),
        sa.Column("address", text(), nullable=False),
        sa.Column("lang", text(), nullable=False),
        sa.Column("token", text(), nullable=False),
        sa.Column("leave", text(), nullable=False),
        sa.Column("due_at", moment(), nullable=False),
        sa.Column("until", moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "letter"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_link",
        sa.Column("day", text(), nullable=False),
        sa.Column("link", text(), nullable=False),
        sa.Column("survey", text(), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("region", text(), nullable=True),
        sa.Column("affiliation", text(), nullable=True),
        sa.PrimaryKeyConstraint("day", "link"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "action_reminder",
        sa.Column("day", text(), nullable=False),
        sa.Column("action", text(), nullable=False),
        sa.Column("address", text(), nullable=False),
        sa.Column("lang", text(), nullable=False),
        sa.Column("token", text(), nullable=False),
        sa.Column("link_hash", text(), nullable=False),
        sa.Column("leave", text(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("due_at", moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "action"),
    )


def downgrade() -> None:
    op.drop_table("action_reminder")
    op.drop_table("survey_link")
    op.drop_table("survey_letter")
    with op.batch_alter_table("survey") as survey:
        survey.drop_column("mailed")
        survey.drop_column("months")
