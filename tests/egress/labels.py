"""Which fields of a page have no label, and which pictures no text."""

from __future__ import annotations

from html.parser import HTMLParser

QUIET = {"hidden", "submit", "button", "reset", "image"}


class Labels(HTMLParser):
    """`unlabelled` holds what a screen reader could not name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields = 0
        self.unlabelled: list[str] = []
        self._named: set[str] = set()  # ids that a label is for
        self._waiting: list[tuple[str, str]] = []
        self._inside = 0
        self.feed(page)
        self.unlabelled += [said for number, said in self._waiting if number not in self._named]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "label":
            self._inside += 1
            self._named.add(given.get("for", ""))
        if tag == "img" and "alt" not in given:
            self.unlabelled.append(f"<img src={given.get('src')}>")
        if tag in ("input", "select", "textarea") and given.get("type") not in QUIET and "hidden" not in given:
            self.fields += 1
            if not self._inside and not given.get("aria-label") and not given.get("aria-labelledby"):
                self._waiting.append((given.get("id", "none"), f"<{tag} name={given.get('name')}>"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._inside -= 1
