"""Addresses of meetings that people paste: whose they are, and whether they can be one.

Nothing is asked of them here or anywhere else: the portal only shows them to those who are invited. What is refused
says what to do instead. A host that nobody knows is taken when whoever pastes it says that it is meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, quote, unquote, unquote_plus

from portal.sdk import BadInput, _

LONGEST = 2000
INVISIBLE = _("There are spaces or invisible characters in it. Please paste the address alone, from https:// on.")
WRONG_HOST = _("The server's name in this address is not right. Please copy the address once more.")
NAMES = {"zoom": "Zoom", "meet": "Google Meet", "teams": "Microsoft Teams", "webex": "Webex", "jitsi": "Jitsi Meet"}


@dataclass(frozen=True, slots=True)
class Link:
    """An address that may be shown. `provider` is a key of `NAMES`, or 'other'."""

    address: str
    provider: str
    host: str

    @property
    def name(self) -> str:
        """What people call the service."""
        return NAMES.get(self.provider, self.host)


class Unknown(BadInput):
    """A host that nobody here knows. The form asks whether it is meant, and sends `confirmed` then."""


@dataclass(frozen=True, slots=True)
class _Parts:
    host: str
    port: str
    path: str
    query: str
    fragment: str


def check(text: str, field: str = "link", confirmed: bool = False, own_hosts: Collection[str] = ()) -> Link:
    """The address as it is kept. `own_hosts` are the school's own servers, which need no confirming.

    Raises BadInput at `field`, `Unknown` for an unknown host while it is not confirmed.
    """
    parts = _parts(_unwrapped(_plain(text, field)), field)
    _check_host(parts.host, field)
    for provider, hosts, form in PROVIDERS:
        if _is_one_of(parts.host, hosts):
            _check_form(provider, parts, form, field)
            return Link(_address(_without_rest(provider, parts)), provider, parts.host)
    if parts.host in own_hosts:
        return Link(_address(parts), "other", parts.host)
    if brand := _imitated(parts.host):
        raise BadInput(
            field,
            _("This looks like an address of %(service)s, but it leads to %(host)s. Please copy it from the invitation"
              " that %(service)s itself shows."),
            service=brand, host=parts.host,
        )  # fmt: skip
    if _is_one_of(parts.host, HIDING):
        raise BadInput(
            field,
            _("A short address hides where it leads. Please open it, and copy the address of the meeting itself."),
        )
    if not confirmed:
        raise Unknown(
            field,
            _("The portal does not know %(host)s. If this is where the meeting is, please confirm it below."),
            host=shown_host(parts.host),
        )
    return Link(_address(parts), "other", parts.host)


def provider_of(address: str) -> str:
    """Whose address a kept one is: a key of `NAMES`, or 'other'."""
    host = address.removeprefix("https://").partition("/")[0].partition(":")[0].partition("?")[0]
    return next((provider for provider, hosts, _form in PROVIDERS if _is_one_of(host, hosts)), "other")


def host_of(address: str) -> str:
    """The host of a kept address."""
    return re.split(r"[/?#:]", address.removeprefix("https://"), maxsplit=1)[0]


def shown_host(host: str) -> str:
    """A host as people read it: with its umlauts."""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


# ---- The text ----


def _plain(text: str, field: str) -> str:
    """One address without anything around it."""
    text = text.strip().removeprefix("<").removesuffix(">").strip()
    if not text:
        raise BadInput(field, _("Please paste the address of the meeting."))
    if len(text) > LONGEST:
        raise BadInput(field, _("This is too long for an address. Please paste the address alone."))
    if any(unicodedata.category(sign)[0] in "CZ" for sign in text) or "\\" in text:
        raise BadInput(field, INVISIBLE)
    return text


def _unwrapped(text: str) -> str:
    """What mail programs wrapped into an address of their own, once."""
    match = re.fullmatch(
        r"https://(?:[a-z0-9-]+\.safelinks\.protection\.outlook\.com/[^?]*|www\.google\.com/url"
        r"|statics\.teams\.cdn\.office\.net/[^?]*safelinks[^?]*)\?(.*)",
        text, re.IGNORECASE,
    )  # fmt: skip
    if match:
        query = parse_qs(match[1])
        return next((query[name][0] for name in ("url", "q") if name in query), text)
    return text


def _parts(text: str, field: str) -> _Parts:
    if any(unicodedata.category(sign)[0] in "CZ" for sign in text) or "\\" in text:  # once more: it was unwrapped
        raise BadInput(field, INVISIBLE)
    if re.match(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/|\?|$)", text, re.IGNORECASE):
        text = f"https://{text}"
    scheme = text.partition(":")[0].lower()
    if scheme == "http":
        raise BadInput(field, _("Addresses with http:// are not encrypted. Please use one that begins with https://."))
    if not text.lower().startswith("https://"):
        raise BadInput(field, _("This is no address of a meeting. Please paste one that begins with https://."))
    match = re.fullmatch(r"([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", text[8:])
    assert match is not None  # every part may be empty
    authority, path, query, fragment = (part or "" for part in match.groups())
    if "@" in authority or "%" in authority:
        raise BadInput(
            field,
            _("There is a name or a password before the server's name, so it leads elsewhere than it seems. Please"
              " paste the address without it."),
        )  # fmt: skip
    if any(unicodedata.category(sign)[0] == "C" for sign in unquote(path + query + fragment)):
        raise BadInput(field, INVISIBLE)
    host, colon, port = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        host, port = authority, ""
    elif not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise BadInput(field, WRONG_HOST)
    return _Parts(_ascii(host, field), "" if port in ("", "443") else str(int(port)), path, query, fragment)


# What a service needs to let somebody in. Whatever else stands there, such as where to go afterwards, is left out.
_NEEDED = {"zoom": {"pwd", "tk", "uuid", "omn"}, "meet": set[str](), "teams": {"context", "p", "anon", "tenantid"},
           "webex": {"mtid"}, "jitsi": {"jwt"}}  # fmt: skip


def _without_rest(provider: str, parts: _Parts) -> _Parts:
    """An address of a known service with only what it needs."""
    kept = [
        pair for pair in parts.query.split("&") if unquote_plus(pair.partition("=")[0]).lower() in _NEEDED[provider]
    ]
    return replace(parts, query="&".join(kept), fragment="")


def _address(parts: _Parts) -> str:
    """The address written in one way: ASCII, with the path as it came."""
    kept = "/%:=&?~+!$,;'@()*[]"
    found = f"https://{parts.host}{':' + parts.port if parts.port else ''}{quote(parts.path or '/', safe=kept)}"
    if parts.query:
        found += "?" + quote(parts.query, safe=kept)
    if parts.fragment:
        found += "#" + quote(parts.fragment, safe=kept)
    return found


# ---- The host ----

# Letters with marks as languages in Latin letters write them. Others only serve to look like these.
_MARKS = ("DIAERESIS", "ACUTE", "GRAVE", "CIRCUMFLEX", "TILDE", "CEDILLA", "RING ABOVE", "CARON", "OGONEK", "STROKE",
          "DOUBLE ACUTE", "BREVE", "MACRON")  # fmt: skip
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "arpa", "invalid", "test",
           "onion", "localdomain", "localnet", "domain", "workgroup", "ip")  # fmt: skip
# Names that everybody may have, and that lead to the reader's own computer or router.
_HOME = ("*.nip.io", "*.sslip.io", "*.xip.io", "*.lvh.me", "*.localtest.me", "*.vcap.me", "*.lacolhost.com",
         "*.fritz.box")  # fmt: skip


def _ascii(host: str, field: str) -> str:
    """The host as the network knows it. Raises BadInput for letters that only look like others."""
    host = host.lower().removesuffix(".")
    try:
        seen = ".".join(
            label.encode("ascii").decode("idna") if label.startswith("xn--") else label for label in host.split(".")
        )
        strange = any(not sign.isascii() and not _is_letter(sign) for sign in seen)
        found = host if strange or host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        strange, found = True, host
    if strange:
        raise BadInput(
            field,
            _("In the server's name there are letters that only look like others. Please copy the address once more,"
              " from the service itself."),
        )  # fmt: skip
    return found


def _is_letter(sign: str) -> bool:
    name = unicodedata.name(sign, "")
    before, _with, mark = name.partition(" WITH ")
    return name == "LATIN SMALL LETTER SHARP S" or (
        re.fullmatch("LATIN SMALL LETTER [A-Z]", before) is not None and mark in _MARKS
    )


def _check_host(host: str, field: str) -> None:
    labels = host.split(".")
    # A browser reads a last part that is a number, decimal or hexadecimal, as an IPv4 address.
    if host.startswith("[") or re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1]):
        raise BadInput(
            field, _("A meeting needs the name of a server, not its number. Please paste the address with the name.")
        )
    numbered = re.search(r"(?:^|[.-])(?:\d{1,3}[.-]){3}\d{1,3}[.-]", host)
    if len(labels) < 2 or labels[-1] in _INSIDE or numbered or _is_one_of(host, _HOME):
        raise BadInput(
            field,
            _("%(host)s is only there in its own network, so nobody at home could come. Please paste an address that"
              " works everywhere."),
            host=host,
        )  # fmt: skip
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels) or not re.search("[a-z]", labels[-1]):
        raise BadInput(field, WRONG_HOST)


def _is_one_of(host: str, hosts: Collection[str]) -> bool:
    """`*.zoom.us` also stands for zoom.us."""
    return any(
        host == one or (one.startswith("*.") and (host == one[2:] or host.endswith(one[1:]))) for one in hosts
    )


_BRANDS = {"zoom": "Zoom", "webex": "Webex", "google": "Google Meet", "microsoft": "Microsoft Teams",
           "msteams": "Microsoft Teams", "teamslive": "Microsoft Teams"}  # fmt: skip
_ALIKE = str.maketrans("01357ø", "olesto")
_OTHERS = {"jitsi": ("jit.si",), "teams": ("teams.com", "teams.microsoft", "teams.live"), "meet": ("meet.google",)}
HIDING = tuple(f"*.{host}" for host in (
    "bit.ly", "tinyurl.com", "t.co", "goo.gl", "is.gd", "v.gd", "ow.ly", "t1p.de", "cutt.ly", "rebrand.ly", "buff.ly",
    "shorturl.at", "shorturl.com", "short.io", "rb.gy", "kurzelinks.de", "lnkd.in", "s.id", "qrco.de", "tiny.cc",
    "adf.ly", "amzn.to", "youtu.be", "forms.gle", "g.co", "aka.ms", "1drv.ms", "trib.al", "fb.me", "dlvr.it", "bl.ink",
    "tr.im", "urldefense.com", "urldefense.us", "safelinks.protection.outlook.com", "statics.teams.cdn.office.net",
    "l.facebook.com", "l.instagram.com", "youtube.com", "out.reddit.com",
))  # fmt: skip


def _imitated(host: str) -> str:
    """The service that a host would like to be taken for; '' for none."""
    seen = unicodedata.normalize("NFKD", shown_host(host))
    bare = "".join(sign for sign in seen if not unicodedata.combining(sign)).translate(_ALIKE)
    for known in ("zoom.us", "zoom.com", "webex.com"):  # one letter away, in the same part of the network
        own, _dot, ending = known.partition(".")
        labels = bare.rsplit(".", 2)
        if labels[-1] == ending and len(labels) > 1 and _edited(labels[-2], own):
            return "Zoom" if own == "zoom" else "Webex"
    for provider, hosts, _form in PROVIDERS:  # the whole name of one, before that of another
        if any(f".{one.removeprefix('*.')}." in f".{seen}." for one in (*hosts, *_OTHERS.get(provider, ()))):
            return NAMES[provider]
    if "8x8" in seen:
        return NAMES["jitsi"]
    bare = bare.replace("rn", "m").replace("vv", "w")
    words = re.split(r"[^a-z]+", bare)
    together = "".join(words)
    for part, name in _BRANDS.items():
        if any(part in word for word in words) or (len(part) > 4 and part in together):  # not "kazoo-music"
            return name
        if any(_one_off(word, part) for word in words):
            return name
    return "Jitsi Meet" if re.search(r"jit[.-]?si\b", bare) and "meet" in words and "jitsi" not in words else ""


def _one_off(word: str, brand: str) -> bool:
    """Whether a word is a brand with one letter changed, missing, added, or two exchanged. Short brands are too near to
    ordinary words for that."""
    return len(brand) > 5 and _edited(word, brand)


def _edited(word: str, brand: str) -> bool:
    if word == brand or abs(len(word) - len(brand)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(word, brand, strict=False)) if a != b), min(len(word), len(brand)))
    rest, wanted = word[at:], brand[at:]
    return rest[1:] in (wanted[1:], wanted) or rest == wanted[1:] or (
        rest[:2] == wanted[:2][::-1] and rest[2:] == wanted[2:]
    )  # fmt: skip


# ---- The services ----


def _check_form(provider: str, parts: _Parts, form: Callable[[_Parts], bool], field: str) -> None:
    if provider == "zoom" and (parts.path.startswith("/s/") or re.search(r"\bzak=", unquote(parts.query).lower())):
        raise BadInput(
            field,
            _("With this address everybody would be the host. Please copy the one with which others join."),
        )
    if parts.port or not form(parts):
        raise BadInput(
            field,
            _("This is an address of %(service)s, but not that of a meeting. Please copy the link to join from the"
              " invitation."),
            service=NAMES[provider],
        )  # fmt: skip


def _path(pattern: str, flags: re.RegexFlag = re.ASCII) -> Callable[[_Parts], bool]:
    compiled = re.compile(pattern, flags)
    return lambda parts: compiled.fullmatch(unquote(parts.path)) is not None


_teams = _path(
    r"/l/meetup-join/19:(?:[a-z]+:)?[\w.=+/-]+@thread\.\w+/\d+/?|/meet/\d{8,20}/?"
)


def _webex(parts: _Parts) -> bool:
    path = unquote(parts.path)
    if re.fullmatch(r"/[\w.-]+/j\.php", path, re.ASCII):
        return re.fullmatch(r"m[0-9a-f]{16,64}", parse_qs(parts.query).get("MTID", [""])[0]) is not None
    room = r"/(?:meet|join)/[\w.@-]{2,100}/?|/webappng/sites/[\w.-]+/meeting/(?:info|home)/\w+"
    return re.fullmatch(room, path, re.ASCII) is not None


# Rooms of Jitsi open for whoever knows their name, so it must not be one that others would choose.
_JITSI = _path(r"/(?!static/|.*\.(?:html|js)$)(?:[\w-]+/)?[^/\s]{10,200}", re.UNICODE)

PROVIDERS: tuple[tuple[str, tuple[str, ...], Callable[[_Parts], bool]], ...] = (
    ("zoom", ("*.zoom.us", "*.zoomgov.com", "*.zoom.com", "*.zoom.com.cn", "*.zoom-x.de"),
     _path(r"/(?:j|w)/\d{9,12}/?|/my/[\w.-]{3,80}/?|/wc/join/\d{9,12}/?|/wc/\d{9,12}/join/?")),
    ("meet", ("meet.google.com",),
     _path(r"/[a-z]{3}-[a-z]{4}-[a-z]{3}/?|/lookup/[\w-]{4,60}/?", re.ASCII | re.IGNORECASE)),
    ("teams", ("teams.microsoft.com", "teams.live.com", "teams.cloud.microsoft", "gov.teams.microsoft.us",
               "dod.teams.microsoft.us"), _teams),
    ("webex", ("*.webex.com",), _webex),
    ("jitsi", ("meet.jit.si", "8x8.vc"), _JITSI),
)  # fmt: skip
