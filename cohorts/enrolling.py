"""Getting a place in a cohort."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from cohorts.models import Cohort, Enrolment
from lessons.models import Course


class NoOpenCohort(Exception):
    """The course has no cohort that everyone may join."""


@transaction.atomic
def join_open_cohort(*, user: User, course: Course, at: datetime) -> Enrolment:
    """Give a person a place in the course's open self-paced cohort; joining twice is joining once.

    Somebody who already has an active place in any cohort of the course keeps that one. Raises NoOpenCohort.
    """
    active = Enrolment.objects.active().of(user).filter(course=course).first()
    if active:
        return active
    cohort = Cohort.objects.open_to_all().filter(course=course).first()
    if cohort is None:
        raise NoOpenCohort(f"{course} has no cohort that is open to all.")
    enrolment, _created = Enrolment.objects.get_or_create(
        user=user, cohort=cohort, defaults={"course": course, "joined_at": at}
    )
    if enrolment.state != Enrolment.State.ACTIVE:
        enrolment.state = Enrolment.State.ACTIVE
        enrolment.save(update_fields=["state"])
    return enrolment


def join_open_cohorts(*, user: User, at: datetime) -> list[Enrolment]:
    """Give a new person a place in every published course that has an open cohort."""
    courses = Course.objects.published().filter(cohorts__open_to_all=True).order_by("pk")
    return [join_open_cohort(user=user, course=course, at=at) for course in courses]
