"""Passkeys with a real browser and a virtual key: add one, use it for a sensitive page, sign in with it."""

import re

import pytest

PASSWORD = "a quiet lighthouse 1893"
PERSON = """
from accounts.models import User
user = User.objects.create_user("passkey@example.com", {password!r}, name="Key Holder")
user.emailaddress_set.create(email=user.email, verified=True, primary=True)
"""
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(site, visit):
    """A window with a virtual key. Passkeys need a host name: browsers refuse them on a bare address like 127.0.0.1."""
    site.shell(PERSON.format(password=PASSWORD))
    page = visit()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return page


def test_passkey(site, page):
    here = site.url.replace("127.0.0.1", "localhost")
    page.goto(f"{here}/accounts/login/?next=/account/")
    page.get_by_label("Email").fill("passkey@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()

    page.get_by_role("link", name="Two-step sign-in").click()
    page.get_by_role("link", name="Add a passkey", exact=True).click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url("**/recovery-codes/")
    codes = page.get_by_label("Your codes").input_value().split()
    assert (len(codes), len(set(codes))) == (10, 10)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the codes").click()
    assert download.value.suggested_filename == "recovery-codes.txt"

    page.goto(f"{here}/accounts/2fa/webauthn/reauthenticate/?next=/help/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile(r"^[^?]*/help/$"))

    page.goto(f"{here}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{here}/accounts/login/?next=/privacy/")
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(re.compile(r"^[^?]*/privacy/$"))
    assert page.locator(".who-name").inner_text() == "Key Holder"


def test_cancelled_passkey_is_said(site, visit):
    """No key answers: the page says what to do instead of leaving a silent button."""
    page = visit()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey instead").click()
    status = page.locator("[data-passkey-status]")
    status.filter(has_text=re.compile("choose another way")).wait_for()
