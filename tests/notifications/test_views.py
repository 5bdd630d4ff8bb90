"""The mailbox page: for people at this machine only, and only where no mail leaves it."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from notifications import outbox
from notifications.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
MAILBOX = "/mailbox/"


def write(number, **changes):
    fields = {
        "to": "nadia@example.com",
        "subject": f"Letter {number}",
        "text": "Confirm <it>:\n\nhttp://testserver/help/?a=1&b=2\n",
        "dedupe_key": f"letter-{number}",
        "at": factories.NOW + timedelta(minutes=number),
    }
    return outbox.enqueue(**fields | changes)


def test_mailbox_shows_the_newest_first(client, django_assert_max_num_queries):
    write(1)
    newest = write(2, subject="<b>Bold</b>")
    with django_assert_max_num_queries(1):
        html = client.get(MAILBOX).content.decode()
    assert html.index("&lt;b&gt;Bold") < html.index("Letter 1")
    assert f'href="{reverse("notifications:message", args=[newest.pk])}"' in html
    assert "nadia@example.com" in html


def test_times_name_their_zone(client_of):
    """That of the reader, who may be signed out: the same mail is read at two times."""
    letter = write(0)
    Message.objects.update(created_at=factories.NOW)
    tokyo = client_of(factories.user(time_zone="Asia/Tokyo"))
    for browser, time in ((Client(), "09:30 UTC"), (tokyo, "18:30 JST")):
        for page in (MAILBOX, reverse("notifications:message", args=[letter.pk])):
            assert time in browser.get(page).text


def test_mailbox_without_letters_says_what_to_do(client):
    assert "Nothing has been sent yet." in client.get(MAILBOX).content.decode()


def test_message_shows_the_text_with_its_link(client, django_assert_max_num_queries):
    letter = write(1)
    with django_assert_max_num_queries(1):
        response = client.get(reverse("notifications:message", args=[letter.pk]))
    html = response.content.decode()
    assert '<a href="http://testserver/help/?a=1&amp;b=2" rel="nofollow">' in html
    assert "Confirm &lt;it&gt;:" in html
    assert "no-store" in response.headers["Cache-Control"]
    assert client.get(reverse("notifications:message", args=[letter.pk + 1])).status_code == 404


@pytest.mark.parametrize(
    "foreign",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
    ],
)
def test_mailbox_is_hidden_from_other_machines(client, foreign):
    letter = write(1)
    for path in (MAILBOX, reverse("notifications:message", args=[letter.pk])):
        response = client.get(path, **foreign)
        assert response.status_code == 404
        assert b"Letter 1" not in response.content
    assert b"mailbox" not in client.get("/help/", **foreign).content
    assert b"mailbox" in client.get("/help/").content


def test_mailbox_is_hidden_where_mail_leaves(client, settings):
    letter = write(1)
    settings.MAILBOX = False
    assert client.get(MAILBOX).status_code == 404
    assert client.get(reverse("notifications:message", args=[letter.pk])).status_code == 404
    assert b"mailbox" not in client.get("/help/").content


def test_mailbox_is_read_only(client):
    assert client.post(MAILBOX).status_code == 405


@pytest.mark.parametrize("environment", [{"EMAIL_URL": "smtp://mail.example.com"}, {"LOCAL": "0"}])
def test_mailbox_has_no_address_outside_the_local_setup(environment):
    """The addresses are read once, at start: another process has to look."""
    production = {"SITE_URL": "https://learn.example.com", "ALLOWED_HOSTS": "learn.example.com", "ENV_FILE": "none"}
    code = (
        "import django; django.setup(); from django.urls import resolve, Resolver404\n"
        "try: print(resolve('/mailbox/').namespace)\n"
        "except Resolver404: print('no such address')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "LOCAL": "1", **production, **environment, "DJANGO_SETTINGS_MODULE": "cto_course.settings"},
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() != "notifications"
