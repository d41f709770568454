"""Times out of windows, and a family's appointments one after another. Plain values, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.sdk import BadInput, _, clock
from portal_meetings.rules import LONGEST, MOST_SLOTS, Slot, overlaps

Time = tuple[int, int]  # begins, ends; microseconds UTC


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which a host receives families, as the form has it: local day and times of day."""

    day: str
    begins: str
    ends: str
    place: str = ""
    provider: str = ""
    link: str = ""
    breaks: str = ""  # such as 18:00-18:15, 19:30-19:45


def cut(window: Window, minutes: int, buffer: int, zone: str, field: str = "") -> list[Time]:
    """The slots of a window: of so many minutes, with so many between two of them, and none in a break.

    Raises BadInput at a field whose name begins with `field`.
    """
    if not 1 <= minutes <= LONGEST:
        raise BadInput("minutes", _("Please enter how many minutes an appointment takes."))
    if not 0 <= buffer <= LONGEST:
        raise BadInput("buffer", _("Please enter how many minutes lie between two appointments, or 0."))
    begins = clock.local_instant(window.day, window.begins, zone, f"{field}begins")
    ends = clock.local_instant(window.day, window.ends, zone, f"{field}ends")
    if ends <= begins:
        raise BadInput(f"{field}ends", _("The end lies before the beginning. Please look at both times."))
    pauses = _breaks(window, zone, f"{field}breaks")
    found: list[Time] = []
    at, long = begins, minutes * clock.MINUTE
    while at + long <= ends:
        if len(found) >= MOST_SLOTS:
            raise BadInput("minutes", _("These are too many times at once. Please make fewer, or longer ones."))
        pause = next((pause for pause in pauses if overlaps(pause, (at, at + long))), None)
        if pause is not None:
            at = pause[1]
            continue
        found.append((at, at + long))
        at += long + buffer * clock.MINUTE
    if not found:
        raise BadInput(f"{field}ends", _("No appointment fits into this time. Please make it longer."))
    return found


def _breaks(window: Window, zone: str, field: str) -> list[Time]:
    found = []
    for part in window.breaks.replace("–", "-").replace(";", ",").split(","):
        if not part.strip():
            continue
        begins, dash, ends = (piece.strip() for piece in part.partition("-"))
        if not dash:
            raise BadInput(field, _("Please write a break with its beginning and end, such as 18:00-18:15."))
        pause = (
            clock.local_instant(window.day, begins, zone, field),
            clock.local_instant(window.day, ends, zone, field),
        )
        if pause[1] <= pause[0]:
            raise BadInput(field, _("A break ends before it begins. Please look at its times."))
        found.append(pause)
    return sorted(found)


# ---- One after another ----


@dataclass(frozen=True, slots=True)
class Wish:
    """How a family would like its appointments: not before, not after, at school, by video, or either ('')."""

    after: int = 0
    before: int = 0
    where: str = ""  # '', 'school' or 'video'

    def fits(self, slot: Slot) -> bool:
        if self.after and slot.starts_at < self.after:
            return False
        if self.before and slot.ends_at > self.before:
            return False
        return not self.where or slot.virtual == (self.where == "video")


Key = tuple[int, int]  # host and child


def plan(
    needs: Sequence[Key], free: Mapping[int, Sequence[Slot]], busy: Iterable[Time], gap: int, wish: Wish = Wish()
) -> dict[Key, Slot]:
    """A slot for as many of the needs as can be, close together, with `gap` minutes between any two.

    `free` are the free slots by host, `busy` the times at which this adult is somewhere already. Of plans for equally
    many the shortest is taken, and of those the earliest.
    """
    taken = list(busy)
    theirs = {host: [slot for slot in slots if wish.fits(slot)] for host, slots in free.items()}
    starts = sorted({slot.starts_at for host, _child in needs for slot in theirs.get(host, ())})
    best: tuple[int, int, int] | None = None
    found: dict[Key, Slot] = {}
    for start in starts:
        made = _from(start, needs, theirs, taken, gap * clock.MINUTE)
        times = [(slot.starts_at, slot.ends_at) for slot in made.values()]
        if not times:
            continue
        first = min(begins for begins, _end in times)
        rank = (-len(made), max(end for _begin, end in times) - first, first)
        if best is None or rank < best:
            best, found = rank, made
    return found


def _from(
    start: int, needs: Sequence[Key], free: Mapping[int, Sequence[Slot]], busy: Sequence[Time], gap: int
) -> dict[Key, Slot]:
    """The plan in which each next appointment is the earliest that can be reached. Who has the fewest left goes first
    where several begin at once."""
    left, at, used = list(needs), start, set[tuple[int, int]]()
    made: dict[Key, Slot] = {}
    while left:
        choices = []
        for host, child in left:
            able = [
                slot for slot in free.get(host, ())
                if slot.starts_at >= at
                and slot.taken + ((slot.id, 0) in used) < slot.places
                and not any(overlaps((a - gap, b + gap), (slot.starts_at, slot.ends_at)) for a, b in busy)
            ]  # fmt: skip
            if able:
                first = min(able, key=lambda slot: (slot.starts_at, slot.id))
                choices.append((first.starts_at, len(able), host, child, first))
        if not choices:
            break
        _begins, _able, host, child, slot = min(choices, key=lambda choice: choice[:4])
        made[(host, child)] = slot
        used.add((slot.id, 0))
        at = slot.ends_at + gap
        left.remove((host, child))
    return made


def nearest(slots: Iterable[Slot], to: int, most: int = 3) -> list[Slot]:
    """The free slots nearest in time to an instant, the earliest first."""
    return sorted(sorted(slots, key=lambda slot: abs(slot.starts_at - to))[:most], key=lambda slot: slot.starts_at)


def beside(slots: Iterable[Slot], times: Sequence[Time], gap: int) -> set[int]:
    """The slots that follow closely on one of these times, or come just before: with enough time between, and no more
    than three times as much (a quarter of an hour at least)."""
    least, most = gap * clock.MINUTE, max(3 * gap, 15) * clock.MINUTE
    return {
        slot.id
        for slot in slots
        for begins, ends in times
        if least <= slot.starts_at - ends <= most or least <= begins - slot.ends_at <= most
    }
