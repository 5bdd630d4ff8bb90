"""What the table of a cohort asks the database: read queries only, the same few however many learners there are.

Those without a filter, which is how the page opens, are compiled once (`database.prepared`).
"""

from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import NamedTuple

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from cohorts.models import Enrolment
from database.prepared import Part, Prepared, Several, objects
from lessons.models import Lesson, Unit
from lessons.versions import Version
from progress.models import LessonState, UnitState
from quizzes.models import Attempt

PAGE_SIZE = 50

EVERYONE = Q()
STARTED = Q(summary__last_visit_at__isnull=False) | Q(summary__units_done__gt=0)
FINISHED = Q(summary__completed_at__isnull=False)
STATES = {"not-started": ~STARTED, "in-progress": STARTED & ~FINISHED, "finished": FINISHED}

LESSON = Part(Lesson, without=["summary", "outcomes", "pre_questions", "outline"])
LESSONS = Prepared(
    lambda course: Lesson.objects.filter(course=course).order_by("number").values_list(*LESSON.columns), course=int
)


def lessons_of(course: int) -> list[Lesson]:
    """The lessons of a course in order, without their long texts."""
    return [lesson for row in LESSONS(course=course) for lesson in objects(row, [LESSON])]


def conditions(*, q: str, state: str, seen: int | None, as_of: datetime) -> Q:
    """The filter as a condition on enrolments; empty when nothing was asked.

    Who never came counts as not seen for as long as they are in the cohort.
    """
    wanted = Q()
    if q:
        wanted &= Q(user__name__icontains=q) | Q(user__email__icontains=q)
    if state:
        wanted &= STATES[state]
    if seen:
        before = as_of - timedelta(days=seen)
        wanted &= Q(summary__last_visit_at__lt=before) | Q(summary__last_visit_at__isnull=True, joined_at__lt=before)
    return wanted


def enrolled(cohort: int) -> QuerySet[Enrolment]:
    """The places of those who learn in a cohort now."""
    return Enrolment.objects.active().filter(cohort=cohort).learning()


class Counts(NamedTuple):
    """How many people are in a cohort, how many of them learn there, and how many of those a filter finds."""

    everybody: int = 0
    learners: int = 0
    matches: int = 0


def counts_of(cohort: int, wanted: Q) -> Counts:
    rows = list(_counts(cohort, wanted)) if wanted else _COUNTS(cohort=cohort)
    return Counts(*rows[0]) if rows else Counts()


def _counts(cohort: int, wanted: Q = EVERYONE) -> QuerySet:
    """One row, or none for a cohort that nobody is in."""
    learning = Q(pk__in=enrolled(cohort).order_by().values("pk"))
    numbers = [Count("pk"), Count("pk", filter=learning), Count("pk", filter=learning & wanted)]
    everybody = Enrolment.objects.active().filter(cohort=cohort).order_by().values("cohort")
    return everybody.annotate(**dict(zip(Counts._fields, numbers, strict=True))).values_list(*Counts._fields)


_COUNTS = Prepared(_counts, cohort=int)


class Person(NamedTuple):
    """What a row of the table is made of beside its cells; a learner without a summary has None there."""

    enrolment: int
    name: str
    email: str
    percent: int | None
    units_done: int | None
    completed_at: datetime | None
    last_visit_at: datetime | None


def people_of(cohort: int, wanted: Q, *, sort: str, start: int, lesson: int | None) -> list[Person]:
    """A page of the learners that a filter finds, from number `start` on; `lesson` is that of a sort by lesson."""
    values = {"cohort": cohort} | ({"lesson": lesson} if lesson else {})
    if wanted:
        rows = list(_people(**values, wanted=wanted, sort=sort, start=start))
    else:
        rows = _prepared_people(sort, start, by_lesson=lesson is not None)(**values)
    return [Person(*row) for row in rows]


