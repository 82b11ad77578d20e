"""What an installation can set: flag > environment (``SAMSYN_…``, secrets also as ``SAMSYN_…_FILE``) > ``samsyn.toml`` > default."""

from __future__ import annotations

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from streaming.media.ice import is_server
from web.mailing import MailServer

PREFIX: Final = "SAMSYN_"
SECRETS: Final = (
    "database_url", "redis_url", "mail_url", "oidc_client_secret", "metrics_token", "media_token", "ice_servers", "turn_secret",
)  # fmt: skip

Words = Annotated[tuple[str, ...], NoDecode]
SITE: Final = re.compile(r"https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?")


class BadSettings(Exception):
    """A setting cannot be used; the text names it, in one line."""


class Settings(BaseSettings):
    """All settings, each with what it means. A test holds the README to this list."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, toml_file="samsyn.toml", extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    data_dir: Path = Field(Path("data"), description="Folder for the database, films, recordings and generated secrets.")
    base_url: str | None = Field(None, description="Address people use, as https://dagen.example; without it only the bound address works.")
    database_url: str | None = Field(None, description="PostgreSQL as postgresql+asyncpg://…; without it SQLite in the data folder.")
    redis_url: str | None = Field(None, description="Redis, for more than one process; without it one process keeps all to itself.")
    media_url: str | None = Field(None, description="Media process elsewhere; without it one is started and looked after.")
    media_token: str | None = Field(None, description="What the media process elsewhere asks for.")
    secret_file: Path | None = Field(
        None, description="File with the secret from which the keys of sources follow; without it one is made."
    )
    mail_url: str | None = Field(
        None, description="Mail server for answers in writing, smtp://user:password@host:587?from=name@example.se; else none."
    )
    oidc_issuer: str | None = Field(None, description="OpenID Connect provider for staff; for a later version.")
    oidc_client_id: str | None = Field(None, description="Our id at the provider; for a later version.")
    oidc_client_secret: str | None = Field(None, description="Our secret at the provider; for a later version.")
    trusted_proxies: Words = Field((), description="Addresses or networks whose X-Forwarded-For is believed, with commas between.")
    ice_servers: Words = Field((), description="STUN and TURN servers for the studio, with commas between.")
    turn_secret: str | None = Field(None, description="Secret shared with the TURN server (use-auth-secret of coturn).")
    embed_origins: Words = Field((), description="Sites that may frame a lane's picture, as https://intranet.example, with commas between.")
    webhook_networks: Words = Field(
        (), description="Networks of one's own where webhooks may lead as well, there by http, too; as 10.20.0.0/16, with commas between."
    )
    media_by_turn: bool = Field(
        False, description="The media process is reached through the TURN server only; for one that has no address of its own."
    )
    metrics_token: str | None = Field(None, description="Bearer token for /metrics from elsewhere than this computer.")
    connections_most: int = Field(15_000, ge=1, description="Screens this process takes; the next one is asked to come back later.")

    @field_validator("trusted_proxies", "ice_servers", "embed_origins", "webhook_networks", mode="before")
    @classmethod
    def _words(cls, value: object) -> object:
        return tuple(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value

    @field_validator("trusted_proxies", "webhook_networks")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for word in value:
            ipaddress.ip_network(word, strict=False)
        return value

    @field_validator("ice_servers")
    @classmethod
    def _servers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(is_server, value)):
            raise ValueError("must be like stun:host:port, turn:host:port?transport=tcp or turns:host:port, with commas between")
        return value

    @field_validator("embed_origins")
    @classmethod
    def _sites(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(SITE.fullmatch, value)):
            raise ValueError("must be like https://intranet.example or https://*.region.example, with commas between")
        return value

    @field_validator("mail_url")
    @classmethod
    def _mail(cls, value: str | None) -> str | None:
        if value is not None:
            MailServer.of(value)
        return value

    @field_validator("base_url")
    @classmethod
    def _origin(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value.rstrip("/"))
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query or parts.username:
            raise ValueError("must be like https://dagen.example, without a path")
        return f"{parts.scheme}://{parts.netloc.lower()}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the library names them
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The order of the contract."""
        return init_settings, env_settings, _Files(settings_cls), TomlConfigSettingsSource(settings_cls)

    @property
    def database(self) -> str:
        """Where the database is, with its driver."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'samsyn.db'}"

    @property
    def keys(self) -> Path:
        """Where the keys of the secret boxes lie."""
        return self.data_dir / "keys"

    @property
    def embedded(self) -> bool:
        """Whether this process has the database to itself, so that it may bring it up to date by itself."""
        return self.database.startswith("sqlite")

    @property
    def inside(self) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        """Where webhooks may lead beside the open internet."""
        return [ipaddress.ip_network(one, strict=False) for one in self.webhook_networks]

    @property
    def secure(self) -> bool:
        """Whether people come by https."""
        return (self.base_url or "").startswith("https://")


class _Files(PydanticBaseSettingsSource):
    """``SAMSYN_DATABASE_URL_FILE`` names a file that holds the database URL; so for every secret."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002  # the library names them
        """What stands in the file, when one is named. An empty one is a slip: its secret must not quietly become the default."""
        name = f"{PREFIX}{field_name.upper()}_FILE"
        path = os.environ.get(name)
        if path is None or field_name not in SECRETS:
            return None, field_name, False
        try:
            found = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSettings(f"{name}: {error.strerror}: {path}") from None
        except UnicodeDecodeError:
            raise BadSettings(f"{name}: not a text: {path}") from None
        if not found:
            raise BadSettings(f"{name}: the file is empty: {path}")
        return found, field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


def load(**flags: object) -> Settings:
    """The settings of this installation.

    Args:
        flags: from the command line; ``None`` stands for one that was not given.

    Raises:
        BadSettings: one of them cannot be used.
    """
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})  # type: ignore[arg-type]  # that is what it checks
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":  # flags are checked before, and the environment is told of by `unknown`
            raise BadSettings(f"samsyn.toml: there is no setting {name}") from None
        raise BadSettings(f"{name}: {first['msg']}") from None
    except ValueError as error:  # samsyn.toml is no TOML
        raise BadSettings(f"samsyn.toml: {error}") from None


def unknown() -> list[str]:
    """Environment variables with our prefix that name no setting: most likely a slip of the pen."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    known |= {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
