"""Pictures made for the tests: whole, laden with metadata, cut, lying, and bombs."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pillow_heif
from PIL import Image, ImageCms, PngImagePlugin

pillow_heif.register_heif_opener()

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "photos"
GPS = {1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 3.0)}
SECRET = b"Rue de la Paix 7"


def scene(width: int = 96, height: int = 64, mode: str = "RGB") -> Image.Image:
    """Four colours, one in each corner: red, green / blue, yellow."""
    corners = Image.new("RGB", (2, 2))
    corners.putdata([(220, 30, 30), (30, 180, 30), (30, 30, 220), (230, 220, 40)])
    return corners.resize((width, height), Image.Resampling.NEAREST).convert(mode)


def noise(width: int, height: int) -> Image.Image:
    """A picture that does not become small, the same in every run."""
    import random

    return Image.frombytes("RGB", (width, height), random.Random(5).randbytes(width * height * 3))


def encode(picture: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    if form == "HEIF" and isinstance(options.get("exif"), Image.Exif):
        options["exif"] = options["exif"].tobytes()  # the encoder then also writes the turn into the container
    picture.save(out, form, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """EXIF with a position, the maker, and a text that must not survive."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = "A camera"
    tags[0x010E] = SECRET.decode()
    tags.get_ifd(0x8825).update(GPS)
    return tags


def xmp() -> bytes:
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="' + SECRET + b'"/>'
        b"</rdf:RDF></x:xmpmeta>"
    )


def icc() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def laden(form: str, orientation: int = 1) -> bytes:
    """A picture with everything that a file can carry besides pixels."""
    options: dict[str, object] = {"exif": exif(orientation), "icc_profile": icc()}
    if form == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", xmp().decode())
        return encode(scene(), form, pnginfo=text, **options)
    if form == "JPEG":
        options |= {"comment": SECRET, "quality": 92}
    return encode(scene(), form, xmp=xmp(), **options)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def zeros(count: int) -> bytes:
    """``count`` null bytes as a zlib stream, made without holding them."""
    packer = zlib.compressobj(9)
    out = [packer.compress(bytes(min(1 << 20, count - at))) for at in range(0, count, 1 << 20)]
    return b"".join(out) + packer.flush()


def png(width: int, height: int, packed: bytes, extra: bytes = b"", depth: int = 8, colour: int = 2) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def jpeg_stating(data: bytes, width: int, height: int) -> bytes:
    """The same JPEG with another size in its frame header."""
    at = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def segments(data: bytes) -> list[tuple[int, bytes]]:
    """The segments of a JPEG after its start mark, each with its mark; picture data belongs to its scan header."""
    out, at = [], 2
    while data[at + 1] != 0xD9:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == 0xDA:
            while data[end] != 0xFF or data[end + 1] == 0 or 0xD0 <= data[end + 1] <= 0xD7:
                end += 1
        out.append((data[at + 1], data[at:end]))
        at = end
    return out


def many_scans(scans: int) -> bytes:
    """A progressive JPEG that refines itself so many times."""
    parts = segments(encode(scene(), progressive=True))
    last = next(part for mark, part in reversed(parts) if mark == 0xDA)
    empty = last[: 2 + int.from_bytes(last[2:4], "big")] + b"\0\0\0"
    large = jpeg_stating(b"".join(part for _, part in parts), 8000, 8000)
    return b"\xff\xd8" + large + empty * scans + b"\xff\xd9"


def heic_stating(data: bytes, width: int, height: int) -> bytes:
    """The same HEIC with another size in its first ``ispe`` box."""
    at = data.find(b"ispe")
    return data[: at + 8] + struct.pack(">II", width, height) + data[at + 16 :]
