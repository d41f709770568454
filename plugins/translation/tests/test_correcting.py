"""Who says that a translation is wrong, who puts it right, and that nobody else gets as far."""

from __future__ import annotations

import pytest
from portal_translation import correcting, health
from portal_translation.correcting import Ticket
from portal_translation.signing import Signer
from wanting import MUSEO, MUSEUM, choose, needs_apertium, parts_of, read, reader, stored, translated, written

from portal.sdk import BadInput, NotVisible, Reading, db, new_id, secret
from portal.testing import TestSchool, run

pytestmark = needs_apertium
BETTER = "Queridas familias: mañana visitamos el museo. Traigan un impermeable, por favor."


def ticket(reading: Reading) -> Ticket:
    path, fields = parts_of(reading)
    return Ticket(int(path.rpartition("/")[2]), int(fields["at"]), fields["sig"])


async def bilingual(school: TestSchool, name: str = "teacher") -> None:
    await correcting.choose(school.viewer(name), off=False, reads=("en", "es"))


async def test_a_correction_wins_and_stays_until_the_original_changes(school: TestSchool) -> None:
    await school.use("translation")
    parent, teacher = await reader(school, "parent"), await reader(school, "teacher")
    (said,) = await translated(school, parent, written(MUSEUM, school.ids["mia"]))
    await correcting.report(parent.viewer, ticket(said), "“Complacer” is no word for please")
    await bilingual(school)
    (hers,) = await read(teacher, written(MUSEUM, school.ids["mia"]))
    shown = await correcting.show(teacher.viewer, ticket(hers))
    assert (shown.corrects, list(shown.notes)) == (True, ["“Complacer” is no word for please"])
    await correcting.correct(teacher.viewer, ticket(hers), BETTER, shown.seen)
    (then,) = await read(parent, written(MUSEUM, school.ids["mia"]))
    assert (then.text, then.corrected, then.translated) == (BETTER, True, True)
    assert await db.value("SELECT count(*) FROM translation_report") == 0
    # The same words elsewhere, by another engine, or by none.
    assert (await read(parent, written(MUSEUM, school.ids["ben"])))[0].text == MUSEUM
    assert (await read(parent, written(MUSEUM, school.ids["ben"])))[0].text == BETTER
    await choose("argos")
    await school.work()
    assert (await read(parent, written(MUSEUM, school.ids["mia"])))[0].text == BETTER
    await choose("none")
    assert (await read(parent, written(MUSEUM, school.ids["mia"])))[0].text == BETTER
    await choose()
    (other,) = await translated(school, parent, written(MUSEUM + " Thank you.", school.ids["mia"]))
    assert not other.corrected
    # Back to the machine.
    await correcting.undo(teacher.viewer, ticket(hers))
    await school.work()
    both = [written(MUSEUM, school.ids[child]) for child in ("mia", "ben")]
    assert [reading.text for reading in await read(parent, *both)] == [MUSEO] * 2


async def test_only_staff_who_read_the_language_correct(translating: TestSchool) -> None:
    parent, teacher = await reader(translating, "parent"), await reader(translating, "teacher")
    (said,) = await translated(translating, parent, written(MUSEUM))
    (hers,) = await read(teacher, written(MUSEUM))
    await correcting.choose(parent.viewer, off=False, reads=("es",))
    await correcting.choose(teacher.viewer, off=False, reads=("de", "xx"))
    await correcting.report(parent.viewer, ticket(said), "secret note")
    for who, link in ((parent, said), (teacher, hers), (await reader(translating, "colleague"), hers)):
        with pytest.raises(NotVisible):
            await correcting.correct(who.viewer, ticket(link), "x", "")
        with pytest.raises(NotVisible):
            await correcting.undo(who.viewer, ticket(link))
    assert not (await correcting.show(teacher.viewer, ticket(hers))).notes
    await bilingual(translating)
    assert list((await correcting.show(teacher.viewer, ticket(hers))).notes) == ["secret note"]
    assert await stored("corrected") == [""]


