"""Sends what waits in the outbox by SMTP (RFC 5321), as plain text.

Several workers may run this at once: each claims messages before it sends them. A worker that dies in between leaves
them to the others after the lease; the Message-ID stays the same, so that a message sent twice is known as one.
"""

from __future__ import annotations

import ipaddress
import re
import time
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib
import structlog

from portal import clock
from portal.delivery import actions, queries
from portal.delivery.calendars import addressed, method
from portal.delivery.queries import Message
from portal.people import school as schools
from portal.settings import Settings

log = structlog.get_logger("portal.delivery")
AT_ONCE = 20
ROUND_S = 20.0  # how long one round may take; what is left waits for the next
TIMEOUT_S = 20.0


_LOCAL = re.compile(r"[^\s\x00-\x20\x7f@\"<>()\[\],;:\\]{1,64}")
_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)*")


class BadAddress(Exception):
    """No mail can be sent to this address."""


async def send_due(settings: Settings, now: int) -> None:
    """Sends the messages that are due at `now` (microseconds UTC)."""
    if not settings.smtp:
        return
    ends = time.monotonic() + ROUND_S
    while time.monotonic() < ends:
        claimed = await actions.claim(now, AT_ONCE)
        if not claimed:
            return
        if not await _send(settings, claimed, ends):
            return


async def _send(settings: Settings, claimed: list[int], ends: float) -> bool:
    """Sends claimed messages over one connection. False if there is no use in going on now."""
    sender = (await schools.load()).name
    left = list(claimed)
    try:
        async with client(settings) as smtp:
            while left and time.monotonic() < ends:
                await _send_one(smtp, settings, sender, left[0])
                left.pop(0)
    except (aiosmtplib.SMTPException, OSError, ValueError) as failure:
        problem = "login" if isinstance(failure, aiosmtplib.SMTPAuthenticationError) else "unreachable"
        log.warning("mail server", problem=problem, kind=type(failure).__name__)
        for message in left:
            await actions.failed(message, problem, clock.now(), for_good=False)
        return False
    await actions.release(left, clock.now())
    return not left


async def _send_one(smtp: aiosmtplib.SMTP, settings: Settings, sender: str, found: int) -> None:
    """Sends one message and writes down its fate. Raises what ends the connection."""
    message = await queries.message(found)
    if message is None:
        return
    try:
        mail = compose(message, settings, sender)
        await smtp.send_message(mail)
    except (BadAddress, aiosmtplib.SMTPNotSupported):  # the latter: letters in the address that this server cannot take
        word = "bad-address" if message.email else "no-address"
        await actions.failed(found, word, clock.now(), for_good=True)
    except aiosmtplib.SMTPRecipientsRefused as failure:
        code = failure.recipients[0].code
        await actions.failed(found, f"refused {code}", clock.now(), for_good=code >= 500)
    except aiosmtplib.SMTPServerDisconnected:
        raise
    except aiosmtplib.SMTPResponseException as failure:
        await actions.failed(found, f"not-sent {failure.code}", clock.now(), for_good=failure.code >= 500)
    else:
        await actions.sent(found, clock.now())


def client(settings: Settings) -> aiosmtplib.SMTP:
    """A connection, not yet opened, to `settings.smtp`. Raises ValueError.

    `smtps://` speaks TLS from the start; `smtp://` asks for it with STARTTLS (RFC 3207) and goes no further without,
    except to this machine itself or with `?tls=no`.
    """
    parts = urlsplit(settings.smtp)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("PORTAL_SMTP must look like smtp://user:password@host:587 or smtps://…:465")
    whole = parts.scheme == "smtps"
    bare = not whole and (_loopback(parts.hostname) or parse_qs(parts.query).get("tls") == ["no"])
    return aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port or (465 if whole else 587),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=whole,
        start_tls=not (whole or bare),
        local_hostname=urlsplit(settings.url).hostname or "localhost",
        timeout=TIMEOUT_S,
    )


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def compose(message: Message, settings: Settings, sender: str) -> EmailMessage:
    """The mail (RFC 5322). Whatever names hold, they stay within their header. Raises BadAddress."""
    _name, from_address = parseaddr(settings.mail_from)
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = _address(sender, from_address)
    mail["To"] = _address(message.name, message.email or "")
    mail["Subject"] = _line(message.subject)
    mail["Date"] = format_datetime(clock.moment(clock.now()))
    mail["Message-ID"] = f"<{message.id}@{mail['From'].addresses[0].domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices in return
    mail.set_content(message.body)
    if message.calendar:
        known = addressed(message.calendar, mail["To"].addresses[0].addr_spec, mail["From"].addresses[0].addr_spec)
        mail.add_alternative(known, subtype="calendar", cte="base64", params={"method": method(known)})
    mail["Content-Language"] = message.language  # after the content, which takes such headers away
    return mail


def _address(name: str, address: str) -> Address:
    """Raises BadAddress. A domain with other letters goes as IDNA, which every server understands."""
    local, _at, domain = address.strip().rpartition("@")
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise BadAddress
    try:
        return Address(_line(name), username=local, domain=domain.encode("idna").decode("ascii"))
    except (MessageError, ValueError, IndexError, UnicodeError) as failure:
        raise BadAddress from failure


def _line(text: str) -> str:
    """One line without control characters, and without what would be read as an encoded word (RFC 2047)."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())[:200].replace("=?", "= ?")
