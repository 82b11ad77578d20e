"""Which lane somebody has chosen to look at, and regions that were late when a line of captions was begun."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("follows", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    with op.batch_alter_table("caption") as caption:
        caption.add_column(sa.Column("apart", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("caption") as caption:
        caption.alter_column("apart", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("caption") as caption:
        caption.drop_column("apart")
    with op.batch_alter_table("person") as person:
        person.drop_column("follows")
