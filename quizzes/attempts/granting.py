"""What staff do for one learner at one quiz: extend, void. Written down and told, in one transaction."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.models import User
from cohorts.models import Enrolment, Extension
from lessons.models import UnitVersion
from notifications import letters
from quizzes import attempts
from quizzes.attempts import timing
from quizzes.models import Attempt, QuizVersion


class GrantedMeanwhile(Exception):
    """Somebody, or the same form sent twice, granted an extension since the effect was shown."""


class Effect(NamedTuple):
    """What an extension changes, each as (now, then); None: no end, or any number.

    `end` is that of the running attempt, None without one. `window` is the end of the window, `left` the attempts
    that may still be started.
    """

    end: tuple[datetime | None, datetime | None] | None
    window: tuple[datetime | None, datetime | None]
    left: tuple[int | None, int | None]


def rules(attempt: Attempt) -> QuizVersion:
    """The rules that an extension works on: those of the attempt while it runs, then those in force."""
    if attempt.is_open:
        return attempt.quiz_version
    return QuizVersion.objects.current().filter(quiz=attempt.quiz_id).first() or attempt.quiz_version


def count(enrolment: Enrolment, attempt: Attempt) -> int:
    """How many extensions the learner has at the quiz of an attempt."""
    return Extension.objects.filter(enrolment=enrolment, unit=attempt.quiz.unit_id).count()


def effect(attempt: Attempt, *, minutes: int = 0, more_attempts: int = 0, closes_at: datetime | None = None) -> Effect:
    """What an extension would change. `attempt` comes with its rules; it may be closed."""
    version, enrolment = rules(attempt), attempt.enrolment
    extra = attempts.granted(enrolment, attempt.quiz)
    then = timing.plus(extra, minutes=minutes, attempts=more_attempts, closes_at=closes_at)
    mine = list(Attempt.objects.of(enrolment).filter(quiz=attempt.quiz_id))
    end = None
    if attempt.is_open:
        changed = timing.deadline(version, started_at=attempt.started_at, time_factor=attempt.time_factor, extra=then)
        end = (attempt.deadline_at, changed.deadline_at)
    return Effect(
        end,
        (timing.window_end(version, extra), timing.window_end(version, then)),
        (attempts.attempts_left(version, mine, extra=extra), attempts.attempts_left(version, mine, extra=then)),
    )


@transaction.atomic
def extend(
    *,
    attempt: Attempt,
    by: User,
    reason: str,
    at: datetime,
    known: int,
    minutes: int = 0,
    more_attempts: int = 0,
    closes_at: datetime | None = None,
) -> Extension:
    """Grant an extension at the quiz of an attempt, write it into the audit log and tell the learner.

    `known` is how many extensions there were when the effect was shown. Raises GrantedMeanwhile, and then nothing was
    written.
    """
    # NO KEY: who closes an attempt of this learner meanwhile adds rows that refer to this one, and must not wait for it
    # while this waits for them.
    held = Enrolment.objects.select_for_update(of=("self",), no_key=True)
    enrolment = held.select_related("user").get(pk=attempt.enrolment_id)
    if count(enrolment, attempt) != known:
        raise GrantedMeanwhile(_("An extension was granted in the meantime. Look at the effect again."))
    extension = attempts.extend(
        enrolment=enrolment,
        quiz=attempt.quiz,
        by=by,
        reason=reason,
        at=at,
        minutes=minutes,
        attempts=more_attempts,
        closes_at=closes_at,
    )
    attempt.refresh_from_db(fields=["state", "deadline_at", "closes_at"])
    audit.record(
        actor=by,
        action="granted an extension",
        subject=f"{enrolment}: {attempt.quiz}",
        at=at,
        minutes=minutes,
        attempts=more_attempts,
        closes_at=closes_at and closes_at.isoformat(),
        reason=reason,
        extension=extension.pk,
    )
    _tell("extension", attempt, enrolment.user, key=f"extension:{extension.pk}", at=at, extension=extension)
    return extension


@transaction.atomic
def void(*, attempt: Attempt, by: User, reason: str, at: datetime) -> Attempt:
    """Void an open attempt, write it into the audit log and tell the learner. Raises attempts.NothingToChange."""
    attempts.void(attempt=attempt, by=by, reason=reason, at=at)
    audit.record(
        actor=by,
        action="voided an attempt",
        subject=f"{attempt.enrolment}: {attempt.quiz}, {attempt}",
        at=at,
        attempt=str(attempt.uuid),
        reason=reason,
    )
    _tell("voided", attempt, attempt.enrolment.user, key=f"void:{attempt.uuid}", at=at)
    return attempt


SUBJECTS = {
    "extension": gettext_lazy("An extension for you: %(title)s"),
    "voided": gettext_lazy("An attempt was voided: %(title)s"),
}


def _tell(letter: str, attempt: Attempt, user: User, *, key: str, at: datetime, **context: Any) -> None:
    """One mail, with the check as it is called today."""
    title = UnitVersion.objects.current().filter(unit=attempt.quiz.unit_id).values_list("title", flat=True).first()
    letters.send(
        to=user,
        subject=SUBJECTS[letter],
        template=f"quizzes/emails/{letter}.txt",
        dedupe_key=key,
        at=at,
        attempt=attempt,
        title=title or "",
        **context,
    )
