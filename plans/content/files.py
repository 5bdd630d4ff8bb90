"""Reading the assignment.md of each lesson, with every fault in the report of the course folder."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lessons.content.folder import CourseFolder, LessonFolder, UnitFile, read_page
from lessons.markup.containers import fence_after, render_containers
from lessons.markup.prose import Page
from plans.content.formats import ASSIGNMENT, SECTIONS

FILE = "assignment.md"
HEADING = re.compile(r" {0,3}##(?!#)\s*(.*?)[\s#]*")
#: Ids of the page around the texts (templates/plans/_assignment.html).
PAGE_IDS = {"the-task", "how-it-is-judged", "two-answers"}


@dataclass(kw_only=True)
class AssignmentFile(UnitFile):
    """The assignment of one lesson as it was written; by field of the model each text, and the blocks made of it.

    `source` and `blocks` are those of the whole file.
    """

    lesson: LessonFolder
    texts: dict[str, str] = field(default_factory=dict)
    rendered: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


class Section(NamedTuple):
    """What stands below one heading of level 2; lines count from 1 within the source. No heading before the first."""

    heading: str
    line: int
    lines: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


def read(folder: CourseFolder) -> list[AssignmentFile]:
    """The assignments of a course folder that `lessons.content.read` has read. Faults go to `folder.report`."""
    assignments: list[AssignmentFile] = []
    for lesson in folder.lessons:
        page = read_page(folder, f"{lesson.path}/{FILE}", ASSIGNMENT) if FILE in lesson.files else None
        if page is None:
            continue
        record, source, first_line = page
        record["sources"] = record.get("sources") or []
        name = folder.name(f"{lesson.path}/{FILE}")
        assignment = AssignmentFile(name, record, source, [], first_line, lesson=lesson)
        assignments.append(assignment)
        if assignment.record.get("key") in lesson.unit_keys:
            line = assignment.record.at("key")
            folder.report.add(assignment.file, line, "key: assignment is already a reading of this lesson")
        read_texts(folder, assignment)
    return assignments


def read_texts(folder: CourseFolder, assignment: AssignmentFile) -> None:
    """Fill in texts and blocks. Ids and tables are counted through all three, for they stand on one page."""
    page = Page(sources=assignment.record["sources"])
    page.ids |= PAGE_IDS
    for line, reason in faults(assignment.source):
        page.problem(line, reason)
    for section in sections(assignment.source):
        name = SECTIONS.get(section.heading)
        if name is None or name in assignment.texts:
            continue
        assignment.texts[name] = section.text
        page.level, page.heading = 2, section.heading
        # Empty lines in the place of what stands before, so that faults have the lines of the source.
        blocks = render_containers("\n".join([""] * section.line + section.lines), page)
        assignment.rendered[name] = blocks
        assignment.blocks += blocks
        for block in blocks:
            if block["kind"] == "check":
                page.problem(section.line, f"the check {block['key']} belongs into a reading, where it can be answered")
    for problem in sorted(set(page.problems)):
        folder.report.add(assignment.file, assignment.first_line + problem.line - 1, problem.reason)


def sections(source: str) -> list[Section]:
    """The source cut at its headings of level 2; those between code fences are code."""
    parts = [Section("", 0, [])]
    fence = ""
    for number, line in enumerate(source.split("\n"), 1):
        fence = fence_after(line, fence)
        heading = None if fence else HEADING.fullmatch(line)
        if heading:
            parts.append(Section(heading[1], number, []))
        else:
            parts[-1].lines.append(line)
    return parts


def faults(source: str) -> Iterator[tuple[int, str]]:
    """(line, reason) for what is wrong with the sections: exactly those wanted, in their order, each with a text."""
    before, *parts = sections(source)
    wanted = ", ".join(f"## {heading}" for heading in SECTIONS)
    if before.text:
        yield 1, "the text starts with ## The task"
    headings = [section.heading for section in parts]
    for place, section in enumerate(parts):
        if section.heading not in SECTIONS:
            yield section.line, f"## {section.heading} is not one of {wanted}; headings below them start at ###"
        elif section.heading in headings[:place]:
            yield section.line, f"## {section.heading} stands here twice"
        elif not section.text:
            yield section.line, f"## {section.heading} has no text"
    for heading in SECTIONS:
        if heading not in headings:
            yield source.count("\n") + 1, f"the section ## {heading} is missing"
    known = [heading for heading in headings if heading in SECTIONS]
    if sorted(known) == sorted(SECTIONS) and known != list(SECTIONS):
        yield parts[0].line, f"the sections stand in this order: {wanted}"
