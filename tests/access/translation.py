"""What the access matrix says of translations: one text about mia that three people were shown, each with a link."""

from __future__ import annotations

from portal_translation import health
from portal_translation.signing import signer

from portal.db import db
from portal.visibility import door
from tests.access import translating
from tests.access.table import Rule, Thing
from tests.access.world import World

SHOWN = ("parent", "other", "teacher")


async def texts(world: World, member: str) -> dict[str, Thing]:
    """Each link is its reader's own: whoever else tries it finds nothing."""
    text = await db.value("SELECT id FROM translation_text WHERE body = ?", translating.BODY)
    key = await health.signing_key()
    found = {}
    for name in SHOWN:
        link = signer(key, await door.standing(world.school.viewer(name))).link(text)
        fields = dict(pair.split("=", 1) for pair in link.partition("?")[2].split("&"))
        found[name] = Thing({"text": text}, frozenset({name}), fields)
    return found


async def only_staff(world: World, member: str) -> dict[str, Thing]:
    """Nobody has said that they read Spanish, so nobody corrects."""
    return {name: Thing(one.params, frozenset(), one.fields) for name, one in (await texts(world, member)).items()}


def terms(staff: frozenset[str]):  # type: ignore[no-untyped-def]
    async def given(world: World, member: str) -> dict[str, Thing]:
        term = await db.value("SELECT id FROM translation_term")
        return {"term": Thing({"term": term}, staff)}

    return given


async def without_link(world: World, member: str) -> dict[str, Thing]:
    """A page is opened by its signed link alone; by its number nobody gets it. `test_reading` tries the links."""
    return {name: Thing(one.params, frozenset()) for name, one in (await texts(world, member)).items()}


ONE, WORD = "/translation/{text:int}", "/translation/words/{term:int}"


def matrix(
    signed_in: frozenset[str], staff: frozenset[str], office: frozenset[str]
) -> dict[tuple[str, str], Rule]:
    """The rules of the plugin's routes."""
    return {
        ("GET", "/translation"): Rule(signed_in),
        ("POST", "/translation"): Rule(signed_in),
        ("GET", ONE): Rule(things=without_link),
        ("POST", f"{ONE}/wrong"): Rule(things=texts, body={"note": "x" * 600}),
        ("POST", f"{ONE}/right"): Rule(things=texts),
        ("POST", f"{ONE}/correct"): Rule(things=only_staff, body={"text": ""}),
        ("POST", f"{ONE}/undo"): Rule(things=only_staff),
        ("GET", "/translation/words"): Rule(staff),
        ("GET", "/translation/words/new"): Rule(staff),
        ("POST", "/translation/words/new"): Rule(staff, body={"term": ""}),
        ("GET", WORD): Rule(things=terms(staff)),
        ("POST", WORD): Rule(things=terms(staff), body={"term": ""}),
        ("POST", f"{WORD}/remove"): Rule(things=terms(staff)),
        ("GET", "/translation/state"): Rule(office),
        ("POST", "/translation/state/check"): Rule(office),
    }
