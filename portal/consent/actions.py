"""Deciding, and taking back. Everything ends as a new line of the ledger; nothing is ever changed there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from portal import clock
from portal.consent import notices, purposes, queries
from portal.consent.notices import Notice, Reference
from portal.db import atomic, db
from portal.errors import BadInput, NotVisible, Refused
from portal.i18n import _
from portal.identity import sessions
from portal.kinds import ACCOUNT, PHOTO, VIDEO, Rung, Viewer, new_id
from portal.people import school as schools
from portal.people.school import School
from portal.plugins import jobs

TWICE = clock.MINUTE  # the same answer again within this time is a button pressed twice
ADULT_AGE = 18


class NoticeChanged(Refused):
    """The text was published anew since the page was shown: show it again with what was typed."""

    def __init__(self, kind: str = notices.PHOTO) -> None:
        super().__init__(
            _("The photo notice has changed in the meantime. Please look at it, then save again.")
            if kind == notices.PHOTO
            else _("The text has changed in the meantime. Please look at it, then save again.")
        )


@dataclass(frozen=True, slots=True)
class ScanFile:
    """A scan that is stored already: the id of its sealed file, and its media type."""

    file: int
    media_type: str


@atomic
async def decide(
    viewer: Viewer, child: int, purpose: str, rung: Rung, until: str | None = None, *, shown: Reference
) -> bool:
    """The viewer chooses how far the photos or videos of a child may travel; `until` is the last day of it.

    `shown` says which photo notice was on the page. False if the same answer was given a moment ago (a button pressed
    twice), and nothing was written. Raises NotVisible for whoever does not decide for this child today, NoticeChanged
    if a yes was given under an older notice (a no counts under any), BadInput for a day that is over.
    """
    school = await schools.load()
    today = clock.present(school.timezone).today
    person = await _who_decides(viewer, child, today, school)
    kind = _notice_of(purpose, rung, school)
    notice = await notices.exactly(kind, shown)
    if notice is None:
        raise NoticeChanged(kind)
    if rung is Rung.NOBODY:
        until = None
    elif await notices.current(kind, shown.language) != notice:
        raise NoticeChanged(kind)
    if until is not None and until < today:
        raise BadInput("until", _("This day is over. Please choose a later one."))
    return await _answer(person, child, purpose, rung, until, notice)


def _notice_of(purpose: str, rung: Rung, school: School) -> str:
    """Under which text this is decided: the photo notice, or that of a plugin's purpose, which is a yes or no.

    Raises NotVisible for a purpose that nobody asks about. A "no" is taken for one that no plugin asks about any more.
    """
    if purpose in (PHOTO, VIDEO):
        return notices.PHOTO
    if "." not in purpose or rung not in (Rung.NOBODY, Rung.FAMILY):
        raise NotVisible
    if rung is not Rung.NOBODY and not purposes.in_use(purpose, school):
        raise NotVisible
    return purpose


@atomic
async def decide_all(
    viewer: Viewer, child: int, answers: Mapping[str, tuple[Rung, str | None]], *, shown: Reference
) -> None:
    """Several answers given on one page, by purpose as rung and last day: all of them are kept, or none.

    Raises what `decide` raises, for whichever answer cannot be kept.
    """
    for purpose, (rung, until) in answers.items():
        await decide(viewer, child, purpose, rung, until, shown=shown)


@atomic
async def decide_purposes(viewer: Viewer, child: int, answers: Mapping[str, tuple[bool, Reference]]) -> None:
    """Yes or no to several purposes of plugins, by key, each with the text that was shown: all are kept, or none.

    Raises what `decide` raises.
    """
    for purpose, (allowed, shown) in answers.items():
        await decide(viewer, child, purpose, Rung.FAMILY if allowed else Rung.NOBODY, shown=shown)


@atomic
async def withdraw(viewer: Viewer, child: int, purpose: str) -> bool:
    """The viewer takes back their permission: from now on nobody. Never held up by a changed notice.

    False for a button pressed twice. Raises NotVisible for whoever does not decide for this child today.
    """
    school = await schools.load()
    person = await _who_decides(viewer, child, clock.present(school.timezone).today, school)
    notice = await _current(_notice_of(purpose, Rung.NOBODY, school), person, school)
    return await _answer(person, child, purpose, Rung.NOBODY, None, notice)


@atomic
async def allow_account(viewer: Viewer, child: int, allowed: bool) -> None:
    """A guardian allows a child below the school's age an account of its own, or takes that back.

    Taking it back ends the child's sessions at once. Raises NotVisible for whoever is no decider of the child today,
    Refused for a child who needs no permission (any more).
    """
    school = await schools.load()
    today = clock.present(school.timezone).today
    person = await _who_decides(viewer, child, today, school)
    if person == child:
        raise NotVisible
    # An age of 0 asks nobody, so there is nothing to allow even for a child whose birthday is not known.
    if school.account_from_age == 0 or await _turned(child, min(school.account_from_age, ADULT_AGE), today):
        raise Refused(_("From this age on a child needs no permission for an account of its own."))
    notice = await _current(notices.PRIVACY, person, school)
    await _answer(person, child, ACCOUNT, Rung.FAMILY if allowed else Rung.NOBODY, None, notice)
    if not allowed:
        await sessions.close_all(child)


@atomic
async def enter_paper(
    viewer: Viewer,
    child: int,
    signer: int,
    answers: Mapping[str, Rung],
    day: str,
    until: str | None = None,
    *,
    shown: Reference,
    scan: ScanFile | None = None,
) -> None:
    """The office enters a signed form. `answers` by purpose, `day` the day of the signature, `shown` the notice on it.

    A decision counts from noon of the day of the signature, never from later than now, so that what the signer said
    later with the own account stays in force although the paper arrives after it. If the signer also answered in the
    account on that very day, nobody knows which came first: the paper takes the same instant, and of two answers with
    one instant the lower stands. A correction of a paper form of the same day counts after it, unless it would go
    further than that answer in the account; then it takes the same instant too, and opens nothing.

    Raises NotVisible for whoever does not work in the office or may not see the child, BadInput for fields.
    """
    school = await schools.load()
    now = clock.present(school.timezone)
    entered_by = await _may_enter(viewer, child, now.today)
    await _check_paper(child, signer, answers, day, until, now.today, school)
    notice = await notices.exactly(notices.PHOTO, shown)
    if notice is None:
        raise BadInput("shown", _("Please choose the notice that the form names."))
    for purpose, rung in answers.items():
        at = await _paper_instant(signer, child, purpose, rung, day, now.at, school.timezone)
        ends = None if rung is Rung.NOBODY else until
        line = await _append(signer, child, purpose, rung, at, ends, notice, "paper", entered_by)
        if scan is not None:
            await db.run(
                "INSERT INTO scan (decision, file, media_type) VALUES (?, ?, ?)", line, scan.file, scan.media_type
            )


async def _may_enter(viewer: Viewer, child: int, today: str) -> int:
    """The viewer, who enters paper forms about this child. Raises NotVisible for everybody else."""
    if viewer.person is None or not await _in_office(viewer.person) or await _blocked(viewer.person, child):
        raise NotVisible
    if await queries.child(child, today) is None:
        raise NotVisible
    return viewer.person


async def _check_paper(
    child: int, signer: int, answers: Mapping[str, Rung], day: str, until: str | None, today: str, school: School
) -> None:
    """Raises BadInput for a paper form that cannot be right."""
    if not answers or not set(answers) <= {PHOTO, VIDEO}:
        raise BadInput("photo", _("Please enter at least one answer."))
    if day > today:
        raise BadInput("day", _("This day has not come yet."))
    if not await _decides(signer, child, today, school):
        raise BadInput("signer", _("Please choose somebody who decides for this child."))
    willing = any(rung is not Rung.NOBODY for rung in answers.values())
    if willing and not await _decides(signer, child, day, school):
        raise BadInput("day", _("On this day the signer did not decide for this child yet."))
    if until is not None and until < day:
        raise BadInput("until", _("This is before the day of the signature."))


async def _who_decides(viewer: Viewer, child: int, today: str, school: School) -> int:
    """The viewer, who decides for this child today. Raises NotVisible for everybody else."""
    person = viewer.person
    if person is None or not await db.value("SELECT 1 FROM person WHERE id = ? AND active", person):
        raise NotVisible
    if not await _decides(person, child, today, school):
        raise NotVisible
    return person


async def _decides(person: int, child: int, day: str, school: School) -> bool:
    """Whether somebody's word about this child counts on a day: a guardian by link, or the child old enough."""
    if person == child:
        age = ADULT_AGE if school.voice_mode == "off" else min(school.voice_from_age, ADULT_AGE)
        return await _turned(child, age, day)
    return await queries.decides(person, child, day)


