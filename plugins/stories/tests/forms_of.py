"""The forms of the editor as a browser without scripts reads and sends them."""

from __future__ import annotations

import re

import httpx

from portal.testing import Browser

JSON = {"Accept": "application/json"}


def fields(html: str) -> list[tuple[str, str]]:
    """The main form as a browser without scripts would send it, without its buttons."""
    form = re.search(r'<form method="post" action="/stories/\d+/(?:edit|preview|text)".*?</form>', html, re.S)
    assert form, html[:400]
    text = re.sub(r"<template>.*?</template>", "", form.group(), flags=re.S)
    found: list[tuple[str, str]] = []
    for tag in re.finditer(r"<(input|textarea)([^>]*)>(?:\n?([^<]*)</textarea>)?", text):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag.group(2)))
        kind = given.get("type", "text")
        if "name" not in given or given["name"] == "csrf_token" or kind in ("file", "search"):
            continue
        if kind in ("checkbox", "radio") and " checked" not in tag.group(2):
            continue
        found.append((given["name"], given.get("value", tag.group(3) or "")))
    return found


def changed(form: list[tuple[str, str]], **values: str) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form if name not in values] + list(values.items())


async def new(browser: Browser, token: str = "t1", **values: str) -> int:
    answer = await browser.post("/stories/new", {"token": token, **values})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].split("/")[2])


async def upload(browser: Browser, story: int, file: bytes, once: str = "", name: str = "a.jpg") -> httpx.Response:
    return await browser.post(f"/stories/{story}/photos", {"once": once}, files={"photo": (name, file)}, **JSON)


async def form_of(browser: Browser, story: int) -> list[tuple[str, str]]:
    return fields((await browser.get(f"/stories/{story}/edit")).text)


async def post_it(browser: Browser, story: int, **values: str) -> httpx.Response:
    form = fields((await browser.get(f"/stories/{story}/preview")).text)
    return await browser.post(f"/stories/{story}/preview", changed(form, **{"act": "now", "sure": "yes"} | values))
