"""The outbox against real SMTP servers on this machine."""

from __future__ import annotations

import asyncio
import datetime
import email.policy
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal import clock
from portal.db import atomic, db
from portal.delivery import actions, outbox, queries
from portal.settings import Settings
from portal.testing import TestSchool


@dataclass
class Post:
    """A post office: keeps what it gets, and answers as it is told."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answer_to: dict[str, str] = field(default_factory=dict)
    answer: str = "250 OK"
    delay: float = 0.0
    encrypted: list[bool] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.answer_to:
            return self.answer_to[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.delay)
        if self.answer.startswith("250"):
            parsed = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(envelope.content)
            self.mails.append(parsed)
            self.recipients += envelope.rcpt_tos
            self.encrypted.append(session.ssl is not None)
        return self.answer

    def authenticate(self, server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == b"geheim&/", handled=False)


@pytest.fixture
def post() -> Iterator[Post]:
    office = Post()
    controller = Controller(office, hostname="127.0.0.1", port=0, ready_timeout=20)
    with _running(controller) as office.port:
        yield office


@contextmanager
def _running(controller: Controller) -> Iterator[int]:
    """The server in a thread of its own, on a free port."""

    def knock() -> None:  # the controller knocks at its own door, and does not know which port 0 became
        socket.create_connection(controller.server.sockets[0].getsockname()).close()

    controller._trigger_server = knock  # type: ignore[method-assign]
    controller.start()
    try:
        yield controller.server.sockets[0].getsockname()[1]
    finally:
        controller.stop(no_assert=True)


def settings_for(school: TestSchool, post: Post) -> Settings:
    return replace(school.settings, smtp=f"smtp://127.0.0.1:{post.port}", mail_from="portal@linden.example")


@atomic
async def _rename(person: int, given: str, email_: str | None) -> None:
    await db.run("UPDATE person SET given_name = ?, email = ? WHERE id = ?", given, email_, person)


async def state(name: int) -> tuple[str, str, str | None, int]:
    row = await db.row("SELECT state, body, problem, tries FROM outgoing WHERE person = ?", name)
    assert row is not None
    return row  # type: ignore[return-value]


async def test_a_mail_arrives_whole_and_its_text_is_kept_no_longer(school: TestSchool, post: Post) -> None:
    me = school.ids["parent"]
    await _rename(me, "Łucja أمينة", "amina@mail.example")
    body = "Grüße, добрий день, مرحبا\nhttps://portal.example/welcome/" + "B" * 60 + "\n"
    await actions.enqueue(me, "Einladung für Łucja", body)
    await outbox.send_due(settings_for(school, post), clock.now())
    (mail,) = post.mails
    assert post.recipients == ["amina@mail.example"]
    assert mail["To"].addresses[0].display_name == "Łucja أمينة Test"
    assert mail["From"].addresses[0].addr_spec == "portal@linden.example"
    assert mail["From"].addresses[0].display_name == "Linden School"
    assert mail["Subject"] == "Einladung für Łucja"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert mail["Message-ID"].endswith("@linden.example>")
    assert abs(mail["Date"].datetime.timestamp() - clock.now() / 1e6) < 120
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n") == body
    assert await state(me) == ("sent", "", None, 1)
    await outbox.send_due(settings_for(school, post), clock.now() + clock.DAY)
    assert len(post.mails) == 1


CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
METHOD:REQUEST\r
BEGIN:VEVENT\r
UID:1@linden.example\r
SUMMARY:Gespräch\r
ORGANIZER:mailto:school@portal.invalid\r
ATTENDEE;CN=A name that is as long as names sometimes are;RSVP=FALSE:mailto:reader@\r
 portal.invalid\r
END:VEVENT\r
END:VCALENDAR\r
"""


async def test_an_appointment_goes_along_and_is_kept_no_longer(school: TestSchool, post: Post) -> None:
    me, on_paper = school.ids["parent"], school.ids["other"]
    await actions.wish(on_paper, channel="paper")
    words = [actions.Word(person, "Ihr Termin", "Am Montag.", CALENDAR) for person in (me, on_paper)]
    assert await actions.deliver(words) == 2
    assert await db.value("SELECT calendar FROM outgoing WHERE person = ?", on_paper) == ""
    await outbox.send_due(settings_for(school, post), clock.now())
    (mail,) = post.mails
    assert mail.get_content_type() == "multipart/alternative"
    text, calendar = mail.iter_parts()
    assert text.get_content().strip() == "Am Montag."
    assert calendar.get_content_type() == "text/calendar"
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    lines = calendar.get_content().splitlines()
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = "\n".join(lines).replace("\n ", "")
    assert "SUMMARY:Gespräch\nORGANIZER:mailto:portal@linden.example\nATTENDEE;" in whole
    assert ";RSVP=FALSE:mailto:parent@school.example\n" in whole
    assert "invalid" not in whole
    assert await db.value("SELECT calendar FROM outgoing WHERE person = ?", me) == ""


