"""Getting a place in a cohort."""

import pytest
from django.db import IntegrityError, transaction

from cohorts import enrolling, invariants
from cohorts.models import Cohort, Enrolment
from lessons.models import Course
from tests import factories
from tests.factories import NOW


def places(user):
    return list(Enrolment.objects.of(user).order_by("pk").values_list("cohort__slug", "state", "joined_at"))


def test_join(cohort, course):
    user = factories.user()
    enrolment = enrolling.join_open_cohort(user=user, course=course, at=NOW)
    assert (enrolment.user, enrolment.cohort, enrolment.course) == (user, cohort, course)
    assert places(user) == [(cohort.slug, "active", NOW)]


def test_join_twice_is_once(cohort, course):
    user = factories.user()
    first = enrolling.join_open_cohort(user=user, course=course, at=NOW)
    assert enrolling.join_open_cohort(user=user, course=course, at=NOW) == first
    assert len(places(user)) == 1


def test_join_keeps_a_place_in_another_cohort(cohort, course):
    scheduled = factories.cohort(course, kind="scheduled", open_to_all=False)
    mine = factories.enrolment(scheduled)
    assert enrolling.join_open_cohort(user=mine.user, course=course, at=NOW) == mine
    assert len(places(mine.user)) == 1


def test_join_again_after_leaving_is_the_same_place(cohort, course):
    mine = factories.enrolment(cohort, state=Enrolment.State.LEFT)
    assert enrolling.join_open_cohort(user=mine.user, course=course, at=NOW) == mine
    assert places(mine.user) == [(cohort.slug, "active", NOW)]


def test_join_without_an_open_cohort(course):
    factories.cohort(course, kind="scheduled", open_to_all=False)
    user = factories.user()
    with pytest.raises(enrolling.NoOpenCohort):
        enrolling.join_open_cohort(user=user, course=course, at=NOW)
    assert places(user) == []


def test_join_when_every_seat_is_taken(course):
    cohort = factories.cohort(course, capacity=1)
    sitting = factories.enrolment(cohort)
    user = factories.user()
    with pytest.raises(enrolling.SeatTaken):
        enrolling.join_open_cohort(user=user, course=course, at=NOW)
    assert places(user) == []
    assert enrolling.join_open_cohorts(user=user, at=NOW) == []
    # Who sits is not asked to stand up, and a seat that becomes free is free.
    assert enrolling.join_open_cohort(user=sitting.user, course=course, at=NOW) == sitting
    Enrolment.objects.filter(pk=sitting.pk).update(state=Enrolment.State.LEFT)
    assert enrolling.join_open_cohort(user=user, course=course, at=NOW).cohort == cohort


def test_join_all_skips_courses_that_are_not_published(cohort, course):
    drafted = factories.course(key="drafted")
    factories.cohort(drafted)
    Course.objects.filter(pk=drafted.pk).update(state=Course.State.DRAFT)
    user = factories.user()
    assert [each.course for each in enrolling.join_open_cohorts(user=user, at=NOW)] == [course]


def test_one_active_place_per_course_is_kept_by_the_database(cohort, course):
    mine = factories.enrolment(cohort)
    scheduled = factories.cohort(course, kind="scheduled", open_to_all=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.enrolment(scheduled, mine.user)


def test_open_cohort_is_made_once(course):
    cohort, made = enrolling.ensure_open_cohort(course=course, at=NOW)
    assert (cohort.kind, cohort.open_to_all, made) == ("self_paced", True, True)
    assert enrolling.ensure_open_cohort(course=course, at=NOW) == (cohort, False)


def test_open_cohort_finds_a_free_slug(course):
    factories.cohort(course, slug="self-paced", kind="scheduled", open_to_all=False)
    cohort, _made = enrolling.ensure_open_cohort(course=course, at=NOW)
    assert cohort.slug == "cto-self-paced"


def test_invariants_hold_of_a_sound_cohort(enrolment):
    assert [find() for _sentence, find in invariants.CHECKS] == [[], []]


def test_invariants_name_what_is_wrong(cohort, course):
    Cohort.objects.filter(pk=cohort.pk).update(capacity=1)
    factories.enrolment(cohort)
    stray = factories.enrolment(cohort)
    Enrolment.objects.filter(pk=stray.pk).update(course=factories.course(key="other"))
    assert invariants.seats_are_within_capacity() == [f"cohort {cohort.slug}: 2 learners on 1 seats"]
    assert invariants.enrolments_are_in_the_course_of_their_cohort() == [
        f"enrolment {stray.pk}: another course than its cohort's"
    ]
