"""Reading a course folder into records, with every fault in one report. Knows the files, not the database."""

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lessons import markup
from lessons.coming import PART, PARTS
from lessons.content import formats
from lessons.content.parsing import parse, read_text
from lessons.content.problems import Report
from lessons.content.schema import Record
from lessons.content.values import OMITTED, Field, Fields, Place, texts_of
from lessons.markup.literal import literal_in_unit

LESSON_FOLDER = re.compile(r"[1-9]\d?-[a-z0-9-]+")
#: Fields of course.yaml whose texts may carry marks for what is coming.
MARKED = {"summary", "audience", "prerequisites", "leave_with", "questions"}
UNIT_FILE = re.compile(r"([1-9]\d?)-([a-z0-9-]+)\.md")
TEXT_FILES = (".md", ".yaml", ".yml")
FENCE = "---\n"


@dataclass
class UnitFile:
    """A reading unit as it was written: front matter, Markdown, and the blocks made of it.

    `first_line` is where `source` starts in its file.
    """

    file: str
    record: Fields
    source: str
    blocks: list[dict]
    first_line: int = 1


@dataclass
class LessonFolder:
    """One lesson: its number, record and units in order; other rooms read what else lies in `path`."""

    number: int
    path: str
    record: Fields
    units: list[UnitFile] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def unit_keys(self) -> set[str]:
        return {unit.record.get("key", "") for unit in self.units}


@dataclass
class CourseFolder:
    """Everything that a course folder says. Nothing of it may be used while `report` holds problems."""

    path: Path
    report: Report
    course: Fields = field(default_factory=Fields)
    # None where the file could not be read: then nothing is said about what refers to it.
    sources: list[Fields] | None = None
    terms: list[Fields] | None = None
    lessons: list[LessonFolder] = field(default_factory=list)

    def name(self, path: str) -> str:
        """The file as problems name it: below the folder as it was given, content/cto/course.yaml."""
        return str(self.path / path)

    @property
    def authoring(self) -> Fields:
        """What authors of this course keep to, as far as course.yaml says anything of it."""
        return self.course.get("authoring") or Fields()

    @property
    def competencies(self) -> list[Fields] | None:
        return self.course.get("competencies")

    def check_keys(self, file: str, record: Fields, name: str, known: Collection[str] | None, what: str) -> None:
        """Report every key of a field that is not one of the known."""
        value = record.get(name) or []
        for key in [value] if isinstance(value, str) else value:
            if known is not None and key not in known:
                self.report.add(file, record.at(name), f"{name}: there is no {what} {key}")


def read(path: Path) -> CourseFolder:
    """Read a whole folder. Never raises for what is in it: faults stand in the report of the result."""
    folder = CourseFolder(path, Report())
    if not path.is_dir():
        folder.report.add(str(path), 1, "there is no such folder")
        return folder
    folder.course = read_yaml(folder, "course.yaml", formats.COURSE) or Fields()
    folder.sources = read_yaml(folder, "sources.yaml", formats.SOURCES)
    folder.terms = read_yaml(folder, "terms.yaml", formats.TERMS)
    for file, records in (
        ("course.yaml", folder.competencies),
        ("sources.yaml", folder.sources),
        ("terms.yaml", folder.terms),
    ):
        check_unique(folder, file, records, "key")
    check_unique(folder, "terms.yaml", folder.terms, "title")
    check_parts(folder)
    check_limits(folder)
    listed = folder.course.get("lessons") or lesson_folders(path)
    for number, name in enumerate(listed, 1):
        if int(name.partition("-")[0]) != number:
            folder.report.add(
                folder.name("course.yaml"), folder.course.at("lessons"), f"lessons: {name} is number {number}"
            )
        folder.lessons.append(read_lesson(folder, number, name))
    check_files(folder, "", {"course.yaml", "sources.yaml", "terms.yaml", "exam.yaml", "README.md", *listed})
    check_checks(folder)
    return folder


def keys(records: list[Fields] | None) -> set[str] | None:
    return None if records is None else {record["key"] for record in records if "key" in record}


def lesson_folders(path: Path) -> list[str]:
    """What looks like a lesson: without course.yaml the faults of the lessons are wanted all the same."""
    names = [entry.name for entry in os.scandir(path) if entry.is_dir() and LESSON_FOLDER.fullmatch(entry.name)]
    return sorted(names, key=lambda name: int(name.partition("-")[0]))


def read_yaml(folder: CourseFolder, path: str, shape: Field):
    """The canonical value of one YAML file, or None after a problem."""
    text = read_text(folder.path, path, folder.report)
    if text is None:
        return None
    return read_value(folder, path, text, shape)


def read_value(folder: CourseFolder, path: str, text: str, shape: Field, *, first_line: int = 1):
    name = folder.name(path)
    node = parse(text, name, folder.report, first_line=first_line)
    if node is None:
        if not folder.report.problems or folder.report.problems[-1].file != name:
            folder.report.add(name, first_line, "there is nothing here")
        return None
    value = shape.read(node, Place(name, folder.report))
    return None if value is OMITTED else value


def check_unique(folder: CourseFolder, path: str, records: list[Fields] | None, name: str) -> None:
    seen: set[str] = set()
    for record in records or []:
        value = record.get(name, "").casefold()
        if value and value in seen:
            folder.report.add(folder.name(path), record.at(name), f"{name}: {record[name]} stands here twice")
        seen.add(value)


def check_limits(folder: CourseFolder) -> None:
    """The least words of prose that authors are to write are no more than the most."""
    limits = folder.authoring
    for name in ("unit_words", "lesson_words"):
        if (words := limits.get(name)) and words != sorted(words):
            reason = f"authoring.{name}: the least comes first, then the most"
            folder.report.add(folder.name("course.yaml"), limits.at(name), reason)


