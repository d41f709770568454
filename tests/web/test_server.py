"""The real server with bytes that no browser would send: an answer or a closed line, never a defect, and it goes on."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.photos.keys import create_master
from portal.settings import load

PORTAL = Path(sys.executable).with_name("portal")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, ready_sqlite: Path) -> Iterator[tuple[int, Path]]:
    """The port of a portal with an empty school, and where its log goes."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copy(ready_sqlite, folder / "portal.sqlite")
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port = spare.getsockname()[1]
    environment = {"PORTAL_DATA": str(folder), "PORTAL_PORT": str(port)}
    create_master(load(environment).master_key)
    log = folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen([PORTAL, "serve"], env={**os.environ, **environment}, stdout=file, stderr=file)
        try:
            _wait(port, process, log)
            yield port, log
        finally:
            process.terminate()
            process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        if _health(port):
            return
        time.sleep(0.1)
    pytest.fail(f"the portal did not start: {log.read_text()[-1000:]}")


def _health(port: int) -> bool:
    try:
        return send(port, b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").endswith(b"ok")
    except OSError:
        return False


def send(port: int, request: bytes) -> bytes:
    """What the server answers before it closes the line or falls silent."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        try:
            line.sendall(request)
            line.settimeout(1.5)
            while part := line.recv(65_536):
                answer += part
        except (TimeoutError, ConnectionError):
            pass
    return answer


def get(path: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"GET " + path + b" HTTP/1.1", b"Host: x", b"Connection: close", *headers]) + b"\r\n\r\n"


def post(body: bytes, *headers: bytes) -> bytes:
    head = b"\r\n".join([b"POST /language HTTP/1.1", b"Host: x", b"Connection: close", *headers])
    return head + b"\r\n\r\n" + body


ODD = [
    *(get(path) for path in (
        b"/%", b"/%ff", b"/%00", b"/%c3%28", b"/\xff", b"/a\x00b", b"//", b"/..", b"/static/../../portal.sqlite",
        b"/static/x/..%2f..%2f..%2fportal.sqlite", b"/static/x/%2e%2e/%2e%2e/secrets/master.key", b"*", b"http://x/",
        b"/photos/%d9%a3/small", b"/photos?before=%ff%fe", b"/photos?before=\xff", b"/photos?" + b"a=b&" * 3_000,
        b"/" + b"a" * 20_000, b"/photos/" + b"9" * 5_000, b"/sign-in?next=%0d%0aSet-Cookie:%20a=b", b"/photos#x",
    )),
    *(get(b"/photos", header) for header in (
        b"Cookie: " + b"a" * 100_000, b"Cookie: portal=\xff\xfe", b"X-Long: " + b"a" * 1_000_000,
        b"Accept-Language: \xff", b"Content-Length: 10", b"Content-Length: -1", b"Content-Length: 99999999999999999999",
        b"Range: bytes=0-",
        b"Transfer-Encoding: chunked", b"Expect: 100-continue", b"Upgrade: websocket", b"Host: evil.example",
        b"X-Forwarded-Host: evil.example", b"\x00: x", b"A: \x00", b": x", b"A", b"Connection: upgrade\r\nUpgrade: h2c",
    )),
    b"\r\n".join([b"GET /photos HTTP/1.1", b"Host: x", *(b"X-%d: y" % n for n in range(2_000))]) + b"\r\n\r\n",
    post(b"5\r\nlang=\r\nzz\r\n", b"Transfer-Encoding: chunked", b"Content-Type: application/x-www-form-urlencoded"),
    post(b"0\r\n\r\nGET /evil HTTP/1.1\r\n\r\n", b"Transfer-Encoding: chunked", b"Content-Length: 4"),
    post(b"lang", b"Content-Length: 4", b"Content-Length: 5"),
    post(b"", b"Content-Length: 100", b"Content-Type: multipart/form-data; boundary=x"),
    b"GET /photos HTTP/9.9\r\n\r\n", b"GARBAGE\r\n\r\n", b"\x16\x03\x01\x02\x00\x01",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"get /photos HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"GET /photos\r\n", b"\r\n" * 50,
]  # fmt: skip


def test_odd_bytes_on_the_line(server: tuple[int, Path]) -> None:
    port, log = server
    for request in ODD:
        answer = send(port, request)
        status = answer[9:12]
        assert not status.startswith(b"5"), (request[:80], answer[:200])
        assert b"SQLite format" not in answer
        assert b"\nset-cookie: a=b" not in answer.partition(b"\r\n\r\n")[0].lower(), request[:80]
        assert b"evil.example" not in answer, request[:80]
    assert _health(port)
    written = log.read_text()
    for word in ("defect", "Traceback", "panicked"):
        assert word not in written, written[-2_000:]


def test_headers_stand_on_what_the_server_really_sends(server: tuple[int, Path]) -> None:
    answer = send(server[0], get(b"/")).lower()
    head = answer.split(b"\r\n\r\n")[0]
    for header in (b"content-security-policy: default-src 'none'", b"x-content-type-options: nosniff",
                   b"cache-control: private, no-store", b"x-frame-options: deny"):  # fmt: skip
        assert header in head
    head = send(server[0], b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert head.endswith(b"\r\n\r\n")


def test_a_body_larger_than_allowed_is_refused_while_it_comes(server: tuple[int, Path]) -> None:
    form = b"Content-Type: application/x-www-form-urlencoded"
    small = post(b"lang=en", form, b"Content-Length: 7")
    assert send(server[0], small)[9:12] == b"403"  # no token
    large = b"a=" + b"x" * 3_000_000
    answer = send(server[0], post(large, form, b"Content-Length: %d" % len(large)))
    assert answer[9:12] in (b"413", b"")
    chunk = b"%x\r\n%s\r\n" % (len(large), large)
    answer = send(server[0], post(chunk + b"0\r\n\r\n", form, b"Transfer-Encoding: chunked"))
    assert answer[9:12] in (b"413", b"")
    assert _health(server[0])


def test_half_sent_requests_hold_up_nobody(server: tuple[int, Path]) -> None:
    """Fifty lines that begin a request and never end it; the next one is answered at once."""
    lines = []
    for number in range(50):
        line = socket.create_connection(("127.0.0.1", server[0]), timeout=5)
        body = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na="
        line.sendall(body if number % 2 else b"GET /pho")
        lines.append(line)
    started = time.monotonic()
    assert _health(server[0])
    assert time.monotonic() - started < 20
    for line in lines:
        line.close()
