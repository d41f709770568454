"""Whatever is sent, to whichever route, by whomever: never a defect. Seeded, so that a failure can be met again."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from portal.db import db
from portal.testing import TestSchool
from tests.web.raw import Answer, Raw, declared

ROOT = Path(__file__).parents[2]
NUMBERS = ["0", "-1", "1", str(2**31), str(2**63 - 1), str(2**63), str(2**64), "-" + str(2**63 + 1), "9" * 400, "1e5",
           "1.5", "NaN", "٣", "²", "0x10", "1_000", " 1", "", "true", "null", "[]", "{}"]  # fmt: skip
# What a server hands on as path is text without halves of characters; in queries and bodies there is everything.
WORDS = ["", " ", "a", "\0", "a\0b", "é", "\u202e", "😀", "\ud800", "\udcff", "a" * 5_000, "%", "%00", "%ff", "%2e%2e",
         "../../x", "<script>", "'", '"', "\\", "\r\n", ";", "{{7*7}}", "admin", "mia", "photo", "2026-02-30",
         "9999-12-31", "0001-01-01", "-1", "1:en", "999999999999:de", "1.1", "\x7f"]  # fmt: skip
BYTES = [b"\xff", b"%ff%fe", b"%00", b"%", b"%zz", b"a=%ff&b=%00", b"=&=&=", b"&" * 2_000, b"a" * 20_000, b"\xc3\x28",
         b"a[]=1&a[b]=2", b"a=1;b=2", b"\x00\x01", "é".encode("latin-1")]  # fmt: skip
KINDS = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data",
         "multipart/form-data; boundary=", "application/json", "application/msgpack", "text/plain", "",
         "application/x-www-form-urlencoded; charset=utf-16", "\xff", "multipart/form-data; boundary=\xff",
         "application/json; charset=nonsense"]  # fmt: skip
NESTED = b"[" * 200_000


def names() -> tuple[list[str], list[str]]:
    """The names of form fields and of query parameters that the portal and its plugins read anywhere."""
    files = [*ROOT.glob("portal/**/*.py"), *ROOT.glob("plugins/*/portal_*/*.py")]
    source = "\n".join(path.read_text() for path in files)
    fields = set(re.findall(r'(?:form|data|typed|said)(?:\(\)\))?\.?(?:get|getall)?[\[(]"([a-z_\-]+)"', source))
    queries = set(re.findall(r"(\w+): FromQuery\[", source)) | set(re.findall(r'query_params\.get\("(\w+)"', source))
    assert {"title", "login", "other"} <= fields, "the pattern no longer finds the fields of forms"
    assert {"before", "skip", "q"} <= queries
    return sorted(fields), sorted(queries)


def quoted(text: str) -> bytes:
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass")).encode()


def paths(path: str, chance: random.Random, known: list[str]) -> Iterator[str]:
    """The path with odd values and with values that are somebody's."""
    whole = [word.encode("utf-8", "replace").decode() for word in WORDS]
    for _ in range(3):
        yield re.sub(
            r"\{\w+:(\w+)\}",
            lambda found: chance.choice([*NUMBERS, *known] if found[1] == "int" else [*whole, *NUMBERS, *known]),
            path,
        )


def bodies(chance: random.Random, fields: list[str], known: list[str]) -> Iterator[tuple[str, bytes]]:
    values = [*NUMBERS, *WORDS, *known]
    for _ in range(3):
        pairs = [(name, chance.choice(values)) for name in chance.sample(fields, min(len(fields), 14))]
        yield KINDS[0], b"&".join(name.encode() + b"=" + quoted(value) for name, value in pairs)
    part = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    sent = [
        part % (chance.choice(fields).encode(), chance.choice([b"", b'; filename="a.zip"', b'; filename="\xff\0"']),
                chance.choice([*BYTES, b"PK\x03\x04", b"%PDF-", b"\xff\xd8\xff"]))
        for _ in range(8)
    ]  # fmt: skip
    yield KINDS[1], b"".join(sent) + chance.choice([b"--x--\r\n", b"--x", b""])
    yield chance.choice(KINDS), chance.choice(BYTES)
    yield chance.choice(KINDS), chance.choice([b"", NESTED, b'{"a": 1}', b"\x00", b"--x--", b'"\\ud800"', b"\xc1"])


def fine(answer: Answer, said: str) -> None:
    assert 200 <= answer.status < 500, f"{said}: {answer.status} {answer.text[:200]}"


async def everything(school: TestSchool, member: str, seed: int) -> int:
    """Every route with odd paths, queries, bodies, headers. Returns how many requests that were."""
    chance = random.Random(f"{seed} {member}")
    fields, queries = names()
    known = [str(number) for number in (*school.ids.values(), *school.groups.values())]
    known += [str(await school.photo(("mia",))), str(await school.photo((), state="draft"))]
    browser = await school.browser(member)
    count = 0
    for method, path in declared(school):
        if path == "/sign-out":
            continue
        for odd in paths(path, chance, known):
            raw = Raw(school, browser)
            query = b"&".join(
                name.encode() + b"=" + quoted(chance.choice([*NUMBERS, *WORDS, *known]))
                for name in chance.sample(queries, 4)
            )
            if chance.random() < 0.2:
                query = chance.choice(BYTES)
            kind, body = chance.choice(list(bodies(chance, fields, known))) if method == "POST" else ("", b"")
            with capture_logs() as logs:
                answer = await raw.ask(method, odd, query=query, kind=kind, body=body)
            said = f"{member} {method} {odd!r}?{query[:300]!r} {kind!r} {body[:300]!r}"
            defects = [entry for entry in logs if entry["event"] == "defect"]
            assert not defects, f"{said}: {defects}"
            fine(answer, said)
            count += 1
        if method == "POST":
            for kind, body in bodies(chance, fields, known):
                odd = next(paths(path, chance, known))
                answer = await Raw(school, browser).ask(method, odd, kind=kind, body=body)
                fine(answer, f"{member} {method} {odd!r} {kind!r} {body[:300]!r}")
                count += 1
    return count


