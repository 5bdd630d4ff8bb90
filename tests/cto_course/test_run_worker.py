"""The worker: mail leaves, overdue attempts are closed, and it stops when told."""

import os
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

import environ
import pytest
from django.core.management import call_command
from django.utils import timezone

from notifications import outbox
from notifications.models import Message
from tests.notifications import smtp_server


def round_of_work():
    out = StringIO()
    call_command("run_worker", "--once", stdout=out)
    return out.getvalue().strip()


def write():
    return outbox.enqueue(to="a@example.com", subject="Hello", text="Hello", dedupe_key="1", at=timezone.now())


@pytest.mark.django_db
def test_once_hands_over_the_mail(settings):
    write()
    with smtp_server.running() as server:
        settings.DELIVERY = environ.Env.email_url_config(f"smtp://127.0.0.1:{server.port}")
        assert round_of_work() == "Mail sent: 1, put off: 0, given up: 0. Attempts closed: 0."
    assert [to for to, _letter in server.letters] == [("a@example.com",)]


@pytest.mark.django_db
def test_once_without_a_mail_server_keeps_the_mail():
    write()
    assert round_of_work() == "Mail stays in the outbox (EMAIL_URL is not set). Attempts closed: 0."
    assert Message.objects.get().state == "waiting"


@pytest.mark.django_db
def test_once_says_when_the_server_is_away(settings):
    write()
    settings.DELIVERY = environ.Env.email_url_config("smtp://127.0.0.1:1")
    assert round_of_work() == "The mail server cannot be reached. Attempts closed: 0."
    assert Message.objects.get().state == "waiting"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_stops_cleanly(tmp_path, number):
    """A database without tables, so that each round fails: the worker says so, stays, and still stops when told."""
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "run_worker", "--pause", "0.05"],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "ENV_FILE": "none", "LOCAL": "1", "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in worker.stderr:
        if "This round of the worker failed" in line:
            break
    worker.send_signal(number)
    out, _errors = worker.communicate(timeout=20)
    assert (worker.returncode, out) == (0, "Stopped.\n")
