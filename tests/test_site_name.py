"""What the site is called is one setting."""

import pytest
from django.conf import settings as ours
from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse

from tests.tight import tight


@pytest.mark.django_db
def test_pages_mail_and_passkeys_are_called_by_the_setting(client, settings):
    address, name = reverse("account_login"), settings.SITE_NAME
    # With DEBUG no part of a page is kept.
    settings.SITE_NAME, settings.DEBUG = "Chief Gardener", True
    pages = [tight(client.get(address).text), tight(render_to_string("500.html"))]
    letter = render_to_string("account/email/base_message.txt")
    assert [page.count("· Chief Gardener</title>") for page in pages] == [1, 1]
    assert [page.count("<span>Chief Gardener</span>") for page in pages] == [1, 1]
    assert letter.strip() == "Chief Gardener"
    assert not any("Chief Technology Officer" in text for text in [*pages, letter])
    assert admin.site.site_header == admin.site.site_title == ours.MFA_TOTP_ISSUER == name
