"""Files that are cut, lie or mean harm get a verdict: no hang, no exception, no worker that outlives them."""

import random
import struct
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from PIL import Image

from portal.photos import intake as module
from portal.photos import strip
from portal.photos.intake import judge

from . import pictures
from .test_intake import code


@pytest.fixture(autouse=True)
def no_worker_remains():
    yield
    assert psutil.Process().children(recursive=True) == []


# --- damage


def photo(**options: object) -> bytes:
    return pictures.encode(pictures.noise(80, 64), quality=85, **options)


JPEGS = {"baseline": {}, "progressive": {"progressive": True}, "restarts": {"restart_marker_rows": 1}}


@pytest.mark.parametrize("options", JPEGS.values(), ids=JPEGS)
@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (lambda d: d, None),
        (lambda d: d[: len(d) // 2], "damaged"),
        (lambda d: d[:-20], "damaged"),
        (lambda d: d[:-2], "damaged"),
        (lambda d: d[:30], "damaged"),
        (lambda d: d[: len(d) // 2] + bytes(len(d) // 2), "damaged"),
        (lambda d: pictures.jpeg_stating(d, 80, 640), "damaged"),
        (lambda d: pictures.jpeg_stating(d, 800, 64), "damaged"),
        (lambda d: pictures.jpeg_stating(d, 0, 64), "damaged"),
        (lambda d: pictures.jpeg_stating(d, 65500, 65500), "too_many_pixels"),
        (lambda d: d + b"behind the end" * 50, None),
        (lambda d: d[:-2] + bytes(5) + d[-2:], None),
        (lambda d: d[:11] + b"\x09\x09" + d[13:], None),  # a JFIF version that does not exist
    ],
    ids=[
        "whole", "half", "20 bytes less", "no end", "head", "filled with zeros", "too high", "too wide", "no width",
        "enormous", "trailing bytes", "stray bytes", "odd version",
    ],
)  # fmt: skip
def test_jpeg_damage(options, harm, expected):
    assert code(judge(harm(photo(**options)))) == expected


@pytest.mark.parametrize("form", ["PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("part", [0.03, 0.5, 0.9])
def test_other_formats_cut(form, part):
    data = pictures.encode(pictures.noise(80, 64), form)
    assert code(judge(data)) is None
    assert code(judge(data[: int(len(data) * part)])) == "damaged"


def test_other_formats_that_lie_about_their_size():
    webp = pictures.encode(pictures.noise(80, 64), "WEBP", quality=80)
    at = webp.find(b"\x9d\x01\x2a") + 3
    heic = pictures.encode(pictures.noise(80, 64), "HEIF")
    cases = {
        webp[:at] + struct.pack("<HH", 16383, 6000) + webp[at + 4 :]: {"damaged"},
        webp[:at] + struct.pack("<HH", 16383, 16383) + webp[at + 4 :]: {"too_many_pixels", "too_hard"},
        webp[:4] + b"\xff\xff\xff\xff" + webp[8:]: {"damaged"},
        pictures.heic_stating(heic, 60000, 60000): {"too_many_pixels", "damaged"},
        pictures.heic_stating(heic, 16, 16): {"damaged"},
        pictures.heic_stating(heic, 0, 0): {"damaged"},
        pictures.png(80, 64, pictures.zeros(500)): {"damaged"},
        pictures.png(0, 64, pictures.zeros(500)): {"damaged"},
        pictures.png(2**31 - 1, 2**31 - 1, pictures.zeros(500)): {"damaged", "too_many_pixels"},
    }
    for data, expected in cases.items():
        assert code(judge(data)) in expected


# --- bombs


def test_pixel_limits():
    side = 10_000
    for width, height, expected in (
        (side, side, None),
        (side, side + 1, "too_many_pixels"),
        (strip.MAX_SIDE, 2, None),
        (strip.MAX_SIDE + 1, 2, "too_many_pixels"),
    ):
        verdict = judge(pictures.png(width, height, pictures.zeros((width + 7) // 8 * height + height), b"", 1, 0))
        assert code(verdict) == expected
        assert (verdict.width, verdict.height) == (width, height)


@pytest.mark.parametrize(
    "make",
    [
        lambda: pictures.png(10, 10, pictures.zeros(200_000_000)),
        lambda: pictures.png(
            10, 10, pictures.zeros(310), pictures.chunk(b"iCCP", b"x\0\0" + pictures.zeros(2 * 10**8))
        ),
        lambda: pictures.png(
            10, 10, pictures.zeros(310), pictures.chunk(b"zTXt", b"x\0\0" + pictures.zeros(10**8)) * 9
        ),
        lambda: pictures.png(10, 10, pictures.zeros(310), pictures.chunk(b"tEXt", b"x\0y") * 100_000),
        lambda: pictures.png(30_000, 3_333, pictures.zeros(99_990 * 1000 * 8), b"", 16, 6),
        lambda: pictures.many_scans(20_000),
    ],
    ids=["data", "profile", "text", "many texts", "64 bits a pixel", "scans"],
)
def test_bombs_are_judged_soon(make):
    data = make()
    started = time.monotonic()
    code(judge(data))
    assert time.monotonic() - started < 60


# --- workers that die, hang or babble


def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    script = tmp_path / "worker.py"
    script.write_text(body)
    monkeypatch.setattr(strip, "__file__", str(script))


GOOD = "b'PIC1' + (2).to_bytes(4, 'big') + b'{}'"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("import os; os.abort()", "failed"),
        ("import sys; sys.stdin.buffer.read(); sys.exit(3)", "failed"),
        ("", "failed"),
        ("import os; os.kill(os.getpid(), 11)", "failed"),
        ("import time; time.sleep(99)", "too_hard"),
        ("while True: pass", "too_hard"),
        ("import sys\nwhile True: sys.stdout.buffer.write(bytes(1 << 20))", "too_hard"),
        ("import sys; sys.stdin.buffer.read()\nwhile True: sys.stdout.buffer.write(bytes(1 << 20))", "failed"),
        (f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write({GOOD})", "failed"),
        ("import sys; sys.stdout.buffer.write(b'PIC1' + (99).to_bytes(4, 'big') + b'[' * 99)", "failed"),
        ("import sys; sys.stdout.buffer.write(b'PIC1' + (4).to_bytes(4, 'big') + b'null')", "failed"),
        ("import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass", "too_hard"),
    ],
)
def test_a_worker_that_fails_is_a_verdict(tmp_path, monkeypatch, body, expected):
    if "CPU" not in body:
        monkeypatch.setattr(module, "WALL_SECONDS", 0.7)
    worker(tmp_path, monkeypatch, body)
    started = time.monotonic()
    assert code(judge(pictures.encode(pictures.scene()).ljust(300_000, b"\0"))) == expected
    assert time.monotonic() - started < 30


def test_a_reason_that_a_worker_invents_is_not_repeated(tmp_path, monkeypatch):
    for said, expected in (("damaged", "damaged"), ("<b>x", "failed")):
        head = f'{{"refused": "{said}", "width": "7", "height": -1}}'.encode()
        body = f"import sys; sys.stdout.buffer.write(b'PIC1' + ({len(head)}).to_bytes(4, 'big') + {head!r})"
        worker(tmp_path, monkeypatch, body)
        verdict = judge(pictures.encode(pictures.scene()))
        assert code(verdict) == expected
        assert (verdict.width, verdict.height) == (None, None)


def test_no_python_at_all(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    assert code(judge(pictures.encode(pictures.scene()))) == "failed"


# --- what a worker can still do once it looks at the photo

INSIDE = """
import ctypes, json, mmap, os, resource, socket, subprocess, sys
sys.path.insert(0, {folder!r})
import importlib.util
spec = importlib.util.spec_from_file_location("worker", {file!r})
strip = importlib.util.module_from_spec(spec)
spec.loader.exec_module(strip)
def can(what):
    try:
        what()
    except Exception as error:
        return type(error).__name__
    return "yes"
tries = {{
    "read": lambda: open("/etc/hostname"),
    "write": lambda: open({folder!r} + "/new", "w"),
    "socket": lambda: socket.socket(),
    "pipe": lambda: os.pipe(),
    "reuse": lambda: (os.close(0), os.open("/etc/hostname", os.O_RDONLY)),
    "program": lambda: os.execv("/bin/true", ["true"]),
    "fork": lambda: os._exit(0) if os.fork() == 0 else None,
    "signal": lambda: os.kill(os.getppid(), 0),
    "memory": lambda: mmap.mmap(-1, 2 << 30),
    "more files": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
}}
if {limited}:
    strip._limit()
    strip._seal()
    tries.pop("fork") if not {seccomp} else None
sys.stdout.write(json.dumps({{name: can(what) for name, what in tries.items() if {limited} or name != "program"}}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's filter is Linux's")
def test_what_a_worker_gives_up(tmp_path):
    import json
    import platform

    seccomp = platform.machine() in strip._DENIED
    found = {}
    for limited in (True, False):
        body = INSIDE.format(folder=str(tmp_path), file=strip.__file__, limited=limited, seccomp=seccomp)
        ran = subprocess.run([sys.executable, "-c", body], capture_output=True, text=True, timeout=30, check=True)
        found[limited] = json.loads(ran.stdout)
    assert {name for name, can in found[True].items() if can == "yes"} == set()
    assert {can for name, can in found[False].items()} == {"yes"}  # the same tries succeed without the limits


# --- anything at all


def mutants(count: int) -> list[bytes]:
    dice = random.Random(20261121)
    seeds = [
        pictures.laden("JPEG", 6),
        photo(progressive=True),
        pictures.laden("PNG"),
        pictures.laden("WEBP"),
        pictures.encode(pictures.noise(40, 40), "WEBP", lossless=True),
        pictures.laden("HEIF"),
        pictures.encode(Image.new("RGBA", (20, 20), (1, 2, 3, 90)), "WEBP"),
        pictures.encode(pictures.scene(mode="P"), "PNG"),
    ]
    made = []
    for number in range(count):
        data = bytearray(seeds[number % len(seeds)])
        for _ in range(dice.choice((1, 2, 8, 60))):
            at = dice.randrange(12, len(data))
            match dice.randrange(5):
                case 0:
                    data[at] ^= 1 << dice.randrange(8)
                case 1:
                    data[at : at + 4] = dice.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\0\0\0\1"))
                case 2:
                    del data[at : at + dice.randrange(1, 40)]
                case 3:
                    data[at:at] = dice.randbytes(dice.randrange(1, 40))
                case 4:
                    other = dice.choice(seeds)
                    cut = dice.randrange(len(other))
                    data[at : at + 30] = other[cut : cut + 30]
            if len(data) < 40:
                break
        made.append(bytes(data))
    return made


def test_two_hundred_mutants_are_judged():
    verdicts = [code(judge(data)) for data in mutants(208)]
    assert len(verdicts) == 208
    assert verdicts.count(None) > 10  # some harm is none, so both ways were walked
    assert verdicts.count("damaged") > 50


# --- photos from outside


@pytest.mark.skipif(not pictures.SHARED.is_dir(), reason="the shared photos are not here")
class TestSharedPhotos:
    def test_positions_are_gone(self):
        for path in sorted((pictures.SHARED / "gps").glob("*.jpg")):
            assert Image.open(path).getexif().get_ifd(0x8825)
            assert code(judge(path)) is None

    def test_orientations_agree(self):
        for path in sorted((pictures.SHARED / "orientation").glob("*.jpg")):
            verdict = judge(path)
            assert code(verdict) is None
            wide = verdict.width > verdict.height
            assert wide == path.name.startswith("landscape")

    def test_phones(self):
        sizes = {path.name: judge(path) for path in (pictures.SHARED / "phone").iterdir()}
        assert {name: (v.format_in, v.width, v.height, code(v)) for name, v in sizes.items()} == {
            "iphone_13_pro_max.heic": ("heic", 3024, 4032, None),
            "iphone_hdr.jpg": ("jpeg", 3264, 2448, None),
            "nokia_8.3.jpg": ("jpeg", 4608, 1976, None),
        }

    def test_broken(self):
        """One has torn picture data; the others lie in their EXIF only, and their pictures are whole."""
        codes = {path.name: code(judge(path)) for path in (pictures.SHARED / "broken").iterdir()}
        assert {name for name, why in codes.items() if why} == {"corrupted.jpg"}
        assert codes["corrupted.jpg"] == "damaged"
