"""Start, save, close: everything that changes an attempt.

What decides is in the database: a partial unique index allows one open attempt, a conditional UPDATE takes an answer
only while the attempt is open, and another one lets exactly one of those who close it grade it.
"""

import random
from collections import Counter
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from cohorts.models import Enrolment
from progress import recording
from progress.models import LearningEvent
from quizzes import answers, draw, grading
from quizzes.models import Attempt, AttemptItem, QuestionVersion, Quiz, QuizVersion, Response, ResponseLog

GRACE_SECONDS = 30


class AttemptRefused(Exception):
    """No attempt can be started now; the message says why and when, in words for the learner."""


class SaveRefused(Exception):
    """Nothing was written: the attempt is closed, or another window saved a newer answer.

    `response` is the server's copy (answer, revision, saved_at).
    """

    def __init__(self, reason: str, response: Response):
        super().__init__(reason)
        self.response = response


class AttemptClosed(SaveRefused):
    """The attempt takes no more answers."""


class AnswerStale(SaveRefused):
    """The answer was changed since this window read it."""


# ---- Start -----------------------------------------------------------------------------------------------------------


def start(*, enrolment: Enrolment, quiz: Quiz, at: datetime) -> Attempt:
    """The open attempt, or a new one with its questions drawn. Raises AttemptRefused."""
    for _try in range(2):
        try:
            with transaction.atomic():
                return _open_attempt(enrolment, quiz, at) or _new_attempt(enrolment, quiz, at)
        except IntegrityError:
            # The same person was faster in another window: the constraint let one attempt through, and this one now
            # finds it. On PostgreSQL the INSERT has waited until the other one was committed.
            continue
    raise AttemptRefused(_("The check was started in another window. Open it again."))


def _open_attempt(enrolment: Enrolment, quiz: Quiz, at: datetime) -> Attempt | None:
    attempt = Attempt.objects.of(enrolment).filter(quiz=quiz).open().first()
    if attempt:
        settle(attempt=attempt, as_of=at)
    return attempt if attempt and attempt.is_open else None


def _new_attempt(enrolment: Enrolment, quiz: Quiz, at: datetime) -> Attempt:
    version = quiz.versions.current().first()
    if version is None:
        raise AttemptRefused(_("This check is not open yet."))
    reason = refusal(version, list(Attempt.objects.of(enrolment).filter(quiz=quiz)), at=at)
    if reason:
        raise AttemptRefused(reason)
    rng = random.SystemRandom()
    questions = _drawn(version, enrolment, rng)
    if not questions:
        raise AttemptRefused(_("This check has no questions yet."))
    attempt = _insert(enrolment, version, questions, at)
    items = AttemptItem.objects.bulk_create(
        AttemptItem(
            attempt=attempt,
            position=position,
            question_version=question,
            choice_order=draw.order(question.type, question.body, rng=rng),
            parameters=draw.parameters(question.body, rng=rng),
            points=question.points,
        )
        for position, question in enumerate(questions, 1)
    )
    Response.objects.bulk_create(Response(item=item) for item in items)
    return attempt


def refusal(version: QuizVersion, attempts: list[Attempt], *, at: datetime) -> str:
    """Why this learner cannot start another attempt now, "" when they can. `attempts` are all those of the quiz."""
    counted = [attempt for attempt in attempts if attempt.counts]
    if version.attempts_allowed is not None and len(counted) >= version.attempts_allowed:
        return _("You have used all your attempts at this check.")
    sent = [attempt.submitted_at for attempt in counted if attempt.submitted_at]
    opens_at = max(sent) + timedelta(minutes=version.cool_down_minutes) if sent else at
    if version.cool_down_minutes and opens_at > at:
        when = timezone.localtime(opens_at)
        return _("You can try again from %(date)s, %(time)s.") % {
            "date": formats.date_format(when, "j F"),
            "time": formats.date_format(when, "H:i"),
        }
    return ""


def _drawn(version: QuizVersion, enrolment: Enrolment, rng: random.Random) -> list[QuestionVersion]:
    """The drawn questions, each in its current version; retired and unpublished ones are not in the pools."""
    slots = list(version.slots.prefetch_related("members"))
    current = {
        question.question_id: question
        for question in QuestionVersion.objects.current().filter(
            question__memberships__slot__quiz_version=version, question__retired_at__isnull=True
        )
    }
    pools = [
        draw.Pool([member.question_id for member in slot.members.all() if member.question_id in current], slot.pick)
        for slot in slots
    ]
    had = Counter(
        AttemptItem.objects.of(enrolment)
        .filter(attempt__quiz=version.quiz_id)
        .values_list("question_version__question", flat=True)
    )
    return [current[question] for question in draw.questions(pools, had=had, rng=rng)]


def _insert(enrolment: Enrolment, version: QuizVersion, questions: list[QuestionVersion], at: datetime) -> Attempt:
    last = Attempt.objects.of(enrolment).filter(quiz=version.quiz_id).aggregate(last=Max("number"))["last"] or 0
    minutes = version.minutes_allowed(enrolment.time_factor)
    deadline = None if minutes is None else at + timedelta(minutes=float(minutes))
    return Attempt.objects.create(
        enrolment=enrolment,
        quiz_id=version.quiz_id,
        quiz_version=version,
        number=last + 1,
        language=enrolment.user.language,
        started_at=at,
        deadline_at=deadline,
        grace_seconds=GRACE_SECONDS,
        closes_at=deadline and deadline + timedelta(seconds=GRACE_SECONDS),
        maximum=sum(question.points for question in questions),
    )


