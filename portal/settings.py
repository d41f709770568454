"""What the server's operator sets, read once from the environment; the environment is read nowhere else."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from portal.errors import UnsafeToStart


@dataclass(frozen=True, slots=True)
class Settings:
    """Frozen after start. Paths are absolute."""

    data: Path  # database, photos
    secrets: Path  # master key; outside the database and its backups
    keys: Path  # wrapped keys of photos; backed up apart, and for a short time
    database: str  # sqlite:PATH or postgresql://…
    url: str  # as people's browsers see it, without a slash at the end
    host: str
    port: int
    workers: int
    smtp: str  # smtp://user:password@host:port, smtps://… or empty for none
    mail_from: str
    proxies: frozenset[str]  # addresses whose X-Forwarded-For is believed

    @property
    def secure(self) -> bool:
        """Whether browsers reach the portal through TLS."""
        return self.url.startswith("https://")

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def photos(self) -> Path:
        return self.data / "photos"

    @property
    def master_key(self) -> Path:
        return self.secrets / "master.key"


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from PORTAL_… variables. Raises UnsafeToStart for what would run unsafely."""
    env = os.environ if environment is None else environment
    data = Path(env.get("PORTAL_DATA", "var")).absolute()
    host, port = env.get("PORTAL_HOST", "127.0.0.1"), _number(env, "PORTAL_PORT", 8000)
    settings = Settings(
        data=data,
        secrets=Path(env.get("PORTAL_SECRETS", str(data / "secrets"))).absolute(),
        keys=Path(env.get("PORTAL_KEYS", str(data / "keys"))).absolute(),
        database=env.get("PORTAL_DATABASE", f"sqlite:{data / 'portal.sqlite'}"),
        url=env.get("PORTAL_URL", f"http://{host}:{port}").rstrip("/"),
        host=host,
        port=port,
        workers=_number(env, "PORTAL_WORKERS", 1),
        smtp=env.get("PORTAL_SMTP", ""),
        mail_from=env.get("PORTAL_MAIL_FROM", ""),
        proxies=frozenset(filter(None, env.get("PORTAL_PROXIES", "").replace(" ", "").split(","))),
    )
    check(settings)
    return settings


def environment(settings: Settings) -> dict[str, str]:
    """The variables from which `load` makes these settings again."""
    values = {field.name: getattr(settings, field.name) for field in fields(settings)}
    values["proxies"] = ",".join(sorted(settings.proxies))
    return {f"PORTAL_{name.upper()}": str(value) for name, value in values.items()}


def check(settings: Settings) -> None:
    """Raises UnsafeToStart if these settings would run unsafely."""
    parts = urlsplit(settings.url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise UnsafeToStart("PORTAL_URL must look like https://portal.school.example, without a path.")
    if parts.scheme == "http" and not _this_machine(parts.hostname):
        raise UnsafeToStart("PORTAL_URL must begin with https:// unless it is this machine itself (127.0.0.1).")
    if parts.scheme == "http" and not _this_machine(settings.host):
        raise UnsafeToStart(
            "PORTAL_HOST lets other machines in, without TLS: set it to 127.0.0.1, or PORTAL_URL to the"
            " https:// address of the proxy before the portal."
        )
    if settings.smtp and not settings.mail_from:
        raise UnsafeToStart("PORTAL_SMTP is set, so PORTAL_MAIL_FROM must hold the sender's address.")


def _this_machine(host: str) -> bool:
    """Whether only this machine itself can be reached under `host`, a name or an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if text and not text.isdecimal():
        raise UnsafeToStart(f"{name} must be a whole number.")
    return int(text) if text else default
