"""Names of time zones, old, new, and such that nobody knows."""

import zoneinfo
from datetime import UTC, datetime

import pytest

from accounts import zones
from tests import factories

SUMMER = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "current", "clock"),
    [
        ("Europe/Lisbon", "Europe/Lisbon", "13:00 +0100"),
        ("Europe/Stockholm", "Europe/Stockholm", "14:00 +0200"),
        ("Asia/Kolkata", "Asia/Kolkata", "17:30 +0530"),
        ("Asia/Calcutta", "Asia/Kolkata", "17:30 +0530"),
        ("Asia/Katmandu", "Asia/Kathmandu", "17:45 +0545"),
        ("Asia/Saigon", "Asia/Ho_Chi_Minh", "19:00 +0700"),
        ("Europe/Kiev", "Europe/Kyiv", "15:00 +0300"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires", "09:00 -0300"),
        ("US/Pacific", "America/Los_Angeles", "05:00 -0700"),
        ("Etc/GMT+3", "Etc/GMT+3", "09:00 -0300"),
        ("UTC", "UTC", "12:00 +0000"),
        ("Etc/UTC", "UTC", "12:00 +0000"),
        ("Mars/Olympus", "", "12:00 +0000"),
        ("Europe", "", "12:00 +0000"),
        ("../UTC", "", "12:00 +0000"),
        ("/etc/localtime", "", "12:00 +0000"),
        ("UTC\0", "", "12:00 +0000"),
        ("\ud800", "", "12:00 +0000"),
        ("x" * 5000, "", "12:00 +0000"),
        ("", "", "12:00 +0000"),
    ],
)
def test_zone_has_a_name_of_today_and_a_time(name, current, clock):
    assert (zones.current(name), f"{SUMMER.astimezone(zones.zone(name)):%H:%M %z}") == (current, clock)


def test_every_name_is_known_though_the_host_knows_none():
    """As on Debian 13 without tzdata-legacy."""
    path = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    try:
        old = [name for name in zones.links() if zones.current(name) == ""]
        unknown = [name for name in zones.places() if zones.zone(name) is zones.UTC]
    finally:
        zoneinfo.reset_tzpath(to=path)
        zoneinfo.ZoneInfo.clear_cache()
    assert (old, unknown) == ([], [])
    assert len(zones.places()) > 400


@pytest.mark.django_db
def test_pages_of_a_person_whose_zone_nobody_knows_show_utc(client_of, cohort):
    person = factories.enrolment(cohort, factories.user(time_zone="Mars/Olympus")).user
    client = client_of(person)
    for page in ("/cto/home/", "/cto/lessons/1/first/", "/cto/lessons/1/check/", "/cto/practice/", "/account/"):
        assert client.get(page).status_code == 200
