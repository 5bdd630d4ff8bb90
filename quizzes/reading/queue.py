"""Long texts and who reads them: which attempts wait, what there is to read in one, and what the reading leads to."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import User
from notifications import letters
from quizzes import attempts
from quizzes.grading import runs
from quizzes.models import Attempt, AttemptItem, GradingRun
from quizzes.questions.types import READ


class AlreadyRead(Exception):
    """The attempt does not wait any more: somebody else was faster. Nothing was written."""


def waiting() -> QuerySet[Attempt]:
    """Attempts that wait for a reader, the longest waiting first, each with `.title` and `.texts`, how many to read."""
    answered = Q(items__question_version__type__in=READ, items__response__answer__isnull=False)
    return (
        Attempt.objects.filter(state=Attempt.State.AWAITING_REVIEW)
        .with_title()
        .annotate(texts=Count("items", filter=answered))
        .select_related("enrolment__cohort", "enrolment__course", "enrolment__user", "quiz__unit__lesson")
        .select_related("quiz_version")
        .order_by("submitted_at", "pk")
    )


def to_read(attempt: Attempt) -> list[AttemptItem]:
    """The items whose texts wait for a reader, in their order; a regrade may have left none."""
    try:
        runs.scored(attempt)
    except runs.NotYet as waits:
        for item in waits.items:
            item.attempt = attempt
        return waits.items
    return []


def texts_of(uuid: UUID) -> QuerySet[AttemptItem]:
    """The items of an attempt that readers read, in their order, whether or not any waits."""
    items = AttemptItem.objects.filter(attempt__uuid=uuid, question_version__type__in=READ)
    return items.select_related("question_version").order_by("position")


@transaction.atomic
def give(*, attempt: Attempt, readings: Mapping[int, runs.Reading], by: User, at: datetime) -> Attempt:
    """Grade a waiting attempt by what its reader gave, by item id, and tell the learner by mail.

    `attempt` comes from `waiting`. Raises AlreadyRead when somebody was faster, and `grading.NotYet` when a text has no
    reading; then nothing was written.
    """
    # Whoever comes second waits here for the first one's commit (SQLite: at the start of the transaction) and then
    # finds no row that still waits.
    if not Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.AWAITING_REVIEW).update(
        state=Attempt.State.AWAITING_REVIEW
    ):
        raise AlreadyRead
    attempts.grade_again(attempt=attempt, reason=GradingRun.Reason.REVIEWED, at=at, by=by, readings=readings)
    _tell(attempt, at)
    return attempt


def _tell(attempt: Attempt, at: datetime) -> None:
    """One mail for each run; what came out stands on the page alone, where only the learner reads it."""
    run = attempt.runs.aggregate(last=Max("number"))["last"]
    letters.send(
        to=attempt.enrolment.user,
        subject=gettext_lazy("Your answers have been read: %(title)s"),
        template="quizzes/emails/read.txt",
        dedupe_key=f"attempt-read:{attempt.uuid}:{run}",
        at=at,
        attempt=attempt,
        title=attempt.title,
    )
