"""What the tests of attempts start from."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine

from lessons.models import Unit
from quizzes import attempts
from quizzes.models import PracticeCard
from quizzes.practice import schedule
from tests import factories
from tests.factories import NOW
from tests.quizzes.forging import LATER


@pytest.fixture
def six(course):
    return factories.six_types(course)


@pytest.fixture
def still(db):
    """No time passes, so that two ways to one state can be compared."""
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def world(course, cohort, enrolment):
    """Nadia and Omar in a check of eight types with an hour for it, the first answer of each saved; a card of each."""
    unit = Unit.objects.get(lesson__course=course, key="check")
    makers = [build for build, *_rest in factories.SIX_TYPES.values()] + [factories.short, factories.long]
    questions = [make(course, f"F{place}", lesson=unit.lesson) for place, make in enumerate(makers, 1)]
    quiz = factories.quiz(unit, questions, time_limit_minutes=60, attempts_allowed=3)
    made = SimpleNamespace(course=course, cohort=cohort, quiz=quiz, enrolment=enrolment, questions=questions)
    made.attempt, made.card = belongings(enrolment, quiz)
    made.omar = factories.enrolment(cohort, factories.user("Omar Haddad"))
    made.foreign, made.foreign_card = belongings(made.omar, quiz)
    return made


def belongings(enrolment, quiz):
    attempt = attempts.start(enrolment=enrolment, quiz=quiz, at=NOW)
    item = attempt.items.select_related("attempt", "question_version", "response").get(position=1)
    attempts.save(item=item, answer="a", revision=0, at=NOW)
    question = factories.single(enrolment.course, f"P{enrolment.pk}")
    memory = schedule.reviewed({}, "again", on=(NOW - timedelta(days=3)).date())
    return attempt, PracticeCard.objects.create(enrolment=enrolment, question=question, due_at=NOW, memory=memory)
