"""The pages: what staff type and send, and what comes back; by keyboard in a browser, and without scripts."""

from __future__ import annotations

import html
import json
import re
import shutil

import pytest
from marking import enter, given, released, stored
from playwright.async_api import Route, async_playwright, expect

from portal.sdk import db
from portal.testing import Browser, TestSchool

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


async def sent(browser: Browser, path: str, **typed: str) -> tuple[int, str]:
    """Fills the table of an assignment as a browser would, and sends it."""
    text = (await browser.get(path)).text
    fields = {name: html.unescape(value) for name, value in re.findall(r'name="([wr]-\d+)" value="([^"]*)"', text)}
    fields |= dict.fromkeys(re.findall(r'name="([sc]-\d+)"', text), "")
    for name, value in re.findall(r'name="(w-\d+)" value="([^"]*)"', text):
        _at, _result, state, comment = json.loads(html.unescape(value))
        fields |= {name.replace("w-", "s-"): state, name.replace("w-", "c-"): comment}
    answer = await browser.post(path, fields | {name.replace("_", "-"): value for name, value in typed.items()})
    return answer.status_code, answer.text


async def test_a_class_is_marked_without_scripts(grading: TestSchool) -> None:
    teacher, mia, lea = await grading.browser("teacher"), grading.ids["mia"], grading.ids["lea"]
    group = grading.groups["3a"]
    frame = {"title": "Fractions", "subject": "Maths", "marked": "points", "highest": "20", "token": "t"}
    answer = await teacher.post(f"/grades/classes/{group}/new", frame)
    assert answer.status_code == 303
    path = answer.headers["location"]
    code, text = await sent(teacher, path, **{f"r_{mia}": "12.5", f"r_{lea}": "25", f"c_{lea}": "<b>Kept</b>"})
    assert code == 422
    assert "Please enter 0 to 20 points." in text
    assert 'value="25"' in text
    assert "&lt;b&gt;Kept&lt;/b&gt;" in text
    assert await stored("grades_result") == 1  # the row that was right
    assert (await sent(teacher, path, **{f"r_{lea}": "-"}))[0] == 303
    assert await stored("grades_result", missing=True) == 1
    assert (await sent(teacher, path))[0] == 303
    assert await stored("grades_change") == 0
    overview = (await teacher.get(f"/grades/classes/{group}")).text
    assert "2 of 2 have a result" in overview
    assert "Missing work" in overview
    assert "Lea Test" in overview
    late = {"when": "later", "day": "2020-01-01", "time": "9:00"}
    assert (await teacher.post(f"{path}/release", late)).status_code == 422
    assert (await teacher.post(f"{path}/release", {"when": "now"})).status_code == 303
    other = await grading.browser("other")
    text = (await other.get(f"/grades/children/{lea}")).text
    assert "1 piece of work is missing" in text
    assert "Mia" not in text


async def test_taking_out_asks_first(grading: TestSchool) -> None:
    assignment, teacher = await released(grading), await grading.browser("teacher")
    path = f"/grades/assignments/{assignment}"
    assert "Take this assignment out?" in (await teacher.post(f"{path}/remove")).text
    assert await stored("grades_assignment", removed_at=0) == 1
    assert (await teacher.post(f"{path}/remove", {"confirmed": "1"})).status_code == 303
    assert (await teacher.get(path)).status_code == 404
    assert (await teacher.post(f"{path}/put-back")).status_code == 303


async def test_who_finds_what_on_the_first_page(grading: TestSchool) -> None:
    await released(grading)
    one = await (await grading.browser("other")).get("/grades")
    assert one.headers["location"] == f"/grades/children/{grading.ids['lea']}"
    for name, there, absent in (
        ("parent", "Mia Test", "My classes"), ("teacher", "My classes", "My children"),
        ("office", "You have no classes", "Fractions"), ("blocked", "Nothing here", "Mia"),
    ):  # fmt: skip
        text = (await (await grading.browser(name)).get("/grades")).text
        assert there in text
        assert absent not in text


async def test_a_family_chooses_how_often_it_hears(grading: TestSchool) -> None:
    parent, teacher = await grading.browser("parent"), await grading.browser("teacher")
    assert (await parent.post("/grades/alerts", {"every": "hourly"})).status_code == 422
    assert (await parent.post("/grades/alerts", {"every": "none"})).status_code == 303
    assert await db.value("SELECT every FROM grades_wish WHERE person = ?", grading.ids["parent"]) == "none"
    assert (await teacher.post("/grades/alerts", {"every": "none"})).status_code == 404


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
async def test_results_by_keyboard(grading: TestSchool) -> None:
    assignment = await given(grading)
    await enter(grading, assignment, "lea", result="3")
    mia, lea = grading.ids["mia"], grading.ids["lea"]  # by name: Lea stands first
    client = (await grading.browser("teacher")).http

    async def serve(route: Route) -> None:
        got = await client.request(route.request.method, route.request.url)
        kept = {key: value for key, value in got.headers.items() if key not in ("set-cookie", "content-encoding")}
        await route.fulfill(status=got.status_code, headers=kept, body=got.content)

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = await (await browser.new_context(base_url=grading.settings.url)).new_page()
        said: list[str] = []
        page.on("pageerror", lambda error: said.append(str(error)))
        await page.route("**/*", serve)
        await page.goto(f"/grades/assignments/{assignment}")
        await page.locator(f"[name=r-{lea}]").focus()
        await page.keyboard.type("17")
        await page.keyboard.press("Enter")
        await expect(page.locator(f"[name=r-{mia}]")).to_be_focused()
        await expect(page.locator("[data-unsaved]")).to_have_text("Not saved yet")
        await page.keyboard.type("12")
        await page.keyboard.press("ArrowUp")
        await expect(page.locator(f"[name=r-{lea}]")).to_be_focused()
        await page.keyboard.press("ArrowRight")
        await expect(page.locator(f"[name=s-{lea}]")).to_be_focused()
        await page.keyboard.press("ArrowRight")
        await expect(page.locator(f"[name=c-{lea}]")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator(f"[name=c-{mia}]")).to_be_focused()
        assert page.url.endswith(str(assignment))  # Enter has sent nothing
        assert await stored("grades_result") == 1
        assert said == []
        await browser.close()
