"""What staff may change about an attempt: give it more time, or take it out of the count."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from cohorts.models import Enrolment, Extension
from quizzes.attempts import timing
from quizzes.attempts.closing import settle
from quizzes.attempts.starting import granted
from quizzes.models import Attempt, Quiz


class NothingToChange(Exception):
    """The attempt is not open any more; the message says so, in words for staff."""


@transaction.atomic
def extend(
    *,
    enrolment: Enrolment,
    quiz: Quiz,
    by: User,
    reason: str,
    at: datetime,
    minutes: int = 0,
    attempts: int = 0,
    closes_at: datetime | None = None,
) -> Extension:
    """Grant one learner more time, attempts or a later end at one quiz; a running attempt has it at once.

    An attempt whose time was over before is closed first: what is over stays over.
    """
    extension = Extension.objects.create(
        enrolment=enrolment,
        unit_id=quiz.unit_id,
        minutes=minutes,
        attempts=attempts,
        closes_at=closes_at,
        reason=reason,
        granted_by=by,
        granted_at=at,
    )
    running = (
        Attempt.objects.of(enrolment)
        .filter(quiz=quiz)
        .open()
        .select_for_update(of=("self",))
        .select_related("quiz_version", "quiz__unit", "enrolment__course")
        .first()
    )
    if running and settle(attempt=running, as_of=at).is_open:
        end = timing.deadline(
            running.quiz_version,
            started_at=running.started_at,
            time_factor=running.time_factor,
            extra=granted(enrolment, quiz),
        )
        Attempt.objects.open().filter(pk=running.pk).update(deadline_at=end.deadline_at, closes_at=end.closes_at)
    return extension


@transaction.atomic
def void(*, attempt: Attempt, by: User, reason: str, at: datetime) -> Attempt:
    """Take an open attempt out of the count, with everything in it kept; the learner may start another.

    Raises NothingToChange for an attempt that was closed: results are corrected by regrading, not by voiding.
    """
    changed = (
        Attempt.objects.open()
        .filter(pk=attempt.pk)
        .update(
            state=Attempt.State.VOIDED,
            closed_by=Attempt.ClosedBy.STAFF,
            voided_at=at,
            voided_by=by,
            void_reason=reason,
        )
    )
    if not changed:
        raise NothingToChange(_("This attempt is closed already, so it cannot be voided."))
    # The row is held from here on: an answer that was taken while this waited for it came before.
    last = attempt.items.aggregate(last=Max("response__saved_at"))["last"]
    if last and last > at:
        Attempt.objects.filter(pk=attempt.pk).update(voided_at=last)
    attempt.refresh_from_db(fields=["state", "closed_by", "voided_at", "voided_by", "void_reason"])
    return attempt
