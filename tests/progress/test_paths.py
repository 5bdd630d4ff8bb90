"""Two lessons: 11, 12 (not required), 13 a check; 21, 22. Every unit takes ten minutes."""

import pytest

from lessons.outlines import UnitLine
from progress import paths
from progress.paths import Position, Stop


def unit(id, *, required=True, kind="reading"):
    lesson = id // 10
    return UnitLine(id, f"u{id}", kind, f"Unit {id}", 10, required, lesson, lesson)


UNITS = [unit(11), unit(12, required=False), unit(13, kind="quiz"), unit(21), unit(22)]
BY_ID = {each.id: each for each in UNITS}


@pytest.mark.parametrize(
    ("id", "expected"),
    [(11, Position(1, 2)), (12, Position(0, 2)), (13, Position(2, 2)), (21, Position(1, 2)), (99, None)],
)
def test_position_of(id, expected):
    assert paths.position_of(UNITS, id) == expected


@pytest.mark.parametrize(("id", "expected"), [(11, 12), (13, 21), (22, None), (99, None), (None, None)])
def test_next_after(id, expected):
    following = paths.next_after(UNITS, id)
    assert (following and following.id) == expected


@pytest.mark.parametrize(
    ("done", "after", "expected"),
    [
        (set(), None, 11),
        ({11}, None, 13),  # 12 is not required
        ({11}, 13, 21),  # what lies ahead comes first
        ({21, 22}, 21, 11),  # then from the start
        ({11, 13, 21}, 22, 22),  # the unit itself comes last
        ({11, 13, 21, 22}, 13, None),
        (set(), 99, 11),  # a unit that has left the course is no place to look from
    ],
)
def test_first_incomplete(done, after, expected):
    found = paths.first_incomplete(UNITS, done, after=after)
    assert (found and found.id) == expected


@pytest.mark.parametrize(
    ("done", "last_unit", "expected"),
    [
        (set(), None, Stop(BY_ID[11], "")),
        (set(), 21, Stop(BY_ID[21], "why")),
        (set(), 12, Stop(BY_ID[12], "why")),  # not required, but that is where they read
        ({11, 21}, 21, Stop(BY_ID[22], "")),  # done: on to the next, from its top
        ({11}, 99, Stop(BY_ID[13], "")),
        ({11, 13, 21, 22}, 22, None),
    ],
)
def test_stop(done, last_unit, expected):
    assert paths.stop(UNITS, done, last_unit=last_unit, last_anchor="why") == expected


def test_the_exam_is_no_place_to_go_on():
    exam = unit(31, required=False, kind="quiz")._replace(key="exam")
    assert paths.stop([*UNITS, exam], {11, 13, 21, 22}, last_unit=31) is None
    assert paths.stop([*UNITS, exam], {11}, last_unit=31) == Stop(BY_ID[13], "")


def test_stop_in_an_empty_course():
    assert paths.stop([], set()) is None


@pytest.mark.parametrize(("done", "expected"), [(set(), 40), ({12}, 40), ({11, 13}, 20), ({11, 13, 21, 22}, 0)])
def test_minutes_left(done, expected):
    assert paths.minutes_left(UNITS, done) == expected


def test_addresses_of_quizzes_lead_to_their_fronts():
    """The check of a lesson has a short one, further quizzes of the lesson have their key in theirs."""
    check = BY_ID[13]._replace(key="check")
    assert (check.address, BY_ID[13].address, BY_ID[21].address) == ("1/check/", "1/check/u13/", "2/u21/")
