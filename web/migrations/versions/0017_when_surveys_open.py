"""When surveys open by themselves, whom they ask, and after which item."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TEXTS = ("opens", "of", "item", "scope")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("survey", sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("survey", sa.Column("opens_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    for name in ("opens_at", *TEXTS):
        op.drop_column("survey", name)
