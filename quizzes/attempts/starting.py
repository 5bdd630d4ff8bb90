"""Starting an attempt: may this learner now, and what are they asked."""

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import moments
from cohorts.models import Enrolment
from database.prepared import Prepared
from lessons.models import Unit, UnitVersion
from progress import recording
from progress.models import UnitState
from quizzes.asking import items
from quizzes.attempts import drawing, standing, timing
from quizzes.attempts.closing import settle
from quizzes.attempts.standing import granted
from quizzes.models import Attempt, AttemptItem, QuestionVersion, Quiz, QuizVersion, Response

#: The required checks of a course that its learner has not passed yet.
_TO_PASS = Prepared(
    lambda course, enrolment: (
        UnitVersion.objects.current()
        .filter(unit__lesson__course=course, unit__retired_at__isnull=True)
        .filter(unit__kind=Unit.Kind.QUIZ, required=True)
        .exclude(unit__in=UnitState.objects.filter(enrolment=enrolment, state=UnitState.State.DONE).values("unit"))
        .order_by()
        .values_list("unit")
    ),
    course=int,
    enrolment=int,
)


class AttemptRefused(Exception):
    """No attempt can be started now; the message says why and when, in words for the learner."""


def start(*, enrolment: Enrolment, quiz: Quiz, at: datetime, time_factor: Decimal | None = timing.NORMAL) -> Attempt:
    """The open attempt, or a new one with its questions drawn. Raises AttemptRefused.

    `time_factor` is what the learner chose, None for no limit; it counts where the quiz lets learners choose, and never
    gives less than their own factor.
    """
    for _try in range(2):
        try:
            with transaction.atomic():
                # Starts of one person take turns: on PostgreSQL two that insert, while one of them has just closed the
                # attempt before, would wait for each other. What keeps the count right is the constraints.
                Enrolment.objects.select_for_update(no_key=True).values_list("pk").get(pk=enrolment.pk)
                mine = standing.attempts(enrolment, quiz)
                return _open_attempt(mine, at) or _new_attempt(enrolment, quiz, mine, at, time_factor)
        except IntegrityError:
            # The same person was faster in another window: the constraint let one attempt through, and this one now
            # finds it. On PostgreSQL the INSERT has waited until the other one was committed.
            continue
    raise AttemptRefused(_("The check was started in another window. Open it again."))


def _open_attempt(mine: Sequence[Attempt], at: datetime) -> Attempt | None:
    """The one that is open, but for one whose time is over: it is closed."""
    attempt = next((each for each in mine if each.is_open), None)
    if attempt:
        settle(attempt=attempt, as_of=at)
    return attempt if attempt and attempt.is_open else None


def _new_attempt(
    enrolment: Enrolment, quiz: Quiz, mine: list[Attempt], at: datetime, time_factor: Decimal | None
) -> Attempt:
    found = standing.rules_of_unit(quiz.unit_id)
    if found is None:
        raise AttemptRefused(_("This check is not open yet."))
    version, _has_questions = found
    extra = granted(enrolment, quiz, by=[version])
    reason = refusal(version, mine, at=at, extra=extra, missing=missing_checks(version, enrolment))
    if reason:
        raise AttemptRefused(reason)
    rng = random.SystemRandom()
    questions = drawing.questions(version, enrolment, rng)
    if not questions:
        raise AttemptRefused(nothing_to_ask())
    choices = timing.factors(version, time_factor=enrolment.time_factor)
    factor = time_factor if time_factor in choices else enrolment.time_factor
    # The number follows from the attempts that were counted above: whoever was faster has taken it, and the constraint
    # refuses this one. (Asking for the last number again would let a fourth attempt through where three are allowed.)
    number = max((each.number for each in mine), default=0) + 1
    attempt = _insert(enrolment, version, questions, number, at, factor, extra)
    rows = AttemptItem.objects.bulk_create(
        items.item_of(question, attempt=attempt, position=position, rng=rng)
        for position, question in enumerate(questions, 1)
    )
    Response.objects.bulk_create(item.response for item in rows)
    recording.seen(enrolment=enrolment, at=at)
    return attempt


