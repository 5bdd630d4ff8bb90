"""The cohort table as values: cells, order, filter, pages and the number of queries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from leading import dashboards
from leading.dashboards import Cell
from lessons.models import Unit
from progress.models import EnrolmentSummary, LessonState, UnitState
from quizzes.models import Attempt, Question, Quiz
from tests import factories
from tests.factories import NOW

DAY = timedelta(days=1)


def learner(cohort, name, *, joined=NOW - 30 * DAY, **summary):
    """A learner, with a summary when anything of it is given."""
    enrolment = factories.enrolment(cohort, factories.user(name), joined_at=joined)
    if summary:
        EnrolmentSummary.objects.create(enrolment=enrolment, **{"units_required": 4} | summary)
    return enrolment


def check(enrolment, number, percent, *, passed):
    """The learner's score in a lesson's check, and whether it was passed."""
    lesson = enrolment.course.lessons.get(number=number)
    unit = Unit.objects.filter(lesson=lesson, key="check").first()
    unit = unit or factories.unit(lesson, "check", position=9, kind=Unit.Kind.QUIZ)
    LessonState.objects.create(
        enrolment=enrolment, lesson=lesson, units_done=2 + passed, units_required=3, percent=Decimal(percent)
    )
    UnitState.objects.create(
        enrolment=enrolment,
        unit=unit,
        percent=Decimal(percent),
        state=UnitState.State.DONE if passed else UnitState.State.STARTED,
        done_at=NOW if passed else None,
    )


def board(cohort, **asked):
    return dashboards.board(cohort, lessons=dashboards.lessons_of(cohort), as_of=NOW, **asked)


def attempt(enrolment, number, state, *, key="check", required=True):
    """An attempt of the learner at a lesson's check, or at another quiz of it."""
    lesson = enrolment.course.lessons.get(number=number)
    unit = Unit.objects.filter(lesson=lesson, key=key).first()
    unit = unit or factories.unit(lesson, key, position=9, kind=Unit.Kind.QUIZ, required=required)
    quiz = Quiz.objects.filter(unit=unit).first() or factories.quiz(unit, list(Question.objects.all()))
    sent = {} if state == "open" else {"submitted_at": NOW, "closed_by": "learner"}
    voided = {"voided_at": NOW, "voided_by": enrolment.user, "void_reason": "x"} if state == "voided" else {}
    Attempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        quiz_version=quiz.versions.get(),
        number=Attempt.objects.of(enrolment).count() + 1,
        state=state,
        **sent,
        **voided,
    )


def names(board):
    return [row.name for row in board.rows]


@pytest.mark.parametrize(
    ("cell", "shade"),
    [
        (Cell(), "q0"),
        (Cell(done=0, required=5), "q0"),
        (Cell(done=2, required=5), "q1"),
        (Cell(check="open"), "q1"),
        (Cell(done=2, required=5, check="awaiting"), "q1"),
        (Cell(done=5, required=5, percent=58), "qf"),
        (Cell(percent=0), "qf"),
        (Cell(percent=95), "qf"),
        (Cell(percent=58, passed=True), "q2"),
        (Cell(percent=79, passed=True), "q2"),
        (Cell(percent=80, passed=True), "q3"),
        (Cell(percent=89, passed=True), "q3"),
        (Cell(percent=90, passed=True), "q4"),
        (Cell(percent=100, passed=True), "q4"),
    ],
)
def test_shade_of_a_cell(cell, shade):
    assert cell.shade == shade


@pytest.mark.parametrize(
    ("percent", "whole"), [(None, None), (Decimal("0"), 0), (Decimal("89.99"), 89), (Decimal("100.00"), 100)]
)
def test_percent_is_cut_not_rounded(percent, whole):
    assert dashboards.whole(percent) == whole


@pytest.mark.parametrize(
    ("percents", "median"), [([], None), ([None], None), ([80], 80), ([None, 70, 81], 75), ([1, 90, 100], 90)]
)
def test_median_is_of_those_with_a_score(percents, median):
    assert dashboards.median_of(percents) == median


def test_board_of_a_cohort_nobody_is_in(cohort):
    factories.enrolment(factories.cohort(cohort.course, open_to_all=False), factories.user("Elsewhere"))
    empty = board(cohort)
    assert (empty.rows, empty.medians, empty.learners, empty.match_count) == ([], [None, None], 0, 0)
    page = empty.page
    assert (page.start_index(), page.end_index(), page.number, page.paginator.num_pages) == (0, 0, 1, 1)
    assert (page.has_previous(), page.has_next()) == (False, False)


