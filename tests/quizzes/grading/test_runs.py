"""Grading again: regrades reach the score, passes are kept, floors hold, readers' scores stand."""

from datetime import timedelta
from decimal import Decimal

import pytest

from lessons.models import Competency
from progress.models import LearningEvent, UnitState
from quizzes import attempts, invariants
from quizzes.grading import runs as grading
from quizzes.models import GradingRun, ItemScore, QuestionVersion, Regrade
from quizzes.regrading.invariants import regrades_reached_everybody
from tests import factories
from tests.quizzes.taking import sent, whole

NOW = factories.NOW
LATER = NOW + timedelta(days=3)


@pytest.fixture
def instructor(db):
    return factories.user("Ines Duarte")


def regrade(position, attempt, instructor, policy, **details):
    version = attempt.items.get(position=position).question_version
    return Regrade.objects.create(
        question_version=version, policy=policy, details=details, reason="Two were right.", decided_by=instructor
    )


def again(attempt, instructor):
    attempts.grade_again(attempt=attempt, reason=GradingRun.Reason.REGRADED, at=LATER, by=instructor)
    return whole(attempt)


def result(attempt):
    return attempt.score, attempt.maximum, attempt.passed, attempt.pass_kept


def broken():
    return {name for name, check in invariants.CHECKS if check()}


def test_accepting_an_answer_raises_the_score_and_can_give_a_pass(enrolment, check, instructor):
    attempt = sent(enrolment, check, "a", "a", "b")
    assert result(attempt) == (Decimal(2), Decimal(3), False, False)
    one = regrade(3, attempt, instructor, "accept", answers=["b"])
    after = again(attempt, instructor)
    assert result(after) == (Decimal(3), Decimal(3), True, False)
    runs = list(after.runs.order_by("number").values_list("number", "reason", "by", "at", "regrades_through"))
    assert runs == [(1, "closed", None, NOW, 0), (2, "regraded", instructor.pk, LATER, one.pk)]
    events = LearningEvent.objects.filter(kind="quiz_graded").order_by("pk")
    assert [(event.payload["run"], event.payload["passed"], event.payload["percent"]) for event in events] == [
        (1, False, "66.66"),
        (2, True, "100.00"),
    ]
    assert UnitState.objects.get(unit=check.unit).state == "done"
    assert broken() == set()


def test_dropped_question_leaves_the_maximum(enrolment, check, instructor):
    attempt = sent(enrolment, check, "a", "a", "b")
    regrade(3, attempt, instructor, "drop")
    after = again(attempt, instructor)
    assert result(after) == (Decimal(2), Decimal(2), True, False)
    scores = (
        ItemScore.objects.in_force()
        .filter(run__attempt=after)
        .order_by("item__position")
        .values_list("fraction", "points", "worth")
    )
    assert list(scores) == [(1, 1, 1), (1, 1, 1), (0, 0, 0)]
    assert broken() == set()


def test_pass_is_kept_and_said_to_be_kept(enrolment, check, instructor):
    attempt = sent(enrolment, check, "a", "a", "a")
    regrade(1, attempt, instructor, "new_key", scores={"a": 0, "b": 1, "c": 0})
    after = again(attempt, instructor)
    assert result(after) == (Decimal(2), Decimal(3), True, True)
    regrade(1, attempt, instructor, "full_credit")
    assert result(again(after, instructor)) == (Decimal(3), Decimal(3), True, False)
    assert UnitState.objects.get(unit=check.unit).state == "done"
    assert broken() == set()


def test_grading_again_without_a_regrade_changes_nothing(enrolment, check, instructor):
    attempt = sent(enrolment, check, "a", "b", None)
    before = result(attempt)
    assert result(again(attempt, instructor)) == before
    assert attempt.runs.count() == 2
    assert broken() == set()


@pytest.mark.parametrize("state", ["open", "voided"])
def test_what_was_not_sent_is_not_graded(enrolment, check, instructor, state):
    attempt = attempts.start(enrolment=enrolment, quiz=check, at=NOW)
    if state == "voided":
        attempts.void(attempt=attempt, by=instructor, reason="The power failed.", at=NOW)
    with pytest.raises(ValueError, match="is not graded again"):
        again(whole(attempt), instructor)
    assert GradingRun.objects.count() == 0


def test_regrade_counts_for_attempts_that_are_sent_later(enrolment, check, instructor):
    version = QuestionVersion.objects.current().get(question__key="Q1.03")
    Regrade.objects.create(
        question_version=version, policy="full_credit", reason="It was ambiguous.", decided_by=instructor
    )
    attempt = sent(enrolment, check, "a", "a")
    assert result(attempt) == (Decimal(3), Decimal(3), True, False)
    assert broken() == set()


