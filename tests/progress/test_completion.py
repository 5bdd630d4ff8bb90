"""The rules, as tables. Times are days of November 2026."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from lessons.outlines import LessonLine, Outline, UnitLine
from progress import completion
from progress.completion import Count, Fact, LessonCount, Standing


def day(number):
    return datetime(2026, 11, number, 9, tzinfo=UTC)


def marked(at):
    return Fact("marked_done", day(at), {})


def reset(at):
    return Fact("reset", day(at), {"reason": "asked for", "actor": 1})


def graded(at, percent, *, passed, number=1, run=1, keep="best"):
    return Fact(
        "quiz_graded", day(at), {"percent": percent, "passed": passed, "number": number, "run": run, "keep": keep}
    )


READING = [
    ([], None),
    ([marked(2)], Standing("done", None, day(2), day(2))),
    ([marked(3), marked(2)], Standing("done", None, day(2), day(2))),
    ([marked(2), reset(3)], Standing("started", None, day(2), None)),
    ([reset(3), marked(2)], Standing("started", None, day(2), None)),
    ([marked(2), reset(3), marked(4)], Standing("done", None, day(2), day(4))),
    # A reading has no score and is not finished by one.
    ([graded(2, "100.00", passed=True)], Standing("started", Decimal("100.00"), day(2), None)),
]


@pytest.mark.parametrize(("facts", "expected"), READING)
def test_standing_of_a_reading(facts, expected):
    assert completion.standing("reading", facts) == expected


QUIZ = [
    ([graded(2, "60.00", passed=False)], Standing("started", Decimal("60.00"), day(2), None)),
    ([graded(2, "80.00", passed=True)], Standing("done", Decimal("80.00"), day(2), day(2))),
    # Passed once is passed: a worse attempt afterwards changes neither the state nor, with "best", the score.
    (
        [graded(2, "85.00", passed=True), graded(3, "40.00", passed=False, number=2)],
        Standing("done", Decimal("85.00"), day(2), day(2)),
    ),
    # A later grading run may lower the score; the pass stays.
    (
        [graded(2, "85.00", passed=True), graded(4, "70.00", passed=False, run=2)],
        Standing("done", Decimal("70.00"), day(2), day(2)),
    ),
    # A check is passed, not marked.
    ([marked(2)], Standing("started", None, day(2), None)),
    (
        [graded(2, "90.00", passed=True), reset(3), graded(4, "50.00", passed=False, number=2)],
        Standing("started", Decimal("50.00"), day(2), None),
    ),
]


@pytest.mark.parametrize(("facts", "expected"), QUIZ)
def test_standing_of_a_check(facts, expected):
    assert completion.standing("quiz", facts) == expected
    assert completion.standing("quiz", facts[::-1]) == expected


@pytest.mark.parametrize(
    ("keep", "expected"), [("best", Decimal("90")), ("last", Decimal("70")), ("first", Decimal("50"))]
)
def test_kept_percent(keep, expected):
    gradings = [
        {"percent": "50", "number": 1, "run": 1, "keep": keep},
        {"percent": "90", "number": 2, "run": 1, "keep": keep},
        {"percent": "70", "number": 3, "run": 1, "keep": keep},
    ]
    assert completion.kept_percent(gradings) == expected
    assert completion.kept_percent(gradings[::-1]) == expected


def test_kept_percent_takes_the_newest_run_of_each_attempt():
    gradings = [
        {"percent": "95", "number": 1, "run": 1, "keep": "best"},
        {"percent": "60", "number": 1, "run": 2, "keep": "best"},
        {"percent": "75", "number": 2, "run": 1, "keep": "best"},
    ]
    assert completion.kept_percent(gradings) == Decimal("75")


def test_kept_percent_of_nothing():
    assert completion.kept_percent([]) is None


def test_kept_percent_follows_the_rule_of_the_newest_attempt():
    """An author may change the rule between versions; the newest attempt was taken under the newest rule."""
    gradings = [
        {"percent": "90", "number": 1, "run": 1, "keep": "best"},
        {"percent": "70", "number": 2, "run": 1, "keep": "last"},
    ]
    assert completion.kept_percent(gradings) == Decimal("70")


def unit(id, lesson, *, kind="reading", required=True):
    return UnitLine(id, f"u{id}", kind, f"Unit {id}", 5, required, lesson, lesson)


def lesson(id, *units, unwritten=()):
    return LessonLine(id, id, f"Lesson {id}", f"L{id}", unwritten, units)


TWO_LESSONS = Outline(
    (
        lesson(1, unit(11, 1), unit(12, 1, required=False), unit(13, 1, kind="quiz")),
        lesson(2, unit(21, 2)),
    )
)


def done(at, percent=None):
    return Standing("done", percent, day(at), day(at))


def started(percent=None):
    return Standing("started", percent, day(1), None)


COUNTS = [
    # Nothing done; nothing listed.
    (TWO_LESSONS, {}, Count(0, 3, 0, 0, None, {})),
    # A unit that is not required counts for nothing, but its lesson has been begun.
    (TWO_LESSONS, {12: done(2)}, Count(0, 3, 0, 0, None, {1: LessonCount(0, 2, None, None)})),
    # Percent rounds down: 2 of 3 is 66.
    (
        TWO_LESSONS,
        {11: done(2), 13: done(4, Decimal("90"))},
        Count(2, 3, 1, 66, None, {1: LessonCount(2, 2, Decimal("90"), day(4))}),
    ),
    # A check that is not passed has a score and finishes nothing.
    (
        TWO_LESSONS,
        {11: done(2), 13: started(Decimal("55"))},
        Count(1, 3, 0, 33, None, {1: LessonCount(1, 2, Decimal("55"), None)}),
    ),
    (
        TWO_LESSONS,
        {11: done(2), 13: done(4, Decimal("90")), 21: done(3)},
        Count(3, 3, 2, 100, day(4), {1: LessonCount(2, 2, Decimal("90"), day(4)), 2: LessonCount(1, 1, None, day(3))}),
    ),
    # A unit that has left the course (retired) is not counted, whatever was done in it.
    (TWO_LESSONS, {99: done(2)}, Count(0, 3, 0, 0, None, {})),
    # While sections are still to be written, everything done is neither a finished lesson nor 100 percent.
    (
        Outline((lesson(1, unit(11, 1), unwritten=("More",)),)),
        {11: done(2)},
        Count(1, 1, 0, 99, None, {1: LessonCount(1, 1, None, None)}),
    ),
    # A lesson without required units is never finished, so the course is not either.
    (
        Outline((lesson(1, unit(11, 1)), lesson(2))),
        {11: done(2)},
        Count(1, 1, 1, 99, None, {1: LessonCount(1, 1, None, day(2))}),
    ),
    (Outline(()), {}, Count(0, 0, 0, 0, None, {})),
]


@pytest.mark.parametrize(("outline", "standings", "expected"), COUNTS)
def test_count(outline, standings, expected):
    assert completion.count(outline, standings) == expected


def test_count_lists_a_lesson_that_only_a_retired_unit_touched():
    assert completion.count(TWO_LESSONS, {99: done(2)}, touched={1}).lessons == {1: LessonCount(0, 2, None, None)}


def test_count_takes_the_weakest_check_of_a_lesson():
    outline = Outline((lesson(1, unit(11, 1, kind="quiz"), unit(12, 1, kind="quiz")),))
    standings = {11: done(2, Decimal("95")), 12: done(3, Decimal("81"))}
    assert completion.count(outline, standings).lessons == {1: LessonCount(2, 2, Decimal("81"), day(3))}


@pytest.mark.parametrize(
    ("units_done", "units_required", "complete", "expected"),
    [
        (0, 0, False, 0),
        (1, 3, False, 33),
        (199, 200, False, 99),
        (3, 3, False, 99),
        (3, 3, True, 100),
        (0, 7, False, 0),
    ],
)
def test_percent_done(units_done, units_required, complete, expected):
    assert completion.percent_done(units_done, units_required, complete=complete) == expected