def test_board_shows_each_learner_by_lesson(cohort):
    amara = learner(cohort, "Amara", units_done=3, percent=75, last_visit_at=NOW)
    check(amara, 1, "94.50", passed=True)
    check(amara, 2, "79.99", passed=True)
    bilal = learner(cohort, "Bilal", units_done=2, percent=50, last_visit_at=NOW - 2 * DAY)
    check(bilal, 1, "64.00", passed=False)
    LessonState.objects.create(
        enrolment=bilal, lesson=cohort.course.lessons.get(number=2), units_done=1, units_required=4
    )
    learner(cohort, "Chiara")
    done = learner(cohort, "Dana", units_done=4, percent=100, last_visit_at=NOW, completed_at=NOW)
    left = factories.enrolment(cohort, factories.user("Elif, who left"), state="left")
    other = learner(factories.cohort(cohort.course, open_to_all=False), "Farid, in another cohort")
    for stranger in (left, other):
        check(stranger, 1, "1.00", passed=False)

    shown = board(cohort)

    assert [(row.name, row.state, row.percent, row.last_visit_at) for row in shown.rows] == [
        ("Amara", "in-progress", 75, NOW),
        ("Bilal", "in-progress", 50, NOW - 2 * DAY),
        ("Chiara", "not-started", 0, None),
        ("Dana", "finished", 100, NOW),
    ]
    assert [row.cells for row in shown.rows] == [
        [Cell(3, 3, 94, True), Cell(3, 3, 79, True)],
        [Cell(2, 3, 64, False), Cell(1, 4)],
        [Cell(), Cell()],
        [Cell(), Cell()],
    ]
    assert shown.medians == [79, 79]
    assert (shown.learners, shown.match_count, shown.page.start_index(), shown.page.end_index()) == (4, 4, 1, 4)
    assert done.summary.completed_at == NOW


def test_passed_check_of_another_lesson_or_learner_does_not_count(cohort):
    """Bilal failed where Amara passed, and passed elsewhere."""
    amara, bilal = learner(cohort, "Amara"), learner(cohort, "Bilal")
    check(amara, 1, "85", passed=True)
    check(bilal, 1, "55", passed=False)
    check(bilal, 2, "85", passed=True)
    assert [[cell.shade for cell in row.cells] for row in board(cohort).rows] == [["q3", "q0"], ["qf", "q3"]]


def test_check_without_a_score_says_whether_it_is_open_or_sent(cohort):
    """Not the exam, nor what was voided, is in another cohort, or has a score already."""
    first, both, begun, scored, exam, voided = (learner(cohort, name) for name in ("A", "B", "C", "D", "E", "F"))
    attempt(first, 1, "open")
    for state in ("awaiting", "open"):
        attempt(both, 1, state)
    attempt(begun, 2, "awaiting")
    lesson = cohort.course.lessons.get(number=2)
    LessonState.objects.create(enrolment=begun, lesson=lesson, units_done=1, units_required=4)
    check(scored, 1, "55", passed=False)
    attempt(scored, 1, "open")
    attempt(exam, 2, "open", key="exam", required=False)
    attempt(voided, 1, "voided")
    attempt(learner(factories.cohort(cohort.course, open_to_all=False), "Elsewhere"), 1, "open")
    assert [row.cells for row in board(cohort).rows] == [
        [Cell(check="open"), Cell()],
        [Cell(check="awaiting"), Cell()],
        [Cell(), Cell(1, 4, check="awaiting")],
        [Cell(2, 3, 55), Cell()],
        [Cell(), Cell()],
        [Cell(), Cell()],
    ]
    Unit.objects.filter(key="check").update(retired_at=NOW)
    assert [row.cells[0].check for row in board(cohort).rows] == [""] * 6


def test_the_exam_passes_no_check(cohort):
    """It stands in the last lesson and is required by none."""
    amara = learner(cohort, "Amara")
    check(amara, 2, "55", passed=False)
    exam = factories.unit(cohort.course.lessons.get(number=2), "exam", kind=Unit.Kind.QUIZ, required=False)
    UnitState.objects.create(enrolment=amara, unit=exam, percent=90, state=UnitState.State.DONE, done_at=NOW)
    assert [cell.shade for cell in board(cohort).rows[0].cells] == ["q0", "qf"]


def test_an_address_stands_where_a_name_is_shared(cohort):
    """Also where the other of the name is on another page, or hidden by the filter; not where they are elsewhere."""
    first, second = learner(cohort, "Amara Diallo", last_visit_at=NOW), learner(cohort, "Amara Diallo")
    learner(cohort, "Bilal Haddad")
    learner(factories.cohort(cohort.course, open_to_all=False), "Bilal Haddad")
    factories.enrolment(cohort, factories.user("Bilal Haddad"), state="left")
    for address in ("no-name@example.com", "without@example.com"):
        factories.enrolment(cohort, factories.user("Unnamed", email=address))
    User.objects.filter(name="Unnamed").update(name="")
    assert [(row.name, row.address) for row in board(cohort).rows] == [
        ("Amara Diallo", first.user.email),
        ("Amara Diallo", second.user.email),
        ("Bilal Haddad", ""),
        ("no-name@example.com", ""),
        ("without@example.com", ""),
    ]
    assert [row.address for row in board(cohort, state="in-progress").rows] == [first.user.email]


