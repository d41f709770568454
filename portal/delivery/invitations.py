"""Inviting people: by letters in one PDF, or by e-mail. Either way a new code makes an older one invalid."""

from __future__ import annotations

from collections.abc import Sequence

from portal import clock
from portal.db import atomic
from portal.delivery import actions, letters, wording
from portal.i18n import _
from portal.identity import invitations
from portal.identity.invitable import Invitee
from portal.people.school import School


async def by_letter(school: School, url: str, people: Sequence[Invitee], *, by: int | None) -> bytes:
    """A PDF with a letter for each of these people. Their codes work from now on and are stored nowhere else."""
    now = clock.now()
    codes = invitations.fresh(person.person for person in people)
    pdf = await letters.letters(school, url, people, codes, now)  # first, so that a failure leaves older codes alone
    await invitations.record(codes, invitations.LETTER, by=by, now=now)
    return pdf


async def by_email(school: School, url: str, people: Sequence[Invitee], *, by: int | None) -> int:
    """Puts an invitation to each of these people who have an e-mail address into the outbox; returns how many."""
    now = clock.now()
    reached = [person for person in people if person.email]
    codes = invitations.fresh(person.person for person in reached)
    await _enqueue(school, url, reached, codes, by, now)
    return len(reached)


@atomic
async def _enqueue(
    school: School, url: str, people: Sequence[Invitee], codes: dict[int, str], by: int | None, now: int
) -> None:
    await invitations.record(codes, invitations.EMAIL, by=by, now=now)
    mails = [(person.person, *mail(school, url, person, codes[person.person], now)) for person in people]
    await actions.enqueue_many(mails, now)


def mail(school: School, url: str, person: Invitee, code: str, now: int) -> tuple[str, str]:
    """Subject and body in the person's language. `now` in microseconds UTC."""
    language = letters.language_of(person, school)
    text = language.text
    head = wording.opening(language, person, school.name)
    names = [f"  · {name}" for name in wording.names([child.name for child in person.children])]
    parts = [
        wording.greeting(language, person.name),
        *head,
        *(["\n".join(names)] if person.kind == "adult" and names else []),
        text(_("Please open this address:")) + "\n" + letters.address(url, code),
        wording.check_step(language, person),
        text(_("If the address does not open, go to %(address)s and type this code: %(code)s"),
             address=wording.isolated(f"{url}/welcome"), code=wording.isolated(code)),
        *wording.closing(language, letters.last_day(school, now), school.contact),
        wording.privacy(language, school.name),
        school.name,
    ]
    subject = text(_("Your invitation to the family portal of %(school)s"), school=school.name)
    return subject, "\n\n".join(parts) + "\n"
