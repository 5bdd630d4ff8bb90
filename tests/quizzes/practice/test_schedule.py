"""When a question comes again and in which order a day's questions are asked: pure rules."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.practice import schedule

DAY = date(2026, 11, 2)
ZONES = [
    "UTC",
    "Europe/Lisbon",
    "America/New_York",
    "America/Santiago",  # clocks change at midnight: one day a year begins at 01:00
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Pacific/Apia",  # UTC+13
    "Pacific/Kiritimati",  # UTC+14
    "Pacific/Pago_Pago",  # UTC-11
]
dates = st.dates(date(2024, 1, 1), date(2030, 12, 31))
ratings = st.lists(st.sampled_from(["again", "got_it"]), max_size=12)


# ---- Days ------------------------------------------------------------------------------------------------------------


@given(dates, st.sampled_from(ZONES))
def test_a_day_starts_at_its_first_moment(day, name):
    zone = ZoneInfo(name)
    start = schedule.start_of(day, zone)
    assert start.tzinfo is UTC
    assert schedule.day_of(start, zone) == day
    assert schedule.day_of(start - timedelta(microseconds=1), zone) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "day", "start"),
    [
        ("Pacific/Apia", date(2026, 11, 3), datetime(2026, 11, 2, 11, tzinfo=UTC)),
        ("Pacific/Pago_Pago", date(2026, 11, 3), datetime(2026, 11, 3, 11, tzinfo=UTC)),
        # Midnight does not exist on the day on which summer time begins.
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC)),
        ("Europe/Lisbon", date(2026, 10, 25), datetime(2026, 10, 24, 23, tzinfo=UTC)),
        ("Europe/Lisbon", date(2026, 10, 26), datetime(2026, 10, 26, 0, tzinfo=UTC)),
    ],
)
def test_where_days_start(name, day, start):
    assert schedule.start_of(day, ZoneInfo(name)) == start


# ---- Plans -----------------------------------------------------------------------------------------------------------


def practised(said, *, gaps=()):
    """Memory and day after these ratings, each given on the due day or so many days later."""
    memory, day = schedule.reviewed({}, "again", on=DAY), DAY
    for place, rating in enumerate(said):
        day = schedule.due_on(memory) + timedelta(days=gaps[place] if place < len(gaps) else 0)
        memory = schedule.reviewed(memory, rating, on=day)
    return memory, day


@given(ratings, st.lists(st.integers(0, 400), max_size=12))
def test_nothing_comes_back_on_the_same_day(said, gaps):
    memory, day = practised(said, gaps=gaps)
    assert schedule.due_on(memory) > day


@given(ratings, st.lists(st.integers(0, 400), max_size=12))
def test_knowing_never_brings_a_question_back_sooner_than_not_knowing(said, gaps):
    memory, _day = practised(said, gaps=gaps)
    on = schedule.due_on(memory)
    days = schedule.days_ahead(memory, on=on)
    assert 1 <= days["again"] <= days["got_it"]
    # What the buttons say is what happens, and asking changes nothing.
    for rating, ahead in days.items():
        assert schedule.due_on(schedule.reviewed(memory, rating, on=on)) == on + timedelta(days=ahead)


def test_days_between_reviews_grow_while_a_question_is_known():
    days, said = [], []
    for _review in range(5):
        memory, day = practised(said)
        days.append((schedule.due_on(memory) - day).days)
        said.append("got_it")
    assert days == sorted(days)
    assert days[0] == 1
    assert days[-1] > 14


@given(ratings)
def test_again_is_the_next_day_however_long_a_question_was_known(said):
    memory, day = practised([*said, "again"])
    assert schedule.due_on(memory) == day + timedelta(days=1)


def test_memory_is_plain_and_the_same_each_time():
    memory, _day = practised(["got_it", "again"])
    assert memory == practised(["got_it", "again"])[0]
    assert {type(value) for value in memory.values()} <= {int, float, str, type(None)}


@pytest.mark.parametrize(("count", "minutes"), [(0, 0), (1, 1), (2, 2), (7, 5), (20, 14)])
def test_minutes(count, minutes):
    assert schedule.minutes_for(count) == minutes


# ---- Order -----------------------------------------------------------------------------------------------------------


def repeats(lessons, before):
    return sum(one == other for one, other in pairwise([before, *lessons]))


def things(lessons):
    """(lesson, thing) pairs whose things are numbered, the longest due first."""
    return [(lesson, (lesson, number)) for number, lesson in enumerate(lessons)]


@given(st.lists(st.sampled_from("ABC"), max_size=6), st.sampled_from([None, "A", "D"]))
def test_two_of_one_lesson_follow_each_other_only_when_it_cannot_be_avoided(lessons, before):
    mixed = [lesson for lesson, _number in schedule.mixed(things(lessons), before=before)]
    assert Counter(mixed) == Counter(lessons)
    assert repeats(mixed, before) == min(repeats(each, before) for each in permutations(lessons))


@given(st.lists(st.integers(1, 6), max_size=20), st.sampled_from([None, 1]))
def test_within_a_lesson_the_longest_due_comes_first(lessons, before):
    mixed = schedule.mixed(things(lessons), before=before)
    for lesson in set(lessons):
        numbers = [number for each, number in mixed if each == lesson]
        assert numbers == sorted(numbers)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12))
def test_the_order_does_not_change_while_it_is_worked_through(lessons):
    """Each page computes the order anew from what is left and what was asked last."""
    pairs = things(lessons)
    whole = schedule.mixed(pairs)
    left = [pair for pair in pairs if pair[1] != whole[0]]
    assert schedule.mixed(left, before=whole[0][0]) == whole[1:]


def test_oldest_first_where_lessons_differ():
    assert [lesson for lesson, _number in schedule.mixed(things("ABCAB"))] == list("ABCAB")
    assert [lesson for lesson, _number in schedule.mixed(things("AABBC"))] == list("ABABC")
