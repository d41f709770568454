"""Surveys built, opened and answered the way a browser without scripts does it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

import httpx

from portal.testing import Browser, TestSchool

Pairs = list[tuple[str, str]]
JSON = {"Accept": "application/json"}


def fields(html: str, action: str = r"/surveys/\d+/\w+") -> Pairs:
    """The form that posts to this address as a browser would send it, without its buttons."""
    form = re.search(rf'<form[^>]*action="{action}".*?</form>', html, re.S)
    assert form, html[:2000]
    found: Pairs = []
    for tag in re.finditer(r"<(input|textarea|select)([^>]*)>(?:\n?([^<]*)</textarea>)?", form.group()):
        given = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag.group(2))}
        kind = given.get("type", "text")
        if "name" not in given or given["name"] == "csrf_token" or kind == "file":
            continue
        if kind in ("checkbox", "radio") and " checked" not in tag.group(2):
            continue
        if tag.group(1) == "select":
            rest = form.group()[tag.end() : form.group().index("</select>", tag.end())]
            options = re.findall(r'<option value="([^"]*)"( selected)?', rest)
            chosen = [value for value, selected in options if selected]
            found.append((given["name"], chosen[0] if chosen else options[0][0]))
            continue
        found.append((given["name"], given.get("value", unescape(tag.group(3) or ""))))
    return found


def changed(form: Pairs, **values: str | Sequence[str]) -> Pairs:
    """The form with other values; an empty list takes a field away."""
    rest = [(name, value) for name, value in form if name not in values]
    for name, value in values.items():
        rest += [(name, value)] if isinstance(value, str) else [(name, one) for one in value]
    return rest


async def begin(browser: Browser, token: str = "t1", **values: str) -> int:
    """A new survey; its id."""
    answer = await browser.post("/surveys/new", {"token": token, **values})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].split("/")[2])


async def frame(browser: Browser, survey: int, **values: str | Sequence[str]) -> httpx.Response:
    """Saves the frame, changed in these fields."""
    form = fields((await browser.get(f"/surveys/{survey}/edit")).text)
    return await browser.post(f"/surveys/{survey}/edit", changed(form, **values))


async def ask(browser: Browser, survey: int, kind: str, label: str, **values: str) -> int:
    """Adds a question; its id."""
    page = (await browser.get(f"/surveys/{survey}/questions/new?kind={kind}")).text
    form = fields(page, r"/surveys/\d+/questions/new")
    answer = await browser.post(f"/surveys/{survey}/questions/new", changed(form, label=label, **values))
    assert answer.status_code == 303, re.sub(r"<[^>]*>", " ", answer.text)
    listed = (await browser.get(f"/surveys/{survey}/questions")).text
    return int(re.findall(rf'href="/surveys/{survey}/questions/(\d+)"', listed)[-1])


async def open_up(browser: Browser, survey: int) -> None:
    """Lets families answer."""
    answer = await browser.post(f"/surveys/{survey}/open", {"confirmed": "1"})
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"/surveys/{survey}/results", await _why(browser, survey)


async def _why(browser: Browser, survey: int) -> str:
    return re.sub(r"<[^>]*>", " ", (await browser.get(f"/surveys/{survey}/preview")).text)


async def form_of(browser: Browser, survey: int, child: int = 0) -> Pairs:
    """The answering page's form as it is shown."""
    page = await browser.get(f"/surveys/{survey}/answer?child={child}")
    assert page.status_code == 200
    return fields(page.text)


async def answer(
    browser: Browser, survey: int, child: int = 0, **values: str | Sequence[str]
) -> httpx.Response:
    """Opens the form, fills it and sends it."""
    form = await form_of(browser, survey, child)
    return await browser.post(f"/surveys/{survey}/answer", changed(form, **values))


async def simple(
    school: TestSchool, *, per: str = "guardian", anonymous: bool = False, by: str = "teacher"
) -> dict[str, int]:
    """An open survey of the whole school with a choice (yes is 1, no is 2) and a free text: its id and theirs."""
    browser = await school.browser(by)
    survey = await begin(browser, f"simple {per} {anonymous} {by}")
    more = {"anonymous": "yes"} if anonymous else {}
    saved = await frame(browser, survey, title="Outing", audience="school", per=per, **more)
    assert saved.status_code == 303, saved.text
    choice = await ask(browser, survey, "choice", "Will you come?", options="Yes\nNo", required="yes")
    text = await ask(browser, survey, "text", "Anything else?")
    await open_up(browser, survey)
    return {"survey": survey, "choice": choice, "text": text}
