"""What the door and the account pages say is so, whoever asks: with an account or without one."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.account import app_settings
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from notifications.models import Message
from tests import factories

NORA = {"name": "Nora Newcomer", "email": "someone@example.com", "password1": "a quiet lighthouse 1893"}
ANOTHER = "a louder lighthouse 1894"

pytestmark = pytest.mark.django_db


def text(response):
    """What stands between the tags of the main part of a page."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.S)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\xa0", " ").split())


# ---- Passwords -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["Nora Newcomer 1", "someone@example.com"])
def test_sign_up_compares_the_password_with_name_and_address(client, password):
    response = client.post(reverse("account_signup"), NORA | {"password1": password})
    (refused,) = response.context["form"].errors["password1"]
    assert "too close to your" in refused
    assert not User.objects.exists()
    assert client.post(reverse("account_signup"), NORA).status_code == 302


def test_hint_says_which_passwords_are_known_to_be_common(client):
    """Other common ones are taken."""
    assert round(len(CommonPasswordValidator().passwords), -3) == 20_000
    page = text(client.get(reverse("account_signup")))
    assert "Not one of some 20,000 passwords that are in common use." in page
    assert client.post(reverse("account_signup"), NORA | {"password1": "passwordpassword"}).status_code == 302


def test_reset_compares_the_password_with_the_name(client):
    user = factories.user("Nora Newcomer")
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    form = client.get(f"/accounts/password/reset/key/{key}/", follow=True).redirect_chain[-1][0]
    response = client.post(form, {"password1": "Nora Newcomer 1", "password2": "Nora Newcomer 1"})
    assert list(response.context["form"].errors) == ["password1"]


# ---- Mails that are said to be sent ----------------------------------------------------------------------------------


def test_code_is_promised_to_those_with_an_account_only(client):
    """In the same words for everybody."""
    factories.user(email="known@example.com")
    pages = []
    for email in ("known@example.com", "nobody@example.com"):
        browser = Client()
        asked = browser.post(reverse("account_request_login_code"), {"email": email})
        page = text(browser.get(asked.url))
        assert page.count("on its way") == 1
        assert f"If {email} has an account here, a code is on its way there." in page
        pages.append(page.replace(email, "X"))
    assert pages[0] == pages[1]
    assert list(Message.objects.order_by("pk").values_list("to", "subject")) == [
        ("known@example.com", "Your sign-in code"),
        ("nobody@example.com", "There is no account with this address"),
    ]


def test_who_was_added_by_an_operator_is_not_told_that_they_gave_the_address(client, operator):
    person = factories.user("Mia Admin", email="mia@example.com")
    person.emailaddress_set.all().delete()
    client.post(reverse("account_login"), {"login": person.email, "password": "correct-horse-battery"})
    message = Message.objects.get()
    said, _rest = message.text.split("\n\n", 1)
    assert said == "An account at testserver has this address, in the name of Mia Admin."


def test_sign_up_says_once_and_truly_that_a_mail_was_sent(client):
    factories.user(email="known@example.com")
    pages = []
    for email in ("known@example.com", "new@example.com"):
        browser = Client()
        page = text(browser.get(browser.post(reverse("account_signup"), NORA | {"email": email}).url))
        assert page.count(f"We have sent a mail to {email}.") == 1
        assert "on its way" not in page
        assert "If you have an account already, the mail says so." in page
        pages.append(page.replace(email, "X"))
    assert pages[0] == pages[1]
    assert dict(Message.objects.values_list("to", "subject")) == {
        "known@example.com": "You already have an account",
        "new@example.com": "Confirm your email address",
    }


# ---- The way to the password -----------------------------------------------------------------------------------------


def test_pending_code_leaves_a_way_to_the_password(client):
    """By a plain form that keeps the page the person came for."""
    user = factories.user()
    deep = "/cto/lessons/1/first/"
    asked = client.post(f"{reverse('account_request_login_code')}?next={deep}", {"email": user.email})
    page = client.get(asked.url).content.decode()
    form = re.search(r'<form id="use-password".*?</form>', page, re.S)[0]
    assert 'method="post"' in form
    assert re.search(r">\s*Use my password instead\s*</button>", form)
    action = re.search(r'action="([^"]+)"', form)[1]
    back = re.search(r'name="next" value="([^"]+)"', form)[1]
    left = client.post(action, {"next": back})
    assert urlsplit(left.url).path == reverse("account_login")
    assert parse_qs(urlsplit(left.url).query) == {"next": [deep]}
    assert 'name="password"' in client.get(left.url).content.decode()


