"""The same form sent twice at the same moment, as by a double click: `python -m tests.accounts.racing 8`.

Prints as JSON what became of each pair. The database is a fresh test database beside the one of DATABASE_URL; on SQLite
a file, because in memory nothing waits.
"""

# ruff: noqa: E402 - models can be imported only after django.setup()

import logging
import os
import re
import sys
from collections import Counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cto_course.settings")

import django

django.setup()

from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client

from accounts.models import User
from cohorts.models import Enrolment
from lessons.models import Term
from notifications.models import Message
from tests import factories
from tests.campaigns import scratch
from tests.quizzes.racing import at_once

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


def sent_twice(client_of, address, fields):
    """Statuses and ways on of a form that two threads send at once."""

    def send():
        response = client_of().post(address, fields)
        return response.status_code, re.sub(r"\d+", "#", response.headers.get("Location", ""))

    return [str(result) for result in at_once(send, send)]


def sign_up(number):
    """A visitor without a session yet: one person, one address, and one mail with the link."""
    email = f"double{number}@example.com"
    fields = {"name": "Nadia Osei", "email": email, "password1": "a quiet lighthouse 1893", "time_zone": "UTC"}
    results = sent_twice(lambda: Client(raise_request_exception=False), "/accounts/signup/", fields)
    links = Message.objects.filter(to=email, subject="Confirm your email address")
    made = User.objects.filter(email=email), EmailAddress.objects.filter(email=email), links
    return results, [rows.count() for rows in made]


def change_address(number):
    person = factories.user(f"Person{number}")
    new = f"new{number}@example.com"
    results = sent_twice(signed_in(person), "/accounts/email/", {"action_add": "", "email": new})
    return results, [EmailAddress.objects.filter(email=new).count()]


def join(number):
    person = factories.user(f"Person{number}")
    results = sent_twice(signed_in(person), "/cto/join/", {})
    return results, [Enrolment.objects.filter(user=person).count()]


def add_in_the_admin(number):
    """A term and a person that two tabs add: the second is told that there is one."""
    key, email = f"term-{number}", f"added{number}@example.com"
    operator = signed_in(factories.user("Omar Haddad", is_staff=True, is_superuser=True))
    course = Term.objects.first().course_id
    term = {"course": course, "key": key, "title": "Term", "definition": "What it means.", "position": "0"}
    person = {"email": email, "name": "Added", "usable_password": "false"}
    results = sent_twice(operator, "/manage/lessons/term/add/", term)
    results += sent_twice(operator, "/manage/accounts/user/add/", person)
    return results, [Term.objects.filter(key=key).count(), User.objects.filter(email=email).count()]


def signed_in(person):
    """A function that makes browsers of this person, who has just shown their password."""
    first = Client()
    first.force_login(person, backend=BACKEND)
    first.post("/accounts/reauthenticate/", {"password": "correct-horse-battery"})

    def client():
        made = Client(raise_request_exception=False)
        made.cookies = first.cookies.copy()
        return made

    return client


def summed_up(act, rounds):
    """How many pairs there were, every answer, and every outcome that they had."""
    pairs = [act(number) for number in range(rounds)]
    return {
        "pairs": len(pairs),
        "answers": Counter(answer for answers, _made in pairs for answer in answers),
        "made": sorted({tuple(made) for _answers, made in pairs}),
    }


def main():
    rounds = int(sys.argv[1])
    logging.disable(logging.CRITICAL)
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ACCOUNT_RATE_LIMITS = False
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    with scratch.database():
        factories.cohort(factories.course())
        scenarios = [sign_up, change_address, join, add_in_the_admin]
        scratch.report({act.__name__: summed_up(act, rounds) for act in scenarios})


if __name__ == "__main__":
    main()
