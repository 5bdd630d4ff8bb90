"""Attempts that are open while their quiz, or the course around it, is changed: who is inside, and until when.

Nothing takes a question, a rule or a minute from an open attempt. But what is published meanwhile is not for it either:
a window that was moved to a later end still closes it at the old one, unless it is extended.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from accounts.models import User
from cohorts.models import Extension
from lessons.models import Course, Unit
from quizzes.attempts import granting, timing
from quizzes.models import Attempt, QuizVersion

Window = QuizVersion.Window


class Running(NamedTuple):
    """An open attempt, and the extension that gives it the later end of a new window: `closes_at` of the extension, and
    `end`, when it is over then. None where the window does not move its end."""

    attempt: Attempt
    closes_at: datetime | None = None
    end: datetime | None = None


def inside(of: Course | Unit, *, at: datetime) -> QuerySet[Attempt]:
    """The open attempts in a course or at the quiz that a unit is, those that end first before the others."""
    within = {"quiz__unit__lesson__course": of} if isinstance(of, Course) else {"quiz__unit": of}
    attempts = Attempt.objects.taking_answers(at=at).filter(**within).with_title()
    related = attempts.select_related("enrolment__user", "enrolment__cohort", "quiz__unit__lesson", "quiz_version")
    return related.order_by("deadline_at", "pk")


def while_publishing(version: QuizVersion, *, at: datetime) -> list[Running]:
    """The open attempts at the quiz of a draft, with what its window would give them; two queries."""
    extensions: dict[int, list[Extension]] = defaultdict(list)
    for each in Extension.objects.filter(unit=version.quiz.unit_id):
        extensions[each.enrolment_id].append(each)
    return [
        _running(attempt, version, timing.granted(extensions[attempt.enrolment_id]))
        for attempt in inside(version.quiz.unit, at=at)
    ]


def _running(attempt: Attempt, version: QuizVersion, extra: timing.Granted) -> Running:
    rules = attempt.quiz_version
    if rules.window != Window.EVERYTHING or rules.closes_at is None or attempt.deadline_at is None:
        return Running(attempt)
    moved = _end_of_window(attempt, version, extra)
    if moved is None or moved <= attempt.deadline_at:
        return Running(attempt)
    then = timing.plus(extra, closes_at=moved)
    end = timing.deadline(rules, started_at=attempt.started_at, time_factor=attempt.time_factor, extra=then).deadline_at
    return Running(attempt, moved, end) if end and end > attempt.deadline_at else Running(attempt)


def _end_of_window(attempt: Attempt, version: QuizVersion, extra: timing.Granted) -> datetime | None:
    """Until when the new window leaves an attempt open: where it does not close it at all, until its own time is over.

    None for an attempt without a time limit of its own: it would have no end then, and no extension says that.
    """
    if version.window == Window.EVERYTHING and version.closes_at:
        return version.closes_at
    rules, started_at = attempt.quiz_version, attempt.started_at
    return timing.end_of_limit(rules, started_at=started_at, time_factor=attempt.time_factor, extra=extra)


def extend(attempts: Iterable[Running], *, by: User, reason: str, at: datetime) -> int:
    """Grant the extensions, each told to its learner by mail; how many there were.

    The caller holds the transaction. Raises `granting.GrantedMeanwhile`.
    """
    moved = [each for each in attempts if each.closes_at]
    for each in moved:
        known = granting.count(each.attempt.enrolment, each.attempt)
        granting.extend(attempt=each.attempt, by=by, reason=reason, at=at, known=known, closes_at=each.closes_at)
    return len(moved)
