"""The people of the demo school whom one can sign in as, with their families and what they have decided."""

from __future__ import annotations

from portal import clock
from portal.demo.made import DOMAIN, Answer, CastMember, Home, Human, Made, Tie
from portal.kinds import ACCOUNT, PHOTO, VIDEO, Rung

DAY = 24 * 60


def add_cast(made: Made, today: str) -> None:
    """Puts the named people into the school; classes must be there already."""
    _staff(made)
    _children(made, today)
    _guardians(made, today)
    _answers(made)
    made.cast.extend(CastMember(part, part.replace(" ", "-"), about) for part, about in _ABOUT)


_ABOUT = (
    ("parent", "Anna Bergmann decides for Mila (3a) and Jonas (1a), who live in two homes."),
    ("co-parent", "Tomas Novak, their father in the other home; for Mila he allows less than Anna, so less holds."),
    ("grandparent", "Ingrid Bergmann sees what concerns Mila, but decides nothing."),
    ("former", "Viktor Lind, once Mila's guardian; the link has ended, and with it all he could see."),
    ("other parent", "Layla Haddad, mother of Sami (3a); reads Arabic."),
    ("no contact", "Marc Delorme must not see his daughter Emma (3a): a no-contact order."),
    ("unanswered", "Oksana Koval, mother of Daryna (2a), has not answered yet; reads Ukrainian."),
    ("child", "Noor Rahimi is 15 (9b): her own voice counts beside her father's, and he allows her account."),
    ("teacher", "Miriam Okoro has class 3a, with a draft and a scheduled story waiting."),
    ("second teacher", "Daniel Cho has class 4a and is a father too: his daughter Suji is in 2a."),
    ("office", "Samira Costa keeps people and paper forms."),
    ("safeguarding", "Helen Walsh sees what is on hold: photos with Finn (4a)."),
    ("admin", "Ruth Albers runs the portal."),
)  # fmt: skip

_ADULTS = (
    ("parent", "Anna", "Bergmann", "en"),
    ("co-parent", "Tomas", "Novak", "de"),
    ("grandparent", "Ingrid", "Bergmann", "de"),
    ("former", "Viktor", "Lind", "en"),
    ("other-parent", "Layla", "Haddad", "ar"),
    ("other-father", "Nabil", "Haddad", "ar"),
    ("no-contact", "Marc", "Delorme", "en"),
    ("emmas-mother", "Sophie", "Delorme", "en"),
    ("unanswered", "Oksana", "Koval", "uk"),
    ("noors-father", "Farid", "Rahimi", "de"),
    ("sujis-mother", "Hana", "Cho", "en"),
    ("finns-aunt", "Maeve", "Doyle", "en"),
)

_CHILDREN = (
    ("mila", "Mila", "Bergmann", "3a", 8),
    ("jonas", "Jonas", "Bergmann", "1a", 6),
    ("sami", "Sami", "Haddad", "3a", 8),
    ("emma", "Emma", "Delorme", "3a", 9),
    ("daryna", "Daryna", "Koval", "2a", 7),
    ("suji", "Suji", "Cho", "2a", 7),
    ("finn", "Finn", "Doyle", "4a", 9),
    ("child", "Noor", "Rahimi", "9b", 15),
)


def _login(key: str) -> str:
    return f"{key.replace('-', '')}@{DOMAIN}"


def _staff(made: Made) -> None:
    for key, given, family, language, roles, groups in (
        ("admin", "Ruth", "Albers", "en", ("admin",), ()),
        ("office", "Samira", "Costa", "en", ("office",), ()),
        ("safeguarding", "Helen", "Walsh", "en", ("safeguarding",), ()),
        ("teacher", "Miriam", "Okoro", "en", (), ("3a",)),
        ("second-teacher", "Daniel", "Cho", "en", (), ("4a",)),
        ("teacher-1a", "Birte", "Hansen", "de", (), ("1a",)),
        ("teacher-2a", "Olena", "Moroz", "uk", (), ("2a",)),
        ("teacher-2b", "Ricardo", "Vega", "es", (), ("2b",)),
        ("teacher-9b", "Thomas", "Arndt", "de", (), ("9b",)),
        ("teacher-music", "Leila", "Sabbagh", "ar", (), ("1a", "2a", "2b")),
        ("teacher-art", "Greta", "Johansson", "en", (), ("3a", "4a")),
        ("teacher-sports", "Kwabena", "Ofori", "en", (), ("3a", "4a", "9b")),
        ("teacher-science", "Priya", "Nair", "en", (), ("4a", "9b")),
        ("teacher-english", "James", "Hargreave", "en", (), ("2b", "9b")),
        ("teacher-support", "Mariam", "Diallo", "en", (), ("1a", "2a")),
    ):
        login = _login(key)
        made.people[key] = Human(key, "adult", given, family, language, email=login, login=login, roles=roles)
        made.staff.extend((key, group) for group in groups)