@pytest.mark.parametrize(
    ("next", "said"),
    [
        ("/cto/lessons/1/first/", True),
        ("/cto/home/", False),
        ("/manage/", False),
        ("/nowhere-at/all/of/it/", False),
        ("https://evil.example/cto/lessons/1/first/", False),
        ("", False),
    ],
)
def test_sign_in_says_why_a_section_asks_for_it(client, next, said):
    page = text(client.get(reverse("account_login"), {"next": next}))
    assert ("Sign in or create an account to read this section." in page) is said


# ---- Sessions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ago", "said"), [(0, "signed in just now"), (6 * 60 + 30, "signed in 6 minutes ago"), (90_000, "signed in 1 day")]
)
def test_sessions_say_when_one_signed_in(ago, said):
    session = UserSession(ip="192.0.2.1", user_agent="Firefox", created_at=timezone.now() - timedelta(seconds=ago))
    html = render_to_string("usersessions/_when.html", {"session": session}).replace("\xa0", " ")
    assert f"from 192.0.2.1, {said}" in html


def test_sessions_keep_the_time_of_signing_in_when_the_password_is_changed(cohort):
    """Also for whoever reads the list in another browser."""
    person = factories.user()
    first, second = Client(), Client()
    sign_in = {"login": person.email, "password": "correct-horse-battery"}
    changed = {"oldpassword": "correct-horse-battery", "password1": ANOTHER, "password2": ANOTHER}
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        first.post(reverse("account_login"), sign_in)
        clock.shift(timedelta(minutes=9))
        response = first.post(reverse("account_change_password"), changed)
        assert (response.status_code, UserSession.objects.filter(user=person).count()) == (302, 2)
        assert "signed in 9 minutes ago" in text(first.get(reverse("usersessions_list")))
        clock.shift(timedelta(minutes=2))
        second.post(reverse("account_login"), sign_in | {"password": ANOTHER})
        page = text(second.get(reverse("usersessions_list")))
    assert sorted(re.findall(r"signed in (11 minutes ago|just now)", page)) == ["11 minutes ago", "just now"]


# ---- Help and privacy ------------------------------------------------------------------------------------------------

WORK = "answers, flags, results, and when"
PRACTICE = "schedule of your practice"
PLACES = "Your places in courses and cohorts"
STAFF = "what you decided or changed"
SIGN_IN = "passkeys, the secret of your authenticator app and your recovery codes"
#: Each model from which a path of foreign keys leads to a person, and the words that name it.
KEPT = {
    "accounts.User": "Your name, email address, time zone and language, and a password",
    "accounts.AuditEntry": STAFF,
    "account.EmailAddress": "email address",
    "account.EmailConfirmation": "email address",
    "mfa.Authenticator": SIGN_IN,
    "usersessions.UserSession": "For each signed-in browser",
    "admin.LogEntry": STAFF,
    "notifications.Message": "The mail we sent you",
    "cohorts.Enrolment": PLACES,
    "cohorts.Role": PLACES,
    "cohorts.Extension": "more time or attempts",
    "progress.LearningEvent": "sections marked done",
    "progress.UnitState": "sections marked done",
    "progress.LessonState": "sections marked done",
    "progress.EnrolmentSummary": "the heading at which you stopped reading",
    "quizzes.Attempt": WORK,
    "quizzes.AttemptItem": WORK,
    "quizzes.Response": WORK,
    "quizzes.ResponseLog": WORK,
    "quizzes.GradingRun": WORK,
    "quizzes.ItemScore": WORK,
    "quizzes.PracticeCard": PRACTICE,
    "quizzes.PracticeReview": "each “Again” and “Got it”",
    "quizzes.Regrade": STAFF,
    "quizzes.QuestionImport": STAFF,
    "plans.Note": "Your notes",
}
#: What an import made is a question of the course, not of the person who started it.
OF_THE_COURSE = {"quizzes.Question"}


