"""What is taken in comes out as pixels alone, upright, in sRGB, in four sizes; what is not taken is told why."""

import io
import os
import struct

import pytest
from PIL import Image, ImageCms

from portal.photos import intake as module
from portal.photos import strip
from portal.photos.intake import Intake, intake, judge
from portal.photos.metadata import metadata

from . import pictures


def code(verdict: Intake) -> str | None:
    """The reason's machine code; checks what holds of every verdict."""
    if verdict.accepted:
        assert verdict.reason is None
        assert [r.name for r in verdict.renditions] == ["small", "medium", "large", "print"]
        assert all(metadata(r.data) == [] for r in verdict.renditions)
        return None
    assert verdict.reason is not None
    assert verdict.renditions == ()
    assert str(verdict.reason)
    assert "%" not in str(verdict.reason)
    return verdict.reason.code


def opened(verdict: Intake, name: str = "print") -> Image.Image:
    assert code(verdict) is None, verdict.reason
    data = next(r.data for r in verdict.renditions if r.name == name)
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def corners(picture: Image.Image) -> list[str]:
    """The colours near the four corners, in reading order."""
    known = {"red": (220, 30, 30), "green": (30, 180, 30), "blue": (30, 30, 220), "yellow": (230, 220, 40)}
    across, down = picture.size
    spots = [(x, y) for y in (down // 4, 3 * down // 4) for x in (across // 4, 3 * across // 4)]

    def name(spot: tuple[int, int]) -> str:
        pixel = picture.convert("RGB").getpixel(spot)
        far, nearest = min((sum(abs(a - b) for a, b in zip(pixel, c, strict=True)), n) for n, c in known.items())
        return nearest if far < 60 else f"{pixel}"

    return [name(spot) for spot in spots]


UPRIGHT = ["red", "green", "blue", "yellow"]


# --- nothing but pixels


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_nothing_but_pixels_survives(form):
    data = pictures.laden(form)
    before = Image.open(io.BytesIO(data))
    assert before.getexif().get_ifd(0x8825)  # there is something to lose
    assert pictures.SECRET in data
    verdict = judge(data)
    assert corners(opened(verdict)) == UPRIGHT
    for made in verdict.renditions:
        after = Image.open(io.BytesIO(made.data))
        assert not after.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop", "mp"} & set(after.info)
        assert pictures.SECRET not in made.data


def test_a_worker_that_leaves_metadata_is_not_believed(monkeypatch):
    clean = judge(pictures.encode(pictures.scene()))
    rows = [[r.name, r.format, r.width, r.height, r.data] for r in reversed(clean.renditions)]

    def answer(rows):
        head = {"width": 96, "height": 64, "renditions": [[*r[:4], len(r[4])] for r in rows]}
        return lambda *_: (head, b"".join(r[4] for r in rows))

    monkeypatch.setattr(module, "_work", answer(rows))
    assert judge(b"\xff\xd8\xff").accepted
    for spoilt in (
        [[*rows[0][:4], pictures.laden("JPEG")], *rows[1:]],
        [*rows[:3], [*rows[3][:4], pictures.laden("WEBP")]],
        [*rows[:3], [*rows[3][:4], rows[3][4] + b"PK"]],
        [[*rows[0][:2], 95, 64, rows[0][4]], *rows[1:]],
        [["print", "webp", *rows[1][2:]], *rows[1:]],
        rows[:3],
    ):
        monkeypatch.setattr(module, "_work", answer(spoilt))
        assert code(judge(b"\xff\xd8\xff")) == "failed"


# --- upright


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(orientation, form):
    turns = {  # how a camera stores an upright scene that carries this orientation
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    stored = pictures.scene()
    for turn in turns.get(orientation, []):
        stored = stored.transpose(turn)
    verdict = judge(pictures.encode(stored, form, exif=pictures.exif(orientation)))
    assert corners(opened(verdict)) == UPRIGHT
    assert corners(opened(verdict, "small")) == UPRIGHT
    assert (verdict.width, verdict.height) == (96, 64)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation):
    verdict = judge(pictures.encode(pictures.scene(), exif=pictures.exif(orientation)))
    assert corners(opened(verdict)) == UPRIGHT


def test_exif_turns_nothing_in_heic():
    """In HEIF the container turns the picture (ISO/IEC 23008-12), and the decoder has done that already."""
    turned = pictures.encode(pictures.scene(128, 64), "HEIF", exif=pictures.exif(6))
    assert b"irot" in turned
    verdict = judge(turned.replace(b"irot", b"free"))  # a box that means nothing; EXIF still says 6
    assert (verdict.format_in, verdict.width, verdict.height) == ("heic", 128, 64)
    assert corners(opened(verdict)) == UPRIGHT


# --- sizes


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((3000, 1500), [(400, 200), (800, 400), (1600, 800), (2400, 1200)]),
        ((1000, 2000), [(200, 400), (400, 800), (800, 1600), (1000, 2000)]),
        ((300, 200), [(300, 200)] * 4),
        ((1, 1), [(1, 1)] * 4),
        ((5000, 3), [(400, 1), (800, 1), (1600, 1), (2400, 1)]),
        ((6100, 6000), [(400, 393), (800, 787), (1600, 1573), (2400, 2360)]),
    ],
)
def test_sizes_are_never_enlarged(size, expected):
    verdict = judge(pictures.encode(pictures.scene(*size), quality=80))
    assert code(verdict) is None
    assert (verdict.width, verdict.height) == size
    for made, (width, height) in zip(verdict.renditions, expected, strict=True):
        assert made.width == width
        assert abs(made.height - height) <= 1
        picture = Image.open(io.BytesIO(made.data))
        assert picture.size == (made.width, made.height)
        assert picture.format == made.format.upper() == ("JPEG" if made.name == "print" else "WEBP")


