"""From a posted form to saved answers: which questions it names, what becomes of each, and how to say so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, QueryDict
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from cohorts.models import Enrolment
from quizzes import attempts, lookups
from quizzes.forms import AnswerForm
from quizzes.models import Attempt, AttemptItem, Response


@dataclass
class Outcome:
    """What a save led to. `status`: 200 saved · 400 does not fit (`problems` by position) · 409 closed or stale."""

    status: int = 200
    response: Response | None = None
    answered: int = 0
    problems: dict[int, str] = field(default_factory=dict)
    forms: dict[int, AnswerForm] = field(default_factory=dict)
    refused: attempts.SaveRefused | None = None
    item: AttemptItem | None = None

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
            return {**_copy(self.response), "answered": self.answered}
        told: dict[str, Any] = {"reason": self.reason}
        if self.refused:
            told["closed"] = self.closed
            told["server"] = {**_copy(self.refused.response), "answer": self.refused.response.answer}
        return told


def _copy(response: Response) -> dict[str, Any]:
    """Revision and time of what the server has; `message` says the time in the learner's zone."""
    saved_at = response.saved_at
    return {
        "revision": response.revision,
        "saved_at": saved_at and saved_at.isoformat(),
        "message": saved_at_in_words(saved_at),
    }


def saved_at_in_words(saved_at: datetime | None) -> str:
    """ "Saved at 14:02", or "Nothing saved yet"."""
    if saved_at is None:
        return _("Nothing saved yet")
    return _("Saved at %(time)s") % {"time": formats.date_format(timezone.localtime(saved_at), "H:i")}


def save(enrolment: Enrolment, uuid: UUID, data: QueryDict, *, at: datetime) -> Outcome:
    """Save the answers to the questions that `data` names. A closed attempt or a stale answer ends it; what was saved
    before that stays saved.

    Raises Http404 for somebody else's attempt.
    """
    positions = data.getlist("question")
    items, answered = lookups.to_save(enrolment, uuid, {int(each) for each in positions if is_position(each)})
    if not items or len(items) != len(set(positions)):
        return _unknown(enrolment, uuid)
    outcome = Outcome(answered=answered)
    for item in items:
        _save_one(outcome, item, AnswerForm(item, data), at)
        if outcome.refused:
            break
    return outcome


def _save_one(outcome: Outcome, item: AttemptItem, form: AnswerForm, at: datetime) -> None:
    outcome.forms[item.position] = form
    if not item.attempt.takes_answers(at=at):
        # A closed attempt says so first, whatever was sent to it.
        _refuse(outcome, item, attempts.AttemptClosed(attempts.closed_reason(), item.response))
        return
    if not form.is_valid():
        outcome.status = 400
        outcome.problems[item.position] = form.reason
        return
    before = item.response.answer
    try:
        outcome.response = attempts.save(item=item, at=at, **form.cleaned_data)
    except attempts.SaveRefused as refused:
        _refuse(outcome, item, refused)
    else:
        outcome.answered += (outcome.response.answer is not None) - (before is not None)


def _refuse(outcome: Outcome, item: AttemptItem, refused: attempts.SaveRefused) -> None:
    outcome.status, outcome.refused, outcome.item = 409, refused, item


def _unknown(enrolment: Enrolment, uuid: UUID) -> Outcome:
    """The form names a question that the attempt does not have, or none; the attempt may be somebody else's."""
    if not Attempt.objects.of(enrolment).filter(uuid=uuid).exists():
        raise Http404(_("There is no such attempt."))
    return Outcome(status=400, problems={0: _("This check has no such question.")})


def is_position(text: str) -> bool:
    """Whether a text can be the number of a question."""
    return text.isascii() and text.isdigit() and len(text) < 5