async def _turned(child: int, age: int, day: str) -> bool:
    """Whether the child is `age` years old on a day; False for a child without a birth date."""
    since = clock.birthday(await db.value("SELECT born FROM person WHERE id = ? AND kind = 'child'", child), age)
    return since is not None and since <= day


async def _in_office(person: int) -> bool:
    return bool(
        await db.value(
            "SELECT 1 FROM role r JOIN person p ON p.id = r.person"
            " WHERE r.person = ? AND r.role IN ('office', 'admin') AND p.active",
            person,
        )
    )


async def _blocked(adult: int, child: int) -> bool:
    return bool(await db.value("SELECT 1 FROM block WHERE adult = ? AND child = ?", adult, child))


async def _current(kind: str, person: int, school: School) -> Notice:
    """The newest notice in the person's language. Raises Refused before the first one is published."""
    language = await db.value("SELECT language FROM person WHERE id = ?", person)
    notice = await notices.current(kind, language, school.language)
    if notice is None:
        raise Refused(_("The school has not published its notice yet. Please ask the office."))
    return notice


async def _answer(person: int, child: int, purpose: str, rung: Rung, until: str | None, notice: Notice) -> bool:
    """Appends what somebody decides in the own account just now, unless it is the same button pressed twice."""
    now = clock.now()
    last = await db.row(
        "SELECT rung, until, notice_version, at FROM decision WHERE child = ? AND made_by = ? AND purpose = ?"
        " ORDER BY at DESC, rung, id DESC LIMIT 1",
        *(child, person, purpose),
    )
    if last is not None and last[:3] == (int(rung), until, notice.version) and 0 <= now - last[3] < TWICE:
        return False
    await _append(person, child, purpose, rung, now, until, notice, "account", None)
    return True


