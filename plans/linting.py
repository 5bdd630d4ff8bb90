"""What is a matter of judgement over the assignments of a course. A rule yields Problems.

Pure functions over assignments that `plans.content.read` could read without a fault.
"""

from collections.abc import Iterable, Iterator, Mapping

from lessons.content.folder import CourseFolder
from lessons.content.problems import Problem
from lessons.linting.links import Site, address, anchors, dead, dead_links_in_fields, links_of_unit
from lessons.linting.passages import cited as cited_in
from lessons.linting.passages import passages
from lessons.linting.rules import at, fiction_unsaid, figures_from_memory, figures_without_source
from plans.content.files import PAGE_IDS, AssignmentFile


def faults(folder: CourseFolder, assignments: Iterable[AssignmentFile], site: Site) -> Iterator[Problem]:
    """The rules for readings that hold for assignments, too; lengths are the author's."""
    marks = {source["key"]: source["mark"] for source in folder.sources or []}
    for file in assignments:
        parts = passages(file.source)
        yield from dead_links(folder, file, site)
        yield from figures_without_source(file, parts)
        yield from figures_from_memory(file, parts, marks)
        yield from fiction_unsaid(file, folder.authoring.get("fictional") or ())


def dead_links(folder: CourseFolder, file: AssignmentFile, site: Site) -> Iterator[Problem]:
    yield from dead_links_in_fields(file.file, file.record, site)
    page = address(folder, file.lesson, file.record["key"])
    for line, href in links_of_unit(file.source):
        if reason := dead(href, page, site):
            yield at(file, line, reason)


def pages(folder: CourseFolder, assignments: Iterable[AssignmentFile]) -> Mapping[str, frozenset[str]]:
    """Address → anchors of the assignments, as `lessons.linting.links.pages` has those of the readings."""
    return {address(folder, file.lesson, file.record["key"]): anchors(file) | PAGE_IDS for file in assignments}


def cited(assignments: Iterable[AssignmentFile]) -> set[str]:
    """Keys of the sources on which assignments rest."""
    return {key for file in assignments for key in cited_in(file.source)}
