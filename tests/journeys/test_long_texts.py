"""A text is kept while it is typed; a person reads it by keyboard alone; its writer sees what they said."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import sign_in_state
from tests.journeys.test_accessibility import audit

#: A check of a short and a long text in lesson 5, and a new learner.
SETUP = """
from django.utils import timezone
from accounts.models import User
from cohorts import enrolling
from lessons.models import Course, Unit
from tests import factories
course = Course.objects.get(key="cto")
unit = Unit.objects.get(lesson__course=course, lesson__number=5, key="check")
kind = {name!r}
factories.quiz(unit, [factories.short(course, "S" + kind), factories.long(course, "L" + kind)], pass_percent=0)
user = User.objects.create_user(kind + "@example.com", name="Farid Rahimi")
enrolling.join_open_cohorts(user=user, at=timezone.now())
"""
SAVED = re.compile(r"Saved at \d\d:\d\d")
TEXT = "We lose €2m a year.\n\nThat is my number."


@pytest.fixture
def begin(visit, site):
    """`begin("a-name", javascript=True)` → (page on the long text of a new learner's attempt, browser state)."""

    def start(name, **window):
        site.shell(SETUP.format(name=name))
        state = sign_in_state(site, f"{name}@example.com")
        page = visit(state=state, **window)
        page.goto("/cto/lessons/5/check/")
        page.get_by_role("button", name="Start the check").click()
        page.goto(page.url.split("?")[0] + "?q=2")
        return page, state

    return start


def stored(site, name):
    learner = f"item__attempt__enrolment__user__email='{name}@example.com'"
    return site.shell(
        f"from quizzes.models import Response; print(Response.objects.get({learner}, item__position=2).answer)"
    )


def test_a_text_is_saved_while_it_is_typed(begin, site):
    page, _state = begin("typing")
    field = page.get_by_label("Your answer")
    with page.expect_response(re.compile("/save/")) as saved:
        field.press_sequentially("one two", delay=10)
    assert saved.value.ok
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    assert stored(site, "typing") == "one two"
    expect(page.locator("[data-words]")).to_have_text("2")
    # Who never pauses is saved all the same: every key comes before the pause after the one before is over.
    requests = []
    page.on("request", lambda request: requests.append(request.url) if request.url.endswith("/save/") else None)
    field.press_sequentially(" and so on without a pause", delay=120)
    assert len(requests) >= 1
    field.fill(TEXT)
    field.blur()
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value(TEXT)
    field.fill("word " * 201)
    expect(page.get_by_text("That is more than was asked for.")).to_be_visible()


def test_a_text_is_kept_without_a_connection(begin):
    page, _state = begin("offline")
    page.context.set_offline(True)
    field = page.get_by_label("Your answer")
    field.fill("é" * 12_000)  # more than a request that outlives its page may carry
    expect(page.get_by_text("No connection. Your answers are kept on this device")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("é" * 12_000)


def test_from_the_answer_to_the_reader_and_back(begin, visit, site):
    """The learner without scripts; the reader with the keys alone."""
    page, state = begin("reading", javascript=False)
    page.get_by_label("Your answer").fill(TEXT)
    page.get_by_role("button", name="Save and review").click()
    page.get_by_role("button", name=re.compile("^Send ")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers are being read.")
    assert audit(visit, [page.url, "/cto/home/", "/cto/lessons/5/check/"], state=state) == []

    staff = sign_in_state(site, "instructor@example.com")
    reader = visit(state=staff)
    reader.goto("/manage/")
    reader.get_by_role("link", name="Read long answers").press("Enter")
    assert "Farid" not in reader.locator("main").inner_text()
    reader.locator("tbody th a").last.press("Enter")
    assert audit(visit, [reader.url, "/manage/quizzes/attempt/reading/"], state=staff) == []
    reader.get_by_role("group", name="Figures").get_by_role("radio").first.focus()
    reader.keyboard.press("Space")
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("Tab")
    reader.keyboard.press("ArrowDown")
    expect(reader.get_by_role("group", name="Brevity").get_by_role("radio").nth(1)).to_be_checked()
    reader.keyboard.press("Tab")
    reader.keyboard.type("Say where it is from.")
    reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    expect(reader.get_by_text("Saved. The learner gets a mail.")).to_be_visible()

    page.reload()
    expect(page.get_by_text("Say where it is from.")).to_be_visible()
    assert [each.split("\n")[-1] for each in page.locator(".is-reached").all_inner_texts()] == [
        "Reached One figure.",
        "Reached Short.",
    ]
    assert audit(visit, [page.url], state=state) == []
