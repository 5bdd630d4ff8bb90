"""The reader and a check with nothing but a keyboard."""

from playwright.sync_api import expect

from tests.journeys.people import sign_in_state

FOCUSED = """() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const row = here.closest(".choice");
  const rowRing = row && getComputedStyle(row).outlineStyle !== "none";
  return {
    name: (here.innerText || here.getAttribute("aria-label") || here.id || here.tagName).trim().slice(0, 60),
    seen: Boolean(ring || rowRing),
    inside: box.bottom > 0 && box.top < innerHeight && box.width > 0,
  };
}"""


def walk(page, *, most=150):
    """Press Tab until the focus has left the page; what was focused, in order."""
    stops = []
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return stops
        stops.append(page.evaluate(FOCUSED))
    raise AssertionError("The focus goes round in circles.")


def test_every_stop_of_the_reader_is_visible(visit, site):
    """On a phone, where bars are fixed to the edges: no stop is hidden, none is without its ring, the first skips."""
    page = visit(state=sign_in_state(site, "learner@example.com"), width=390)
    page.goto("/cto/lessons/1/five-scenes/")
    stops = walk(page)
    assert stops[0]["name"] == "Skip to the lesson"
    assert [stop["name"] for stop in stops if not (stop["seen"] and stop["inside"])] == []
    assert "Mark done and continue" in [stop["name"] for stop in stops]


def test_skip_link_leads_to_the_lesson(visit, site):
    page = visit(state=sign_in_state(site, "learner@example.com"))
    page.goto("/cto/lessons/1/five-scenes/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_escape_closes_the_account_menu(visit, site):
    page = visit(state=sign_in_state(site, "learner@example.com"))
    page.goto("/cto/home/")
    summary = page.locator("details.menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(summary).to_be_focused()


def test_check_by_keyboard(visit, site):
    """An inline check: arrows and Space choose, Enter on the button answers, the reader hears why."""
    page = visit(state=sign_in_state(site, "learner@example.com"))
    page.goto("/cto/lessons/1/why-engineers/")
    check = page.locator(".check").first
    check.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(check.get_by_role("radio").nth(1)).to_be_checked()
    check.get_by_role("button", name="Check").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".check [role=status]").first).to_contain_text("Not this one.")
