"""Surveys to start from. Their texts are translated like all others, so a new survey comes in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.sdk import LANGUAGES, NotVisible, _, language, new_id
from portal_surveys.rules import Condition, Option, Question, Texts


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to be asked. Texts are msgids; `options` pairs a text with what it means for `feeds`. `only_if`: the
    place of an earlier question, and of one of its options, both from 0."""

    kind: str
    label: str
    options: Sequence[tuple[str, str]] = ()
    help: str = ""
    required: bool = False
    low_label: str = ""
    high_label: str = ""
    feeds: str = ""
    only_if: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A survey to start from. `title`, `intro` and `about`, a sentence for whoever chooses, are msgids."""

    title: str
    about: str
    intro: str
    per: str
    anonymous: bool
    questions: Sequence[Ask]


YES, NO = (_("Yes"), ""), (_("No"), "")

CONTACT = Template(
    title=_("Technology and contact at home"),
    about=_("How the school reaches each guardian best, and what devices there are at home. By name."),
    intro=_("Please tell us how we reach you best, and what your child can use at home. It takes about three minutes."),
    per="guardian",
    anonymous=False,
    questions=(
        Ask(
            "choice",
            _("How should the school write to you?"),
            (
                (_("By e-mail"), "email"),
                (_("On paper, with my child"), "paper"),
                (_("Not at all: I look into the portal myself"), "none"),
            ),
            required=True,
            feeds="channel",
        ),
        Ask(
            "choice",
            _("In which language do you like to read?"),
            (
                (_("English"), "en"), (_("German"), "de"), (_("Spanish"), "es"), (_("Arabic"), "ar"),
                (_("Ukrainian"), "uk"), (_("Another one"), ""),
            ),
            required=True,
            feeds="language",
        ),
        Ask("text", _("Which language?"), only_if=(1, 5)),
        Ask(
            "many",
            _("When do we reach you best by telephone?"),
            (
                (_("In the early morning"), ""), (_("Late in the morning"), ""), (_("In the afternoon"), ""),
                (_("In the evening"), ""),
            ),
        ),
        Ask(
            "many",
            _("What can your child use for school at home?"),
            (
                (_("A computer"), ""), (_("A tablet"), ""), (_("A telephone"), ""), (_("A printer"), ""),
                (_("None of these"), ""),
            ),
        ),
        Ask(
            "choice",
            _("How is the internet at home?"),
            (
                (_("It works well"), ""), (_("It is slow or often gone"), ""), (_("Only on a telephone"), ""),
                (_("There is none"), ""),
            ),
        ),
        Ask("choice", _("Would a device on loan from the school help you?"), (YES, NO)),
        Ask("text", _("Is there anything else that would make contact easier for you?")),
    ),
)  # fmt: skip

EVENING = Template(
    title=_("How was the parents' evening?"),
    about=_("What families thought of the evening. Anonymous."),
    intro=_("Thank you for coming, or for telling us why you could not. Your answers help us to plan the next one."),
    per="family",
    anonymous=True,
    questions=(
        Ask("choice", _("Were you there?"), (YES, NO), required=True),
        Ask(
            "scale", _("How useful was the evening for you?"), low_label=_("Not useful"), high_label=_("Very useful"),
            only_if=(0, 0),
        ),
        Ask(
            "many",
            _("What was good?"),
            (
                (_("What we heard"), ""), (_("Time for questions"), ""), (_("Meeting other families"), ""),
                (_("The length"), ""),
            ),
            only_if=(0, 0),
        ),
        Ask(
            "many",
            _("What kept you from coming?"),
            (
                (_("The time of day"), ""), (_("Nobody to look after the children"), ""), (_("The way there"), ""),
                (_("I would not have understood the language"), ""), (_("I did not know about it"), ""),
            ),
            only_if=(0, 1),
        ),
        Ask(
            "ranking",
            _("What should the next evening be about? Put what matters most to you first."),
            (
                (_("Learning"), ""), (_("Living together in class"), ""), (_("Phones and the internet"), ""),
                (_("Food and exercise"), ""),
            ),
        ),
        Ask("text", _("What should we do differently next time?")),
    ),
)  # fmt: skip

SLIP = Template(
    title=_("Permission for a trip"),
    about=_("Whether each child may come along, signed by a parent or guardian. By name."),
    intro=_("Please tell us whether your child may come along."),
    per="child",
    anonymous=False,
    questions=(
        Ask("choice", _("May your child come along?"), (YES, NO), required=True),
        Ask("text", _("What should we know for the day?"), only_if=(0, 0)),
        Ask("signature", _("I have read what is written above, and this is my decision."), required=True),
    ),
)

TEMPLATES: Mapping[str, Template] = {"contact": CONTACT, "evening": EVENING, "slip": SLIP}


@dataclass(frozen=True, slots=True)
class Start:
    """What a new survey begins with."""

    title: Texts
    intro: Texts
    languages: tuple[str, ...]
    per: str
    anonymous: bool
    questions: Sequence[Question]


def start(template: str | None, main: str) -> Start:
    """An empty survey in one language, or one from a template in all of them. Raises NotVisible for an unknown one."""
    if template is None:
        return Start(Texts(main), Texts(main), (main,), "guardian", False, ())
    if template not in TEMPLATES:
        raise NotVisible
    chosen, languages = TEMPLATES[template], (main, *(code for code in LANGUAGES if code != main))
    return Start(
        title=said(chosen.title, main),
        intro=said(chosen.intro, main),
        languages=languages,
        per=chosen.per,
        anonymous=chosen.anonymous,
        questions=built(chosen.questions, main),
    )


def built(asks: Sequence[Ask], main: str) -> list[Question]:
    """The questions with new ids and in every language."""
    found: list[Question] = []
    for ask in asks:
        options = (Option(number, said(label, main), value) for number, (label, value) in enumerate(ask.options, 1))
        hangs = Condition(found[ask.only_if[0]].id, ask.only_if[1] + 1) if ask.only_if is not None else None
        found.append(
            Question(
                id=new_id(),
                kind=ask.kind,
                label=said(ask.label, main),
                help=said(ask.help, main),
                options=tuple(options),
                required=ask.required,
                low_label=said(ask.low_label, main),
                high_label=said(ask.high_label, main),
                only_if=hangs,
                feeds=ask.feeds,
            )
        )
    return found


def said(msgid: str, main: str) -> Texts:
    """A text of ours in every language."""
    return Texts(main, {code: language(code).text(msgid) for code in LANGUAGES} if msgid else {})
