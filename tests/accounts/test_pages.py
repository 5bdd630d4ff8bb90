"""Every page that allauth brings is ours: in our layout, without inline style or script."""

import re

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.urls import URLPattern, get_resolver, reverse

from tests import factories

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|data:|<script(?![^>]*(?:\ssrc=|type=\"application/json\"))", re.I)
VISITOR = [
    "account_login",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_request_login_code",
]
SIGNED_IN = [
    "account_logout",
    "account_reauthenticate",
    "account_email",
    "account_change_password",
    "mfa_index",
    "mfa_list_webauthn",
    "usersessions_list",
    "accounts:profile",
]
# Behind a password typed in the last minutes.
CONFIRMED = ["mfa_activate_totp", "mfa_add_webauthn"]
WITH_KEYS = ["mfa_reauthenticate", "mfa_generate_recovery_codes", "mfa_deactivate_totp"]
# Each has a test of its own below, in test_entrance.py, or (with a real key) in tests/journeys/test_passkeys.py.
ELSEWHERE = {
    "account_confirm_email",
    "account_reset_password_from_key",
    "account_set_password",
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
}

pytestmark = pytest.mark.django_db


def assert_ours(response):
    """In our layout, with one main heading, a title, and nothing that the content security policy would refuse."""
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count('<main class="page') == 1
    assert html.count("<h1") == 1
    assert INLINE.findall(html) == []
    assert re.search(r"<title>\s*\S[^<]*· Chief Technology Officer</title>", html)
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")


def confirm_password(client):
    client.post(reverse("account_reauthenticate"), {"password": "correct-horse-battery"})


def add_passkey(user):
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone", "credential": {}, "passwordless": True}
    )


def test_every_address_of_allauth_is_looked_at():
    def names(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield pattern.name
            else:
                yield from names(pattern.url_patterns)

    included = next(p for p in get_resolver().url_patterns if str(p.pattern) == "accounts/")
    looked_at = {*VISITOR, *SIGNED_IN, *CONFIRMED, *WITH_KEYS} | ELSEWHERE
    assert set(names(included.url_patterns)) == {name for name in looked_at if ":" not in name}


@pytest.mark.parametrize("name", VISITOR)
def test_visitor_page(client, name):
    assert_ours(client.get(reverse(name)))


@pytest.mark.parametrize("name", SIGNED_IN)
def test_page_of_the_account(learner_client, name):
    assert_ours(learner_client.get(reverse(name)))


@pytest.mark.parametrize("name", CONFIRMED)
def test_page_behind_a_fresh_password(learner_client, name):
    assert learner_client.get(reverse(name)).url.startswith(reverse("account_reauthenticate"))
    confirm_password(learner_client)
    assert_ours(learner_client.get(reverse(name)))


@pytest.mark.parametrize("name", WITH_KEYS)
def test_page_of_somebody_with_two_step_sign_in(learner, learner_client, name):
    Authenticator.objects.create(user=learner, type=Authenticator.Type.TOTP, data={"secret": "A" * 32})
    RecoveryCodes.activate(learner)
    confirm_password(learner_client)
    assert_ours(learner_client.get(reverse(name)))
    assert_ours(learner_client.get(reverse("mfa_index")))


def test_recovery_codes_are_shown_once_and_not_again(learner, learner_client):
    codes = RecoveryCodes.activate(learner).get_unused_codes()
    confirm_password(learner_client)
    first = learner_client.get(reverse("mfa_view_recovery_codes"))
    assert_ours(first)
    assert [code for code in codes if code not in first.content.decode()] == []
    assert 'data-keep="keep-codes"' in first.content.decode()
    assert first.headers["Cache-Control"] == "private, no-store"
    again = learner_client.get(reverse("mfa_view_recovery_codes"))
    assert_ours(again)
    assert [code for code in codes if code in again.content.decode()] == []
    assert learner_client.get(reverse("mfa_download_recovery_codes")).status_code == 403


def test_passkey_pages_belong_to_their_owner(learner, learner_client):
    mine, foreign = add_passkey(learner), add_passkey(factories.user("Other Person"))
    confirm_password(learner_client)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert_ours(learner_client.get(reverse(name, args=[mine.pk])))
        assert learner_client.get(reverse(name, args=[foreign.pk])).status_code == 404
    assert_ours(learner_client.get(reverse("mfa_list_webauthn")))


def test_passkey_sign_in_offers_a_challenge_to_scripts_only(client):
    assert client.get(reverse("mfa_login_webauthn")).url == reverse("account_login")
    answer = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}).json()
    assert set(answer["request_options"]["publicKey"]) >= {"challenge", "rpId", "userVerification"}


def test_set_password_page_is_for_who_has_none(learner, learner_client):
    learner.set_unusable_password()
    learner.save()
    learner_client.force_login(learner, backend="django.contrib.auth.backends.ModelBackend")
    assert_ours(learner_client.get(reverse("account_set_password")))


def test_confirmation_page(client, learner):
    address = EmailAddress.objects.create(user=learner, email="second@example.com")
    assert_ours(client.get(reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key])))
    gone = client.get(reverse("account_confirm_email", args=["no-such-key"]))
    assert_ours(gone)
    assert "This link has been used or has expired" in gone.content.decode()


def test_new_password_page(client, learner):
    arguments = [user_pk_to_url_str(learner), default_token_generator.make_token(learner)]
    assert_ours(client.get(reverse("account_reset_password_from_key", args=arguments), follow=True))
    broken = client.get(reverse("account_reset_password_from_key", args=[arguments[0], "broken-token"]))
    assert_ours(broken)
    assert "This link does not work any more" in broken.content.decode()


def test_pending_email_change_page(learner, learner_client):
    """allauth's own template hides a form by an inline style here."""
    EmailAddress.objects.create(user=learner, email="new@example.com")
    response = learner_client.get(reverse("account_email"))
    assert_ours(response)
    assert 'value="new@example.com"' in response.content.decode()


@pytest.mark.parametrize(("name", "most"), [("accounts:profile", 5), ("account_email", 9), ("mfa_index", 6)])
def test_queries(learner_client, django_assert_max_num_queries, name, most):
    with django_assert_max_num_queries(most):
        learner_client.get(reverse(name))