def test_a_large_webp_and_a_large_png_are_made_smaller():
    for form, options in (("WEBP", {"method": 0}), ("PNG", {"compress_level": 1})):
        verdict = judge(pictures.encode(pictures.scene(7000, 3500), form, **options))
        assert [(r.width, r.height) for r in verdict.renditions] == [(400, 200), (800, 400), (1600, 800), (2400, 1200)]
        assert corners(opened(verdict)) == UPRIGHT


# --- colour


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16"])
def test_other_pixels_become_srgb(mode):
    picture = (
        Image.new("I;16", (96, 64), 30000)
        if mode == "I;16"
        else pictures.scene().convert(mode, palette=Image.Palette.ADAPTIVE)
    )
    made = opened(judge(pictures.encode(picture, "PNG")))
    assert made.mode == "RGB"
    if mode in ("P", "RGBA"):
        assert corners(made) == UPRIGHT
    if mode == "I;16":
        assert all(abs(value - 117) <= 2 for value in made.getpixel((5, 5)))


def test_sixteen_bits_with_transparency():
    row = b"\0" + struct.pack(">HHHH", 65535, 0, 0, 65535) * 10 + struct.pack(">HHHH", 0, 0, 0, 0) * 10
    import zlib

    made = opened(judge(pictures.png(20, 20, zlib.compress(row * 20), depth=16, colour=6)))
    assert made.getpixel((2, 10))[0] > 240 > 60 > made.getpixel((2, 10))[1]
    assert min(made.getpixel((18, 10))) > 240  # white behind what is transparent


@pytest.mark.parametrize("form", ["PNG", "WEBP", "HEIF"])
def test_transparency_becomes_white(form):
    made = opened(judge(pictures.encode(Image.new("RGBA", (64, 64), (10, 20, 30, 0)), form)))
    assert min(made.getpixel((30, 30))) > 245


def test_greyscale_and_cmyk_jpeg():
    assert opened(judge(pictures.encode(Image.new("L", (50, 40), 90)))).getpixel((9, 9)) == (90, 90, 90)
    red, green, blue = opened(judge(pictures.encode(pictures.scene(mode="CMYK"), quality=95))).getpixel((20, 10))
    assert red > green + 100
    assert red > blue + 100


def test_a_colour_profile_is_used_and_then_dropped():
    """The same numbers mean another colour under another profile."""
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    swapped = pictures.icc().replace(b"rXYZ", b"tXYZ").replace(b"gXYZ", b"rXYZ").replace(b"tXYZ", b"gXYZ")
    picture = Image.new("RGB", (64, 64), (200, 40, 40))
    plain = opened(judge(pictures.encode(picture, "PNG"))).getpixel((9, 9))
    same = opened(judge(pictures.encode(picture, "PNG", icc_profile=pictures.icc()))).getpixel((9, 9))
    other = opened(judge(pictures.encode(picture, "PNG", icc_profile=swapped))).getpixel((9, 9))
    assert max(abs(a - b) for a, b in zip(plain, same, strict=True)) <= 3
    assert other[1] > other[0] + 80  # red and green are exchanged in this profile
    for broken in (wide, b"x" * 200, pictures.icc()[:300]):
        verdict = judge(pictures.encode(picture, "PNG", icc_profile=broken))
        made = opened(verdict).getpixel((9, 9))
        assert max(abs(a - b) for a, b in zip(plain, made, strict=True)) <= 3


