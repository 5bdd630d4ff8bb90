"""What prepared queries find is what the models hold; nobody finds what belongs to somebody else."""

import pytest
from django.forms.models import model_to_dict
from django.utils import timezone

from quizzes import attempts
from quizzes.attempts import lookups
from quizzes.models import Attempt, AttemptItem, Quiz
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(course, enrolment):
    return attempts.start(enrolment=enrolment, quiz=Quiz.objects.get(unit__lesson__course=course), at=timezone.now())


@pytest.fixture
def stranger(cohort, attempt):
    """Somebody with an attempt of their own at the same quiz."""
    other = factories.enrolment(cohort, factories.user("Rui Costa"))
    attempts.start(enrolment=other, quiz=attempt.quiz, at=timezone.now())
    return other


def test_an_attempt_comes_with_all_that_stands_around_it(attempt, enrolment, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = lookups.attempt(enrolment, attempt.uuid)
    stored = Attempt.objects.with_title().select_related("quiz_version", "quiz__unit__lesson").get(pk=attempt.pk)
    with django_assert_num_queries(0):
        assert [model_to_dict(each) for each in (found, found.quiz_version, found.quiz, found.quiz.unit)] == [
            model_to_dict(each) for each in (stored, stored.quiz_version, stored.quiz, stored.quiz.unit)
        ]
        assert (found.title, found.uuid, found.enrolment) == (stored.title, attempt.uuid, enrolment)
        assert (found.quiz.unit.lesson, found.quiz.unit.lesson.course) == (stored.quiz.unit.lesson, enrolment.course)


def test_what_is_left_out_is_loaded_when_it_is_asked_for(attempt, enrolment):
    lesson = attempt.quiz.unit.lesson
    lesson.summary = "What it is about."
    lesson.save()
    assert lookups.attempt(enrolment, attempt.uuid).quiz.unit.lesson.summary == "What it is about."


def test_nothing_of_an_attempt_is_found_by_somebody_else(attempt, stranger, enrolment):
    assert lookups.attempt(enrolment, attempt.uuid) == attempt
    assert lookups.attempt(stranger, attempt.uuid) is None
    assert [lookups.to_save(stranger, attempt.uuid, positions) for positions in ({1}, {1, 2}, set())] == [([], 0)] * 3


def test_states_tell_of_every_question(attempt, stranger):
    now = timezone.now()
    item = attempt.items.select_related("attempt", "question_version", "response").get(position=1)
    attempts.save(item=item, answer="a", revision=0, at=now, flagged=True)
    states = lookups.states(attempt)
    assert states[0] == (1, True, True, now)
    assert states[1:] == [(position, False, False, None) for position in range(2, attempt.items.count() + 1)]


@pytest.mark.parametrize("positions", [{1}, {1, 2}])
def test_items_to_save_are_those_of_the_positions(attempt, stranger, enrolment, positions, django_assert_num_queries):
    answered = attempt.items.select_related("attempt", "question_version", "response").get(position=2)
    attempts.save(item=answered, answer="a", revision=0, at=timezone.now())
    with django_assert_num_queries(1):
        found, count = lookups.to_save(enrolment, attempt.uuid, positions)
        seen = [
            (item.position, count, item.attempt, item.question_version.body, item.response.answer) for item in found
        ]
    stored = AttemptItem.objects.filter(attempt=attempt, position__in=positions).order_by("position")
    assert seen == [(item.position, 1, attempt, item.question_version.body, item.response.answer) for item in stored]


def test_the_question_to_show_is_whole(attempt, stranger, django_assert_num_queries):
    with django_assert_num_queries(1):
        item = lookups.to_show(attempt, 2)
        seen = (item.choice_order, item.parameters, item.question_version.rendered, item.response.revision)
    stored = attempt.items.get(position=2)
    assert seen == (stored.choice_order, stored.parameters, stored.question_version.rendered, 0)
    assert (item, item.attempt) == (stored, attempt)
