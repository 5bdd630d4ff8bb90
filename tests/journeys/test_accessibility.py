"""Every page in both colour schemes at three widths: axe finds nothing, nothing scrolls sideways, the policy holds."""

import pytest

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 390, 1280)

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
    "/cto/lessons/1/check/",
    "/cto/notes/",
    "/account/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/sessions/",
]
SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from accounts.models import User
user = User.objects.get(email={email!r})
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print(session.session_key)
"""


@pytest.fixture(scope="module")
def signed_in(site):
    """`signed_in("learner@example.com")` → browser state with that person's session."""

    def state(email):
        key = site.shell(SIGN_IN.format(email=email)).splitlines()[-1]
        cookie = {"name": "session", "value": key, "url": site.url, "httpOnly": True, "sameSite": "Lax"}
        return {"cookies": [{**cookie, "domain": "127.0.0.1", "path": "/", "expires": -1, "secure": False}], "origins": []}

    return state


def problems_on(page):
    """What axe finds, and sideways scroll, with every fold closed and open."""
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for opened in (False, True):
        if opened:
            page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        for violation in Axe().run(page, options={"runOnly": TAGS}).response["violations"]:
            found.append(f"{violation['id']} {violation['nodes'][0]['target']}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found.append(f"scrolls sideways by {wide} px")
    return found


def audit(visit, paths, *, state=None):
    found = []
    for scheme in ("light", "dark"):
        for width in WIDTHS:
            page = visit(width=width, scheme=scheme, state=state)
            for path in paths:
                page.goto(path)
                found += [f"{path} {scheme} {width}: {problem}" for problem in problems_on(page)]
    return found


def test_visitor_pages(visit):
    assert audit(visit, VISITOR_PAGES) == []


def test_learner_pages(visit, signed_in):
    assert audit(visit, LEARNER_PAGES, state=signed_in("learner@example.com")) == []


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
