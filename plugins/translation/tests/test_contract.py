"""What every plugin keeps to, with texts about children that were translated, reported and offered."""

from __future__ import annotations

from portal_translation import correcting, glossary, health
from portal_translation.plugin import portal_readings
from portal_translation.signing import signer
from wanting import read, reader, written

from portal.sdk import db, standing
from portal.testing import TestSchool, axe, run
from portal.testing.contract import problems


async def fill(school: TestSchool, count: int) -> list[str]:
    """Texts about Mia, each translated, reported by her parent and offered to her teacher; and the school's words."""
    mia, teacher = school.ids["mia"], school.viewer("teacher")
    parent, key = await reader(school, "parent", "es"), await health.signing_key()
    await run("UPDATE person SET language = 'en' WHERE id = ?", school.ids["parent"])
    texts = [written(f"Tomorrow group {n} visits the museum.", mia) for n in range(count)]
    for start in range(0, count, 10):
        await read(parent, *texts[start : start + 10])
    await run("UPDATE translation_text SET body = 'Mañana ' || original, engine = 'apertium', state = 'done'")
    await correcting.choose(teacher, off=False, reads=("en", "es"))
    who, addresses = await reader(school, "teacher", "en"), []
    for number, (text,) in enumerate(await db.rows("SELECT id FROM translation_text ORDER BY id")):
        theirs = signer(key, await standing(parent.viewer)).link(text)
        await correcting.report(parent.viewer, _ticket(theirs), "No.")
        hers = signer(key, await standing(teacher)).link(text)
        addresses.append(hers)
        if number % 3 == 0:
            shown = await correcting.show(teacher, _ticket(hers))
            await correcting.correct(teacher, _ticket(hers), "Así es", shown.seen)
            await correcting.report(parent.viewer, _ticket(theirs), "Still no.")
        term = await glossary.save(teacher, None, f"Word {'abcdefghij'[number % 10]}{'klm'[number // 10]}", "en", {})
        addresses.append(f"/translation/words/{term}")
    await portal_readings(who, texts)
    return addresses


def _ticket(link: str) -> correcting.Ticket:
    path, _mark, query = link.partition("?")
    given = dict(pair.split("=", 1) for pair in query.split("&"))
    return correcting.Ticket(int(path.rpartition("/")[2]), int(given["at"]), given["sig"])


async def test_contract() -> None:
    assert await problems("translation", fill) == []


async def test_pages_are_open_to_everyone() -> None:
    assert await axe.problems("translation", fill) == []
