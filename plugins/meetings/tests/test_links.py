"""Pasted addresses: what is a meeting of a known service, what is asked about, and what is never shown to a family."""

from __future__ import annotations

import pytest
from portal_meetings import links

from portal.sdk import BadInput

TEAMS = (
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_NjAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAw%40thread.v2/0"
    "?context=%7b%22Tid%22%3a%2200000000-0000-0000-0000-000000000000%22%7d"
)

GOOD_MEET = "https://meet.google.com/abc-defg-hij"
GOOD = [
    ("https://zoom.us/j/1234567890", "zoom"),
    ("https://us02web.zoom.us/j/12345678901?pwd=QUJDREVGRw.1#success", "zoom"),
    ("https://linden-school.zoom.us/my/ms.teacher", "zoom"),
    ("https://zoom.us/w/98765432109?tk=abc", "zoom"),
    ("https://app.zoom.us/wc/12345678901/join", "zoom"),
    ("HTTPS://ZOOM.US/j/1234567890", "zoom"),
    ("https://zoom.us.:443/j/1234567890", "zoom"),
    ("zoom.us/j/1234567890", "zoom"),
    ("  <https://zoom.us/j/1234567890>\n", "zoom"),
    ("https://meet.google.com/abc-defg-hij", "meet"),
    ("https://meet.google.com/abc-defg-hij?authuser=0", "meet"),
    ("https://meet.google.com/lookup/linden3a", "meet"),
    (TEAMS, "teams"),
    ("https://teams.microsoft.com/meet/2345678901234?p=AbCdEf", "teams"),
    ("https://teams.live.com/meet/9312345678901", "teams"),
    ("https://us06web.zoom.us/j/81234567890?pwd=abcDEF-_.1&omn=91234567890", "zoom"),
    ("https://us04web.zoom.us/wc/join/81234567890", "zoom"),
    ("https://linden-school.zoom.com/j/81234567890", "zoom"),
    ("https://linden.zoom-x.de/j/61234567890?pwd=abc", "zoom"),
    ("https://linden.zoomgov.com/j/1612345678", "zoom"),
    ("https://zoom.us/my/mrs_smith?pwd=abc", "zoom"),
    ("https://meet.google.com/ABC-DEFG-HIJ?hs=122&pli=1", "meet"),
    ('https://teams.microsoft.com/l/meetup-join/19:meeting_ZDQyNGU4@thread.v2/0?context={"Tid":"x"}', "teams"),
    ("https://teams.microsoft.com/l/meetup-join/19%3a0123456789abcdef%40thread.tacv2/1612345678901", "teams"),
    ("https://gov.teams.microsoft.us/l/meetup-join/19%3agcch%3ameeting_ZDQy%40thread.v2/0", "teams"),
    ("https://teams.cloud.microsoft/meet/2345678901234?p=AbC", "teams"),
    ("https://linden.webex.com/meet/ms.teacher", "webex"),
    ("https://linden.webex.com/linden/j.php?MTID=m0123456789abcdef0123456789abcdef", "webex"),
    ("https://meet.jit.si/LindenSchool3aEvening", "jitsi"),
    ("https://8x8.vc/linden/LindenSchool3aEvening", "jitsi"),
]


@pytest.mark.parametrize(("text", "provider"), GOOD)
def test_meetings_of_known_services_are_taken(text: str, provider: str) -> None:
    found = links.check(text)
    assert found.provider == provider
    assert found.address.startswith("https://")
    assert found.address.isascii()
    assert found.name == links.NAMES[provider]
    assert links.check(found.address) == found, "what is kept is taken again as it is"
    assert links.provider_of(found.address) == provider
    assert links.host_of(found.address) == found.host


def test_what_is_kept_is_plain() -> None:
    assert links.check("https://zoom.us.:443/j/1234567890#success").address == "https://zoom.us/j/1234567890"
    led_on = "https://zoom.us/j/1234567890?redirect=https://evil.example&pwd=a.1&uname=x"
    assert links.check(led_on).address == "https://zoom.us/j/1234567890?pwd=a.1"
    assert links.check("https://meet.google.com/abc-defg-hij?authuser=3").address == GOOD_MEET
    assert links.check("zoom.us/j/1234567890").address == "https://zoom.us/j/1234567890"
    assert links.check("https://meet.jit.si/LindenSchool3a#config.iAm=1").address == "https://meet.jit.si/LindenSchool3a"
    assert links.check("https://meet.jit.si/LindenSchülerrat").address == "https://meet.jit.si/LindenSch%C3%BClerrat"


