"""What plugin authors call to look at their pages finds what is wrong, and nothing where nothing is."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from portal.testing import TestSchool, axe
from tests.hooks.small import changed, load, written

from .browser import CHROMIUM

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")


async def fill(school: TestSchool, count: int) -> list[str]:
    actions = importlib.import_module("portal_lost.actions")
    return [f"/lost/{await actions.add(school.viewer('teacher'), f'Thing {number}')}" for number in range(count)]


async def test_what_is_wrong_is_found_in_place(tmp_path: Path) -> None:
    with written(tmp_path) as package:
        load()
        assert await axe.problems("lost", fill, ("parent",)) == []
    with written(tmp_path) as package:
        changed(package, "templates/list.html", "<ul>", '<img src="https://tracker.example/a.png"><input name="x"><ul>')
        changed(package, "templates/list.html", "</ul>", '</ul><p class="table"><b>' + "wide" * 400 + "</b></p>")
        load()
        found = await axe.problems("lost", fill, ("parent",))
    for said in (
        "Loading the image 'https://tracker.example/a.png'", 'image-alt: <img src="https://tracker.example/a.png">',
        'label: <input name="x"> [en, light]', 'label: <input name="x"> [ar, light]',
    ):  # fmt: skip
        assert [line for line in found if line.startswith("GET /lost as parent: ") and said in line], (said, found)
