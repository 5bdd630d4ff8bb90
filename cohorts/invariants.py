"""What must always hold of cohorts. Each check returns one line per fault; `verify_invariants` prints them."""

from collections.abc import Callable

from django.db.models import Count, F, Q

from cohorts.models import Cohort, Enrolment


def enrolments_are_in_the_course_of_their_cohort() -> list[str]:
    """The course is kept on the enrolment again so that a constraint can use it; both must agree."""
    strays = Enrolment.objects.exclude(course=F("cohort__course")).values_list("pk", flat=True)
    return [f"enrolment {pk}: another course than its cohort's" for pk in strays]


def seats_are_within_capacity() -> list[str]:
    """Invariant 8: no cohort has more active learners than seats."""
    active = Count("enrolments", filter=Q(enrolments__state=Enrolment.State.ACTIVE))
    full = Cohort.objects.filter(capacity__isnull=False).annotate(seats=active).filter(seats__gt=F("capacity"))
    return [f"cohort {cohort.slug}: {cohort.seats} learners on {cohort.capacity} seats" for cohort in full]


CHECKS: list[tuple[str, Callable[[], list[str]]]] = [
    ("8 seats within capacity", seats_are_within_capacity),
    ("enrolment and cohort name one course", enrolments_are_in_the_course_of_their_cohort),
]