def test_reading_done_does_not_pass_the_check(cohort):
    amara = learner(cohort, "Amara")
    check(amara, 1, "85", passed=False)
    reading = Unit.objects.get(key="first")
    UnitState.objects.create(enrolment=amara, unit=reading, state=UnitState.State.DONE, done_at=NOW)
    assert board(cohort).rows[0].cells[0].shade == "qf"


def test_names_and_addresses_sort_as_they_are_shown(cohort):
    for name, email in [("bilal", "z@example.com"), ("", "amara@example.com"), ("Chiara", "a@example.com")]:
        factories.enrolment(cohort, factories.user(name or "x", email=email))
    cohort.enrolments.get(user__email="amara@example.com").user.__class__.objects.filter(name="x").update(name="")
    assert names(board(cohort)) == ["amara@example.com", "bilal", "Chiara"]
    assert names(board(cohort, sort="-name")) == ["Chiara", "bilal", "amara@example.com"]


@pytest.fixture
def three(cohort):
    """Three learners who differ in everything one may sort by, and one who has nothing."""
    for name, percent, days, scores in [
        ("Amara", 75, 0, (60, 90)),
        ("Bilal", 100, 9, (90, 70)),
        ("Chiara", 25, 20, (70,)),
    ]:
        enrolment = learner(
            cohort,
            name,
            units_done=percent // 25,
            percent=percent,
            last_visit_at=NOW - days * DAY,
            completed_at=NOW if percent == 100 else None,
        )
        for number, score in enumerate(scores, 1):
            check(enrolment, number, score, passed=score >= 70)
    learner(cohort, "Dana")
    return cohort


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["Amara", "Bilal", "Chiara", "Dana"]),
        ("-name", ["Dana", "Chiara", "Bilal", "Amara"]),
        ("progress", ["Chiara", "Amara", "Bilal", "Dana"]),
        ("-progress", ["Bilal", "Amara", "Chiara", "Dana"]),
        ("visit", ["Chiara", "Bilal", "Amara", "Dana"]),
        ("-visit", ["Amara", "Bilal", "Chiara", "Dana"]),
        ("lesson-1", ["Amara", "Chiara", "Bilal", "Dana"]),
        ("-lesson-1", ["Bilal", "Chiara", "Amara", "Dana"]),
        ("lesson-2", ["Bilal", "Amara", "Chiara", "Dana"]),
        ("-lesson-2", ["Amara", "Bilal", "Chiara", "Dana"]),
    ],
)
def test_order(three, sort, order):
    """Who has nothing in the column stands last, whichever way it is sorted."""
    assert names(board(three, sort=sort)) == order


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "AMAR"}, ["Amara"]),
        ({"q": "example.com"}, ["Amara", "Bilal", "Chiara", "Dana"]),
        ({"q": "%"}, []),
        ({"state": "not-started"}, ["Dana"]),
        ({"state": "in-progress"}, ["Amara", "Chiara"]),
        ({"state": "finished"}, ["Bilal"]),
        ({"seen": 7}, ["Bilal", "Chiara", "Dana"]),
        ({"seen": 14}, ["Chiara", "Dana"]),
        ({"seen": 7, "state": "in-progress"}, ["Chiara"]),
    ],
)
def test_filter(three, asked, found):
    shown = board(three, **asked)
    assert names(shown) == found
    assert (shown.learners, shown.match_count) == (4, len(found))


def test_newcomer_who_never_came_is_not_away_yet(three):
    learner(three, "Elif", joined=NOW - DAY)
    assert names(board(three, seen=7)) == ["Bilal", "Chiara", "Dana"]


def test_pages_of_fifty_repeat_nobody(cohort):
    """All have the same name, so that only the second part of the order tells them apart."""
    for _number in range(101):
        learner(cohort, "Amara Nwosu")
    first, second, third = (board(cohort, page=page) for page in (1, 2, 3))
    pages = [each.page for each in (first, second, third)]
    assert [(page.start_index(), page.end_index()) for page in pages] == [(1, 50), (51, 100), (101, 101)]
    assert [(page.has_previous(), page.has_next()) for page in pages] == [(False, True), (True, True), (True, False)]
    assert board(cohort, page=99).page.number == third.page.number


@pytest.mark.parametrize("asked", [{}, {"q": "a"}, {"state": "in-progress", "seen": 7}, {"sort": "-lesson-1"}])
def test_four_queries_whatever_the_number_of_learners(cohort, asked):
    lessons = dashboards.lessons_of(cohort)

    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            dashboards.board(cohort, lessons=lessons, as_of=NOW, **asked)
        return len(queries)

    learner(cohort, "Amara", units_done=1, last_visit_at=NOW - 9 * DAY)
    few = count()
    for _number in range(60):
        check(learner(cohort, "Bilal Haddad", units_done=1, last_visit_at=NOW - 9 * DAY), 1, 80, passed=True)
    assert (few, count()) == (4, 4)