BAD = [
    # no web address, or one that a browser would run or open on its own machine
    "javascript:alert(1)", "JaVaScRiPt:alert(1)//zoom.us/j/1234567890", "java\tscript:alert(1)", "data:text/html,<b>",
    "file:///etc/passwd", "ftp://zoom.us/j/1234567890", "vbscript:x", "zoommtg://zoom.us/join?confno=1",
    "//zoom.us/j/1",
    "about:blank", "blob:https://zoom.us/1", "https:zoom.us/j/1234567890", "https:/zoom.us/j/1234567890", "https:///x",
    "mailto:a@zoom.us", "", "  ", "call me", "Join: https://zoom.us/j/1234567890",
    # not encrypted
    "http://zoom.us/j/1234567890",
    # a name before the host
    "https://zoom.us@evil.example/j/1", "https://user:pass@zoom.us/j/1234567890", "https://zoom.us%2f@evil.example/",
    "https://zoom.us%00.evil.example/", "https://zoom.us\\@evil.example/j/1", "https://evil.example\\.zoom.us/j/1234567890",
    # numbers and names of the reader's own network
    "https://127.0.0.1/x", "https://127.1/x", "https://2130706433/x", "https://0x7f000001/x", "https://0x7f.1/x",
    "https://0177.0.0.1/x", "https://10.0.0.1/x", "https://192.168.1.1/x", "https://172.16.0.1/x", "https://169.254.169.254/",
    "https://[::1]/x", "https://[::ffff:127.0.0.1]/x", "https://[fe80::1%25eth0]/x", "https://[fd00::1]:8443/x",
    "https://[0:0:0:0:0:0:0:1]/", "https://[::ffff:7f00:1]/", "https://8.8.8.8/x", "https://①②⑦.⓪.⓪.①/x",
    "https://127。0。0。1/x", "https://localhost/x", "https://localhost./x", "https://LOCALHOST:8443/x", "https://a.localhost/",
    "https://server/x", "https://printer.local/x", "https://jitsi.intranet/x", "https://nas.lan/x", "https://x.internal/",
    "https://127.0.0.1.nip.io/x", "https://10-0-0-1.sslip.io/x", "https://x.192.168.1.1.nip.io/",
    "https://1.0.0.127.in-addr.arpa/", "https://0/x", "https://0x/x", "https://127.0.0.1./x",
    "https://magic-7f000001.nip.io/x", "https://lvh.me/x", "https://app.localtest.me/x", "https://fritz.box/x",
    "https://[::127.0.0.1]/x", "https://0177.1/x", "https://evil.0x7f/x", "https://１２７.0.0.1/x", "https://x.workgroup/y",
    # signs that nobody sees
    "https://zoom.us/j/1234567890\u202e", "https://zoom.us/\u2066j/1234567890", "https://zoom\u200b.us/j/1234567890",
    "https://zoom.us/j/123\x00", "https://zoom.us/j/1234567890\r\nX: y", "https://zo\u00adom.us/j/1234567890",
    "https://zoom.us/j/1234567890%0d%0aX", "https://bbb.linden.example/%E2%80%AEx", "https://bbb.linden.example/x#%00",
    "https://zoom.us/j/12345 67890", "\ufeffhttps://zoom.us/j/1234567890",
    # hosts that want to be taken for another
    "https://zoom.us.evil.com/j/1234567890", "https://zoom-us.com/j/1234567890", "https://zoom.us-join.net/j/1234567890",
    "https://zооm.us/j/1234567890", "https://xn--zm-emca.us/j/1234567890", "https://xn--zm-fmca.us/j/1234567890",
    "https://z00m.us/j/1234567890", "https://zöom.us/j/1234567890", "https://evilzoom.us/j/1234567890",
    "https://meet.google.com.evil.org/abc-defg-hij", "https://meet-google.com/abc-defg-hij", "https://rneet.goog1e.com/x",
    "https://meet.gooogle.com/abc-defg-hij", "https://meet.goggle.com/abc-defg-hij", "https://meet.googel.com/abc-defg-hij",
    "https://teams.micros0ft.com/l/meetup-join/x", "https://teams-microsoft.com/x", "https://teams.rnicrosoft.com/x",
    "https://teams.live.com.evil.org/meet/9312345678901", "https://msteams.example.org/x", "https://web-ex.com/meet/x",
    "https://webex.com.evil.org/meet/a", "https://meet.jit.si.evil.org/LindenSchool", "https://meet.jit-si.org/LindenSchool",
    "https://ｚｏｏｍ.us/j/1234567890", "https://ᴢoom.us/j/1234567890", "https://xn--80ak6aa92e.com/", "https://xn--/x",
    "https://zooom.us/j/1234567890", "https://zom.us/j/1234567890", "https://webx.com/meet/a", "https://8x8.vc.evil.org/aaaa",
    "https://jit.si.evil.org/LindenSchool", "https://teams.com.evil.org/meet/1", "https://zoom.us\uff20evil.org/x",
    "https://zoom.us\uff0f.evil.org/x", "https://𝐳𝐨𝐨𝐦.us/j/1234567890", "https://zoom%2eus/j/1234567890",
    "https://мeet.school.example/x", "https://meet.google.com\u2024evil.org/",
    # of the service, but no meeting
    "https://zoom.us/", "https://zoom.us/signin", "https://zoom.us/j/123", "https://zoom.us:8443/j/1234567890",
    "https://zoom.us/rec/share/abc", "https://meet.google.com/new", "https://meet.google.com/", "https://meet.jit.si/test",
    "https://teams.microsoft.com/", "https://teams.microsoft.com/l/channel/19%3aabc", "https://linden.webex.com/",
    "https://meet.google.com/linkredirect?dest=https://evil.org", "https://zoom.us/signin?redirect=https://evil.org",
    "https://zoom.us/j/１２３４５６７８９０", "https://zoom.us/j/1234567890%2f..%2f..%2fsignin", "https://zoom.us//j/1234567890",
    "https://meet.jit.si/static/oauth.html", "https://meet.jit.si/static/close.html#LindenSchool",
    "https://www.google.com/url?q=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%3A%2F%2Fzoom.us%2Fj%2F1234567890",
    "https://linden.webex.com/linden/j.php?MTID=x", "https://zoom.us/j/../j/1234567890",
    # everybody would be the host
    "https://zoom.us/s/1234567890?zak=abc", "https://zoom.us/j/1234567890?zak=abc",
    "https://zoom.us/j/1234567890?ZAK=abc", "https://zoom.us/j/1234567890?pwd=a;zak=abc", "https://app.zoom.us/wc/1234567890/start",
    # where it leads cannot be seen
    "https://bit.ly/abc", "https://www.bit.ly/abc", "https://tinyurl.com/abc",
    "https://www.youtube.com/redirect?q=https://evil.org", "https://l.facebook.com/l.php?u=https://evil.org",
    "https://urldefense.com/v3/__https://zoom.us/j/1234567890__", "https://aka.ms/x", "https://lnkd.in/x",
    # hosts that are none
    "https://-a.example.org/", "https://a..example.org/", "https://a_b.example.org/", "https://example.org:0/",
    "https://example.org:99999/", "https://example.org:x/", "https://" + "a" * 64 + ".example.org/", "https://.example.org/",
    "https://" + "a." * 130 + "org/", "https://example.org:٤٤٣/",
    "https://zoom.us/j/1234567890?x=" + "a" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_everything_else_is_refused_even_if_somebody_says_it_is_meant(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        links.check(text, "link", confirmed=True)
    assert refused.value.field == "link"
    assert str(refused.value).endswith("."), "a sentence, with its places filled"
    assert "<" not in str(refused.value)


UNKNOWN = [
    "https://bbb.linden-school.example/rooms/abc-def/join", "https://meet.linden.example:8443/3a#x=1",
    "https://jitsi.linden.example/3a", "https://bbb.schule-münchen.example/b/x", "https://kazoo-music.example/x",
    "https://zoo.miami.example/live", "https://teams.linden.example/x", "https://meet.jitsi.linden.example/x",
]  # fmt: skip


@pytest.mark.parametrize("text", UNKNOWN)
def test_an_unknown_host_is_asked_about_first(text: str) -> None:
    with pytest.raises(links.Unknown) as asked:
        links.check(text)
    found = links.check(text, confirmed=True)
    assert found.provider == "other"
    assert found.name == found.host
    assert links.shown_host(found.host) in str(asked.value)
    assert links.check(found.address, own_hosts=[found.host]) == found, "the school's own needs no asking"
    with pytest.raises(links.Unknown):
        links.check(found.address, own_hosts=["other.example"])


def test_an_umlaut_is_shown_as_it_is_typed_and_kept_as_the_network_has_it() -> None:
    found = links.check("https://bbb.schule-münchen.example/b/x", confirmed=True)
    assert found.host == "bbb.xn--schule-mnchen-3ob.example" == links.host_of(found.address)
    assert links.shown_host(found.host) == "bbb.schule-münchen.example"


def test_mail_programs_wrap_addresses() -> None:
    inner = "https%3A%2F%2Fus02web.zoom.us%2Fj%2F1234567890%3Fpwd%3Dabc"
    for wrapped in (
        f"https://eur01.safelinks.protection.outlook.com/?url={inner}&data=05%7C01",
        f"https://www.google.com/url?q={inner}&sa=D",
    ):
        assert links.check(wrapped).address == "https://us02web.zoom.us/j/1234567890?pwd=abc"
    lookalike = "https%3A%2F%2Fzoom.us.evil.com%2Fj%2F1234567890"
    for bad in ("javascript%3Aalert(1)", lookalike, "https%3A%2F%2F127.0.0.1%2F"):
        with pytest.raises(BadInput):
            links.check(f"https://eur01.safelinks.protection.outlook.com/?url={bad}", confirmed=True)
