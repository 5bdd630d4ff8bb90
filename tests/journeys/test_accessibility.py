"""Every page in both colour schemes at three widths: axe finds nothing, nothing scrolls sideways, the policy holds.

The short form, which the suite runs, takes three of the six windows so that each scheme and each width is seen. `make
audit` (AUDIT=full) takes all six.
"""

import functools
import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.people import sign_in_state

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SHORT = [("light", 390), ("dark", 320), ("light", 1280)]
FULL = [(scheme, width) for scheme in ("light", "dark") for width in (320, 390, 1280)]
COURSE = Path(__file__).resolve().parents[2] / "content/cto"
WINDOWS = FULL if os.environ.get("AUDIT") == "full" else SHORT

VISITOR_PAGES = [
    "/",
    "/cto/lessons/",
    "/cto/lessons/1/",
    "/cto/terms/",
    "/cto/sources/",
    "/help/",
    "/privacy/",
    "/accessibility/",
    "/accounts/signup/",
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/password/reset/",
    "/mailbox/",
    "/cto/lessons/99/",
]
LEARNER_PAGES = [
    "/cto/home/",
    "/cto/lessons/1/why-engineers/",
    "/cto/lessons/1/why-engineers/?check=L1-c1&choice=b",
    "/cto/lessons/1/works-for-the-business/",
    "/cto/lessons/2/",
    "/cto/lessons/2/assignment/",
    "/cto/lessons/1/harbourline/",
    "/cto/lessons/1/check/",
    "/cto/exam/",
    "/cto/notes/",
    "/cto/practice/",
    "/account/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/sessions/",
]


@pytest.fixture(scope="module")
def signed_in(site):
    """`signed_in("learner@example.com")` → browser state with that person's session."""
    return functools.partial(sign_in_state, site)


def problems_on(page):
    """What axe finds, and sideways scroll; once more with every fold open where there are folds."""
    found = problems_now(page)
    if page.locator("details:not([open])").count():
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        found += problems_now(page)
    return found


def problems_now(page):
    violations = Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]}).response["violations"]
    found = [f"{violation['id']} {violation['nodes'][0]['target']}" for violation in violations]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + [f"scrolls sideways by {wide} px"] * (wide > 0)


def audit(visit, paths, *, state=None):
    found = []
    for scheme, width in WINDOWS:
        page = visit(width=width, scheme=scheme, state=state)
        for path in paths:
            page.goto(path)
            found += [f"{path} {scheme} {width}: {problem}" for problem in problems_on(page)]
        page.context.close()
    return found


def test_visitor_pages(visit):
    assert audit(visit, VISITOR_PAGES) == []


def test_learner_pages(visit, signed_in):
    assert audit(visit, LEARNER_PAGES, state=signed_in("learner@example.com")) == []


def test_every_section(visit, signed_in):
    """All units of all lessons in one narrow window each: odd lessons light at 390, even ones dark at 320."""
    state, found = signed_in("learner@example.com"), []
    for path in sorted(COURSE.glob("[0-9]*/*.md")):
        lesson = int(path.parent.name.split("-")[0])
        scheme, width = ("light", 390) if lesson % 2 else ("dark", 320)
        page = visit(width=width, scheme=scheme, state=state)
        address = f"/cto/lessons/{lesson}/{path.stem.split('-', 1)[1] if path.stem[0].isdigit() else path.stem}/"
        assert page.goto(address).status == 200
        found += [f"{address} {scheme} {width}: {problem}" for problem in problems_now(page)]
        page.context.close()
    assert found == []


def test_attempt_pages(visit, signed_in):
    """Each question of an attempt, the page before sending, and the result."""
    state = signed_in("learner@example.com")
    page = visit(state=state)
    page.goto("/cto/lessons/1/check/")
    page.get_by_role("button", name="Start the check").click()
    attempt = page.url.split("?")[0]
    assert audit(visit, [f"{attempt}?q={number}" for number in range(1, 11)] + [f"{attempt}review/"], state=state) == []
    page.goto(f"{attempt}review/")
    page.get_by_role("button", name="Send answers").click()
    assert audit(visit, [f"{attempt}result/"], state=state) == []


def test_manager_pages(visit, signed_in):
    assert audit(visit, ["/cohorts/", "/cohorts/self-paced/"], state=signed_in("manager@example.com")) == []
