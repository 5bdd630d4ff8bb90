"""The attempt and the question that every step of a check asks for, by prepared queries."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.urls import reverse

from cohorts.models import Enrolment
from database.prepared import Part, Prepared, objects
from lessons.models import Course, Lesson, Unit
from lessons.outlines import Outline
from quizzes.attempts import standing
from quizzes.attempts.standing import columns
from quizzes.models import Attempt, AttemptItem, QuestionVersion, Quiz, QuizVersion, Response

ATTEMPT = [
    Part(Attempt),
    Part(QuizVersion, "quiz_version__"),
    Part(Quiz, "quiz__"),
    Part(Unit, "quiz__unit__"),
    Part(Lesson, "quiz__unit__lesson__", without=standing.LESSON_TEXTS),
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


class Reread(NamedTuple):
    """A unit to read again."""

    unit_id: int
    title: str
    minutes: int
    address: str


class State(NamedTuple):
    """How far a learner is with one question."""

    position: int
    answered: bool
    flagged: bool
    saved_at: datetime | None


def _to_save(enrolment: int | Enrolment, uuid: UUID) -> QuerySet:
    items = AttemptItem.objects.of(enrolment).filter(attempt__uuid=uuid).order_by("position")
    return items.with_answered().values_list("answered", *columns(_TO_SAVE))


_ATTEMPTS = Prepared(
    lambda enrolment, uuid: (
        Attempt.objects.of(enrolment).filter(uuid=uuid).with_title().values_list("title", *columns(ATTEMPT))
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
        AttemptItem.objects.filter(attempt=attempt, position=position).order_by().values_list(*columns(_TO_SHOW))
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


def running(enrolment: Enrolment, *, number: int | None = None, key: str = "") -> Attempt | None:
    """The learner's open attempt at a quiz of this address, whatever has become of the quiz."""
    attempt = (
        Attempt.objects.of(enrolment).open().filter(standing.at_address(number, key)).order_by("started_at").first()
    )
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


def to_reread(outline: Outline, course: Course, wanted: Collection[int | None]) -> dict[int, Reread]:
    """Those of the wanted units (ids) that the course still has, as they are called today; by id."""
    lessons = reverse("lessons:lessons", args=[course.key])
    return {
        unit.id: Reread(unit.id, unit.title, unit.minutes, f"{lessons}{unit.address}")
        for unit in outline.units
        if unit.id in wanted
    }