def _children(made: Made, today: str) -> None:
    for key, given, family, group, age in _CHILDREN:
        # Turned that age some months ago, so that the ages fit on whatever day the school is made.
        born = clock.add_days(f"{int(today[:4]) - age}-{today[5:8]}01", -100 - 17 * len(given))
        login = _login(key) if key == "child" else ""
        made.people[key] = Human(key, "child", given, family, "de", born, hold=key == "finn", login=login)
        made.members[group].append(key)


def _guardians(made: Made, today: str) -> None:
    for key, given, family, language in _ADULTS:
        login = "" if key == "finns-aunt" else _login(key)
        made.people[key] = Human(key, "adult", given, family, language, email=_login(key), login=login)
    began = clock.add_days(today, -700)
    made.ties.extend(
        (
            Tie("parent", "mila", "mother"),
            Tie("parent", "jonas", "mother"),
            Tie("co-parent", "mila", "father"),
            Tie("co-parent", "jonas", "father"),
            Tie("grandparent", "mila", "grandmother", decides=False),
            Tie("former", "mila", "guardian", starts=began, ends=clock.add_days(today, -25)),
            Tie("other-parent", "sami", "mother"),
            Tie("other-father", "sami", "father"),
            Tie("no-contact", "emma", "father"),
            Tie("emmas-mother", "emma", "mother"),
            Tie("unanswered", "daryna", "mother"),
            Tie("second-teacher", "suji", "father"),
            Tie("sujis-mother", "suji", "mother"),
            Tie("finns-aunt", "finn", "foster carer"),
            Tie("noors-father", "child", "father"),
        )
    )
    made.blocks.append(("no-contact", "emma"))
    made.homes.extend(
        (
            Home("Bergmann", ("parent",), ("mila", "jonas")),
            Home("Novak", ("co-parent",), ("mila", "jonas")),
            Home("Haddad", ("other-parent", "other-father"), ("sami",)),
            Home("Delorme", ("emmas-mother",), ("emma",)),
            Home("Koval", ("unanswered",), ("daryna",), paper=True),
            Home("Cho", ("second-teacher", "sujis-mother"), ("suji",)),
            Home("Doyle", ("finns-aunt",), ("finn",)),
            Home("Rahimi", ("noors-father",), ("child",)),
        )
    )


def _answers(made: Made) -> None:
    for child, by, photo, video, ago in (
        ("mila", "parent", Rung.SCHOOL, Rung.CLASS, 88),
        ("mila", "co-parent", Rung.CLASS, Rung.FAMILY, 80),
        ("mila", "former", Rung.CLASS, Rung.CLASS, 90),
        ("jonas", "parent", Rung.SCHOOL, Rung.SCHOOL, 88),
        ("jonas", "co-parent", Rung.SCHOOL, Rung.CLASS, 80),
        ("sami", "other-parent", Rung.CLASS, Rung.CLASS, 85),
        ("sami", "other-father", Rung.PUBLIC, Rung.SCHOOL, 84),
        ("emma", "emmas-mother", Rung.CLASS, Rung.NOBODY, 87),
        ("suji", "second-teacher", Rung.PUBLIC, Rung.SCHOOL, 86),
        ("suji", "sujis-mother", Rung.PUBLIC, Rung.SCHOOL, 86),
        ("finn", "finns-aunt", Rung.CLASS, Rung.CLASS, 70),
        ("child", "noors-father", Rung.SCHOOL, Rung.SCHOOL, 89),
        ("child", "child", Rung.CLASS, Rung.FAMILY, 60),
    ):
        made.answers.append(Answer(child, by, PHOTO, photo, ago * DAY))
        made.answers.append(Answer(child, by, VIDEO, video, ago * DAY))
    made.answers.append(Answer("child", "noors-father", ACCOUNT, Rung.FAMILY, 88 * DAY))
