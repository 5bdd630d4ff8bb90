"""Start, save, close, extend, void, grade again: everything that changes an attempt.

What decides is in the database: a partial unique index allows one open attempt, a conditional UPDATE takes an answer
only while the attempt is open, and another one lets exactly one of those who close it grade it.
"""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from cohorts.models import Enrolment, Extension
from lessons.models import Unit, UnitVersion
from progress import recording
from progress.models import LearningEvent, UnitState
from quizzes import answers, draw, grading, practice, timing
from quizzes.models import (
    Attempt,
    AttemptItem,
    GradingRun,
    QuestionVersion,
    Quiz,
    QuizVersion,
    Response,
)


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


class AnswerChecked(SaveRefused):
    """The learner has seen the key of this item, so it takes no other answer."""


class AnswerStale(SaveRefused):
    """The answer was changed since this window read it."""


# ---- Start -----------------------------------------------------------------------------------------------------------


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
                return _open_attempt(enrolment, quiz, at) or _new_attempt(enrolment, quiz, at, time_factor)
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


def _new_attempt(enrolment: Enrolment, quiz: Quiz, at: datetime, time_factor: Decimal | None) -> Attempt:
    version = quiz.versions.current().first()
    if version is None:
        raise AttemptRefused(_("This check is not open yet."))
    extra = granted(enrolment, quiz)
    mine = list(Attempt.objects.of(enrolment).filter(quiz=quiz))
    reason = refusal(version, mine, at=at, extra=extra, missing=missing_checks(version, enrolment))
    if reason:
        raise AttemptRefused(reason)
    rng = random.SystemRandom()
    questions = _drawn(version, enrolment, rng)
    if not questions:
        raise AttemptRefused(_("This check has no questions yet."))
    choices = timing.factors(version, own=enrolment.time_factor)
    factor = time_factor if time_factor in choices else enrolment.time_factor
    # The number follows from the attempts that were counted above: whoever was faster has taken it, and the constraint
    # refuses this one. (Asking for the last number again would let a fourth attempt through where three are allowed.)
    number = max((each.number for each in mine), default=0) + 1
    attempt = _insert(enrolment, version, questions, number, at, factor, extra)
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


def granted(enrolment: Enrolment, quiz: Quiz) -> timing.Granted:
    """What the extensions of this learner at this quiz come to."""
    return timing.granted(Extension.objects.filter(enrolment=enrolment, unit=quiz.unit_id))


def missing_checks(version: QuizVersion, enrolment: Enrolment) -> int:
    """How many required checks have still to be passed before this quiz may be started."""
    return checks_to_pass(version, enrolment).count() if version.requires_checks else 0


def checks_to_pass(version: QuizVersion, enrolment: Enrolment) -> QuerySet[UnitVersion]:
    """The required checks of the course that are not passed yet, but for this one, as they are called today."""
    done = UnitState.objects.filter(enrolment=enrolment, state=UnitState.State.DONE)
    return (
        UnitVersion.objects.live(enrolment.course)
        .filter(unit__kind=Unit.Kind.QUIZ, required=True)
        .exclude(unit=version.quiz.unit_id)
        .exclude(unit__in=done.values("unit"))
    )


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
        return _("It opens on %(date)s, %(time)s.") % _day_and_time(version.opens_at)
    if end and end <= at:
        return _("It closed on %(date)s, %(time)s.") % _day_and_time(end)
    if missing:
        return ngettext("One check has to be passed first.", "%(count)d checks have to be passed first.", missing) % {
            "count": missing
        }
    if left == 0:
        return _("You have used all your attempts at this check.")
    sent = [attempt.submitted_at for attempt in counted if attempt.submitted_at]
    again_at = max(sent) + timedelta(minutes=version.cool_down_minutes) if sent else at
    if version.cool_down_minutes and again_at > at:
        return _("You can try again from %(date)s, %(time)s.") % _day_and_time(again_at)
    return ""


def attempts_left(
    version: QuizVersion, attempts: list[Attempt], *, extra: timing.Granted = timing.NOTHING
) -> int | None:
    """How many attempts may still be started, None for any number. Voided attempts were none."""
    if version.attempts_allowed is None:
        return None
    return max(version.attempts_allowed + extra.attempts - sum(attempt.counts for attempt in attempts), 0)


def _day_and_time(moment: datetime) -> dict[str, str]:
    when = timezone.localtime(moment)
    return {"date": formats.date_format(when, "j F"), "time": formats.date_format(when, "H:i")}


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


# ---- Save ------------------------------------------------------------------------------------------------------------


