"""Word of new results, as each member of a family has chosen: of each, once a week, or none.

A result itself stands in the portal alone. Mail is read over shoulders, forwarded and shared in families, and its first
line shows on locked telephones; so it says for whom there is something new, and in which subjects.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from portal.sdk import (
    BadInput,
    Group,
    Language,
    NotVisible,
    Viewer,
    Word,
    _,
    atomic,
    clock,
    db,
    deliver,
    families_of,
    groups,
    in_portions,
    languages_of,
    names,
    new_id,
    ngettext,
    school,
    settings,
    standing,
)

EACH, WEEKLY, NONE = WISHES = ("each", "weekly", "none")
SETTLED = 10 * clock.MINUTE  # a result that was typed just now may still be corrected
FRIDAY, AFTERNOON = 4, 16  # when the weekly word goes out: the day's and the hour's number, school's time
LATE = 2 * clock.DAY  # after so long it waits for the next week
LONGEST_BACK = 21 * clock.DAY
AT_ONCE = 2000  # results in one transaction

News = Mapping[int, Mapping[int, set[str]]]  # by person and child: subjects
Sights = Mapping[int, frozenset[int]]  # by person: the children whose things they see


@atomic
async def choose(viewer: Viewer, every: str) -> None:
    """Sets how often this person gets word. Raises NotVisible for whoever is no family."""
    if not (await standing(viewer)).family_of:
        raise NotVisible
    if every not in WISHES:
        raise BadInput("every", _("Please choose one of these."))
    await db.run(
        "INSERT INTO grades_wish (id, person, every, told_until) VALUES (?, ?, ?, ?) ON CONFLICT (person)"
        " DO UPDATE SET told_until = CASE WHEN grades_wish.every = excluded.every THEN grades_wish.told_until"
        " ELSE excluded.told_until END, every = excluded.every",
        *(new_id(), viewer.person, every, clock.now()),
    )


async def usual() -> str:
    """What holds for whoever has not chosen."""
    return str((await settings("grades"))["alerts"])


async def each_due(_payload: dict[str, Any]) -> None:
    """Tells whoever wants to hear of each result. Run again, it tells nothing twice."""
    sees = await _sight("NOT r.told")
    while await _tell_each(sees) == AT_ONCE:
        pass


@atomic
async def _tell_each(sees: Sights) -> int:
    now = clock.now()
    rows = await db.rows(
        "SELECT r.id, r.child, a.subject, a.group_id FROM grades_result r JOIN grades_assignment a"
        " ON a.id = r.assignment WHERE NOT r.told AND a.removed_at = 0 AND a.release_at > 0 AND a.release_at <= ?"
        " AND r.valued_at <= ? ORDER BY r.id LIMIT ?",
        *(now, now - SETTLED, AT_ONCE),
    )
    if not rows:
        return 0
    known = await groups()
    news = await _news((row[1], _subject(known, *row[2:])) for row in rows)
    wishes = await _wishes(news)
    wanting = {person: found for person, found in news.items() if wishes.get(person, ("", 0))[0] == EACH}
    opening = _("There is something new in the grades.")
    await deliver(await _words(wanting, sees, _("New results for %(name)s"), opening))
    await db.run_many("UPDATE grades_result SET told = ? WHERE id = ?", [(True, row[0]) for row in rows])
    return len(rows)


async def weekly_due(_payload: dict[str, Any]) -> None:
    """On Friday afternoon: what is new since the last time, for whoever wants to hear of it once a week."""
    now = clock.now()
    mark = last_friday(now, (await school()).timezone)
    if now - mark < LATE:
        since = mark - LONGEST_BACK
        sees = await _sight("NOT r.quiet AND (a.release_at > ? OR r.valued_at > ?)", since, since)
        await _tell_week(mark, sees)


def last_friday(now: int, zone: str) -> int:
    """The latest Friday afternoon, as an instant."""
    local = clock.moment(now, zone)
    friday = local.date() - timedelta(days=(local.weekday() - FRIDAY) % 7)
    at = clock.local_instant(friday.isoformat(), f"{AFTERNOON}:00", zone, "")
    if at > now:
        at = clock.local_instant((friday - timedelta(days=7)).isoformat(), f"{AFTERNOON}:00", zone, "")
    return at


@atomic
async def _tell_week(mark: int, sees: Sights) -> None:
    rows = await db.rows(
        "SELECT r.child, a.subject, a.group_id,"
        " CASE WHEN r.valued_at > a.release_at THEN r.valued_at ELSE a.release_at END"
        " FROM grades_result r JOIN grades_assignment a ON a.id = r.assignment WHERE NOT r.quiet AND a.removed_at = 0"
        " AND a.release_at > 0 AND a.release_at <= ? AND r.valued_at <= ? AND (a.release_at > ? OR r.valued_at > ?)",
        *(mark, mark, mark - LONGEST_BACK, mark - LONGEST_BACK),
    )
    families = await families_of({row[0] for row in rows})
    people = {person for child in families.values() for person in child}
    wishes = await _wishes(people)
    news: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    known = await groups()
    for child, named, group, since in rows:
        subject = _subject(known, named, group)
        for person in families.get(child, ()):
            every, told_until = wishes.get(person, ("", 0))
            if every == WEEKLY and since > (told_until or mark - 7 * clock.DAY):
                news[person][child].add(subject)
    opening = _("There is something new this week.")
    await deliver(await _words(news, sees, _("This week in the grades of %(name)s"), opening))
    weekly = [person for person in people if wishes.get(person, ("", 0))[0] == WEEKLY]
    await db.run_many(
        "INSERT INTO grades_wish (id, person, every, told_until) VALUES (?, ?, '', ?) ON CONFLICT (person)"
        " DO UPDATE SET told_until = excluded.told_until WHERE grades_wish.told_until < excluded.told_until",
        [(new_id(), person, mark) for person in sorted(weekly)],
    )


def _subject(known: Mapping[int, Group], subject: str, group: int) -> str:
    """The subject, and where an import does not say it, the class."""
    return subject or (known[group].name if group in known else "")


async def _news(found: Iterable[tuple[int, str]]) -> dict[int, dict[int, set[str]]]:
    """By person and child, in which subjects something is new; for everybody who is family of the child today."""
    by_child: dict[int, set[str]] = defaultdict(set)
    for child, subject in found:
        by_child[child].add(subject)
    news: dict[int, dict[int, set[str]]] = defaultdict(dict)
    for child, people in (await families_of(by_child)).items():
        for person in people:
            news[person][child] = by_child[child]
    return news


async def _wishes(people: Iterable[int]) -> dict[int, tuple[str, int]]:
    """What each of them wants, and up to where the weekly word has gone."""
    usually, wanted = await usual(), set(people)
    rows = await in_portions("SELECT person, every, told_until FROM grades_wish WHERE person IN ({})", wanted)
    found = {person: (every or usually, told_until) for person, every, told_until in rows}
    return {person: found.get(person, (usually, 0)) for person in wanted}


async def _sight(which: str, *values: int) -> Sights:
    """Whose things each member of the families sees for whom there may be news. Asked before a transaction begins,
    because within one nothing about people is remembered."""
    rows = await db.rows(
        "SELECT DISTINCT r.child FROM grades_result r JOIN grades_assignment a ON a.id = r.assignment"
        f" WHERE a.removed_at = 0 AND a.release_at > 0 AND a.release_at <= ? AND {which}",
        *(clock.now(), *values),
    )
    people = {person for family in (await families_of(child for (child,) in rows)).values() for person in family}
    return {person: (await standing(Viewer(person))).family_of for person in people}


async def _words(news: News, sees: Sights, subject: str, opening: str) -> list[Word]:
    """The word for each person, in their own language; without any result. Whoever decides for a child and does not
    see its things gets none."""
    speak = await languages_of(news)
    called = await names({child for found in news.values() for child in found})
    words = []
    for person, found in sorted(news.items()):
        own = sees.get(person, frozenset())
        said = {called[child]: found[child] for child in found if child in called and child in own}
        if said and person in speak:
            words.append(_word(person, speak[person], said, subject, opening))
    return words


def _word(person: int, reads: Language, found: Mapping[str, set[str]], subject: str, opening: str) -> Word:
    names_ = sorted(found)
    title = reads.text(subject, name=names_[0]) if len(names_) == 1 else reads.plural(
        *ngettext("New results for %(num)s child", "New results for %(num)s children", len(names_))
    )  # fmt: skip
    lines = [f"– {name}: {', '.join(sorted(found[name], key=str.casefold))}" for name in names_]
    closing = _("You find it in the portal under “Grades”. There you also choose how often you hear from us.")
    return Word(person, title, "\n\n".join((reads.text(opening), "\n".join(lines), reads.text(closing))))
