"""`make shots`: pictures of every main page, phone and desktop, light and dark, English and Arabic, into shots/.

`python benchmarks/shots.py feed decide` takes only the pages whose names begin so; `--folder` uses a demo school that
is there already.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.e2e.browser import DESKTOP, PHONE, chromium  # noqa: E402
from tests.e2e.site import VISITS, Visit, go, sign_in, site, speak  # noqa: E402

SIZES = {"phone": PHONE, "desktop": DESKTOP}
THEMES = ("light", "dark")
LANGUAGES = ("en", "ar")
TALLEST = 3000  # pixels; a feed goes on for ever


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="Pages, by how their names begin. All if none is given.")
    parser.add_argument("--folder", type=Path, help="A demo school that is there already.")
    parser.add_argument("--into", type=Path, default=ROOT / "shots")
    chosen = parser.parse_args()
    visits = [visit for visit in VISITS if not chosen.names or visit.name.startswith(tuple(chosen.names))]
    chosen.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as spare:
        folder = chosen.folder or Path(spare) / "demo"
        folder.mkdir(exist_ok=True)
        with site(folder) as address, chromium() as browser:
            for who in dict.fromkeys(visit.who for visit in visits):
                _take(browser, address, who, [visit for visit in visits if visit.who == who], chosen.into)
    print(f"Pictures are in {chosen.into}")


def _take(browser: Browser, address: str, who: str, visits: Sequence[Visit], into: Path) -> None:
    context = browser.new_context(reduced_motion="reduce")
    if who:
        sign_in(context, address, who)
    page = context.new_page()
    for language in LANGUAGES:
        speak(page, address, language)
        for visit, (size, window) in product(visits, SIZES.items()):
            page.set_viewport_size(window)
            go(page, address, visit)
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                _picture(page, into / f"{visit.name}-{size}-{theme}-{language}.png")
        print(f"{who or 'a visitor'}: {language}", flush=True)
    context.close()


def _picture(page: Page, path: Path) -> None:
    """The page from top to bottom, up to TALLEST, with its pictures loaded and nothing floating over it."""
    page.evaluate(
        """async () => {
            for (const toast of document.querySelectorAll('.toast')) toast.remove();
            const images = [...document.images];
            for (const image of images) image.loading = 'eager';
            await Promise.all(images.map((image) => image.decode().catch(() => {})));
        }"""
    )
    window = page.viewport_size or DESKTOP
    height = min(TALLEST, max(window["height"], page.evaluate("document.documentElement.scrollHeight")))
    page.set_viewport_size({"width": window["width"], "height": height})
    page.screenshot(path=path)
    page.set_viewport_size(window)


if __name__ == "__main__":
    main()
