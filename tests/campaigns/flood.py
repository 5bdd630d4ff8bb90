"""A flood of requests by strangers, and the locks of accounts that stand or wash away under it.

    python -m tests.campaigns.flood --locked 20 --requests 2000 --keys 100000 [--room 300]

Uses the database system of DATABASE_URL and the cache of CACHE_URL. Passwords of some accounts are locked by wrong
guesses; then strangers from everywhere try to sign in to accounts of which each is named once, while the cache holds so
many limits already. Afterwards the right password must still be refused, and a code by mail let in. With a cache of
Django's usual `--room` the same run opens the locks: the flood is real.
"""

# ruff: noqa: E402 - models can be imported only after django.setup()

import argparse
import base64
import hashlib
import logging
import os
import pickle
import re
import sys
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cto_course.settings")

import django

django.setup()

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import Client
from django.utils import timezone

from cto_course import limits
from notifications.models import Message
from tests import factories
from tests.campaigns import scratch

#: Seconds that a lock stands.
LIVES = 300


def sign_in(email, password, address):
    """What the page of sign-in says to this address."""
    fields = {"login": email, "password": password}
    return Client(raise_request_exception=False, REMOTE_ADDR=address).post("/accounts/login/", fields)


def lock(people):
    for number, person in enumerate(people):
        for _try in range(6):
            sign_in(person.email, "wrong", f"10.1.{number}.1")


def opens(people):
    """How many of the locked accounts the right password opens, from an address of nobody who guessed."""
    tries = (sign_in(person.email, "correct-horse-battery", f"10.2.{number}.1") for number, person in enumerate(people))
    return sum(response.status_code == 302 for response in tries)


def code_opens(person):
    client = Client(REMOTE_ADDR="10.3.0.1")
    client.post("/accounts/login/code/", {"email": person.email})
    message = Message.objects.filter(to=person.email).latest("pk")
    code = re.search(r"^[A-Z0-9]{3,4}(?:-[A-Z0-9]{3,4})+$", message.text, re.M)[0]
    return client.post("/accounts/login/code/confirm/", {"code": code}).status_code == 302


def fill(keys):
    """Limits of other strangers: as many entries as there would be after so many requests."""
    cache = caches["default"]
    marks = (hashlib.sha256(f"stranger {number}".encode()).hexdigest() for number in range(keys))
    names = [f"allauth:rl:allauth.account:login_failed:5/300.0/key:{mark}" for mark in marks]
    if not isinstance(cache, DatabaseCache):
        for start in range(0, keys, 5_000):
            cache.set_many({name: [time.time()] for name in names[start : start + 5_000]}, timeout=LIVES)
        return
    expires = connection.ops.adapt_datetimefield_value(
        (timezone.now() + timedelta(seconds=LIVES)).replace(microsecond=0)
    )
    value = base64.b64encode(pickle.dumps([time.time()], cache.pickle_protocol)).decode("latin1")
    table = connection.ops.quote_name(cache.cache_model_class._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s)",  # noqa: S608 - a setting
            [(cache.make_key(name), value, expires) for name in names],
        )


def flood(requests):
    """Strangers who name an account once each, five from an address; the milliseconds that one of them takes."""
    began = time.monotonic()
    statuses = set()
    for number in range(requests):
        at, email = number // 5, f"stranger{number}@example.com"
        statuses.add(sign_in(email, "guess", f"172.{at >> 16 & 255}.{at >> 8 & 255}.{at & 255}").status_code)
    return statuses, round((time.monotonic() - began) * 1000 / requests, 1)


def campaign(locked, requests, keys):
    people = [factories.user(f"Locked {number}") for number in range(locked)]
    lock(people)
    before = opens(people)
    fill(keys)
    statuses, milliseconds = flood(requests)
    after = opens(people)
    broken = {
        name: rows
        for name, rows in {
            "not locked": before,
            "opened by the flood": after,
            "statuses": sorted(statuses - {200}),
        }.items()
        if rows
    }
    return {
        "database": connection.vendor,
        "cache": settings.CACHES["default"]["BACKEND"].rpartition(".")[2],
        "locked": locked,
        "requests": requests,
        "keys": keys,
        "ms_a_request": milliseconds,
        "opened": after,
        "code_opens": code_opens(people[0]),
        "cleared": limits.clear_expired(as_of=timezone.now() + timedelta(seconds=LIVES + 60)),
        "broken": broken,
    }


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--locked", type=int, default=20)
    options.add_argument("--requests", type=int, default=2_000)
    options.add_argument("--keys", type=int, default=100_000)
    options.add_argument("--room", type=int)
    given = options.parse_args()
    logging.disable(logging.CRITICAL)
    settings.ALLOWED_HOSTS = ["testserver"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    if given.room:
        settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] = given.room
    with scratch.database():
        caches["default"].clear()
        try:
            found = campaign(given.locked, given.requests, given.keys)
        finally:
            caches["default"].clear()
    scratch.report(found)
    sys.exit(1 if bool(found["broken"]) != bool(given.room) or not found["code_opens"] else 0)


if __name__ == "__main__":
    main()
