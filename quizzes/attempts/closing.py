"""Closing an attempt and grading it, once; and grading it again."""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from database.prepared import Prepared
from progress import recording
from progress.models import LearningEvent
from quizzes.grading import runs
from quizzes.models import Attempt, GradingRun, Response
from quizzes.practice import entering

logger = logging.getLogger(__name__)

RESULT = ["score", "maximum", "percent", "passed", "pass_kept"]
STORED = ["state", "deadline_at", "closes_at", "submitted_at", "closed_by", *RESULT]

_SAVED = Prepared(
    lambda attempt: (
        Response.objects.filter(item__attempt=attempt, saved_at__isnull=False).order_by().values_list("saved_at")
    ),
    attempt=int,
)
_ATTEMPT = Prepared(lambda attempt: Attempt.objects.filter(pk=attempt).order_by().values_list(*STORED), attempt=int)


@transaction.atomic
def close(*, attempt: Attempt, as_of: datetime, by: Attempt.ClosedBy) -> Attempt:
    """Close an attempt and grade it; closing twice is closing once, whoever comes second finds it graded.

    An attempt that ends by its deadline counts as sent at the deadline, whenever that is noticed: the grace is for
    answers on their way and makes no cool-down longer. It stays open when an extension was granted since its deadline
    was read.
    """
    at, running = as_of, Attempt.objects.open().filter(pk=attempt.pk)
    if attempt.closes_at and attempt.closes_at < as_of:
        by = Attempt.ClosedBy.DEADLINE
    if attempt.deadline_at and by == Attempt.ClosedBy.DEADLINE:
        at = min(as_of, attempt.deadline_at)
        running = running.filter(closes_at=attempt.closes_at)
    if running.update(state=Attempt.State.SUBMITTED, closed_by=by):
        # The attempt row is held from here on. An answer may have been taken in the grace, or while this waited for
        # the row, later than the clock was read: then closing is as late as that answer.
        last = max((saved_at for (saved_at,) in _SAVED(attempt=attempt.pk)), default=None)
        at = max(at, last or at)
        seen_at = at if by == Attempt.ClosedBy.LEARNER else last or attempt.started_at
        try:
            run = runs.run(attempt, at=at)
        except runs.NotYet:
            Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.AWAITING_REVIEW, submitted_at=at)
            recording.seen(enrolment=attempt.enrolment, at=seen_at)
        else:
            _write_result(attempt, run, seen_at=seen_at, submitted_at=at)
    for name, value in zip(STORED, _ATTEMPT(attempt=attempt.pk)[0], strict=True):
        setattr(attempt, name, value)
    return attempt


def _write_result(attempt: Attempt, run: GradingRun, *, seen_at: datetime | None = None, **changes) -> None:
    """The result that a run left on the object becomes that of the attempt, and progress and practice hear of it.

    `seen_at` is when its learner was last at it; None where only its grading changed.
    """
    changes |= {name: getattr(attempt, name) for name in RESULT}
    Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.GRADED, **changes)
    _tell(attempt, run.number, run.at, seen_at=seen_at)
    entering.enter(attempt, at=run.at)


@transaction.atomic
def grade_again(
    *,
    attempt: Attempt,
    reason: GradingRun.Reason,
    at: datetime,
    by: User | None = None,
    readings: Mapping[int, runs.Reading] | None = None,
) -> Attempt:
    """A new grading run of an attempt that was closed: after a regrade, or with what a reader gave its long texts.

    `attempt` comes with its enrolment, quiz, unit and rules. Raises `grading.NotYet` while answers wait for a reader,
    and ValueError for an attempt that is open or voided; then nothing was written.
    """
    held = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
    if held.state not in (Attempt.State.GRADED, Attempt.State.AWAITING_REVIEW):
        raise ValueError(f"an attempt that is {held.get_state_display()} is not graded again")
    for name in ("state", "submitted_at", "closed_by", *RESULT):
        setattr(attempt, name, getattr(held, name))
    run = runs.run(attempt, at=at, reason=reason, by=by, readings=readings)
    _write_result(attempt, run)
    attempt.state = Attempt.State.GRADED
    return attempt


def _tell(attempt: Attempt, run: int, at: datetime, *, seen_at: datetime | None) -> None:
    recording.record(
        enrolment=attempt.enrolment,
        unit=attempt.quiz.unit,
        kind=LearningEvent.Kind.QUIZ_GRADED,
        at=at,
        key=f"attempt:{attempt.uuid}:{run}",
        payload={
            "attempt": str(attempt.uuid),
            "number": attempt.number,
            "run": run,
            # None when every question was dropped: nothing could be had.
            "percent": str(attempt.percent) if attempt.maximum else None,
            "passed": attempt.passed,
            "keep": attempt.quiz_version.keep,
        },
        seen_at=seen_at,
    )


def settle(*, attempt: Attempt, as_of: datetime) -> Attempt:
    """Close an attempt that was left open past its deadline; the reader of an attempt calls this first."""
    if attempt.is_open and not attempt.takes_answers(at=as_of):
        return close(attempt=attempt, as_of=as_of, by=Attempt.ClosedBy.DEADLINE)
    return attempt


def close_overdue(*, as_of: datetime) -> int:
    """Close all attempts whose deadline and grace are over, each in a transaction of its own; how many were closed.

    One that cannot be graded is logged and stays open; it does not keep back the others.
    """
    overdue = Attempt.objects.overdue(as_of=as_of).select_related("enrolment__course", "quiz__unit", "quiz_version")
    closed = 0
    for attempt in list(overdue.order_by("closes_at")):
        try:
            closed += not close(attempt=attempt, as_of=as_of, by=Attempt.ClosedBy.DEADLINE).is_open
        except Exception:
            logger.exception("Attempt %s could not be closed; the next round tries again.", attempt.uuid)
    return closed
