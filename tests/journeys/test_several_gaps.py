"""Several gaps from the author to the analysis: written, published, taken on a phone, practised, corrected, counted."""

import re

import pytest
import yaml
from playwright.sync_api import expect

from tests.journeys.axe import problems_on
from tests.journeys.people import sign_in_state

KEY, EMAIL = "Q5.90", "several-gaps@example.com"
DRAWN = f"""
from lessons.models import Unit
from quizzes.models import Question
from tests import factories
unit = Unit.objects.get(lesson__number=5, lesson__course__key="cto", key="check")
factories.quiz(unit, [Question.objects.get(key={KEY!r})], pass_percent=100)
"""
LEARNER = f"""
from django.utils import timezone
from accounts.models import User
from cohorts import enrolling
user = User.objects.create_user({EMAIL!r}, name="Amara Diallo")
enrolling.join_open_cohorts(user=user, at=timezone.now())
"""
#: So many others who fall for the same, that the analysis shows its counts; and the question of the learner is due.
LATER = f"""
from django.utils import timezone
from accounts.models import User
from cohorts import enrolling
from quizzes import attempts
from quizzes.models import Attempt, PracticeCard, Quiz
now = timezone.now()
quiz = Quiz.objects.get(unit__lesson__number=5, unit__key="check", unit__lesson__course__key="cto")
for number in range(5):
    user = User.objects.create_user(f"gaps-{{number}}@example.com", name="One of five")
    [enrolment] = enrolling.join_open_cohorts(user=user, at=now)
    attempt = attempts.start(enrolment=enrolment, quiz=quiz, at=now)
    item = attempt.items.select_related("attempt", "question_version", "response").get()
    attempts.save(item=item, answer={{"1": "velocity", "2": "2a"}}, revision=0, at=now)
    attempts.close(attempt=attempt, as_of=now, by=Attempt.ClosedBy.LEARNER)
PracticeCard.objects.filter(enrolment__user__email={EMAIL!r}).update(due_at=now)
"""
#: Gap, what it is, text, misconception, feedback.
ROWS = [
    ("1", "accepted", "lead time", "", "Right, a time."),
    ("1", "mistakes", "velocity", "speed for time", "That is a speed."),
    ("1", "wrong", "", "", "It is a time."),
    ("2", "choices-1", "shortens", "", "Right, it shortens it."),
    ("2", "choices-0", "lengthens", "more is more", "Not longer."),
]
RECORD = {
    "stem": "From idea to use is the {1}; a team {2} it.",
    "gaps": [
        {
            "accepted": ["lead time"],
            "feedback": {"right": "Right, a time.", "wrong": "It is a time."},
            "mistakes": [{"text": "velocity", "misconception": "speed for time", "feedback": "That is a speed."}],
        },
        {
            "choices": [
                {"text": "shortens", "score": 1, "feedback": "Right, it shortens it."},
                {"text": "lengthens", "score": 0, "misconception": "more is more", "feedback": "Not longer."},
            ]
        },
    ],
}


@pytest.fixture
def looks(visit):
    """`looks(state, address, name)`: what axe finds on a page in every window."""

    def look(state, address, name):
        page = visit(state=state)
        page.goto(address)
        found = problems_on(page, name)
        page.context.close()
        return found

    return look


def written(page):
    """The question as an instructor writes it, with a row more than the form had."""
    page.goto("/manage/quizzes/questionversion/add/")
    page.get_by_label("Where it belongs").select_option(index=4)
    page.get_by_label("Several gaps", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Question key").fill(KEY)
    page.get_by_label("Bloom level").select_option("apply")
    page.get_by_label("Question", exact=True).fill(RECORD["stem"])
    page.get_by_role("button", name="Add a row").click()
    for place, values in enumerate(ROWS):
        for name, value in zip(("gap", "what", "text", "misconception", "feedback"), values, strict=True):
            field = page.locator(f"[name=gaps-{place}-{name}]")
            field.select_option(value) if name == "what" else field.fill(value)
    page.get_by_role("button", name="Save and preview").last.click()


def test_from_the_author_to_the_analysis(visit, site, looks):
    staff = sign_in_state(site, "instructor@example.com")
    author = visit(state=staff)
    written(author)
    expect(author.get_by_role("heading", name="As learners see it")).to_be_visible()
    found = looks(staff, author.url, "preview") + looks(staff, author.url.replace("preview/", "change/"), "form")
    author.get_by_role("button", name="Publish").click()
    expect(author.locator(".messagelist")).to_contain_text(f"Published: {KEY}, version 1")
    site.shell(DRAWN)

    site.shell(LEARNER)
    learner = sign_in_state(site, EMAIL)
    page = visit(state=learner, width=390)
    page.goto("/cto/lessons/5/check/")
    page.get_by_role("button", name="Start the check").click()
    with page.expect_response(re.compile("/save/")) as saved:
        page.get_by_label("Gap 1").press_sequentially("velocity", delay=10)
    assert saved.value.ok
    page.keyboard.press("Tab")
    expect(page.get_by_label("Gap 2")).to_be_focused()
    page.get_by_label("Gap 2").select_option(label="shortens")
    expect(page.locator("[data-status]")).to_have_text(re.compile(r"Saved at \d\d:\d\d"))
    page.reload()
    expect(page.get_by_label("Gap 1")).to_have_value("velocity")
    found += looks(learner, page.url, "asked")
    page.get_by_role("button", name="Save and review").click()
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_text("1 of 2 gaps is right.")).to_be_visible()
    expect(page.get_by_text("A known mistake leads to this answer: “speed for time”.")).to_be_visible()
    result = page.url
    found += looks(learner, result, "explained")

    site.shell(LATER)
    plain = visit(state=learner, width=390, javascript=False)
    plain.goto("/cto/practice/next/")
    plain.get_by_label("Gap 1").fill("lead time")
    plain.get_by_label("Gap 2").select_option(label="shortens")
    plain.get_by_role("button", name="Show answer").last.click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Right")

    author.goto("/manage/quizzes/question/analysis/")
    author.goto(author.locator("th a", has_text=KEY).get_attribute("href"))
    found += looks(staff, author.url, "analysis")
    expect(author.locator("tr", has_text="Gap 1: velocity")).to_contain_text("speed for time")
    expect(author.locator("tr", has_text="Gap 2: shortens")).to_contain_text("100%")
    author.goto(author.get_by_role("link", name="Correct the key").get_attribute("href"))
    found += looks(staff, author.url, "regrade")
    author.get_by_label("accept other answers as well").check()
    author.get_by_label("Gap 1: what is right").fill("lead time\nvelocity")
    author.get_by_label("Why").fill("Many call it velocity.")
    author.get_by_role("button", name="Show what would change").click()
    author.get_by_role("button", name=re.compile("^Apply:")).click()
    page.goto(result)
    expect(page.get_by_text("Corrected: Many call it velocity.")).to_be_visible()
    expect(page.get_by_text("A known mistake")).to_have_count(0)

    folder = site.data / "dumped"
    site.manage("dump_course", "cto", str(folder))
    questions = yaml.safe_load(next(folder.glob("5-*/quiz.yaml")).read_text())["questions"]
    [dumped] = [each for each in questions if each["id"] == KEY]
    assert {name: dumped[name] for name in RECORD} == RECORD
    site.manage("load_course", str(folder), "--dry-run")
    assert found == []