# ---- Save ------------------------------------------------------------------------------------------------------------


def save(
    *, item: AttemptItem, answer: answers.Answer, revision: int, at: datetime, flagged: bool | None = None
) -> Response:
    """Store an answer that was given to the item as of `revision`; None clears it. Returns the response as stored.

    `item` comes with its attempt, response and question version. Saving what is stored already writes nothing, so an
    answer whose acknowledgement was lost on the way may be sent again. Raises AnswerRefused for an answer that does not
    fit the question, AttemptClosed or AnswerStale with the server's copy; then nothing was written.
    """
    version, attempt = item.question_version, item.attempt
    if not attempt.takes_answers(at=at):
        raise AttemptClosed(closed_reason(), item.response)
    fitting = answers.check(version.type, version.body, answer, language=attempt.language)
    if _is_stored(item.response, fitting, flagged):
        return item.response
    with transaction.atomic():
        if _write(item, fitting, revision, flagged, at):
            ResponseLog.objects.create(response=item.response, revision=revision + 1, answer=fitting, saved_at=at)
            return item.response
    stored = Response.objects.select_related("item__attempt").get(item=item)
    if not stored.item.attempt.takes_answers(at=at):
        raise AttemptClosed(closed_reason(), stored)
    if _is_stored(stored, fitting, flagged):
        return stored
    raise AnswerStale(_("A newer answer to this question was saved in another window."), stored)


def _write(item: AttemptItem, answer: answers.Answer, revision: int, flagged: bool | None, at: datetime) -> bool:
    """One conditional statement: it writes when the revision is the one that was read and the attempt takes answers.

    SQLite has one writer at a time (BEGIN IMMEDIATE), so the condition cannot change under it. PostgreSQL would let a
    close commit between the statement's snapshot and its write; therefore the EXISTS locks the attempt row. A close
    that came first makes it wait and then find the attempt closed; a close that comes later waits for this commit and
    grades this answer. FOR NO KEY UPDATE, because the foreign keys of new rows may go on referring to the attempt.
    """
    open_attempt = Attempt.objects.taking_answers(at=at).filter(pk=item.attempt_id).select_for_update(no_key=True)
    changes = {"answer": answer, "revision": revision + 1, "saved_at": at}
    if flagged is not None:
        changes["flagged"] = flagged
    if not Response.objects.filter(Exists(open_attempt), item=item, revision=revision).update(**changes):
        return False
    for field, value in changes.items():
        setattr(item.response, field, value)
    return True


def closed_reason() -> str:
    """Why an answer comes too late."""
    return _("This attempt is closed, so this answer was not saved.")


def _is_stored(response: Response, answer: answers.Answer, flagged: bool | None) -> bool:
    return response.answer == answer and (flagged is None or response.flagged == flagged)


# ---- Close -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def close(*, attempt: Attempt, as_of: datetime, by: Attempt.ClosedBy) -> Attempt:
    """Close an attempt and grade it; closing twice is closing once, whoever comes second finds it graded.

    An attempt whose deadline is over counts as closed at its deadline, whenever that is noticed.
    """
    at = as_of
    if attempt.closes_at and attempt.closes_at < as_of:
        at, by = attempt.closes_at, Attempt.ClosedBy.DEADLINE
    closed = Attempt.objects.open().filter(pk=attempt.pk).update(state=Attempt.State.SUBMITTED, closed_by=by)
    if closed:
        # The attempt row is held from here on. An answer may have been taken while this waited for it, later than the
        # clock was read: then closing is as late as that answer.
        at = max(at, attempt.items.aggregate(last=Max("response__saved_at"))["last"] or at)
        run = grading.run(attempt, at=at)
        Attempt.objects.filter(pk=attempt.pk).update(
            state=Attempt.State.GRADED, submitted_at=at, score=attempt.score, passed=attempt.passed
        )
        _tell(attempt, run.number, at)
    attempt.refresh_from_db(fields=["state", "submitted_at", "closed_by", "score", "passed"])
    return attempt


def _tell(attempt: Attempt, run: int, at: datetime) -> None:
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
            "percent": str(attempt.percent),
            "passed": attempt.passed,
            "keep": attempt.quiz_version.keep,
        },
    )


def settle(*, attempt: Attempt, as_of: datetime) -> Attempt:
    """Close an attempt that was left open past its deadline; the reader of an attempt calls this first."""
    if attempt.is_open and not attempt.takes_answers(at=as_of):
        return close(attempt=attempt, as_of=as_of, by=Attempt.ClosedBy.DEADLINE)
    return attempt


def close_overdue(*, as_of: datetime) -> int:
    """Close all attempts whose deadline and grace are over, each in a transaction of its own; how many there were."""
    overdue = Attempt.objects.overdue(as_of=as_of).select_related("enrolment__course", "quiz__unit", "quiz_version")
    attempts = list(overdue.order_by("closes_at"))
    for attempt in attempts:
        close(attempt=attempt, as_of=as_of, by=Attempt.ClosedBy.DEADLINE)
    return len(attempts)
