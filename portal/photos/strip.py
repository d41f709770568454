"""The photo worker: one process, one photo, pixels in and pixels out.

Run by path (``python -I strip.py FORMAT``) by :mod:`portal.photos.intake`, never imported for its work by
the portal itself. It reads one photo from standard input, decodes it, writes every rendition anew and
answers on standard output. Before the first byte of the photo is looked at, the process gives up everything
that it will not need:

* memory (``RLIMIT_AS``), processor time (``RLIMIT_CPU``), file sizes (``RLIMIT_FSIZE`` 0), core dumps;
* descriptors: ``RLIMIT_NOFILE`` 0 means that no file, no folder, no pipe and no socket can be opened any
  more, so a decoder that has been taken over can reach neither the network nor a key;
* on Linux further by seccomp: no other programs, no look into other processes, no signals to them.

A process for each photo rather than a pool: starting costs about 0.05 s, and nothing that one photo did to
its decoder can touch the next one.

Which damage is refused
-----------------------
A photo is refused as *damaged* where a viewer would show grey or torn parts:

* its data ends early, also where only the end mark is missing;
* it states another size than its data has, so that a part would be filled with grey;
* the decoder meets codes or marks in the picture data that do not belong there;
* a JPEG's missing rest was filled with zeros, which decodes without a complaint: no end mark after its start.

Small faults pass, because the picture is whole: odd values in heads, a few stray bytes between segments, anything
behind the end of the picture, EXIF that lies about sizes, a broken colour profile (the photo is then taken as
sRGB). In a JPEG every complaint of the decoder counts as damage that is not known to be harmless; libvips calls that
``fail_on="warning"``. PNG and WebP have checksums or are strict by themselves, and libpng warns of colour profiles
that half the world uses: there ``fail_on="error"``. A flipped bit in JPEG or HEIC data often cannot be told from a
picture, and passes as well.

Output, big-endian: ``b"PIC1"``, length of the JSON (4 bytes), the JSON, then the renditions one after the
other. The reader must not trust it (:mod:`portal.photos.intake` does not).
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import platform
import re
import struct
import sys
from contextlib import suppress
from typing import Any, Final

MAGIC: Final = b"PIC1"
MAX_BYTES: Final = 25 * 1024 * 1024
"""Largest file taken in, bytes."""
MAX_PIXELS: Final = 100_000_000
"""Most pixels of a photo, width times height."""
MAX_SIDE: Final = 30_000
"""Longest side of a photo, pixels."""
SIZES: Final = (
    ("print", 2400, "jpeg"),
    ("large", 1600, "webp"),
    ("medium", 800, "webp"),
    ("small", 400, "webp"),
)
"""Renditions: name, longest side in pixels (never enlarged), format. Each is made from the one before it."""
JPEG_QUALITY: Final = 85
WEBP_QUALITY: Final = 80
WEBP_EFFORT: Final = 3  # 4 is 3 % smaller and costs a tenth more time; 2 is 6 % larger

MEMORY: Final = 1 << 30
"""Address space of the worker, bytes: enough for 100 megapixels in the greediest format that is taken."""
CPU_SECONDS: Final = 20

# System calls that decoding never needs, by architecture: its code, the number of clone, and the numbers of
# socket, connect, socketpair, fork, vfork, execve, execveat, kill, tkill, rt_sigqueueinfo, ptrace, setrlimit,
# prlimit64, process_vm_readv, process_vm_writev, bpf and io_uring_setup.
_DENIED: Final = {
    "x86_64": (0xC000003E, 56, (41, 42, 53, 57, 58, 59, 62, 101, 129, 160, 200, 302, 310, 311, 321, 322, 425)),
    "aarch64": (0xC00000B7, 220, (117, 129, 130, 138, 164, 198, 199, 203, 221, 261, 270, 271, 280, 281, 425)),
}


class Refused(Exception):
    """This photo is not taken; the argument is the machine code of the reason."""


def _limit() -> None:
    """Limits that hold from the start, before libraries are loaded."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))  # first SIGXCPU, which says why
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    with suppress(OSError):
        os.nice(5)  # pages come before uploads
        with open("/proc/self/oom_score_adj", "w") as file:  # not a regular file, so its size limit is none
            file.write("1000")  # if memory runs out, this process goes first


