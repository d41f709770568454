"""A filled form: what of it is an answer, and what is not right."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from portal.sdk import BadInput, _
from portal_surveys.rules import MOST_TEXT, Question, applies

MISSING = _("Please answer this question.")
CHOOSE = _("Please choose one of the answers given here.")
ORDER = _("Please give every answer a place of its own.")
A_DAY = _("Please give a day, such as 2026-11-21.")
TOO_LONG = _("This is too long: up to 5,000 characters fit. Please shorten it, or write to the school directly.")
SIGN = _("Please sign with your password.")


class Unanswered(BadInput):
    """A form that cannot be kept as it is. `errors`: a msgid for each question that is not right."""

    def __init__(self, errors: Mapping[int, str]) -> None:
        first = next(iter(errors))
        super().__init__(f"q{first}", errors[first])
        self.errors = errors


def check(
    questions: Sequence[Question], given: Mapping[int, Any], files: Mapping[int, int] | None = None
) -> tuple[dict[int, Any], dict[int, str]]:
    """The answers of a form that somebody sends, and a msgid for each question that is not right.

    `given` by question id, of the types that `Question` names; what is empty counts as no answer. A question that is
    not asked, because of its condition, loses its answer. `files`: the sealed files by question; no form names one.
    """
    values: dict[int, Any] = {}
    errors: dict[int, str] = {}
    for question in questions:
        if not applies(question, values):
            continue
        value = (files or {}).get(question.id) if question.kind == "file" else given.get(question.id)
        if isinstance(value, str):
            value = value.strip()
        if value in (None, "", [], {}):
            if question.required:
                errors[question.id] = SIGN if question.kind == "signature" else MISSING
            continue
        problem = _problem(question, value)
        if problem:
            errors[question.id] = problem
        else:
            values[question.id] = value
    return values, errors


def _problem(question: Question, value: Any) -> str:
    """What is not right about a value; '' for one that is."""
    known = {option.id for option in question.options}
    match question.kind:
        case "choice":
            return "" if _whole(value) and value in known else CHOOSE
        case "many":
            return "" if _numbers(value) and known.issuperset(value) and len(set(value)) == len(value) else CHOOSE
        case "ranking":
            return "" if _numbers(value) and sorted(value) == sorted(known) else ORDER
        case "scale":
            return "" if _whole(value) and question.low <= value <= question.high else CHOOSE
        case "date":
            return "" if isinstance(value, str) and _is_day(value) else A_DAY
        case "text":
            return TOO_LONG if not isinstance(value, str) or len(value) > MOST_TEXT else ""
        case "signature":
            return "" if isinstance(value, dict) and value.keys() == {"name", "at", "sha256"} else SIGN
    return ""


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _numbers(value: Any) -> bool:
    return isinstance(value, list) and all(map(_whole, value))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


MOST_KEPT = 4 * MOST_TEXT  # characters of a text in a half-filled form: too long is said when it is sent


def half_filled(questions: Iterable[Question], given: Mapping[int, Any]) -> dict[int, Any]:
    """What of a half-filled form is kept: anything that could become an answer. Files wait elsewhere, and nobody has
    signed before sending."""
    found: dict[int, Any] = {}
    for question in questions:
        value: Any = given.get(question.id)
        if isinstance(value, str) and question.kind in ("text", "date"):
            value = value[:MOST_KEPT]
        elif question.kind in ("many", "ranking"):
            known = {option.id for option in question.options}
            value = list(dict.fromkeys(v for v in value if v in known)) if _numbers(value) else None
        elif question.kind not in ("choice", "scale") or not _whole(value) or abs(value) >= 2**31:
            value = None
        if value not in (None, "", []):
            found[question.id] = value
    return found


def fingerprint(questions: Iterable[Question]) -> str:
    """Changes with whatever somebody was asked."""
    shown = "\0".join(
        repr((q.id, q.kind, q.label, q.help, q.options, q.required, q.sensitive, q.low, q.high, q.only_if))
        for q in questions
    )
    return hashlib.sha256(shown.encode()).hexdigest()[:24]


def wording(question: Question, reader: str) -> str:
    """The sha256 of a question's text as shown to a reader of this language: what a signature is given to."""
    return hashlib.sha256(f"{question.label.text(reader)}\n{question.help.text(reader)}".encode()).hexdigest()
