"""Letters: what stands in the PDF, and what names cannot do in it."""

from __future__ import annotations

import io
import time

import pypdf
import pytest
import segno

from portal import clock
from portal.delivery import invitations, letters
from portal.identity import codes
from portal.identity.invitable import Child, Invitee
from portal.people.school import School

SCHOOL = School(name="Linden School", timezone="Europe/Berlin", address="1 Lime Street\n10115 Berlin",
                contact="office@linden.example")
URL = "https://portal.linden.example"
NOW = 1_790_000_000 * clock.SECOND


def invitee(number: int, name: str, language: str, *children: str, kind: str = "adult", staff: bool = False) -> Invitee:
    own = tuple(Child(n, child, ("3a",)) for n, child in enumerate(children))
    return Invitee(number, kind, name, "x@mail.example", language, staff, own)


FAMILIES = [
    invitee(1, "Sarah O'Neill", "en", "Mia O'Neill", "Ben O'Neill"),
    invitee(2, "Jürgen Großmann", "de", "Lena Großmann"),
    invitee(3, "María Peñaranda", "es", "Íñigo Peñaranda"),
    invitee(4, "أمينة حداد", "ar", "Sami Haddad", "نور حداد"),
    invitee(5, "Оксана Ґалаґан", "uk", "Їжак Ґалаґан"),
]


def bare(text: str) -> str:
    """Without what orders or divides text."""
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace())


async def read(people: list[Invitee], made: dict[int, str]) -> list[str]:
    pdf = await letters.letters(SCHOOL, URL, people, made, NOW)
    return [bare(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


async def test_one_page_each_with_what_the_guardian_needs() -> None:
    made = {person.person: codes.make() for person in FAMILIES}
    pages = await read(FAMILIES, made)
    assert len(pages) == len(FAMILIES)
    for person, page in zip(FAMILIES, pages, strict=True):
        assert made[person.person] in page
        assert "portal.linden.example/welcome" in page
        assert "LindenSchool" in page
        assert "office@linden.example" in page
        for other in FAMILIES:
            assert (made[other.person] in page) == (other is person), "nobody gets another's code"
            for child in other.children:
                if child.name.isascii() or other.language in ("de", "es", "uk"):
                    assert (bare(child.name) in page) == (other is person)


async def test_the_square_leads_to_the_code() -> None:
    code = "BCDFG-HJKMN-PQRST"
    address = letters.address(URL, code)
    assert address == "https://portal.linden.example/welcome/BCDFG-HJKMN-PQRST"
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", border=4, light="white", xmldecl=False)
    person = FAMILIES[0]
    assert letters._letter(SCHOOL, URL, person, code, NOW)["square"] == drawn.getvalue().decode()
    assert segno.make_qr(letters.address(URL, "BCDFG-HJKMN-PQRSS")).matrix != segno.make_qr(address).matrix


HOSTILE = [
    "#panic()", '#read("/etc/passwd")', "*bold* _it_ $x^2$", "= Heading", "`raw`", "<label> @ref", '"; #exit',
    "a\\ b//c",
    "\u202egnp.exe", "#include \"letter.typ\"", "{{ 7*7 }} %(day)s %s",
]


@pytest.mark.parametrize("name", HOSTILE)
async def test_names_are_never_markup(name: str) -> None:
    (page,) = await read([invitee(1, name, "en", name)], {1: codes.make()})
    shown = bare(name.replace("\u202e", ""))
    assert page.count(shown) >= 3, "in the window, in the greeting, among the children"


async def test_same_data_same_bytes() -> None:
    made = {person.person: codes.make() for person in FAMILIES}
    first = await letters.letters(SCHOOL, URL, FAMILIES, made, NOW)
    assert await letters.letters(SCHOOL, URL, FAMILIES, made, NOW) == first
    assert await letters.letters(SCHOOL, URL, FAMILIES, made | {1: codes.make()}, NOW) != first


async def test_only_our_own_fonts_and_a_title() -> None:
    made = {person.person: codes.make() for person in FAMILIES}
    pdf = pypdf.PdfReader(io.BytesIO(await letters.letters(SCHOOL, URL, FAMILIES, made, NOW)))
    found = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()]
    fonts = {str(font["/BaseFont"]) for font in found}
    assert fonts
    assert all("IBMPlexSans" in font for font in fonts)
    assert pdf.metadata is not None
    assert pdf.metadata.title


async def test_long_families_stay_on_one_page() -> None:
    many = invitee(1, "Maximilian-Alexander von und zu Hohenstein-Oberlangenfeld", "de",
                   *[f"Kind{n} von und zu Hohenstein-Oberlangenfeld" for n in range(8)])
    assert len(await read([many], {1: codes.make()})) == 1


async def test_staff_and_children_get_words_of_their_own() -> None:
    staff, child, guardian = await read(
        [invitee(1, "Tom Teacher", "en", staff=True), invitee(2, "Noor Haddad", "en", "Noor Haddad", kind="child"),
         invitee(3, "Sarah O'Neill", "en", "Mia O'Neill")],
        {n: codes.make() for n in (1, 2, 3)},
    )
    assert "amemberofstaff" in staff
    assert "anaccountofyourown" in child
    assert "asfamilyofthischild" in guardian
    assert "family of" not in staff + child


async def test_two_hundred_letters_take_seconds() -> None:
    people = [invitee(n, f"{FAMILIES[n % 5].name} {n}", FAMILIES[n % 5].language, "Mia", "Ben") for n in range(200)]
    started = time.perf_counter()
    pdf = await letters.letters(SCHOOL, URL, people, {n: codes.make() for n in range(200)}, NOW)
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 200
    assert time.perf_counter() - started < 30


def test_the_mail_says_the_same() -> None:
    subject, body = invitations.mail(SCHOOL, URL, FAMILIES[0], "BCDFG-HJKMN-PQRST", NOW)
    assert "Linden School" in subject
    assert "https://portal.linden.example/welcome/BCDFG-HJKMN-PQRST" in body
    assert "Ben O'Neill" in body
    assert "Lena" not in body
