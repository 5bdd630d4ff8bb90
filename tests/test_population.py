"""Benchmarks of thousands measure people whose every row is as the platform itself would have written it."""

from collections import Counter

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.models import Enrolment
from cto_course.management.commands import verify_invariants
from progress.models import LearningEvent
from quizzes.models import Attempt
from tests import factories
from tests.benchmarks import population


@pytest.fixture
def open_cohort(course, cohort):
    """Nobody yet, in a small course with checks in two lessons."""
    factories.six_types(course)
    second = course.lessons.get(number=2)
    factories.quiz(factories.unit(second, "check-2", position=9, kind="quiz"), [factories.single(course, "two")])
    return cohort


@pytest.fixture
def populated(open_cohort):
    """Sixty learners."""
    population.populate(open_cohort, 60, at=factories.NOW)
    return open_cohort


def test_copies_are_as_sound_as_their_originals(populated):
    call_command("verify_invariants")


def test_every_original_is_copied_with_all_that_is_theirs(populated):
    """Twenty originals, so each row of theirs is there three times."""
    counts = {name: apps.get_model(name).objects.count() for name in population.OWNED}
    assert {name: count % 3 for name, count in counts.items()} == dict.fromkeys(counts, 0)
    assert [name for name, count in counts.items() if not count] == ["quizzes.PracticeReview", "plans.Note"]
    assert (counts["accounts.User"], counts["cohorts.Enrolment"], counts["quizzes.Attempt"]) == (60, 60, 150)


def test_what_is_told_of_a_copy_names_its_own_attempt(populated):
    told = LearningEvent.objects.filter(kind="quiz_graded").values_list("enrolment", "payload__attempt")
    graded = Attempt.objects.graded().values_list("enrolment", "uuid")
    assert Counter(told) == Counter((enrolment, str(uuid)) for enrolment, uuid in graded)


def test_who_comes_after_the_copies_gets_an_id_of_their_own(populated):
    last = Enrolment.objects.latest("pk").pk
    assert factories.enrolment(populated).pk > last


def test_sixty_learners_are_verified_by_as_many_queries_as_twenty(open_cohort):
    asked = []
    for learners in (20, 60):
        population.populate(open_cohort, learners, at=factories.NOW)
        with CaptureQueriesContext(connection) as queries:
            assert [fault for _room, _sentence, find in verify_invariants.checks() for fault in find()] == []
        asked.append(len(queries))
    assert asked[0] == asked[1]
