"""Every hole through which the words of a note could fall, one journey each. See also test_answers_hold.py."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import sign_in_state
from tests.journeys.test_answers_are_kept import NEW_LEARNER

SAVED = re.compile(r"Saved at \d\d:\d\d")
EMAIL = "notes-hold@example.com"
OTHER = "notes-of-another@example.com"
KEPT = "Object.keys(localStorage).filter((key) => localStorage.getItem(key)).length"


@pytest.fixture(scope="module")
def state(site):
    """Browser state of one learner; each journey writes beside a section of its own."""
    site.shell(NEW_LEARNER.format(email=EMAIL))
    site.shell(NEW_LEARNER.format(email=OTHER))
    return sign_in_state(site, EMAIL)


@pytest.fixture
def beside(visit, state):
    """`beside("mission", page=None)` → a page (a window of its own, or `page`) at that section of lesson 1."""

    def open_section(section, page=None, **window):
        page = page or visit(state=state, **window)
        page.goto(f"/cto/lessons/1/{section}/")
        return page

    return open_section


def field(page):
    return page.get_by_label("Notes on this section")


def status(page):
    return page.locator(".rail [data-status]")


def conflict(page):
    return page.locator(".rail [data-conflict]")


def stored(page, section):
    """The note as the server has it, asked for until it is what another request is about to make it."""
    html = page.request.get(f"/cto/lessons/1/{section}/").text()
    return re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", html, re.DOTALL)[1]


def arrives(page, section, text):
    """Whether the text reaches the server by a request that outlived its page."""
    return any(stored(page, section) == text for _try in range(20))


def cut(page):
    """The network is gone for what is saved; pages can still be read."""
    page.context.route("**/note/", lambda route: route.abort("internetdisconnected"))


def mend(page):
    page.context.unroute("**/note/")


def test_the_last_words_before_leaving_arrive(beside, visit, state):
    """By a key to another page and by closing the tab, both sooner than the note saves itself."""
    page = visit(state=state)
    page.goto("/cto/home/")
    beside("five-scenes", page)
    field(page).fill("Left by a key")
    page.evaluate("history.back()")  # what Alt and an arrow do; the field keeps the focus
    page.wait_for_url("**/cto/home/")
    assert arrives(page, "five-scenes", "Left by a key")
    beside("five-scenes", page)
    field(page).fill("Closed at once")
    page.close(run_before_unload=False)
    assert arrives(visit(state=state), "five-scenes", "Closed at once")


def test_typing_on_beside_a_conflict_is_kept_and_shown(beside):
    page, other = beside("mission"), beside("mission")
    field(other).fill("From the other window")
    expect(status(other)).to_have_text("Not saved yet")
    expect(status(other)).to_have_text(SAVED)
    field(page).fill("Mine")
    expect(conflict(page)).to_be_visible()
    field(page).press_sequentially(", and more")
    expect(status(page)).to_have_text("Kept on this device until you choose.")
    page.reload()
    expect(field(page)).to_have_value("Mine, and more")
    expect(conflict(page)).to_contain_text("From the other window")
    # Undecided, it is not forgotten: the next section leads back to it.
    beside("five-scenes", page).get_by_role("link", name="Open it and choose").click()
    expect(page).to_have_url(re.compile("/mission/#notes"))
    expect(field(page)).to_have_value("Mine, and more")
    page.get_by_role("button", name="Keep what is written above").click()
    expect(status(page)).to_have_text(SAVED)
    expect(conflict(page)).to_be_hidden()
    assert stored(page, "mission") == "Mine, and more"
    assert page.evaluate(KEPT) == 0
    # The other window now has the older text; it may also take the newer one.
    field(other).press_sequentially("!")
    expect(conflict(other)).to_contain_text("Mine, and more")
    other.get_by_role("button", name="Take the other text").click()
    expect(field(other)).to_have_value("Mine, and more")
    expect(status(other)).to_have_text(SAVED)
    assert other.evaluate(KEPT) == 0


def test_two_windows_without_a_connection_both_keep_their_text(beside, visit, state):
    first = beside("segment")
    second = beside("segment", first.context.new_page())
    first.context.set_offline(True)
    for page, text in ((first, "The first window"), (second, "The second window")):
        field(page).fill(text)
        expect(status(page)).to_have_text("No connection. Your note is kept on this device and saved when it is back.")
    # Both are gone before the connection is back.
    kept = first.context.new_page()
    first.close()
    second.close()
    kept.context.set_offline(False)
    beside("segment", kept)
    texts = {"The first window", "The second window"}
    expect(status(kept)).to_have_text(SAVED)
    above = field(kept).input_value()
    assert above in texts
    [below] = texts - {above}
    expect(conflict(kept)).to_contain_text(below)
    kept.get_by_role("button", name="Take the other text").click()
    expect(status(kept)).to_have_text(SAVED)
    expect(conflict(kept)).to_be_hidden()
    assert stored(kept, "segment") == below
    assert kept.evaluate(KEPT) == 0


def test_a_window_that_is_open_keeps_its_text_to_itself(beside):
    """A second window of the section does not take what the first has not sent."""
    first = beside("archetypes")
    cut(first)
    field(first).fill("Still being written")
    expect(status(first)).to_have_text("Not saved. Trying again every 5 seconds.")
    second = beside("archetypes", first.context.new_page())
    expect(field(second)).to_have_value("")
    mend(first)
    expect(status(first)).to_have_text(SAVED, timeout=10_000)
    assert stored(first, "archetypes") == "Still being written"


def test_a_note_of_another_section_is_sent_from_here(beside):
    page = beside("three-voices")
    cut(page)
    field(page).fill("Not sent from its own page")
    expect(status(page)).to_have_text("Not saved. Trying again every 5 seconds.")
    beside("works-for-the-business", page)
    mend(page)
    beside("works-for-the-business", page)
    assert arrives(page, "three-voices", "Not sent from its own page")
    expect(field(page)).to_have_value("")
    page.wait_for_function(f"() => {KEPT} === 0")


def test_an_ended_session_keeps_the_note_until_sign_in(beside, state):
    page = beside("what-ai-changes")
    page.context.clear_cookies(name="session")
    field(page).fill("Written while signed out")
    expect(status(page)).to_have_text(re.compile("you are signed out"))
    page.reload()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.context.add_cookies(state["cookies"])
    beside("what-ai-changes", page)
    expect(field(page)).to_have_value("Written while signed out")
    expect(status(page)).to_have_text(SAVED)
    assert stored(page, "what-ai-changes") == "Written while signed out"
    assert page.evaluate(KEPT) == 0


def test_signing_in_again_in_another_window_saves_the_note_of_this_one(beside, site):
    """Its form is older than the sign-in: it takes over the token of today, from a page of the same person only."""
    page = beside("what-ai-changes")
    page.context.clear_cookies()
    field(page).fill("Kept until I am back")
    expect(status(page)).to_have_text(re.compile("you are signed out"))
    page.context.add_cookies(sign_in_state(site, OTHER)["cookies"])
    page.evaluate("dispatchEvent(new Event('focus'))")
    field(page).fill("Kept until I am back myself")
    expect(status(page)).to_have_text(re.compile("you are signed out"))
    page.context.clear_cookies()
    page.context.add_cookies(sign_in_state(site, EMAIL)["cookies"])
    with page.expect_response(lambda response: response.url.endswith("/note/") and response.ok):
        page.evaluate("dispatchEvent(new Event('focus'))")
    expect(status(page)).to_have_text(SAVED)
    assert stored(page, "what-ai-changes") == "Kept until I am back myself"
    assert page.evaluate(KEPT) == 0


def test_a_second_window_says_that_an_open_one_has_a_newer_note(beside):
    first = beside("five-scenes")
    cut(first)
    field(first).fill("Newer, and not saved")
    expect(status(first)).to_have_text("Not saved. Trying again every 5 seconds.")
    second = beside("five-scenes", first.context.new_page())
    expect(status(second)).to_have_text("Another window that is open has a newer text, which is not saved yet.")
    mend(first)
    expect(status(first)).to_have_text(SAVED, timeout=10_000)
    expect(status(second)).to_be_empty()


def test_a_server_that_cannot_save_is_asked_again_when_it_said(beside):
    page = beside("mistakes-practices")
    asked = []

    def refuse_once(route):
        asked.append(route.request.post_data)
        if len(asked) == 1:
            route.fulfill(status=503, headers={"Retry-After": "2"}, body="<h1>Not now</h1>")
        else:
            route.continue_()

    page.context.route("**/note/", refuse_once)
    field(page).fill("Through a restart")
    expect(status(page)).to_have_text("Not saved. Trying again every 2 seconds.")
    assert page.evaluate(KEPT) == 1
    expect(status(page)).to_have_text(SAVED)
    assert stored(page, "mistakes-practices") == "Through a restart"
    assert (len(asked), page.evaluate(KEPT)) == (2, 0)


def test_a_lost_acknowledgement_is_no_conflict(beside):
    page = beside("harbourline")

    def swallow(route):
        route.fetch()
        route.abort("internetdisconnected")

    page.context.route("**/note/", swallow)
    field(page).fill("Half")
    expect(status(page)).to_have_text("Not saved. Trying again every 5 seconds.")
    mend(page)
    field(page).press_sequentially(" and whole")
    expect(status(page)).to_have_text(SAVED)
    expect(conflict(page)).to_be_hidden()
    assert stored(page, "harbourline") == "Half and whole"
