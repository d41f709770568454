"""What the office does with people's records. Whoever calls has checked who is asking.

Ending something at once means giving it yesterday as its end, so that the past stays as it was.
"""

from __future__ import annotations

from portal import clock
from portal.db import atomic, db
from portal.errors import BadInput, Refused
from portal.i18n import _
from portal.kinds import ROLES, new_id


def _clean(text: str, most: int = 200) -> str:
    return " ".join(text.split())[:most]


@atomic
async def add_person(
    kind: str, given_name: str, family_name: str, *, email: str | None, language: str, born: str | None
) -> int:
    """Writes down a person ('child' or 'adult') whom no import brought. Raises BadInput."""
    given, family = _named(given_name, family_name)
    person = new_id()
    await db.run(
        "INSERT INTO person (id, kind, given_name, family_name, email, language, active, born, safeguarding_hold,"
        " source, external_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'hand', ?, ?)",
        *(person, kind, given, family, email, language, True, born, False, str(person), clock.now()),
    )
    return person


def _named(given_name: str, family_name: str) -> tuple[str, str]:
    given, family = _clean(given_name), _clean(family_name)
    if not given and not family:
        raise BadInput("given_name", _("Please enter a name."))
    return given, family


@atomic
async def edit_person(
    person: int, given_name: str, family_name: str, *, email: str | None, phone: str | None, language: str,
    born: str | None,
) -> None:
    """Corrects what is known about a person. Raises BadInput."""
    given, family = _named(given_name, family_name)
    await db.run(
        "UPDATE person SET given_name = ?, family_name = ?, email = ?, phone = ?, language = ?, born = ? WHERE id = ?",
        *(given, family, email, phone, language, born, person),
    )


@atomic
async def deactivate(person: int) -> None:
    """Closes somebody's account at once: they are treated like a visitor. Raises Refused for the last administrator."""
    await _another_admin(person)
    await db.run("UPDATE person SET active = ? WHERE id = ?", False, person)
    await db.run("DELETE FROM session WHERE person = ?", person)


@atomic
async def reactivate(person: int) -> None:
    """Lets somebody in again."""
    await db.run("UPDATE person SET active = ? WHERE id = ?", True, person)


@atomic
async def give_role(person: int, role: str) -> None:
    """Gives an adult a school role."""
    if role in ROLES and await db.value("SELECT 1 FROM person WHERE id = ? AND kind = 'adult'", person):
        await db.run(
            "INSERT INTO role (id, person, role) VALUES (?, ?, ?) ON CONFLICT (person, role) DO NOTHING",
            *(new_id(), person, role),
        )


@atomic
async def take_role(person: int, role: str) -> None:
    """Takes a role away. Raises Refused for the last administrator."""
    if role == "admin":
        await _another_admin(person)
    await db.run("DELETE FROM role WHERE person = ? AND role = ?", person, role)


async def _another_admin(person: int) -> None:
    others = await db.value(
        "SELECT count(*) FROM role r JOIN person p ON p.id = r.person"
        " WHERE r.role = 'admin' AND p.active AND p.id <> ?",
        person,
    )
    if not others and await db.value("SELECT 1 FROM role WHERE person = ? AND role = 'admin'", person):
        raise Refused(_("This is the only administrator. Give somebody else that role first."))


@atomic
async def link(adult: int, child: int, *, decides: bool, sees: bool, relation: str, today: str) -> None:
    """Joins an adult to a child from today on. An earlier link of the two ends yesterday. Raises BadInput."""
    await _an_adult_and_a_child(adult, child)
    yesterday = clock.add_days(today, -1)
    await db.run(
        "UPDATE link SET ends = ? WHERE adult = ? AND child = ? AND (ends IS NULL OR ends >= ?)",
        *(yesterday, adult, child, today),
    )
    if decides or sees:
        await db.run(
            "INSERT INTO link (id, adult, child, decides, sees, relation, starts, ends, source)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, NULL, 'hand')",
            *(new_id(), adult, child, decides, sees, _clean(relation, 60), today),
        )


async def _an_adult_and_a_child(adult: int, child: int) -> None:
    kinds: dict[int, str] = dict(await db.rows("SELECT id, kind FROM person WHERE id IN (?, ?)", adult, child))
    if kinds.get(adult) != "adult" or kinds.get(child) != "child":
        raise BadInput("adult", _("Please choose a person from the list."))


@atomic
async def block(adult: int, child: int) -> None:
    """This adult must never see this child again, in any role. Raises BadInput."""
    await _an_adult_and_a_child(adult, child)
    if not await db.value("SELECT 1 FROM block WHERE adult = ? AND child = ?", adult, child):
        await db.run(
            "INSERT INTO block (id, adult, child, created_at) VALUES (?, ?, ?, ?)",
            *(new_id(), adult, child, clock.now()),
        )


@atomic
async def lift_block(adult: int, child: int) -> None:
    """Ends a no-contact order."""
    await db.run("DELETE FROM block WHERE adult = ? AND child = ?", adult, child)


@atomic
async def hold(child: int, held: bool) -> None:
    """Sets or lifts the safeguarding hold: while it is set no photo with the child leaves the review desk."""
    await db.run("UPDATE person SET safeguarding_hold = ? WHERE id = ? AND kind = 'child'", held, child)


@atomic
async def join(child: int, group: int, today: str) -> None:
    """A child is in a class from today on. Raises Refused if the class has ended: it is never used again."""
    await _open(group, today)
    here = await db.value(
        "SELECT 1 FROM membership WHERE child = ? AND group_id = ? AND (ends IS NULL OR ends >= ?)", child, group, today
    )
    if not here:
        await db.run(
            "INSERT INTO membership (id, child, group_id, starts, ends, source, external_id)"
            " VALUES (?, ?, ?, ?, NULL, 'hand', NULL)",
            *(new_id(), child, group, today),
        )


async def _open(group: int, today: str) -> None:
    until = await db.row("SELECT until FROM school_group WHERE id = ?", group)
    if until is None or (until[0] is not None and until[0] < today):
        raise Refused(_("This class has ended. Please choose one of this school year."))


@atomic
async def leave(child: int, group: int, today: str) -> None:
    """A child is no longer in a class, from today on."""
    await db.run(
        "UPDATE membership SET ends = ? WHERE child = ? AND group_id = ? AND (ends IS NULL OR ends >= ?)",
        *(clock.add_days(today, -1), child, group, today),
    )


@atomic
async def serve(adult: int, group: int, today: str) -> None:
    """An adult is staff of a class from now on. Raises Refused if the class has ended."""
    await _open(group, today)
    if not await db.value("SELECT 1 FROM staff WHERE adult = ? AND group_id = ?", adult, group):
        await db.run(
            "INSERT INTO staff (id, adult, group_id, source, external_id) VALUES (?, ?, ?, 'hand', NULL)",
            *(new_id(), adult, group),
        )


@atomic
async def stop_serving(adult: int, group: int) -> None:
    """An adult is no longer staff of a class."""
    await db.run("DELETE FROM staff WHERE adult = ? AND group_id = ?", adult, group)


@atomic
async def add_group(name: str, until: str | None) -> int:
    """A class of one school year, with its last day. Raises BadInput."""
    if not _clean(name, 80):
        raise BadInput("name", _("Please enter the name of the class."))
    group = new_id()
    await db.run(
        "INSERT INTO school_group (id, name, kind, until, source, external_id) VALUES (?, ?, 'homeroom', ?, 'hand', ?)",
        *(group, _clean(name, 80), until, str(group)),
    )
    return group
