"""Words that a secretary may write over the columns and in the cells of the plain form, in the portal's languages."""

from __future__ import annotations

import re
import unicodedata

from portal.i18n import LANGUAGES, NAMES

FILES = {
    "children": ("children", "kinder", "schüler", "niños", "alumnos", "أطفال", "الأطفال", "діти", "учні"),
    "guardians": (
        "guardians", "parents", "erziehungsberechtigte", "sorgeberechtigte", "eltern", "tutores", "padres",
        "أولياء الأمور", "опікуни", "батьки",
    ),
    "staff": ("staff", "teachers", "personal", "lehrkräfte", "profesores", "docentes", "المعلمون", "вчителі"),
}  # fmt: skip

_ID = ("id", "number", "nr", "nummer", "kennung", "número", "identificador", "رقم", "الرقم", "المعرف", "номер")
_GIVEN = ("given name", "first name", "vorname", "nombre", "الاسم", "الاسم الأول", "ім'я", "імя")
_FAMILY = ("family name", "last name", "surname", "nachname", "familienname", "apellido", "apellidos", "اسم العائلة",
           "прізвище")  # fmt: skip
_BORN = ("born", "birth date", "birthday", "date of birth", "geboren", "geburtsdatum", "geburtstag", "nacimiento",
         "fecha de nacimiento", "تاريخ الميلاد", "дата народження")  # fmt: skip
_LANGUAGE = ("language", "sprache", "idioma", "lengua", "اللغة", "мова")
_EMAIL = ("email", "e mail", "mail", "e-mail", "correo", "correo electrónico", "البريد الإلكتروني", "пошта",
          "електронна пошта", "ел. пошта")  # fmt: skip
_PHONE = ("phone", "telephone", "mobile", "telefon", "handy", "teléfono", "móvil", "الهاتف", "телефон")

COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "children": {
        "id": (*_ID, "child id", "kind id"),
        "given": _GIVEN,
        "family": _FAMILY,
        "born": _BORN,
        "class": ("class", "klasse", "clase", "grupo", "الصف", "الفصل", "клас"),
        "class until": ("class until", "klasse bis", "clase hasta", "الصف حتى", "клас до"),
        "language": _LANGUAGE,
    },
    "guardians": {
        "id": (*_ID, "guardian id"),
        "given": _GIVEN,
        "family": _FAMILY,
        "email": _EMAIL,
        "phone": _PHONE,
        "language": _LANGUAGE,
        "relation": ("relation", "relationship", "beziehung", "verhältnis", "relación", "parentesco", "القرابة",
                     "стосунок", "спорідненість"),
        "decides": ("decides", "custody", "entscheidet", "sorgerecht", "decide", "يقرر", "вирішує"),
        "sees": ("sees", "sieht", "ve", "يرى", "бачить"),
        "child": ("child", "child id", "child number", "kind", "kind id", "kind nr", "niño", "niño id", "رقم الطفل",
                  "дитина", "номер дитини"),
        "child given": ("child given name", "child first name", "kind vorname", "vorname kind", "vorname des kindes",
                        "nombre del niño", "اسم الطفل", "ім'я дитини"),
        "child family": ("child family name", "child last name", "kind nachname", "nachname kind",
                         "nachname des kindes", "apellido del niño", "apellidos del niño", "اسم عائلة الطفل",
                         "прізвище дитини"),
        "child born": ("child born", "child birth date", "kind geboren", "geburtsdatum kind", "geburtsdatum des kindes",
                       "nacimiento del niño", "تاريخ ميلاد الطفل", "дата народження дитини"),
    },
    "staff": {
        "id": (*_ID, "staff id"),
        "given": _GIVEN,
        "family": _FAMILY,
        "email": _EMAIL,
        "phone": _PHONE,
        "language": _LANGUAGE,
        "classes": ("classes", "class", "klassen", "klasse", "clases", "clase", "الصفوف", "الصف", "класи", "клас"),
    },
}  # fmt: skip

_YES = {"yes", "y", "ja", "j", "sí", "si", "s", "نعم", "так", "true", "wahr", "verdadero", "1", "x", "✓", "✔", "+"}
_NO = {"no", "n", "nein", "لا", "ні", "false", "falsch", "falso", "0", "-", "–"}

_LANGUAGE_NAMES = {
    **{code: code for code in LANGUAGES},
    **{name.casefold(): code for code, name in NAMES.items()},
    "german": "de", "spanish": "es", "arabic": "ar", "ukrainian": "uk", "englisch": "en", "spanisch": "es",
    "arabisch": "ar", "ukrainisch": "uk", "inglés": "en", "alemán": "de", "árabe": "ar", "ucraniano": "uk",
}  # fmt: skip


def plain(word: str) -> str:
    """A header word or file name without case, punctuation and doubled space."""
    word = unicodedata.normalize("NFC", word).casefold().replace("’", "'")
    return re.sub(r"[\s_\-]+", " ", word).strip(" :*")


def canonical(sheet: str) -> dict[str, str]:
    """Our column by every word that may stand over it."""
    return {plain(word): column for column, words in COLUMNS[sheet].items() for word in (column, *words)}


def sheet_of(file_name: str) -> str | None:
    """Which of the sheets a file is, by its name in lower case."""
    stem = plain(file_name.removesuffix(".csv"))
    return next((sheet for sheet, words in FILES.items() if stem in map(plain, words)), None)


def yes(text: str) -> bool | None:
    """What a cell says, or None if that cannot be known. Empty is not an answer either."""
    word = text.casefold()
    return True if word in _YES else False if word in _NO else None


def language(text: str) -> str | None:
    """The portal's code for a language's code or name, or None."""
    word = text.casefold()
    return _LANGUAGE_NAMES.get(word) or (word[:2] if word[:2] in LANGUAGES and word[2:3] in ("-", "_") else None)
