"""Assignments into files: what is current, in canonical form."""

from lessons.content import writing
from lessons.content.folder import FENCE
from lessons.models import Course, Unit, UnitVersion
from plans.content.files import FILE
from plans.content.formats import ASSIGNMENT, SECTIONS
from plans.content.loading import UNIT_FIELDS
from plans.models import AssignmentVersion


def dump(course: Course) -> dict[str, str]:
    """Path below the course folder → text, for everything that `plans.content.load` reads."""
    texts = UnitVersion.objects.live(course).filter(unit__kind=Unit.Kind.ASSIGNMENT)
    versions = {
        version.assignment.unit_id: version
        for version in AssignmentVersion.objects.current()
        .filter(assignment__unit__lesson__course=course)
        .select_related("assignment")
    }
    return {
        f"{text.unit.lesson.folder}/{FILE}": assignment_file(text, versions[text.unit_id])
        for text in texts
        if text.unit_id in versions
    }


def assignment_file(text: UnitVersion, version: AssignmentVersion) -> str:
    """Front matter, and the three sections under their headings."""
    record = {"key": text.unit.key} | {name: getattr(text, name) for name in UNIT_FIELDS}
    record |= {"sources": text.sources or None, "length": version.length, "criteria": version.criteria}
    sections = [f"\n## {heading}\n\n{getattr(version, name).strip()}\n" for heading, name in SECTIONS.items()]
    return f"{FENCE}{writing.write(ASSIGNMENT, record)}{FENCE}{''.join(sections)}"
