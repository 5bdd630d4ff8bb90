"""Every hole through which an answer could fall, one journey each. See also test_answers_are_kept.py."""

import ast
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import sign_in_state
from tests.journeys.timed import attempt_at, store

SAVED = re.compile(r"Saved at \d\d:\d\d")
OFFLINE = "No connection. Your answers are kept on this device"


@pytest.fixture
def sit(visit, site, request):
    """`sit(["single", "single"])` → (page on question 1, address of the attempt, browser state)."""
    email = f"{request.node.name.split('[')[0].replace('_', '-')}@example.com"

    def open_attempt(*kinds, **rules):
        attempt = attempt_at(site, email, kinds=kinds, **rules)
        state = sign_in_state(site, email)
        page = visit(state=state)
        page.goto(f"{attempt}?q=1")
        return page, attempt, state

    return open_attempt


def choose(page, place):
    page.locator(".choice label").nth(place).click()


def chosen(page, place):
    return page.get_by_role("main").locator(".choice input").nth(place)


def status(page):
    return page.locator("[data-status]")


def answers(site, attempt):
    """The stored answers: which have one, in order of position, and how often each was saved."""
    code = """
for response in Response.objects.filter(item__attempt=attempt).order_by("item__position"):
    print((response.answer is not None, response.revision, response.flagged))
"""
    return [ast.literal_eval(line) for line in store(site, attempt, code).splitlines()]


def cut(page):
    """The network is gone, but pages can still be left: what is saved fails, what is read does not."""
    page.context.route("**/save/", lambda route: route.abort("internetdisconnected"))


def mend(page):
    page.context.unroute("**/save/")


def test_several_questions_wait_across_pages_and_go_in_their_order(sit, site):
    page, attempt, _state = sit("single", "single", "single")
    sent = []
    cut(page)
    for number, place in ((2, 0), (1, 1), (3, 2)):
        page.goto(f"{attempt}?q={number}")
        choose(page, place)
        expect(status(page)).to_have_text("Not saved. Trying again every 5 seconds.")
    mend(page)
    page.on("request", lambda request: sent.append(request.post_data) if request.url.endswith("/save/") else None)
    page.goto(f"{attempt}?q=1")
    expect(status(page)).to_have_text(SAVED)
    assert [re.search(r"question=(\d)", body)[1] for body in sent] == ["2", "1", "3"]
    assert answers(site, attempt) == [(True, 1, False)] * 3


def test_lost_acknowledgement_is_no_conflict(sit, site):
    """The server has saved, the reply was lost, the learner changes their mind: nobody is asked about themselves."""
    page, attempt, _state = sit("single")

    def swallow(route):
        route.fetch()
        route.abort("internetdisconnected")

    page.context.route("**/save/", swallow)
    choose(page, 0)
    expect(status(page)).to_have_text("Not saved. Trying again every 5 seconds.")
    mend(page)
    choose(page, 1)
    expect(status(page)).to_have_text(SAVED)
    expect(page.locator("[data-refused]")).to_be_hidden()
    page.reload()
    expect(chosen(page, 1)).to_be_checked()
    assert answers(site, attempt) == [(True, 2, False)]


def test_answer_kept_offline_never_overwrites_a_newer_one_unasked(sit, site, visit):
    """Both versions are shown, in words; the learner decides."""
    page, attempt, state = sit("single")
    cut(page)
    choose(page, 0)
    expect(status(page)).to_have_text("Not saved. Trying again every 5 seconds.")
    elsewhere = visit(state=state)
    elsewhere.goto(f"{attempt}?q=1")
    choose(elsewhere, 2)
    expect(status(elsewhere)).to_have_text(SAVED)
    theirs = elsewhere.locator(".choice label").nth(2).inner_text()
    mine = page.locator(".choice label").nth(0).inner_text()
    mend(page)
    page.goto(f"{attempt}?q=1")
    box = page.locator("[data-refused]")
    expect(box).to_contain_text("Question 1: A newer answer to this question was saved in another window.")
    expect(box.locator("[data-mine]")).to_contain_text(mine[:40])
    expect(box.locator("[data-theirs]")).to_contain_text(theirs[:40])
    page.reload()  # undecided, it is there again
    expect(box).to_be_visible()
    box.get_by_role("link", name="Show what is saved").click()
    expect(box).to_be_hidden()
    expect(chosen(page, 2)).to_be_checked()
    assert answers(site, attempt) == [(True, 1, False)]


