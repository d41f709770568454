"""The reader of our own: names everything that is not pixels, and nothing that is."""

import struct

import pytest

from portal.photos.metadata import Shape, metadata, shape

from . import pictures


def bare_jpeg() -> bytes:
    """A JPEG of Pillow's without the segments that carry no picture."""
    parts = pictures.segments(pictures.encode(pictures.scene()))
    return b"\xff\xd8" + b"".join(part for mark, part in parts if mark != 0xE0) + b"\xff\xd9"


def segment(mark: int, payload: bytes) -> bytes:
    return bytes([0xFF, mark]) + struct.pack(">H", len(payload) + 2) + payload


PLANTED = [
    (0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0", "APP0 JFIF"),
    (0xE0, b"JFXX\0\x10", "APP0 JFXX thumbnail"),
    (0xE1, b"Exif\0\0MM", "APP1 Exif"),
    (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>", "APP1 XMP"),
    (0xE1, b"something", "APP1 unknown"),
    (0xE2, b"ICC_PROFILE\0\1\1", "APP2 ICC"),
    (0xE2, b"MPF\0", "APP2 more pictures"),
    (0xEB, b"JP\0\1", "APP11 C2PA"),
    (0xED, b"Photoshop 3.0\x008BIM", "APP13 IPTC"),
    (0xEE, b"Adobe\0\x64", "APP14 Adobe"),
    (0xEF, b"", "APP15 unknown"),
    (0xFE, b"a comment", "COM comment"),
    (0xDC, b"\0\1", "marker DC"),
]


def test_a_bare_jpeg_holds_nothing_else():
    assert metadata(bare_jpeg()) == []
    assert shape(bare_jpeg()) == Shape("jpeg", 96, 64)


@pytest.mark.parametrize(("mark", "payload", "name"), PLANTED, ids=[p[2] for p in PLANTED])
def test_each_segment_is_named_wherever_it_stands(mark, payload, name):
    data = bare_jpeg()
    planted = segment(mark, payload)
    assert metadata(data[:2] + planted + data[2:]) == [name]
    assert metadata(data[:-2] + planted + data[-2:]) == [name]  # behind the picture data
    assert metadata(data[:2] + b"\xff" + planted + data[2:]) == [name]  # with a fill byte before


def test_jpeg_data_behind_the_end_is_named():
    assert metadata(bare_jpeg() + b"PK\3\4") == ["4 bytes after the end"]


@pytest.mark.parametrize("cut", [2, 3, 4, 20, 150, -1, -2, -40])
def test_a_cut_jpeg_is_damaged(cut):
    assert metadata(bare_jpeg()[:cut])[-1] == "damaged"


def test_restart_marks_and_stuffing_belong_to_the_picture():
    parts = pictures.segments(pictures.encode(pictures.noise(64, 64), restart_marker_blocks=1, quality=95))
    data = b"\xff\xd8" + b"".join(part for mark, part in parts if mark != 0xE0) + b"\xff\xd9"
    assert b"\xff\xd3" in data
    assert b"\xff\0" in data
    assert metadata(data) == []


@pytest.mark.parametrize("lossless", [False, True])
def test_a_bare_webp_holds_nothing_else(lossless):
    data = pictures.encode(pictures.scene(), "WEBP", lossless=lossless)
    assert metadata(data) == []
    assert shape(data) == Shape("webp", 96, 64)


def test_webp_with_alpha_holds_pixels_only():
    data = pictures.encode(pictures.scene(mode="RGBA").rotate(30), "WEBP", quality=50)
    assert data[12:16] == b"VP8X"
    assert metadata(data) == []
    assert shape(data) == Shape("webp", 96, 64)


def test_webp_chunks_are_named():
    assert metadata(pictures.laden("WEBP")) == ["chunk ICCP", "chunk EXIF", "chunk XMP"]
    moving = pictures.encode(
        pictures.scene(), "WEBP", save_all=True, append_images=[pictures.scene().rotate(90)], duration=50
    )
    assert metadata(moving) == ["chunk ANIM", "chunk ANMF", "chunk ANMF"]


def test_webp_behind_the_end_and_cut():
    data = pictures.encode(pictures.scene(), "WEBP")
    assert metadata(data + b"abc") == ["3 bytes after the end"]
    assert metadata(data[:-4])[-1] == "damaged"
    assert metadata(data[:4] + struct.pack("<I", len(data) + 92) + data[8:])[-1] == "damaged"


def test_what_is_neither_is_never_clean():
    for data in (b"", b"GIF89a", b"RIFF", pictures.encode(pictures.scene(), "PNG")):
        assert metadata(data) == ["not a JPEG or WebP"]
        assert shape(data) is None
