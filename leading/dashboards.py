"""What a manager sees of a cohort: read queries only, a fixed number of them however many learners there are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from cohorts.models import Cohort, Enrolment
from lessons.models import Lesson, Unit
from lessons.versions import Version
from progress.models import LessonState, UnitState

PAGE_SIZE = 50

STARTED = Q(summary__last_visit_at__isnull=False) | Q(summary__units_done__gt=0)
FINISHED = Q(summary__completed_at__isnull=False)
STATES = {"not-started": ~STARTED, "in-progress": STARTED & ~FINISHED, "finished": FINISHED}


@dataclass(frozen=True)
class Cell:
    """One learner in one lesson: the units done, and a check score in whole percent once there is one."""

    done: int = 0
    required: int = 0
    percent: int | None = None
    passed: bool = False

    @property
    def shade(self) -> str:
        """The class of its colour; every shade also differs by what is printed in the cell."""
        if self.percent is None:
            return "q1" if self.done else "q0"
        if not self.passed:
            return "qf"
        return "q4" if self.percent >= 90 else "q3" if self.percent >= 80 else "q2"


NOT_STARTED = Cell()


@dataclass(frozen=True)
class Row:
    """One learner: a cell for each lesson in order, the course in whole percent, and when they were last here.

    `address` tells them from another learner of the cohort with the same name; "" where nobody has it.
    """

    name: str
    address: str
    cells: list[Cell]
    percent: int
    state: str
    last_visit_at: datetime | None


@dataclass(frozen=True)
class Board:
    """One page of a cohort's table."""

    lessons: list[Lesson]
    rows: list[Row]
    medians: list[int | None]
    learners: int
    #: Staff and managers who joined: not learners, in no row and no number.
    onlookers: int
    match_count: int
    page: Page[int]


def lessons_of(cohort: Cohort) -> list[Lesson]:
    """The lessons of the cohort's course in order, with what a column's head needs."""
    return list(
        Lesson.objects.filter(course=cohort.course_id).order_by("number").only("number", "title", "short_title")
    )


def columns(lessons: list[Lesson]) -> list[str]:
    """The names by which the table may be sorted."""
    return ["name", "progress", "visit", *(f"lesson-{lesson.number}" for lesson in lessons)]


def board(
    cohort: Cohort,
    *,
    lessons: list[Lesson],
    as_of: datetime,
    q: str = "",
    state: str = "",
    seen: int | None = None,
    sort: str = "name",
    page: int = 1,
) -> Board:
    """One page of the learners of a cohort, in four queries: how many, who, whose names are theirs, and their lessons.

    `q` is looked for in names and addresses, `state` is a key of STATES, `seen` a number of days without a visit,
    `sort` one of `columns()`, perhaps with "-" before it. A page behind the last one is the last one.
    """
    everybody = Enrolment.objects.active().filter(cohort=cohort)
    enrolled = everybody.learning()
    wanted = conditions(q=q, state=state, seen=seen, as_of=as_of)
    learning = Q(pk__in=enrolled.order_by().values("pk"))
    counted = everybody.aggregate(
        everybody=Count("pk"), learners=Count("pk", filter=learning), found=Count("pk", filter=learning & wanted)
    )
    learners, match_count = counted["learners"], counted["found"]
    page_shown = Paginator(range(match_count), PAGE_SIZE).get_page(page)
    start = (page_shown.number - 1) * PAGE_SIZE
    # The database sorts ids alone, and reads the rest of fifty rows: it is half the work with ten thousand learners.
    ids = in_order(enrolled.filter(wanted), sort=sort, lessons=lessons).values("pk")[start : start + PAGE_SIZE]
    people = list(
        in_order(Enrolment.objects.filter(pk__in=ids), sort=sort, lessons=lessons).values(
            "pk",
            "user__name",
            "user__email",
            "summary__percent",
            "summary__units_done",
            "summary__completed_at",
            "summary__last_visit_at",
        )
    )
    cells = cells_of([person["pk"] for person in people])
    shared = shared_names(enrolled, {person["user__name"] for person in people} - {""})
    rows = [
        row(
            person,
            [cells.get((person["pk"], lesson.pk), NOT_STARTED) for lesson in lessons],
            is_shared=person["user__name"] in shared,
        )
        for person in people
    ]
    return Board(
        lessons=lessons,
        rows=rows,
        medians=[median_of([row.cells[column].percent for row in rows]) for column in range(len(lessons))],
        learners=learners,
        onlookers=counted["everybody"] - learners,
        match_count=match_count,
        page=page_shown,
    )


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


def in_order(enrolments: QuerySet[Enrolment], *, sort: str, lessons: list[Lesson]) -> QuerySet[Enrolment]:
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
        lesson = next(lesson for lesson in lessons if f"lesson-{lesson.number}" == column)
        enrolments = enrolments.alias(
            sorted_by=FilteredRelation("lesson_states", condition=Q(lesson_states__lesson=lesson))
        )
        key = F("sorted_by__percent")
    order = key.desc(nulls_last=True) if descending else key.asc(nulls_last=True)
    return enrolments.order_by(order, "pk")


def cells_of(enrolments: list[int]) -> dict[tuple[int, int], Cell]:
    """What stands in the cells of these enrolments, by (enrolment, lesson); lessons without a state are missing.

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
    states = (
        LessonState.objects.filter(enrolment__in=enrolments)
        .annotate(passed=Exists(passed))
        .values_list("enrolment_id", "lesson_id", "units_done", "units_required", "percent", "passed")
    )
    return {
        (enrolment, lesson): Cell(done=done, required=required, percent=whole(percent), passed=passed)
        for enrolment, lesson, done, required, percent, passed in states
    }


def shared_names(enrolled: QuerySet[Enrolment], names: Collection[str]) -> set[str]:
    """Those of the names that more than one of the enrolled has."""
    counted = enrolled.filter(user__name__in=names).order_by().values("user__name").annotate(people=Count("pk"))
    return set(counted.filter(people__gt=1).values_list("user__name", flat=True))


def row(person: Mapping[str, Any], cells: list[Cell], *, is_shared: bool) -> Row:
    """A learner's row out of the columns that `board` reads; a learner without a summary has not started."""
    if person["summary__completed_at"]:
        state = "finished"
    elif person["summary__last_visit_at"] or person["summary__units_done"]:
        state = "in-progress"
    else:
        state = "not-started"
    return Row(
        name=person["user__name"] or person["user__email"],
        address=person["user__email"] if is_shared else "",
        cells=cells,
        percent=person["summary__percent"] or 0,
        state=state,
        last_visit_at=person["summary__last_visit_at"],
    )


def whole(percent: Decimal | None) -> int | None:
    """A percentage as it is printed and shaded: cut, not rounded, so that 89.99 never passes for 90."""
    return None if percent is None else int(percent)


def median_of(percents: list[int | None]) -> int | None:
    """The middle score of those who have one, cut to whole percent; None when nobody has one."""
    scores = [percent for percent in percents if percent is not None]
    return int(median(scores)) if scores else None
