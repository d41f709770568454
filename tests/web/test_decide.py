"""The page on which families decide."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from urllib.parse import unquote

import httpx
import pytest

from portal import clock
from portal.consent import notices, queries
from portal.identity import invitable
from portal.kinds import ACCOUNT, PHOTO, VIDEO, Rung
from portal.people import school as schools
from portal.testing import CAST, Browser, TestSchool, run

PAGES = ("", "/form")
# Without a valid session: an account that is not active, and children whom nobody has allowed one.
CLOSED = ("outsider", "ben", "lea", "tom")


@pytest.fixture
async def school(school: TestSchool) -> TestSchool:
    await notices.publish_defaults(await schools.load())
    return school


def ticked(answer: httpx.Response) -> list[str]:
    """The names of ticked inputs with their values."""
    found = []
    for tag in re.findall(r"<input[^>]*>", answer.text):
        if " checked" in tag:
            found.append("=".join(re.search(rf'{key}="([^"]*)"', tag)[1] for key in ("name", "value")))  # type: ignore[index]
    return found


def flash(answer: httpx.Response) -> str:
    return unquote(answer.cookies["portal-flash"])


async def save(browser: Browser, child: int, **fields: str) -> httpx.Response:
    return await browser.post(f"/decide/{child}", {"shown": "1:en"} | fields)


@pytest.mark.parametrize("name", CAST)
async def test_the_pages_about_a_child_are_for_its_deciders_and_itself(school: TestSchool, name: str) -> None:
    mia = school.ids["mia"]
    browser = await school.browser(name)
    decides = name in ("parent", "coparent", "blocked")
    expected = 200 if decides or name == "mia" else 303 if name in ("anonymous", *CLOSED) else 404
    for path in PAGES:
        assert (await browser.get(f"/decide/{mia}{path}")).status_code == expected
    before = len(await queries.history(mia))
    for path, form in (
        ("", {"shown": "1:en", "photo": "1"}), ("/withdraw", {"purpose": VIDEO}), ("/account", {"allowed": "no"}),
    ):
        answer = await browser.post(f"/decide/{mia}{path}", form)
        done = 303 if decides else 401 if name in ("anonymous", *CLOSED) else 404
        assert answer.status_code == done, (name, path)
    written = len(await queries.history(mia)) - before
    assert written == (3 if decides else 0)


async def test_a_child_that_does_not_exist_looks_like_one_of_others(school: TestSchool) -> None:
    browser = await school.browser("parent")
    absent = await browser.get("/decide/123")
    foreign = await browser.get(f"/decide/{school.ids['tom']}")
    assert absent.status_code == foreign.status_code == 404
    strip = re.compile(r'nonce="[^"]*"|nonce-[\w-]+|name="next" value="[^"]*"')
    assert strip.sub("", absent.text) == strip.sub("", foreign.text)
    assert (await browser.get(f"/decide/{2**70}")).status_code == 404


async def test_the_overview_lists_own_children_only(school: TestSchool) -> None:
    mine = await (await school.browser("parent")).get("/decide")
    assert "Mia Test" in mine.text
    assert "Ben Test" in mine.text
    assert "Lea Test" not in mine.text
    for name in ("grandparent",):
        other = await (await school.browser(name)).get("/decide")
        assert other.status_code == 200
        assert "Mia Test" not in other.text
    for name in ("teacher", "admin", "former"):
        assert (await (await school.browser(name)).get("/decide")).status_code == 404


async def test_nothing_is_ticked_before_the_first_answer(school: TestSchool) -> None:
    lea = school.ids["lea"]
    browser = await school.browser("other")
    assert ticked(await browser.get(f"/decide/{lea}")) == []
    assert (await save(browser, lea, photo="2")).status_code == 303
    assert ticked(await browser.get(f"/decide/{lea}")) == ["photo=2"], "videos are still open"
    end = clock.add_days(clock.present("Europe/Berlin").today, 200)
    await save(browser, lea, photo="2", video="0", **{"until-photo": "yes"})
    assert ticked(await browser.get(f"/decide/{lea}")) == ["photo=2", "until-photo=yes", "video=0"]
    assert [(line.purpose, line.rung, line.until) for line in await queries.history(lea)][:2] in (
        [(PHOTO, Rung.CLASS, end), (VIDEO, Rung.NOBODY, None)], [(VIDEO, Rung.NOBODY, None), (PHOTO, Rung.CLASS, end)],
    )


async def test_a_lapsed_answer_is_not_ticked_and_said_to_have_run_out(school: TestSchool) -> None:
    lea = school.ids["lea"]
    browser = await school.browser("other")
    await save(browser, lea, photo="2", **{"until-photo": "yes"})
    with clock.frozen(clock.now() + 201 * clock.DAY):
        await run("UPDATE session SET idle_until = ?, ends_at = ?", 2**60, 2**60)
        await run("UPDATE school_group SET until = NULL")
        page = await browser.get(f"/decide/{lea}")
    assert "Your answer ran out on" in page.text
    assert ticked(page) == []


async def test_saving_says_what_changed_and_that_it_holds_at_once(school: TestSchool) -> None:
    lea = school.ids["lea"]
    browser = await school.browser("other")
    answer = await save(browser, lea, photo="2", video="1")
    assert answer.headers["location"] == f"/decide/{lea}"
    assert flash(answer) == (
        "success:Your answers are kept and count from now on: photos of Lea – The class, videos – Our family."
    )
    answer = await save(browser, lea, photo="3", video="1")
    assert flash(answer) == "success:Your answer is kept and counts from now on: photos of Lea – The whole school."
    assert flash(await save(browser, lea, photo="3", video="1")).startswith("info:Nothing has changed")
    assert len(await queries.history(lea)) == 3, "what did not change is not written again"
    page = (await browser.get(f"/decide/{lea}")).text
    assert "This is the answer of the one guardian who decides." in page
    assert page.index("Photos: The whole school") < page.index("Photos: The class"), "the own history, latest first"


async def test_withdrawing_takes_no_more_presses_than_giving(school: TestSchool) -> None:
    lea = school.ids["lea"]
    browser = await school.browser("other")
    assert "Stop showing" not in (await browser.get(f"/decide/{lea}")).text, "nothing to take back yet"
    # Giving: a choice and the button. Taking back: the one button on the same page.
    await save(browser, lea, photo="2", video="2")
    page = (await browser.get(f"/decide/{lea}")).text
    for purpose in (PHOTO, VIDEO):
        assert f'form="withdraw-{purpose}"' in page
        form = re.search(rf'<form id="withdraw-{purpose}" method="post" action="([^"]*)">', page)
        assert form is not None
        assert "data-confirm" not in form[0], "no question in between, as there is none when giving"
        assert (await browser.post(form[1], {"purpose": purpose})).status_code == 303
    after = await browser.get(f"/decide/{lea}")
    assert ticked(after) == ["photo=0", "video=0"]
    assert "Stop showing" not in after.text
    # And choosing the lowest step is exactly as long as choosing any other.
    await save(browser, lea, photo="2")
    assert flash(await save(browser, lea, photo="0")).endswith("photos of Lea – Nobody.")


async def test_after_withdrawing_nobody_gets_the_photo_any_more(school: TestSchool) -> None:
    photo = await school.photo(("mia",))
    browsers = [await school.browser(name) for name in ("other", "teacher", "grandparent", "parent", "mia")]
    paths = [f"/photos/{photo}/{size}" for size in ("small", "medium", "large")]
    for browser in browsers:
        assert (await browser.get(paths[0])).status_code == 200
    await (await school.browser("coparent")).post(f"/decide/{school.ids['mia']}/withdraw", {"purpose": PHOTO})
    for browser in browsers:
        for path in (*paths, f"/photos/{photo}", f"/photos/{photo}/download"):
            assert (await browser.get(path)).status_code == 404


async def test_a_changed_notice_is_shown_again_and_nothing_typed_is_lost(school: TestSchool) -> None:
    lea = school.ids["lea"]
    browser = await school.browser("other")
    await notices.publish(
        school.viewer("admin"), "photo", {"en": "The new text."}, {"en": "All."}, after=1, school=await schools.load()
    )
    stale = await save(browser, lea, photo="2", video="1", **{"until-photo": "yes"})
    assert stale.status_code == 409
    assert "The photo notice has changed" in stale.text
    assert "The new text." in stale.text
    assert ticked(stale) == ["photo=2", "until-photo=yes", "video=1"]
    assert await queries.history(lea) == []
    assert re.search(r'name="shown" value="([^"]*)"', stale.text)[1] == "2:en"  # type: ignore[index]
    assert (await save(browser, lea, shown="2:en", photo="2", video="1")).status_code == 303
    assert len(await queries.history(lea)) == 2


async def test_of_two_answers_saved_together_none_is_kept_if_one_cannot_be(school: TestSchool) -> None:
    """A no counts under any notice, a yes does not; the page says that nothing was kept, so nothing is."""
    lea = school.ids["lea"]
    browser = await school.browser("other")
    await notices.publish(
        school.viewer("admin"), "photo", {"en": "The new text."}, {"en": "All."}, after=1, school=await schools.load()
    )
    stale = await save(browser, lea, photo="0", video="1")
    assert stale.status_code == 409
    assert ticked(stale) == ["photo=0", "video=1"]
    assert await queries.history(lea) == []
    assert (await save(browser, lea, photo="0", video="0")).status_code == 303
    assert [line.rung for line in await queries.history(lea)] == [Rung.NOBODY, Rung.NOBODY]


@pytest.mark.parametrize("fields", [{}, {"photo": "5"}, {"photo": "public"}, {"photo": "-1", "video": "2"}])
async def test_what_is_no_answer_is_asked_again(school: TestSchool, fields: dict[str, str]) -> None:
    lea = school.ids["lea"]
    answer = await save(await school.browser("other"), lea, **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert await queries.history(lea) == []


async def test_the_page_says_why_something_holds(school: TestSchool) -> None:
    ben = school.ids["ben"]
    await run(
        "INSERT INTO link (id, adult, child, decides, sees, relation, starts, ends, source)"
        " VALUES (5, ?, ?, ?, ?, 'guardian', NULL, NULL, 'test')",
        *(school.ids["coparent"], ben, True, True),
    )
    browser = await school.browser("parent")
    page = (await browser.get(f"/decide/{ben}")).text
    assert "Coparent Test" in page, "guardians of one child are named to each other"
    assert "has not answered everything yet" in page
    await school.decide("coparent", "ben", Rung.FAMILY)
    await school.decide("coparent", "ben", Rung.FAMILY, VIDEO)
    page = (await browser.get(f"/decide/{ben}")).text
    assert "The guardians have answered differently. The lowest answer holds." in page
    assert "has not answered" not in page


async def test_where_somebody_is_kept_away_no_guardian_is_named(school: TestSchool) -> None:
    mia = school.ids["mia"]
    page = (await (await school.browser("parent")).get(f"/decide/{mia}")).text
    assert page.count("Another guardian") == 2
    for name in ("Coparent", "Blocked"):
        assert f"{name} Test" not in page
    blocked = html.unescape((await (await school.browser("blocked")).get(f"/decide/{mia}")).text)
    assert "Your answer counts all the same: it can make the circle smaller, not wider." in blocked
    for word in ("What holds now", "Another guardian", "Parent Test", "Coparent", "3a"):
        assert word not in re.sub(r"<[^>]*>", "", blocked)  # tokens and addresses may hold any letters
        assert word not in re.sub(r"<[^>]*>", "", (await (await school.browser("blocked")).get("/decide")).text)
    await run("UPDATE person SET safeguarding_hold = ? WHERE id = ?", True, school.ids["ben"])
    await run(
        "INSERT INTO link (id, adult, child, decides, sees, relation, starts, ends, source)"
        " VALUES (5, ?, ?, ?, ?, 'guardian', NULL, NULL, 'test')",
        *(school.ids["coparent"], school.ids["ben"], True, True),
    )
    held = (await (await school.browser("parent")).get(f"/decide/{school.ids['ben']}")).text
    assert "For the time being the school shows no pictures of Ben." in held
    assert "safeguarding" not in held.lower()
    assert "Coparent Test" not in held


async def test_a_child_sees_its_own_photos_page_and_speaks_when_it_may(school: TestSchool) -> None:
    noor = await school.browser("noor")
    page = await noor.get("/decide")
    assert "My photos" in page.text
    assert "Photos of me" in page.text
    assert (await save(noor, school.ids["noor"], photo="1")).status_code == 303
    page = await noor.get("/decide")
    assert "Your own answer is lower than that of your guardians. The lower answer holds." in page.text
    young = await (await school.browser("mia")).get("/decide")
    assert "Photos of me" not in young.text
    assert "you have a say of your own. Until then your guardians decide." in young.text
    guardian = (await (await school.browser("noors_parent")).get(f"/decide/{school.ids['noor']}")).text
    assert "Noor has a say as well and has chosen less. The lower answer holds." in guardian


async def test_guardians_of_a_grown_child_have_nothing_to_decide(school: TestSchool) -> None:
    noor = school.ids["noor"]
    await run("UPDATE person SET born = '2000-01-01' WHERE id = ?", noor)
    browser = await school.browser("noors_parent")
    page = await browser.get(f"/decide/{noor}")
    assert "Noor is of age and decides alone." in page.text
    assert "<fieldset" not in page.text
    assert (await save(browser, noor, photo="4")).status_code == 404
    assert (await browser.post(f"/decide/{noor}/withdraw", {"purpose": PHOTO})).status_code == 404
    assert (await save(await school.browser("noor"), noor, photo="4")).status_code == 303


async def test_an_account_is_allowed_and_closed_on_the_same_page(school: TestSchool) -> None:
    lea = school.ids["lea"]
    browser = await school.browser("other")
    page = (await browser.get(f"/decide/{lea}")).text
    assert "No account yet" in page, "nobody has said no"
    assert "Not allowed" not in page
    child = await school.browser("lea")
    assert (await child.get("/decide")).status_code == 303
    await browser.post(f"/decide/{lea}/account", {"allowed": "yes"})
    assert "The account may be used" in (await browser.get(f"/decide/{lea}")).text
    child = await school.browser("lea")
    assert (await child.get("/decide")).status_code == 200
    await browser.post(f"/decide/{lea}/account", {"allowed": "no"})
    assert (await child.get("/decide")).status_code == 303
    page = (await browser.get(f"/decide/{lea}")).text
    assert '<span class="pill warn">Not allowed</span>' in page
    assert "No account yet" not in page
    assert [line.purpose for line in await queries.history(lea)] == [ACCOUNT, ACCOUNT]
    assert (await browser.post(f"/decide/{lea}/account", {"allowed": "perhaps"})).status_code == 404
    assert "An account for" not in (await (await school.browser("noor")).get("/decide")).text


@pytest.mark.parametrize("born", [None, "2020-01-01"])
async def test_where_the_school_asks_nobody_the_account_is_not_offered(school: TestSchool, born: str | None) -> None:
    lea = school.ids["lea"]
    await run("UPDATE person SET born = ? WHERE id = ?", born, lea)
    browser = await school.browser("other")
    assert "An account for" in (await browser.get(f"/decide/{lea}")).text
    await schools.save(replace(await schools.load(), account_from_age=0))
    assert "An account for" not in (await browser.get(f"/decide/{lea}")).text
    answer = await browser.post(f"/decide/{lea}/account", {"allowed": "no"})
    assert answer.status_code >= 400, "nobody is told that the account is closed while it is open"
    assert await queries.history(lea) == []
    assert (await (await school.browser("lea")).get("/decide")).status_code == 200


async def test_before_a_notice_is_published_nothing_is_decided(school: TestSchool) -> None:
    await run("DELETE FROM notice")
    lea = school.ids["lea"]
    browser = await school.browser("other")
    page = await browser.get(f"/decide/{lea}")
    assert page.status_code == 200
    assert "The school has not published its notice yet." in page.text
    assert (await save(browser, lea, photo="2")).status_code == 409
    assert await queries.history(lea) == []


async def test_the_printed_form_has_everything_to_mark_and_sign(school: TestSchool) -> None:
    page = html.unescape((await (await school.browser("other")).get(f"/decide/{school.ids['lea']}/form")).text)
    assert page.count("☐") == 2 * (5 + 1)
    assert "Other Test" in page
    assert "Photo notice, version 1" in page
    assert "Linden School" in page


async def test_the_steps_are_true_for_whoever_reads_them(school: TestSchool) -> None:
    pages = {
        name: html.unescape((await (await school.browser(name)).get(f"/decide/{school.ids[child]}")).text)
        for name, child in (("parent", "mia"), ("blocked", "mia"), ("noor", "noor"))
    }
    for name in ("parent", "blocked"):
        assert "the family sees the picture of the autumn walk" in pages[name]
        assert "families and staff of Mia's class" in pages[name]
    assert "Only you and your own family." in pages["noor"]
    assert "families and staff of your class" in pages["noor"]
    assert "Pictures that show you stay out of the portal." in pages["noor"]
    assert "Noor's" not in pages["noor"]


async def test_names_stand_where_readers_look_for_them(school: TestSchool) -> None:
    for family, child in (("Çelik", "mia"), ("Şahin", "ben"), ("Zander", "lea"), ("Adam", "tom")):
        await run("UPDATE person SET family_name = ? WHERE id = ?", family, school.ids[child])
    ids = [school.ids[child] for child in ("mia", "ben", "lea", "tom")]
    found = await queries.children(ids, clock.present("Europe/Berlin").today)
    assert [child.family_name for child in found.values()] == ["Adam", "Çelik", "Şahin", "Zander"]
    invited = await invitable.invitees(clock.present("Europe/Berlin").today, ids)
    assert [each.name.split()[1] for each in invited] == ["Adam", "Çelik", "Şahin", "Zander"]
    for family, adult in (("Zander", "parent"), ("Çelik", "coparent"), ("Dora", "blocked")):
        await run("UPDATE person SET family_name = ? WHERE id = ?", family, school.ids[adult])
    deciding = await queries.deciders(school.ids["mia"], clock.present("Europe/Berlin").today)
    assert [each.name.split()[1] for each in deciding] == ["Çelik", "Dora", "Zander"]
