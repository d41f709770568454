"""Words that stand in teachers' sheets, in the languages of the portal, as `mapping.plain` makes them."""

from __future__ import annotations

import unicodedata


def _all(*words: str) -> frozenset[str]:
    spread = (unicodedata.normalize("NFKD", word.casefold()) for word in words)
    return frozenset("".join(letter for letter in word if letter.isalnum()) for word in spread)


COLUMNS = {
    "name": _all(
        "name", "names", "student", "students", "student name", "pupil", "child", "full name", "learner",
        "Schüler", "Schülerin", "Schüler/in", "Schüler*in", "Schülername", "Kind", "Vor- und Nachname",
        "Name, Vorname", "Nachname, Vorname", "nombre completo", "alumno", "alumna", "alumnado", "estudiante",
        "apellidos y nombre", "nombre y apellidos", "الاسم", "اسم الطالب", "الطالب", "التلميذ", "الاسم الكامل",
        "учень", "учениця", "ПІБ", "прізвище та ім'я", "прізвище, ім'я", "дитина",
    ),
    "given": _all(
        "given name", "first name", "firstname", "given", "forename", "Vorname", "Rufname", "nombre", "nombres",
        "الاسم الأول", "ім'я",
    ),
    "family": _all(
        "family name", "last name", "lastname", "surname", "family", "Nachname", "Familienname", "apellido",
        "apellidos", "primer apellido", "اسم العائلة", "اللقب", "прізвище",
    ),
    "id": _all(
        "sourcedId", "student id", "studentid", "sis user id", "sis id", "student sourcedId", "studentSourcedId",
        "identifier", "Schüler-ID", "Schülernummer", "Kennung", "identificador", "id del alumno", "matrícula",
        "رقم الطالب", "المعرف", "ідентифікатор", "id",
    ),
    "comment": _all(
        "comment", "comments", "feedback", "remark", "remarks", "note to family", "Kommentar", "Bemerkung",
        "Bemerkungen", "Anmerkung", "Rückmeldung", "comentario", "comentarios", "observaciones", "تعليق", "ملاحظة",
        "ملاحظات", "коментар", "коментарі", "примітка",
    ),
    "title": _all(
        "assignment", "assignment title", "assignment name", "task", "work", "Aufgabe", "Arbeit", "Titel", "title",
        "tarea", "trabajo", "actividad", "título", "الواجب", "المهمة", "العنوان", "завдання", "робота", "назва",
    ),
    "most": _all(
        "points possible", "out of", "max points", "maximum", "max", "maximum points", "Höchstpunktzahl",
        "mögliche Punkte", "Maximalpunkte", "von", "puntos posibles", "puntuación máxima", "máximo",
        "الدرجة القصوى", "الدرجة العظمى", "максимум", "максимальний бал",
    ),
    "due": _all(
        "due", "due date", "due day", "deadline", "Abgabe", "Abgabetermin", "fällig", "fällig am", "Fälligkeit",
        "fecha de entrega", "entrega", "تاريخ التسليم", "موعد التسليم", "термін", "термін здачі",
    ),
}  # fmt: skip
SURELY_ID = _all("sourcedId", "studentSourcedId", "student sourcedId", "sis user id", "sis id")
NEEDLESS = _all(
    "sis login id", "login id", "section", "class", "email", "e-mail", "email address", "root account", "group",
    "current score", "final score", "current grade", "final grade", "unposted current score", "unposted final score",
    "unposted current grade", "unposted final grade", "average", "total", "sum", "no", "nr", "number", "Klasse",
    "E-Mail-Adresse", "Schnitt", "Durchschnitt", "Summe", "Gesamt", "Gruppe", "clase", "correo", "promedio", "total",
    "الصف", "البريد", "المجموع", "клас", "пошта", "середнє", "разом", "№", "n.º",
)  # fmt: skip
POSSIBLE = COLUMNS["most"] | _all("points", "Punkte", "puntos")
LEFT_OUT = _all(
    "student, test",
    "test student",
    "average",
    "class average",
    "mean",
    "median",
    "Durchschnitt",
    "Mittelwert",
    "Klassendurchschnitt",
    "promedio",
    "media",
    "المتوسط",
    "المعدل",
    "середнє",
    "середній бал",
)
EXEMPT = _all(
    "ex",
    "exempt",
    "excused",
    "exc",
    "befreit",
    "entschuldigt",
    "entsch",
    "exento",
    "exenta",
    "معفى",
    "معفاة",
    "звільнено",
    "зв",
)
NOT_THERE = _all(
    "missing",
    "not submitted",
    "not handed in",
    "nhi",
    "fehlt",
    "nicht abgegeben",
    "n.a.",
    "no entregado",
    "falta",
    "لم يسلم",
    "مفقود",
    "не здано",
    "відсутня",
)