def _filter(arch: int, clone: int, denied: tuple[int, ...]) -> bytes:
    """A seccomp program (classic BPF over ``struct seccomp_data``): everything is allowed but what is denied."""
    load, equal, at_least, any_bit, give = 0x20, 0x15, 0x35, 0x45, 0x06
    ends = {"allow": 0x7FFF0000, "deny": 0x00050001, "absent": 0x00050026}  # errors: EPERM and ENOSYS
    steps = [  # operation, operand, where to go if true, if false; "" is the next step
        (load, 4, "", ""),  # the architecture
        (equal, arch, "", "deny"),
        (load, 0, "", ""),  # the number of the call
        *((equal, number, "deny", "") for number in denied),
        (at_least, 0x40000000, "deny", ""),  # a second set of numbers for the same calls
        (equal, 435, "absent", ""),  # clone3, whose flags cannot be seen here: the C library then takes clone
        (equal, clone, "", "allow"),
        (load, 16, "", ""),  # its flags
        (any_bit, 0x00010000, "allow", "deny"),  # threads, but no processes
    ]
    names = ["", *ends]
    code = b""
    for at, (operation, operand, yes, no) in enumerate(steps):
        jumps = [names.index(where) - 1 + len(steps) - at - 1 if where else 0 for where in (yes, no)]
        code += struct.pack("=HBBI", operation, *jumps, operand)
    return code + b"".join(struct.pack("=HBBI", give, 0, 0, verdict) for verdict in ends.values())


def _seal() -> bool:
    """Give up files, sockets and other processes for good. True if the kernel took the seccomp filter, too."""
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    set_pdeathsig, set_dumpable, set_seccomp, set_no_new_privs = 1, 4, 22, 38
    libc.prctl(set_pdeathsig, 9, 0, 0, 0)
    libc.prctl(set_dumpable, 0, 0, 0, 0)
    libc.prctl(set_no_new_privs, 1, 0, 0, 0)
    if platform.machine() not in _DENIED:
        return False
    code = _filter(*_DENIED[platform.machine()])
    held = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(code) // 8, ctypes.addressof(held)))
    return bool(libc.prctl(set_seccomp, 2, program, 0, 0) == 0)


def _vips() -> Any:
    import pyvips

    pyvips.cache_set_max(0)
    # Only the loaders that are called by name below; a file can never choose its decoder.
    pyvips.operation_block_set("VipsForeignLoad", True)
    for name in ("VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp"):
        pyvips.operation_block_set(name, False)
    return pyvips