def test_flag_alone_is_saved_without_a_page_load_and_kept_offline(sit, site):
    page, attempt, _state = sit("ordering", "single")
    cut(page)
    flag = page.get_by_role("button", name="Flag for review")
    flag.click()
    expect(flag).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    mend(page)
    page.goto(f"{attempt}?q=2")
    expect(status(page)).to_have_text(SAVED)
    # An order that was only looked at is no answer.
    assert answers(site, attempt) == [(False, 1, True), (False, 0, False)]
    page.goto(f"{attempt}?q=1")
    flag.click()
    expect(status(page)).to_have_text(SAVED)
    expect(flag).to_have_attribute("aria-pressed", "false")
    assert answers(site, attempt)[0] == (False, 2, False)


def test_flag_and_answer_offline_are_both_kept(sit, site):
    page, attempt, _state = sit("single")
    cut(page)
    page.get_by_role("button", name="Flag for review").click()
    choose(page, 1)
    expect(status(page)).to_have_text("Not saved. Trying again every 5 seconds.")
    mend(page)
    page.reload()
    expect(status(page)).to_have_text(SAVED)
    assert answers(site, attempt) == [(True, 1, True)]


def test_typed_text_is_on_its_way_within_two_seconds_and_survives_a_closed_tab(sit, site):
    page, attempt, _state = sit("numeric")
    field = page.locator("#q1-answer")
    with page.expect_request("**/save/", timeout=2000):
        field.press_sequentially("123456789", delay=200)
    expect(status(page)).to_have_text(SAVED)
    field.fill("77")
    page.close(run_before_unload=False)
    code = "print(Response.objects.get(item__attempt=attempt).answer)"
    for _try in range(10):
        if store(site, attempt, code).strip() == "77":
            break
    assert store(site, attempt, code).strip() == "77"


def test_several_answers_leave_with_the_page(sit, site):
    """Two answers wait behind one that hangs; the page is left by a link: all three arrive."""
    page, attempt, _state = sit("single", "single", "single", one_page=True)
    hanging = []
    page.context.route("**/save/", lambda route: hanging.append(route) if not hanging else route.continue_())
    for question in (1, 2, 3):
        page.locator(f"[data-question='{question}'] .choice label").first.click()
    page.goto("/cto/home/")
    mend(page)
    for _try in range(10):
        if answers(site, attempt)[1:] == [(True, 1, False)] * 2:
            break
    assert answers(site, attempt)[1:] == [(True, 1, False)] * 2
    page.goto(attempt)
    expect(status(page)).to_have_text(SAVED)
    assert answers(site, attempt) == [(True, 1, False)] * 3


def test_order_and_ticks_given_offline_are_on_the_page_again(sit, site):
    page, attempt, _state = sit("ordering", "multiple")
    cut(page)
    page.get_by_role("button", name="Move down").first.click()
    order = page.locator("[data-text]").all_inner_texts()
    page.goto(f"{attempt}?q=2")
    choose(page, 0)
    choose(page, 1)
    choose(page, 0)
    page.goto(f"{attempt}?q=1")
    assert page.locator("[data-text]").all_inner_texts() == order
    page.goto(f"{attempt}?q=2")
    expect(chosen(page, 0)).not_to_be_checked()
    expect(chosen(page, 1)).to_be_checked()
    mend(page)
    page.reload()
    expect(status(page)).to_have_text(SAVED)
    assert [row[0] for row in answers(site, attempt)] == [True, True]


