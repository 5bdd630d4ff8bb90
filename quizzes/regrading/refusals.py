"""Why a regrade is refused: what it says is right fits its question, or the reason is said in words for staff."""

from collections.abc import Mapping
from decimal import Decimal, DecimalException
from typing import Any

from django.utils.translation import gettext as _

from quizzes.content.rules import shown_wrong
from quizzes.grading import runs
from quizzes.models import QuestionVersion, Regrade
from quizzes.questions import answers, corrections, formulas, scoring


class RegradeRefused(ValueError):
    """The regrade cannot be made; the message says why, in words for staff."""


def check(version: QuestionVersion, policy: str, details: Mapping[str, Any]) -> None:
    """Raise RegradeRefused for details that do not fit the question, or for a draft, which nobody was asked."""
    if version.is_draft:
        raise RegradeRefused(_("This is a draft: nobody has been asked it. Change the draft itself."))
    if policy not in Regrade.Policy.values:
        raise RegradeRefused(_("Choose what should happen to the question."))
    if policy in (Regrade.Policy.FULL_CREDIT, Regrade.Policy.DROP):
        if details:
            raise RegradeRefused(_("This policy takes no further details."))
        return
    if version.type == QuestionVersion.Type.LONG:
        raise RegradeRefused(_("A long text has no key. Give full credit, or drop the question."))
    try:
        if policy == Regrade.Policy.NEW_KEY:
            _check_new_key(version, details)
        else:
            _check_accepted(version, details)
    except (KeyError, TypeError, ValueError, AttributeError, DecimalException) as error:
        if isinstance(error, RegradeRefused):
            raise
        raise RegradeRefused(_("These details do not fit the question: %(reason)s") % {"reason": error}) from error


def _check_new_key(version: QuestionVersion, details: Mapping[str, Any]) -> None:
    body = corrections.rekeyed(version.type, version.body, details)
    if body == version.body:
        raise RegradeRefused(_("This is the key already. Change it, or choose another policy."))
    scores = [choice["score"] for choice in body.get("choices", [])]
    best = 2 if version.type == QuestionVersion.Type.SCENARIO else 1
    if scores and (not set(scores) <= set(range(best + 1)) or best not in scores):
        raise RegradeRefused(_("At least one choice has to be the best."))
    if version.type == QuestionVersion.Type.SINGLE and scores.count(1) != 1:
        raise RegradeRefused(_("Exactly one choice is right. To count two, accept the other as well."))
    _check_number(version, details)
    if version.type == QuestionVersion.Type.NUMERIC:
        _check_shown(version, details)
    if version.type == QuestionVersion.Type.SHORT:
        _check_texts(version, body)


def _check_accepted(version: QuestionVersion, details: Mapping[str, Any]) -> None:
    given = details.get("answers", [])
    known = {"answers"} | ({"formula", "tolerance"} if version.type == QuestionVersion.Type.NUMERIC else set())
    if not set(details) <= known or not (given or set(details) - {"answers"}):
        raise RegradeRefused(_("Say which other answers are to count."))
    for answer in given:
        if version.type == QuestionVersion.Type.NUMERIC:
            if not Decimal(str(answer)).is_finite():
                raise RegradeRefused(_("Say which other answers are to count."))
        elif version.type == QuestionVersion.Type.SHORT and not scoring.normalised(answer):
            raise RegradeRefused(_("“%(text)s” could not be answered. Write it differently.") % {"text": answer[:80]})
        elif answers.check(version.type, version.body, answer) is None:
            raise RegradeRefused(_("Say which other answers are to count."))
    _check_number(version, details)


def _check_number(version: QuestionVersion, details: Mapping[str, Any]) -> None:
    if "formula" in details:
        name = details["formula"]
        if name not in formulas.FORMULAS:
            raise RegradeRefused(_("There is no formula %(name)s.") % {"name": name})
        # Or no attempt with this question could be graded any more.
        missing = set(formulas.parameter_names(name)) - set(version.body.get("parameters") or {})
        if missing:
            raise RegradeRefused(
                _("%(name)s needs a value for %(missing)s, which the question does not have.")
                % {"name": name, "missing": ", ".join(sorted(missing))}
            )
    for value in (details.get("tolerance") or {}).values():
        if Decimal(str(value)) < 0:
            raise RegradeRefused(_("A tolerance is not below 0."))


def _check_shown(version: QuestionVersion, details: Mapping[str, Any]) -> None:
    """The number that learners are shown as right counts when it is typed, for whatever numbers they were asked."""
    earlier = runs.corrections([version.pk]).rules.get(version.pk, ())
    rule = corrections.Rule(Regrade.Policy.NEW_KEY, details)
    body = corrections.standing(version.type, version.body, [*earlier, rule]).body
    for _name, reason in shown_wrong(body):
        refused = _("With this key the right number could not be answered: %(reason)s.")
        raise RegradeRefused(refused % {"reason": reason})


def _check_texts(version: QuestionVersion, body: Mapping[str, Any]) -> None:
    """The first text is shown as right: there is one, and each counts when it is typed."""
    if not body["accepted"]:
        raise RegradeRefused(_("Write at least one answer that is right."))
    for text in body["accepted"]:
        if not scoring.normalised(text) or scoring.fraction(version.type, body, text) < 1:
            raise RegradeRefused(_("“%(text)s” could not be answered. Write it differently.") % {"text": text[:80]})
