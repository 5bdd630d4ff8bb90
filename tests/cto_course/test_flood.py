"""The short form of the flood of tests/campaigns/flood.py, in the table of the database and in Redis."""

import os

import pytest
from django.conf import settings as configured
from django.core.cache import caches

from cto_course import limits
from tests.campaigns import flood

REDIS = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/6"
TABLE = configured.CACHES["default"]

pytestmark = pytest.mark.django_db


def redis_answers():
    redis = pytest.importorskip("redis")
    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=1).ping()
    except redis.RedisError:
        return False
    return True


@pytest.fixture(params=["table", "redis"])
def cache(request, settings):
    """The cache of limits, empty, in either of the places where it may be."""
    if request.param == "redis":
        if not redis_answers():
            pytest.skip("no Redis answers at TEST_REDIS_URL")
        found = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS}
        settings.CACHES = {"default": limits.cache(found)}
    caches["default"].clear()
    yield caches["default"]
    caches["default"].clear()


@pytest.mark.usefixtures("cache")
def test_locks_stand_under_a_flood():
    found = flood.campaign(locked=3, requests=25, keys=3_000)
    assert {name: found[name] for name in ("opened", "code_opens", "broken")} == {
        "opened": 0,
        "code_opens": True,
        "broken": {},
    }


def test_with_the_usual_room_the_same_flood_opens_them(settings):
    """The twin: it shows that the flood above is one."""
    settings.CACHES = {"default": TABLE | {"OPTIONS": {"MAX_ENTRIES": 300}}}
    found = flood.campaign(locked=3, requests=25, keys=3_000)
    assert found["opened"] > 0