async def test_without_a_mail_server_it_waits(school: TestSchool) -> None:
    me = school.ids["parent"]
    await actions.enqueue(me, "S", "B")
    await outbox.send_due(school.settings, clock.now())
    assert await state(me) == ("waiting", "B", None, 0)


@pytest.mark.parametrize(
    "name",
    ["Eve\r\nBcc: all@evil.example", 'Eve" <x@evil.example>, "', "Eve\x00\u2028X: y", "=?utf-8?q?Eve=0ABcc:x?="],
)
async def test_names_stay_within_their_header(sqlite_school: TestSchool, post: Post, name: str) -> None:
    me = sqlite_school.ids["parent"]
    await _rename(me, name, "amina@mail.example")
    await actions.enqueue(me, f"Hello {name}", "B")
    await outbox.send_due(settings_for(sqlite_school, post), clock.now())
    (mail,) = post.mails
    assert post.recipients == ["amina@mail.example"]
    assert [address.addr_spec for address in mail["To"].addresses] == ["amina@mail.example"]
    assert mail["Bcc"] is None
    assert mail["X"] is None


@pytest.mark.parametrize(
    ("address", "problem"),
    [(None, "no-address"), ("", "no-address"), ("nonsense", "bad-address"),
     ("a@b\r\nRCPT TO:<x@evil.example>", "bad-address"),
     ("a b@mail.example", "bad-address"), ("ümlaut@mail.example", None), ("a@bücher.example", None)],
)
async def test_addresses(sqlite_school: TestSchool, post: Post, address: str | None, problem: str | None) -> None:
    me, other = sqlite_school.ids["parent"], sqlite_school.ids["other"]
    await _rename(me, "Amina", address)
    await actions.enqueue(me, "S", "secret")
    await actions.enqueue(other, "S", "B")
    await outbox.send_due(settings_for(sqlite_school, post), clock.now())
    assert "other@school.example" in post.recipients, "one bad address holds up nobody else"
    if problem:
        assert await state(me) == ("failed", "", problem, 1)
        assert len(post.recipients) == 1
    elif address and address.startswith("a@"):
        assert "a@xn--bcher-kva.example" in post.recipients
    else:
        assert (await state(me))[0] in ("sent", "failed")
        assert (await state(me))[1] == ""


async def test_a_refusal_for_good_is_given_up_and_names_no_address(school: TestSchool, post: Post) -> None:
    me, other = school.ids["parent"], school.ids["other"]
    post.answer_to["parent@school.example"] = "550 5.1.1 <parent@school.example> unknown"
    await actions.enqueue(me, "S", "secret")
    await actions.enqueue(other, "S", "B")
    await outbox.send_due(settings_for(school, post), clock.now())
    assert await state(me) == ("failed", "", "refused 550", 1)
    assert (await state(other))[0] == "sent"
    fate = next(iter((await queries.fates([me])).values()))
    assert fate.state == "failed"
    assert "refused" in fate.problem
    assert "@" not in fate.problem


async def test_a_passing_trouble_is_tried_again_later_and_later(school: TestSchool, post: Post) -> None:
    me = school.ids["parent"]
    post.answer_to["parent@school.example"] = "451 4.7.1 greylisted"
    await actions.enqueue(me, "S", "secret")
    now = clock.now()
    settings = settings_for(school, post)
    with clock.frozen(now):
        await outbox.send_due(settings, now)
        assert await state(me) == ("waiting", "secret", "refused 451", 1)
        await outbox.send_due(settings, now + 30 * clock.SECOND)
        assert (await state(me))[3] == 1, "not before its time"
    with clock.frozen(now + 61 * clock.SECOND):
        post.answer_to.clear()
        await outbox.send_due(settings, clock.now())
    assert await state(me) == ("sent", "", None, 2)


async def test_at_last_it_is_given_up(school: TestSchool, post: Post) -> None:
    me = school.ids["parent"]
    post.answer = "452 try later"
    await actions.enqueue(me, "S", "secret")
    at = clock.now()
    for _ in range(len(actions.PAUSES) + 3):
        with clock.frozen(at):
            await outbox.send_due(settings_for(school, post), at)
        at += 2 * clock.DAY
    assert await state(me) == ("failed", "", "not-sent 452", len(actions.PAUSES) + 1)