def save(
    *, item: AttemptItem, answer: answers.Answer, revision: int, at: datetime, flagged: bool | None = None
) -> Response:
    """Store an answer that was given to the item as of `revision`; None clears it. Returns the response as stored.

    `item` comes with its attempt, response and question version. Saving what is stored already writes nothing, so an
    answer whose acknowledgement was lost on the way may be sent again. Raises AnswerRefused for an answer that does not
    fit the question, AttemptClosed, AnswerChecked or AnswerStale with the server's copy; then nothing was written.
    """
    version, attempt = item.question_version, item.attempt
    if not attempt.takes_answers(at=at):
        raise AttemptClosed(closed_reason(), item.response)
    fitting = answers.check(version.type, version.body, answer, language=attempt.language)
    if _is_stored(item.response, fitting, flagged):
        return item.response
    # One statement, and the trigger that logs it. No savepoint: there is nothing in here to go back to.
    with transaction.atomic(savepoint=False):
        if _write(item, fitting, revision, flagged, at):
            return item.response
    stored = _stored(item, at)
    if _is_stored(stored, fitting, flagged):
        return stored
    if stored.checked_at:
        raise AnswerChecked(_("This answer was checked, so it cannot be changed any more."), stored)
    raise AnswerStale(_("A newer answer to this question was saved in another window."), stored)


def _stored(item: AttemptItem, at: datetime) -> Response:
    """The server's copy, read after a statement that wrote nothing. Raises AttemptClosed."""
    stored = Response.objects.select_related("item__attempt").get(item=item)
    if not stored.item.attempt.takes_answers(at=at):
        raise AttemptClosed(closed_reason(), stored)
    return stored


def check(*, item: AttemptItem, at: datetime) -> Response:
    """Let the learner see the key of one item of an open attempt: its answer, as it was read with `item`, stays.

    Only where the quiz gives feedback at once. Checking twice is checking once. Raises AnswerRefused for an item
    without an answer or in a quiz with another policy, AttemptClosed, or AnswerStale when another window has saved
    meanwhile; then nothing was written.
    """
    if item.question_version.type == QuestionVersion.Type.LONG:
        raise answers.AnswerRefused(_("A person reads this answer, so it cannot be checked at once."))
    immediate = Attempt.objects.filter(quiz_version__feedback=QuizVersion.Feedback.IMMEDIATE)
    running = immediate.taking_answers(at=at).filter(pk=item.attempt_id).select_for_update(of=("self",), no_key=True)
    unchecked = Response.objects.filter(item=item, checked_at__isnull=True, answer__isnull=False)
    with transaction.atomic(savepoint=False):
        if unchecked.filter(Exists(running), revision=item.response.revision).update(checked_at=at):
            item.response.checked_at = at
            return item.response
    stored = _stored(item, at)
    if stored.checked_at:
        return stored
    if not immediate.filter(pk=item.attempt_id).exists():
        raise answers.AnswerRefused(_("Answers of this check are explained after sending, not one by one."))
    if stored.answer is None:
        raise answers.AnswerRefused(_("Answer the question first, then check the answer."))
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
    unchecked = Response.objects.filter(item=item, revision=revision, checked_at__isnull=True)
    if not unchecked.filter(Exists(open_attempt)).update(**changes):
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
        try:
            run = grading.run(attempt, at=at)
        except grading.NotYet:
            Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.AWAITING_REVIEW, submitted_at=at)
        else:
            _write_result(attempt, run, submitted_at=at)
    attempt.refresh_from_db(fields=["state", "submitted_at", "closed_by", *RESULT])
    return attempt


RESULT = ["score", "maximum", "passed", "pass_kept"]


def _write_result(attempt: Attempt, run: GradingRun, **changes) -> None:
    """The result that a run left on the object becomes that of the attempt, and progress and practice hear of it."""
    changes |= {name: getattr(attempt, name) for name in RESULT}
    Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.GRADED, **changes)
    _tell(attempt, run.number, run.at)
    practice.enter(attempt, at=run.at)


@transaction.atomic
def grade_again(
    *,
    attempt: Attempt,
    reason: GradingRun.Reason,
    at: datetime,
    by: User | None = None,
    readings: Mapping[int, grading.Reading] | None = None,
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
    run = grading.run(attempt, at=at, reason=reason, by=by, readings=readings)
    _write_result(attempt, run)
    attempt.state = Attempt.State.GRADED
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


# ---- Extend, void ----------------------------------------------------------------------------------------------------


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
    attempt.refresh_from_db(fields=["state", "closed_by", "voided_at", "voided_by", "void_reason"])
    return attempt
