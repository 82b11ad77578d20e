"""Keys by which programs of others read the figures of a day."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    time = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "api_key",
        sa.Column("token_hash", text(), nullable=False),
        sa.Column("day", text(), nullable=False),
        sa.Column("key", text(), nullable=False),
        sa.Column("label", text(), nullable=False),
        sa.Column("made_at", time(), nullable=False),
        sa.Column("made_by", text(), nullable=True),
        sa.Column("expires_at", time(), nullable=False),
        sa.Column("revoked_at", time(), nullable=True),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("api_key_day", "api_key", ["day", "key"], unique=True)


def downgrade() -> None:
    op.drop_table("api_key")
