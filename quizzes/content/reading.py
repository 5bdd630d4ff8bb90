"""Reading the quiz.yaml of each lesson and exam.yaml, with every fault in the report of the course folder."""

import os
from collections.abc import Collection
from dataclasses import dataclass

from lessons.content.folder import CourseFolder, LessonFolder, keys, read_yaml
from lessons.content.values import Fields
from quizzes.content import formats, rules


@dataclass
class QuizFile:
    """The quiz of one lesson as it was written, its questions included."""

    file: str
    lesson: LessonFolder
    record: Fields


@dataclass
class ExamFile:
    """The pool of questions from which the exam of the course will be drawn, as it was written."""

    file: str
    record: Fields


@dataclass
class QuestionFiles:
    """All questions of a course: those of its quizzes, in order of the lessons, and those of its exam if it has one."""

    quizzes: list[QuizFile]
    exam: ExamFile | None

    @property
    def all(self) -> list[QuizFile | ExamFile]:
        return [*self.quizzes, *([self.exam] if self.exam else [])]


def read(folder: CourseFolder) -> QuestionFiles:
    """The questions of a course folder that `lessons.content.read` has read. Faults go to `folder.report`."""
    seen: dict[str, str] = {}
    return QuestionFiles(read_quizzes(folder, seen), read_exam(folder, seen))


def read_quizzes(folder: CourseFolder, seen: dict[str, str]) -> list[QuizFile]:
    found: list[QuizFile] = []
    for lesson in folder.lessons:
        if "quiz.yaml" not in lesson.files:
            continue
        path = f"{lesson.path}/quiz.yaml"
        record = read_yaml(folder, path, formats.QUIZ)
        if record is None:
            continue
        quiz = QuizFile(folder.name(path), lesson, record)
        found.append(quiz)
        check_questions(folder, quiz, seen, units=lesson.unit_keys)
        check_slots(folder, quiz)
        if record.get("key") in lesson.unit_keys:
            folder.report.add(quiz.file, record.at("key"), f"key: {record['key']} is already a reading of this lesson")
    return found


def read_exam(folder: CourseFolder, seen: dict[str, str]) -> ExamFile | None:
    # A link that leads nowhere is there as well: it is refused, not passed over.
    if not os.path.lexists(folder.path / "exam.yaml"):
        return None
    record = read_yaml(folder, "exam.yaml", formats.EXAM)
    if record is None:
        return None
    exam = ExamFile(folder.name("exam.yaml"), record)
    check_questions(folder, exam, seen)
    return exam


def check_questions(
    folder: CourseFolder, quiz: QuizFile | ExamFile, seen: dict[str, str], *, units: Collection[str] = ()
) -> None:
    """What must hold between questions and the rest of the course; `seen` holds the ids so far, each with its file."""
    competencies, sources = keys(folder.competencies), keys(folder.sources)
    for question in quiz.record.get("questions", []):
        identifier = question.get("id", "")
        if identifier and identifier in seen:
            folder.report.add(quiz.file, question.at("id"), f"id: {identifier} is already in {seen[identifier]}")
        seen.setdefault(identifier, quiz.file)
        folder.check_keys(quiz.file, question, "competency", competencies, "competency")
        folder.check_keys(quiz.file, question, "sources", sources, "source")
        if question.get("unit"):
            folder.check_keys(quiz.file, question, "unit", units, "unit of this lesson with the key")
        # Rules between fields make sense where every field could be read.
        if question.whole:
            for field, reason in rules.faults(question):
                line = line_of(question, field)
                folder.report.add(quiz.file, line, f"{identifier} {field}: {reason}")


def line_of(question: Fields, field: str) -> int:
    """The line of `choices.2`: that of the second choice."""
    name, _dot, number = field.partition(".")
    return question[name][int(number) - 1].line if number else question.at(name)


def check_slots(folder: CourseFolder, quiz: QuizFile) -> None:
    known = {question.get("id") for question in quiz.record.get("questions", [])}
    drawn: set[str] = set()
    for number, slot in enumerate(quiz.record.get("slots", []), 1):
        members = slot.get("questions", [])
        for identifier in members:
            if identifier not in known:
                folder.report.add(
                    quiz.file, slot.line, f"slots.{number}: there is no question {identifier} in this file"
                )
            elif identifier in drawn:
                folder.report.add(quiz.file, slot.line, f"slots.{number}: {identifier} is in another slot already")
            drawn.add(identifier)
        if (slot.get("pick") or 0) > len(members):
            folder.report.add(
                quiz.file, slot.line, f"slots.{number}: {slot['pick']} cannot be picked from {len(members)}"
            )
