"""What is done with a region that takes longer than its slot, and where one stands that was let finish."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    with op.batch_alter_table("block") as table:
        table.add_column(sa.Column("overrun", text(), nullable=True))
        table.add_column(sa.Column("overrun_limit_s", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("block") as table:
        table.alter_column("overrun_limit_s", server_default=None)
    with op.batch_alter_table("track") as table:
        table.add_column(sa.Column("late_in", text(), nullable=True))
        table.add_column(sa.Column("late_until", moment(), nullable=True))
    with op.batch_alter_table("showing") as table:
        table.add_column(sa.Column("skips_ms", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("showing") as table:
        table.alter_column("skips_ms", server_default=None)


def downgrade() -> None:
    for name, columns in {"showing": ("skips_ms",), "track": ("late_until", "late_in"), "block": ("overrun_limit_s", "overrun")}.items():
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.drop_column(column)
