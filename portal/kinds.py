"""Plain values that every part speaks: identifiers, rungs, viewers, access. No I/O, no framework."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from enum import Enum, IntEnum

# Identifiers are made here, not by a database: ordered by time, and small enough for a BIGINT and a SQLite rowid.
# 41 bits of milliseconds since 2025, then 22 bits that begin anywhere in each millisecond and count up from there, so
# that two processes hardly ever meet; a database would refuse the second of two equal keys.
_EPOCH_MS = 1_735_689_600_000
_latest = 0
_one_at_a_time = threading.Lock()


def new_id() -> int:
    """A new identifier: positive, below 2**63, larger than every earlier one of this process."""
    global _latest
    with _one_at_a_time:
        now = (time.time_ns() // 1_000_000 - _EPOCH_MS) << 22
        _latest = now | int.from_bytes(os.urandom(3)) >> 3 if now > _latest else _latest + 1
        return _latest


def typed_id(text: str) -> int | None:
    """An identifier as a form sends it, in ASCII digits; None for what is none. Ids reach 19 digits in July 2032."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 19 else 0
    return number if 0 < number < 2**63 else None


class Rung(IntEnum):
    """The ladder: how far a child's photos may travel, and equally how near a viewer stands to a child."""

    NOBODY = 0
    FAMILY = 1
    CLASS = 2
    SCHOOL = 3
    PUBLIC = 4

    @property
    def word(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Rung:
        """The rung named by `word`. Raises KeyError."""
        return cls[word.upper()]


PHOTO = "photo"
VIDEO = "video"
ACCOUNT = "account"  # may a child below the school's age use an account of its own?

ROLES = ("admin", "safeguarding", "office")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking. `person` is None for a visitor who has not signed in."""

    person: int | None = None

    @property
    def anonymous(self) -> bool:
        return self.person is None


ANONYMOUS = Viewer()


class Access(Enum):
    """What a route asks of its visitor. Every route declares one; the application refuses to start without."""

    PUBLIC = "public"  # everybody; what is shown is still decided photo by photo
    SIGNED_IN = "signed_in"  # anybody with a valid session
    FAMILY = "family"  # a guardian (decides or sees for a child), or a child
    STAFF = "staff"  # staff of a group, or any role
    RECORDS = "records"  # any role: may look people up and care for their records
    OFFICE = "office"  # the role office or admin
    ADMIN = "admin"  # the role admin
    SAFEGUARDING = "safeguarding"  # the role safeguarding


class AudienceKind(Enum):
    """Whom a story or photo is offered to."""

    GROUPS = "groups"
    SCHOOL = "school"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Audience:
    kind: AudienceKind
    groups: tuple[int, ...] = ()

    @property
    def streams(self) -> tuple[int, ...]:
        """The streams (see `SCHOOL_STREAM`) in which something with this audience is offered."""
        if self.kind is AudienceKind.GROUPS:
            return self.groups
        return (SCHOOL_STREAM,) if self.kind is AudienceKind.SCHOOL else (PUBLIC_STREAM,)


# A stream is an ordered list of what is offered to somebody: a group's id, a child's id, or one of these two.
PUBLIC_STREAM = 0
SCHOOL_STREAM = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """One photo as a viewer gets it. `redaction` is 0 for the original.

    The door tells alt text and size along with it; where nobody did, `width` is 0.
    """

    photo: int
    redaction: int = 0
    alt: str = field(default="", compare=False)
    width: int = field(default=0, compare=False)
    height: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the consent ledger as the rule reads it. `at` in microseconds UTC, `until` a day or None."""

    seq: int
    by: int
    rung: Rung
    at: int
    until: str | None
