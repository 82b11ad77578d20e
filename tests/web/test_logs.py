from __future__ import annotations

import pytest

from web.logs import wash, washed


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Cookie: samsyn_session=abc123; x", "Cookie: samsyn_session=…; x"),
        ("Cookie: __Host-samsyn_session=abc123", "Cookie: __Host-samsyn_session=…"),
        ("GET /in/abc123 HTTP", "GET /in/… HTTP"),
        ("GET /days/d-1/light/abc123 HTTP", "GET /days/d-1/light/… HTTP"),
        ("GET /days/d-1/region/abc123?x HTTP", "GET /days/d-1/region/… HTTP"),
        ("GET /days/d-1/pair/ABCDEF HTTP", "GET /days/d-1/pair/… HTTP"),
        ("GET /p/BCD-FGH HTTP", "GET /p/… HTTP"),
        ("authorization: Bearer abc.123", "authorization: Bearer …"),
        ("kim@region.example wrote", "…@… wrote"),
        ("postgresql+asyncpg://samsyn:hemligt@db/samsyn", "postgresql+asyncpg://…@db/samsyn"),
        ("(sqlite3.Error) x\n[SQL: INSERT]\n[parameters: ('ja', 'kim')]", "(sqlite3.Error) x\n[SQL: INSERT]\n[parameters: …]"),
        ("a\x1b[31mb\x00c\rd", "a\N{REPLACEMENT CHARACTER}[31mb\N{REPLACEMENT CHARACTER}c\N{REPLACEMENT CHARACTER}d"),
    ],
)
def test_nothing_secret_is_written_down(raw: str, clean: str) -> None:
    assert washed(raw) == clean
    assert wash(None, "info", {"event": raw, "n": 1}) == {"event": clean, "n": 1}
