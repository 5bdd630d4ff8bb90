"""Correcting how a question is scored, for everybody who was asked it: decide, apply, tell.

A regrade is a row that stays (`models.Regrade`, rules in `questions.corrections`). Applying it grades every attempt
again that has not heard of it yet; which ones those are is read from their newest grading run, so applying can stop
anywhere and go on later, and nobody is graded twice. Attempts that are sent later hear of it when they are closed.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from cohorts.models import Enrolment
from lessons.models import Course
from quizzes import attempts
from quizzes.models import Attempt, GradingRun, QuestionVersion, Regrade
from quizzes.regrading import difference, letters
from quizzes.regrading.refusals import RegradeRefused

logger = logging.getLogger(__name__)

#: Learners who are graded again in one request.
LEARNERS = 100
#: Longer than closing an attempt can take.
SLIPPING = timedelta(days=1)


# ---- Decide ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def decide(
    *, version: QuestionVersion, policy: str, details: Mapping[str, Any], reason: str, by: User, at: datetime
) -> Regrade:
    """Write the regrade down; from now on it counts for every grading. Raises RegradeRefused.

    Saying the same twice is saying it once: a regrade that repeats the newest one of its question is that one. Who says
    it after somebody else, or for another reason, is told so: a regrade has one author and one reason.
    """
    difference.preview(version, policy, details)
    if not reason.strip():
        raise RegradeRefused(_("Say why. Learners read it once they may see the key."))
    # Decisions take turns, those about other questions too: a grading remembers the id of the newest regrade that it
    # knew of, and one with a smaller id that is committed later would never reach it.
    Course.objects.select_for_update(no_key=True).values_list("pk").get(pk=version.question.course_id)
    difference.check_not_dropped(version, policy)
    newest = Regrade.objects.filter(question_version=version).order_by("-pk").first()
    if newest and (newest.policy, newest.details) == (policy, dict(details)):
        if (newest.decided_by_id, newest.reason) != (by.pk, reason.strip()):
            raise RegradeRefused(_decided_before(newest))
        return newest
    made = Regrade.objects.create(
        question_version=version,
        policy=policy,
        details=dict(details),
        reason=reason.strip(),
        decided_by=by,
        decided_at=at,
    )
    audit.record(actor=by, action="regraded", subject=version.question, at=at, regrade=made.pk, policy=policy)
    return made


def _decided_before(regrade: Regrade) -> str:
    sentence = _("%(person)s has decided the same already, on %(time)s: “%(reason)s” Nothing of this form was saved.")
    time = date_format(timezone.localtime(regrade.decided_at), "j F Y, H:i")
    return sentence % {"person": regrade.decided_by, "time": time, "reason": regrade.reason}


# ---- Apply -----------------------------------------------------------------------------------------------------------


def outstanding(regrade: Regrade) -> QuerySet[Attempt]:
    """Graded attempts that were asked the question and have not heard of the regrade."""
    return (
        Attempt.objects.graded()
        .filter(items__question_version=regrade.question_version_id)
        .annotate(heard=Max("runs__regrades_through"))
        .filter(heard__lt=regrade.pk)
    )


def apply(regrade: Regrade, *, at: datetime, learners: int = LEARNERS) -> int:
    """Grade again for up to `learners` people, each in a transaction of their own; how many are left.

    May be called again, at the same time and after a crash: who is done is not done twice. The regrade is applied when
    nobody is left.
    """
    waiting = outstanding(regrade).order_by("enrolment").values_list("enrolment", flat=True).distinct()
    for enrolment in list(waiting[:learners]):
        _apply_to(regrade, enrolment, at)
    left = waiting.count()
    if not left:
        Regrade.objects.filter(pk=regrade.pk, applied_at__isnull=True).update(applied_at=at)
        regrade.refresh_from_db(fields=["applied_at"])
    return left


@transaction.atomic
def _apply_to(regrade: Regrade, enrolment: int, at: datetime) -> None:
    """All attempts of one learner, and one mail if anything became different for them."""
    # Two who apply at once take turns, and the second one finds nothing left here.
    # NO KEY: who closes an attempt of theirs meanwhile adds rows that refer to this one, and must not wait for it while
    # this waits for them.
    held = Enrolment.objects.select_for_update(of=("self",), no_key=True)
    learner = held.select_related("user", "course").get(pk=enrolment)
    changes = []
    waiting = outstanding(regrade).filter(enrolment=learner).values_list("pk", flat=True)
    rows = Attempt.objects.select_related("enrolment__course", "quiz__unit__lesson", "quiz_version").with_title()
    for attempt in rows.filter(pk__in=list(waiting)).order_by("pk"):
        before = letters.result(attempt)
        attempts.grade_again(attempt=attempt, reason=GradingRun.Reason.REGRADED, at=at, by=regrade.decided_by)
        if letters.result(attempt) != before:
            changes.append(letters.Correction(attempt, before))
    if changes:
        letters.regraded(regrade, to=learner.user, changes=changes, at=at)


def apply_waiting(*, at: datetime) -> int:
    """Go on with every regrade that is not through, and with attempts that slipped past one that is; for the worker.

    How many learners are still left. One that fails is logged, and does not keep back the others.
    """
    # What slips past was being closed at the time, so nobody has to be asked about regrades of long ago again.
    recent = Regrade.objects.filter(Q(applied_at__isnull=True) | Q(applied_at__gte=at - SLIPPING))
    return sum(
        _apply_or_log(regrade, at)
        for regrade in recent.order_by("pk")
        if regrade.applied_at is None or outstanding(regrade).exists()
    )


def _apply_or_log(regrade: Regrade, at: datetime) -> int:
    try:
        return apply(regrade, at=at)
    except Exception:
        logger.exception("Regrade %s could not be applied to everybody; the next round goes on with it.", regrade.pk)
        return outstanding(regrade).count()
