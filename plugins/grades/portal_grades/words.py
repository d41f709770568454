"""How results are said to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.sdk import Language, PortalError, Reading, Who, _, clock, language, ngettext
from portal_grades.loading import Assignment
from portal_grades.queries import Attendance, Bundle, Entry
from portal_grades.rules import EXEMPT, PARTLY, SUBMITTED, Value, shown_points

STATES = {  # of a result, as the table of a class and families read them
    "missing": _("Missing"),
    "late": _("Late"),
    "incomplete": _("Incomplete"),
    "excused": _("Excused"),
}
KINDS = {"missing": "bad", "late": "warn", "incomplete": "warn", "excused": ""}
LESSONS = {"present": _("Present"), "absent": _("Absent"), "excused": _("Absent, excused"), "late": _("Late")}
ALERTS = {
    "each": _("Of each result, soon after it is there"),
    "weekly": _("Once a week, on Friday afternoon"),
    "none": _("Never"),
}
WIDE, HIGH, EDGE = 300, 64, 6  # of the picture of progress, in its own units
MOST_DOTS = 60


def told(person: Who, wrong: PortalError) -> str:
    """What is wrong, in the reader's language."""
    return person.language.text(wrong.message, **wrong.values)


def result(value: Value, assignment: Assignment, reads: Language) -> str:
    """What was reached; '' where nothing was."""
    if value.score is not None:
        if assignment.highest is not None and not value.grade:
            return reads.text(
                _("%(points)s of %(most)s points"), points=shown_points(value.score, reads),
                most=shown_points(assignment.highest, reads),
            )  # fmt: skip
        if not value.grade:
            return shown_points(value.score, reads)
        return reads.text(
            _("%(grade)s (%(points)s points)"), grade=value.grade, points=shown_points(value.score, reads)
        )
    return value.grade


def states(value: Value) -> list[str]:
    """The marks that a value carries, as keys of STATES."""
    found = [name for name in ("missing", "late", "incomplete") if getattr(value, name)]
    return [*found, "excused"] if value.status == EXEMPT else found


def short(value: Value, assignment: Assignment, reads: Language) -> str:
    """A value in a few words, for the history."""
    said = [result(value, assignment, reads), *(reads.text(STATES[name]) for name in states(value))]
    return ", ".join(part for part in said if part) or reads.text(_("a comment alone"))


@dataclass(frozen=True, slots=True)
class Pill:
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Past:
    """What a result said before, and the comment then where that was another."""

    text: str
    comment: str


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in words."""

    title: str
    description: str
    about: tuple[str, ...]  # class, kind of work, grading period, days
    result: str
    pills: list[Pill]
    comment: Reading | None
    before: list[Past]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of progress, and the same in words."""

    line: str  # points of an SVG polyline
    dots: list[tuple[str, str]]
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A subject in words. Each is itself alone, so that what a template made of it is found again quickly."""

    name: str
    rows: list[Row]
    figure: Figure | None


@lru_cache(maxsize=1024)
def part(code: str, zone: str, known: tuple[tuple[int, str], ...], bundle: Bundle) -> Part:
    """A subject in words, remembered as long as nothing of it has changed. `known`: classes to name."""
    saying = Saying(language(code), zone, dict(known))
    entries = bundle.entries()
    return Part(bundle.subject, [saying.row(entry) for entry in entries], saying.figure(entries))


def attendance(found: Attendance, reads: Language) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    """How often in words, and the days with theirs."""
    counts = [(reads.text(word), reads.number(found.counts.get(name, 0))) for name, word in LESSONS.items()]
    days = [(reads.day(day, "full"), lesson, reads.text(LESSONS[state])) for day, lesson, state in found.days]
    return counts, days


class Saying:
    """Says a child's results to readers of one language."""

    def __init__(self, reads: Language, zone: str, known: Mapping[int, str]) -> None:
        self.language, self.zone = reads, zone
        self._known = known  # the classes to name, where there are several
        text = reads.text
        self._pills = {name: Pill(text(word), KINDS[name]) for name, word in STATES.items()}
        self._due, self._handed = text(_("Due %(day)s")), Pill(text(_("Handed in")), "good")
        self._partly, self._open = Pill(text(_("Marked in part")), ""), text(_("No result yet"))
        self._changed, self._gone = Pill(text(_("Changed")), "warn"), text(_("Taken out again"))

    def row(self, entry: Entry) -> Row:
        one, language = entry.assignment, self.language
        about = [self._known[one.group]] if one.group in self._known else []
        about += [part for part in (entry.category, one.period) if part]
        if one.due_on:
            about.append(self._due % {"day": language.day(one.due_on, "medium")})
        pills, said = [], self._open
        if (value := entry.value) is not None:
            said = result(value, one, language)
            pills = [self._pills[name] for name in states(value)]
            if not said and not pills and value.status == SUBMITTED and not value.comment:
                pills = [self._handed]
            if value.status == PARTLY:
                pills.append(self._partly)
            if value.empty:
                said = self._gone if entry.before else self._open
            if entry.before:
                pills.append(self._changed)
        return Row(one.title, one.description, tuple(about), said, pills, entry.comment, self._before(entry))

    def _before(self, entry: Entry) -> list[Past]:
        text, found, after = self.language.text, [], entry.value
        for past in entry.before:
            when = self.language.moment(past.at, self.zone)
            said = short(past.value, entry.assignment, self.language)
            comment = past.value.comment if after is None or past.value.comment != after.comment else ""
            found.append(Past(text(_("Until %(when)s: %(result)s"), when=when, result=said), comment))
            after = past.value
        return found

    def figure(self, entries: Sequence[Entry]) -> Figure | None:
        """Results over time, from the left to the right; none where there are fewer than two to compare."""
        shown = [entry for entry in entries if entry.part is not None][:MOST_DOTS][::-1]
        if len(shown) < 2:
            return None
        step = (WIDE - 2 * EDGE) / (len(shown) - 1)
        high = HIGH - 2 * EDGE
        dots = [(f"{EDGE + n * step:.1f}", f"{EDGE + high * (1 - (e.part or 0)):.1f}") for n, e in enumerate(shown)]
        said = [result(e.value, e.assignment, self.language) if e.value else "" for e in (shown[0], shown[-1])]
        text = self.language.plural(
            *ngettext(
                "%(num)s result over time: the first was %(first)s, the latest is %(latest)s.",
                "%(num)s results over time: the first was %(first)s, the latest is %(latest)s.",
                len(shown),
            ),
            first=said[0], latest=said[1],
        )  # fmt: skip
        return Figure(" ".join(f"{x},{y}" for x, y in dots), dots, text)


def shown_state(release_at: int, now: int, reads: Language, zone: str) -> str:
    """Whether families see results, in a sentence."""
    if not release_at:
        return reads.text(_("Families do not see the results yet."))
    when = reads.moment(release_at, zone)
    if release_at <= now:
        return reads.text(_("Families see the results since %(when)s."), when=when)
    return reads.text(_("Families see the results from %(when)s on."), when=when)


def local_now(zone: str) -> tuple[str, str]:
    """Tomorrow's day, and a time of day that suits most families."""
    return clock.add_days(clock.present(zone).today, 1), "16:00"
