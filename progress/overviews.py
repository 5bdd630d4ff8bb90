"""What one learner has done, read for a page: the outline with their states, in two queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from cohorts.models import Enrolment
from database.prepared import Prepared
from lessons import outlines
from lessons.models import Course, Unit
from lessons.outlines import LessonLine, Outline, UnitLine
from progress import completion, paths
from progress.models import EnrolmentSummary, UnitState

STATES = Prepared(
    lambda enrolment: UnitState.objects.filter(enrolment=enrolment).values_list("unit_id", "state", "percent"),
    enrolment=int,
)


@dataclass
class Overview:
    """The outline of a course and, for a learner, what of it is done. `percents` are scores of checks by unit id."""

    outline: Outline
    done: set[int] = field(default_factory=set)
    started: set[int] = field(default_factory=set)
    percents: dict[int, Decimal] = field(default_factory=dict)

    @cached_property
    def units(self) -> list[UnitLine]:
        return self.outline.units

    @cached_property
    def required(self) -> list[UnitLine]:
        return [unit for unit in self.units if unit.required]

    @property
    def units_required(self) -> int:
        return len(self.required)

    @property
    def units_done(self) -> int:
        return sum(unit.id in self.done for unit in self.required)

    @property
    def checks_to_pass(self) -> list[UnitLine]:
        """The required checks that are not passed yet."""
        return [unit for unit in self.required if unit.kind == Unit.Kind.QUIZ and unit.id not in self.done]

    @property
    def lessons_done(self) -> int:
        return sum(self.state_of(lesson) == "done" for lesson in self.outline.lessons)

    @property
    def minutes_left(self) -> int:
        return paths.minutes_left(self.units, self.done)

    def started_or_begun(self, begun: Iterable[int]) -> frozenset[int]:
        """The units that are started, with those that were only opened (`begun`) in lessons without another trace:
        elsewhere they show nothing."""
        of = {unit.id: unit.lesson_id for unit in self.units}
        touched = {of.get(unit_id) for unit_id in self.done | self.started}
        return frozenset(self.started | {each for each in begun if each in of and of[each] not in touched})

    def state_of(self, lesson: LessonLine) -> str:
        """ "done", "half" or "open": the shapes of the outline."""
        if completion.is_finished(lesson, self.done):
            return "done"
        touched = self.done | self.started
        return "half" if any(unit.id in touched for unit in lesson.units) else "open"


class LastPosition(NamedTuple):
    """Where a learner was last, and when they finished the course; all empty before the first trace of them."""

    unit_id: int | None = None
    anchor: str = ""
    completed_at: datetime | None = None


POSITIONS = Prepared(
    lambda enrolment: EnrolmentSummary.objects.filter(enrolment=enrolment).values_list(
        "last_unit_id", "last_anchor", "completed_at"
    ),
    enrolment=int,
)


def last_position(request) -> LastPosition:
    """Where the request's learner was last, read once for all parts of a page; empty for a visitor."""
    if not hasattr(request, "last_position"):
        rows = POSITIONS(enrolment=request.enrolment.pk) if request.enrolment else []
        request.last_position = LastPosition(*rows[0]) if rows else LastPosition()
    return request.last_position


def stop(request) -> paths.Stop | None:
    """Where the request's learner goes on in the course; None for a visitor and where nothing is left."""
    if not request.enrolment:
        return None
    overview, last = of(request), last_position(request)
    return paths.stop(overview.units, overview.done, last_unit=last.unit_id, last_anchor=last.anchor)


def of(request, *, outline: Outline | None = None) -> Overview:
    """The overview of a request's learner, read once for all parts of a page."""
    if not hasattr(request, "overview"):
        request.overview = read(request.course, request.enrolment, outline=outline or outlines.of(request.course))
    return request.overview


def read(course: Course, enrolment: Enrolment | None, *, outline: Outline | None = None) -> Overview:
    """A learner's overview; for a visitor (None) the bare outline. `outline` is the course's, where it is at hand."""
    overview = Overview(outline or outlines.read(course))
    if enrolment:
        for unit_id, state, percent in STATES(enrolment=enrolment.pk):
            (overview.done if state == UnitState.State.DONE else overview.started).add(unit_id)
            if percent is not None:
                overview.percents[unit_id] = percent
    return overview
