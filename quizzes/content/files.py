"""Reading the quiz.yaml of each lesson and exam.yaml, with every fault in the report of the course folder."""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lessons.content.folder import CourseFolder, LessonFolder, keys, read_yaml
from lessons.content.values import Fields
from quizzes.content import blueprints, formats, rules


@dataclass
class QuizFile:
    """The quiz of one lesson as it was written, its questions included."""

    file: str
    lesson: LessonFolder
    record: Fields


@dataclass
class ExamFile:
    """The exam of the course with the pool it draws from, or the pool alone, as it was written.

    The exam stands at the end of `lesson`, the last one.
    """

    file: str
    lesson: LessonFolder
    record: Fields

    @property
    def is_exam(self) -> bool:
        """Whether it says how the exam is held, not only what might be asked."""
        return "key" in self.record


@dataclass
class QuestionFiles:
    """All questions of a course: those of its quizzes, in order of the lessons, and those of its exam if it has one."""

    quizzes: list[QuizFile]
    exam: ExamFile | None
    #: Names of what is fictional in this course.
    fictional: Sequence[str] = ()

    @property
    def all(self) -> list[QuizFile | ExamFile]:
        return [*self.quizzes, *([self.exam] if self.exam else [])]


def read(folder: CourseFolder) -> QuestionFiles:
    """The questions of a course folder that `lessons.content.read` has read. Faults go to `folder.report`."""
    seen: dict[str, str] = {}
    fictional = folder.authoring.get("fictional") or ()
    return QuestionFiles(read_quizzes(folder, seen), read_exam(folder, seen), fictional)


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
        check_times(folder, quiz)
        if record.get("key") in lesson.unit_keys:
            folder.report.add(quiz.file, record.at("key"), f"key: {record['key']} is already a reading of this lesson")
    return found


def read_exam(folder: CourseFolder, seen: dict[str, str]) -> ExamFile | None:
    # A link that leads nowhere is there as well: it is refused, not passed over.
    if not os.path.lexists(folder.path / "exam.yaml"):
        return None
    record = read_yaml(folder, "exam.yaml", formats.PoolOrExam())
    if record is None or not folder.lessons:
        return None
    exam = ExamFile(folder.name("exam.yaml"), folder.lessons[-1], record)
    check_questions(folder, exam, seen)
    if exam.is_exam:
        check_draw(folder, exam)
        check_times(folder, exam)
    return exam


def check_draw(folder: CourseFolder, exam: ExamFile) -> None:
    """An exam draws by a blueprint or from slots, and stands beside units with other keys."""
    record, keys_beside = exam.record, exam.lesson.unit_keys
    if (record.get("blueprint") is None) == (record.get("slots") is None):
        folder.report.add(exam.file, record.at("key"), "give either blueprint or slots")
    elif record.get("slots") is not None:
        check_slots(folder, exam)
    elif record.whole:
        for cell in record["blueprint"]:
            folder.check_keys(exam.file, cell, "competency", keys(folder.competencies), "competency")
        for number, reason in blueprints.faults(record["blueprint"], record["questions"]):
            folder.report.add(exam.file, record["blueprint"][number - 1].line, f"blueprint.{number}: {reason}")
    if record.get("key") in keys_beside:
        folder.report.add(exam.file, record.at("key"), f"key: {record['key']} is already a reading of the last lesson")


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


TIMES = {
    "closes_at": "closes_at: it must be later than opens_at",
    "learner_sets_time": "learner_sets_time: there is no time limit to choose from",
    "window": "window: it says what closing means; closes_at is missing",
}


def check_times(folder: CourseFolder, quiz: QuizFile | ExamFile) -> None:
    for name in rules.contradictions(quiz.record):
        folder.report.add(quiz.file, quiz.record.at(name), TIMES[name])


def check_slots(folder: CourseFolder, quiz: QuizFile | ExamFile) -> None:
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
