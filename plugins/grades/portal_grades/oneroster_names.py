"""The names of OneRoster's gradebook: files, their columns in 1.1 and 1.2, and the words of its lists."""

from __future__ import annotations

from portal_grades.rules import STATUSES

V11, V12 = "1.1", "1.2"

_BASE = ("sourcedId", "status", "dateLastModified")
COLUMNS = {
    V11: {
        "categories": (*_BASE, "title"),
        "lineItems": (
            *_BASE, "title", "description", "assignDate", "dueDate", "classSourcedId", "categorySourcedId",
            "gradingPeriodSourcedId", "resultValueMin", "resultValueMax",
        ),
        "results": (
            *_BASE, "lineItemSourcedId", "studentSourcedId", "scoreStatus", "score", "scoreDate", "comment",
        ),
    },
    V12: {
        "categories": (*_BASE, "title", "weight"),
        "lineItems": (
            *_BASE, "title", "description", "assignDate", "dueDate", "classSourcedId", "categorySourcedId",
            "academicSessionSourcedId", "resultValueMin", "resultValueMax", "schoolSourcedId",
        ),
        "results": (
            *_BASE, "lineItemSourcedId", "studentSourcedId", "scoreStatus", "score", "scoreDate", "comment",
            "textScore", "classSourcedId", "inProgress", "incomplete", "late", "missing",
        ),
        "scoreScales": (
            *_BASE, "title", "type", "orgSourcedId", "courseSourcedId", "classSourcedId", "scoreScaleValue",
        ),
        "lineItemScoreScales": (*_BASE, "title", "lineItemSourcedId", "scoreScaleSourcedId"),
    },
}  # fmt: skip
NEEDED = {
    "academicSessions": ("sourcedId", "title"),
    "categories": ("sourcedId", "title"),
    "lineItems": ("sourcedId", "title", "classSourcedId"),
    "results": ("sourcedId", "lineItemSourcedId", "studentSourcedId"),
    "scoreScales": ("sourcedId", "title", "scoreScaleValue"),
    "lineItemScoreScales": ("lineItemSourcedId", "scoreScaleSourcedId"),
}
FILES = tuple(NEEDED)  # those that are read, in the order in which they are

# All files of a set, as a manifest lists them.
SETS = {
    V11: (
        "academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics",
        "enrollments", "lineItems", "orgs", "resources", "results", "users",
    ),
    V12: (
        "academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics",
        "enrollments", "lineItemLearningObjectiveIds", "lineItems", "lineItemScoreScales", "orgs", "resources",
        "resultLearningObjectiveIds", "results", "resultScoreScales", "roles", "scoreScales", "userProfiles",
        "userResources", "users",
    ),
}  # fmt: skip
ONLY_12 = ("lineItemScoreScales", "scoreScales", "resultScoreScales", "roles", "userProfiles", "userResources")


def plain(word: str) -> str:
    """A name as it is compared: letters and digits, small."""
    return "".join(letter for letter in word.casefold() if letter.isalnum())


_STATUS = {plain(status): status for status in STATUSES} | {
    "graded": "fully graded", "complete": "fully graded", "completed": "fully graded", "scored": "fully graded",
    "final": "fully graded", "excused": "exempt", "excluded": "exempt", "notsubmited": "not submitted",
    "partial": "partially graded", "partiallygrade": "partially graded", "turnedin": "submitted",
    "handedin": "submitted",
}  # fmt: skip
# What programs write as a status though the standard has columns of their own for it
_FLAGS = {"late": "late", "missing": "missing", "incomplete": "incomplete", "inprogress": "incomplete"}


def score_status(word: str) -> str | None:
    """One of the standard's five, however it is written; None for an unknown one."""
    return _STATUS.get(plain(word))


def flag_of(word: str) -> str:
    """The flag that a score status stands for which is none of the standard's; '' for none."""
    return _FLAGS.get(plain(word), "")


def yes(word: str) -> bool:
    return word.strip().casefold() in ("true", "1", "yes", "y", "t")
