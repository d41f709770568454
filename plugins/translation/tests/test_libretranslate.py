"""LibreTranslate over HTTP, as it should be and in all the ways in which it should not. Each time the page is there,
shows originals, the state says what is wrong, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from libre import Service, said, serving
from portal_translation import engines, health, libretranslate, work
from portal_translation.engine import Trouble
from portal_translation.libretranslate import LibreTranslate, is_near
from wanting import MUSEUM, choose, due_again, read, reader, stored, translated, written

from portal.kinds import Rung
from portal.sdk import Unreachable, clock, db, settings
from portal.testing import TestSchool, run

PURPOSE = "translation.outside"


@pytest.fixture
def service() -> Iterator[tuple[Service, str]]:
    with serving() as found:
        yield found


async def test_it_translates_into_what_it_says(service: tuple[Service, str], translating: TestSchool) -> None:
    libre, address = service
    await choose("libretranslate", address=address)
    who = await reader(translating, "parent", "ar")
    (reading,) = await translated(translating, who, written("Dear families of Mia, tomorrow at 14:30."))
    assert reading.translated
    assert reading.direction == "rtl"
    assert "\u2068Mia\u2069" in reading.text
    assert "\u206814:30\u2069" in reading.text
    assert "Mia" not in libre.texts
    assert (await health.health("libretranslate")).ok_at > 0
    # Signs that nobody sees, and that turn what stands around them, do not come along.
    libre.answer = lambda texts, target: (
        200, {"translatedText": ["\u202e" + said(text, target) + "\u0000\u2066\u200b\u061c" for text in texts]}
    )  # fmt: skip
    (hidden,) = await translated(translating, who, written("The museum is open."))
    assert hidden.text == said("The museum is open.", "ar")


async def test_the_key_is_sent_and_a_wrong_one_is_told(service: tuple[Service, str], translating: TestSchool) -> None:
    libre, address = service
    engine = LibreTranslate(address, "sesame")
    assert await engine.translate(["Hello"], "en", "es", {}) == [said("Hello", "es")]
    assert libre.keys == ["sesame"]
    libre.answer = lambda _texts, _target: (403, {"error": "Invalid API key"})
    with pytest.raises(Trouble) as trouble:
        await engine.translate(["Hello"], "en", "es", {})
    assert trouble.value.kind == "key"


WEB_PAGE = b"<!doctype html><html><body><h1>It works!</h1></body></html>"


ANSWERS: tuple[tuple[tuple[int, Any], str], ...] = (
    ((200, WEB_PAGE), "answer"),
    ((200, b"\xff\xfe{"), "answer"),
    ((200, b"[" * 100_000), "answer"),
    ((200, {"translatedText": None}), "answer"),
    ((200, {"translatedText": "one text"}), "answer"),
    ((200, {"translatedText": []}), "answer"),
    ((200, {"translatedText": ["uno", "dos"]}), "answer"),
    ((200, {"translatedText": [{"text": "uno"}]}), "answer"),
    ((200, {"error": "Cannot be done"}), "answer"),
    ((302, b""), "answer"),
    ((404, WEB_PAGE), "answer"),
    ((500, WEB_PAGE), "answer"),
    ((503, b""), "busy"),
    ((429, {"error": "Slowdown"}), "busy"),
    ((200, b" " * 5_100_000), "large"),
)


async def test_answers_that_are_none(service: tuple[Service, str], translating: TestSchool) -> None:
    libre, address = service
    await choose("libretranslate", address=address)
    who = await reader(translating, "parent")
    for number, (answer, problem) in enumerate(ANSWERS):
        libre.answer = lambda _texts, _target, answer=answer: answer  # type: ignore[misc]
        text = written(f"{MUSEUM} Group {'abcdefghijklmno'[number]} is first.")
        (reading,) = await translated(translating, who, text)
        assert (reading.text, reading.translated) == (text.text, False), answer
        ill = await health.health("libretranslate")
        assert (ill.problem, ill.ill, ill.tries) == (problem, True, 1), answer
        assert ill.wait_until > clock.now()
        assert (await stored())[-1] == "waiting"
        count = len(libre.asked)
        await translating.work()
        assert len(libre.asked) == count  # it is left alone for a while
        libre.answer = lambda _texts, _target: None
        await due_again()
        await translating.work()
        assert (await read(who, text))[0].translated
        assert not (await health.health("libretranslate")).ill


def _other(texts: list[str], _target: str) -> tuple[int, Any]:
    return 200, {"translatedText": ["El perro de otra familia" for _text in texts]}


def _swapped(texts: list[str], target: str) -> tuple[int, Any]:
    return 200, {"translatedText": [said(text, target) for text in [*texts[1:], texts[0]]]}


def _web_page(texts: list[str], _target: str) -> tuple[int, Any]:
    return 200, {"translatedText": [f"{text.partition(chr(10))[0]}\n<b>hola</b> familias" for text in texts]}


def _nameless(texts: list[str], target: str) -> tuple[int, Any]:
    return 200, {"translatedText": [re.sub(r"\[\d+\]", "él", said(text, target)) for text in texts]}


def _endless(texts: list[str], target: str) -> tuple[int, Any]:
    return 200, {"translatedText": [said(text, target) + " bla" * 2000 for text in texts]}


def _untouched(texts: list[str], _target: str) -> tuple[int, Any]:
    return 200, {"translatedText": texts}


def _foreign(texts: list[str], _target: str) -> tuple[int, Any]:
    return 200, {"translatedText": [said(text, "ar") for text in texts]}


async def test_answers_that_cannot_be_the_translation(service: tuple[Service, str], translating: TestSchool) -> None:
    libre, address = service
    await choose("libretranslate", address=address)
    who = await reader(translating, "parent")
    for wrong in (_other, _swapped, _web_page, _nameless, _endless, _untouched, _foreign):
        libre.answer = wrong
        kind = wrong.__name__.strip("_")
        texts = [written(f"Dear families, {name} was {kind} with the others today.") for name in ("Mia", "Lea", "Ben")]
        readings = await translated(translating, who, *texts)
        assert [(r.text, r.translated) for r in readings] == [(text.text, False) for text in texts], wrong
        assert (await health.health("libretranslate")).problem == "nonsense"
        libre.answer = lambda _texts, _target: None
        await due_again()
        await translating.work()
        assert all(r.translated for r in await read(who, *texts)), wrong


async def test_one_bad_answer_is_that_texts_alone(service: tuple[Service, str], translating: TestSchool) -> None:
    libre, address = service
    libre.answer = lambda texts, target: (
        200, {"translatedText": ["somebody else's" if "raincoat" in text else said(text, target) for text in texts]}
    )  # fmt: skip
    await choose("libretranslate", address=address)
    who = await reader(translating, "parent")
    bad, good = written("Please bring a raincoat."), written("Please bring a lunch.")
    for _try in range(4):
        readings = await translated(translating, who, bad, good)
        assert [r.translated for r in readings] == [False, True]
        await due_again()
        await work.translate_due({})
    assert await stored() == ["refused", "done"]
    assert not (await health.health("libretranslate")).wait_until


async def test_slow_and_down(
    service: tuple[Service, str], translating: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    libre, address = service
    monkeypatch.setattr(libretranslate, "TIMEOUT_S", 0.3)
    libre.slow_s = 1.0
    with pytest.raises(Unreachable) as slow:
        await LibreTranslate(address).pairs()
    assert slow.value.kind == "slow"
    with pytest.raises(Unreachable) as down:
        await LibreTranslate("http://127.0.0.1:9").pairs()
    assert down.value.kind == "refused"
    with pytest.raises(Trouble) as nowhere:
        await LibreTranslate("").pairs()
    assert nowhere.value.kind == "nowhere"


async def test_longer_asked_for_is_longer_waited(service: tuple[Service, str], translating: TestSchool) -> None:
    libre, address = service
    libre.headers = {"Retry-After": "1800"}
    libre.answer = lambda _texts, _target: (429, {"error": "Slowdown"})
    await choose("libretranslate", address=address)
    await translated(translating, await reader(translating, "parent"), written(MUSEUM))
    assert (await health.health("libretranslate")).wait_until > clock.now() + 29 * clock.MINUTE


async def test_a_server_that_takes_only_one_at_a_time(service: tuple[Service, str], translating: TestSchool) -> None:
    libre, address = service
    libre.answer = lambda texts, _target: (400, {"error": "Batch limit"}) if len(texts) > 1 else None
    answers = await LibreTranslate(address).translate(["Dear families", "Please come"], "en", "es", {})
    assert answers == [said("Dear families", "es"), said("Please come", "es")]


async def test_languages_that_are_none(service: tuple[Service, str], translating: TestSchool) -> None:
    libre, address = service
    for answer in ((200, {"error": "no"}), (200, [{"name": "English"}]), (200, [1, 2]), (200, WEB_PAGE)):
        libre.languages = answer
        with pytest.raises(Unreachable):
            await LibreTranslate(address).pairs()
    libre.languages = 200, [{"code": "en"}, {"code": "es"}]
    assert await LibreTranslate(address).pairs() == {("en", "es"), ("es", "en")}


# ---- Outside of the school ----


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("http://localhost:5000", True), ("http://127.0.0.1:5000", True), ("http://[::1]:5000", True),
        ("http://10.1.2.3", True), ("http://192.168.1.9:5000", True), ("http://translate", True),
        ("https://translate.school.internal", True), ("https://translate.example.org", False),
        ("https://8.8.8.8", False),
        ("https://localhost.example.org", False), ("https://127.0.0.1.example.org", False), ("", False),
    ],
)  # fmt: skip
def test_what_lies_within_the_school(address: str, near: bool) -> None:
    assert is_near(address) is near
    assert LibreTranslate(address).outside is not near
    assert not LibreTranslate(address, own=True).outside


async def test_outside_only_with_the_families_permission_and_never_names(
    service: tuple[Service, str], translating: TestSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    libre, address = service
    monkeypatch.setattr(libretranslate, "is_near", lambda _address: False)  # as if it were another's
    await choose("libretranslate", address=address)
    assert engines.of(await settings("translation")).outside  # type: ignore[union-attr]
    mia, lea = translating.ids["mia"], translating.ids["lea"]
    who = await reader(translating, "parent")
    about = [
        written("Today Mia painted a picture.", mia), written("Today Mia and Lea Test sang.", mia, lea),
        written("Rose Test and mia have a new book."),
    ]  # fmt: skip
    readings = await translated(translating, who, *about)
    assert [r.translated for r in readings] == [False, False, False]
    assert await stored() == ["held", "held", "held"]
    assert libre.asked == []
    for name in ("parent", "coparent"):
        await translating.decide(name, "mia", Rung.CLASS, PURPOSE)
    await _heard(translating, mia)
    # What is about nobody goes once somebody reads it whose own family agrees: not for staff, nor for another family.
    for name in ("teacher", "other"):
        assert not (await translated(translating, await reader(translating, name), about[2]))[0].translated
    await translated(translating, who, about[2])
    readings = await read(who, *about)
    assert [r.translated for r in readings] == [True, False, True]
    assert "sang" not in libre.texts
    assert "Mia" not in libre.texts
    assert "mia" not in libre.texts
    assert "Test" not in libre.texts
    await translating.decide("coparent", "mia", Rung.NOBODY, PURPOSE)
    count = len(libre.asked)
    await _heard(translating, mia)
    assert [r.translated for r in await read(who, *about)] == [False, False, True]
    assert len(libre.asked) == count
    await choose("libretranslate", address=address, own=True)
    with clock.frozen(clock.now() + 11 * clock.MINUTE):
        await translating.work()
    assert [r.translated for r in await read(who, *about)] == [True, True, True]


async def _heard(school: TestSchool, child: int) -> None:
    from portal.plugins import jobs

    await run("UPDATE fact_version SET n = n + 1")
    await jobs.emit("consent.changed", child, PURPOSE)
    await school.work()
    await due_again()
    await school.work()


async def test_another_engine_does_it_again_and_the_old_one_shows_meanwhile(
    service: tuple[Service, str], translating: TestSchool
) -> None:
    _libre, address = service
    who = await reader(translating, "parent")
    await run("DELETE FROM translation_state")
    await choose("libretranslate", address=address)
    (first,) = await translated(translating, who, written(MUSEUM))
    await choose("none")
    assert (await read(who, written(MUSEUM)))[0].text == first.text
    await run("UPDATE translation_text SET engine = 'argos', body = 'Familias queridas'")
    await choose("libretranslate", address=address)
    (meanwhile,) = await read(who, written(MUSEUM))
    assert meanwhile.text == "Familias queridas"
    await translating.work()
    assert (await read(who, written(MUSEUM)))[0].text == first.text
    assert await db.value("SELECT count(*) FROM translation_text") == 1
