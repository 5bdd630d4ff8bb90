"""Quizzes, the exam and their questions into files: what is current, in canonical form."""

from collections import defaultdict
from typing import Any

from lessons.content import writing
from lessons.models import Course, Unit, UnitVersion
from quizzes.content import blueprints, formats
from quizzes.content.loading import slots_of
from quizzes.content.rendering import fields_of
from quizzes.models import QuestionVersion, Quiz, QuizVersion


def dump(course: Course) -> dict[str, str]:
    """Path below the course folder → text, for everything that `quizzes.content.load` reads."""
    texts = {text.unit_id: text for text in UnitVersion.objects.live(course).filter(unit__kind=Unit.Kind.QUIZ)}
    versions = (
        QuizVersion.objects.current()
        .filter(quiz__unit__in=texts)
        .select_related("quiz")
        .prefetch_related("slots__members__question")
    )
    questions = questions_by_lesson(course)
    files = {}
    for version in versions:
        text = texts[version.quiz.unit_id]
        if version.quiz.purpose == Quiz.Purpose.EXAM:
            files["exam.yaml"] = writing.write(formats.EXAM, exam_record(version, text, questions[None]))
            continue
        lesson = text.unit.lesson
        record = head_of(version, text) | {"slots": written(slots_of(version)), "questions": questions[lesson.pk]}
        files[f"{lesson.folder}/quiz.yaml"] = writing.write(formats.QUIZ, record)
    if questions[None] and "exam.yaml" not in files:
        files["exam.yaml"] = writing.write(formats.POOL, {"questions": questions[None]})
    return files


def head_of(version: QuizVersion, text: UnitVersion) -> dict[str, Any]:
    """Everything above the draw. Rules that are as they are when nothing is said are None, and so not written."""
    head = {"key": text.unit.key, "title": text.title, "minutes": text.minutes, "intro": text.lede}
    rules = {name: getattr(version, name) for name in formats.RULES}
    unsaid = {name: None for name, default in formats.UNSAID.items() if rules[name] == default}
    return head | rules | unsaid


def exam_record(version: QuizVersion, text: UnitVersion, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """The exam with its blueprint, or with its slots where they were made by hand."""
    slots = slots_of(version)
    cells = blueprints.cells(slots, questions)
    draw = {"blueprint": cells, "slots": written(slots) if cells is None else None}
    return head_of(version, text) | draw | {"questions": questions}


def written(slots: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Slots as a file has them, with the keys of their questions."""
    return [{"pick": slot["pick"], "questions": slot["questions"]} for slot in slots]


def questions_by_lesson(course: Course) -> dict[int | None, list[dict[str, Any]]]:
    """The records of all questions that are asked today, by the id of their lesson (None: the exam), in order."""
    versions = (
        QuestionVersion.objects.current()
        .filter(question__course=course, question__retired_at__isnull=True)
        .select_related("question", "competency", "unit")
        .order_by("question__lesson_id", "question__position", "question_id")
    )
    found: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for version in versions:
        found[version.question.lesson_id].append(record_of(version))
    return found


def record_of(version: QuestionVersion) -> dict[str, Any]:
    """The fields of one question as its file has them; those of the exam name no unit."""
    unit = {"unit": version.unit.key if version.unit else None} if version.question.lesson_id else {}
    return {
        "id": version.question.key,
        "type": version.type,
        "competency": version.competency.key,
        "bloom": version.bloom,
        "sources": version.sources,
        **unit,
        "stem": version.stem,
        **fields_of(version.body, version.stem),
    }
