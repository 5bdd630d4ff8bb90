"""The attempt and the question that every step of a check asks for, by prepared queries."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from cohorts.models import Enrolment
from database.prepared import Part, Prepared, objects
from lessons.models import Course, Lesson, Unit, UnitVersion
from quizzes.models import Attempt, AttemptItem, QuestionVersion, Quiz, QuizVersion, Response

ATTEMPT = [
    Part(Attempt),
    Part(QuizVersion, "quiz_version__"),
    Part(Quiz, "quiz__"),
    Part(Unit, "quiz__unit__"),
    # Long texts that only the lesson's own page shows.
    Part(Lesson, "quiz__unit__lesson__", without=["summary", "outcomes", "pre_questions"]),
]
_TEXTS = ["competency", "bloom", "sources", "stem", "published_at"]
_TO_SHOW = [
    Part(AttemptItem),
    Part(QuestionVersion, "question_version__", without=_TEXTS),
    Part(Response, "response__"),
]
_TO_SAVE = [
    Part(AttemptItem, without=["parameters", "points"]),
    Part(Attempt, "attempt__", without=["score", "maximum", "started_at", "submitted_at"]),
    Part(QuestionVersion, "question_version__", without=[*_TEXTS, "rendered"]),
    Part(Response, "response__"),
]


def _columns(parts: list[Part]) -> list[str]:
    return [column for part in parts for column in part.columns]


class State(NamedTuple):
    """How far a learner is with one question."""

    position: int
    answered: bool
    flagged: bool
    saved_at: datetime | None


def _to_save(enrolment: int | Enrolment, uuid: UUID) -> QuerySet:
    items = AttemptItem.objects.of(enrolment).filter(attempt__uuid=uuid).order_by("position")
    return items.with_answered().values_list("answered", *_columns(_TO_SAVE))


_ATTEMPTS = Prepared(
    lambda enrolment, uuid: (
        Attempt.objects.of(enrolment).filter(uuid=uuid).with_title().values_list("title", *_columns(ATTEMPT))
    ),
    enrolment=int,
    uuid=UUID,
)
_STATES = Prepared(
    lambda attempt: (
        AttemptItem.objects.filter(attempt=attempt)
        .annotate(answered=ExpressionWrapper(Q(response__answer__isnull=False), BooleanField()))
        .order_by("position")
        .values_list("position", "answered", "response__flagged", "response__saved_at")
    ),
    attempt=int,
)
_SHOWN = Prepared(
    lambda attempt, position: (
        AttemptItem.objects.filter(attempt=attempt, position=position).order_by().values_list(*_columns(_TO_SHOW))
    ),
    attempt=int,
    position=int,
)
_SAVED = Prepared(
    lambda enrolment, uuid, position: _to_save(enrolment, uuid).filter(position=position),
    enrolment=int,
    uuid=UUID,
    position=int,
)


def rules(course: Course, *, number: int | None = None, key: str = "") -> QuizVersion | None:
    """The rules in force of a quiz, with its unit and lesson: without a number those of the exam of the course, else of
    the check of the lesson with this number, or of its further quiz with this key."""
    quizzes = QuizVersion.objects.current().filter(
        quiz__unit__lesson__course=course, quiz__unit__retired_at__isnull=True
    )
    quizzes = quizzes.filter(_at(number, key))
    versions = list(quizzes.select_related("quiz__unit__lesson").order_by("quiz__unit__position", "pk"))
    if not versions:
        return None
    version = next((each for each in versions if each.quiz.unit.key == Quiz.MAIN_KEY), versions[0])
    version.quiz.unit.lesson.course = course
    return version


def _at(number: int | None, key: str) -> Q:
    """The quizzes at an address, see `rules`."""
    if number is None:
        return Q(quiz__purpose=Quiz.Purpose.EXAM)
    if key:
        return Q(quiz__unit__lesson__number=number, quiz__unit__key=key)
    return Q(quiz__unit__lesson__number=number, quiz__purpose=Quiz.Purpose.CHECK)


def running(enrolment: Enrolment, *, number: int | None = None, key: str = "") -> Attempt | None:
    """The learner's open attempt at a quiz of this address, whatever has become of the quiz."""
    attempt = Attempt.objects.of(enrolment).open().filter(_at(number, key)).order_by("started_at").first()
    if attempt:
        attempt.enrolment = enrolment
    return attempt


def attempt(enrolment: Enrolment, uuid: UUID) -> Attempt | None:
    """The learner's own attempt with `.title`, its rules, and its quiz with unit, lesson and course."""
    rows = _ATTEMPTS(enrolment=enrolment.pk, uuid=uuid)
    if not rows:
        return None
    (title, *row) = rows[0]
    attempt, attempt.quiz_version, attempt.quiz, unit, lesson = objects(row, ATTEMPT)
    attempt.title, attempt.enrolment = title, enrolment
    attempt.quiz.unit, unit.lesson, lesson.course = unit, lesson, enrolment.course
    return attempt


def states(attempt: Attempt) -> list[State]:
    """How far the learner is with each question, in their order."""
    return [State(*row) for row in _STATES(attempt=attempt.pk)]


def to_show(attempt: Attempt, position: int) -> AttemptItem:
    """One item of an attempt with its question and its response."""
    (row,) = _SHOWN(attempt=attempt.pk, position=position)
    item, item.question_version, item.response = objects(row, _TO_SHOW)
    item.attempt = attempt
    return item


def to_save(enrolment: Enrolment, uuid: UUID, positions: Collection[int]) -> tuple[list[AttemptItem], int]:
    """The items of the learner's own attempt at these positions, with what saving an answer needs to know.

    The number is how many items of the whole attempt have an answer; 0 without items.
    """
    if len(positions) == 1:
        rows = _SAVED(enrolment=enrolment.pk, uuid=uuid, position=next(iter(positions)))
    else:
        rows = list(_to_save(enrolment, uuid).filter(position__in=positions))
    return [_item_to_save(row) for _answered, *row in rows], rows[0][0] if rows else 0


def _item_to_save(row: list) -> AttemptItem:
    item, item.attempt, item.question_version, item.response = objects(row, _TO_SAVE)
    return item


def to_reread(attempt: Attempt, wanted: set[int | None]) -> dict[int, UnitVersion]:
    """Units to reread, as they are called today; by id."""
    if not wanted - {None}:
        return {}
    lines = {}
    for line in UnitVersion.objects.live(attempt.enrolment.course).filter(unit__in=wanted - {None}):
        line.unit.lesson.course = attempt.enrolment.course
        lines[line.unit_id] = line
    return lines
