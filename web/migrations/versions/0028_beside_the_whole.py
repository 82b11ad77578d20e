"""What kinds of organisation answered to a poll; and where a ballot came from only under its box's key.

A poll that is open meanwhile gets no splits: what its ballots were counted with is forgotten.
"""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("poll_count", sa.Column("affiliations", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("poll_count", sa.Column("waiting", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="[]"))
    with op.batch_alter_table("poll_count") as table:
        table.alter_column("waiting", server_default=None)
    op.add_column("ballot", sa.Column("about", sa.LargeBinary(), nullable=True))
    for column in ("region", "affiliation", "people"):
        op.drop_column("ballot", column)


def downgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString
    op.add_column("ballot", sa.Column("region", text(), nullable=True))
    op.add_column("ballot", sa.Column("affiliation", text(), nullable=True))
    op.add_column("ballot", sa.Column("people", sa.Integer(), nullable=False, server_default="0"))
    op.drop_column("ballot", "about")
    op.drop_column("poll_count", "waiting")
    op.drop_column("poll_count", "affiliations")
