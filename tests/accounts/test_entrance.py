"""Signing up, in, and back in: what people meet at the door."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cohorts.models import Enrolment
from notifications.models import Message
from tests import factories

DEEP = "/cto/lessons/1/first/"
NADIA = {"name": "Nadia Osei", "email": "nadia@example.com", "password1": "a quiet lighthouse 1893"}

pytestmark = pytest.mark.django_db


def sign_up(client, *, next="", **changes):
    return client.post(reverse("account_signup"), NADIA | changes | ({"next": next} if next else {}))


def link_in(message):
    """Path and query of the one link in a mail."""
    (link,) = re.findall(r"https?://\S+", message.text)
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def follow_confirmation(client, link):
    """Open the link and press the button, as a person does."""
    parts = urlsplit(link)
    carried = parse_qs(parts.query).get("next", [""])[0]
    page = client.get(link)
    assert page.status_code == 200
    assert not carried or f'name="next" value="{carried.replace("&", "&amp;")}"' in page.content.decode()
    return client.post(parts.path, {"next": carried} if carried else {})


def summary(response):
    """The lines of the error summary."""
    html = response.content.decode()
    block = re.search(r'<div class="error-summary".*?</div>', html, re.S)
    return [re.sub(r"<[^>]+>", "", item) for item in re.findall(r"<li>(.*?)</li>", block[0], re.S)] if block else []


def test_sign_up_confirm_and_land_where_they_came_for(client, cohort):
    response = sign_up(client, next=DEEP, time_zone="Europe/Lisbon")
    assert response.url == reverse("account_email_verification_sent")
    assert "Check your mail" in client.get(response.url).content.decode()
    (message,) = Message.objects.all()
    assert (message.to, message.subject) == ("nadia@example.com", "Confirm your email address")
    assert message.html.startswith("<!doctype html>")
    user = User.objects.get()
    assert (user.name, user.time_zone, message.user) == ("Nadia Osei", "Europe/Lisbon", user)
    assert not Enrolment.objects.exists()

    assert follow_confirmation(client, link_in(message)).url == DEEP
    assert list(Enrolment.objects.values_list("user", "cohort", "state")) == [(user.pk, cohort.pk, "active")]
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_confirmation_in_another_browser_leads_through_the_sign_in_page(client, cohort):
    sign_up(client, next=DEEP)
    phone = Client()
    response = follow_confirmation(phone, link_in(Message.objects.get()))
    assert response.url == f"{reverse('account_login')}?next=%2Fcto%2Flessons%2F1%2Ffirst%2F"
    assert "_auth_user_id" not in phone.session
    assert f'value="{DEEP}"' in phone.get(response.url).content.decode()
    signed_in = phone.post(
        reverse("account_login"), {"login": NADIA["email"], "password": NADIA["password1"], "next": DEEP}
    )
    assert signed_in.url == DEEP


def test_confirmation_link_carries_no_foreign_address(client):
    sign_up(client, next="https://evil.example/cto/")
    assert "evil" not in Message.objects.get().text
    assert follow_confirmation(client, link_in(Message.objects.get())).url == reverse("home")


def test_confirmation_link_works_once(client):
    sign_up(client)
    link = link_in(Message.objects.get())
    follow_confirmation(client, link)
    assert "This link has been used or has expired" in Client().get(link).content.decode()


@pytest.mark.parametrize("page", ["account_login", "account_signup", "account_logout", "account_reset_password"])
def test_address_that_cannot_be_taken_apart_is_not_where_one_came_for(learner_client, page):
    for browser in (Client(), learner_client):
        assert browser.get(f"{reverse(page)}?next=http://[").status_code in (200, 302)


@pytest.mark.parametrize("sent", ["", "{", "9" * 5000, "[" * 50_000, '"x"', "[1]", "{}", "null", '{"id": 5}', "\0"])
def test_credential_of_no_passkey_is_refused(client, sent):
    assert client.post(reverse("mfa_login_webauthn"), {"credential": sent}).status_code in (200, 302, 400)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("account_signup", "email"),
        ("account_login", "login"),
        ("account_reset_password", "email"),
        ("account_request_login_code", "email"),
    ],
)
def test_address_that_is_longer_than_any_is_refused(client, page, field):
    """The mail to it would not fit the outbox."""
    response = client.post(reverse(page), NADIA | {"password": "x", field: f"{'a' * 243}@example.com"})
    assert "Enter an email address in the right form, like name@example.com" in summary(response)
    assert not Message.objects.exists()


def test_sign_up_says_what_is_missing(client):
    response = sign_up(client, name="", email="nadia", password1="short")
    assert summary(response) == [
        "Enter your name",
        "Enter an email address in the right form, like name@example.com",
        "The password must have 12 characters or more.",
    ]
    assert "<title>Error: " in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("sent", "kept", "said"),
    [
        ("Europe/Lisbon", "Europe/Lisbon", False),
        ("Asia/Calcutta", "Asia/Kolkata", False),
        ("UTC", "UTC", False),
        ("Mars/Olympus", "UTC", True),
        ("", "UTC", True),
    ],
)
def test_sign_up_keeps_the_time_zone_and_says_when_it_is_not_known(client, sent, kept, said):
    response = sign_up(client, time_zone=sent)
    assert User.objects.get().time_zone == kept
    words = "Times are shown in UTC until you choose your time zone under “Account and security”."
    assert (words in client.get(response.url).text) is said


def test_unknown_time_zone_does_not_tell_who_has_an_account(client):
    factories.user(email=NADIA["email"])
    response = sign_up(client)
    assert "Times are shown in UTC until" in client.get(response.url).text


def test_sign_up_does_not_tell_who_has_an_account(client):
    """The page is the same; the mail goes to the address and says that there is an account already."""
    factories.user(email=NADIA["email"])
    response = sign_up(client)
    assert response.url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    assert Message.objects.get().subject == "You already have an account"


def test_wrong_password_does_not_say_which_part(client):
    factories.user(email=NADIA["email"])
    words = ["That email and password do not match an account. Check both, or reset the password."]
    for login, password in ((NADIA["email"], "wrong"), ("nobody@example.com", "wrong")):
        response = client.post(reverse("account_login"), {"login": login, "password": password})
        assert summary(response) == words
        assert "<title>Error: " in response.content.decode()


def test_sign_in_fields_say_what_they_are(client):
    html = client.get(reverse("account_login")).content.decode()
    assert re.search(r'name="login"[^>]*autocomplete="username"|autocomplete="username"[^>]*name="login"', html)
    assert re.search(r'name="password"[^>]*autocomplete="current-password"', html)
    assert "placeholder" not in html


def fail_to_sign_in(client, times=6):
    for _try in range(times):
        response = client.post(reverse("account_login"), {"login": NADIA["email"], "password": "wrong"})
    return response


def test_locked_password_leaves_the_mailed_code_open_and_says_so(client):
    user = factories.user(email=NADIA["email"])
    words = ["Too many tries with a wrong password. Wait five minutes, or press “Send me a code” and sign in by mail."]
    locked = fail_to_sign_in(client)
    assert summary(locked) == words
    assert re.search(rf'<a[^>]* href="{reverse("account_request_login_code")}"[^>]*>\s*Send me a code', locked.text)
    right = client.post(reverse("account_login"), {"login": NADIA["email"], "password": "correct-horse-battery"})
    assert summary(right) == words
    client.post(reverse("account_request_login_code"), {"email": user.email})
    (code,) = re.findall(r"^[A-Z0-9]{3,4}(?:-[A-Z0-9]{3,4})+$", Message.objects.get().text, re.M)
    assert client.post(reverse("account_confirm_login_code"), {"code": code}).url == reverse("home")


def test_too_many_codes_have_to_wait_a_minute(client):
    factories.user(email=NADIA["email"])
    for _try in range(4):
        response = Client().post(reverse("account_request_login_code"), {"email": NADIA["email"]})
    assert summary(response) == ["Too many tries. Wait a minute, then try again."]


def test_workshop_signs_up_and_in_behind_one_address(cohort):
    """Thirty people in a minute, each of whom mistypes once and opens the link."""
    people = [f"person{number}@example.com" for number in range(30)]
    for email in people:
        browser = Client()
        assert sign_up(browser, email=email, password1="short").status_code == 200
        assert sign_up(browser, email=email).url == reverse("account_email_verification_sent")
        assert follow_confirmation(browser, link_in(Message.objects.get(to=email))).url == reverse("home")
        again = Client()
        for password in ("wrong", NADIA["password1"]):
            response = again.post(reverse("account_login"), {"login": email, "password": password})
        assert response.url == reverse("home")
    assert User.objects.filter(email__in=people, enrolments__cohort=cohort).count() == 30


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "TRACE", "GET"])
@pytest.mark.parametrize("page", ["account_signup", "account_login", "account_reset_password"])
def test_only_what_is_sent_counts(client, method, page):
    for _time in range(130):
        response = client.generic(method, reverse(page))
    assert response.status_code == (200 if method in ("GET", "HEAD") else 405)
    assert client.post(reverse(page), {}).status_code == 200


def test_rate_limit_has_a_page_of_its_own(client):
    for _try in range(61):
        response = sign_up(client, email="")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "60")
    assert "Try again in a minute." in response.content.decode()


def test_sign_in_by_code(client):
    user = factories.user(email=NADIA["email"])
    response = client.post(f"{reverse('account_request_login_code')}?next={DEEP}", {"email": user.email})
    page = client.get(response.url).content.decode()
    assert "Enter the code from your mail" in page
    (message,) = Message.objects.all()
    (code,) = re.findall(r"^[A-Z0-9]{3,4}(?:-[A-Z0-9]{3,4})+$", message.text, re.M)
    wrong = client.post(reverse("account_confirm_login_code"), {"code": "AAAA-AAAA"})
    assert summary(wrong) == ["That code did not work. Check it against the mail, or ask for a new one."]
    right = client.post(reverse("account_confirm_login_code"), {"code": f" {code.lower()} ", "next": DEEP})
    assert right.url == DEEP


def test_second_step_takes_the_code_of_the_app(client):
    user = factories.user(email=NADIA["email"])
    secret = totp.generate_totp_secret()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})
    response = client.post(
        reverse("account_login"), {"login": user.email, "password": "correct-horse-battery", "next": DEEP}
    )
    assert response.url == reverse("mfa_authenticate")
    page = client.get(response.url).content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert "Use a passkey" not in page
    assert re.search(r'<button[^>]*form="logout-from-stage"[^>]*>\s*Cancel', page)
    wrong = client.post(response.url, {"code": "abc"})
    assert summary(wrong) == ["That code did not work. Codes change every 30 seconds; type the newest one."]
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    assert client.post(response.url, {"code": f"{code[:3]} {code[3:]}"}).url == DEEP


@pytest.mark.parametrize(("keys", "offers"), [([], 0), ([{"type": "public-key", "id": "aa"}], 1)])
def test_second_step_offers_passkeys_to_those_who_have_one(rf, keys, offers):
    options = {"publicKey": {"challenge": "aa"} | ({"allowCredentials": keys} if keys else {})}
    page = render_to_string(
        "mfa/authenticate.html",
        {
            "form": forms.AuthenticateForm(user=None),
            "webauthn_form": AuthenticateWebAuthnForm(user=None),
            "MFA_SUPPORTED_TYPES": ["totp", "webauthn"],
            "js_data": {"request_options": options},
        },
        request=rf.get("/"),
    )
    assert page.count('id="mfa_webauthn_authenticate"') == offers


def test_passkey_button_without_javascript_says_why_nothing_happened(client):
    response = client.post(reverse("mfa_login_webauthn"), {"credential": ""}, follow=True)
    assert "Passkeys need JavaScript. All other ways" in response.content.decode().split("<h1>")[0]


def test_password_reset_by_mail(client):
    user = factories.user(email=NADIA["email"])
    client.post(reverse("account_reset_password"), {"email": user.email})
    (message,) = Message.objects.all()
    assert message.subject == "Set a new password"
    form = client.get(link_in(message), follow=True).redirect_chain[-1][0]
    differ = client.post(form, {"password1": "another lighthouse", "password2": "another light"})
    assert summary(differ) == ["The two passwords differ. Type the same one twice."]
    client.post(form, {"password1": "another lighthouse", "password2": "another lighthouse"})
    user.refresh_from_db()
    assert user.check_password("another lighthouse")
    assert list(Message.objects.order_by("pk").values_list("subject", flat=True))[1:] == ["Your password was reset"]


def test_mail_of_a_changed_password_leads_to_the_reset(client):
    """Who did not change it does not know it, and cannot change it again."""
    user = factories.user(email=NADIA["email"])
    client.post(reverse("account_login"), {"login": user.email, "password": "correct-horse-battery"})
    changed = {"oldpassword": "correct-horse-battery", "password1": "a quiet lighthouse 1893"}
    client.post(reverse("account_change_password"), changed | {"password2": changed["password1"]})
    (message,) = Message.objects.all()
    assert message.subject == "Your password was changed"
    assert "If not, set a new password now, which ends all open sessions of your account:" in message.text
    assert link_in(message) == reverse("account_reset_password")
    # As it says.
    assert client.get("/home/").url == reverse("front")
    client.post(reverse("account_reset_password"), {"email": user.email})
    own = Client()
    form = own.get(link_in(Message.objects.latest("pk")), follow=True).redirect_chain[-1][0]
    own.post(form, {"password1": "another lighthouse", "password2": "another lighthouse"})
    assert reverse("account_login") in client.get("/home/").url


def test_password_reset_for_nobody_says_the_same(client):
    response = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert response.url == reverse("account_reset_password_done")
    (message,) = Message.objects.all()
    assert message.subject == "There is no account with this address"
    said = "Somebody asked for a sign-in code or a new password with nobody@example.com. There is no account"
    assert message.text.startswith(said)


def test_sign_out_is_a_form(learner_client):
    assert learner_client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in learner_client.session
    assert learner_client.post(reverse("account_logout")).url == "/"
    assert "_auth_user_id" not in learner_client.session


def test_changing_the_address_in_an_old_session_asks_for_the_password_and_keeps_what_was_typed(learner, learner_client):
    """Whoever finds a browser left open takes no account over by it; nothing has happened before the password."""
    new = {"email": "new@example.com", "action_add": ""}
    response = learner_client.post(reverse("account_email"), new)
    assert response.url == f"{reverse('account_reauthenticate')}?next=%2Faccounts%2Femail%2F"
    assert not Message.objects.exists()
    assert [address.email for address in learner.emailaddress_set.all()] == [learner.email]
    wrong = learner_client.post(response.url, {"password": "wrong", "next": reverse("account_email")})
    assert summary(wrong) == ["That is not your password."]
    right = {"password": "correct-horse-battery", "next": reverse("account_email")}
    assert learner_client.post(response.url, right).url == reverse("account_email")
    assert Message.objects.get().to == "new@example.com"


@pytest.mark.parametrize("action", ["action_remove", "action_primary"])
def test_other_changes_of_addresses_ask_for_the_password_too(learner, learner_client, action):
    learner.emailaddress_set.create(email="second@example.com", verified=True)
    response = learner_client.post(reverse("account_email"), {"email": "second@example.com", action: ""})
    assert response.url == f"{reverse('account_reauthenticate')}?next=%2Faccounts%2Femail%2F"
    assert set(learner.emailaddress_set.values_list("email", "primary")) == {
        (learner.email, True),
        ("second@example.com", False),
    }


def test_new_address_replaces_the_old_one_when_confirmed(learner, learner_client):
    old = learner.email
    learner_client.post(reverse("account_reauthenticate"), {"password": "correct-horse-battery"})
    learner_client.post(reverse("account_email"), {"email": "new@example.com", "action_add": ""})
    learner.refresh_from_db()
    assert learner.email == old
    (message,) = Message.objects.all()
    assert message.to == "new@example.com"
    follow_confirmation(learner_client, link_in(message))
    learner.refresh_from_db()
    assert learner.email == "new@example.com"
    told = Message.objects.get(to=old)
    assert told.subject == "Your email address was changed"
    assert told.text.split("\n\n")[1:-2] == [
        "If that was you, there is nothing to do. If not, tell the people who run the course at once: this address no "
        "longer opens your account, so you cannot set a new password with it."
    ]


def test_administration_is_behind_the_same_sign_in(client, learner_client):
    visitor = Client()
    assert visitor.get("/manage/").url == "/manage/login/?next=/manage/"
    assert visitor.get("/manage/login/?next=/manage/").url == f"{reverse('account_login')}?next=%2Fmanage%2F"
    assert learner_client.get("/manage/login/").status_code == 403
