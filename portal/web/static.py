"""Static files: read into memory at start, served under an address that changes with their content.

Not a static-file server: only what lay in the folders of the core and the plugins at start can be asked for.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from litestar import Request, Response, get
from litestar.params import FromPath

from portal.errors import NotVisible
from portal.kinds import Access

HERE = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("image/svg+xml", ".svg")
mimetypes.add_type("application/manifest+json", ".webmanifest")


@dataclass(frozen=True, slots=True)
class File:
    body: bytes
    packed: bytes  # the same with gzip, empty where that would not help
    media_type: str
    address: str


_files: dict[str, File] = {}
_stamp = ""


def load(folders: dict[str, Path]) -> None:
    """Reads all files. `folders` maps a prefix ('' for the core, a plugin's name else) to a folder."""
    global _stamp
    bodies: dict[str, bytes] = {}
    for prefix, folder in folders.items():
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if path.is_file() and not path.name.startswith("."):
                name = f"{prefix}/{path.relative_to(folder).as_posix()}".lstrip("/")
                bodies[name] = path.read_bytes()
    # One stamp for all, so that modules can import each other by relative addresses.
    _stamp = hashlib.sha256(repr(sorted(bodies.items())).encode()).hexdigest()[:12]
    _files.clear()
    for name, body in bodies.items():
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        packed = gzip.compress(body, mtime=0)
        packed = packed if len(packed) < len(body) * 0.9 else b""
        _files[name] = File(body, packed, media_type, f"/static/{_stamp}/{name}")


def address(name: str) -> str:
    """The address of a file such as `css/app.css`. Raises KeyError for one that does not exist."""
    return _files[name].address


@get("/static/{stamp:str}/{name:path}", access=Access.PUBLIC)
async def static_file(request: Request, stamp: FromPath[str], name: FromPath[str]) -> Response[bytes]:  # type: ignore[type-arg]
    """A file of the portal itself; never one of a person."""
    file = _files.get(name.lstrip("/"))
    if file is None:
        raise NotVisible
    headers = {"Cache-Control": FOREVER if stamp == _stamp else "no-cache", "Vary": "Accept-Encoding"}
    # Only these files: compressing a page that holds both a secret and what a stranger sent can give the secret away.
    if file.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, media_type=file.media_type, headers=headers | {"Content-Encoding": "gzip"})
    return Response(file.body, media_type=file.media_type, headers=headers)
