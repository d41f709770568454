"""What several pages say: whom a survey asks, who sees its answers, what is wrong, and how questions are numbered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from portal.sdk import Audience, AudienceKind, Group, Language, PortalError, Who, _, ngettext
from portal_surveys.rules import Question


def told(person: Who, wrong: PortalError) -> str:
    """What is wrong, in the reader's language."""
    return person.language.text(wrong.message, **wrong.values)


def numbers(questions: Iterable[Question]) -> dict[int, tuple[int, Question]]:
    """The questions by id, with the number that each has on the page."""
    return {question.id: (number, question) for number, question in enumerate(questions, 1)}


def audience(asked: Audience, known: Mapping[int, Group], language: Language) -> str:
    """Class names in the order of the names, or the words for the whole school."""
    if asked.kind is AudienceKind.SCHOOL:
        return language.text(_("The whole school"))
    return ", ".join(sorted(known[group].name for group in asked.groups if group in known))


def seen_by(asked: Audience, author: str, known: Mapping[int, Group], language: Language) -> str:
    """Who sees the answers to a survey by name."""
    label = audience(asked, known, language)
    if asked.kind is AudienceKind.SCHOOL or not label:
        return language.text(_("%(author)s and the administrators of the portal"), author=author)
    return language.text(
        _("%(author)s, the staff of %(classes)s and the administrators of the portal"), author=author, classes=label
    )


def reminder(days: int, language: Language) -> str:
    """When a reminder goes out."""
    if not days:
        return language.text(_("No reminder"))
    return language.plural(*ngettext("%(num)s day before the last day", "%(num)s days before the last day", days))


CLOSING = {  # what it means, by whether the survey is anonymous
    False: _("It takes no more answers then. You can open it again."),
    True: _(
        "It takes no more answers then, and being anonymous it cannot be opened again. If fewer than five have"
        " answered, their answers are thrown away unread."
    ),
}

_PLACES = {
    "title": _("Title"),
    "intro": _("Introduction"),
    "label": _("Question %(number)s"),
    "help": _("Explanation of question %(number)s"),
    "low": _("Lowest step of question %(number)s"),
    "high": _("Highest step of question %(number)s"),
    "option": _("Answer to question %(number)s"),
}


def places(language: Language) -> Callable[[str, Mapping[int, tuple[int, Question]]], str]:
    """What the text at a key of `rules.places` is."""

    def said(key: str, numbers: Mapping[int, tuple[int, Question]]) -> str:
        kind, _sep, rest = key.partition(":")
        if not rest:
            return language.text(_PLACES[kind])
        return language.text(_PLACES[kind], number=language.number(numbers[int(rest.partition(":")[0])][0]))

    return said
