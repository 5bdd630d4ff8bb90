"""The admin in a real browser under the strict policy: `visit` fails on any error or violation on the console."""

import pytest

from tests.journeys.people import sign_in_state

PAGES = [
    "/manage/",
    "/manage/accounts/user/",
    "/manage/accounts/user/add/",
    "/manage/cohorts/cohort/add/",
    "/manage/cohorts/enrolment/add/",
    "/manage/lessons/unitversion/",
    "/manage/lessons/unitversion/add/",
    "/manage/quizzes/question/analysis/",
    "/manage/quizzes/questionversion/",
    "/manage/quizzes/questionversion/add/",
    "/manage/quizzes/attempt/",
    "/manage/quizzes/quizversion/add/",
    "/manage/auth/group/add/",
]


@pytest.fixture
def operator_page(visit, site):
    return visit(state=sign_in_state(site, "operator@example.com"))


def test_admin_pages_are_silent_under_the_policy(operator_page):
    for path in PAGES:
        operator_page.goto(path)
        assert operator_page.locator("h1").count() == 1
    operator_page.goto("/manage/lessons/unitversion/")
    operator_page.locator("#result_list tbody th a").first.click()
    assert "Markdown" in operator_page.locator("main").inner_text()


def test_draft_is_written_and_published(operator_page):
    """An author picks a unit, is told what is wrong line by line, mends it, and publishes."""
    page = operator_page
    page.goto("/manage/lessons/unit/?q=why-the-window-matters")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_role("link", name="Write a draft").click()
    title = page.get_by_label("Title")
    was, text = title.input_value(), page.get_by_label("Markdown").input_value()
    title.fill("A better title")
    page.get_by_label("Markdown").fill(text + "\n\nSaid by [R999].")
    page.get_by_role("button", name="Save", exact=True).click()
    line = text.count("\n") + 3
    assert f"Line {line}:" in page.locator(".errorlist").first.inner_text()
    page.get_by_label("Markdown").fill(text)
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("tr", has_text="A better title").locator(".action-select").check()
    page.locator("select[name=action]").select_option("publish")
    page.get_by_role("button", name="Go").click()
    assert "Published: A better title" in page.locator(".messagelist").inner_text()
    assert was != "A better title"


def test_question_is_written_and_published(operator_page):
    """An author writes a question with one row more than the form had, is told what is missing, mends it, publishes."""
    page = operator_page
    page.goto("/manage/quizzes/questionversion/add/")
    page.get_by_label("One of several", exact=True).check()
    page.get_by_role("button", name="Go on").click()
    key = page.get_by_label("Question key").input_value()
    page.get_by_label("Question", exact=True).fill("Which of these is a first step?")
    page.get_by_role("button", name="Add a row").click()
    for number in range(1, 6):
        row = page.get_by_role("group", name=f"Choice {number}")
        row.get_by_label("Text").fill(f"Step {number}")
        row.get_by_label("Feedback").fill(f"That is step {number}.")
        if number > 1:
            row.get_by_label("Misconception").fill("a later step")
    page.get_by_role("button", name="Save and preview").last.click()
    assert "exactly one choice has score 1, here 0 have" in page.locator(".errornote").inner_text()
    page.get_by_role("group", name="Choice 1").get_by_label("Right").check()
    page.get_by_role("button", name="Save and preview").last.click()
    assert "No check draws it yet" in page.locator("main").inner_text()
    page.get_by_role("button", name="Publish").click()
    assert f"Published: {key}, version 1" in page.locator(".messagelist").inner_text()


def test_person_is_found_by_typing(operator_page):
    """The widget that stands in for a select has the name of its label, for a screen reader."""
    page = operator_page
    page.goto("/manage/cohorts/enrolment/add/")
    page.get_by_role("combobox", name="Person").click()
    page.locator(".select2-search__field").fill("nadia")
    page.get_by_role("option", name="Nadia Osei").click()
    assert "Nadia Osei" in page.get_by_role("combobox", name="Person").inner_text()