async def test_a_server_that_is_not_there(school: TestSchool, post: Post) -> None:
    me = school.ids["parent"]
    await actions.enqueue(me, "S", "secret")
    settings = replace(settings_for(school, post), smtp="smtp://127.0.0.1:9")
    await outbox.send_due(settings, clock.now())
    assert await state(me) == ("waiting", "secret", "unreachable", 1)
    with clock.frozen(clock.now() + clock.HOUR):
        await outbox.send_due(settings_for(school, post), clock.now())
    assert (await state(me))[0] == "sent"


async def test_several_workers_send_each_mail_once(school: TestSchool, post: Post) -> None:
    names = [name for name in school.ids if name not in ("mia", "ben", "lea", "tom", "noor")]
    for _ in range(4):
        await actions.enqueue_many([(school.ids[name], "S", f"for {name}") for name in names])
    post.delay = 0.005
    settings = settings_for(school, post)
    await asyncio.gather(*(outbox.send_due(settings, clock.now()) for _ in range(4)))
    assert len(post.mails) == 4 * len(names)
    assert len({mail["Message-ID"] for mail in post.mails}) == 4 * len(names)


async def test_what_a_dead_worker_claimed_goes_to_another(school: TestSchool, post: Post) -> None:
    me = school.ids["parent"]
    await actions.enqueue(me, "S", "B")
    now = clock.now()
    assert len(await actions.claim(now, 10)) == 1
    assert await actions.claim(now + clock.MINUTE, 10) == []
    with clock.frozen(now + actions.LEASE + clock.SECOND):
        await outbox.send_due(settings_for(school, post), clock.now())
    assert len(post.mails) == 1


async def test_what_a_round_had_no_time_for_is_left_as_it_was(school: TestSchool, post: Post,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "ROUND_S", 0.3)
    post.delay = 0.2
    for name in ("parent", "other", "teacher", "admin"):
        await actions.enqueue(school.ids[name], "S", "B")
    await outbox.send_due(settings_for(school, post), clock.now())
    waiting = await db.rows("SELECT tries, next_at FROM outgoing WHERE state = 'waiting'")
    assert 0 < len(waiting) < 4
    assert all(tries == 0 and next_at <= clock.now() for tries, next_at in waiting)


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                          serialization.NoEncryption()))
    return certificate, private


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
@pytest.mark.parametrize("trusted", [True, False])
async def test_tls_and_sign_in(
    sqlite_school: TestSchool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, trusted: bool
) -> None:
    """smtps:// and STARTTLS, both only with a certificate that the machine trusts; then with user and password."""
    certificate, private = _certificate(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, private)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    office = Post()
    options: dict[str, Any] = {"authenticator": office.authenticate, "auth_required": True}
    if scheme == "smtps":
        options |= {"ssl_context": context, "auth_require_tls": False}
    else:
        options |= {"tls_context": context, "require_starttls": True}
    controller = Controller(office, hostname="127.0.0.1", port=0, ready_timeout=20, **options)
    monkeypatch.setattr(outbox, "_loopback", lambda _host: False)  # as if it were a server elsewhere
    with _running(controller) as port:
        for password, outcome in (("falsch", "login"), ("geheim%26%2F", None)):
            settings = replace(sqlite_school.settings, smtp=f"{scheme}://por%40tal:{password}@localhost:{port}",
                               mail_from="portal@linden.example")
            me = sqlite_school.ids["parent" if outcome else "other"]
            await actions.enqueue(me, "S", "secret")
            await outbox.send_due(settings, clock.now())
            if trusted and outcome is None:
                assert (await state(me))[0] == "sent"
                assert office.encrypted == [scheme == "smtp"]  # the word of the server for STARTTLS alone
                assert set(office.logins) == {"por@tal"}
            else:
                assert await state(me) == ("waiting", "secret", "login" if trusted else "unreachable", 1)
    if not trusted:
        assert office.mails == []
        assert office.logins == [], "no password goes to a server that is not the right one"


async def test_no_mail_and_no_password_without_tls(
    sqlite_school: TestSchool, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_loopback", lambda _host: False)
    me = sqlite_school.ids["parent"]
    await actions.enqueue(me, "S", "secret")
    await outbox.send_due(settings_for(sqlite_school, post), clock.now())
    assert post.mails == []
    assert (await state(me))[0] == "waiting"
    plain = replace(settings_for(sqlite_school, post), smtp=f"smtp://127.0.0.1:{post.port}?tls=no")
    with clock.frozen(clock.now() + clock.HOUR):
        await outbox.send_due(plain, clock.now())
    assert len(post.mails) == 1
