"""What the last change to a survey can be taken back to."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "survey_undo",
        sa.Column("day", text(), nullable=False),
        sa.Column("survey", text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("title", text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "survey"),
    )


def downgrade() -> None:
    op.drop_table("survey_undo")
