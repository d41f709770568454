"""What plugins ask about a child, on the page where families decide."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from portal import clock, plugins
from portal.consent import notices, queries
from portal.hooks.host import host
from portal.hooks.specs import Event
from portal.kinds import Rung, new_id
from portal.people import actions as people
from portal.people import school as schools
from portal.plugins import jobs
from portal.testing import CAST, Browser, TestSchool, run
from portal.visibility.permits import permits
from tests.web import lost as toy
from tests.web.test_decide import CLOSED, flash, ticked

NAMES, CALLS = toy.OF_CHILD, toy.OF_OTHERS
SECTION = "Other permissions"


@pytest.fixture
async def asking(school: TestSchool, lost: None) -> TestSchool:
    await notices.publish_defaults(await schools.load())
    return school


def page_of(school: TestSchool, child: str) -> str:
    return f"/decide/{school.ids[child]}"


async def save(
    browser: Browser, path: str, answers: dict[str, str], shown: str = "1:en", **more: str
) -> httpx.Response:
    form = {f"shown-{key}": shown for key in (NAMES, CALLS)} | answers | more
    return await browser.post(f"{path}/purposes", form)


async def lines(school: TestSchool, child: str) -> list[tuple[str, Rung, int]]:
    """What was answered about purposes, the latest first: purpose, rung, version of the text."""
    history = await queries.history(school.ids[child])
    return [(line.purpose, line.rung, line.notice_version) for line in history if "." in line.purpose]


async def allowed(school: TestSchool, child: str, purpose: str = NAMES) -> bool:
    return school.ids[child] in await permits([school.ids[child]], purpose)


async def test_the_section_shows_title_and_text_and_ticks_nothing(asking: TestSchool) -> None:
    browser = await asking.browser("other")
    page = await browser.get(page_of(asking, "lea"))
    for said in (SECTION, "Names beside found things, 100 %", "Beside a found thing stands",
                 "<li>in class</li>", "Calls about found things", "No guardian has answered yet."):  # fmt: skip
        assert said in page.text, said
    assert page.text.count("Not allowed now") == 2
    assert ticked(page) == []
    assert not await allowed(asking, "lea")


async def test_without_a_plugin_that_asks_there_is_no_section(school: TestSchool) -> None:
    await notices.publish_defaults(await schools.load())
    page = await (await school.browser("other")).get(page_of(school, "lea"))
    assert page.status_code == 200
    assert SECTION not in page.text


async def test_a_yes_and_taking_it_back_are_equally_long(asking: TestSchool) -> None:
    browser, path = await asking.browser("other"), page_of(asking, "lea")
    answer = await save(browser, path, {NAMES: "yes"})
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert flash(answer) == "success:“Names beside found things, 100 %” is allowed from now on."
    assert await allowed(asking, "lea")
    page = await browser.get(path)
    assert ticked(page) == [f"{NAMES}=yes"]
    assert "Allowed now" in page.text
    assert "This is the answer of the one guardian who decides." in page.text
    answer = await save(browser, path, {NAMES: "no"})
    assert flash(answer) == "success:“Names beside found things, 100 %” is not allowed from now on."
    assert not await allowed(asking, "lea")
    assert await lines(asking, "lea") == [(NAMES, Rung.NOBODY, 1), (NAMES, Rung.FAMILY, 1)]


async def test_several_answers_at_once_and_only_what_changed(asking: TestSchool) -> None:
    browser, path = await asking.browser("other"), page_of(asking, "lea")
    await save(browser, path, {NAMES: "yes", CALLS: "no"})
    assert sorted(await lines(asking, "lea")) == [(CALLS, Rung.NOBODY, 1), (NAMES, Rung.FAMILY, 1)]
    again = await save(browser, path, {NAMES: "yes", CALLS: "no"})  # a button pressed twice
    assert flash(again).startswith("info:Nothing has changed")
    await save(browser, path, {NAMES: "yes", CALLS: "yes"})
    assert len(await lines(asking, "lea")) == 3
    assert await allowed(asking, "lea", CALLS)


async def test_it_is_told_to_the_plugins(school: TestSchool) -> None:
    heard: list[Event] = []

    async def listen(event: Event) -> None:
        heard.append(event)

    await notices.publish_defaults(await schools.load())
    with toy.loaded(portal_event=listen):
        await toy.use(school)
        browser, path = await school.browser("other"), page_of(school, "lea")
        await browser.get(path)
        await save(browser, path, {NAMES: "yes"})
        await jobs.run_due(clock.now())
    assert [(each.kind, each.subject, each.detail) for each in heard] == [("consent.changed", school.ids["lea"], NAMES)]


async def test_one_no_wins_and_the_page_says_so(asking: TestSchool) -> None:
    parent, coparent = await asking.browser("parent"), await asking.browser("coparent")
    path = page_of(asking, "mia")
    assert "allowed from now on" in flash(await save(parent, path, {NAMES: "yes"}))
    assert await allowed(asking, "mia")
    assert "not allowed from now on" in flash(await save(coparent, path, {NAMES: "no"}))
    assert not await allowed(asking, "mia")
    page = (await parent.get(path)).text
    assert "The guardians have answered differently. One “no” is enough." in page
    assert flash(await save(parent, path, {NAMES: "no"})).startswith("success:")
    said = flash(await save(parent, path, {NAMES: "yes"}))
    assert said == "success:Your yes to “Names beside found things, 100 %” is kept. For now it is still not allowed."


async def test_where_all_have_to_answer(asking: TestSchool) -> None:
    await schools.save(replace(await schools.load(), quorum="all"))
    parent = await asking.browser("parent")
    assert "still not allowed" in flash(await save(parent, page_of(asking, "mia"), {NAMES: "yes"}))
    page = (await parent.get(page_of(asking, "mia"))).text
    assert "Not every guardian has answered yet. At this school it is not allowed until all have." in page


async def test_a_blocked_guardian_lowers_and_learns_nothing(asking: TestSchool) -> None:
    path = page_of(asking, "mia")
    blocked, parent = await asking.browser("blocked"), await asking.browser("parent")
    await save(parent, path, {NAMES: "yes"})
    page = (await blocked.get(path)).text
    assert SECTION in page
    assert "Your answer can forbid something, but not allow it." in page
    assert "llowed now" not in page
    assert "has answered" not in page
    kept = flash(await save(blocked, path, {NAMES: "yes", CALLS: "yes"}))
    assert kept == "success:Your answer is kept. It can make the circle smaller, not wider."
    assert await allowed(asking, "mia")  # as before
    assert not await allowed(asking, "mia", CALLS)  # the yes of a blocked guardian alone opens nothing
    assert flash(await save(blocked, path, {NAMES: "no"})) == kept
    assert not await allowed(asking, "mia")
    assert "llowed now" not in (await blocked.get(path)).text


async def test_under_a_hold_nothing_is_allowed(asking: TestSchool) -> None:
    browser, path = await asking.browser("other"), page_of(asking, "lea")
    await save(browser, path, {NAMES: "yes"})
    await people.hold(asking.ids["lea"], True)
    assert not await allowed(asking, "lea")
    page = (await browser.get(path)).text
    assert "For the time being this does not happen for Lea. The office can tell you more." in page


async def test_a_child_with_a_voice_answers_too(asking: TestSchool) -> None:
    noor, guardian = await asking.browser("noor"), await asking.browser("noors_parent")
    path = page_of(asking, "noor")
    assert "still not allowed" in flash(await save(noor, path, {NAMES: "yes"}))
    assert "You have said yes. It also needs the yes of your guardians." in (await noor.get(path)).text
    assert "allowed from now on" in flash(await save(guardian, path, {NAMES: "yes"}))
    assert await allowed(asking, "noor")
    await save(noor, path, {NAMES: "no"})
    assert not await allowed(asking, "noor")
    assert "Noor has a say as well and has said no." in (await guardian.get(path)).text
    # mia is too young: she reads what holds and is not asked.
    mia = await asking.browser("mia")
    page = await mia.get(page_of(asking, "mia"))
    assert SECTION in page.text
    assert "Not allowed now" in page.text
    assert f'name="{NAMES}"' not in page.text
    assert (await save(mia, page_of(asking, "mia"), {NAMES: "yes"})).status_code == 404


@pytest.mark.parametrize("name", CAST)
async def test_it_is_for_those_who_decide(asking: TestSchool, name: str) -> None:
    browser = await asking.browser(name)
    answer = await save(browser, page_of(asking, "mia"), {NAMES: "no"})
    decides = name in ("parent", "coparent", "blocked")
    assert answer.status_code == (303 if decides else 401 if name in ("anonymous", *CLOSED) else 404)
    assert len(await lines(asking, "mia")) == (1 if decides else 0)


async def test_nothing_chosen_and_nonsense_are_told(asking: TestSchool) -> None:
    browser, path = await asking.browser("other"), page_of(asking, "lea")
    answer = await save(browser, path, {})
    assert answer.status_code == 422
    assert "Please choose an answer." in answer.text
    answer = await save(browser, path, {NAMES: "yes", CALLS: "maybe"})
    assert answer.status_code == 422
    assert f'id="f-{CALLS}-error"' in answer.text
    assert ticked(answer) == [f"{NAMES}=yes"], "what was chosen is not lost"
    assert await lines(asking, "lea") == []


async def republish(text: str) -> None:
    await plugins.disable("lost")
    host.unload("lost")
    purposes = (replace(toy.PURPOSES[0], text=text), toy.PURPOSES[1])
    assert host.load(toy.module(portal_purposes=purposes)), host.broken
    await plugins.enable("lost")


async def test_a_text_that_changed_is_shown_again_with_what_was_typed(asking: TestSchool) -> None:
    browser, path = await asking.browser("other"), page_of(asking, "lea")
    await browser.get(path)
    await republish("A new text: names are read out, too.")
    answer = await save(browser, path, {NAMES: "yes", CALLS: "no"})
    assert answer.status_code == 409
    assert "The text has changed in the meantime." in answer.text
    assert "A new text: names are read out, too." in answer.text
    assert ticked(answer) == [f"{NAMES}=yes", f"{CALLS}=no"]
    assert await lines(asking, "lea") == [], "all or nothing"
    assert (await save(browser, path, {NAMES: "no"})).status_code == 303, "a no counts under any text"
    assert (await browser.post(f"{path}/purposes", {NAMES: "yes", f"shown-{NAMES}": "2:en"})).status_code == 303
    assert (await lines(asking, "lea"))[0] == (NAMES, Rung.FAMILY, 2)
    for number, text in ((1, "Beside a found thing"), (2, "names are read out")):
        page = await browser.get(f"/privacy/{NAMES}/{number}")
        assert text in page.text
        assert "Names beside found things, 100 %" in page.text
    assert f'href="/privacy/{NAMES}/2"' in (await browser.get(path)).text
    for address in ("/privacy/lost.nothing", "/privacy/lost.%00", f"/privacy/{NAMES}/3", "/privacy/lost"):
        assert (await browser.get(address)).status_code == 404


async def test_out_of_use_a_yes_can_be_taken_back_but_none_is_given(asking: TestSchool) -> None:
    browser, path = await asking.browser("other"), page_of(asking, "lea")
    assert SECTION in (await browser.get(path)).text
    await save(browser, path, {NAMES: "yes"})
    await plugins.disable("lost")
    assert not await allowed(asking, "lea")
    page = await browser.get(path)
    assert "The school does not ask for this at present." in page.text
    assert ticked(page) == [f"{NAMES}=yes"]
    assert "Calls about found things" not in page.text
    assert (await save(browser, path, {CALLS: "yes"})).status_code == 409
    assert flash(await save(browser, path, {NAMES: "yes"})).startswith("info:Nothing has changed")
    with toy.gone():
        page = await browser.get(path)
        assert "A permission that a plugin asked for" in page.text
        assert "Beside a found thing stands" in page.text
        assert (await save(browser, path, {NAMES: "no"})).status_code == 303
        assert SECTION not in (await browser.get(path)).text
    assert await lines(asking, "lea") == [(NAMES, Rung.NOBODY, 1), (NAMES, Rung.FAMILY, 1)]
    await plugins.enable("lost")
    assert not await allowed(asking, "lea")


async def test_history_and_office_name_a_purpose_by_its_title(asking: TestSchool) -> None:
    browser, path = await asking.browser("other"), page_of(asking, "lea")
    await save(browser, path, {NAMES: "yes"})
    office = await asking.browser("office")
    for who, page in ((browser, path), (office, f"/office/paper/{asking.ids['lea']}")):
        assert "Names beside found things, 100 %: Allowed" in (await who.get(page)).text


async def test_a_line_of_a_purpose_that_nobody_knows_breaks_nothing(school: TestSchool) -> None:
    await notices.publish_defaults(await schools.load())
    for number, (name, child) in enumerate((("other", "lea"), ("noor", "noor"))):
        await run(
            "INSERT INTO decision (id, child, made_by, purpose, rung, at, until, notice_version, notice_sha256,"
            " language, way, entered_by, recorded_at) VALUES (?, ?, ?, 'gone.thing', 1, ?, NULL, 1, '', 'en', 'paper',"
            " ?, ?)",
            *(new_id() + number, school.ids[child], school.ids[name], clock.now(), school.ids["office"], clock.now()),
        )
    lea, noor = school.ids["lea"], school.ids["noor"]
    for member, path in (
        ("other", f"/decide/{lea}"), ("noor", "/decide"), ("noors_parent", f"/decide/{noor}"),
        ("office", "/office/paper"), ("office", f"/office/paper/{lea}"), ("other", "/decide"), ("other", "/waiting"),
        ("other", f"/decide/{lea}/form"), ("office", f"/office/people/{lea}"),
    ):  # fmt: skip
        answer = await (await school.browser(member)).get(path)
        assert answer.status_code in (200, 303), (member, path)
        if path in (f"/decide/{lea}", "/office/paper", f"/office/paper/{lea}"):
            assert "A permission that a plugin asked for: Allowed" in answer.text, path


async def test_in_the_reader_s_language_or_as_it_is_written(asking: TestSchool) -> None:
    browser = await asking.browser("other")
    await run("UPDATE person SET language = 'ar' WHERE id = ?", asking.ids["other"])
    page = await browser.get(page_of(asking, "lea"))
    assert 'dir="rtl"' in page.text
    assert "Beside a found thing" in page.text  # this plugin is not translated
    assert (await save(browser, page_of(asking, "lea"), {NAMES: "yes"}, "1:ar")).status_code == 303
    assert await allowed(asking, "lea")


async def test_what_was_said_before_the_link_began_counts_for_nothing(asking: TestSchool) -> None:
    """As with photos: a yes from before somebody decided."""
    long_ago = clock.now() - 400 * clock.DAY
    await asking.decide("other", "lea", Rung.FAMILY, NAMES, at=long_ago)
    assert await allowed(asking, "lea")
    await run("UPDATE link SET starts = ? WHERE child = ?", clock.present("Europe/Berlin").today, asking.ids["lea"])
    assert not await allowed(asking, "lea")
    page = await (await asking.browser("other")).get(page_of(asking, "lea"))
    assert ticked(page) == []
    assert "No guardian has answered yet." in page.text