def test_failing_saves_offer_a_copy_of_everything(sit, site):
    page, attempt, _state = sit("single", "numeric")
    page.context.route("**/save/", lambda route: route.fulfill(status=503, body="busy"))
    choose(page, 0)
    first = page.locator(".choice label").first.inner_text()
    expect(status(page)).to_have_text("Not saved. Trying again every 5 seconds.")
    page.goto(f"{attempt}?q=2")
    page.locator("#q2-answer").fill("42")
    button = page.get_by_role("button", name="Download what is not saved")
    expect(button).to_be_visible(timeout=15_000)
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == "lesson-1-check-1-not-saved.txt"
    text = download.value.path().read_text()
    assert "Question 1 (not saved on the server yet)" in text
    assert f"> {' '.join(first.split())}" in text
    assert "Question 2 (not saved on the server yet)" in text
    assert "> 42" in text
    mend(page)
    page.reload()
    expect(status(page)).to_have_text(SAVED)
    expect(button).to_be_hidden()
    page.goto(f"{attempt}review/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download what is saved").click()
    assert download.value.suggested_filename == "lesson-1-check-1-saved.txt"
    assert "> 42" in download.value.path().read_text()


def test_session_ends_over_several_questions_and_nothing_is_missing(sit, site):
    page, attempt, state = sit("single", "single")
    page.context.clear_cookies(name="session")
    choose(page, 1)
    banner = page.locator("[data-signed-out]")
    expect(banner).to_be_visible()
    expect(page.get_by_role("button", name="Download what is not saved")).to_be_visible()
    banner.get_by_role("link", name="Sign in to save them").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
    page.context.add_cookies(state["cookies"])
    page.goto(f"{attempt}?q=2")
    expect(status(page)).to_have_text(SAVED)
    assert answers(site, attempt) == [(True, 1, False), (False, 0, False)]


def test_signing_in_again_in_another_window_saves_the_answers_of_this_one(sit, site):
    page, attempt, _state = sit("single")
    email = "test-signing-in-again-in-another-window-saves-the-answers-of-this-one@example.com"
    page.context.clear_cookies()
    choose(page, 1)
    expect(page.locator("[data-signed-out]")).to_be_visible()
    page.context.add_cookies(sign_in_state(site, email)["cookies"])
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(status(page)).to_have_text(SAVED)
    expect(page.locator("[data-signed-out]")).to_be_hidden()
    assert answers(site, attempt) == [(True, 1, False)]


def test_the_hint_of_a_list_says_whether_its_order_is_saved(sit):
    page, _attempt, _state = sit("ordering")
    hint = page.locator("#q1-hint")
    expect(hint).to_have_text("The order below becomes your answer when you change or save it.")
    cut(page)
    page.locator("[data-item] button:not(:disabled)").first.click()
    expect(hint).to_have_text("This order is not saved yet.")
    page.reload()
    expect(hint).to_have_text("This order is not saved yet.")
    mend(page)
    page.reload()
    expect(hint).to_have_text("This order is saved as your answer.")


def test_review_sends_what_waits_before_it_is_read(sit, site):
    page, attempt, _state = sit("single")
    cut(page)
    choose(page, 0)
    expect(status(page)).to_have_text("Not saved. Trying again every 5 seconds.")
    mend(page)
    page.goto(f"{attempt}review/")
    expect(page.get_by_text("Every question has an answer.")).to_be_visible()


def test_check_this_answer_shows_why_and_then_it_stays(sit, site):
    page, _attempt, _state = sit("single", "single", feedback="immediate")
    choose(page, 0)
    page.get_by_role("button", name="Check this answer").click()
    expect(page.get_by_text("You checked this answer, so it stays as it is.")).to_be_visible()
    expect(page.locator(".choice")).to_have_count(0)
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("button", name="Check this answer")).to_be_visible()
    page.get_by_role("navigation", name="Questions").get_by_role("button", name="Question 1").click()
    expect(page.locator(".checked")).to_be_visible()
    page.get_by_role("button", name="Review answers").click()
    expect(page.get_by_role("heading", name="Review your answers")).to_be_visible()


