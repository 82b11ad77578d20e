from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from streaming.media.ice import Ways
from web import secret_files, settings
from web.media_child import media_words


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in settings.unknown():
        monkeypatch.delenv(name)


def test_flag_over_environment_over_file_over_default(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("samsyn.toml").write_text('port = 1\nhost = "h1"\nmetrics_token = "t1"\n', encoding="utf-8")
    monkeypatch.setenv("SAMSYN_PORT", "2")
    monkeypatch.setenv("SAMSYN_HOST", "h2")

    found = settings.load(port=3, host=None)

    assert (found.port, found.host, found.metrics_token, found.data_dir) == (3, "h2", "t1", Path("data"))


def test_a_secret_comes_from_a_file_too(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("db").write_text("postgresql+asyncpg://a:b@c/d\n", encoding="utf-8")
    monkeypatch.setenv("SAMSYN_DATABASE_URL_FILE", "db")

    assert settings.load().database == "postgresql+asyncpg://a:b@c/d"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "70000", "port"),
        ("BASE_URL", "dagen.example", "base_url"),
        ("BASE_URL", "https://dagen.example/path", "base_url"),
        ("TRUSTED_PROXIES", "10.0.0.1,nonsense", "trusted_proxies"),
        ("ICE_SERVERS", "turn.example", "ice_servers"),
        ("EMBED_ORIGINS", "https://a.example,*", "embed_origins"),
        ("EMBED_ORIGINS", "https://a.example; script-src *", "embed_origins"),
        ("REDIS_URL_FILE", "/nowhere/at/all", "SAMSYN_REDIS_URL_FILE"),
    ],
)
def test_a_bad_setting_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
    monkeypatch.setenv(f"SAMSYN_{name}", value)

    with pytest.raises(settings.BadSettings, match=words) as caught:
        settings.load()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xff\xfe secret"])
@pytest.mark.parametrize("name", settings.SECRETS)
def test_a_file_that_holds_no_secret_is_named_and_never_stands_for_the_default(
    monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    Path("secret").write_bytes(content)
    monkeypatch.setenv(f"SAMSYN_{name.upper()}_FILE", "secret")

    with pytest.raises(settings.BadSettings, match=rf"^SAMSYN_{name.upper()}_FILE: .*secret") as caught:
        settings.load()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["nonsense = 1\n", "port = \n"])
def test_a_bad_file_is_named(text: str) -> None:
    Path("samsyn.toml").write_text(text, encoding="utf-8")

    with pytest.raises(settings.BadSettings, match=r"nonsense|samsyn\.toml"):
        settings.load()


def test_lists_stand_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMSYN_TRUSTED_PROXIES", "10.0.0.0/8, ::1")

    assert settings.load().trusted_proxies == ("10.0.0.0/8", "::1")


def test_cookies_are_secure_when_the_base_url_is() -> None:
    assert [settings.load(base_url=url).secure for url in (None, "http://a.example", "https://A.example/")] == [False, False, True]
    assert settings.load(base_url="https://A.example/").base_url == "https://a.example"


def test_a_slip_of_the_pen_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMSYN_BASEURL", "x")

    assert settings.unknown() == ["SAMSYN_BASEURL"]


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "signing"

    first = secret_files.secret(path)

    assert (secret_files.secret(path), path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (first, 0o600, 0o700)
    assert len(first) >= 40
    assert [found.name for found in path.parent.iterdir()] == ["signing"]


def test_an_empty_file_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("x\n", encoding="ascii")

    with pytest.raises(secret_files.BadSecret):
        secret_files.secret(tmp_path / "s")


def test_the_media_process_is_told_of_turn_servers_in_a_file_that_nobody_else_reads(tmp_path: Path) -> None:
    found = settings.load(ice_servers="stun:s.example,turns:t.example:443?transport=tcp", turn_secret="a secret of ours")
    words = media_words(found, tmp_path / "secrets" / "ice")

    file = Path(words[words.index("--ice-file") + 1])
    assert not [word for word in words if "secret of ours" in word or "t.example" in word]
    assert file.stat().st_mode & 0o777 == 0o600
    assert msgspec.json.decode(file.read_bytes(), type=Ways) == Ways(found.ice_servers, "a secret of ours")
