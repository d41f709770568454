"""The access matrix: every route of the portal and its plugins, and who of the cast may use it.

A route that is missing here fails the test; so does one that is here and no longer exists. For routes about something
(a photo, a child, a story) it says for whom each thing is there: for those it is "theirs", for the rest "others'", and
others' must look exactly like absent.
"""

from __future__ import annotations

from portal.identity import queries as identity
from portal.web.pages.people import DEEDS
from tests.access import grades, meetings, surveys, translation
from tests.access.table import Rule, Thing, Things
from tests.access.world import (
    ADMIN,
    AT_SCHOOL,
    EVERYBODY,
    FAMILY,
    NOBODY,
    OFFICE,
    RECORDS,
    SIGNED_IN,
    STAFF,
    World,
    add_upload,
)

# ---- Things ----


async def photos(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"photo": p.id}, p.everyone) for name, p in world.photos.items()}


async def photo_files(world: World, member: str) -> dict[str, Thing]:
    found = {f"{name} small": Thing({"photo": p.id, "size": "small"}, p.everyone) for name, p in world.photos.items()}
    mia = world.photos["mia"]
    found |= {f"mia {size}": Thing({"photo": mia.id, "size": size}, mia.everyone) for size in ("medium", "large")}
    return found | {f"size {size}": Thing({"photo": mia.id, "size": size}, NOBODY) for size in ("print", "0")}


async def downloads(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"photo": p.id}, p.kept) for name, p in world.photos.items()}


async def desk_files(world: World, member: str) -> dict[str, Thing]:
    found = {name: Thing({"photo": p.id, "size": "small"}, p.handled) for name, p in world.photos.items()}
    return found | {"size print": Thing({"photo": world.photos["mia"].id, "size": "print"}, NOBODY)}


async def stories_to_read(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"story": s.id}, s.read) for name, s in world.stories.items()}


async def stories_to_write(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"story": s.id}, s.handled) for name, s in world.stories.items()}


def only(*names: str) -> Things:
    """Stories for which the deed is refused with a reason, so that it changes nothing."""

    async def given(world: World, member: str) -> dict[str, Thing]:
        return {name: Thing({"story": world.stories[name].id}, world.stories[name].handled) for name in names}

    return given


DECIDERS = {"mia": {"parent", "coparent", "blocked"}, "ben": {"parent"}, "lea": {"other"}, "tom": {"neighbour"},
            "noor": {"noors_parent"}}  # fmt: skip


async def children_to_decide(world: World, member: str) -> dict[str, Thing]:
    """Those for whom one decides, and oneself."""
    found = {}
    for child, deciders in DECIDERS.items():
        own = {child} if child in ("mia", "noor") else set()
        found[child] = Thing({"child": world.id(child)}, frozenset(deciders | own))
    return found | {"an adult": Thing({"child": world.id("teacher")}, NOBODY)}


async def children_to_answer_for(world: World, member: str) -> dict[str, Thing]:
    """mia is too young for a word of her own, noor is not."""
    found = await children_to_decide(world, member)
    return found | {"mia": Thing({"child": world.id("mia")}, frozenset(DECIDERS["mia"]))}


async def children_with_accounts(world: World, member: str) -> dict[str, Thing]:
    """Those who have one, so that allowing it again changes nothing. No child allows itself one."""
    return {child: Thing({"child": world.id(child)}, frozenset(DECIDERS[child])) for child in ("mia", "noor")}


async def data_of_children(world: World, member: str) -> dict[str, Thing]:
    """Those for whom one decides and whom one may see."""
    found = {child: Thing({"child": world.id(child)}, frozenset(of - {"blocked"})) for child, of in DECIDERS.items()}
    return found | {"an adult": Thing({"child": world.id("teacher")}, NOBODY)}


def _but_office_for_noor(name: str, members: frozenset[str]) -> frozenset[str]:
    """The member of the office must never see noor, whatever the office may do."""
    return members - {"office"} if name == "noor" else members


async def records(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"number": world.id(name)}, _but_office_for_noor(name, RECORDS)) for name in world.school.ids}


async def records_to_edit(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"number": world.id(name)}, _but_office_for_noor(name, OFFICE)) for name in world.school.ids}


async def data_of_anybody(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"number": world.id(name)}, ADMIN) for name in world.school.ids}


