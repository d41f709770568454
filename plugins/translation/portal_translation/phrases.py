"""What the dictionaries of Apertium get badly wrong or do not know, and letters from schools say again and again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_SAID: Mapping[tuple[str, str], str] = {
    ("en", "es"): """
        dear families=queridas familias; dear parents=queridos padres; kind regards=un cordial saludo;
        best wishes=un cordial saludo; great news=buenas noticias; great!=estupendo!; good news=buenas noticias;
        head lice=piojos; nits=liendres; packed lunch=almuerzo para llevar; what to bring=qué hay que traer;
        next to=al lado de;
        caretaker=conserje; parents' evening=reunión de familias; parents’ evening=reunión de familias
    """,
    ("es", "en"): """
        un saludo=kind regards; saludos=kind regards; disculpen las molestias=sorry for the inconvenience;
        cumple=birthday; mates=maths; bocadillo=sandwich; los deberes=the homework; excursión=trip; frutos secos=nuts;
        enhorabuena=congratulations; cole=school
    """,
    ("ru", "uk"): """
        пожалуйста=будь ласка; поздравляем=вітаємо; возьмите=візьміть; бутерброд=бутерброд; бабушка=бабуся;
        бабушки=бабусі; бабушке=бабусі; бабушку=бабусю; дорогие=дорогі; дорогой=дорогий; дорогая=дорога;
        едет=їде; едут=їдуть; едем=їдемо; есть=є; родительское собрание=батьківські збори
    """,
    ("uk", "ru"): """
        будь ласка=пожалуйста; візьміть=возьмите; їде=едет; хворіє=болеет; захворів=заболел; захворіла=заболела;
        січня=января; лютого=февраля; березня=марта; квітня=апреля; травня=мая; червня=июня; липня=июля; серпня=августа;
        вересня=сентября; жовтня=октября; листопада=ноября; грудня=декабря; прийде=придёт; змінне=сменная;
        бо=потому что; батьківські збори=родительское собрание; батьків=родителей; просимо=просим
    """,
}
_TABLES = {
    pair: dict(entry.strip().split("=") for entry in " ".join(said.split()).split(";")) for pair, said in _SAID.items()
}
_FOUND = {
    pair: re.compile(rf"(?<!\w)(?:{'|'.join(sorted(table, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
    for pair, table in _TABLES.items()
}


def phrases(text: str, source: str, target: str) -> Iterator[tuple[int, int, str]]:
    """Where they stand in a text: from, to, and what is said instead, in capitals where they were."""
    table = _TABLES.get((source, target), {})
    for match in _FOUND[source, target].finditer(text) if table else ():
        found, said = match[0], table[match[0].lower()]
        if len(found) > 1 and found.isupper():
            said = said.upper()
        elif found[0].isupper():
            said = said[0].upper() + said[1:]
        yield match.start(), match.end(), said
