"""An attempt on a narrow screen: what sticks is low, and labels keep their distance."""

import pytest
from playwright.sync_api import expect

from tests.journeys.people import sign_in_state
from tests.journeys.timed import attempt_at

#: Boxes of the state and of the flag of the question that is flagged, and of the row that holds them.
BOXES = """
() => {
  const flag = document.querySelector("[data-flag-of]:not([hidden])");
  const row = flag.closest("li");
  const box = (element) => element.getBoundingClientRect().toJSON();
  return [row.querySelector(".mark-state"), flag, row].map(box);
}
"""


@pytest.fixture
def phone(visit, site):
    """`phone(email, count=3)` → (page on question 1 at 390 pixels, address of the attempt)."""

    def open_attempt(email, **rules):
        attempt = attempt_at(site, email, **rules)
        page = visit(state=sign_in_state(site, email), width=390)
        page.goto(f"{attempt}?q=1")
        return page, attempt

    return open_attempt


def test_a_flag_stands_apart_from_the_state_of_its_question(phone):
    page, _attempt = phone("flagged-on-a-phone@example.com", count=3)
    page.locator(".choice label").first.click()
    page.get_by_role("button", name="Flag for review").click()
    expect(page.locator("[data-flag-of='1']")).to_be_visible()
    expect(page.locator("[data-mark='1']")).to_have_text("answered")
    state, flag, row = page.evaluate(BOXES)
    beside, below = flag["left"] - state["right"], flag["top"] - state["bottom"]
    assert max(beside, below) > 0
    assert flag["right"] <= row["right"]


def test_the_head_of_an_exam_leaves_room_for_its_question(phone):
    """The number and the way to all questions in one line, then what is saved and the time."""
    page, _attempt = phone("low-head@example.com", count=14, time_limit_minutes=60)
    head = page.locator(".attempt-head")
    assert head.evaluate("head => head.offsetHeight") <= 110
    number, way = (page.locator(f".attempt-head {each}").bounding_box() for each in ("h1", ".to-marks"))
    assert way["y"] < number["y"] + number["height"]


def test_the_bar_above_a_section_is_one_sentence(visit, site):
    """A mark within it is no part of its own, which would stand apart."""
    attempt_at(site, "bar-on-a-phone@example.com", count=1)
    page = visit(state=sign_in_state(site, "bar-on-a-phone@example.com"), width=390)
    page.goto("/cto/lessons/6/assignment/")
    summary = page.locator(".outline-fold > summary")
    expect(summary).to_have_text("Lesson 6, for the coming certificate", use_inner_text=True)
    assert summary.evaluate("bar => [...bar.childNodes].filter(node => node.textContent.trim()).length") == 1
