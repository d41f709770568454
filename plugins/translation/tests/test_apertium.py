"""Letters as schools write them, through the real Apertium: names, the school's words, lines, spaces and marks."""

from __future__ import annotations

from portal_translation.apertium import Apertium
from portal_translation.naming import Names
from portal_translation.pipeline import Refusal, translate
from portal_translation.protect import Glossary, Guard, Term
from wanting import needs_apertium

pytestmark = needs_apertium
NAMES = Names(["Rose", "Will", "Mia-Sophie", "O'Brien", "Ben", "Mia", "Олександр", "Юлія", "Марія", "Лев", "Lucía"])
TERMS = Glossary([Term("Form tutor", "en", {"es": "tutora"}), Term("PE kit", "en", {"es": "ropa de deporte"})])


async def check(source: str, target: str, expected: dict[str, str]) -> None:
    """All at once, as the job does it."""
    guard = Guard(NAMES, TERMS, source, target, strict=False)
    answers = await translate(Apertium(), list(expected), guard)
    assert dict(zip(expected, answers, strict=True)) == expected
    assert not any(sign in str(answer) for answer in answers for sign in "⟦⟧*@¦")


async def test_english_and_spanish() -> None:
    await check("en", "es", {
        "Rose and Will painted. Will is seven today.": "Rose y Will pintaron. Will es siete hoy.",
        "Mia-Sophie's painting won a prize!": "¡La pintura de Mia-Sophie ganó un premio!",
        "Our guest O'Brien read it. Ben's and Mia's dogs sang.":
            "Nuestro huésped O'Brien lo leyó. Los perros de Ben y Mia cantaron.",
        "Dear families,\n\n- a raincoat\n- the PE kit (3a)\n\nForm tutor, 3a\n":
            "Queridas familias,\n\n- un impermeable\n- el ropa de deporte (3a)\n\nTutora, 3a\n",
        "The form tutor's room": "La sala del tutora",
        'They said: "Hello!" he answered. Do you have books?':
            'Dijeron: "¡Hola!" contestó. ¿Tienes libros?',
        "THE CHILDREN WON THE PRIZE": "LOS NIÑOS GANARON EL PREMIO",
        "Please bring a raincoat.": "Por favor traer un impermeable.",
        "[Mia] (Ben) £4.20 12 kg paper": "[Mia] (Ben) £4.20 12 kg papel",
        "Music\tart": "Música\tarte",
        "The squishiness": "El squishiness",
        "Lesen wir heute alle ein Buch?\nThe dog sang.": "Lesen wir heute alle ein Buch?\nEl perro cantó.",
    })  # fmt: skip
    await check("es", "en", {
        "Lucía no puede ir a clase.": "Lucía can not go to class.",
        "Queridas familias:\n\n• Un libro": "Dear families:\n\n• A book",
    })


async def test_russian_and_ukrainian() -> None:
    await check("ru", "uk", {
        "Мой телефон. Моя дочь болеет.": "Мій телефон. Моя дочка боліє.",  # two words, not one
        "Спасибо всем, кто помогал.": "Спасибі всім, хто допомагав.",  # words that could be several
        "Пришлите, пожалуйста, книгу.": "Надішліть, будь ласка, книгу.",
        "Класс 3-Б": "Клас 3-Б",
    })
    await check("uk", "ru", {
        "Подаруйте Олександрові книгу, а Марії — м'яч.": "Подарите Олександрові книгу, а Марії — м'яч.",
        "Принесіть фарби! Не маю часу.": "Принесите краски! Не имею времени.",  # not the verb twice
        "30 листопада, без Юлії. Лев приніс книгу.": "30 ноября, без Юлії. Лев принёс книгу.",
    })


async def test_a_long_text_is_whole() -> None:
    text = "Today the children planted trees, and Mia sang.\n" * 400
    (answer,) = await translate(Apertium(), [text], Guard(NAMES, TERMS, "en", "es", strict=False))
    assert not isinstance(answer, Refusal)
    assert (answer.count("\n"), answer.count("Mia")) == (400, 400)
