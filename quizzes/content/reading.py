"""Reading the quiz.yaml of each lesson, with every fault in the report of the course folder."""

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


def read(folder: CourseFolder) -> list[QuizFile]:
    """The quizzes of a course folder that `lessons.content.read` has read. Faults go to `folder.report`."""
    found: list[QuizFile] = []
    seen: dict[str, str] = {}
    for lesson in folder.lessons:
        if "quiz.yaml" not in lesson.files:
            continue
        path = f"{lesson.path}/quiz.yaml"
        record = read_yaml(folder, path, formats.QUIZ)
        if record is None:
            continue
        quiz = QuizFile(folder.name(path), lesson, record)
        found.append(quiz)
        check_questions(folder, quiz, seen)
        check_slots(folder, quiz)
        if record.get("key") in lesson.unit_keys:
            folder.report.add(quiz.file, record.at("key"), f"key: {record['key']} is already a reading of this lesson")
    return found


def check_questions(folder: CourseFolder, quiz: QuizFile, seen: dict[str, str]) -> None:
    competencies, sources = keys(folder.competencies), keys(folder.sources)
    for question in quiz.record.get("questions", []):
        identifier = question.get("id", "")
        if identifier and identifier in seen:
            folder.report.add(quiz.file, question.at("id"), f"id: {identifier} is already in {seen[identifier]}")
        seen.setdefault(identifier, quiz.file)
        folder.check_keys(quiz.file, question, "competency", competencies, "competency")
        folder.check_keys(quiz.file, question, "sources", sources, "source")
        if question.get("unit"):
            folder.check_keys(quiz.file, question, "unit", quiz.lesson.unit_keys, "unit of this lesson with the key")
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
