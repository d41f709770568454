"""The ways by which a plugin reaches beyond the portal: services that the school chose, and programs of this machine.

Nothing else opens a connection for a plugin. What comes back is bounded in time and size, and believed in nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json as _json
import os
import re
import shutil
import signal
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from portal.errors import BadInput, PortalError
from portal.i18n import _

_own = ""
PATH = "/usr/local/bin:/usr/bin:/bin"
_SCHEME = re.compile(r"[a-z]+://", re.I)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.I | re.A)
_NEAR = (".local", ".internal", ".lan", ".home.arpa")  # names that only a network of one's own gives (RFC 6762, 8375)


def settle(url: str) -> None:
    """Says where people find the portal: once, when it is connected."""
    global _own
    _own = url


def portal_address() -> str:
    """The portal's own address as people's browsers see it, without a `/` at its end: for word to people."""
    return _own


class Unreachable(PortalError):
    """Another machine or a program did not answer as it should. `kind` says how: 'address', 'refused' (no connection),
    'slow', 'large' or 'answer'. The message names neither the address nor what was sent."""

    def __init__(self, kind: str) -> None:
        super().__init__(_SAID[kind])
        self.kind = kind


_SAID = {
    "address": _("The address of the service cannot be used. It begins with https://, and holds no password."),
    "refused": _("The service could not be reached. Is it running, and is its address right?"),
    "slow": _("The service did not answer in time. It is tried again later."),
    "large": _("The service answered with more than the portal takes."),
    "answer": _("The service answered something that the portal does not understand. Is its address right?"),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service answered, whatever its status. Names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body read as JSON. Raises Unreachable ('answer') for what is none."""
        try:
            return _json.loads(self.body)
        except (ValueError, RecursionError):
            raise Unreachable("answer") from None


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Whom TLS trusts; reading that takes longer than most answers."""
    return httpx.create_ssl_context(trust_env=False)


async def ask(
    method: str, url: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None,
    json: Any = None, form: Mapping[str, str] | None = None, timeout_s: float = 10, most: int = 5_000_000,
) -> Reply:
    """Asks a service. Redirects are not followed; `timeout_s` bounds the whole, `most` the answer's bytes.

    https only, or http to a machine of one's own network. Raises Unreachable.
    """
    if not usable(url):
        raise Unreachable("address")
    try:
        client = httpx.AsyncClient(trust_env=False, timeout=timeout_s, verify=_trusted())
        async with asyncio.timeout(timeout_s), client:
            content = None if json is None else _json.dumps(json).encode()
            sent = dict(headers or {})
            if content is not None:
                sent.setdefault("Content-Type", "application/json")
            async with client.stream(
                method, url, params=params, headers=sent, content=content, data=dict(form) if form else None
            ) as answer:
                return Reply(answer.status_code, {k.lower(): v for k, v in answer.headers.items()},
                             await _body(answer, most))  # fmt: skip
    except (TimeoutError, httpx.TimeoutException):
        raise Unreachable("slow") from None
    except (httpx.DecodingError, httpx.RemoteProtocolError):
        raise Unreachable("answer") from None
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise Unreachable("address") from None
    except (httpx.HTTPError, OSError):
        raise Unreachable("refused") from None


async def _body(answer: httpx.Response, most: int) -> bytes:
    found = bytearray()
    async for part in answer.aiter_bytes():
        found += part
        if len(found) > most:
            raise Unreachable("large")
    return bytes(found)


def usable(url: str) -> bool:
    """Whether `ask` would go there: https, or http to this machine or a private network; no credentials."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url or "@" in parts.netloc:
        return False
    if not host or not (_HOST.fullmatch(host) or _address(host)):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and near(host))


def near(host: str) -> bool:
    """Whether a host is this machine or one of a network of one's own, by its name or number alone."""
    if number := _address(host):
        return number.is_loopback or number.is_private
    name = host.lower().rstrip(".")
    return name == "localhost" or "." not in name or name.endswith(_NEAR)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host)
    return None


def service_address(text: str, field: str) -> str:
    """The address of a service as an administrator typed it, without a `/` at its end; '' for nothing.

    Raises BadInput at `field`.
    """
    typed = text.strip()
    if not typed:
        return ""
    if not _SCHEME.match(typed):
        typed = f"https://{typed}"
    if not usable(typed) or urlsplit(typed).query or urlsplit(typed).fragment:
        raise BadInput(field, _SAID["address"])
    return typed.rstrip("/")


# ---- Programs ----


def program_there(program: str) -> bool:
    """Whether a program is installed on this machine."""
    return shutil.which(program, path=PATH) is not None


async def run_program(
    program: str, *arguments: str, data: bytes = b"", timeout_s: float = 10, most: int = 1_000_000
) -> bytes:
    """What a program prints for `data` on its standard input. No shell, and nothing of the portal's environment.

    It is ended, with all that it started, after `timeout_s`. Raises Unreachable, also for one that is not there or
    fails.
    """
    found = shutil.which(program, path=PATH)
    if found is None:
        raise Unreachable("refused")
    # On the loop's own transport: only that can be closed, whoever still holds the other end of its pipes.
    transport, run = await asyncio.get_running_loop().subprocess_exec(
        lambda: _Run(most), found, *arguments, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL, env={"PATH": PATH, "LANG": "C.UTF-8"}, cwd="/", start_new_session=True,
    )  # fmt: skip
    try:
        pipe = transport.get_pipe_transport(0)
        assert isinstance(pipe, asyncio.WriteTransport)
        pipe.write(data)
        pipe.close()  # once all has been written
        async with asyncio.timeout(timeout_s):
            await asyncio.wait([run.ended, run.large], return_when=asyncio.FIRST_COMPLETED)
        status = transport.get_returncode()
    except TimeoutError:
        raise Unreachable("slow") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(transport.get_pid(), signal.SIGKILL)
        transport.close()
        await asyncio.wait([run.ended], timeout=2)
    if run.large.done():
        raise Unreachable("large")
    if status != 0:
        raise Unreachable("answer")
    return bytes(run.printed)


class _Run(asyncio.SubprocessProtocol):
    """What a program has printed. `large` is done when that is too much, `ended` when the program and its pipes are
    gone."""

    def __init__(self, most: int) -> None:
        loop = asyncio.get_running_loop()
        self.printed, self._most = bytearray(), most
        self.ended: asyncio.Future[None] = loop.create_future()
        self.large: asyncio.Future[None] = loop.create_future()

    def pipe_data_received(self, _fd: int, data: bytes) -> None:
        if len(self.printed) + len(data) <= self._most:
            self.printed += data
        elif not self.large.done():
            self.large.set_result(None)

    def connection_lost(self, _exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)
