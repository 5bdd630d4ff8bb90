"""Assignments into files: what is current, in canonical form."""

from collections.abc import Mapping

from lessons.content import writing
from lessons.content.folder import FENCE
from lessons.models import Course, Unit, UnitVersion
from plans.content.files import FILE
from plans.content.formats import ASSIGNMENT, SECTIONS
from plans.content.loading import UNIT_FIELDS
from plans.models import AssignmentVersion


def dump(course: Course) -> dict[str, str]:
    """Path below the course folder → text, for everything that `plans.content.load` reads."""
    versions = by_unit(course)
    return {path: assignment_file(text, versions[text.unit_id]) for path, text in by_file(course, versions).items()}


def by_unit(course: Course) -> dict[int, AssignmentVersion]:
    """What is in use of each assignment whose unit is not retired, by the id of that unit."""
    versions = AssignmentVersion.objects.current().filter(
        assignment__unit__lesson__course=course, assignment__unit__retired_at__isnull=True
    )
    return {version.assignment.unit_id: version for version in versions.select_related("assignment__unit__lesson")}


def by_file(course: Course, versions: Mapping[int, AssignmentVersion]) -> dict[str, UnitVersion]:
    """The text of the unit that stands in each file: one assignment a lesson."""
    files: dict[str, UnitVersion] = {}
    for text in UnitVersion.objects.live(course).filter(unit__kind=Unit.Kind.ASSIGNMENT, unit__in=versions):
        files.setdefault(f"{text.unit.lesson.folder}/{FILE}", text)
    return files


def remarks(course: Course) -> list[str]:
    """The assignments of today that are in no file, and why: one sentence each, for whoever writes the files."""
    versions = by_unit(course)
    held = {text.unit_id for text in by_file(course, versions).values()}
    units = [version.assignment.unit for pk, version in versions.items() if pk not in held]
    return [f"the assignment {unit} is in no file: {why_not(unit)}" for unit in units]


def why_not(unit: Unit) -> str:
    if unit.kind != Unit.Kind.ASSIGNMENT:
        return f"its unit is a {unit.get_kind_display()}"
    in_use = unit.versions.filter(state=UnitVersion.State.CURRENT).exists()
    return f"{unit.lesson.folder}/{FILE} has another one" if in_use else "its unit has no text in use"


def assignment_file(text: UnitVersion, version: AssignmentVersion) -> str:
    """Front matter, and the three sections under their headings."""
    record = {"key": text.unit.key} | {name: getattr(text, name) for name in UNIT_FIELDS}
    record |= {"sources": text.sources or None, "length": version.length, "criteria": version.criteria}
    sections = [f"\n## {heading}\n\n{getattr(version, name).strip()}\n" for heading, name in SECTIONS.items()]
    return f"{FENCE}{writing.write(ASSIGNMENT, record)}{FENCE}{''.join(sections)}"
