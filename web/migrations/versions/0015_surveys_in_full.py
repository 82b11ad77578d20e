"""Surveys in full: an English introduction, and forms of groups counted beside all."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# The groups of surveys that are open just now: what their forms come to, shown from the next fifth on.
GROUPS = """
INSERT INTO survey_count (day, survey, question, now, shown, waiting)
SELECT s.day, s.survey, '/groups', '{"n":' || COUNT(a.people) || ',"behind":' || COALESCE(SUM(a.people), 0) || '}', '{}', '[]'
FROM survey s LEFT JOIN survey_answers a ON a.box = s.day || '/survey/' || s.survey AND a.people > 1
WHERE s.state = 'open' GROUP BY s.day, s.survey
"""


def upgrade() -> None:
    op.add_column("survey", sa.Column("intro_en", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.execute(GROUPS)


def downgrade() -> None:
    op.execute("DELETE FROM survey_count WHERE question = '/groups'")
    op.drop_column("survey", "intro_en")
