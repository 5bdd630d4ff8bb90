"""Whose answers count in the item analysis: every learner once, with what they said first.

Later attempts, taken after the key was shown, would make every item look easier than it is and every quiz more alike.
Attempts without one answer say nothing of a question and make all of them look alike; those of staff and managers are
made by people who know the key. Neither counts, and `left_out` says how many there are.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Enrolment
from quizzes.asking import release
from quizzes.models import Attempt, AttemptItem, ItemScore, QuestionVersion, QuizVersion, Response

_LEARNER = "run__attempt__enrolment__user"
#: Lesson of the questions that belong to none.
NO_LESSON = 0


@dataclass(frozen=True)
class Scope:
    """Which items, and whose answers: ids, None for all; `lesson` NO_LESSON for questions without one. `past` brings in
    versions that are asked no more."""

    lesson: int | None = None
    quiz: int | None = None
    quiz_version: int | None = None
    cohort: int | None = None
    past: bool = False


def within(scope: Scope) -> Q:
    """The scope as a condition on scores."""
    wanted = Q()
    if scope.quiz is not None:
        wanted &= Q(run__attempt__quiz=scope.quiz)
    if scope.quiz_version is not None:
        wanted &= Q(run__attempt__quiz_version=scope.quiz_version)
    if scope.cohort is not None:
        wanted &= Q(run__attempt__enrolment__cohort=scope.cohort)
    return wanted


def answered(attempt: str) -> Exists:
    """Whether an attempt holds one answer at least; `attempt` is the path to it."""
    return Exists(Response.objects.filter(item__attempt=OuterRef(attempt), answer__isnull=False))


def learning(enrolment: str) -> Q:
    """Whether an enrolment, by the path to it, is that of a learner."""
    return ~Q(**{f"{enrolment}__in": Enrolment.objects.looking_on().order_by().values("pk")})


def takes_a_turn(attempt: str = "") -> Q:
    """Whether an attempt, by the path to it ("run__attempt__"), is one of those of which a learner's first counts.

    One without an answer is as if it had not been, unless it showed its learner the key: what came after is no first
    answer then.
    """
    feedback_always = Q(**{f"{attempt}quiz_version__feedback__in": release.ALWAYS})
    return learning(f"{attempt}enrolment") & (Q(answered(f"{attempt}pk")) | feedback_always)


def graded_scores() -> QuerySet[ItemScore]:
    """The scores in force of every graded attempt: what is open, waits for a reader or was voided counts nowhere."""
    return ItemScore.objects.in_force().filter(run__attempt__state=Attempt.State.GRADED)


def first_answers(questions: Any = None) -> QuerySet[ItemScore]:
    """Of every learner the score of their first answer to each question, or to each of `questions`."""
    scores = graded_scores().filter(takes_a_turn("run__attempt__"))
    if questions is not None:
        scores = scores.filter(item__question_version__question__in=questions)
    turn = Window(
        RowNumber(),
        partition_by=[F(_LEARNER), F("item__question_version__question")],
        order_by=[F("run__attempt__started_at").asc(), F("pk").asc()],
    )
    first = scores.annotate(turn=turn).filter(turn=1).values("pk")
    return ItemScore.objects.filter(answered("run__attempt"), pk__in=first, worth__gt=0)


def first_attempts(version: QuizVersion) -> QuerySet[Attempt]:
    """Of every learner the first graded attempt at the quiz, where it was one at this version."""
    turn = Window(
        RowNumber(),
        partition_by=[F("enrolment__user")],
        order_by=[F("started_at").asc(), F("pk").asc()],
    )
    mine = Attempt.objects.graded().filter(takes_a_turn(), quiz=version.quiz_id)
    first = mine.annotate(turn=turn).filter(turn=1).values("pk")
    return Attempt.objects.filter(answered("pk"), pk__in=first, quiz_version=version)


@dataclass(frozen=True)
class LeftOut:
    """Graded attempts that count nowhere: those of learners without one answer, and those of staff and managers."""

    empty: int
    onlookers: int

    def __bool__(self) -> bool:
        return bool(self.empty or self.onlookers)

    def __str__(self) -> str:
        """One sentence, "" when nothing was left out."""
        parts = [
            ngettext("%(count)s attempt without one answer", "%(count)s attempts without one answer", self.empty)
            % {"count": self.empty},
            ngettext("%(count)s of staff or managers", "%(count)s of staff or managers", self.onlookers)
            % {"count": self.onlookers},
        ]
        sentences = [part for part, count in zip(parts, (self.empty, self.onlookers), strict=True) if count]
        return _("Left out: %(what)s.") % {"what": _(" and ").join(sentences)} if sentences else ""


def left_out(scope: Scope, *, version: QuestionVersion | None = None) -> LeftOut:
    """What was left out of the items in scope, or of one of them; one query."""
    attempts = Attempt.objects.graded()
    if scope.quiz is not None:
        attempts = attempts.filter(quiz=scope.quiz)
    if scope.quiz_version is not None:
        attempts = attempts.filter(quiz_version=scope.quiz_version)
    if scope.cohort is not None:
        attempts = attempts.filter(enrolment__cohort=scope.cohort)
    items = AttemptItem.objects.filter(attempt=OuterRef("pk"))
    if version:
        attempts = attempts.filter(Exists(items.filter(question_version=version)))
    elif scope.lesson is not None:
        attempts = attempts.filter(Exists(items.filter(question_version__question__lesson=scope.lesson or None)))
    looking = ~learning("enrolment")
    counted = attempts.annotate(is_answered=answered("pk")).aggregate(
        empty=Count("pk", filter=~looking & Q(is_answered=False)), onlookers=Count("pk", filter=looking)
    )
    return LeftOut(**counted)
