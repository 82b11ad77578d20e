"""Keys by which programs of others read the figures of a day, and webhooks by which they are told of it."""

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
    op.create_table(
        "webhook",
        sa.Column("day", text(), nullable=False),
        sa.Column("webhook", text(), nullable=False),
        sa.Column("url", text(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("made_at", time(), nullable=False),
        sa.Column("made_by", text(), nullable=True),
        sa.Column("removed_at", time(), nullable=True),
        sa.Column("why", text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "webhook"),
    )
    op.create_table(
        "delivery",
        sa.Column("day", text(), nullable=False),
        sa.Column("delivery", text(), nullable=False),
        sa.Column("webhook", text(), nullable=False),
        sa.Column("kind", text(), nullable=False),
        sa.Column("body", text(), nullable=False),
        sa.Column("made_at", time(), nullable=False),
        sa.Column("state", text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", time(), nullable=False),
        sa.Column("tried_at", time(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("fault", text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "delivery"),
    )
    op.create_index("delivery_due", "delivery", ["state", "due_at"])


def downgrade() -> None:
    op.drop_table("delivery")
    op.drop_table("webhook")
    op.drop_table("api_key")
