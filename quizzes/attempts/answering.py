"""From a posted form to saved answers: which questions it names, what becomes of each, and how to say so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from accounts import moments
from cohorts.models import Enrolment
from lessons.markup import plain_lines
from quizzes import attempts
from quizzes.asking import presentation
from quizzes.asking.answer_form import AnswerForm
from quizzes.attempts import lookups, timing
from quizzes.models import Attempt, AttemptItem, Response
from quizzes.questions import answers

#: Characters of a stored answer that are read at a glance beside what is wrong with another one.
WORTH_REPEATING = 80


@dataclass
class Outcome:
    """What a save led to. `status`: 200 saved · 400 does not fit (`problems` by position) · 409 closed, checked or
    stale."""

    status: int = 200
    response: Response | None = None
    answered: int = 0
    problems: dict[int, str] = field(default_factory=dict)
    forms: dict[int, AnswerForm] = field(default_factory=dict)
    refused: attempts.SaveRefused | None = None
    item: AttemptItem | None = None
    clock: Mapping[str, Any] = field(default_factory=dict)
    #: What the saved number was read as, in words; None where the answer is no number.
    read: str | None = None

    @property
    def closed(self) -> bool:
        return isinstance(self.refused, attempts.AttemptClosed)

    @property
    def reason(self) -> str:
        return str(self.refused) if self.refused else next(iter(self.problems.values()), "")

    @property
    def as_json(self) -> Mapping[str, Any]:
        """For the autosave: what is stored now, or why it was not stored and what the server has."""
        if self.status == 200 and self.response:
            read = {} if self.read is None else {"read": self.read}
            return {**_copy(self.response), **read, "answered": self.answered, **self.clock}
        reply: dict[str, Any] = {"reason": self.reason}
        if self.refused and self.item:
            reply["closed"] = self.closed
            reply["checked"] = isinstance(self.refused, attempts.AnswerChecked)
            stored = self.refused.response
            reply["server"] = {**_copy(stored), "answer": stored.answer, "words": _in_words(self.item, stored)}
        return reply


def _copy(response: Response) -> dict[str, Any]:
    """Revision and time of what the server has; `message` says the time in the learner's zone."""
    saved_at = response.saved_at
    return {
        "revision": response.revision,
        "saved_at": saved_at and saved_at.isoformat(),
        "message": saved_at_in_words(saved_at),
    }


def _in_words(item: AttemptItem, response: Response) -> str:
    """What the server has, as the learner reads it; it costs a query that only a conflict is worth."""
    return "; ".join(plain_lines(line) for line in presentation.in_words(item, response.answer))


def _still_counts(item: AttemptItem) -> str:
    """Which stored answer stands while another one is refused; "" for none. A long one is not repeated."""
    if item.response.answer is None:
        return ""
    words = _in_words(item, item.response)
    if len(words) > WORTH_REPEATING:
        return _("The answer saved before still counts.")
    return _("The answer saved before still counts: %(answer)s") % {"answer": words}


def clock(attempt: Attempt, *, at: datetime) -> dict[str, Any]:
    """How long an attempt still takes answers: `left` in seconds, `deadline` to tell an extension by; None: no limit.

    The browser counts from `left`: its own clock may be wrong.
    """
    return {
        "left": timing.seconds_left(attempt.deadline_at, at=at),
        "deadline": attempt.deadline_at and attempt.deadline_at.isoformat(),
    }


def saved_at_in_words(saved_at: datetime | None) -> str:
    """ "Saved at 14:02", or "Nothing saved yet"."""
    if saved_at is None:
        return _("Nothing saved yet")
    return _("Saved at %(time)s") % {"time": moments.words(saved_at, "H:i")}


def save(enrolment: Enrolment, uuid: UUID, data: QueryDict, *, at: datetime) -> Outcome:
    """Save the answers to the questions that `data` names. Only a closed attempt ends it; a stale answer is told, and
    those beside it are saved all the same.

    Raises Http404 for somebody else's attempt.
    """
    positions = data.getlist("question")
    if not positions and data.get("then") and Attempt.objects.of(enrolment).filter(uuid=uuid).exists():
        # A page of questions that were checked saves nothing; its buttons lead elsewhere all the same.
        return Outcome()
    items, answered = lookups.to_save(enrolment, uuid, {int(each) for each in positions if is_position(each)})
    if not items or len(items) != len(set(positions)):
        return _unknown(enrolment, uuid)
    outcome = Outcome(answered=answered, forms={item.position: AnswerForm(item, data) for item in items})
    outcome.clock = clock(items[0].attempt, at=at)
    for item in items:
        _save_one(outcome, item, outcome.forms[item.position], at)
        if outcome.status == 200 and data.get("check") == str(item.position):
            _check(outcome, item, at)
        if outcome.closed:
            break
    return outcome


def _save_one(outcome: Outcome, item: AttemptItem, form: AnswerForm, at: datetime) -> None:
    if not item.attempt.takes_answers(at=at):
        # A closed attempt says so first, whatever was sent to it.
        _refuse(outcome, item, attempts.AttemptClosed(attempts.closed_reason(), item.response))
        return
    if not form.is_valid():
        outcome.status = outcome.status if outcome.refused else 400
        outcome.problems[item.position] = " ".join(filter(None, (form.reason, _still_counts(item))))
        return
    before = item.response.answer
    try:
        outcome.response = attempts.save(item=item, at=at, **form.cleaned_data)
    except attempts.SaveRefused as refused:
        _refuse(outcome, item, refused)
    else:
        if item.question_version.kind.has_numbers:
            outcome.read = presentation.read_as(item, outcome.response.answer)
        outcome.answered += (outcome.response.answer is not None) - (before is not None)


def _check(outcome: Outcome, item: AttemptItem, at: datetime) -> None:
    """The learner asked for the key of this one item."""
    try:
        outcome.response = attempts.reveal(item=item, at=at)
    except answers.AnswerRefused as refused:
        outcome.status, outcome.problems[item.position] = 400, str(refused)
    except attempts.SaveRefused as refused:
        _refuse(outcome, item, refused)


def _refuse(outcome: Outcome, item: AttemptItem, refused: attempts.SaveRefused) -> None:
    """The first one is told."""
    if outcome.refused is None:
        outcome.status, outcome.refused, outcome.item = 409, refused, item


def _unknown(enrolment: Enrolment, uuid: UUID) -> Outcome:
    """The form names a question that the attempt does not have, or none; the attempt may be somebody else's."""
    if not Attempt.objects.of(enrolment).filter(uuid=uuid).exists():
        raise Http404(_("There is no such attempt."))
    return Outcome(status=400, problems={0: _("This check has no such question.")})


def is_position(text: str) -> bool:
    """Whether a text can be the number of a question."""
    return text.isascii() and text.isdigit() and len(text) < 5