def _measure(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise Refused("damaged")
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise Refused("too_many_pixels")


def _has_end(data: bytes) -> bool:
    """Is there an end mark (EOI) behind the start of the picture data (SOS) of this JPEG (ITU-T T.81)?"""
    at, mark = 2, 0
    while at + 4 <= len(data) and data[at] == 0xFF and mark != 0xDA:
        mark = data[at + 1]
        # 0xFF before a mark is filling; every segment in a head has a length of at least 2
        at += 1 if mark == 0xFF else 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return data.find(b"\xff\xd9", at) >= 0


_HARMLESS: Final = re.compile(
    r"Invalid SOS parameters|Inconsistent progression|unknown JFIF revision|Unknown Adobe color transform"
    r"|: \d extraneous bytes before marker 0x(?!d[0-7])",
    re.IGNORECASE,
)
"""Complaints of the JPEG decoder about heads, not pictures. It reports only its first one."""
_TOO_HARD: Final = re.compile(r"(out of|insufficient) memory|too many|allocat", re.IGNORECASE)
"""What decoders say when they stop at a limit rather than at damage."""


def _open(pyvips: Any, form: str, data: bytes, found: dict[str, int], fail_on: str) -> Any:
    """The photo as a lazy picture; ``found`` learns its size after orientation before anything is decoded."""
    options: dict[str, Any] = {"access": "sequential", "fail_on": fail_on}
    if form == "heic":
        return _open_heic(pyvips, data, found)
    load = {
        "jpeg": pyvips.Image.jpegload_buffer,
        "png": pyvips.Image.pngload_buffer,
        "webp": pyvips.Image.webpload_buffer,
    }[form]
    picture = load(data, **options)
    width, height = picture.width, picture.height
    turned = picture.get_typeof("orientation") and picture.get("orientation") in (5, 6, 7, 8)
    found["width"], found["height"] = (height, width) if turned else (width, height)
    _measure(width, height)
    if form == "jpeg":
        if not _has_end(data):
            raise Refused("damaged")
        shrink = max((n for n in (1, 2, 4, 8) if max(width, height) // n >= SIZES[0][1]), default=1)
        if shrink > 1:  # the JPEG decoder makes the picture smaller almost for nothing
            picture = load(data, shrink=shrink, **options)
    elif form == "webp" and max(width, height) > 2 * SIZES[0][1]:  # whole, a large one takes 12 bytes for each pixel
        picture = load(data, scale=2 * SIZES[0][1] / max(width, height), **options)
    return picture


def _open_heic(pyvips: Any, data: bytes, found: dict[str, int]) -> Any:
    import pillow_heif

    try:
        photo = pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)[0]
        # libheif has applied the turns of the container (irot, imir); EXIF turns nothing in HEIF
        found["width"], found["height"] = photo.size
    except MemoryError:
        raise
    except Exception as error:  # the library raises what its C part thinks fit
        raise Refused("damaged") from error
    _measure(*photo.size)
    try:
        width, height = photo.size
        bands = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}[photo.mode]
        pixels, row = photo.data, photo.stride
        if row != width * bands:
            pixels = b"".join(bytes(pixels[y * row : y * row + width * bands]) for y in range(height))
    except MemoryError:
        raise
    except Exception as error:
        raise Refused("damaged") from error
    found["width"], found["height"] = photo.size
    kind = "b-w" if bands < 3 else "srgb"
    picture = pyvips.Image.new_from_memory(pixels, width, height, bands, "uchar").copy(interpretation=kind)
    info: dict[str, Any] = photo.info
    if info.get("icc_profile"):
        picture.set_type(pyvips.GValue.blob_type, "icc-profile-data", info["icc_profile"])
    elif (info.get("nclx_profile") or {}).get("color_primaries") == 12:  # SMPTE EG 432-1, "Display P3"
        picture = picture.icc_transform("srgb", input_profile="p3")
    return picture


def _to_srgb(pyvips: Any, picture: Any) -> Any:
    if picture.get_typeof("icc-profile-data"):
        # If the profile is broken, or one for other channels: read the numbers as they are.
        with suppress(pyvips.Error):
            picture = picture.icc_transform("srgb", embedded=True, intent="relative")
    if picture.interpretation != "srgb" or picture.format != "uchar":
        picture = picture.colourspace("srgb").cast("uchar")
    return picture


def _smaller(picture: Any, side: int) -> Any:
    longest = max(picture.width, picture.height)
    if longest <= side:
        return picture
    across, down = (max(1, round(n * side / longest)) for n in (picture.width, picture.height))
    return picture.resize(across / picture.width, vscale=down / picture.height)


def _decode(pyvips: Any, form: str, data: bytes, found: dict[str, int], fail_on: str) -> Any:
    """The photo upright, in sRGB, opaque, no larger than the largest rendition, in memory."""
    picture = _open(pyvips, form, data, found, fail_on)
    if picture.hasalpha():
        picture = picture.flatten(background=[65535 if picture.format == "ushort" else 255])
    # Turn after making it smaller: turning needs the whole picture in memory.
    return _to_srgb(pyvips, _smaller(picture, SIZES[0][1])).copy_memory().autorot().copy_memory()


def strip(pyvips: Any, form: str, data: bytes, found: dict[str, int]) -> list[tuple[str, str, int, int, bytes]]:
    """All renditions of one photo: (name, format, width, height in pixels, bytes).

    Raises :class:`Refused`, ``pyvips.Error`` or ``MemoryError``.
    """
    try:
        picture = _decode(pyvips, form, data, found, "warning" if form == "jpeg" else "error")
    except pyvips.Error as error:
        if form != "jpeg" or not _HARMLESS.search(str(error)):
            raise
        picture = _decode(pyvips, form, data, found, "error")
    made = []
    for name, side, written in SIZES:
        picture = _smaller(picture, side).copy_memory()
        if written == "jpeg":
            out = picture.jpegsave_buffer(Q=JPEG_QUALITY, keep="none")
        else:
            out = picture.webpsave_buffer(Q=WEBP_QUALITY, effort=WEBP_EFFORT, keep="none")
        made.append((name, written, picture.width, picture.height, bytes(out)))
    return made


def _answer(head: dict[str, Any], blobs: list[bytes]) -> None:
    text = json.dumps(head).encode()
    sys.stdout.buffer.write(MAGIC + struct.pack(">I", len(text)) + text)
    for blob in blobs:
        sys.stdout.buffer.write(blob)
    sys.stdout.buffer.flush()


def main() -> int:
    """Read, strip, answer. Exit status 0 with an answer of either kind; anything else is a worker that
    died.
    """
    form = sys.argv[1]
    _limit()
    pyvips = _vips()
    if form == "heic":
        import pillow_heif  # now, because after this no file can be opened any more

        pillow_heif.options.DECODE_THREADS = 1
    _seal()
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    found: dict[str, int] = {}
    try:
        made = strip(pyvips, form, data, found)
    except Refused as refused:
        _answer({"refused": str(refused), **found}, [])
    except MemoryError:
        _answer({"refused": "too_hard", **found}, [])
    except pyvips.Error as error:
        _answer({"refused": "too_hard" if _TOO_HARD.search(str(error)) else "damaged", **found}, [])
    else:
        heads = [[name, written, width, height, len(blob)] for name, written, width, height, blob in made]
        _answer({"renditions": heads, **found}, [blob for *_, blob in made])
    return 0


if __name__ == "__main__":
    sys.exit(main())
