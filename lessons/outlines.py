"""A course as its lessons and live units in reading order, read with one query and light enough for every page.

Plain named tuples instead of model instances: an outline of seventy units stands on each page of the reader, and making
two hundred model objects for it would cost more than the rest of the page.
"""

from collections import Counter
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import FilteredRelation, Q, QuerySet

from database.prepared import Prepared
from lessons.models import Course, Lesson, Unit
from lessons.versions import Version

#: Keys of quizzes: the check that a lesson has, and the exam of the course, which no lesson needs to be finished.
CHECK, EXAM = "check", "exam"


class UnitLine(NamedTuple):
    """One live unit; `minutes` is the reading or working time, `number` that of its lesson."""

    id: int
    key: str
    kind: str
    title: str
    minutes: int
    required: bool
    lesson_id: int
    number: int
    version_id: int = 0

    @property
    def for_certificate(self) -> bool:
        """Whether the certificate asks for it though no lesson does: the assignments and the exam."""
        return self.is_exam or (not self.required and self.kind == Unit.Kind.ASSIGNMENT)

    @property
    def is_exam(self) -> bool:
        """Whether it is the exam of the course, which no lesson needs."""
        return not self.required and self.kind == Unit.Kind.QUIZ and self.key == EXAM

    @property
    def is_optional(self) -> bool:
        """Whether it may be left out whatever one wants to reach."""
        return not self.required and not self.for_certificate

    @property
    def address(self) -> str:
        """The unit's address below `lessons:lessons`; those of quizzes lead to their fronts."""
        if self.kind == Unit.Kind.QUIZ and self.key != CHECK:
            return f"{self.number}/{CHECK}/{self.key}/"
        return f"{self.number}/{self.key}/"


class LessonLine(NamedTuple):
    """One lesson with its live units; `unwritten` names the sections that are still to come."""

    id: int
    number: int
    title: str
    short_title: str
    unwritten: tuple[str, ...]
    units: tuple[UnitLine, ...]

    @property
    def in_preparation(self) -> bool:
        return bool(self.unwritten)

    @property
    def minutes(self) -> int:
        """Time for its required units."""
        return sum(unit.minutes for unit in self.units if unit.required)

    @property
    def certificate_minutes(self) -> int:
        """Time for what the certificate asks for besides."""
        return sum(unit.minutes for unit in self.units if unit.for_certificate)

    @property
    def optional_minutes(self) -> int:
        """Time for what may be left out."""
        return sum(unit.minutes for unit in self.units if unit.is_optional)


class Outline(NamedTuple):
    """All lessons of a course, in order."""

    lessons: tuple[LessonLine, ...]

    @property
    def units(self) -> list[UnitLine]:
        """Every live unit in reading order."""
        return [unit for lesson in self.lessons for unit in lesson.units]

    @property
    def minutes(self) -> int:
        """Time for the required units of all lessons: there is no other source of the time that a course takes."""
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def certificate_minutes(self) -> int:
        return sum(lesson.certificate_minutes for lesson in self.lessons)

    @property
    def optional_minutes(self) -> int:
        return sum(lesson.optional_minutes for lesson in self.lessons)

    @property
    def exam(self) -> UnitLine | None:
        """The exam of the course, where it has one."""
        return next((unit for unit in self.units if unit.is_exam), None)

    @property
    def repeated(self) -> frozenset[str]:
        """Titles that units of several lessons share: a list of all lessons tells them apart by the lesson."""
        return frozenset(title for title, count in Counter(unit.title for unit in self.units).items() if count > 1)

    def find(self, number: int, key: str) -> tuple[LessonLine, UnitLine] | None:
        """The lesson and live unit at an address."""
        matches = ((lesson, unit) for lesson in self.lessons if lesson.number == number for unit in lesson.units)
        return next((pair for pair in matches if pair[1].key == key), None)


def _rows(course: int) -> QuerySet:
    return (
        Lesson.objects.filter(course=course)
        .annotate(
            live=FilteredRelation(
                "units__versions",
                condition=Q(units__retired_at__isnull=True, units__versions__state=Version.State.CURRENT),
            )
        )
        .order_by("number", "units__position", "units__id")
        .values_list(
            *("id", "number", "title", "short_title", "outline"),
            *("units__id", "units__key", "units__kind", "live__title", "live__minutes", "live__required", "live__id"),
        )
    )


ROWS = Prepared(_rows, course=int)


REVISION = Prepared(lambda course: Course.objects.filter(pk=course).values_list("revision"), course=int)


def read(course: Course) -> Outline:
    """The outline as learners see it now: no drafts, nothing retired. A lesson without units is in it all the same."""
    rows = REVISION(course=course.pk)
    return _at(course.pk, rows[0][0] if rows else None)


def of(course: Course) -> Outline:
    """The outline of a course that was read for this very request: as it stood at the course's revision."""
    return _at(course.pk, course.revision)


@lru_cache(maxsize=16)
def _at(course: int, revision: UUID | None) -> Outline:
    """The outline at a revision, read once in each process. The revision is part of the key and never comes back, so
    nothing here can be stale; who was overtaken between the two reads gets the newer outline.

    Fragments of pages are kept by their input (`lessons.reader.remembered`): they share this one object.
    """
    lessons: dict[int, tuple[tuple, list[UnitLine]]] = {}
    for lesson_id, number, title, short_title, unwritten, *unit, version_id in ROWS(course=course):
        if lesson_id not in lessons:
            lessons[lesson_id] = (lesson_id, number, title, short_title, tuple(unwritten)), []
        if version_id is not None:  # the version's columns are empty for a unit that is not live
            lessons[lesson_id][1].append(UnitLine._make((*unit, lesson_id, number, version_id)))
    return Outline(tuple(LessonLine._make((*head, tuple(units))) for head, units in lessons.values()))
