"""What invitations say, in the reader's language. The letter and the mail take their sentences from here."""

from __future__ import annotations

from collections.abc import Sequence

from portal.i18n import Language, _, ngettext
from portal.identity.invitable import Invitee

_FIRST, _LAST = "\u2068", "\u2069"  # Unicode's isolates: a name keeps its own direction inside any sentence


def isolated(text: str) -> str:
    """A name or address to put into a sentence, in one line, unable to turn the text around it."""
    plain = "".join(sign for sign in " ".join(text.split()) if sign.isprintable() and sign not in _TURNS)
    return f"{_FIRST}{plain}{_LAST}"


_TURNS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def greeting(language: Language, name: str) -> str:
    return language.text(_("Dear %(name)s,"), name=isolated(name))


def opening(language: Language, person: Invitee, school: str) -> list[str]:
    """Why somebody gets this, ending with what introduces the children's names where there are any."""
    place = isolated(school)
    if person.kind == "child":
        return [
            language.text(
                _("The family portal of %(school)s shows you stories and photos of your class. You are invited to have"
                  " an account of your own, which your guardians have allowed or your age allows."),
                school=place,
            )
        ]
    if not person.children:
        return [
            language.text(
                _("The family portal of %(school)s is where families read about life in class. You are invited as a"
                  " member of staff."),
                school=place,
            )
        ]
    return [
        language.text(
            _("In the family portal of %(school)s you find stories and photos of life in class. And guardians decide"
              " there how far photos of their children may travel."),
            school=place,
        ),
        language.plural(
            *ngettext("You are invited as family of this child:", "You are invited as family of these children:",
                      len(person.children))
        ),
    ]


def closing(language: Language, last_day: str, contact: str) -> list[str]:
    """How long the code works, and whom to ask."""
    lines = [
        language.text(
            _("The code works once, until %(day)s, and it is for you alone: please do not pass it on. A newer letter"
              " makes it invalid."),
            day=isolated(language.day(last_day)),
        )
    ]
    if contact:
        lines.append(
            language.text(_("Is something not right, or do you need help? Please ask us: %(contact)s"),
                          contact=isolated(contact))
        )
    return lines


def check_step(language: Language, person: Invitee) -> str:
    """What to do after the code was taken."""
    if person.kind == "child" or not person.children:
        return language.text(_("Choose a password, and you are in."))
    return language.text(_("Check that we have the right children for you, and choose a password."))


def privacy(language: Language, school: str) -> str:
    return language.text(
        _("%(school)s runs this portal itself. Photos of a child are shown only as far as the child's guardians allow,"
          " and they can change their minds at any time. There is no advertising and no face recognition. You can read"
          " the whole privacy notice in the portal before and after you sign in."),
        school=isolated(school),
    )


def names(children: Sequence[str]) -> list[str]:
    return [isolated(name) for name in children]