def _people(cohort: int, *, sort: str, start: int, lesson: int | None = None, wanted: Q = EVERYONE) -> QuerySet:
    # The database sorts ids alone, and reads the rest of fifty rows: it is half the work with ten thousand learners.
    ids = in_order(enrolled(cohort).filter(wanted), sort=sort, lesson=lesson).values("pk")[start : start + PAGE_SIZE]
    return in_order(Enrolment.objects.filter(pk__in=ids), sort=sort, lesson=lesson).values_list(
        "pk",
        "user__name",
        "user__email",
        "summary__percent",
        "summary__units_done",
        "summary__completed_at",
        "summary__last_visit_at",
    )


@lru_cache(maxsize=64)
def _prepared_people(sort: str, start: int, *, by_lesson: bool) -> Prepared:
    values = {"cohort": int} | ({"lesson": int} if by_lesson else {})
    return Prepared(partial(_people, sort=sort, start=start), **values)


def in_order(enrolments: QuerySet[Enrolment], *, sort: str, lesson: int | None) -> QuerySet[Enrolment]:
    """Sorted by one column, always with the same order among equals, so that no page repeats a learner of another.

    Who has nothing in the column stands last in both directions.
    """
    column, descending = sort.removeprefix("-"), sort.startswith("-")
    key: Lower | F
    if column == "name":
        # As on the screen, where a person without a name is shown by their address.
        key = Lower(Coalesce(NullIf("user__name", Value("")), "user__email"))
    elif column == "progress":
        key = F("summary__percent")
    elif column == "visit":
        key = F("summary__last_visit_at")
    else:
        enrolments = enrolments.alias(
            sorted_by=FilteredRelation("lesson_states", condition=Q(lesson_states__lesson=lesson))
        )
        key = F("sorted_by__percent")
    order = key.desc(nulls_last=True) if descending else key.asc(nulls_last=True)
    return enrolments.order_by(order, "pk")


def _cells(enrolments: list[int]) -> QuerySet:
    """What learners did in lessons: enrolment, lesson, units done and required, percent, whether it was passed, and "".

    Below them the attempts at checks that have no result yet, with their state in the last column: a lesson in which
    somebody did nothing else has no row of its own.

    Whether the check was passed is asked of the unit state: the pass mark belongs to the quiz, and what was passed once
    stays passed when the mark is raised later. The exam says nothing about the lesson in which it stands.
    """
    passed = UnitState.objects.filter(
        enrolment=OuterRef("enrolment"),
        unit__lesson=OuterRef("lesson"),
        unit__kind=Unit.Kind.QUIZ,
        unit__versions__state=Version.State.CURRENT,
        unit__versions__required=True,
        state=UnitState.State.DONE,
    )
    return (
        LessonState.objects.filter(enrolment__in=enrolments)
        .annotate(passed=Exists(passed))
        .values_list("enrolment_id", "lesson_id", "units_done", "units_required", "percent", "passed", Value(""))
        .union(_unscored(enrolments), all=True)
    )


def _unscored(enrolments: list[int]) -> QuerySet:
    """The same columns for attempts at the checks of lessons that are open, or wait for a person to read them."""
    return (
        Attempt.objects.filter(
            enrolment__in=enrolments,
            state__in=[Attempt.State.OPEN, Attempt.State.AWAITING_REVIEW],
            quiz__unit__retired_at__isnull=True,
            quiz__unit__versions__state=Version.State.CURRENT,
            quiz__unit__versions__required=True,
        )
        .order_by()
        .values_list(
            "enrolment_id",
            "quiz__unit__lesson_id",
            Value(0),
            Value(0),
            Value(None, output_field=LessonState._meta.get_field("percent")),
            Value(False),
            "state",
        )
    )


CELLS = Prepared(_cells, enrolments=Several(int, PAGE_SIZE))


def _shared_names(cohort: int, names: list[str]) -> QuerySet:
    """Those of the names that more than one learner of the cohort has."""
    counted = enrolled(cohort).filter(user__name__in=names).order_by().values("user__name").annotate(people=Count("pk"))
    return counted.filter(people__gt=1).values_list("user__name")


SHARED_NAMES = Prepared(_shared_names, cohort=int, names=Several(str, PAGE_SIZE))
