"""Every check is silent on a healthy database and names the row that was broken."""

from datetime import timedelta
from decimal import Decimal

import pytest

import plans.invariants
from lessons.models import Unit
from plans.models import Assignment
from quizzes import attempts, invariants
from quizzes.models import Attempt, GradingRun, ItemScore, Quiz, QuizVersion, Response, ResponseLog
from tests import factories

NOW = factories.NOW


@pytest.fixture
def graded(course, enrolment):
    """A graded attempt at all six types, with an answer to each, and an open one after it."""
    factories.six_types(course)
    check = Quiz.objects.get(unit__lesson__course=course)
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    items = attempt.items.select_related("attempt", "question_version", "response")
    for item, (_build, right, *_rest) in zip(items, factories.SIX_TYPES.values(), strict=True):
        attempts.save(item=item, answer=right, revision=0, at=NOW)
    attempts.close(attempt=attempt, as_of=NOW + timedelta(minutes=5), by=Attempt.ClosedBy.LEARNER)
    attempts.start(enrolment=enrolment, quiz=check, at=NOW + timedelta(minutes=6))
    return attempt


def response(position):
    return Response.objects.get(item__position=position, item__attempt__number=1).pk


def found():
    return {name for name, check in invariants.CHECKS if check()}


def test_healthy(graded):
    assert found() == set()


@pytest.mark.parametrize(
    ("broken", "by"),
    [
        (
            {"responses_end_their_log"},
            lambda: ResponseLog.objects.create(response_id=response(4), revision=2, answer="1401", saved_at=NOW),
        ),
        (
            {"scores_are_recomputable"},
            lambda: Response.objects.filter(item__position=1, revision=1).update(answer="b", revision=2),
        ),
        (
            {"answers_are_the_logged_ones"},
            lambda: (
                ResponseLog.objects.filter(response=response(4))._raw_delete("default")
                and ResponseLog.objects.create(response_id=response(4), revision=1, answer=None, saved_at=NOW)
            ),
        ),
        (
            {"answers_are_the_logged_ones"},
            lambda: (
                ResponseLog.objects.filter(response=response(4))._raw_delete("default")
                and ResponseLog.objects.create(response_id=response(4), revision=1, answer="1401", saved_at=NOW)
            ),
        ),
        (
            {"nothing_after_close"},
            lambda: Attempt.objects.filter(number=1).update(submitted_at=NOW - timedelta(minutes=1)),
        ),
        ({"checked_answers_stay"}, lambda: Response.objects.filter(pk=response(4)).update(checked_at=NOW)),
        ({"scores_add_up"}, lambda: Attempt.objects.filter(number=1).update(score=Decimal(3))),
        (
            {"scores_add_up", "progress_knows_every_run"},
            lambda: Attempt.objects.filter(number=1).update(passed=False),
        ),
        (
            {"nothing_after_close"},
            lambda: Attempt.objects.filter(number=1).update(closes_at=NOW - timedelta(seconds=1)),
        ),
        (
            {"graded_attempts_have_all_scores"},
            lambda: Attempt.objects.filter(number=2).update(state="awaiting", submitted_at=NOW),
        ),
        (
            {"graded_attempts_have_all_scores"},
            lambda: Attempt.objects.filter(number=2).update(state="submitted", submitted_at=NOW),
        ),
        (
            {"no_result_before_closing"},
            lambda: Attempt.objects.filter(number=2).update(
                state="voided",
                voided_at=NOW,
                voided_by=Attempt.objects.first().enrolment.user,
                void_reason="A reason.",
                score=1,
            ),
        ),
        (
            {"no_result_before_closing", "graded_attempts_have_all_scores", "progress_knows_every_run"},
            lambda: GradingRun.objects.create(attempt=Attempt.objects.get(number=2)),
        ),
        (
            {
                "graded_attempts_have_all_scores",
                "points_make_the_maximum",
                "scores_add_up",
                "progress_knows_every_run",
            },
            lambda: GradingRun.objects.create(attempt=Attempt.objects.get(number=1), number=2),
        ),
        (
            {"graded_attempts_have_all_scores", "points_make_the_maximum", "scores_add_up"},
            lambda: ItemScore.objects.filter(item__position=1)._raw_delete("default"),
        ),
        (
            {"one_response_per_item"},
            lambda: Response.objects.filter(revision=0, item__position=1)._raw_delete("default"),
        ),
    ],
)
def test_broken(graded, broken, by):
    by()
    assert found() == broken


def test_a_quiz_and_an_assignment_of_other_units(course):
    first = Unit.objects.get(key="first")
    quiz, assignment = Quiz.objects.create(unit=first), Assignment.objects.create(unit=first)
    assert invariants.quizzes_stand_in_units_of_their_kind() == [f"quiz {quiz.pk}: unit 1.1 first is a reading"]
    (_name, check), *_others = plans.invariants.CHECKS
    assert check() == [f"assignment {assignment.pk}: unit 1.1 first is a reading"]


def test_more_attempts_than_allowed(course, enrolment):
    check = Quiz.objects.get(unit__lesson__course=course)
    factories.quiz(check.unit, [factories.single(course, "A")], attempts_allowed=1)
    attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    Attempt.objects.create(
        enrolment=enrolment,
        quiz=check,
        quiz_version=QuizVersion.objects.current().get(quiz=check),
        number=2,
        state="submitted",
        submitted_at=NOW,
    )
    assert found() >= {"attempts_within_the_allowance"}


def test_gap_in_the_numbers(course, enrolment):
    check = Quiz.objects.get(unit__lesson__course=course)
    Attempt.objects.create(
        enrolment=enrolment, quiz=check, quiz_version=QuizVersion.objects.current().get(quiz=check), number=2
    )
    assert found() >= {"attempt_numbers"}


@pytest.mark.parametrize(
    ("rules", "changes"),
    [
        ({"time_limit_minutes": 10}, {"closes_at": NOW + timedelta(minutes=16)}),
        ({"time_limit_minutes": 10}, {"closes_at": None}),
        ({"closes_at": NOW + timedelta(hours=1), "window": "everything"}, {"closes_at": NOW + timedelta(hours=2)}),
    ],
)
def test_more_time_than_granted(course, enrolment, rules, changes):
    check = Quiz.objects.get(unit__lesson__course=course)
    factories.quiz(check.unit, [factories.single(course, "A")], **rules)
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    staff = factories.user("Ines Duarte")
    attempts.extend(enrolment=enrolment, quiz=check, by=staff, reason="A reason.", at=NOW, minutes=5)
    assert found() == set()
    Attempt.objects.filter(pk=attempt.pk).update(**changes)
    assert found() == {"time_is_within_the_rules"}
