"""The administrator's page about plugins."""

from __future__ import annotations

import pytest

from portal import plugins
from portal.errors import Refused
from portal.hooks.host import host
from portal.testing import TestSchool

PAGE = "/office/plugins"


async def test_it_says_what_is_in_use_and_what_is_kept(school: TestSchool) -> None:
    text = (await (await school.browser("admin")).get(PAGE)).text
    assert "Class stories" in text
    assert "In use" in text
    assert "Until staff erase the story" in text


@pytest.mark.parametrize("member", ["parent", "teacher", "office", "safeguarding", "mia"])
async def test_it_is_for_administrators(school: TestSchool, member: str) -> None:
    browser = await school.browser(member)
    assert (await browser.get(PAGE)).status_code == 404
    assert (await browser.post(f"{PAGE}/stories", {"act": "disable", "confirmed": "1"})).status_code == 404
    assert (await (await school.browser("parent")).get("/stories")).status_code == 200


async def test_out_of_use_is_asked_first_and_counts_at_once(school: TestSchool) -> None:
    admin, family = await school.browser("admin"), await school.browser("parent")
    asked = await admin.post(f"{PAGE}/stories", {"act": "disable"})
    assert "Put this plugin out of use?" in asked.text
    assert (await family.get("/stories")).status_code == 200
    assert (await admin.post(f"{PAGE}/stories", {"act": "disable", "confirmed": "1"})).status_code == 303
    assert (await family.get("/stories")).status_code == 404
    assert 'href="/stories"' not in (await family.get("/photos")).text
    home = await family.get("/")
    assert home.headers["location"] == "/photos"  # home leads where something is
    assert (await admin.post(f"{PAGE}/stories", {"act": "enable"})).status_code == 303
    assert (await family.get("/stories")).status_code == 200


async def test_one_that_does_not_work_says_why(school: TestSchool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(host.broken, "sandbox", "It does not import: ModuleNotFoundError: <sand>")
    admin = await school.browser("admin")
    text = (await admin.get(PAGE)).text
    assert "Does not work" in text
    assert "ModuleNotFoundError: &lt;sand&gt;" in text
    answer = await admin.post(f"{PAGE}/sandbox", {"act": "enable"})
    assert answer.status_code == 403
    assert "ModuleNotFoundError" in answer.text
    assert (await admin.post(f"{PAGE}/nothing", {"act": "enable"})).status_code == 404
    with pytest.raises(Refused):
        await plugins.enable("nothing")


async def test_one_in_use_that_was_removed_is_named(school: TestSchool) -> None:
    kept = host.plugins.pop("stories")
    try:
        text = (await (await school.browser("admin")).get(PAGE)).text
        assert "It is no longer installed." in text
    finally:
        host.plugins["stories"] = kept
