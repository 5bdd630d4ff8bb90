"""The exam from the home page to the result, with nothing but a keyboard."""

from playwright.sync_api import expect

from tests.journeys.axe import problems_on
from tests.journeys.people import READY_FOR_EXAM, sign_in_state

#: What answers a field of each type; a list goes to its next entry.
KEYS = {"radio": "Space", "checkbox": "Space", "text": "1"}


def answer(page):
    """Some answer to the question on the page: the first choice, a number, the first match of every line."""
    main = page.get_by_role("main")
    field = main.locator(".question :is(input:not([type=hidden]), select)").first
    field.focus()
    page.keyboard.press(KEYS.get(field.get_attribute("type"), "ArrowDown"))


def test_exam_by_keyboard(visit, site):
    email = "exam-by-keyboard@example.com"
    site.shell(READY_FOR_EXAM.format(email=email))
    page = visit(state=sign_in_state(site, email))
    page.goto("/cto/home/")
    page.get_by_role("link", name="The course exam").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The course exam")
    page.get_by_role("button", name="Start the exam").focus()
    page.keyboard.press("Enter")
    for number in range(1, 41):
        page.wait_for_url(f"**/?q={number}" if number > 1 else "**/attempts/*/", wait_until="domcontentloaded")
        answer(page)
        page.locator(".attempt-foot .btn-primary").focus()
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Review your answers")
    page.get_by_role("button", name="Send answers").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("of 52 points")
    assert page.get_by_role("table").get_by_role("row").count() == 9
    expect(page.get_by_role("heading", name="Your study plan")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("Question by question")
    assert problems_on(page, "result of the exam", [("light", 1280)]) == []
