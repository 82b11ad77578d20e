"""Links that are taken back."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("link", sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("link", sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("link", sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("link", "withdrawn_at")
    op.drop_column("link", "made_at")
    op.drop_column("link", "region")
