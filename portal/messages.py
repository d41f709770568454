"""Catalogues of texts: `python -m portal.messages update` collects them, `check` fails where one is not translated.

Each catalogue folder belongs to one package: `portal/locale` to the core, `portal_NAME/locale` to a plugin.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from portal.i18n import LANGUAGES

METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "silent": "false"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
PLACE = re.compile(r"%\(\w+\)[sd]")
HERE = Path(__file__).parent
STILL_ENGLISH = 25  # signs from which on the same text in another language is no chance


def packages(root: Path) -> list[Path]:
    """The packages with texts in a checkout: the core and the plugins beside it."""
    return [root / "portal", *sorted(root.glob("plugins/*/portal_*/"))]


def texts(package: Path) -> Catalog:
    """Every text in the package's source, with its places."""
    found = Catalog()
    for file, line, message, comments, context in extract_from_dir(
        package, METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        if message and message != ("", ""):
            found.add(message, None, [(file, line)], auto_comments=comments, context=context)
    return found


def read(package: Path, language: str) -> Catalog:
    """The package's catalogue in a language; empty if there is none yet."""
    path = package / "locale" / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(package: Path) -> None:
    """Brings the catalogues of a package up to date, keeping what is translated. English translates itself."""
    source = texts(package)
    for language in LANGUAGES:
        catalogue = read(package, language)
        catalogue.update(deepcopy(source), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        if language == "en":
            for message in catalogue:
                if message.id:
                    message.string = message.id
        path = package / "locale" / f"{language}.po"
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, sort_output=True, omit_header=False, include_lineno=False, width=120)


def problems(package: Path) -> Iterator[str]:
    """What is missing or wrong in the catalogues of a package, one line each."""
    source = texts(package)
    for language in LANGUAGES:
        catalogue = read(package, language)
        for message in source:
            if message.id:
                yield from _problems(package, language, message, catalogue.get(message.id))


def _problems(package: Path, language: str, wanted: Message, found: Message | None) -> Iterator[str]:
    first = wanted.id if isinstance(wanted.id, str) else wanted.id[0]
    where = f"{package.name}/locale/{language}.po: {first[:70]!r}"
    if found is None or not found.string or (not isinstance(found.string, str) and not all(found.string)):
        yield f"{where} is not translated"
        return
    if found.fuzzy:
        yield f"{where} is marked fuzzy"
    if language != "en" and found.string == wanted.id and len(first) > STILL_ENGLISH:
        yield f"{where} is still English"
    ids = [wanted.id] if isinstance(wanted.id, str) else list(wanted.id)
    allowed = {place for text in ids for place in PLACE.findall(text)}
    for text in [found.string] if isinstance(found.string, str) else found.string:
        unknown = set(PLACE.findall(text)) - allowed
        lost = set(PLACE.findall(first)) - set(PLACE.findall(text)) if isinstance(wanted.id, str) else set()
        if unknown or lost:
            yield f"{where} has other places: {', '.join(sorted(unknown | lost))}"


def main(arguments: list[str]) -> int:
    """`update` or `check`; for `check`, 1 if anything is missing."""
    root = HERE.parent
    if arguments == ["update"]:
        for package in packages(root):
            update(package)
        return 0
    if arguments != ["check"]:
        sys.stderr.write("usage: python -m portal.messages update|check\n")
        return 2
    found = [line for package in packages(root) for line in problems(package)]
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
