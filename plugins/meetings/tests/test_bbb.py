"""BigBlueButton, asked over HTTP: calls that it accepts, links for each person, and answers that are none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import bbb_server
import httpx
import pytest
from bbb_server import SECRET, BigBlueButton, bigbluebutton
from portal_meetings import bbb

from portal.sdk import PortalError, Unreachable

ROOM = "0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e"
NAMES = ("Maria Müller-O'Neill & Söhne + 50% = #1?", "ليلى حسن", "Олена Шевченко", "a/b;c:d@e,f*g~h(i)!", "x" * 300)


@pytest.fixture
def there() -> Iterator[BigBlueButton]:
    with bigbluebutton() as running:
        yield running


def server(there: BigBlueButton, **other: Any) -> bbb.Server:
    return bbb.Server(**({"address": f"{there.address}/bigbluebutton", "secret": SECRET} | other))


def follow(url: str) -> httpx.Response:
    """What a browser gets there."""
    return httpx.get(url, trust_env=False, verify=False, follow_redirects=False)


async def opened(there: BigBlueButton, **other: Any) -> str:
    return await bbb.create(server(there), ROOM, **({"name": "Evening", "minutes": 20, "recorded": False} | other))


def test_a_checksum_as_the_documentation_has_it() -> None:
    """Of the call, the query and the secret, written one after the other."""
    made = bbb.Server("https://bbb.example/bigbluebutton/", SECRET, "sha1")
    address = bbb.signed(made, "create", name="Test Meeting", meetingID="abc123")
    query = "name=Test%20Meeting&meetingID=abc123"
    told = hashlib.sha1(f"create{query}{SECRET}".encode()).hexdigest()
    assert address == f"https://bbb.example/bigbluebutton/api/create?{query}&checksum={told}"
    assert bbb.signed(made, "getMeetings").startswith("https://bbb.example/bigbluebutton/api/getMeetings?checksum=")


TYPED = ("", "/", "/bigbluebutton", "/bigbluebutton/", "/bigbluebutton/api", "/bigbluebutton/api/")


@pytest.mark.parametrize("typed", TYPED)
async def test_its_address_as_administrators_paste_it(there: BigBlueButton, typed: str) -> None:
    said = await bbb.works(server(there, address=there.address + typed))
    assert said == "BigBlueButton answers, and the secret is right."


@pytest.mark.parametrize("name", NAMES)
async def test_any_name_comes_through(there: BigBlueButton, name: str) -> None:
    run = await opened(there, name=name)
    link = bbb.join_address(server(there), ROOM, name, run, host=False)
    assert link.isascii()
    assert follow(link).status_code == 302
    assert there.meetings[ROOM].given["name"] == name[:60] == there.meetings[ROOM].people[0][0]


async def test_a_meeting_from_beginning_to_end(there: BigBlueButton) -> None:
    made = server(there)
    assert await bbb.info(made, ROOM) is None
    assert not await bbb.is_running(made, ROOM)
    run = await opened(there)
    assert await opened(there) == run, "who comes second finds it open"
    assert not await bbb.is_running(made, ROOM)
    for name, host in (("Teacher", True), ("Parent", False)):
        assert "sessionToken" in follow(bbb.join_address(made, ROOM, name, run, host=host)).headers["location"]
    assert there.meetings[ROOM].people == [("Teacher", "MODERATOR"), ("Parent", "VIEWER")]
    assert await bbb.is_running(made, ROOM)
    assert await bbb.info(made, ROOM) == bbb.Info(running=True, recorded=False, created=run)
    await bbb.end(made, ROOM)
    await bbb.end(made, ROOM)  # nothing happens twice
    assert not await bbb.is_running(made, ROOM)


async def test_an_old_link_does_not_open_the_next_run(there: BigBlueButton) -> None:
    made = server(there)
    old = bbb.join_address(made, ROOM, "Parent", await opened(there), host=False)
    assert follow(old).status_code == 302
    await bbb.end(made, ROOM)
    await opened(there)
    assert "mismatchCreateTimeParam" in follow(old).text


async def test_nobody_makes_a_host_of_himself(there: BigBlueButton) -> None:
    link = bbb.join_address(server(there), ROOM, "Parent", await opened(there), host=False)
    assert follow(link).status_code == 302
    for other in (
        link.replace("VIEWER", "MODERATOR"), link.replace("fullName=Parent", "fullName=Teacher"),
        link.replace(ROOM, ROOM[::-1]), link.partition("&checksum")[0],
    ):  # fmt: skip
        assert "checksumError" in follow(other).text
    host, guest = bbb.passwords(server(there), ROOM)
    assert host != guest
    assert host not in link
    assert bbb.passwords(server(there), ROOM[::-1]) != (host, guest)
    assert SECRET not in link


async def test_the_server_learns_no_number_of_a_person(there: BigBlueButton) -> None:
    """But knows the same one again in the same room, so that a link that was passed on does not make two of them."""
    made, run = server(there), await opened(there, name="x")  # too short a name for it
    ids = [
        httpx.URL(bbb.join_address(made, room, "Parent", run, host=False, person=person)).params["userID"]
        for room, person in ((ROOM, 251719944465966776), (ROOM, 251719944465966776), (ROOM[::-1], 251719944465966776),
                             (ROOM, 7))
    ]  # fmt: skip
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert not any("251719944465966776" in one for one in ids)


async def test_it_is_recorded_only_if_it_was_opened_so(there: BigBlueButton) -> None:
    await opened(there, recorded=True)
    given = there.meetings[ROOM].given
    assert (given["record"], given["allowStartStopRecording"], given["autoStartRecording"]) == ("true", "true", "false")
    assert (await bbb.info(server(there), ROOM)).recorded  # type: ignore[union-attr]
    await bbb.end(server(there), ROOM)
    await opened(there)
    given = there.meetings[ROOM].given
    assert {given[n] for n in ("record", "allowStartStopRecording", "autoStartRecording")} == {"false"}
    assert not (await bbb.info(server(there), ROOM)).recorded  # type: ignore[union-attr]


async def test_an_older_server_knows_sha_1_alone() -> None:
    with bigbluebutton(supported=("sha1",)) as old:
        with pytest.raises(bbb.Failed) as failed:
            await bbb.works(server(old))
        assert failed.value.key == "checksumError"
        assert await bbb.works(server(old, algorithm="sha1"))


async def test_another_secret(there: BigBlueButton) -> None:
    with pytest.raises(bbb.Failed) as failed:
        await bbb.works(server(there, secret="another"))
    assert "shared secret" in str(failed.value)
    assert there.calls == []


async def test_a_room_that_is_taken(there: BigBlueButton) -> None:
    await opened(there)
    there.meetings[ROOM].given["moderatorPW"] = "somebody else's"
    with pytest.raises(bbb.Failed) as failed:
        await opened(there)
    assert failed.value.key == "idNotUnique"


ANSWERS = ("page", "broken", "nothing", "nonsense", "other_xml", "half", "bomb", "thief", "elsewhere")


@pytest.mark.parametrize("answer", ANSWERS)
async def test_answers_that_are_none(there: BigBlueButton, answer: str) -> None:
    there.instead = getattr(bbb_server, answer)
    with pytest.raises(bbb.Failed) as failed:
        await bbb.info(server(there), ROOM)
    assert str(failed.value) == bbb.NOT_AS_BBB


async def test_a_failure_that_nobody_knows(there: BigBlueButton) -> None:
    text = b"<response><returncode>FAILED</returncode><messageKey>&lt;b&gt;odd %s</messageKey></response>"
    there.instead = lambda handler: bbb_server.send(handler, 200, text)
    with pytest.raises(bbb.Failed) as failed:
        await opened(there)
    assert str(failed.value) == "BigBlueButton refused: bodds. Please try again, or tell the office."


async def test_slow_large_or_down(there: BigBlueButton, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bbb, "TIMEOUT_S", 0.3)
    for answer, kind in (("slow", "slow"), ("huge", "large")):
        there.instead = getattr(bbb_server, answer)
        with pytest.raises(Unreachable) as failed:
            await bbb.works(server(there))
        assert failed.value.kind == kind
    with pytest.raises(PortalError) as down:
        await bbb.works(server(there, address="http://127.0.0.1:9"))
    assert SECRET not in str(down.value)
