"""The gradebook service: the token, its pages, what changed since; and services that are not as they should be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gradeservice import GradeService, a_result, line_item, serving
from portal_grades import importing, rest
from portal_grades.importing_problems import Problems

from portal.sdk import Unreachable, clock, db
from portal.testing import Browser, TestSchool

HOUR = clock.HOUR


@pytest.fixture
def service() -> Iterator[GradeService]:
    with serving() as found:
        found.records["categories"] = [
            {"sourcedId": "c1", "status": "active", "dateLastModified": "2026-11-01T10:00:00.000Z", "title": "Tests"}
        ]
        found.records["scoreScales"] = [
            {"sourcedId": "s1", "status": "active", "dateLastModified": "2026-11-01T10:00:00.000Z", "title": "Letters",
             "type": "x",
             "scoreScaleValue": [{"itemValueLHS": "A", "itemValueRHS": "90-100"}]}
        ]  # fmt: skip
        found.records["lineItems"] = [line_item("i1", scoreScale={"sourcedId": "s1"}), line_item("i2"), line_item("i3")]
        found.records["results"] = [
            a_result(f"r{n}", item, student, n) for n, (item, student) in enumerate(
                [("i1", "mia"), ("i1", "lea"), ("i2", "mia"), ("i2", "lea"), ("i3", "mia")]
            )
        ]  # fmt: skip
        yield found


async def chosen(school: TestSchool, service: GradeService, **changed: str) -> None:
    fields = {
        "service": service.address, "service_token": f"{service.address}/token", "service_client": service.client,
        "service_secret": service.secret, "service_version": "1.2", "service_nightly": "yes", "release_imported": "yes",
        "alerts": "weekly", **changed,
    }  # fmt: skip
    answer = await (await school.browser("admin")).post("/office/plugins/grades/settings", fields)
    assert answer.status_code == 303, answer.text


async def fetched(school: TestSchool, **fields: str) -> tuple[Browser, str]:
    browser = await school.browser("office")
    answer = await browser.post("/grades/import/service", fields)
    assert answer.status_code == 303
    await school.work()
    return browser, str(answer.headers["location"])


async def results() -> dict[str, int | None]:
    return dict(await db.rows("SELECT sourced_id, score FROM grades_result"))


def client(service: GradeService, **changed: str) -> rest.Service:
    return rest.Service(
        service.address, f"{service.address}/token", service.client, changed.get("secret", service.secret)
    )


async def taken(service: GradeService, since: int | None = None) -> dict[str, list[str]]:
    """Identifiers of what is fetched, by file."""

    async def told(_count: int) -> None:
        """Nobody waits."""

    found = await rest.fetch(client(service), since, Problems(), told)
    return {file.name: [line.split(",")[0] for line in file.data.decode().splitlines()[1:]] for file in found}


@pytest.mark.parametrize(("links", "totals"), [(True, True), (False, True), (False, False), (True, False)])
async def test_every_page_is_fetched_once(service: GradeService, links: bool, totals: bool) -> None:
    service.links, service.totals = links, totals
    found = await taken(service)
    assert found["results.csv"] == ["r0", "r1", "r2", "r3", "r4"]
    assert found["lineItems.csv"] == ["i1", "i2", "i3"]
    assert len(service.tokens) == 1


async def test_only_what_changed_since_is_asked_for(service: GradeService) -> None:
    service.records["results"].append(a_result("new", "i1", "ben", 3, "2026-11-20T10:00:00.000Z"))
    since = 1_795_000_000_000_000
    found = await taken(service, since)
    asked = {query["filter"] for _path, query in service.asked if "filter" in query}
    assert asked == {f"dateLastModified>'{rest.instant(since - HOUR)}'"}
    assert found["results.csv"] == ["new"]
    assert "delta" in (await rest.fetch(client(service), since, Problems(), _told))[0].data.decode()


async def _told(_count: int) -> None:
    """Nobody waits."""


async def test_a_token_that_ran_out_is_renewed_and_a_busy_service_waited_for(service: GradeService) -> None:
    service.expire_after, service.busy = 4, 2
    assert (await taken(service))["results.csv"] == ["r0", "r1", "r2", "r3", "r4"]


async def test_a_service_that_takes_the_secret_in_the_form_alone(service: GradeService) -> None:
    service.basic = False
    assert (await taken(service))["results.csv"]


async def test_what_a_service_does_wrong_is_a_clear_word(service: GradeService) -> None:
    with pytest.raises(rest.Declined, match="name or secret"):
        await rest.fetch(client(service, secret="wrong"), None, Problems(), _told)
    service.without = {"results"}
    with pytest.raises(rest.Declined, match="does not have a gradebook"):
        await taken(service)
    service.without, service.elsewhere = {"categories", "scoreScales"}, "http://127.0.0.1:9"
    with pytest.raises(rest.Declined, match="another machine"):
        await taken(service)
    service.elsewhere, service.says = "", b"<html>Sign in"
    with pytest.raises(Unreachable):
        await taken(service)


async def test_looked_at_first_and_then_every_day(grading: TestSchool, service: GradeService) -> None:
    await chosen(grading, service)
    browser, address = await fetched(grading)
    text = (await browser.get(address)).text
    assert "What would change" in text
    assert "Work i1" in text
    assert await results() == {}
    with clock.frozen(clock.now() + 25 * HOUR):
        await grading.work()
    assert await results() == {}  # nobody has said yes so far
    browser, address = await fetched(grading)
    assert (await browser.post(f"{address}/confirm", {"release": "now"})).status_code == 303
    assert await results() == {"r0": 0, "r1": 1000, "r2": 2000, "r3": 3000, "r4": 4000}
    assert await db.value("SELECT COUNT(*) FROM grades_result WHERE late") == 5
    assert await db.value("SELECT steps FROM grades_scale") == '[["A", "90-100"]]'

    later = clock.now() + 50 * HOUR
    changed = rest.instant(later)
    service.records["results"][0] = a_result("r0", "i1", "mia", 9, changed)
    service.records["results"][1] = a_result("r1", "i1", "lea", 1, changed, status="tobedeleted")
    service.records["results"].append(a_result("r9", "i1", "teacher", 3, changed))
    service.asked.clear()
    with clock.frozen(later + HOUR):
        await grading.work()
    assert "r9" not in await results()  # an adult has none
    assert all("filter" in query for _path, query in service.asked)
    assert (await results())["r0"] == 9000
    assert (await results()).get("r1") is None


async def test_a_service_that_fails_is_told_and_nothing_is_lost(grading: TestSchool, service: GradeService) -> None:
    await chosen(grading, service, service_secret="wrong")
    browser, address = await fetched(grading)
    assert "does not accept the client" in (await browser.get(address)).text
    assert "The last time went wrong" in (await browser.get("/grades/import")).text
    await chosen(grading, service)
    browser, address = await fetched(grading)
    assert "What would change" in (await browser.get(address)).text
    service.shutdown()
    service.server_close()
    browser, address = await fetched(grading)
    assert "could not be reached" in (await browser.get(address)).text


async def test_without_a_service_there_is_nothing_to_fetch(grading: TestSchool) -> None:
    browser = await grading.browser("office")
    assert "Fetch now" not in (await browser.get("/grades/import")).text
    answer = await browser.post("/grades/import/service")
    assert answer.headers["location"] == "/grades/import"
    assert await importing.recent(grading.viewer("office")) == []