def reach_a_person():
    """The labels of all models that a chain of foreign keys leads from to a person; the course's own content aside."""
    found = {User}
    while True:
        more = {
            model
            for model in apps.get_models()
            if model not in found
            and model._meta.label not in OF_THE_COURSE
            and any(field.related_model in found for field in model._meta.fields)
        }
        if not more:
            return {model._meta.label for model in found}
        found |= more


def test_privacy_names_everything_that_is_kept_about_a_person(client):
    assert reach_a_person() == set(KEPT)
    page = text(client.get(reverse("privacy")))
    kept = page[page.index("What is kept") : page.index("Who sees it")]
    assert {label: words for label, words in KEPT.items() if words not in kept} == {}


def test_help_says_when_reading_is_open_and_how_to_have_more_time(client):
    page = text(client.get(reverse("help")))
    assert "Reading is never locked once you are signed in." in page
    for name in ("help", "accessibility"):
        page = text(client.get(reverse(name)))
        assert 0 < page.index("choose more time") < page.index("ask for more time")


def test_help_says_what_is_kept_and_how_scores_are_read(client):
    page = text(client.get(reverse("help")))
    assert "In the check of a lesson and in the exam an answer is saved on the server" in page
    assert "Answers to the small checks between paragraphs are not kept." in page
    assert "“Mark done” cannot be taken back" in page
    assert (
        "A percentage is cut, never rounded up: 74.99 of 100 is shown as 74, and does not pass where 75 is needed."
        in page
    )


def test_help_says_how_soon_signing_in_sends_another_link(client):
    """As allauth has it: nothing is sent within three minutes of the last one."""
    assert app_settings.EMAIL_VERIFICATION_BY_CODE_ENABLED is False
    assert app_settings.RATE_LIMITS["confirm_email"] == "1/180s/key"
    page = text(client.get(reverse("help")))
    assert "signing in sends a new one once the last is three minutes old" in page
    assert "No mail after three minutes?" in text(client.get(reverse("account_email_verification_sent")))


def test_privacy_says_who_has_lists_and_what_stays_in_the_browser(client):
    page = text(client.get(reverse("privacy")))
    assert "The operators of this site have lists in which you stand by name" in page
    assert "is kept in this browser until it is, also after you have signed out" in page


def test_privacy_counts_every_cookie_that_is_set(client, cohort):
    person = factories.user()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    named = set(client.cookies)
    for response in (
        client.get(reverse("account_logout")),
        client.post(reverse("accounts:theme"), {"theme": "dark", "next": "/"}),
        client.post(reverse("account_logout")),
        client.post(reverse("account_signup"), NORA),
        client.get(reverse("account_login")),
    ):
        named |= set(response.cookies)
    assert named == {"session", "csrftoken", "theme", "messages"}
    page = text(client.get(reverse("privacy")))
    cookies = page[page.index("Cookies") : page.index("Your rights")]
    assert "One for your session, one that protects forms, one for light or dark if you choose" in cookies
    assert "one that carries a message such as “You are signed out” to the next page and ends there." in cookies
    assert "All four" in cookies


def test_signing_out_promises_what_was_saved_and_says_that_it_is_done(client, cohort):
    client.force_login(factories.user(), backend="django.contrib.auth.backends.ModelBackend")
    page = text(client.get(reverse("account_logout")))
    assert "What the pages said was saved is on the server" in page
    assert "Your work is saved." not in page
    assert text(client.post(reverse("account_logout"), follow=True)).count("You are signed out.") == 1


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("127.0.0.1:8000", "this one was opened by its number. Open it as “localhost”, or choose another way."),
        ("[::1]:8000", "this one was opened by its number. Open it as “localhost”, or choose another way."),
        ("192.0.2.7", "this one was opened by its number. Choose another way."),
        ("localhost:8000", "or this device has none for this site. Try again, or choose another way."),
        ("learn.example.com", "or this device has none for this site. Try again, or choose another way."),
    ],
)
def test_passkeys_are_refused_at_a_number_for_what_it_is(client, settings, host, said):
    settings.ALLOWED_HOSTS = ["*"]
    page = client.get(reverse("account_login"), headers={"host": host}).content.decode()
    problem = re.search(r'<template id="passkey-problem">(.*?)</template>', page, re.S)[1]
    assert " ".join(problem.split()).endswith(said)
