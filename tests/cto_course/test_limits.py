"""The cache in which rate limits stand."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cto_course import limits

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("given", "made"),
    [
        (
            {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"},
            {"LOCATION": "cache_entries", "KEY_PREFIX": "limits", "OPTIONS": {"MAX_ENTRIES": 300_000}},
        ),
        (
            {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 9}},
            {"KEY_PREFIX": "limits", "OPTIONS": {"MAX_ENTRIES": 9}},
        ),
        (
            {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": "redis://h/1",
                "KEY_PREFIX": "x",
            },
            {"LOCATION": "redis://h/1", "KEY_PREFIX": "x"},
        ),
    ],
)
def test_cache_has_room_for_a_flood(given, made):
    assert limits.cache(given) == {"BACKEND": given["BACKEND"]} | made


def test_settings_have_one_cache_and_it_is_for_limits():
    assert {name: cache["OPTIONS"] for name, cache in settings.CACHES.items()} == {"default": {"MAX_ENTRIES": 300_000}}


def test_rooms_put_nothing_beside_the_limits():
    """A full cache throws out what it likes."""
    modules = [path for room in settings.ROOMS for path in (ROOT / room).rglob("*.py")]
    found = [
        path.relative_to(ROOT).as_posix()
        for path in modules
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.core.cache")
    ]
    assert set(found) == {"cto_course/limits.py", "cto_course/preparing.py"}


@pytest.mark.django_db
def test_what_has_run_out_is_cleared_and_the_rest_stays(django_assert_num_queries):
    """Also by the worker, which looks first: a second time there is nothing to write."""
    call_command("createcachetable", verbosity=0)
    cache, now = caches["default"], timezone.now()
    cache.set("short", 1, timeout=10)
    cache.set("long", 2, timeout=300)
    cache.set("always", 3, timeout=None)
    assert limits.clear_expired(as_of=now + timedelta(seconds=5)) == 0
    assert limits.clear_expired(as_of=now + timedelta(seconds=60)) == 1
    with django_assert_num_queries(1):
        assert limits.clear_expired(as_of=now + timedelta(seconds=60)) == 0
    assert cache.get_many(["short", "long", "always"]) == {"long": 2, "always": 3}


@pytest.mark.django_db
def test_worker_clears_what_has_run_out(capsys):
    call_command("createcachetable", verbosity=0)
    caches["default"].set("old", 1, timeout=60)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cache_entries SET expires = '2020-01-01 00:00:00'")
        caches["default"].set("new", 1, timeout=60)
        call_command("run_worker", once=True)
        cursor.execute("SELECT cache_key FROM cache_entries")
        assert [key for (key,) in cursor.fetchall()] == ["limits:1:new"]