def test_what_does_not_fit_is_said_at_the_field_until_it_was_mended(sit, site):
    """Refused while typing: in a live region, and the field is marked; kept over a reload. After a refusal by Enter
    the summary and the title say so too, until an answer that fits was saved."""
    page, attempt, _state = sit("numeric")
    field, problem = page.locator("#q1-answer"), page.locator("#q1-problem")
    field.fill("many")
    expect(problem).to_contain_text("Enter one number")
    assert page.evaluate("document.querySelector('#q1-problem').ariaLive") == "polite"
    expect(field).to_have_attribute("aria-invalid", "true")
    page.reload()
    expect(field).to_have_value("many")
    expect(problem).to_contain_text("Enter one number")
    field.fill("12.000")
    expect(status(page)).to_have_text(SAVED)
    expect(problem).to_be_empty()
    expect(page.get_by_text("Read as 12")).to_be_visible()
    assert field.evaluate("field => field.inputMode") == "decimal"
    page.locator(".sign-key").dispatch_event("click")  # only a finger sees it
    expect(page.get_by_text("Read as −12")).to_be_visible()
    assert field.get_attribute("aria-invalid") is None
    field.fill("many more")
    field.press("Enter")
    expect(page).to_have_title(re.compile("^Error: Question 1"))
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(field).to_have_class(re.compile("is-invalid"))
    field.fill("13")
    expect(status(page)).to_have_text(SAVED)
    expect(summary).to_have_count(0)
    expect(page).to_have_title(re.compile("^Question 1"))
    expect(field).not_to_have_class(re.compile("is-invalid"))
    assert field.get_attribute("aria-invalid") is None
    assert answers(site, attempt) == [(True, 3, False)]


def test_a_server_that_cannot_save_is_asked_again_when_it_said(sit, site):
    page, attempt, _state = sit("single")
    asked = []

    def refuse_once(route):
        asked.append(route.request.post_data)
        if len(asked) == 1:
            route.fulfill(status=503, headers={"Retry-After": "2"}, body="<h1>Not now</h1>")
        else:
            route.continue_()

    page.context.route("**/save/", refuse_once)
    choose(page, 1)
    expect(status(page)).to_have_text("Not saved. Trying again every 2 seconds.")
    expect(status(page)).to_have_text(SAVED)
    assert (len(asked), answers(site, attempt)) == (2, [(True, 1, False)])
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_two_windows_without_a_connection_both_keep_their_answer(sit, site):
    """One is closed before the connection is back; the next page has both, in words. Which of them arrives first, the
    parting request of the closed window may decide."""
    page, attempt, _state = sit("numeric")
    second = page.context.new_page()
    second.goto(f"{attempt}?q=1")
    cut(page)
    for window, answer in ((page, "11"), (second, "22")):
        window.locator("#q1-answer").fill(answer)
        expect(status(window)).to_have_text("Not saved. Trying again every 5 seconds.")
    second.close()
    mend(page)
    page.reload()
    box = page.locator("[data-refused]")
    expect(box).to_be_visible()
    mine, theirs = (box.locator(f"[data-{name}]").inner_text()[:2] for name in ("mine", "theirs"))
    assert {mine, theirs} == {"11", "22"}
    box.get_by_role("button", name="Save this one").click()
    expect(box).to_be_hidden()
    expect(status(page)).to_have_text(SAVED)
    expect(page.locator("#q1-answer")).to_have_value(mine)
    assert store(site, attempt, "print(Response.objects.get(item__attempt=attempt).answer)").strip() == mine


def test_the_next_question_begins_at_its_heading(sit):
    """By keyboard: the focus is at the heading, the stem comes once, and nothing hidden comes before it."""
    page, _attempt, _state = sit("single", "numeric")
    page.get_by_role("button", name="Save and next").focus()
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="Question 2 of 2", level=1)
    expect(heading).to_be_focused()
    page.reload()
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    expect(heading).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    heard = page.get_by_role("main").aria_snapshot()
    assert heard.count(page.locator(".stem").inner_text().split("\n")[0][:60]) == 1
    assert 'button "Save"' not in heard


# ---- The time ------------------------------------------------------------------------------------------------------


def clocked(page, attempt):
    """The page of the attempt with a clock of our own."""
    page.clock.install()
    page.goto(f"{attempt}?q=1")
    page.evaluate(
        """() => {
          window.heard = [];
          new MutationObserver(() => {
            const text = document.querySelector("[data-said]").textContent;
            if (text) window.heard.push(text);
          }).observe(document.querySelector("[data-said]"), { childList: true });
        }"""
    )


