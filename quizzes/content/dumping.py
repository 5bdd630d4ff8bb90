"""Quizzes, the exam and their questions into files: what is current, in canonical form."""

from collections import defaultdict
from typing import Any

from lessons.content import writing
from lessons.models import Course, Unit, UnitVersion
from quizzes.content import formats
from quizzes.content.loading import slots_of
from quizzes.content.rendering import fields_of
from quizzes.models import QuestionVersion, QuizVersion


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
        lesson = text.unit.lesson
        record = {"key": text.unit.key, "title": text.title, "minutes": text.minutes, "intro": text.lede}
        record |= {name: getattr(version, name) for name in formats.RULES}
        record["slots"] = [{"pick": pick, "questions": keys} for pick, keys in slots_of(version)]
        record["questions"] = questions[lesson.pk]
        files[f"{lesson.folder}/quiz.yaml"] = writing.write(formats.QUIZ, record)
    if questions[None]:
        files["exam.yaml"] = writing.write(formats.EXAM, {"questions": questions[None]})
    return files


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
