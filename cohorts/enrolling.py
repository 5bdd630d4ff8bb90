"""Getting a place in a cohort."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from cohorts.models import Cohort, Enrolment
from lessons.models import Course


class NoOpenCohort(Exception):
    """The course has no cohort that everyone may join."""


class SeatTaken(Exception):
    """Every seat of the cohort is taken."""


@transaction.atomic
def join_open_cohort(*, user: User, course: Course, at: datetime) -> Enrolment:
    """Give a person a place in the course's open self-paced cohort; joining twice is joining once.

    Somebody who already has an active place in any cohort of the course keeps that one. Raises NoOpenCohort, SeatTaken.
    """
    active = Enrolment.objects.active().of(user).filter(course=course).first()
    if active:
        return active
    cohort = Cohort.objects.open_to_all().filter(course=course).first()
    if cohort is None:
        raise NoOpenCohort(f"{course} has no cohort that is open to all.")
    check_seat(cohort)
    enrolment, _created = Enrolment.objects.get_or_create(
        user=user, cohort=cohort, defaults={"course": course, "joined_at": at}
    )
    if enrolment.state != Enrolment.State.ACTIVE:
        enrolment.state = Enrolment.State.ACTIVE
        enrolment.save(update_fields=["state"])
    return enrolment


def check_seat(cohort: Cohort) -> None:
    """Find a seat of the cohort free, and hold it until the transaction ends. Raises SeatTaken."""
    if cohort.capacity is None:
        return
    capacity, taken = seats(cohort)
    if capacity is not None and taken >= capacity:
        raise SeatTaken(f"All {capacity} seats of {cohort} are taken.")


def seats(cohort: Cohort) -> tuple[int | None, int]:
    """How many seats the cohort has, and how many are taken, until the transaction ends.

    Whoever counts seats holds the cohort's row: two people cannot both find the last one free.
    """
    held = Cohort.objects.select_for_update().get(pk=cohort.pk)
    return held.capacity, held.enrolments.active().count()


def join_open_cohorts(*, user: User, at: datetime) -> list[Enrolment]:
    """Give a new person a place in every published course whose open cohort has a seat left."""
    joined = []
    for course in Course.objects.published().filter(cohorts__open_to_all=True).order_by("pk"):
        with suppress(SeatTaken):
            joined.append(join_open_cohort(user=user, course=course, at=at))
    return joined


@transaction.atomic
def ensure_open_cohort(*, course: Course, at: datetime) -> tuple[Cohort, bool]:
    """The course's open self-paced cohort, and whether it had to be made."""
    cohort = Cohort.objects.open_to_all().filter(course=course).first()
    if cohort:
        return cohort, False
    # Slugs are unique over all courses, and somebody may have used this one for a cohort of their own.
    wanted = ["self-paced", f"{course.key}-self-paced", f"{course.key}-self-paced-{at:%Y%m%d%H%M%S}"]
    taken = set(Cohort.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    slug = next(slug for slug in wanted if slug not in taken)
    title = gettext("Self-paced")
    kind = Cohort.Kind.SELF_PACED
    return Cohort.objects.create(
        course=course, slug=slug, title=title, kind=kind, open_to_all=True, created_at=at
    ), True
