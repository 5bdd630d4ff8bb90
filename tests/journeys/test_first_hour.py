"""The first hour of a learner: from the front page to lesson 2, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import answers
from tests.journeys.conftest import running_site

PASSWORD = "a quiet lighthouse 1893"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A fresh site: in the end all its invariants must hold, and other journeys move deadlines by hand."""
    with running_site(tmp_path_factory.mktemp("first-hour")) as running:
        yield running


def sign_up(page, *, name, email):
    """Create an account from the front page and confirm the address by the mailbox page."""
    page.goto("/")
    page.get_by_role("link", name="Start the course").first.click()
    page.get_by_label("Email").fill(email)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Check your mail"
    page.get_by_role("main").get_by_role("link", name="mailbox").click()
    page.get_by_role("link", name=re.compile("Confirm")).first.click()
    page.get_by_role("main").get_by_role("link", name=re.compile("http")).first.click()
    page.get_by_role("button", name=re.compile("Confirm")).click()


def answer(page, question, *, javascript):
    """Answer the question on the page rightly, by its kind."""
    kind = question["type"]
    shown = answers.plain(page.get_by_role("main").inner_text())
    if kind in ("single", "multiple", "scenario"):
        best = max(choice["score"] for choice in question["choices"])
        for choice in question["choices"]:
            if choice["score"] == best:
                page.locator("label").get_by_text(answers.plain(choice["text"]), exact=True).click()
    elif kind == "numeric":
        page.get_by_role("main").get_by_role("textbox").first.fill(answers.number_for(question, shown))
    elif kind == "matching":
        for pair in question["pairs"]:
            row = page.get_by_label(answers.plain(pair["left"]))
            right = row.locator("option", has_text=answers.plain(pair["right"]))
            row.select_option(value=right.get_attribute("value"))
    elif kind == "ordering":
        put_in_order(page, [answers.plain(item["text"]) for item in question["items"]], javascript=javascript)


def put_in_order(page, texts, *, javascript):
    """Choose each item's position in its select; the list may reorder, so items are found by their text."""
    for position, text in enumerate(texts, 1):
        page.get_by_role("combobox", name=re.compile(re.escape(text))).select_option(value=str(position))


def pass_the_check(page, *, javascript):
    page.get_by_role("button", name="Start the check").click()
    for number in range(1, 11):
        expect(page.get_by_role("main")).to_contain_text(f"Question {number} of 10")
        question = answers.question_on(answers.plain(page.get_by_role("main").inner_text()))
        answer(page, question, javascript=javascript)
        page.get_by_role("button", name=re.compile("Save and (next|review)")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Review your answers")
    assert "no answer" not in page.get_by_role("main").inner_text()
    page.get_by_role("button", name="Send answers").click()
    expect(page).to_have_url(re.compile("/result/"))
    return answers.plain(page.get_by_role("main").inner_text())


def read_lesson_one(page):
    """Mark every section done until the check is reached; the number of sections read."""
    for read in range(20):
        button = page.get_by_role("button", name="Mark done and continue")
        if button.count() == 0:
            return read
        button.click()
    raise AssertionError("Lesson 1 never ends.")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_first_hour(visit, site, javascript):
    page = visit(javascript=javascript)
    email = f"nadia-{'js' if javascript else 'html'}@example.com"
    sign_up(page, name="Nadia Osei", email=email)

    page.goto("/home/")
    assert "Nadia" in page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("main").get_by_role("link", name=re.compile("Start|Continue")).first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Why great engineers disappoint as CTOs"
    assert read_lesson_one(page) == len(answers.sections())

    shown = pass_the_check(page, javascript=javascript)
    assert "100 of 100. You passed; 80 was needed." in shown

    page.goto("/home/")
    assert "1 of 6 lessons done" in answers.plain(page.get_by_role("main").inner_text())

    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/home/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("main").get_by_role("link", name=re.compile("Continue")).first.click()
    assert "/cto/lessons/2/" in page.url

    checks = site.manage("verify_invariants").splitlines()
    assert [line for line in checks if not line.startswith("ok")] == []
