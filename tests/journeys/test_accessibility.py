"""Every page in both colour schemes at three widths: axe finds nothing, nothing scrolls sideways, the policy holds.

The short form, which the suite runs, takes three of the six windows so that each scheme and each width is seen. `make
audit` (AUDIT=full) takes all six.
"""

import functools
import re
from pathlib import Path

import pytest

from tests.journeys.axe import problems_on
from tests.journeys.people import READY_FOR_EXAM, sign_in_state
from tests.journeys.timed import attempt_at, store

COURSE = Path(__file__).resolve().parents[2] / "content/cto"

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


def audit(visit, paths, *, state=None):
    page, found = visit(state=state), []
    for path in paths:
        page.goto(path)
        found += problems_on(page, path)
    page.context.close()
    return found


def test_visitor_pages(visit):
    assert audit(visit, VISITOR_PAGES) == []


def test_learner_pages(visit, signed_in):
    assert audit(visit, LEARNER_PAGES, state=signed_in("learner@example.com")) == []


def test_every_section(visit, signed_in):
    """All units of all lessons in one narrow window each: odd lessons light at 390, even ones dark at 320."""
    page, found = visit(state=signed_in("learner@example.com")), []
    for path in sorted(COURSE.glob("[0-9]*/*.md")):
        lesson = int(path.parent.name.split("-")[0])
        address = f"/cto/lessons/{lesson}/{path.stem.split('-', 1)[1] if path.stem[0].isdigit() else path.stem}/"
        assert page.goto(address).status == 200
        found += problems_on(page, address, [("light", 390) if lesson % 2 else ("dark", 320)])
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
    page.get_by_role("button", name=re.compile("^Send with")).click()
    assert audit(visit, [f"{attempt}result/"], state=state) == []


def test_manager_pages(visit, signed_in):
    assert audit(visit, ["/cohorts/", "/cohorts/self-paced/"], state=signed_in("manager@example.com")) == []


SIX = ["single", "multiple", "scenario", "numeric", "matching", "ordering"]
#: Some answer to every question of an attempt; the last one is not checked.
CHECKED = """
items = list(attempt.items.select_related("attempt", "question_version", "response").order_by("position"))
for item in items:
    first, pairs = item.choice_order[:1], item.question_version.body.get("pairs", [])
    given = {"multiple": first, "matching": {pair["key"]: first[0] for pair in pairs}, "numeric": "1"}
    answer = {**given, "ordering": item.choice_order}.get(item.question_version.type) or first[0]
    attempts.save(item=item, answer=answer, revision=0, at=now)
for item in items[:-1]:
    attempts.reveal(item=item, at=now)
"""


def test_answers_that_were_checked(visit, site):
    """Feedback at once: each type explained in an open attempt, one that can still be checked, one page with all."""
    for name, one_page in (("each", False), ("all", True)):
        email = f"audit-checked-{name}@example.com"
        attempt = attempt_at(site, email, kinds=SIX, feedback="immediate", one_page=one_page, time_limit_minutes=60)
        store(site, attempt, CHECKED)
        pages = [attempt] if one_page else [f"{attempt}?q={number}" for number in range(1, 7)] + [f"{attempt}review/"]
        assert audit(visit, pages, state=sign_in_state(site, email)) == []


#: The first exam is sent with nothing answered; the second one is under way.
EXAMS = """
from datetime import timedelta
from quizzes import attempts
from quizzes.models import Attempt, Quiz
exam, now = Quiz.objects.get(purpose="exam"), timezone.now()
first = attempts.start(enrolment=enrolment, quiz=exam, at=now - timedelta(days=9))
attempts.close(attempt=first, as_of=now - timedelta(days=9), by=Attempt.ClosedBy.LEARNER)
print(first.get_absolute_url(), attempts.start(enrolment=enrolment, quiz=exam, at=now).get_absolute_url())
"""


def test_exam_pages(visit, site):
    """Front, attempt, review and results of the exam: failed, with another one open, used up."""
    email = "audit-exam@example.com"
    first, second = site.shell(READY_FOR_EXAM.format(email=email) + EXAMS).splitlines()[-1].split()
    state = sign_in_state(site, email)
    under_way = ["/cto/exam/", "/cto/home/", f"{first}result/", f"{second}?q=12", f"{second}review/"]
    assert audit(visit, under_way, state=state) == []
    page = visit(state=state)
    page.goto(f"{first}result/")
    assert page.get_by_role("link", name="Continue the exam").get_attribute("href") == second
    page.goto(f"{second}review/")
    page.get_by_role("button", name=re.compile("^Send with")).click()
    assert audit(visit, ["/cto/exam/", page.url, "/cto/home/"], state=state) == []