def test_of_moving_pictures_the_first_is_taken():
    options = {"save_all": True, "append_images": [Image.new("RGB", (96, 64), "black")] * 3, "duration": 50}
    for form in ("WEBP", "PNG"):
        verdict = judge(pictures.encode(pictures.scene(), form, **options))
        assert (verdict.width, verdict.height) == (96, 64)
        assert corners(opened(verdict)) == UPRIGHT


# --- what is not taken

FOREIGN = {
    "gif": lambda: pictures.encode(pictures.scene(), "GIF"),
    "tiff": lambda: pictures.encode(pictures.scene(), "TIFF"),
    "bmp": lambda: pictures.encode(pictures.scene(), "BMP"),
    "avif": lambda: b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
    "heif": lambda: b"\0\0\0\x14ftypmif1\0\0\0\0miaf",
    "svg": lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "pdf": lambda: b"%PDF-1.7\n",
    "jp2": lambda: b"\0\0\0\x0cjP  \r\n\x87\n",
    "jxl": lambda: b"\xff\x0a\xfa\x10",
    "zip": lambda: b"PK\3\4",
    "video": lambda: b"\0\0\0\x18ftypisom\0\0\0\0",
}


@pytest.mark.parametrize("form", FOREIGN)
def test_other_formats_are_named_and_refused(form):
    verdict = judge(FOREIGN[form]())
    assert (code(verdict), verdict.format_in) == ("other_format", form)


def test_avif_that_says_mif1_first():
    assert judge(b"\0\0\0\x18ftypmif1\0\0\0\0avifmif1").format_in == "avif"
    assert judge(b"\0\0\0\x18ftypmif1\0\0\0\0heicmif1").format_in == "heic"


@pytest.mark.parametrize("data", [b"x", b"hello world " * 99, b"\0" * 5000, b"<html><svg></html>"])
def test_what_is_no_photo(data):
    verdict = judge(data)
    assert (code(verdict), verdict.format_in) == ("not_a_photo", None)


def test_the_name_says_nothing(tmp_path):
    for name, data, expected in (
        ("a.jpg", FOREIGN["pdf"](), "pdf"),
        ("b.pdf", pictures.encode(pictures.scene()), "jpeg"),
    ):
        (tmp_path / name).write_bytes(data)
        assert judge(tmp_path / name).format_in == expected


def test_size_limit(tmp_path):
    start = pictures.encode(pictures.scene())
    for source in (start.ljust(strip.MAX_BYTES, b"\0"), start.ljust(strip.MAX_BYTES + 1, b"\0")):
        path = tmp_path / "photo"
        path.write_bytes(source)
        expected = None if len(source) == strip.MAX_BYTES else "too_large"
        assert code(judge(source)) == expected
        assert code(judge(path)) == expected


def test_a_polyglot_yields_its_pixels_only():
    data = pictures.encode(pictures.scene(), comment=b"<script>alert(1)</script>") + b"PK\3\4<html>"
    verdict = judge(data)
    assert corners(opened(verdict)) == UPRIGHT
    assert all(b"script" not in r.data and b"html" not in r.data for r in verdict.renditions)


def test_things_that_are_no_files(tmp_path):
    (tmp_path / "empty").touch()
    (tmp_path / "link").symlink_to("photo")
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    assert code(judge(tmp_path / "empty")) == "empty"
    assert code(judge(b"")) == "empty"
    assert code(judge(tmp_path)) == "not_a_file"
    assert code(judge(tmp_path / "pipe")) == "not_a_file"
    assert code(judge("/dev/zero")) == "not_a_file"
    for name in ("link", "loop", "absent", "photo/under", "nul\0l"):
        assert code(judge(tmp_path / name if "\0" not in name else name)) == "unreadable"
    (tmp_path / "photo").write_bytes(pictures.encode(pictures.scene()))
    assert code(judge(tmp_path / "link")) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission(tmp_path):
    path = tmp_path / "photo"
    path.write_bytes(pictures.encode(pictures.scene()))
    path.chmod(0)
    assert code(judge(path)) == "unreadable"


async def test_the_event_loop_goes_on():
    import asyncio

    beats = 0

    async def heart() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0.005)

    task = asyncio.create_task(heart())
    verdicts = await asyncio.gather(*(intake(pictures.encode(pictures.scene())) for _ in range(4)))
    task.cancel()
    assert all(v.accepted for v in verdicts)
    assert beats > 5
