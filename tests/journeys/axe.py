"""What axe finds on an open page, and whether it scrolls sideways.

The page is opened once; its window changes as that of somebody who turns a phone, or whose evening comes. `SHOTS=…`
names a folder that gets a picture of each page in each window.
"""

import os

from axe_playwright_python.base import AXE_SCRIPT
from django.utils.text import slugify

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Without preload: to read style sheets that import others axe writes them into the page, which the policy refuses.
OPTIONS = {"runOnly": TAGS, "resultTypes": ["violations"], "preload": False}
RUN = "options => axe.run(options).then(results => results.violations)"
SETTLED = "Promise.allSettled(document.getAnimations().map(animation => animation.finished)).then(() => null)"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN = "document.querySelectorAll('details').forEach(fold => fold.open = true)"
#: Each scheme and each width is seen; `make audit` (AUDIT=full) takes all six windows.
SHORT = [("light", 390), ("dark", 320), ("light", 1280)]
FULL = [(scheme, width) for scheme in ("light", "dark") for width in (320, 390, 1280)]
WINDOWS = FULL if os.environ.get("AUDIT") == "full" else SHORT
SHOTS = os.environ.get("SHOTS")


def problems_on(page, name="", windows=WINDOWS):
    """Every violation in these windows, each with `name`; folds are seen open, and in the first window as they are."""
    first, *others = windows
    page.evaluate(AXE_SCRIPT)
    found = _problems_in(page, name, *first)
    if page.locator("details:not([open])").count():
        page.evaluate(OPEN)
        found += _problems_in(page, name, *first)
    for window in others:
        found += _problems_in(page, name, *window)
    return found


def _problems_in(page, name, scheme, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.evaluate(SETTLED)
    found = [f"{violation['id']} {violation['nodes'][0]['target']}" for violation in page.evaluate(RUN, OPTIONS)]
    wide = page.evaluate(WIDER)
    found += [f"scrolls sideways by {wide} px"] * (wide > 0)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{slugify(name or page.title())}-{width}-{scheme}.png", full_page=True)
    return [f"{name} {scheme} {width}: {problem}" for problem in found]
