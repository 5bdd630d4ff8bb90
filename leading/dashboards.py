"""What a manager sees of a cohort, as values; `leading.queries` reads them."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from statistics import median

from django.core.paginator import Page, Paginator

from cohorts.models import Cohort
from leading import queries
from leading.queries import PAGE_SIZE, Person
from lessons.models import Lesson
from quizzes.models import Attempt


@dataclass(frozen=True)
class Cell:
    """One learner in one lesson: the units done, and a check score in whole percent once there is one.

    Before that `check` is the state of an attempt at it: open, or awaiting review.
    """

    done: int = 0
    required: int = 0
    percent: int | None = None
    passed: bool = False
    check: str = ""

    @property
    def shade(self) -> str:
        """The class of its colour; every shade also differs by what is printed in the cell."""
        if self.percent is None:
            return "q1" if self.done or self.check else "q0"
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
    return queries.lessons_of(cohort.course_id)


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

    `q` is looked for in names and addresses, `state` is a key of `queries.STATES`, `seen` a number of days without a
    visit, `sort` one of `columns()`, perhaps with "-" before it. A page behind the last one is the last one.
    """
    wanted = queries.conditions(q=q, state=state, seen=seen, as_of=as_of)
    counts = queries.counts_of(cohort.pk, wanted)
    page_shown = Paginator(range(counts.matches), PAGE_SIZE).get_page(page)
    by_number = {f"lesson-{lesson.number}": lesson.pk for lesson in lessons}
    people = queries.people_of(
        cohort.pk,
        wanted,
        sort=sort,
        start=(page_shown.number - 1) * PAGE_SIZE,
        lesson=by_number.get(sort.removeprefix("-")),
    )
    cells = cells_of([person.enrolment for person in people])
    names = sorted({person.name for person in people} - {""})
    shared = {name for (name,) in queries.SHARED_NAMES(cohort=cohort.pk, names=names)}
    rows = [
        row(
            person,
            [cells.get((person.enrolment, lesson.pk), NOT_STARTED) for lesson in lessons],
            is_shared=person.name in shared,
        )
        for person in people
    ]
    return Board(
        lessons=lessons,
        rows=rows,
        medians=[median_of([row.cells[column].percent for row in rows]) for column in range(len(lessons))],
        learners=counts.learners,
        onlookers=counts.everybody - counts.learners,
        match_count=counts.matches,
        page=page_shown,
    )


def cells_of(enrolments: list[int]) -> dict[tuple[int, int], Cell]:
    """What stands in the cells of these enrolments, by (enrolment, lesson); lessons in which nothing was done are
    missing."""
    cells: dict[tuple[int, int], Cell] = {}
    checks: dict[tuple[int, int], str] = {}
    for enrolment, lesson, done, required, percent, passed, check in queries.CELLS(enrolments=enrolments):
        place = (enrolment, lesson)
        if not check:
            cells[place] = Cell(done=done, required=required, percent=whole(percent), passed=passed)
        elif checks.get(place) != Attempt.State.AWAITING_REVIEW:
            # A further attempt may be open while one is read: that one has the next result.
            checks[place] = check
    for place, check in checks.items():
        cell = cells.get(place, NOT_STARTED)
        if cell.percent is None:
            cells[place] = replace(cell, check=check)
    return cells


def row(person: Person, cells: list[Cell], *, is_shared: bool) -> Row:
    """A learner's row; a learner without a summary has not started."""
    if person.completed_at:
        state = "finished"
    elif person.last_visit_at or person.units_done:
        state = "in-progress"
    else:
        state = "not-started"
    return Row(
        name=person.name or person.email,
        address=person.email if is_shared else "",
        cells=cells,
        percent=person.percent or 0,
        state=state,
        last_visit_at=person.last_visit_at,
    )


def whole(percent: Decimal | None) -> int | None:
    """A percentage as it is printed and shaded: cut, not rounded, so that 89.99 never passes for 90."""
    return None if percent is None else int(percent)


def median_of(percents: list[int | None]) -> int | None:
    """The middle score of those who have one, cut to whole percent; None when nobody has one."""
    scores = [percent for percent in percents if percent is not None]
    return int(median(scores)) if scores else None
