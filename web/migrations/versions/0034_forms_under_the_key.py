"""Where a survey's form came from only under its box's key; a code of a screen is one of the whole installation and runs out; and when a
screen told how many sit before it.

The forms of a survey that is open meanwhile are sealed here, where the keys lie beside the database. Where they do not it gets no splits.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import context, op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

COLUMNS = ("region", "affiliation", "people")
PADDED_TO = 64
HOURS = 12


def upgrade() -> None:
    op.add_column("survey_answers", sa.Column("about", sa.LargeBinary(), nullable=True))
    keys: Path | None = context.config.attributes.get("keys")
    if keys is not None:
        _seal_open_forms(op.get_bind(), keys)
    for column in COLUMNS:
        op.drop_column("survey_answers", column)
    if op.get_bind().dialect.name == "postgresql":  # a column that was dropped lies in the table's files until they are written anew
        op.execute("CLUSTER survey_answers USING survey_answers_pkey")
        op.execute("ALTER TABLE survey_answers SET WITHOUT CLUSTER")

    time = sqlmodel.sql.sqltypes.UTCDateTime
    op.add_column("person", sa.Column("code_until", time(), nullable=True))
    op.add_column("person", sa.Column("told_at", time(), nullable=True))
    op.execute("UPDATE person SET told_at = joined_at WHERE people IS NOT NULL")
    op.execute("UPDATE person SET code = NULL WHERE code IN (SELECT code FROM person GROUP BY code HAVING count(*) > 1)")
    person = sa.table("person", sa.column("code"), sa.column("code_until", time()))
    op.execute(sa.update(person).where(person.c.code.is_not(None)).values(code_until=datetime.now(UTC) + timedelta(hours=HOURS)))
    op.drop_index("person_code", table_name="person")
    op.create_index("person_code", "person", ["code"], unique=True)


def _seal_open_forms(connection: sa.Connection, keys: Path) -> None:
    for day, survey, key_print in connection.execute(sa.text("SELECT day, survey, key_print FROM survey WHERE state = 'open'")).all():
        box = f"{day}/survey/{survey}"
        file = keys / f"{hashlib.sha256(box.encode()).hexdigest()[:32]}.key"
        if not file.exists() or hashlib.sha256(b"box:" + file.read_bytes()).hexdigest()[:16] != key_print:
            continue
        seal = AESGCM(hmac.digest(file.read_bytes(), b"about", "sha256"))
        forms = sa.text("SELECT key, region, affiliation, people FROM survey_answers WHERE box = :box")
        for key, *told in connection.execute(forms, {"box": box}).all():
            about = {"box": box, "key": key, "about": _sealed(seal, bytes(key), told)}
            connection.execute(sa.text("UPDATE survey_answers SET about = :about WHERE box = :box AND key = :key"), about)


def _sealed(seal: AESGCM, key: bytes, told: list[Any]) -> bytes:
    said, nonce = msgspec.json.encode(told), os.urandom(12)
    return nonce + seal.encrypt(nonce, said.ljust(-(-len(said) // PADDED_TO) * PADDED_TO), key)


def downgrade() -> None:
    op.drop_index("person_code", table_name="person")
    op.create_index("person_code", "person", ["day", "code"], unique=True)
    op.drop_column("person", "told_at")
    op.drop_column("person", "code_until")
    text = sqlmodel.sql.sqltypes.AutoString
    op.add_column("survey_answers", sa.Column("region", text(), nullable=True))
    op.add_column("survey_answers", sa.Column("affiliation", text(), nullable=True))
    op.add_column("survey_answers", sa.Column("people", sa.Integer(), nullable=False, server_default="0"))
    op.drop_column("survey_answers", "about")
