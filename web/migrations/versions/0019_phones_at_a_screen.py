"""Phones that are paired with a group's screen."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("screen", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        table.add_column(sa.Column("phones", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        table.create_check_constraint("person_phones", "phones BETWEEN 0 AND coalesce(people, 1)")
    with op.batch_alter_table("person") as table:
        table.alter_column("phones", server_default=None)
    op.create_index("person_code", "person", ["day", "code"], unique=True)
    op.create_index("person_screen", "person", ["day", "screen"])


def downgrade() -> None:
    op.drop_index("person_screen", table_name="person")
    op.drop_index("person_code", table_name="person")
    with op.batch_alter_table("person") as table:
        table.drop_constraint("person_phones", type_="check")
        for name in ("code", "phones", "screen"):
            table.drop_column(name)
