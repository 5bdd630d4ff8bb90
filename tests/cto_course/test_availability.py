"""A database that cannot be written or reached: what people, scripts and load balancers are told of it."""

import errno
import logging
import re

import pytest
from django.contrib.sessions.models import Session
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from cto_course import availability
from tests import factories, failing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked_anew():
    """The probe tries a write at the next question, and nobody after this test hears its answer."""
    availability.ready.tried = float("-inf")
    yield availability.ready
    availability.ready.tried = float("-inf")


@pytest.fixture
def visitor():
    """A browser that sees the error page instead of the exception."""
    return Client(raise_request_exception=False)


def headings(response):
    return re.findall(r"<h1[^>]*>([^<]*)</h1>", response.text)


def test_probes_of_a_sound_database(visitor, asked_anew):
    assert [(visitor.get(path).status_code, visitor.get(path).content) for path in ("/health/", "/ready/")] == [
        (200, b"ok"),
        (200, b"ready"),
    ]
    assert not Session.objects.exists()


def test_probes_of_a_database_that_takes_no_writes(visitor, asked_anew):
    """It lives, so nobody starts it anew for this; it is not ready, so people are sent elsewhere."""
    with failing.read_only():
        alive, ready = visitor.get("/health/"), visitor.get("/ready/")
    assert (alive.status_code, alive.content) == (200, b"ok")
    assert (ready.status_code, ready.content, ready.headers["Retry-After"]) == (503, b"not ready", "10")


def test_probe_writes_once_however_often_it_is_asked():
    now, tries = iter([0, 0, 0.5, 0.9, 1.0, 1.0, 1.5]), iter([True, False])
    ready = availability.Readiness(lambda: next(tries), lambda: next(now))
    assert [ready() for _question in range(5)] == [True, True, True, False, False]


def test_sign_in_without_writes_says_what_is_wrong(visitor, caplog, asked_anew):
    person = factories.user("Nadia Osei")
    form = {"login": person.email, "password": "correct-horse-battery"}
    with failing.read_only(), caplog.at_level(logging.ERROR, "django.request"):
        page = visitor.get(reverse("account_login"))
        response = visitor.post(reverse("account_login"), form)
    assert page.status_code == 200
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert headings(response) == ["The course is not available for a moment"]
    assert "You are not signed in. That is not because of what you entered" in response.text
    assert "horse" not in response.text
    (line,) = [record for record in caplog.records if record.name == "django.request"]
    assert line.getMessage().startswith("Not available: /accounts/login/: ")
    assert line.exc_info in (None, (None, None, None))
    assert Client().post(reverse("account_login"), form).status_code == 302


def test_form_without_writes_keeps_the_text(visitor):
    person = factories.user("Nadia Osei")
    visitor.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    with failing.read_only():
        page = visitor.get(reverse("accounts:profile"))
        sent = {"name": "Nadia Mensah Osei", "time_zone": "UTC", "language": "en-gb"}
        response = visitor.post(reverse("accounts:profile"), sent)
    assert (page.status_code, response.status_code) == (200, 503)
    assert "Nadia Mensah Osei</textarea>" in response.text
    assert "You are not signed in" not in response.text
    person.refresh_from_db()
    assert person.name == "Nadia Osei"


def test_script_is_told_in_its_own_words(visitor):
    person = factories.user("Nadia Osei")
    visitor.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    with failing.read_only():
        response = visitor.post(
            reverse("accounts:profile"),
            {"name": "N", "time_zone": "UTC", "language": "en-gb"},
            headers={"Accept": "application/json"},
        )
    assert (response.status_code, response.headers["Retry-After"], response.json()) == (
        503,
        "10",
        {"reason": "The course is not available for a moment"},
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the disk of a PostgreSQL server cannot be filled from here")
def test_full_disk_of_sqlite():
    with failing.full(), pytest.raises(OperationalError) as raised, transaction.atomic():
        for number in range(2_000):
            Session.objects.create(session_key=f"s{number}", session_data="x" * 500, expire_date=factories.NOW)
    assert availability.passes_by_itself(raised.value)
    assert not Session.objects.exists()


def failure_of(statement):
    with pytest.raises(Exception) as raised, connection.cursor() as cursor:  # noqa: PT011 — any class is the point
        cursor.execute(statement)
    return raised.value


def test_our_own_faults_do_not_pass_by_themselves():
    factories.user("Nadia Osei")
    double = 'INSERT INTO "accounts_user" SELECT * FROM "accounts_user"'
    faults = [failure_of("SELECT nothing FROM nowhere"), failure_of("SELEC"), failure_of(double), ValueError("five")]
    assert isinstance(faults[2], IntegrityError)
    assert [availability.passes_by_itself(fault) for fault in faults] == [False] * 4
    assert not availability.passes_by_itself(DataError("too long"))


def test_failure_behind_another_one_counts():
    def fail(number):
        try:
            raise OSError(number, "disk")
        except OSError:
            raise RuntimeError("The page could not be made")  # noqa: B904 — as when a page of errors fails as well

    found = {}
    for number in (errno.ENOSPC, errno.EROFS, errno.ENOENT):
        with pytest.raises(RuntimeError) as raised:
            fail(number)
        found[number] = availability.passes_by_itself(raised.value)
    assert found == {errno.ENOSPC: True, errno.EROFS: True, errno.ENOENT: False}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that could restart")
def test_connection_that_the_server_ended(visitor):
    """As at a restart. The page that meets it is a 503, the next one has a new connection."""
    person = factories.user("Nadia Osei")
    visitor.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    error = failure_of("SELECT pg_terminate_backend(pg_backend_pid())")
    assert availability.passes_by_itself(error)
    connection.close()
    assert visitor.get(reverse("accounts:profile")).status_code == 200
