"""What must always hold of progress. Each check returns one line per fault; `verify_invariants` prints them."""

from collections.abc import Callable

from django.db.models import Exists, OuterRef

from cohorts.models import Enrolment
from lessons import outlines
from lessons.models import Course
from progress import differences
from progress.models import EnrolmentSummary, LearningEvent, UnitState

#: As many learners are compared at once.
CHUNK = 500


def progress_is_what_the_facts_say() -> list[str]:
    """Invariant 5: every state and summary equals its recomputation from the learner's facts."""
    faults = []
    for course in Course.objects.all():
        outline = outlines.read(course)
        learners = Enrolment.objects.filter(course=course)
        traces = (LearningEvent, UnitState, EnrolmentSummary)
        touched = [Exists(model.objects.filter(enrolment=OuterRef("pk"))) for model in traces]
        ids = list(learners.filter(touched[0] | touched[1] | touched[2]).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(ids), CHUNK):
            faults += differences.of(ids[start : start + CHUNK], outline)
    return faults


def completion_is_said_once() -> list[str]:
    """Invariant 5: 100 percent is said of a completed course only."""
    summaries = EnrolmentSummary.objects.filter(percent=100, completed_at__isnull=True)
    return [f"enrolment {pk}: 100 percent, not completed" for pk in summaries.values_list("pk", flat=True)]


CHECKS: list[tuple[str, Callable[[], list[str]]]] = [
    ("5 progress recomputed from facts = stored", progress_is_what_the_facts_say),
    ("5 100 percent means completed", completion_is_said_once),
]