def check_parts(folder: CourseFolder) -> None:
    """`{plan}` behind a word of course.yaml says that this is coming, as long as it is: only known names do, in the
    texts of the course page alone.
    """
    for name, value in folder.course.items():
        for line, text in texts_of(value, folder.course.at(name)):
            for part in PART.findall(text):
                if name not in MARKED:
                    folder.report.add(folder.name("course.yaml"), line, f"{{{part}}} would be shown as it is here")
                elif part not in PARTS:
                    reason = f"{{{part}}} is not one of {', '.join(PARTS)}"
                    folder.report.add(folder.name("course.yaml"), line, reason)


def read_lesson(folder: CourseFolder, number: int, path: str) -> LessonFolder:
    lesson = LessonFolder(number, path, Fields())
    if (folder.path / path).is_symlink() or not (folder.path / path).is_dir():
        folder.report.add(
            folder.name("course.yaml"), folder.course.at("lessons"), f"lessons: there is no folder {path}"
        )
        return lesson
    lesson.files = sorted(entry.name for entry in os.scandir(folder.path / path))
    lesson.record = read_yaml(folder, f"{path}/lesson.yaml", formats.LESSON) or Fields()
    file = folder.name(f"{path}/lesson.yaml")
    if lesson.record.get("key", "") not in ("", path.partition("-")[2]):
        folder.report.add(file, lesson.record.at("key"), f"key: the folder says {path.partition('-')[2]}")
    matches = [match for match in map(UNIT_FILE.fullmatch, lesson.files) if match]
    matches.sort(key=lambda match: (int(match[1]), match[2]))
    for position, match in enumerate(matches, 1):
        if int(match[1]) != position:
            folder.report.add(
                folder.name(f"{path}/{match[0]}"), 1, f"units are numbered without gaps; this is number {position}"
            )
        unit = read_unit(folder, f"{path}/{match[0]}", match[2])
        if unit:
            lesson.units.append(unit)
    for question in lesson.record.get("pre_questions", []):
        folder.check_keys(file, question, "unit", lesson.unit_keys, "unit of this lesson with the key")
    check_files(folder, path, {"lesson.yaml", "quiz.yaml", "assignment.md", *(match[0] for match in matches)})
    return lesson


def read_unit(folder: CourseFolder, path: str, key: str) -> UnitFile | None:
    """One reading unit; also checks its keys and renders its text."""
    page = read_page(folder, path, formats.UNIT)
    if page is None:
        return None
    name = folder.name(path)
    record, source, first_line = page
    if record.get("key", key) != key:
        folder.report.add(name, record.at("key"), f"key: the file's name says {key}")
    folder.check_keys(name, record, "terms", keys(folder.terms), "term")
    if not source:
        folder.report.add(name, first_line, "the unit has no text")
    rendered = markup.render(source, terms=titles(folder, record), sources=record.get("sources", []))
    for problem in rendered.problems:
        folder.report.add(name, first_line + problem.line - 1, problem.reason)
    return UnitFile(name, record, source, rendered.blocks, first_line)


def read_page(folder: CourseFolder, path: str, shape: Record) -> tuple[Fields, str, int] | None:
    """Fields, Markdown and the line where the Markdown starts; also checks the competencies and sources it names."""
    text = read_text(folder.path, path, folder.report)
    if text is None:
        return None
    name = folder.name(path)
    head, end, body = text.removeprefix(FENCE).partition("\n" + FENCE)
    if not text.startswith(FENCE) or not end:
        folder.report.add(name, 1, "the file starts with its fields between two lines of ---")
        return None
    record = read_value(folder, path, head, shape, first_line=2)
    if record is None:
        return None
    folder.check_keys(name, record, "competencies", keys(folder.competencies), "competency")
    folder.check_keys(name, record, "sources", keys(folder.sources), "source")
    first_line = text[: len(text) - len(body.lstrip())].count("\n") + 1
    for problem in literal_in_unit(body.strip()):
        folder.report.remark(name, first_line + problem.line - 1, problem.reason)
    return record, body.strip(), first_line


def titles(folder: CourseFolder, record: Fields) -> dict[str, str]:
    """Casefolded title → key of the terms that a unit introduces."""
    listed = set(record.get("terms", []))
    return {
        term["title"].casefold(): term["key"]
        for term in folder.terms or []
        if term.get("key") in listed and "title" in term
    }


def check_checks(folder: CourseFolder) -> None:
    """The key of an inline check stands in the address of a page and in notes: one course, one key."""
    seen: dict[str, str] = {}
    for lesson in folder.lessons:
        for unit in lesson.units:
            for key in (block["key"] for block in unit.blocks if block["kind"] == "check"):
                if seen.setdefault(key, unit.file) != unit.file:
                    folder.report.add(unit.file, 1, f"the check {key} is already in {seen[key]}")


def check_files(folder: CourseFolder, path: str, known: set[str]) -> None:
    """A file that nobody reads is a typing mistake in its name."""
    for name in unknown_files(folder.path, path, known):
        folder.report.add(folder.name(f"{path}/{name}" if path else name), 1, "this file is not part of a course")


def unknown_files(root: Path, path: str, known: set[str]) -> Iterator[str]:
    """Course texts and lesson folders below `root/path` that are not known, by name."""
    for entry in sorted(os.scandir(root / path), key=lambda entry: entry.name):
        looks_known = entry.name.endswith(TEXT_FILES) or (not path and entry.is_dir() and re.match(r"\d", entry.name))
        if looks_known and not entry.name.startswith(".") and entry.name not in known:
            yield entry.name
