"""Empty sheets of the plain form to fill in, with headers in the reader's language."""

from __future__ import annotations

_ENGLISH = {
    "children": ("id", "given name", "family name", "born", "class", "class until", "language"),
    "guardians": (
        "child id", "given name", "family name", "email", "phone", "language", "relation", "decides", "sees",
    ),
    "staff": ("id", "given name", "family name", "email", "classes"),
}  # fmt: skip
SHEETS = tuple(_ENGLISH)
_WORDS = {
    "de": {
        "id": "Nr", "given name": "Vorname", "family name": "Nachname", "born": "geboren", "class": "Klasse",
        "class until": "Klasse bis", "language": "Sprache", "child id": "Kind Nr", "email": "E-Mail",
        "phone": "Telefon", "relation": "Beziehung", "decides": "entscheidet", "sees": "sieht", "classes": "Klassen",
    },
    "es": {
        "id": "Número", "given name": "Nombre", "family name": "Apellidos", "born": "Nacimiento", "class": "Clase",
        "class until": "Clase hasta", "language": "Idioma", "child id": "Niño id", "email": "Correo",
        "phone": "Teléfono", "relation": "Parentesco", "decides": "Decide", "sees": "Ve", "classes": "Clases",
    },
    "ar": {
        "id": "الرقم", "given name": "الاسم الأول", "family name": "اسم العائلة", "born": "تاريخ الميلاد",
        "class": "الصف", "class until": "الصف حتى", "language": "اللغة", "child id": "رقم الطفل",
        "email": "البريد الإلكتروني", "phone": "الهاتف", "relation": "القرابة", "decides": "يقرر", "sees": "يرى",
        "classes": "الصفوف",
    },
    "uk": {
        "id": "Номер", "given name": "Ім'я", "family name": "Прізвище", "born": "Дата народження", "class": "Клас",
        "class until": "Клас до", "language": "Мова", "child id": "Номер дитини", "email": "Пошта",
        "phone": "Телефон", "relation": "Стосунок", "decides": "вирішує", "sees": "бачить", "classes": "Класи",
    },
}  # fmt: skip


def template(sheet: str, language: str) -> bytes:
    """An empty sheet as UTF-8 with a byte order mark, so that spreadsheets read it right. Raises KeyError.

    Outside English, spreadsheets divide columns by semicolons.
    """
    words = _WORDS.get(language, {})
    divider = ";" if words else ","
    return ("\ufeff" + divider.join(words.get(word, word) for word in _ENGLISH[sheet]) + "\r\n").encode()
