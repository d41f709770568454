"""Static files: found by their address, packed for those who can unpack, and nothing beside them."""

from __future__ import annotations

from portal.testing import TestSchool
from portal.web import static


async def test_a_file_comes_whole_or_packed(sqlite_school: TestSchool) -> None:
    visitor = await sqlite_school.browser()
    path = static.address("css/app.css")
    plain = await visitor.http.get(path, headers={"Accept-Encoding": "identity"})
    packed = await visitor.http.get(path, headers={"Accept-Encoding": "gzip"})
    assert plain.content == packed.content == (static.HERE / "css/app.css").read_bytes()
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert "immutable" in plain.headers["cache-control"]


async def test_an_old_stamp_is_not_kept_and_nothing_else_is_reached(sqlite_school: TestSchool) -> None:
    visitor = await sqlite_school.browser()
    assert (await visitor.get("/static/older/css/app.css")).headers["cache-control"] == "no-cache"
    for path in ("/static/x/../gate.py", "/static/x/..%2fgate.py", "/static/x/css/none.css", "/static/x//etc/passwd"):
        assert (await visitor.get(path)).status_code == 404