def test_run_that_knows_nothing_of_an_applied_regrade_is_found(enrolment, check, instructor):
    attempt = sent(enrolment, check, "a", "a", "b")
    one = regrade(3, attempt, instructor, "accept", answers=["b"])
    assert broken() == set()
    Regrade.objects.filter(pk=one.pk).update(applied_at=LATER)
    assert regrades_reached_everybody() == [f"regrade {one.pk}: attempt {attempt.pk} was not graded again"]


def test_floor_in_every_competency(course, enrolment, check):
    money = Competency.objects.create(course=course, key="FIN", title="Money", levels=[""] * 5, position=2)
    questions = [factories.single(course, f"F{n}") for n in range(4)]
    questions += [factories.single(course, f"M{n}", competency=money) for n in range(2)]
    factories.quiz(check.unit, questions, pass_percent=60, floor_percent=50)
    below = sent(enrolment, check, "a", "a", "a", "a", "b", "b")
    assert result(below) == (Decimal(4), Decimal(6), False, False)
    reached = sent(enrolment, check, "a", "a", "a", "b", "a", "b")
    assert result(reached) == (Decimal(4), Decimal(6), True, False)
    assert broken() == set()


# ---- Long texts ------------------------------------------------------------------------------------------------------

RUBRIC = {
    "points": 4,
    "criteria": [
        {"key": "a", "title": "Clear", "levels": ["No.", "Somewhat.", "Yes."]},
        {"key": "b", "title": "Costed", "levels": ["No.", "Roughly.", "Yes."]},
    ],
}


@pytest.fixture
def with_essay(course, check):
    essay = factories.question(course, "L1", QuestionVersion.Type.LONG, RUBRIC, {})
    return factories.quiz(check.unit, [factories.single(course, "S1"), essay])


def essay_of(attempt):
    return attempt.items.get(question_version__type="long")


def test_long_text_waits_for_a_reader(enrolment, with_essay, instructor):
    attempt = sent(enrolment, with_essay, "a", "We buy.")
    assert (attempt.state, attempt.submitted_at, attempt.runs.count()) == ("awaiting", NOW, 0)
    assert result(attempt) == (None, Decimal(5), None, False)
    assert LearningEvent.objects.filter(kind="quiz_graded").count() == 0
    with pytest.raises(grading.NotYet):
        again(attempt, instructor)
    essay = essay_of(attempt)
    reading = grading.Reading({"a": 3, "b": 2}, "Say what it costs.")
    attempts.grade_again(
        attempt=attempt,
        reason=GradingRun.Reason.REVIEWED,
        at=LATER,
        by=instructor,
        readings={essay.pk: reading},
    )
    after = whole(attempt)
    assert (after.state, result(after)) == ("graded", (Decimal(4), Decimal(5), True, False))
    score = ItemScore.objects.in_force().filter(run__attempt=after).get(item=essay)
    assert (score.fraction, score.points, score.worth, score.manual, score.comment, score.levels) == (
        Decimal("0.75"),
        Decimal(3),
        Decimal(4),
        True,
        "Say what it costs.",
        {"a": 3, "b": 2},
    )
    assert broken() == set()


def test_long_text_without_an_answer_is_worth_nothing_and_waits_for_nobody(enrolment, with_essay):
    attempt = sent(enrolment, with_essay, "a", None)
    assert (attempt.state, result(attempt)) == ("graded", (Decimal(1), Decimal(5), False, False))


def test_score_by_a_person_stands_in_a_later_regrade(enrolment, with_essay, instructor):
    attempt = sent(enrolment, with_essay, "b", "We buy.")
    essay = essay_of(attempt)
    readings = {essay.pk: grading.Reading({"a": 3, "b": 3})}
    attempts.grade_again(attempt=attempt, reason=GradingRun.Reason.REVIEWED, at=LATER, by=instructor, readings=readings)
    regrade(1, attempt, instructor, "accept", answers=["b"])
    after = again(whole(attempt), instructor)
    assert result(after) == (Decimal(5), Decimal(5), True, False)
    assert list(ItemScore.objects.filter(item=essay, manual=True).values_list("run__number", "points")) == [
        (1, Decimal(4)),
        (2, Decimal(4)),
    ]
    assert broken() == set()


@pytest.mark.parametrize("levels", [{"a": 1}, {"a": 0, "b": 1}, {"a": 4, "b": 1}, {"a": 1, "b": 1, "c": 1}])
def test_reading_that_does_not_fit_the_rubric_changes_nothing(enrolment, with_essay, instructor, levels):
    attempt = sent(enrolment, with_essay, "a", "We buy.")
    readings = {essay_of(attempt).pk: grading.Reading(levels)}
    with pytest.raises(ValueError, match="one level of each criterion"):
        attempts.grade_again(
            attempt=attempt, reason=GradingRun.Reason.REVIEWED, at=LATER, by=instructor, readings=readings
        )
    assert (whole(attempt).state, GradingRun.objects.count()) == ("awaiting", 0)
