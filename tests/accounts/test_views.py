"""The profile, the choice of appearance, and the QR code of the authenticator app."""

import pytest
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.urls import reverse

from tests.tight import tight

pytestmark = pytest.mark.django_db

PROFILE = {"name": "Nadia Osei-Mensah", "time_zone": "Europe/Lisbon", "language": "en-gb"}


def test_profile_saves(learner, learner_client):
    response = learner_client.post(reverse("accounts:profile"), PROFILE)
    assert response.url == reverse("accounts:profile")
    learner.refresh_from_db()
    assert (learner.name, learner.time_zone, learner.language) == tuple(PROFILE.values())
    assert '<p class="banner banner-success">Saved.</p>' in learner_client.get(response.url).content.decode()


def test_profile_with_errors_changes_nothing_and_keeps_the_text(learner, learner_client):
    response = learner_client.post(reverse("accounts:profile"), PROFILE | {"name": "", "time_zone": "Mars/Olympus"})
    html = tight(response.text)
    assert "<title>Error: " in html
    assert '<a href="#id_name">Enter your name</a>' in html
    assert f'<span class="who-name">{learner.name}</span>' in html
    learner.refresh_from_db()
    assert (learner.name, learner.time_zone) == ("Nadia Osei", "UTC")


def test_profile_cannot_change_what_it_does_not_show(learner, learner_client):
    learner_client.post(reverse("accounts:profile"), PROFILE | {"is_staff": "on", "email": "evil@example.com"})
    before = learner.email
    learner.refresh_from_db()
    assert (learner.is_staff, learner.email) == (False, before)


def test_profile_is_for_the_signed_in(client):
    assert client.get(reverse("accounts:profile")).url == f"{reverse('account_login')}?next=/account/"


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_theme_is_kept_in_a_cookie_and_written_into_the_page(client, choice):
    response = client.post(reverse("accounts:theme"), {"theme": choice, "next": "/help/?a=b"})
    assert response.url == "/help/?a=b"
    cookie = response.cookies["theme"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (choice, True, "Lax")
    assert f'<html lang="en-gb" data-theme="{choice}">' in client.get("/help/").content.decode()


def test_theme_system_forgets_the_cookie(client):
    client.cookies["theme"] = "dark"
    client.post(reverse("accounts:theme"), {"theme": "system"})
    assert client.cookies["theme"].value == ""
    assert '<html lang="en-gb">' in client.get("/help/").content.decode()


@pytest.mark.parametrize(
    "foreign",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "", "0", "home", "\0"],
)
def test_theme_returns_to_a_page_of_this_site_only(client, foreign):
    response = client.post(reverse("accounts:theme"), {"theme": "dark", "next": foreign})
    assert response.url == "/"


def test_theme_refuses_what_it_does_not_know(client):
    response = client.post(reverse("accounts:theme"), {"theme": "neon"})
    assert (response.status_code, "theme" in response.cookies) == (400, False)
    assert "<h1>This could not be read</h1>" in response.text
    assert client.get(reverse("accounts:theme")).status_code == 405


def test_theme_cookie_of_a_stranger_is_not_written_into_the_page(client):
    client.cookies["theme"] = '"><script>'
    assert '<html lang="en-gb">' in client.get("/help/").content.decode()


def test_qr_code_needs_a_pending_setup(learner_client):
    assert learner_client.get(reverse("accounts:totp_qr")).status_code == 404
    learner_client.post(reverse("account_reauthenticate"), {"password": "correct-horse-battery"})
    page = learner_client.get(reverse("mfa_activate_totp")).content.decode()
    assert f'src="{reverse("accounts:totp_qr")}"' in page
    response = learner_client.get(reverse("accounts:totp_qr"))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert "no-store" in response.headers["Cache-Control"]
    assert learner_client.session[SECRET_SESSION_KEY] in page
    assert b"<svg" in response.content


def test_qr_code_is_for_the_signed_in(client):
    assert client.get(reverse("accounts:totp_qr")).status_code == 302