@pytest.mark.parametrize("member", ["admin", "teacher", "parent", "anonymous"])
async def test_no_request_is_a_defect(school: TestSchool, member: str) -> None:
    if db.dialect == "postgres" and member in ("teacher", "parent"):
        pytest.skip("asked on SQLite")
    assert await everything(school, member, seed=1) > 250


async def test_odd_headers_and_cookies(sqlite_school: TestSchool) -> None:
    raw = Raw(sqlite_school, await sqlite_school.browser("parent"))
    names = [b"accept", b"accept-language", b"origin", b"sec-fetch-site", b"x-csrf-token", b"content-type", b"range",
             b"if-none-match", b"x-forwarded-for", b"user-agent", b"content-length", b"host", b"referer",
             b"transfer-encoding", b"x-http-method-override"]  # fmt: skip
    values = [b"", b"\xff\xfe", b"\x00", b"a" * 100_000, b"-1", b"9" * 100, b"de;q=nonsense,*;q=", b";;;,,,",
              b"application/json", b"en-US,en;q=0.9," * 1_000, b"bytes=0-1,2-3", "é".encode(), b"%00"]  # fmt: skip
    for name in names:
        for value in values:
            for path in ("/photos", "/nowhere", "/decide"):
                fine(await raw.ask("GET", path, headers=[(name, value)]), f"{path} {name!r}: {value[:60]!r}")
            answer = await raw.ask("POST", "/language", headers=[(name, value)], kind=KINDS[0], body=b"lang=en")
            fine(answer, f"{name!r}: {value[:60]!r}")
    for cookie in (b"", b"=", b";", b"portal", b"portal=\xff", b"theme=\x00", b"theme=<script>", b"portal-flash=%",
                   b"portal-flash=%ff%fe:x", b"portal-flash=\xff", b"portal-language=xx", b"guest=\xff",
                   b"a=b; " * 10_000, b"portal-flash=success:" + b"x" * 50_000, b'portal="; theme="'):  # fmt: skip
        answer = await raw.ask("GET", "/photos", cookie=cookie)
        fine(answer, repr(cookie[:60]))
        assert "<script>" not in answer.text.replace("<script ", "")


async def test_deep_json_and_a_million_fields(sqlite_school: TestSchool) -> None:
    """What takes long takes everybody's time: there is one event loop."""
    for member in ("anonymous", "admin"):
        raw = Raw(sqlite_school, await sqlite_school.browser(member))
        for path in ("/language", "/office/roster", "/stories/1/save", "/office/notices/photo"):
            for kind, body in (
                ("application/json", NESTED), ("application/json", b'{"a":' * 100_000), (KINDS[0], b"a=1&" * 1_000_000),
                (KINDS[0], b"&".join(b"f%d=1" % number for number in range(100_000))), (KINDS[0], b"%" * 200_000),
                (KINDS[1], b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 20_000),
            ):  # fmt: skip
                started = time.process_time()
                answer = await raw.ask("POST", path, kind=kind, body=body)
                said = f"{member} {path} {kind} {body[:20]!r}"
                fine(answer, said)
                assert time.process_time() - started < 4, said


async def test_what_is_typed_has_a_limit_also_where_files_may_come(sqlite_school: TestSchool) -> None:
    raw = Raw(sqlite_school, await sqlite_school.browser("teacher"))
    for size, status in ((1_000_000, 403), (3_000_000, 413)):
        answer = await raw.ask("POST", "/stories/1/edit", kind=KINDS[0], body=b"body=" + b"a" * size, csrf=False)
        assert answer.status == status, size


async def test_a_form_does_not_choose_how_long_it_takes_to_read(sqlite_school: TestSchool) -> None:
    """Some of Python's codecs are quadratic. What a part calls its charset is nothing to us."""
    raw = Raw(sqlite_school)
    part = b'--x\r\nContent-Disposition: form-data; name="%s"\r\nContent-Type: text/plain; charset=%s\r\n\r\n%s\r\n'
    for charset in (b"punycode", b"idna", b"utf-7", b"nonsense", b"rot13", b"undefined", b"unicode_escape", b"utf-16"):
        started = time.process_time()
        body = part % (b"next", charset, b"b" * 240_000) + part % (b"lang", charset, b"de") + b"--x--\r\n"
        answer = await raw.ask("POST", "/language", kind=KINDS[1], body=body)
        assert answer.status == 303, charset
        assert any(cookie.startswith("portal-language=de") for cookie in answer.all("set-cookie")), charset
        assert time.process_time() - started < 2, charset


async def test_ids_beyond_every_column_are_simply_not_there(school: TestSchool) -> None:
    """`2**63` fits no column of either database; to people it is one more number that means nothing."""
    browser = await school.browser("admin")
    raw = Raw(school, browser)
    for method, path in declared(school):
        if ":int}" in path and method == "GET":
            for number in (2**63 - 1, 2**63, 2**80, -1):
                odd = re.sub(r"\{\w+:int\}", str(number), path)
                odd = re.sub(r"\{\w+:\w+\}", "small" if "photos" in path else "privacy", odd)
                answer = await raw.ask(method, odd)
                assert answer.status in (404, 400) if number < 0 else answer.status == 404, (odd, answer.status)