def missing_checks(version: QuizVersion, enrolment: Enrolment) -> int:
    """How many required checks have still to be passed before this quiz may be started, but for itself."""
    if not version.requires_checks:
        return 0
    rows = _TO_PASS(course=enrolment.course_id, enrolment=enrolment.pk)
    return sum(unit != version.quiz.unit_id for (unit,) in rows)


def refusal(
    version: QuizVersion,
    attempts: list[Attempt],
    *,
    at: datetime,
    extra: timing.Granted = timing.NOTHING,
    missing: int = 0,
) -> str:
    """Why this learner cannot start another attempt now, "" when they can. `attempts` are all those of the quiz."""
    counted = [attempt for attempt in attempts if attempt.counts]
    left = attempts_left(version, attempts, extra=extra)
    end = timing.window_end(version, extra)
    if version.opens_at and version.opens_at > at:
        return _("It opens on %(date)s, %(time)s.") % _day_and_time(version.opens_at, moments.begun)
    if end and end <= at:
        return _("It closed on %(date)s, %(time)s.") % _day_and_time(end)
    if missing:
        return ngettext("One check has to be passed first.", "%(count)d checks have to be passed first.", missing) % {
            "count": missing
        }
    if left == 0:
        return _("You have used all your attempts.")
    sent = [attempt.submitted_at for attempt in counted if attempt.submitted_at]
    again_at = max(sent) + timedelta(minutes=version.cool_down_minutes) if sent else at
    if version.cool_down_minutes and again_at > at:
        return _("You can try again from %(date)s, %(time)s.") % _day_and_time(again_at, moments.begun)
    return ""


def refused(enrolment: Enrolment, unit: int, *, to_pass: Iterable[int], at: datetime) -> str:
    """Why this learner cannot start the quiz that a unit is now, by the rules in force; "" when they can.

    `to_pass` are the required checks (ids of units) that the learner has not passed. What no rule asks for is not read.
    """
    found = standing.rules_of_unit(unit)
    if found is None:
        return ""
    version, has_questions = found
    is_limited = version.attempts_allowed is not None
    mine = standing.attempts(enrolment, version.quiz) if is_limited or version.cool_down_minutes else []
    extra = granted(enrolment, version.quiz, by=[version])
    missing = sum(check != unit for check in to_pass) if version.requires_checks else 0
    reason = refusal(version, mine, at=at, extra=extra, missing=missing)
    return reason or ("" if has_questions else nothing_to_ask())


def nothing_to_ask() -> str:
    """Why nobody can start a quiz of which no question can be asked."""
    return _("There are no questions in it that can be asked at present, so it cannot be started.")


def attempts_left(
    version: QuizVersion, attempts: list[Attempt], *, extra: timing.Granted = timing.NOTHING
) -> int | None:
    """How many attempts may still be started, None for any number. Voided attempts were none."""
    if version.attempts_allowed is None:
        return None
    return max(version.attempts_allowed + extra.attempts - sum(attempt.counts for attempt in attempts), 0)


def _day_and_time(moment: datetime, words: Callable[[datetime, str], str] = moments.words) -> dict[str, str]:
    return {"date": words(moment, "j F"), "time": words(moment, "H:i")}


def _insert(
    enrolment: Enrolment,
    version: QuizVersion,
    questions: list[QuestionVersion],
    number: int,
    at: datetime,
    factor: Decimal | None,
    extra: timing.Granted,
) -> Attempt:
    end = timing.deadline(version, started_at=at, time_factor=factor, extra=extra)
    return Attempt.objects.create(
        enrolment=enrolment,
        quiz_id=version.quiz_id,
        quiz_version=version,
        number=number,
        language=enrolment.user.language,
        started_at=at,
        deadline_at=end.deadline_at,
        grace_seconds=version.grace_seconds,
        closes_at=end.closes_at,
        time_factor=factor,
        maximum=sum(question.points for question in questions),
    )
