"""The look keeps its promises: contrast, sizes, nothing inline, nothing that knows left from right."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "portal" / "web"
STATIC = WEB / "static"
APP = (STATIC / "css" / "app.css").read_text()
OFFICE = (STATIC / "css" / "office.css").read_text()
TEMPLATES = [*WEB.glob("templates/**/*.html"), *ROOT.glob("plugins/*/*/templates/**/*.html")]

# (text or line, ground, least ratio). WCAG 2.2: 1.4.3 asks 4.5 of text, 1.4.11 asks 3 of edges and focus rings.
PAIRS = [
    *[(ink, ground, 4.5) for ink in ("ink", "soft", "main", "bad") for ground in ("paper", "sheet")],
    *[("ink", ground, 4.5) for ground in ("well", "mark")],
    *[("on-main-soft", "main-soft", 4.5), ("ink", "main-soft", 4.5), ("soft", "well", 4.5), ("main", "main-soft", 4.5)],
    *[(f"on-{name}", name, 4.5) for name in ("main", "cover", "label", "bad")],
    *[(f"on-{name}-soft", f"{name}-soft", 4.5) for name in ("bad", "good", "info", "main")],
    ("on-sun", "sun-soft", 4.5),
    *[("on-h", f"h{hue}", 4.5) for hue in range(6)],
    *[(line, ground, 3.0) for line in ("edge", "focus", "main") for ground in ("paper", "sheet")],
    ("edge", "well", 3.0),
    ("sun", "cover", 3.0),
]


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,8})\b", block))


LIGHT, SYSTEM_DARK, CHOSEN_DARK = (tokens(part) for part in re.findall(r":root[^{]*\{(.*?)\}", APP, re.S)[:3])


def luminance(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb (WCAG 2.2)."""
    digits = colour[1:]
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_rightly() -> None:
    assert contrast("#fff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, CHOSEN_DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_tokens_contrast(theme: dict[str, str], ink: str, ground: str, least: float) -> None:
    assert contrast(theme[ink], theme[ground]) >= least, f"{ink} on {ground}"


def test_dark_is_one_theme_however_it_was_chosen() -> None:
    assert SYSTEM_DARK == CHOSEN_DARK
    assert SYSTEM_DARK.keys() == LIGHT.keys()


@pytest.mark.parametrize(
    ("file", "most"),
    [("css/app.css", 18_000), ("js/app.js", 6_000), ("js/lightbox.js", 4_000), ("img/icons.svg", 8_000)],
)
def test_what_a_reading_page_loads_stays_small(file: str, most: int) -> None:
    assert (STATIC / file).stat().st_size <= most


@pytest.mark.parametrize("css", [APP, OFFICE], ids=["app", "office"])
def test_styles_do_not_know_left_from_right(css: str) -> None:
    physical = (
        r"(?:(?:margin|padding|border)-(?:left|right|top|bottom)|(?<![\w-])(?:left|right|top|bottom|width|height))\s*:"
    )
    assert re.findall(physical, re.sub(r"\([^)]*\)", "", css)) == []
    assert not re.search(r"(?:text-align|float|clear)\s*:\s*(?:left|right)", css)
    for shorthand in re.findall(r"(?:margin|padding|inset):([^;}]+)", css):
        values = re.sub(r"\([^)]*\)", "", shorthand).split()
        assert len(values) < 4 or values[1] == values[3], shorthand


@pytest.mark.parametrize("css", [APP, OFFICE], ids=["app", "office"])
def test_styles_load_nothing(css: str) -> None:
    assert "url(" not in css
    assert "@import" not in css


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_nothing_inline(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    assert not re.search(r"<[^>]*\s(?:style|on[a-z]+)=", text)
    assert "<style" not in text
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag
        assert "nonce=" in tag
    assert not re.search(r"""(?:src|href|action|srcset)=["']?(?:https?:)?//""", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_forms_that_post_prove_themselves(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.S):
        assert "csrf" in form, form[:120]


def test_icons_that_pages_name_exist() -> None:
    there = set(re.findall(r'id="([\w-]+)"', (STATIC / "img" / "icons.svg").read_text()))
    named: set[str] = set()
    for path in [*TEMPLATES, *WEB.glob("*.py"), *ROOT.glob("plugins/*/*/*.py")]:
        text = path.read_text()
        named |= set(re.findall(r"""(?:icon_name|icon)\s*=\s*["']([\w-]+)["']""", text))
        named |= set(re.findall(r"""icon\(["']([\w-]+)["']""", text))
    assert len(named) > 10
    assert named <= there, named - there


def test_pictures_are_small_drawings_without_scripts() -> None:
    for path in (STATIC / "img").glob("*.svg"):
        tree = ElementTree.parse(path)
        assert path.stat().st_size < 8_000, path.name
        for node in tree.iter():
            assert not node.tag.endswith(("script", "style", "image", "foreignObject")), path.name
            assert not any(name == "style" or name.startswith("on") for name in node.attrib), path.name
