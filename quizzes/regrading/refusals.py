"""Why a regrade is refused: what it says is right fits its question, or the reason is said in words for staff."""

from collections.abc import Mapping
from decimal import DecimalException
from typing import Any

from django.utils.translation import gettext as _

from quizzes.content.rules import shown_wrong
from quizzes.grading import runs
from quizzes.models import QuestionVersion, Regrade
from quizzes.questions import corrections
from quizzes.questions.types.base import CorrectionRefused


class RegradeRefused(ValueError):
    """The regrade cannot be made; the message says why, in words for staff."""


def check_details(version: QuestionVersion, policy: str, details: Mapping[str, Any]) -> None:
    """Raise RegradeRefused for details that do not fit the question, or for a draft, which nobody was asked."""
    if version.is_draft:
        raise RegradeRefused(_("This is a draft: nobody has been asked it. Change the draft itself."))
    if policy not in Regrade.Policy.values:
        raise RegradeRefused(_("Choose what should happen to the question."))
    if policy in (Regrade.Policy.FULL_CREDIT, Regrade.Policy.DROP):
        if details:
            raise RegradeRefused(_("This policy takes no further details."))
        return
    if not version.kind.is_scored:
        raise RegradeRefused(_("A long text has no key. Give full credit, or drop the question."))
    try:
        if policy == Regrade.Policy.NEW_KEY:
            _check_new_key(version, details)
        else:
            _check_accepted(version, details)
    except CorrectionRefused as error:
        raise RegradeRefused(str(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError, DecimalException) as error:
        if isinstance(error, RegradeRefused):
            raise
        raise RegradeRefused(_("These details do not fit the question: %(reason)s") % {"reason": error}) from error


def _check_new_key(version: QuestionVersion, details: Mapping[str, Any]) -> None:
    now = corrections.standing(version.type, version.body, runs.corrections([version.pk]).rules.get(version.pk, ()))
    body = corrections.rekeyed(version.type, now.body, details)
    if body == now.body and not now.accepted and not now.full_credit:
        raise RegradeRefused(_("This is the key already. Change it, or choose another policy."))
    version.kind.check_key(body)
    version.kind.check_details(version.body, details)
    if version.kind.has_numbers:
        _check_shown(version, details)


def _check_accepted(version: QuestionVersion, details: Mapping[str, Any]) -> None:
    known = {"answers", *version.kind.acceptable}
    answers = details.get("answers", [])
    if not set(details) <= known or not (answers or set(details) - {"answers"}):
        raise RegradeRefused(_("Say which other answers are to count."))
    if not all(version.kind.check_accepted(version.body, answer) for answer in answers):
        raise RegradeRefused(_("Say which other answers are to count."))
    version.kind.check_details(version.body, details)


def _check_shown(version: QuestionVersion, details: Mapping[str, Any]) -> None:
    """The number that learners are shown as right counts when it is typed, for whatever numbers they were asked."""
    earlier = runs.corrections([version.pk]).rules.get(version.pk, ())
    rule = corrections.Rule(Regrade.Policy.NEW_KEY, details)
    body = corrections.standing(version.type, version.body, [*earlier, rule]).body
    for _name, reason in shown_wrong(body):
        refused = _("With this key the right number could not be answered: %(reason)s.")
        raise RegradeRefused(refused % {"reason": reason})
