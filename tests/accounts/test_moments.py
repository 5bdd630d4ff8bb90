"""What people read of a moment: the hour that comes twice says which one is meant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone

from accounts import moments


@pytest.mark.parametrize(
    ("zone", "moment", "words"),
    [
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 59, tzinfo=UTC), "25 October, 02:59 (UTC+2)"),
        ("Europe/Berlin", datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "25 October, 02:00 (UTC+1)"),
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 0, tzinfo=UTC), "25 October, 02:00 (UTC+2)"),
        ("Europe/Berlin", datetime(2026, 10, 24, 23, 59, tzinfo=UTC), "25 October, 01:59"),
        ("Europe/Berlin", datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "25 October, 03:00"),
        # The hour that is left out never comes.
        ("Europe/Berlin", datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29 March, 03:00"),
        ("Europe/Lisbon", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25 October, 01:30 (UTC+0)"),
        ("America/New_York", datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "1 November, 01:30 (UTC−5)"),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, 15, tzinfo=UTC), "5 April, 01:45 (UTC+10:30)"),
        ("UTC", datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "25 October, 01:00"),
    ],
)
def test_time_that_comes_twice_shows_its_offset(zone, moment, words):
    with timezone.override(ZoneInfo(zone)):
        assert moments.words(moment, "j F, H:i") == words
        assert Template('{{ moment|date:"j F, H:i" }}').render(Context({"moment": moment})) == words
        time = words.split(", ")[1]
        assert Template('{{ moment|time:"H:i" }}').render(Context({"moment": moment})) == time


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 30, 22, 31, tzinfo=UTC), "30 November, 22:31"),
        (datetime(2026, 11, 30, 22, 31, 0, 1, tzinfo=UTC), "30 November, 22:32"),
        (datetime(2026, 11, 30, 22, 48, 40, tzinfo=UTC), "30 November, 22:49"),
        (datetime(2026, 11, 30, 23, 59, 59, 999_999, tzinfo=UTC), "1 December, 00:00"),
    ],
)
def test_moment_from_which_something_may_be_done_is_said_no_earlier_than_it_is(moment, said):
    with timezone.override(UTC):
        assert moments.begun(moment, "j F, H:i") == said
        assert Template('{{ moment|begun:"j F, H:i" }}').render(Context({"moment": moment})) == said


def test_no_two_moments_of_the_night_read_alike():
    start = datetime(2026, 10, 24, 22, tzinfo=UTC)
    with timezone.override(ZoneInfo("Europe/Berlin")):
        read = [moments.words(start + timedelta(minutes=10 * n), "j F, H:i") for n in range(36)]
    assert len(set(read)) == 36


@pytest.mark.parametrize("form", ["j F", "Y", "c", "j F Y, H:i e", "H:i O"])
def test_days_and_forms_that_say_their_zone_have_no_offset_behind(form):
    moment = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert "(UTC" not in moments.words(moment, form)


def test_what_is_no_moment_is_formatted_as_before():
    rows = {"none": None, "day": datetime(2026, 10, 25).date(), "naive": datetime(2026, 10, 25, 2, 30)}
    page = (
        '{{ none|date:"H:i" }}|{{ day|date:"j F" }}|{{ naive|date:"H:i" }}|{{ none|time:"H:i" }}|{{ "x"|date:"H:i" }}'
    )
    assert Template(page).render(Context(rows)) == "|25 October|02:30||"
