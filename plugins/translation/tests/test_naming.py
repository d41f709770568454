"""Names and the school's own words: found in every form, not found in other words, and back in their place."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from portal_translation.naming import Names
from portal_translation.protect import Glossary, Guard, Mangled, Masked, Numbers, Term, mask
from portal_translation.telling import another, language_of

NAMES = Names(
    ["Mia", "Rose", "Will", "Mai", "Ben", "Thi", "José", "O'Brien", "Mia-Sophie", "Li", "van", "der", "Berg", "May",
     "Марія", "Олександр", "Лев", "محمد", "أمل", "فاطمة"]
)  # fmt: skip


def found(text: str, language: str, *, strict: bool = False) -> list[str]:
    return [text[start:end] for start, end in NAMES.spans(text, language, strict=strict)]


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "Mia's mother and mia and MIA.", ["Mia", "mia", "MIA"]),
        ("en", "Benefit, Bench, Miami, permian", []),
        ("en", "Ben-like, (Ben), “Ben”, Ben.", ["Ben", "Ben", "Ben", "Ben"]),
        ("en", "this is thin", []),
        ("en", "Jose and José and JOSÉ", ["Jose", "José", "JOSÉ"]),
        ("en", "O'Brien's and O’Brien", ["O'Brien", "O’Brien"]),
        ("en", "Mia-Sophie van der Berg came", ["Mia-Sophie van der Berg"]),
        ("en", "the van is in der Berg", ["Berg"]),
        ("en", "Li has a list", ["Li"]),
        ("de", "Mias Bild und Bens Ball", ["Mias", "Bens"]),
        ("uk", "Дали Марії книгу з Олександром, Марійка", ["Марії", "Олександром", "Марійка"]),
        ("ru", "Марию и Марией", ["Марию", "Марией"]),
        ("ar", "مع محمد ولمحمد وفاطمه", ["محمد ولمحمد وفاطمه"]),
        # Ordinary words, where they are words and where they are names.
        ("en", "She has a rose. The Rose is red. Will you come? In May we will.", []),
        ("en", "Rose has a cat. Then Will came. Ask May.", ["Rose", "Will", "May"]),
        ("en", "will Berg come? Will Berg came.", ["Berg", "Will Berg"]),
        ("de", "Im Mai blüht die Rose.", []),
        ("de", "Heute hat Rose gemalt, und Mai hilft.", ["Rose", "Mai"]),
        ("ar", "عندنا أمل كبير", []),
        ("ar", "محمد أمل", ["محمد أمل"]),
        ("uk", "лев і Лев", ["Лев"]),
    ],
)  # fmt: skip
def test_names_are_found_and_words_are_not(language: str, text: str, names: list[str]) -> None:
    assert found(text, language) == names


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "Will you come in May? The Rose is red. She has a rose.", ["Will", "May", "Rose"]),
        ("de", "Im Mai blüht die Rose.", ["Mai", "Rose"]),
        ("ar", "عندنا أمل كبير", ["أمل"]),
        ("en", "The van of der.", []),
    ],
)
def test_for_an_engine_outside_every_capital_counts(language: str, text: str, names: list[str]) -> None:
    assert found(text, language, strict=True) == names


def guard(source: str = "en", target: str = "es", *, terms: tuple[Term, ...] = ()) -> Guard:
    return Guard(NAMES, Glossary(terms), source, target, strict=False)


TERMS = (Term("Form tutor", "en", {"es": "tutora"}), Term("PE kit", "", {}), Term("IT", "en", {}),
         Term("Form tutor group", "en", {"es": "grupo"}))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The form tutor's room", ["tutora"]),
        ("Form  Tutor group", ["grupo"]),
        ("the PE-kit and the PE kits", ["PE-kit"]),
        ("IT or it", ["IT"]),
        ("Platform tutor", []),
        ("Mail a.b+c@school.example, www.school.example/x?y. Go!", ["a.b+c@school.example", "www.school.example/x?y"]),
        ("https://school.example/a(b).", ["https://school.example/a(b"]),
        ("Call +49 (30) 123-4567 at 14:30 on 3.12.2026, 5 €", ["+49 (30) 123-4567", "14:30", "3.12.2026"]),
        ("#fete @school 🎉🎉 *star*", ["#fete", "@school", "🎉🎉", "*", "*"]),
    ],
)
def test_what_is_kept(text: str, kept: list[str]) -> None:
    assert [said for _start, _end, said in guard(terms=TERMS).spans(text)] == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("She lives at 12b Old Baker Street, AB1 2CD now.", ["12b Old Baker Street", "AB1 2CD"]),
        ("Lindenstraße 5, 12345 Berlin. Am Platz 3 Kinder.", ["Lindenstraße 5", "12345 Berlin", "Am Platz 3"]),
        ("Vive en calle del Pez 7 y en Avda. de la Luz, 12.", ["calle del Pez 7", "Avda. de la Luz, 12"]),
        ("Живе на вул. Лесі Українки, 5 у Києві.", ["вул. Лесі Українки, 5"]),
        ("Call +49 30 1234567 or mail a@school.example.", ["+49 30 1234567", "a@school.example"]),
        ("We walk 12 Children Road safety.", ["12 Children Road"]),
    ],
)
def test_where_somebody_lives_does_not_leave_the_school(text: str, kept: list[str]) -> None:
    outside = Guard(Names([]), Glossary(()), "en", "es", strict=True)
    assert [said for _start, _end, said in outside.spans(text)] == kept


def test_each_comes_back_once_or_it_is_no_translation() -> None:
    masked = mask("Mia and Ben and Mia", guard(), Numbers([]), "[]")
    one, two, three = masked.kept
    assert masked.restored(f"[{two}] con {one} y ({three}).", "ltr") == "Ben con Mia y Mia."
    for wrong in (f"[{one}] y [{two}]", f"[{one}] [{two}] [{three}] [{three}]", f"{one}{two} {three}", ""):
        with pytest.raises(Mangled):
            masked.restored(wrong, "ltr")


def test_arabic_digits_and_directions() -> None:
    masked = Masked("", {"4711": "+49 30 12", "4712": "Mia", "4713": "محمد"})
    arabic = "4711".translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert masked.restored(f"[{arabic}] [4712] [4713]", "rtl") == "\u2068+49 30 12\u2069 \u2068Mia\u2069 محمد"
    assert masked.restored("4711 4712 4713", "ltr") == "+49 30 12 Mia \u2068محمد\u2069"


@given(st.text(alphabet="MiaBenRose '’-.,[]⟦⟧0123456789\nМаріїяمحدو@:/w(){}<>«»", max_size=120))
@settings(max_examples=100, deadline=None)
def test_nothing_is_lost_on_the_way(text: str) -> None:
    for brackets in ("[]", "⟦⟧"):
        masked = mask(text, guard(), Numbers([text]), brackets)
        assert masked.restored(masked.text, "ltr").replace("\u2068", "").replace("\u2069", "") == text
        for said in masked.kept.values():
            assert said in text


def test_a_long_text_and_a_large_school_take_no_time() -> None:
    many = Names(f"Name{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}" for n in range(3000))
    start = time.process_time()
    assert many.spans("Nameaaa went to school with her friends. " * 500, "en", strict=True)
    outside = Guard(NAMES, Glossary(()), "en", "es", strict=True)
    many_times = "calle a " * 2_500, "1 A " * 5_000, "1 " * 10_000, "a" * 20_000
    for evil in (*many_times, "1-" * 10_000, "a.b@" * 5_000, "www." * 5_000, "'" * 20_000):
        with suppress(Mangled):
            mask(evil, outside, Numbers([evil]), "[]")
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Dear families, the museum is open and we are there", "en"), ("Liebe Familien, wir sind im Museum", "de"),
        ("Queridas familias, el museo está abierto", "es"), ("نزور المتحف غدا", "ar"), ("Ми їдемо до музею", "uk"),
        ("Мы идём в музей, это близко", "ru"), ("ok 👍", "de"), ("", "de"),
    ],
)  # fmt: skip
def test_the_language_of_a_text(text: str, code: str) -> None:
    assert language_of(text, "de") == code


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        ("Sixty lanterns, made by you and me. We sang, and all of the people were there.", "es", "en"),
        ("Lantern walk", "es", ""), ("Hasta mañana", "en", "es"), ("José paints", "en", ""),
        ("Ми їдемо до музею", "en", "uk"),
        ("Dear families, we are in the museum", "ar", "en"), ("Мы идём", "uk", ""),
        ("Liebe Familien, wir sind im Museum", "fr", ""),
    ],
)  # fmt: skip
def test_what_was_said_of_a_language_counts_unless_it_is_clearly_another(text: str, said: str, code: str) -> None:
    assert another(text, said) == code


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "Will is seven. Will: bread. Will you come? Will", ["Will", "Will", "Will"]),
        ("en", "May turned seven. May is warm. Will's dog.", ["May", "Will's"]),
        ("en", "Rose, Will & May sang. Will and Rose sang. Will, we won.", ["Rose", "Will", "May", "Will", "Rose"]),
        ("de", "Will hat gemalt. Will er kommen?", ["Will"]),
        ("uk", "Лев намалював.", ["Лев"]),
    ],
)
def test_what_stands_behind_the_first_word_tells_whether_it_is_a_name(
    language: str, text: str, names: list[str]
) -> None:
    assert [name.removesuffix("'s") for name in found(text, language)] == [n.removesuffix("'s") for n in names]