async def deeds(world: World, member: str) -> dict[str, Thing]:
    """Each deed in a form that asks first, changes nothing, or is refused."""
    roles = {
        "link": OFFICE, "unlink": OFFICE, "block": RECORDS, "unblock": ADMIN | {"safeguarding"},
        "hold": ADMIN | {"safeguarding"}, "release": frozenset({"safeguarding"}), "role": ADMIN, "unrole": ADMIN,
        "deactivate": OFFICE, "reactivate": OFFICE, "join": OFFICE, "leave": OFFICE, "hide": ADMIN, "show": ADMIN,
        "no-such-deed": NOBODY,
    }  # fmt: skip
    new = {*DEEDS, "no-such-deed"} ^ roles.keys()
    assert not new, f"the access matrix does not know the same deeds as the office: add or remove {sorted(new)}"
    adult = str(world.id("outsider"))
    fields = {
        "link": {"other": adult, "relation": "nothing"}, "block": {"other": str(world.id("blocked"))},
        "role": {"role": "emperor"}, "join": {"other": str(world.school.groups["3a"])},
    }  # fmt: skip
    found = {}
    for deed, members in roles.items():
        for name in ("mia", "noor"):
            if name == "noor" and deed in ("block", "hold", "join"):
                continue  # these would change something
            number = world.id("lea") if deed == "hold" else world.id(name)
            found[f"{deed} {name}"] = Thing(
                {"number": number, "deed": deed}, _but_office_for_noor(name, members), fields.get(deed, {})
            )
    return found


async def papers(world: World, member: str) -> dict[str, Thing]:
    found = {name: Thing({"child": world.id(name)}, _but_office_for_noor(name, OFFICE)) for name in DECIDERS}
    return found | {"an adult": Thing({"child": world.id("parent")}, NOBODY)}


async def paper_scans(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"decision": line}, _but_office_for_noor(name, OFFICE)) for name, line in world.scans.items()}


async def notices(world: World, member: str) -> dict[str, Thing]:
    return {kind: Thing({"kind": kind}, EVERYBODY) for kind in ("privacy", "photo")}


async def older_notices(world: World, member: str) -> dict[str, Thing]:
    return {
        "first": Thing({"kind": "photo", "number": 1}, EVERYBODY),
        "not yet": Thing({"kind": "photo", "number": 2}, NOBODY),
        "other kind": Thing({"kind": "weather", "number": 1}, NOBODY),
    }


async def notices_to_write(world: World, member: str) -> dict[str, Thing]:
    return {kind: Thing({"kind": kind}, ADMIN) for kind in ("privacy", "photo")}


async def plugins(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"name": name}, ADMIN) for name in ("stories", "lost")}


async def uploads(world: World, member: str) -> dict[str, Thing]:
    return {"one": Thing({"number": await add_upload(world)}, ADMIN)}


async def devices(world: World, member: str) -> dict[str, Thing]:
    """Each one's own sessions; somebody else's are not there."""
    found = {}
    for name in ("parent", "admin", "mia"):
        for number, device in enumerate((await identity.devices(world.id(name), b""))[:1]):
            found[f"{name} {number}"] = Thing({"device": device.id}, frozenset({name}))
    return found


async def codes(world: World, member: str) -> dict[str, Thing]:
    return {name: Thing({"code": code}, EVERYBODY) for name, code in world.codes.items()}


async def sheets(world: World, member: str) -> dict[str, Thing]:
    return {sheet: Thing({"sheet": f"{sheet}.csv"}, ADMIN) for sheet in ("children", "guardians")}


async def static_files(world: World, member: str) -> dict[str, Thing]:
    found = {name: Thing({"stamp": "any", "name": name}, EVERYBODY) for name in ("css/app.css", "js/app.js")}
    outside = ("portal.sqlite", "secrets/master.key", "css", "css/nothing.css")
    return found | {f"outside {name}": Thing({"stamp": "any", "name": name}, NOBODY) for name in outside}


# ---- Who may use what ----

LATE = {"seen": "0.1"}  # from a page that another one has overtaken, so nothing is saved
CODE = frozenset({303, 422, 429})  # a page of the invitation without a code in the browser

