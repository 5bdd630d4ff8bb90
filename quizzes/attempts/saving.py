"""Saving an answer, and letting its learner see the key of it where that is released at once."""

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Exists, QuerySet
from django.utils.translation import gettext as _

from database.prepared import PreparedUpdate
from quizzes.models import Attempt, AttemptItem, QuizVersion, Response
from quizzes.questions import answers


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
    fitting = answers.fitting(version.type, version.body, answer, language=attempt.language)
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


def reveal(*, item: AttemptItem, at: datetime) -> Response:
    """Let the learner see the key of one item of an open attempt: its answer, as it was read with `item`, stays.

    Only where the quiz gives feedback at once. Checking twice is checking once. Raises AnswerRefused for an item
    without an answer or in a quiz with another policy, AttemptClosed, or AnswerStale when another window has saved
    meanwhile; then nothing was written.
    """
    if not item.question_version.kind.is_scored:
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
    changes = {"answer": answer, "revision": revision + 1, "saved_at": at}
    write = _WRITE
    if flagged is not None:
        changes["flagged"], write = flagged, _WRITE_AND_FLAG
    if not write(changes, item=item.pk, attempt=item.attempt_id, revision=revision, at=at):
        return False
    for field, value in changes.items():
        setattr(item.response, field, value)
    return True


def _writable(item: int, attempt: int, revision: int, at: datetime) -> QuerySet[Response]:
    open_attempt = Attempt.objects.taking_answers(at=at).filter(pk=attempt).select_for_update(no_key=True)
    return Response.objects.filter(Exists(open_attempt), item=item, revision=revision, checked_at__isnull=True)


#: The most frequent statement of the platform, compiled once; the values here only say which fields it sets.
_SAVED = {"answer": "a", "revision": 1, "saved_at": datetime(2000, 1, 1, tzinfo=UTC)}
_IDS = {"item": int, "attempt": int, "revision": int, "at": datetime}
_WRITE = PreparedUpdate(_writable, changes=_SAVED, **_IDS)
_WRITE_AND_FLAG = PreparedUpdate(_writable, changes=_SAVED | {"flagged": True}, **_IDS)


def closed_reason() -> str:
    """Why an answer comes too late."""
    return _("This attempt is closed, so this answer was not saved.")


def _is_stored(response: Response, answer: answers.Answer, flagged: bool | None) -> bool:
    return response.answer == answer and (flagged is None or response.flagged == flagged)
