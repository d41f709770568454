"""Services and programs: what is asked of real ones on this machine, and what is not asked at all."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from portal import outside, sdk
from portal.acting import acting
from portal.errors import BadInput
from portal.outside import Unreachable, near, program_there, run_program, service_address, usable
from tests.quiet import QuietServer


class Service(BaseHTTPRequestHandler):
    """Answers as its address says, and remembers what it was asked."""

    asked: list[tuple[str, str, dict[str, str], bytes]] = []

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        Service.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        path = self.path.partition("?")[0]
        if path == "/slow":
            time.sleep(2)
        status, said = {"/moved": (302, b""), "/wrong": (500, b"broken"), "/nonsense": (200, b"<html>")}.get(
            path, (200, b'{"fine": true}')
        )
        if path == "/large":
            said = b"x" * 200_000
        if path == "/garbage":
            self.wfile.write(b"\x00\x01 this is no HTTP\r\n\r\n")
            return
        self.send_response(status)
        if path == "/moved":
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(said)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    server = QuietServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


async def test_a_service_is_asked_and_its_answer_read(service: str) -> None:
    answer = await sdk.ask("GET", f"{service}/x", params={"a": "ü&"}, headers={"X-Key": "k"})
    assert (answer.status, answer.json()) == (200, {"fine": True})
    assert answer.headers["server"]
    method, path, headers, _body = Service.asked[-1]
    assert (method, path, headers["x-key"]) == ("GET", "/x?a=%C3%BC%26", "k")
    await sdk.ask("POST", f"{service}/x", json={"q": ["ü"]})
    assert Service.asked[-1][2]["content-type"] == "application/json"
    assert Service.asked[-1][3] == b'{"q": ["\\u00fc"]}'
    await sdk.ask("POST", f"{service}/x", form={"q": "a b"})
    assert Service.asked[-1][3] == b"q=a+b"


async def test_whatever_its_status_and_never_further(service: str) -> None:
    assert (await sdk.ask("GET", f"{service}/wrong")).status == 500
    assert (await sdk.ask("GET", f"{service}/moved")).status == 302
    assert Service.asked[-1][1] == "/moved"  # and not /elsewhere


async def test_what_cannot_be_answered_is_told_by_its_kind(service: str) -> None:
    async def kind(path: str, **more: float) -> str:
        with pytest.raises(Unreachable) as said:
            (await sdk.ask("GET", f"{service}{path}", **more)).json()  # type: ignore[arg-type]
        assert "127.0.0.1" not in str(said.value)
        return said.value.kind

    started = time.monotonic()
    assert await kind("/slow", timeout_s=0.3) == "slow"
    assert time.monotonic() - started < 1.5
    assert await kind("/large", most=10_000) == "large"
    assert await kind("/nonsense") == "answer"
    assert await kind("/garbage") == "answer"
    with pytest.raises(Unreachable) as said:
        await sdk.ask("GET", "http://127.0.0.1:1/")
    assert said.value.kind == "refused"


@pytest.mark.parametrize(
    "url",
    [
        "http://school.example/", "ftp://127.0.0.1/", "file:///etc/passwd", "http://user:pw@127.0.0.1/", "https://a b/",
        "https://", "http://127.0.0.1@evil.example/", "https://evil.example\\@127.0.0.1/", "https://ex\u0430mple.org/",
        "http://8.8.8.8/", "javascript:alert(1)", "https://[::1", "https://host:99999/", "",
    ],
)  # fmt: skip
async def test_addresses_that_are_never_asked(url: str) -> None:
    assert not usable(url)
    with pytest.raises(Unreachable) as said:
        await sdk.ask("GET", url)
    assert said.value.kind == "address"


def test_a_network_of_ones_own() -> None:
    assert all(usable(f"http://{host}:5000/") for host in ("localhost", "127.0.0.1", "10.1.2.3", "[::1]", "translate",
                                                           "box.local", "a.home.arpa"))  # fmt: skip
    assert near("192.168.1.9")
    assert not near("school.example")


def test_the_address_of_a_service_as_it_is_typed() -> None:
    assert service_address(" https://translate.school.example/ ", "url") == "https://translate.school.example"
    assert service_address("translate.school.example/api", "url") == "https://translate.school.example/api"
    assert service_address("http://10.0.0.5:5000", "url") == "http://10.0.0.5:5000"
    assert service_address("  ", "url") == ""
    for wrong in ("http://school.example", "https://a:b@c.example", "https://c.example/?key=1", "ftp://c.example"):
        with pytest.raises(BadInput) as said:
            service_address(wrong, "url")
        assert said.value.field == "url"


async def test_nothing_is_asked_while_others_wait_to_write(sqlite_school: object) -> None:
    @sdk.atomic
    async def wrong() -> None:
        await sdk.ask("GET", "https://a.example/")

    with pytest.raises(ValueError, match="atomic"):
        await wrong()


# ---- Programs ----


async def test_a_program_gets_its_input_and_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET", "s")
    assert await run_program("cat", data=b"gr\xc3\xbc\xc3\x9fe" * 50_000) == b"gr\xc3\xbc\xc3\x9fe" * 50_000
    assert b"PORTAL" not in await run_program("env")
    assert await run_program("echo", "$HOME; ls", "`id`") == b"$HOME; ls `id`\n"
    assert program_there("cat")
    assert not program_there("no-such-program")


async def test_a_program_ends_in_time_with_all_that_it_started() -> None:
    async def kind(program: str, *arguments: str, **more: float) -> str:
        with pytest.raises(Unreachable) as said:
            await run_program(program, *arguments, **more)  # type: ignore[arg-type]
        return said.value.kind

    started = time.monotonic()
    assert await kind("sh", "-c", "sleep 31.7 & sleep 31.7", timeout_s=0.3) == "slow"
    for most in (10_000, 1, 300_000):  # also where so much is left unread that nobody reads on
        assert await kind("yes", most=most) == "large"
    assert await kind("setsid", "sh", "-c", "sleep 3 & yes", timeout_s=0.3) in {"large", "slow"}
    assert await kind("false") == "answer"
    assert await kind("no-such-program") == "refused"
    assert time.monotonic() - started < 10
    await asyncio.sleep(0.1)
    assert b"31.7" not in await run_program("ps", "-eo", "args")


async def test_a_plugin_runs_what_it_named_and_nothing_else(sqlite_school: object) -> None:
    with acting("stories"), pytest.raises(ValueError, match="does not name the program cat"):
        await sdk.run_program("cat")
    assert outside.program_there("cat")