MATRIX: dict[tuple[str, str], Rule] = {
    # The front door
    ("GET", "/"): Rule(EVERYBODY, answers=frozenset({200, 303})),
    ("GET", "/health"): Rule(EVERYBODY),
    ("GET", "/static/{stamp:str}/{name:path}"): Rule(things=static_files),
    ("POST", "/language"): Rule(EVERYBODY, body={"lang": "xx", "next": "/"}),
    ("GET", "/sign-in"): Rule(EVERYBODY, answers=frozenset({200, 303})),
    ("POST", "/sign-in"): Rule(EVERYBODY, body={"login": "nobody@school.example", "password": "wrong horse"}),
    ("POST", "/sign-out"): Rule(EVERYBODY),
    # Invitations
    ("GET", "/welcome"): Rule(EVERYBODY),
    ("POST", "/welcome"): Rule(EVERYBODY, body={"code": "BBBBB-BBBBB-BBBBB"}),
    ("GET", "/welcome/{code:str}"): Rule(things=codes, answers=CODE, absent_too=True),
    ("GET", "/welcome/step/children"): Rule(EVERYBODY, answers=CODE),
    ("GET", "/welcome/step/password"): Rule(EVERYBODY, answers=CODE),
    ("POST", "/welcome/step/password"): Rule(EVERYBODY),
    ("GET", "/welcome/step/wrong"): Rule(EVERYBODY, answers=CODE),
    ("POST", "/welcome/step/wrong"): Rule(EVERYBODY),
    # The own account
    ("GET", "/account"): Rule(SIGNED_IN),
    ("GET", "/account/data"): Rule(SIGNED_IN),
    ("GET", "/account/data/download"): Rule(SIGNED_IN),
    ("GET", "/account/data/{child:int}"): Rule(things=data_of_children),
    ("GET", "/account/data/{child:int}/download"): Rule(things=data_of_children),
    ("POST", "/account/reach"): Rule(SIGNED_IN, body={"channel": "pigeon"}),
    ("POST", "/account/password"): Rule(SIGNED_IN, body={"current": "wrong horse", "password": ""}),
    ("POST", "/account/devices/others"): Rule(SIGNED_IN),
    ("POST", "/account/devices/{device:str}"): Rule(things=devices),
    ("GET", "/waiting"): Rule(SIGNED_IN),
    # Photos
    ("GET", "/photos"): Rule(EVERYBODY),
    ("GET", "/photos/{photo:int}"): Rule(things=photos),
    ("GET", "/photos/{photo:int}/{size:str}"): Rule(things=photo_files),
    ("GET", "/photos/{photo:int}/download"): Rule(things=downloads),
    ("GET", "/desk"): Rule(STAFF),
    ("GET", "/desk/photos/{photo:int}/{size:str}"): Rule(things=desk_files),
    # Consent
    ("GET", "/decide"): Rule(FAMILY),
    ("GET", "/decide/{child:int}"): Rule(things=children_to_decide),
    ("POST", "/decide/{child:int}"): Rule(things=children_to_answer_for),
    ("POST", "/decide/{child:int}/purposes"): Rule(things=children_to_answer_for),
    ("POST", "/decide/{child:int}/withdraw"): Rule(things=children_to_answer_for, body={"purpose": "video"}),
    ("POST", "/decide/{child:int}/account"): Rule(things=children_with_accounts, body={"allowed": "yes"}),
    ("GET", "/decide/{child:int}/form"): Rule(things=children_to_decide),
    ("GET", "/privacy"): Rule(EVERYBODY),
    ("GET", "/privacy/{kind:str}"): Rule(things=notices),
    ("GET", "/privacy/{kind:str}/{number:int}"): Rule(things=older_notices),
    ("POST", "/privacy/seen"): Rule(SIGNED_IN, body={"shown": "1:en"}),
    # The office
    ("GET", "/office"): Rule(RECORDS),
    ("GET", "/office/people"): Rule(RECORDS),
    ("GET", "/office/people/{number:int}"): Rule(things=records),
    ("POST", "/office/people/{number:int}"): Rule(things=records_to_edit),
    ("POST", "/office/people/{number:int}/{deed:str}"): Rule(things=deeds),
    ("GET", "/office/people/{number:int}/data"): Rule(things=data_of_anybody),
    ("GET", "/office/people/{number:int}/data/download"): Rule(things=data_of_anybody),
    ("POST", "/office/people/{number:int}/data/erase"): Rule(things=data_of_anybody),
    ("GET", "/office/people/new"): Rule(OFFICE),
    ("POST", "/office/people/new"): Rule(OFFICE),
    ("GET", "/office/groups"): Rule(RECORDS),
    ("POST", "/office/groups"): Rule(OFFICE),
    ("GET", "/office/school"): Rule(ADMIN),
    ("POST", "/office/school"): Rule(ADMIN),
    ("GET", "/office/notices"): Rule(ADMIN),
    ("GET", "/office/notices/{kind:str}"): Rule(things=notices_to_write),
    ("POST", "/office/notices/{kind:str}"): Rule(things=notices_to_write),
    ("GET", "/office/invitations"): Rule(OFFICE),
    ("POST", "/office/invitations"): Rule(OFFICE),
    ("GET", "/office/words"): Rule(OFFICE),
    ("POST", "/office/words"): Rule(OFFICE),
    ("GET", "/office/paper"): Rule(OFFICE),
    ("GET", "/office/paper/{child:int}"): Rule(things=papers),
    ("POST", "/office/paper/{child:int}"): Rule(things=papers),
    ("GET", "/office/paper/{child:int}/form"): Rule(things=papers),
    ("GET", "/office/scans/{decision:int}"): Rule(things=paper_scans),
    ("GET", "/office/roster"): Rule(ADMIN),
    ("POST", "/office/roster"): Rule(ADMIN),
    ("GET", "/office/roster/template/{sheet:str}"): Rule(things=sheets),
    ("GET", "/office/roster/{number:int}"): Rule(things=uploads),
    ("POST", "/office/roster/{number:int}/import"): Rule(things=uploads),
    ("POST", "/office/roster/{number:int}/discard"): Rule(things=uploads),
    ("GET", "/office/plugins"): Rule(ADMIN),
    ("GET", "/office/plugins/{name:str}"): Rule(things=plugins),
    ("POST", "/office/plugins/{name:str}"): Rule(things=plugins),
    ("POST", "/office/plugins/{name:str}/settings"): Rule(things=plugins),
    ("GET", "/office/plugins/{name:str}/data"): Rule(things=plugins),
    ("POST", "/office/plugins/{name:str}/erase"): Rule(things=plugins, answers=frozenset({403})),
    # Stories, a plugin
    ("GET", "/stories"): Rule(EVERYBODY),
    ("GET", "/stories/{story:int}"): Rule(things=stories_to_read),
    ("GET", "/stories/mine"): Rule(STAFF),
    ("GET", "/stories/new"): Rule(STAFF),
    ("POST", "/stories/new"): Rule(STAFF, body={"token": "matrix"}),
    ("GET", "/stories/{story:int}/edit"): Rule(things=stories_to_write),
    ("POST", "/stories/{story:int}/edit"): Rule(things=stories_to_write, body=LATE, answers=frozenset({409})),
    ("POST", "/stories/{story:int}/save"): Rule(things=stories_to_write, body=LATE, answers=frozenset({409})),
    ("POST", "/stories/{story:int}/text"): Rule(things=stories_to_write, body=LATE, answers=frozenset({409})),
    ("POST", "/stories/{story:int}/photos"): Rule(things=stories_to_write),
    ("GET", "/stories/{story:int}/preview"): Rule(things=stories_to_write, answers=frozenset({200, 422})),
    ("POST", "/stories/{story:int}/preview"): Rule(things=stories_to_write),
    ("POST", "/stories/{story:int}/take-down"): Rule(things=stories_to_write),
    ("POST", "/stories/{story:int}/put-back"): Rule(things=only("3a", "3b"), answers=frozenset({403})),
    ("POST", "/stories/{story:int}/to-draft"): Rule(things=only("3a", "3b"), answers=frozenset({403})),
    ("POST", "/stories/{story:int}/drop-changes"): Rule(things=stories_to_write, answers=frozenset({403})),
    ("POST", "/stories/{story:int}/erase"): Rule(things=stories_to_write),
    **meetings.matrix(SIGNED_IN, STAFF, AT_SCHOOL, ADMIN),
    **surveys.matrix(SIGNED_IN, STAFF),
    **translation.matrix(SIGNED_IN, STAFF, OFFICE),
    **grades.matrix(SIGNED_IN, FAMILY, STAFF),
}