def test_what_is_not_saved_is_in_sight_on_a_phone_where_the_answer_is_given(sit):
    page, _attempt, _state = sit("single")
    page.set_viewport_size({"width": 390, "height": 500})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    cut(page)
    choose(page, 2)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.get_by_text(OFFLINE)).to_be_in_viewport(ratio=1)
    expect(status(page)).to_be_in_viewport(ratio=1)
    expect(status(page)).to_have_text("Not saved. Trying again every 5 seconds.")
    mend(page)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(status(page)).to_have_text(SAVED)
    expect(page.get_by_text(OFFLINE)).to_be_hidden()


def test_time_is_announced_at_ten_five_and_one_minute_and_when_asked(sit, site):
    page, attempt, _state = sit("single", time_limit_minutes=12)
    clocked(page, attempt)
    expect(page.get_by_role("timer")).to_have_text("12 min left")
    for _minute in range(11 * 6 + 3):
        page.clock.run_for(10_000)
    assert page.evaluate("window.heard") == [
        "10 minutes left. Your answers are saved.",
        "5 minutes left. Your answers are saved.",
        "1 minute left. Your answers are saved.",
    ]
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^\d\d s left$"))
    page.get_by_role("button", name="Say time left").press("Enter")
    page.clock.run_for(100)
    assert page.evaluate("window.heard.length") == 4
    assert page.get_by_role("timer").get_attribute("aria-live") == "off"


def test_extension_is_announced_at_the_next_save(sit, site):
    page, attempt, _state = sit("single", time_limit_minutes=30)
    grant = (
        "attempts.extend(enrolment=attempt.enrolment, quiz=attempt.quiz, by=staff, reason='Ill.', at=now, minutes=10)"
    )
    store(site, attempt, grant)
    choose(page, 0)
    expect(page.locator("[data-said]")).to_have_text("You have 10 more minutes.")
    expect(page.get_by_role("timer")).to_have_text("40 min left")
    store(site, attempt, grant)
    page.reload()
    expect(page.locator("[data-said]")).to_have_text("You have 10 more minutes.")


def test_when_the_time_is_over_answers_count_and_the_result_opens(sit, site):
    page, attempt, _state = sit("single", "numeric", time_limit_minutes=1)
    soon = "{'deadline_at': now + timedelta(seconds=8), 'closes_at': now + timedelta(seconds=38)}"
    store(site, attempt, f"Attempt.objects.filter(pk=attempt.pk).update(**{soon})")
    page.goto(f"{attempt}?q=2")
    page.locator("#q2-answer").fill("5")
    page.wait_for_url("**/result/", timeout=30_000)
    expect(page.get_by_text("Time ran out, so your answers were sent as they were saved.")).to_be_visible()
    assert answers(site, attempt)[1][0] is True


def test_without_javascript_the_page_says_when_the_time_ends(sit, visit):
    _page, attempt, state = sit("single", time_limit_minutes=30)
    plain = visit(state=state, javascript=False)
    plain.goto(f"{attempt}?q=1")
    expect(plain.get_by_text(re.compile(r"Time until \d\d:\d\d"))).to_be_visible()
    expect(plain.get_by_role("button", name="Say time left")).to_be_hidden()
    expect(plain.locator("[data-clock]")).to_be_hidden()


# ---- Forty questions -----------------------------------------------------------------------------------------------


def test_forty_numbers_fit_a_phone_and_a_keyboard(visit, site, sit):
    _page, attempt, state = sit(count=40)
    phone = visit(state=state, width=390)
    phone.goto(f"{attempt}?q=1")
    phone.get_by_role("link", name="All questions").click()
    numbers = phone.get_by_role("navigation", name="Questions").locator("li button")
    expect(numbers).to_have_count(40)
    boxes = [numbers.nth(place).bounding_box() for place in range(40)]
    assert min(min(box["width"], box["height"]) for box in boxes) >= 24
    assert boxes[-1]["y"] + boxes[-1]["height"] - boxes[0]["y"] < 420
    numbers.nth(37).focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Question 38 of 40")
    expect(numbers.nth(37)).to_have_attribute("aria-current", "true")
