"""A school's first day: its settings, the notices, and an administrator with a code to choose a password."""

from __future__ import annotations

from portal import clock
from portal.consent import notices
from portal.db import atomic, db
from portal.errors import PortalError
from portal.identity import invitations
from portal.kinds import new_id
from portal.people import school as schools
from portal.people.school import School


@atomic
async def begin(school: School, given_name: str, family_name: str, email: str) -> str:
    """Makes the school and its first administrator. Returns their one-time code.

    Raises PortalError if there is a school already.
    """
    if await db.value("SELECT 1 FROM person"):
        raise PortalError("There is a school in this database already. Nothing was changed.")
    await schools.save(school)
    await notices.publish_defaults(school)
    person = new_id()
    await db.run(
        "INSERT INTO person (id, kind, given_name, family_name, email, language, active, born, safeguarding_hold,"
        " source, external_id, created_at) VALUES (?, 'adult', ?, ?, ?, ?, ?, NULL, ?, 'hand', NULL, ?)",
        *(person, given_name, family_name, email.strip().lower(), school.language, True, False, clock.now()),
    )
    await db.run("INSERT INTO role (id, person, role) VALUES (?, ?, 'admin')", new_id(), person)
    codes = invitations.fresh([person])
    await invitations.record(codes, invitations.LETTER, by=None)
    return codes[person]


@atomic
async def invite_again(email: str) -> str:
    """A new one-time code for the person with this e-mail address. Raises PortalError if there is not exactly one."""
    found = await db.rows("SELECT id FROM person WHERE email = ? AND active", email.strip().lower())
    if len(found) != 1:
        raise PortalError("There is not exactly one active person with this e-mail address.")
    codes = invitations.fresh([found[0][0]])
    await invitations.record(codes, invitations.LETTER, by=None)
    return codes[found[0][0]]
