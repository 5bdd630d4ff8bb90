"""What a learner answered is there again: after a reload, a lost connection, a second window, an ended session."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import sign_in_state

NEW_LEARNER = """
from django.utils import timezone
from accounts.models import User
from cohorts import enrolling
user = User.objects.create_user({email!r}, name="Farid Rahimi")
enrolling.join_open_cohorts(user=user, at=timezone.now())
"""


@pytest.fixture
def at_a_choice(visit, site, request):
    """A new learner in an open attempt, on the first question that has radio buttons: (page, browser state)."""
    email = f"{request.node.name.replace('_', '-')}@example.com"
    site.shell(NEW_LEARNER.format(email=email))
    state = sign_in_state(site, email)
    page = visit(state=state)
    page.goto("/cto/lessons/1/check/")
    page.get_by_role("button", name="Start the check").click()
    attempt = page.url.split("?")[0]
    for number in range(1, 11):
        page.goto(f"{attempt}?q={number}")
        if page.get_by_role("main").get_by_role("radio").count():
            return page, state
    raise AssertionError("Three scenarios are always drawn.")


def choose(page, place):
    page.locator(".choice label").nth(place).click()


def chosen(page, place):
    return page.get_by_role("main").get_by_role("radio").nth(place)


def test_a_choice_is_saved_at_once_and_survives_a_reload(at_a_choice):
    page, _state = at_a_choice
    choose(page, 1)
    expect(page.locator("[data-status]")).to_have_text(re.compile(r"Saved at \d\d:\d\d"))
    page.reload()
    expect(chosen(page, 1)).to_be_checked()


def test_offline_answers_are_kept_and_sent_later(at_a_choice):
    page, _state = at_a_choice
    page.context.set_offline(True)
    choose(page, 0)
    expect(page.get_by_text("No connection. Your answers are kept on this device")).to_be_visible()
    expect(page.locator("[data-status]")).to_have_text("Not saved. Trying again every 5 seconds.")
    page.context.set_offline(False)
    expect(page.locator("[data-status]")).to_have_text(re.compile(r"Saved at \d\d:\d\d"))
    expect(page.get_by_text("No connection. Your answers are kept on this device")).to_be_hidden()
    page.reload()
    expect(chosen(page, 0)).to_be_checked()


def test_two_windows_the_later_one_is_asked(at_a_choice, visit):
    """The second window does not know that the first has saved; nothing is overwritten without asking."""
    page, state = at_a_choice
    second = visit(state=state)
    second.goto(page.url)
    choose(page, 0)
    expect(page.locator("[data-status]")).to_have_text(re.compile(r"Saved at"))
    choose(second, 2)
    refused = second.locator("[data-refused]")
    expect(refused).to_be_visible()
    refused.get_by_role("button").first.click()
    expect(second.locator("[data-status]")).to_have_text(re.compile(r"Saved at"))
    page.reload()
    expect(chosen(page, 2)).to_be_checked()


def test_an_ended_session_keeps_the_answer_until_sign_in(at_a_choice, site):
    page, _state = at_a_choice
    page.context.clear_cookies(name="session")
    choose(page, 1)
    expect(page.locator("[data-signed-out]")).to_be_visible()
    email = site.shell("from accounts.models import User; print(User.objects.order_by('-pk').first().email)")
    again = sign_in_state(site, email)
    page.context.add_cookies(again["cookies"])
    page.reload()
    expect(page.locator("[data-status]")).to_have_text(re.compile(r"Saved at"))
    page.reload()
    expect(chosen(page, 1)).to_be_checked()
