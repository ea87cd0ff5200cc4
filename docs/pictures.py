"""`make pictures`: the pictures of the README, taken from the demo reports. Needs Chromium for those of the pages in a browser."""

import shutil
import sys
from pathlib import Path

import pypdf
import pypdfium2

IMAGES = Path("docs/images")
REPORT = Path("output/olkha/2026-Q3")
# name: report, and how the heading of the page begins that is shown
PAPER = {
    "summary": ("audit.pdf", "План выполнен"),
    "funnel": ("audit.pdf", "Договором стали"),
    "talk": ("manager.pdf", "Павел Егоров"),
}
BROWSER = {"page": ("audit.html", "light"), "dark": ("audit.html", "dark"), "dashboard": ("dashboard.html", "light")}


def main() -> None:
    """Take all pictures anew."""
    for name, (file, heading) in PAPER.items():
        path = REPORT / file
        page = _page_of(path, heading)
        picture = pypdfium2.PdfDocument(path)[page].render(scale=0.85).to_pil()
        picture.quantize(64).save(IMAGES / f"{name}.png", optimize=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("there is no Chromium: the pictures of the pages in a browser were not taken")
    _shoot(chromium)


def _page_of(path: Path, heading: str) -> int:
    """The page on which a heading stands, by the bookmarks."""
    reader = pypdf.PdfReader(path)
    flat = [entry for part in reader.outline for entry in (part if isinstance(part, list) else [part])]
    found = next((entry for entry in flat if not isinstance(entry, list) and str(entry.title).startswith(heading)), None)
    if found is None:
        sys.exit(f"{path}: no heading «{heading}»")
    return int(reader.get_destination_page_number(found) or 0)


def _shoot(chromium: str) -> None:
    from PIL import Image
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, (file, scheme) in BROWSER.items():
            context = browser.new_context(offline=True, color_scheme=scheme, viewport={"width": 1280, "height": 860})  # type: ignore[arg-type]
            page = context.new_page()
            page.goto((REPORT / file).resolve().as_uri())
            target = IMAGES / f"{name}.png"
            page.screenshot(path=target)
            Image.open(target).convert("RGB").quantize(64).save(target, optimize=True)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
