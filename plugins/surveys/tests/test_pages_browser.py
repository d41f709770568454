"""The pages in a real browser: what the scripts add to them, and axe on each. The browser's requests are answered by
the application in this process."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from filling import answer, ask, begin, fields, frame, open_up, simple
from playwright.async_api import Page, Route, async_playwright, expect

from portal.sdk import db
from portal.testing import TestSchool, run
from portal.testing.axe import findings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@asynccontextmanager
async def looking(school: TestSchool, name: str) -> AsyncIterator[Page]:
    """A phone in the hands of this member of the cast. What its scripts complain about fails the test."""
    client = (await school.browser(name)).http

    async def serve(route: Route) -> None:
        sent = route.request
        headers = {key: value for key, value in sent.headers.items() if key not in ("cookie", "content-length")}
        got = await client.request(sent.method, sent.url, headers=headers, content=sent.post_data_buffer)
        if got.status_code == 303:  # a browser asks for the second page of a chain past this function
            onward = f'<meta http-equiv="refresh" content="0;url={got.headers["location"]}">'
            await route.fulfill(content_type="text/html", body=onward)
            return
        kept = {key: value for key, value in got.headers.items() if key not in ("set-cookie", "content-encoding")}
        await route.fulfill(status=got.status_code, headers=kept, body=got.content)

    said: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(
            base_url=school.settings.url, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda told: said.append(told.text) if "Content Security" in told.text else None)
        await page.route("**/*", serve)
        yield page
        await browser.close()
    assert said == []


async def _clean(page: Page) -> None:
    assert await findings(page) == [], page.url
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert await page.locator("h1").count() == 1


async def _spring(school: TestSchool) -> dict[str, int]:
    """An open survey of all the kinds that a page can show without a password."""
    teacher = await school.browser("teacher")
    survey = await begin(teacher)
    await frame(teacher, survey, title="Spring", intro="Tell us.", audience="school", languages=["de"])
    found = {"survey": survey}
    found["choice"] = await ask(teacher, survey, "choice", "Coming?", options="Yes\nNo", required="yes")
    found["many"] = await ask(
        teacher, survey, "many", "What then?", options="Cake\nTea", only_question=f"{found['choice']}:1"
    )
    found["scale"] = await ask(teacher, survey, "scale", "How was it?", low_label="bad", high_label="good")
    found["ranking"] = await ask(teacher, survey, "ranking", "First?", options="Sea\nBooks\nPlay")
    found["date"] = await ask(teacher, survey, "date", "When?")
    found["text"] = await ask(teacher, survey, "text", "Your allergies?")
    await open_up(teacher, survey)
    return found


async def test_axe_finds_nothing_on_the_pages_of_those_who_ask(asking: TestSchool) -> None:
    made = await _spring(asking)
    draft = await begin(await asking.browser("teacher"), "draft", template="slip")
    values = {f"q{made['choice']}": "1", f"q{made['text']}": "Nuts"}
    await answer(await asking.browser("other"), made["survey"], **values)
    base = f"/surveys/{made['survey']}"
    pages = [
        "/surveys", "/surveys/mine", "/surveys/mine?show=open", "/surveys/new", f"{base}/edit", f"{base}/questions",
        *(f"{base}/questions/new?kind={kind}" for kind in ("choice", "scale", "text", "signature")),
        f"{base}/questions/{made['choice']}", f"{base}/texts/de", f"{base}/preview", f"{base}/results",
        f"/surveys/{draft}/edit", f"/surveys/{draft}/preview",
    ]  # fmt: skip
    async with looking(asking, "teacher") as page:
        for path in pages:
            await page.goto(path)
            await _clean(page)
        await page.goto(f"{base}/questions/new?kind=choice")
        await page.get_by_role("button", name="Save the question").click()
        await expect(page.locator("[data-focus]")).to_be_focused()
        await _clean(page)
        await page.emulate_media(color_scheme="dark")
        await page.goto(f"{base}/results")
        await _clean(page)


async def test_axe_finds_nothing_on_the_pages_of_those_who_answer(asking: TestSchool) -> None:
    made, nameless = await _spring(asking), await simple(asking, anonymous=True)
    await run("UPDATE person SET language = 'ar' WHERE id = ?", asking.ids["coparent"])
    for name in ("parent", "coparent"):
        async with looking(asking, name) as page:
            for path in ("/surveys", f"/surveys/{made['survey']}/answer", f"/surveys/{nameless['survey']}/answer"):
                await page.goto(path)
                await _clean(page)
            await page.locator("main form .button").first.click()
            await expect(page.locator("[data-focus]")).to_be_focused()
            await _clean(page)


async def test_what_does_not_apply_is_hidden_and_what_is_answered_is_counted(asking: TestSchool) -> None:
    made = await _spring(asking)
    async with looking(asking, "parent") as page:
        await page.goto(f"/surveys/{made['survey']}/answer")
        hanging, count = page.locator(f"[data-ask='{made['many']}']"), page.locator("[data-progress]")
        await expect(hanging).to_be_hidden()
        await expect(count).to_have_text("0 of 5 answered")
        await page.get_by_label("Yes", exact=True).check()
        await expect(hanging).to_be_visible()
        await expect(count).to_have_text("1 of 6 answered")
        await page.get_by_label("Cake").check()
        await expect(count).to_have_text("2 of 6 answered")
        await page.get_by_label("No", exact=True).check()
        await expect(hanging).to_be_hidden()
        await expect(count).to_have_text("1 of 5 answered")


async def test_an_order_is_made_by_buttons(asking: TestSchool) -> None:
    made = await _spring(asking)
    async with looking(asking, "parent") as page:
        await page.goto(f"/surveys/{made['survey']}/answer")
        await page.get_by_label("No", exact=True).check()
        list_ = page.locator(".ranking")
        await expect(list_.locator("select").first).to_be_hidden()
        down = list_.get_by_role("button", name="Move down: Sea")
        await down.focus()
        await page.keyboard.press("Enter")
        await expect(down).to_be_focused()
        await expect(page.locator("[data-told]")).to_have_text("Sea: Place 2")
        await expect(list_.locator("li").first).to_contain_text("Books")
        await page.get_by_role("button", name="Send").click()
        await page.wait_for_url("**/surveys")
        value = await db.value("SELECT value FROM surveys_answer WHERE question = ?", made["ranking"])
        assert value == "[2, 1, 3]"
        await page.goto(f"/surveys/{made['survey']}/answer")
        await expect(page.locator(".ranking li").first).to_contain_text("Books")


async def test_a_form_by_name_saves_itself_and_leaves_no_draft_behind(asking: TestSchool) -> None:
    made = await _spring(asking)
    async with looking(asking, "parent") as page:
        await page.goto(f"/surveys/{made['survey']}/answer")
        await page.get_by_label("Yes", exact=True).check()
        await page.locator("textarea").fill("Half a sentence")
        await expect(page.locator(".saved")).to_have_text("Kept, not sent yet")
        assert await page.evaluate("localStorage.length") == 0
        await page.reload()
        await expect(page.locator("textarea")).to_have_value("Half a sentence")
        await page.locator("textarea").fill("The whole sentence")
        await page.get_by_role("button", name="Send").click()
        await page.wait_for_url("**/surveys")
    assert await db.value("SELECT value FROM surveys_answer WHERE question = ?", made["text"]) == '"The whole sentence"'
    assert await db.value("SELECT count(*) FROM surveys_draft") == 0


async def test_a_half_filled_anonymous_form_stays_on_the_device(asking: TestSchool) -> None:
    made = await simple(asking, anonymous=True)
    async with looking(asking, "parent") as page:
        await page.goto(f"/surveys/{made['survey']}/answer")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        await page.locator("textarea").fill("Nobody knows")
        await expect(page.locator(".saved")).to_have_text("Kept on this device, not sent yet")
        assert sent == []
        await page.reload()
        await expect(page.locator("textarea")).to_have_value("Nobody knows")
        await page.get_by_role("button", name="Send").click()  # something is missing still
        await expect(page.get_by_role("alert")).to_be_visible()
        assert await page.evaluate("localStorage.length") == 1
        await page.get_by_label("Yes", exact=True).check()
        await page.get_by_role("button", name="Send").click()
        await page.wait_for_url("**/surveys")
        assert await page.evaluate("localStorage.length") == 0
    assert await db.value("SELECT count(*) FROM surveys_draft") == 0


async def test_signing_out_takes_half_filled_forms_along(asking: TestSchool) -> None:
    made = await simple(asking, anonymous=True)
    async with looking(asking, "parent") as page:
        await page.goto(f"/surveys/{made['survey']}/answer")
        await page.locator("textarea").fill("Nobody knows")
        await expect(page.locator(".saved")).to_have_text("Kept on this device, not sent yet")
        await page.locator("[data-sign-out]").evaluate("form => form.requestSubmit()")
        await page.wait_for_url("**/sign-in")
        assert await page.evaluate("localStorage.length") == 0


async def test_results_follow_what_comes_in(asking: TestSchool) -> None:
    made = await simple(asking)
    async with looking(asking, "teacher") as page:
        await page.clock.install()
        await page.goto(f"/surveys/{made['survey']}/results")
        await expect(page.locator("#results")).to_contain_text("0 of 5 have answered")
        await answer(await asking.browser("parent"), made["survey"], **{f"q{made['choice']}": "1"})
        await page.clock.run_for(16_000)
        await expect(page.locator("#results")).to_contain_text("1 of 5 have answered")


def test_the_form_reader_of_these_tests_reads_forms() -> None:
    html = '<form method="post" action="/surveys/1/edit"><input name="a" value="1"><input type="checkbox" name="b">'
    html += '<select name="d"><option value="">-</option><option value="2" selected>2</option></select>'
    assert fields(html + '<textarea name="c">\nx</textarea></form>') == [("a", "1"), ("d", "2"), ("c", "x")]
