"""Assignments into the database: the same rules as for units, see `lessons.content.loading`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from lessons.content.changes import Changes
from lessons.content.loading import count_version, load_identities, unit_content
from lessons.content.problems import ContentErrors, Problem
from lessons.content.versioning import publish_new
from lessons.models import Course, Lesson, Unit, UnitVersion
from plans.content.files import AssignmentFile
from plans.content.formats import SECTIONS
from plans.models import Assignment, AssignmentVersion

#: Fields of assignment.md that stand in the version of the unit.
UNIT_FIELDS = ("title", "minutes", "lede", "outcome", "competencies", "sources")
#: Fields of an assignment's version that an author or a learner can tell apart.
FIELDS = ("length", "criteria", *SECTIONS.values(), *(f"{name}_blocks" for name in SECTIONS.values()))

Files = Mapping[tuple[str, str], AssignmentFile]
Units = Mapping[tuple[str, str], Unit]


@transaction.atomic
def load(assignments: Sequence[AssignmentFile], *, course: Course, at: datetime) -> Changes:
    """Make the database say what the files say. Raises ContentErrors, and then nothing was written.

    The course itself and its quizzes must have been loaded.
    """
    changes = Changes()
    files = {(file.lesson.record["key"], file.record["key"]): file for file in assignments}
    refuse_other_kinds(course, files)
    lessons = {lesson.key: lesson for lesson in Lesson.objects.filter(course=course)}
    # The check stands right after the readings, the assignment after the check, whether there is one yet or not.
    positions = {key: len(file.lesson.units) + 2 for key, file in files.items()}
    units = load_identities(course, lessons, positions, Unit.Kind.ASSIGNMENT, changes, at=at)
    load_unit_versions(files, units, changes, at=at)
    load_versions(files, units, changes, at=at)
    return changes


def refuse_other_kinds(course: Course, files: Files) -> None:
    others = Unit.objects.filter(lesson__course=course).exclude(kind=Unit.Kind.ASSIGNMENT).select_related("lesson")
    problems = [
        Problem(file.file, file.record.at("key"), f"key: {unit.key} is a {unit.get_kind_display()} already")
        for unit in others
        if (file := files.get((unit.lesson.key, unit.key)))
    ]
    if problems:
        raise ContentErrors(problems)


def load_unit_versions(files: Files, units: Units, changes: Changes, *, at: datetime) -> None:
    """What any unit has: title, minutes, lede, outcome. Not required while nothing can be handed in."""
    current = {
        version.unit_id: version for version in UnitVersion.objects.current().filter(unit__in=list(units.values()))
    }
    new: list[UnitVersion] = []
    for key, file in files.items():
        version = UnitVersion(unit=units[key], required=False)
        for name in UNIT_FIELDS:
            setattr(version, name, file.record[name])
        count_version(version, current.get(units[key].pk), unit_content, new, changes, "units")
    publish_new(new, at=at)


def load_versions(files: Files, units: Units, changes: Changes, *, at: datetime) -> None:
    """The task, its criteria and the answers to compare with."""
    by_unit = {item.unit_id: item for item in Assignment.objects.filter(unit__in=list(units.values()))}
    made = Assignment.objects.bulk_create([Assignment(unit=unit) for unit in units.values() if unit.pk not in by_unit])
    by_unit |= {item.unit_id: item for item in made}
    current = {
        version.assignment_id: version
        for version in AssignmentVersion.objects.current().filter(assignment__in=list(by_unit.values()))
    }
    new: list[AssignmentVersion] = []
    for key, file in files.items():
        assignment = by_unit[units[key].pk]
        version = AssignmentVersion(
            assignment=assignment,
            length=file.record["length"],
            criteria=file.record["criteria"],
            **file.texts,
            **{f"{name}_blocks": blocks for name, blocks in file.rendered.items()},
        )
        count_version(version, current.get(assignment.pk), content, new, changes, "assignments")
    publish_new(new, at=at)


def content(version: AssignmentVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in FIELDS}
