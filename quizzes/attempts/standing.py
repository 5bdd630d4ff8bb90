"""How one learner stands with one quiz, by prepared queries: the rules in force, their attempts, their extensions."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q, QuerySet

from cohorts.models import Enrolment, Extension
from database.prepared import Part, Prepared, objects
from lessons.models import Course, Lesson, Unit, UnitVersion
from quizzes.asking import supply
from quizzes.attempts import timing
from quizzes.models import Attempt, Quiz, QuizVersion

#: Long texts of a lesson that only its own page shows.
LESSON_TEXTS = ["summary", "outcomes", "pre_questions"]
#: No lesson has a higher number; the database could not even compare one.
MOST = 32_767
_RULES = [
    Part(QuizVersion),
    Part(Quiz, "quiz__"),
    Part(Unit, "quiz__unit__"),
    Part(Lesson, "quiz__unit__lesson__", without=LESSON_TEXTS),
]
_OF_UNIT = [Part(QuizVersion), Part(Quiz, "quiz__")]
_MINE = [Part(Attempt), Part(QuizVersion, "quiz_version__")]


class Page(NamedTuple):
    """What the front of a quiz says of it today, beside its rules."""

    title: str
    lede: str
    minutes: int


def columns(parts: list[Part]) -> list[str]:
    return [column for part in parts for column in part.columns]


def _in_course(course: int, at: Q) -> QuerySet:
    offered = QuizVersion.objects.current().filter(
        at, quiz__unit__lesson__course=course, quiz__unit__retired_at__isnull=True
    )
    return offered.order_by("quiz__unit__position", "pk").values_list(*columns(_RULES))


def at_address(number: int | None, key: str) -> Q:
    """The quizzes at an address: without a number the exam of a course, else the check of the lesson with this number,
    or its further quiz with this key."""
    if number is None:
        return Q(quiz__purpose=Quiz.Purpose.EXAM)
    if key:
        return Q(quiz__unit__lesson__number=number, quiz__unit__key=key)
    return Q(quiz__unit__lesson__number=number, quiz__purpose=Quiz.Purpose.CHECK)


_EXAM_RULES = Prepared(lambda course: _in_course(course, at_address(None, "")), course=int)
_CHECK_RULES = Prepared(lambda course, number: _in_course(course, at_address(number, "")), course=int, number=int)
_FURTHER_RULES = Prepared(
    lambda course, number, key: _in_course(course, at_address(number, key)), course=int, number=int, key=str
)
_RULES_OF_UNIT = Prepared(
    lambda unit: (
        QuizVersion.objects.current()
        .filter(quiz__unit=unit)
        .annotate(has_questions=supply.has_questions())
        .order_by()
        .values_list("has_questions", *columns(_OF_UNIT))
    ),
    unit=int,
)
_PAGES = Prepared(
    lambda unit: UnitVersion.objects.current().filter(unit=unit).order_by().values_list("title", "lede", "minutes"),
    unit=int,
)
_ATTEMPTS = Prepared(
    lambda enrolment, quiz: (
        Attempt.objects.filter(enrolment=enrolment, quiz=quiz).order_by("-number").values_list(*columns(_MINE))
    ),
    enrolment=int,
    quiz=int,
)
_EXTENSIONS = Prepared(
    lambda enrolment, unit: (
        Extension.objects.filter(enrolment=enrolment, unit=unit)
        .order_by()
        .values_list("minutes", "attempts", "closes_at")
    ),
    enrolment=int,
    unit=int,
)


def rules(course: Course, *, number: int | None = None, key: str = "") -> QuizVersion | None:
    """The rules in force of the quiz at an address (`at_address`), with its unit and lesson."""
    if (number or 0) > MOST:
        return None
    if number is None:
        rows = _EXAM_RULES(course=course.pk)
    elif key:
        rows = _FURTHER_RULES(course=course.pk, number=number, key=key)
    else:
        rows = _CHECK_RULES(course=course.pk, number=number)
    versions = []
    for row in rows:
        version, version.quiz, version.quiz.unit, lesson = objects(row, _RULES)
        version.quiz.unit.lesson, lesson.course = lesson, course
        versions.append(version)
    main = next((each for each in versions if each.quiz.unit.key == Quiz.MAIN_KEY), None)
    return main or next(iter(versions), None)


def rules_of_unit(unit: int) -> tuple[QuizVersion, bool] | None:
    """The rules in force of the quiz that a unit is, and whether there is a question to ask by them."""
    rows = _RULES_OF_UNIT(unit=unit)
    if not rows:
        return None
    (has_questions, *row) = rows[0]
    version, version.quiz = objects(row, _OF_UNIT)
    return version, has_questions


def page(unit: int) -> Page | None:
    """What is published of a quiz, as a unit of the course."""
    return next((Page(*row) for row in _PAGES(unit=unit)), None)


def attempts(enrolment: Enrolment, quiz: Quiz) -> list[Attempt]:
    """The learner's attempts at a quiz with their rules, the newest first."""
    mine = []
    for row in _ATTEMPTS(enrolment=enrolment.pk, quiz=quiz.pk):
        attempt, attempt.quiz_version = objects(row, _MINE)
        attempt.enrolment, attempt.quiz = enrolment, quiz
        attempt.quiz_version.quiz = quiz
        mine.append(attempt)
    return mine


def granted(enrolment: Enrolment, quiz: Quiz, *, by: Sequence[QuizVersion] = ()) -> timing.Granted:
    """What the extensions of this learner at this quiz come to.

    They are not read where none of the rules they would extend, `by`, has a limit.
    """
    if by and not any(each.attempts_allowed or each.closes_at or each.time_limit_minutes for each in by):
        return timing.NOTHING
    return timing.granted(timing.Granted(*row) for row in _EXTENSIONS(enrolment=enrolment.pk, unit=quiz.unit_id))
