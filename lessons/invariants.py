"""What must always hold of what is taught. Each check returns one line per fault; `verify_invariants` prints them."""

from collections.abc import Callable

from django.db.models import Count, Q

from lessons.models import Lesson, Term, Unit, UnitVersion
from lessons.versions import Version


def live_units_have_one_current_version() -> list[str]:
    """Invariant 3: a unit that was published and is not retired shows exactly one version."""
    current = Count("versions", filter=Q(versions__state=Version.State.CURRENT))
    past = Count("versions", filter=Q(versions__state=Version.State.PAST))
    units = Unit.objects.filter(retired_at__isnull=True).annotate(current=current, past=past)
    wrong = units.filter(Q(current__gt=1) | Q(current=0, past__gt=0)).select_related("lesson")
    return [f"unit {unit}: {unit.current} current versions" for unit in wrong]


def published_versions_have_a_time() -> list[str]:
    """Invariant 3: whatever learners may have seen says since when."""
    versions = UnitVersion.objects.exclude(state=Version.State.DRAFT).filter(published_at__isnull=True)
    return [f"unit version {pk}: published, without a time" for pk in versions.values_list("pk", flat=True)]


def versions_name_terms_of_their_course() -> list[str]:
    """A current version introduces only terms that its course defines."""
    terms: dict[int, set[str]] = {}
    for course_id, key in Term.objects.values_list("course_id", "key"):
        terms.setdefault(course_id, set()).add(key)
    rows = UnitVersion.objects.current().filter(unit__retired_at__isnull=True)
    return [
        f"unit version {pk}: unknown terms {', '.join(unknown)}"
        for pk, course_id, keys in rows.values_list("pk", "unit__lesson__course_id", "terms")
        if (unknown := sorted(set(keys) - terms.get(course_id, set())))
    ]


def lessons_are_numbered_from_one() -> list[str]:
    """Lessons of a course are numbered 1, 2, 3 without a gap; addresses and outlines count on it."""
    faults = []
    numbers: dict[int, list[int]] = {}
    for course_id, number in Lesson.objects.order_by("course", "number").values_list("course_id", "number"):
        numbers.setdefault(course_id, []).append(number)
    for course_id, lesson_numbers in numbers.items():
        if lesson_numbers != list(range(1, len(lesson_numbers) + 1)):
            faults.append(f"course {course_id}: lessons numbered {lesson_numbers}")
    return faults


CHECKS: list[tuple[str, Callable[[], list[str]]]] = [
    ("3 one current version per live unit", live_units_have_one_current_version),
    ("3 published versions have a time", published_versions_have_a_time),
    ("current versions name known terms", versions_name_terms_of_their_course),
    ("lessons numbered from one", lessons_are_numbered_from_one),
]
