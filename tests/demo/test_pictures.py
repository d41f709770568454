"""The pictures are the same at every run, differ from each other, and say how many children can be recognised."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations

import pytest
import pyvips

from portal.demo.drawing.scenes import SCENES
from portal.demo.drawing.svg import letters, n
from portal.demo.pictures import COUNT, Picture, picture, pictures


@pytest.fixture(scope="module")
def drawn() -> list[Picture]:
    return list(pictures())


def _small(one: Picture) -> bytes:
    image = pyvips.Image.svgload_buffer(one.svg.encode(), scale=0.02).flatten(background=[255, 255, 255])
    return bytes(image.thumbnail_image(16, height=16, size="force").write_to_memory())


def test_the_same_seed_draws_the_same_and_another_seed_something_else() -> None:
    assert picture(7) == picture(7)
    assert picture(7).svg != picture(7, seed=2).svg


def test_every_scene_is_drawn_equally_often(drawn: list[Picture]) -> None:
    assert len(drawn) == COUNT == 150
    assert set(Counter(one.scene for one in drawn).values()) == {COUNT // len(SCENES)}
    assert {(one.width, one.height) for one in drawn} == {(1600, 1200), (1200, 1600), (2400, 1050)}


def test_any_two_pictures_can_be_told_apart(drawn: list[Picture]) -> None:
    small = [_small(one) for one in drawn]
    for (i, a), (k, b) in combinations(enumerate(small), 2):
        apart = sum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a)
        assert apart > 3, f"{drawn[i].scene} {i} looks like {drawn[k].scene} {k}"


def test_each_has_an_alt_text_and_some_show_no_child(drawn: list[Picture]) -> None:
    assert all(re.fullmatch(r"[A-Z].{20,}[.!]", one.alt) for one in drawn)
    assert min(one.children for one in drawn) == 0
    assert sum(one.children for one in drawn) > 2 * COUNT


def test_a_picture_becomes_a_jpeg_without_metadata() -> None:
    one = picture(0)
    data = one.jpeg()
    image = pyvips.Image.new_from_buffer(data, "")
    assert data[:3] == b"\xff\xd8\xff"
    assert (image.width, image.height) == (one.width, one.height)
    assert not [field for field in image.get_fields() if field.startswith(("exif", "xmp", "iptc"))]


def test_no_picture_asks_for_anything_outside_itself(drawn: list[Picture]) -> None:
    for one in drawn:
        assert "<text" not in one.svg
        assert "href" not in one.svg
        assert "nan" not in one.svg


def test_letters_are_strokes() -> None:
    assert letters(0, 0, 60, "HELLO", "#000000").count("<path") > 5
    assert n(2.04) == "2"
    with pytest.raises(KeyError):
        letters(0, 0, 60, "ß", "#000000")