async def test_two_who_correct_at_once_notice_each_other(translating: TestSchool) -> None:
    teacher, colleague = await reader(translating, "teacher"), await reader(translating, "colleague")
    (hers,) = await translated(translating, teacher, written(MUSEUM))
    (his,) = await read(colleague, written(MUSEUM))
    for name in ("teacher", "colleague"):
        await bilingual(translating, name)
    seen = (await correcting.show(teacher.viewer, ticket(hers))).seen
    await correcting.correct(colleague.viewer, ticket(his), "Una cosa", seen)
    with pytest.raises(BadInput):
        await correcting.correct(teacher.viewer, ticket(hers), "Otra cosa", seen)
    assert await stored("corrected") == ["Una cosa"]
    for wrong in ("", "  \n", "x" * 40_001):
        with pytest.raises(BadInput):
            await correcting.correct(teacher.viewer, ticket(hers), wrong, "")


async def test_reported_ones_reach_only_staff_who_read_the_text_themselves(school: TestSchool) -> None:
    await school.use("translation")
    mia, parent = school.ids["mia"], await reader(school, "parent")
    (said,) = await translated(school, parent, written(MUSEUM, mia))
    staff = {name: await reader(school, name, "en") for name in ("teacher", "colleague", "admin")}
    for name in staff:
        await bilingual(school, name)
    from portal_translation.plugin import portal_readings  # staff get originals through it, too

    async def list_of(name: str) -> list[str]:
        return [one.original for one in await correcting.reported(school.viewer(name))]

    await portal_readings(staff["teacher"], [written(MUSEUM, mia)])
    assert await list_of("teacher") == []  # nothing is reported yet
    await correcting.report(parent.viewer, ticket(said))
    await portal_readings(staff["teacher"], [written(MUSEUM, mia)])
    await portal_readings(staff["colleague"], [written(MUSEUM)])  # the same words, about nobody: another text
    await portal_readings(parent, [written(MUSEUM, mia)])
    assert await list_of("teacher") == [MUSEUM]
    assert await list_of("colleague") == []
    assert await list_of("admin") == []
    assert await list_of("parent") == []
    (one,) = await correcting.reported(school.viewer("teacher"))
    assert (await (await school.browser("teacher")).get(one.link)).status_code == 200
    assert (await (await school.browser("admin")).get(one.link)).status_code == 404
    # As soon as she stands differently, it is not hers any more.
    await run(
        "INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, 0)", new_id(), school.ids["teacher"], mia
    )
    await run("UPDATE fact_version SET n = n + 1")
    assert await list_of("teacher") == []
    assert (await (await school.browser("teacher")).get(one.link)).status_code == 404


async def test_whoever_is_kept_from_a_child_gets_nothing_about_it(translating: TestSchool) -> None:
    mia = translating.ids["mia"]
    blocked = await reader(translating, "blocked")
    (said,) = await translated(translating, blocked, written(MUSEUM, mia))
    assert said.translated  # who may have a text is decided by whoever shows it …
    assert not said.link  # … but here nothing about the child is opened, and no link leads to it
    key, (text,) = secret(await health.signing_key()), await stored("id")
    assert key
    signed = Signer(key, blocked.standing).link(text)
    assert (await (await translating.browser("blocked")).get(signed)).status_code == 404


async def test_reports_and_their_undoing_are_each_ones_own(translating: TestSchool) -> None:
    readers = [await reader(translating, name) for name in ("parent", "other")]
    await translated(translating, readers[0], written(MUSEUM))
    links = [(await read(who, written(MUSEUM)))[0] for who in readers]
    for who, link in zip(readers, links, strict=True):
        await correcting.report(who.viewer, ticket(link), "one")
        await correcting.report(who.viewer, ticket(link), "two")
    assert await db.rows("SELECT note FROM translation_report") == [("two",), ("two",)]
    with pytest.raises(NotVisible):
        await correcting.take_back(readers[1].viewer, ticket(links[0]))
    with pytest.raises(NotVisible):
        await correcting.report(translating.viewer("anonymous"), ticket(links[0]))
    with pytest.raises(BadInput):
        await correcting.report(readers[0].viewer, ticket(links[0]), "x" * 501)
    await correcting.take_back(readers[0].viewer, ticket(links[0]))
    assert await db.rows("SELECT person FROM translation_report") == [(translating.ids["other"],)]
    assert await correcting.reports_by_language() == {"es": 1}


async def test_there_is_one_key_and_links_of_none_lead_nowhere(translating: TestSchool) -> None:
    with pytest.raises(NotVisible):
        await correcting.show(translating.viewer("parent"), Ticket(1, 1, ""))
    assert await health.signing_key() == await health.signing_key() > 0
    assert await db.value("SELECT count(*) FROM translation_state WHERE name = ''") == 1
