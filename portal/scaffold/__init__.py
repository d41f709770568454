"""`portal plugin new NAME`: a small plugin that works and keeps the contract, to be changed into what one needs.

The files beside this one are its patterns: `@name@`, `@dash@` and `@title@` stand for the plugin's own words.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import write_po

from portal import messages
from portal.errors import PortalError
from portal.hooks.fitting import NAME, TAKEN
from portal.i18n import LANGUAGES
from portal.scaffold.texts import TEXTS

HERE = Path(__file__).parent


def make(name: str, title: str, into: Path) -> Path:
    """Writes the plugin into a new folder `portal-NAME` in `into`, and returns that folder.

    Raises PortalError if the name is no name for a plugin, or if the folder is there already.
    """
    if not NAME.fullmatch(name) or name in TAKEN:
        raise PortalError("This is no name for a plugin: %(name)s. Take small letters, digits and _.", name=name)
    title = " ".join(title.split()) or name.replace("_", " ").capitalize()
    if not title.isprintable() or set(title) & set("\"\\{}%@<>"):
        raise PortalError("The title is made of letters, digits and simple signs.")
    words = {"@name@": name, "@dash@": name.replace("_", "-"), "@title@": title}
    folder = into / f"portal-{words['@dash@']}"
    if folder.exists():
        raise PortalError("There is something at %(folder)s already.", folder=str(folder))
    for pattern in sorted(HERE.rglob("*.txt")):
        place = _filled(str(pattern.relative_to(HERE)), words).removesuffix(".txt")
        file = folder / (f"portal_{name}{place.removeprefix('package')}" if place.startswith("package/") else place)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_filled(pattern.read_text("utf-8"), words), "utf-8")
    _translate(folder / f"portal_{name}", title)
    return folder


def _filled(text: str, words: dict[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text


def _translate(package: Path, title: str) -> None:
    messages.update(package)
    for language in LANGUAGES:
        catalogue = messages.read(package, language)
        for message in catalogue:
            if message.id and not message.string:
                message.string = title if message.id == title else TEXTS[language][str(message.id)]
        with (package / "locale" / f"{language}.po").open("wb") as file:
            write_po(file, catalogue, sort_output=True, include_lineno=False, width=120)
