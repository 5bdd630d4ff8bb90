"""Practising what was missed: by keyboard, without a script, on a phone; and what axe says of it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import problems_on
from tests.journeys.people import sign_in_state

MISSED = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from cohorts import enrolling
from cohorts.models import Enrolment
from quizzes import attempts
from quizzes.models import Attempt, PracticeCard, Quiz
user = User.objects.create_user({email!r}, name="Amara Diallo")
enrolling.join_open_cohorts(user=user, at=timezone.now())
enrolment = Enrolment.objects.get(user=user)
then = timezone.now() - timedelta(days=2)
for quiz in Quiz.objects.filter(unit__lesson__number__in=[1, 2], purpose="check"):
    attempt = attempts.start(enrolment=enrolment, quiz=quiz, at=then)
    attempts.close(attempt=attempt, as_of=then, by=Attempt.ClosedBy.LEARNER)
PracticeCard.objects.exclude(pk__in=PracticeCard.objects.filter(enrolment=enrolment).values("pk")[:{count}]).filter(
    enrolment=enrolment
).update(due_at=timezone.now() + timedelta(days=9))
"""


@pytest.fixture
def missed(site, request):
    """`missed(3)`: browser state of a new learner who has so many questions to practise today."""

    def make(count):
        email = f"{request.node.name.replace('_', '-')[:50].lower()}@example.com"
        site.shell(MISSED.format(email=email, count=count))
        return sign_in_state(site, email)

    return make


def focused(page):
    return page.evaluate("document.activeElement.textContent.trim()")


def press(page, name):
    """Tab to a button and press Enter."""
    for _tab in range(60):
        page.keyboard.press("Tab")
        if focused(page) == name:
            page.keyboard.press("Enter")
            page.wait_for_load_state()
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


@pytest.mark.parametrize("javascript", [True, False])
def test_three_questions_by_keyboard_on_a_phone(visit, missed, javascript):
    state = missed(3)
    page = visit(state=state, javascript=javascript, width=390)
    page.goto("/cto/home/")
    expect(page.get_by_text("Due today: 3 practice questions, 2 minutes")).to_be_visible()
    page.get_by_role("link", name="3 practice questions").click()
    expect(page.get_by_text("3 questions for today, about 2 minutes.")).to_be_visible()
    page.get_by_role("link", name="Start 3 questions").click()
    for number, rating in enumerate(["Again", "Got it", "Again"], 1):
        expect(page).to_have_title(f"Question {number} of 3 · Practice · Chief Technology Officer")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        press(page, "Show answer")
        expect(page).to_have_title("Answer · Practice · Chief Technology Officer")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        expect(page.get_by_text("Next tomorrow")).to_be_visible()
        expect(page.get_by_text("Next in 2 days")).to_be_visible()
        press(page, rating)
    expect(page.get_by_text("Done for today. Nothing is due until tomorrow.")).to_be_visible()
    page.go_back()
    page.goto("/cto/home/")
    expect(page.get_by_text("Due today")).to_have_count(0)


def test_questions_and_answers_for_axe(visit, missed):
    """Two questions, each as it is asked and with its answer, in every window."""
    page, found = visit(state=missed(12)), []
    for _question in range(2):
        page.goto("/cto/practice/next/")
        found += problems_on(page, "card")
        page.get_by_role("button", name="Show answer").last.click()
        found += problems_on(page, "answer")
        page.get_by_role("button", name="Got it").click()
    assert found == []