async def _append(
    person: int, child: int, purpose: str, rung: Rung, at: int, until: str | None, notice: Notice, way: str,
    entered_by: int | None,
) -> int:
    line = new_id()
    await db.run(
        "INSERT INTO decision (id, child, made_by, purpose, rung, at, until, notice_version, notice_sha256,"
        " language, way, entered_by, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *(line, child, person, purpose, int(rung), at, until),
        *(notice.version, notice.sha256, notice.language, way, entered_by, clock.now()),
    )
    await jobs.emit("consent.changed", child, purpose)
    return line


async def _paper_instant(signer: int, child: int, purpose: str, rung: Rung, day: str, now: int, zone: str) -> int:
    """From which instant a paper form counts; see `enter_paper`. Microseconds UTC."""
    noon = datetime.combine(datetime.fromisoformat(day).date(), time(12), ZoneInfo(zone))
    at = min(clock.instant(noon.astimezone(UTC)), now)
    same_day = [
        (line_at, line_rung, way)
        for line_at, line_rung, way in await db.rows(
            "SELECT at, rung, way FROM decision WHERE child = ? AND made_by = ? AND purpose = ? AND at <= ?"
            " ORDER BY at DESC, rung, id DESC",
            *(child, signer, purpose, now),
        )
        if clock.day(line_at, zone) == day
    ]
    if not same_day:
        return at
    latest, _rung, way = same_day[0]
    own = next((line_rung for _at, line_rung, line_way in same_day if line_way != "paper"), None)
    corrects = way == "paper" and (own is None or rung <= own)
    return min(latest + 1, now) if corrects else int(latest)
