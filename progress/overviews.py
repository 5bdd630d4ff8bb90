"""What one learner has done, read for a page: the outline with their states, in two queries."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from cohorts.models import Enrolment
from lessons import outlines
from lessons.models import Course
from lessons.outlines import LessonLine, Outline, UnitLine
from progress import completion, paths
from progress.models import UnitState


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
    def lessons_done(self) -> int:
        return sum(self.state_of(lesson) == "done" for lesson in self.outline.lessons)

    @property
    def minutes_left(self) -> int:
        return paths.minutes_left(self.units, self.done)

    def state_of(self, lesson: LessonLine) -> str:
        """ "done", "half" or "open": the shapes of the outline."""
        if completion.is_finished(lesson, self.done):
            return "done"
        touched = self.done | self.started
        return "half" if any(unit.id in touched for unit in lesson.units) else "open"


def read(course: Course, enrolment: Enrolment | None) -> Overview:
    """A learner's overview; for a visitor (None) the bare outline."""
    overview = Overview(outlines.read(course))
    if enrolment:
        rows = UnitState.objects.filter(enrolment=enrolment).values_list("unit_id", "state", "percent")
        for unit_id, state, percent in rows:
            (overview.done if state == UnitState.State.DONE else overview.started).add(unit_id)
            if percent is not None:
                overview.percents[unit_id] = percent
    return overview
