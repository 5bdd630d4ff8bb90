"""Correcting how a question is scored, for everybody who was asked it: look first, decide, apply, tell.

A regrade is a row that stays (`models.Regrade`, rules in `questions.corrections`). Applying it grades every attempt
again that has not heard of it yet; which ones those are is read from their newest grading run, so applying can stop
anywhere and go on later, and nobody is graded twice. Attempts that are sent later hear of it when they are closed.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, DecimalException
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User, display_name
from cohorts.models import Enrolment
from lessons.models import Course
from notifications import outbox
from quizzes import attempts
from quizzes.asking import explanation, supply
from quizzes.content.rules import shown_wrong
from quizzes.grading import runs
from quizzes.models import Attempt, AttemptItem, GradingRun, ItemScore, QuestionVersion, Regrade
from quizzes.questions import answers, corrections, formulas, scoring

logger = logging.getLogger(__name__)

#: Attempts that are looked at together, and learners who are graded again in one request.
CHUNK, LEARNERS = 500, 100
#: Longer than closing an attempt can take.
SLIPPING = timedelta(days=1)


class RegradeRefused(ValueError):
    """The regrade cannot be made; the message says why, in words for staff."""


@dataclass(frozen=True)
class Change:
    """What a regrade would do to one attempt: points, maximum and pass, before and after."""

    attempt: Attempt
    score: Decimal
    maximum: Decimal
    passes: bool

    @property
    def differs(self) -> bool:
        return (self.score, self.maximum) != (self.attempt.score, self.attempt.maximum) or self.gained or self.kept

    @property
    def gained(self) -> bool:
        """A pass that was none before."""
        return self.passes and not self.attempt.passed

    @property
    def kept(self) -> bool:
        """A pass that the new points alone would not give; it stays."""
        return not self.passes and bool(self.attempt.passed) and not self.attempt.pass_kept


@dataclass
class Preview:
    """The difference a regrade would make; nothing was written."""

    asked: int = 0
    changes: list[Change] = field(default_factory=list)

    @property
    def gained(self) -> list[Change]:
        return [change for change in self.changes if change.gained]

    @property
    def kept(self) -> list[Change]:
        return [change for change in self.changes if change.kept]

    @property
    def learners(self) -> int:
        return len({change.attempt.enrolment_id for change in self.changes})


# ---- Look ------------------------------------------------------------------------------------------------------------


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


def _check_not_dropped(version: QuestionVersion, policy: str) -> None:
    """The maximum of a graded attempt only falls (the database sees to it): what was dropped does not come back."""
    if policy != Regrade.Policy.NEW_KEY:
        return
    earlier = runs.corrections([version.pk]).rules.get(version.pk, ())
    if corrections.standing(version.type, version.body, earlier).dropped:
        raise RegradeRefused(
            _("This wording was dropped, and a key does not bring it back. Publish the question again instead.")
        )


def preview(version: QuestionVersion, policy: str, details: Mapping[str, Any]) -> Preview:
    """What would change for whom. Raises RegradeRefused, also where dropping would leave an attempt without questions.

    Three queries for every CHUNK attempts.
    """
    check(version, policy, details)
    _check_not_dropped(version, policy)
    rule = corrections.Rule(policy, details)
    found = Preview()
    for change in _changes(version, rule):
        found.asked += 1
        if not change.maximum:
            raise RegradeRefused(
                _("Somebody was asked nothing but this question, so it cannot be dropped. Give full credit instead.")
            )
        if change.differs:
            found.changes.append(change)
    found.changes.sort(key=lambda change: (not change.gained, not change.kept, change.attempt.pk))
    return found


def shortages(version: QuestionVersion, policy: str) -> list[str]:
    """What quizzes lack once this is decided, because the question is not drawn any more; one sentence each."""
    drawn = policy == Regrade.Policy.DROP and version.state == QuestionVersion.State.CURRENT
    return supply.after_taking_out(version.question) if drawn else []


def _asked(version: QuestionVersion, rule: corrections.Rule) -> list[int]:
    """Ids of the graded attempts that were asked this wording, in order. Raises RegradeRefused where dropping it would
    leave one that is not graded yet with nothing else; of graded ones `preview` sees that by their points."""
    others = AttemptItem.objects.filter(attempt=OuterRef("pk")).exclude(question_version=version)
    others = others.exclude(question_version__regrades__policy=Regrade.Policy.DROP)
    asked = Attempt.objects.filter(items__question_version=version).annotate(alone=~Exists(others)).order_by("pk")
    graded = []
    for pk, state, alone in asked.values_list("pk", "state", "alone"):
        if state == Attempt.State.GRADED:
            graded.append(pk)
        elif state != Attempt.State.VOIDED and alone and rule.policy == Regrade.Policy.DROP:
            raise RegradeRefused(
                _("Somebody is asked nothing but this question, so it cannot be dropped. Give full credit instead.")
            )
    return graded


def _changes(version: QuestionVersion, rule: corrections.Rule) -> Iterator[Change]:
    rules = [*runs.corrections([version.pk]).rules.get(version.pk, ()), rule]
    asked = _asked(version, rule)
    for first in range(0, len(asked), CHUNK):
        chunk = asked[first : first + CHUNK]
        found = Attempt.objects.filter(pk__in=chunk).select_related(
            "quiz_version", "enrolment__user", "enrolment__cohort"
        )
        scores = runs.in_force_of(chunk)
        for attempt in found.order_by("pk"):
            yield _change(attempt, scores[attempt.pk], version, rules)


def _change(
    attempt: Attempt, scores: Sequence[ItemScore], version: QuestionVersion, rules: Sequence[corrections.Rule]
) -> Change:
    after = [
        runs.score_of(score.item, language=attempt.language, rules=rules, manual=score if score.manual else None)
        if score.item.question_version_id == version.pk
        else score
        for score in scores
    ]
    maximum = runs.maximum(after)
    score = scoring.kept_sum(runs.total(after))
    return Change(attempt, score, maximum, runs.passes(attempt, after))


# ---- Decide ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def decide(
    *, version: QuestionVersion, policy: str, details: Mapping[str, Any], reason: str, by: User, at: datetime
) -> Regrade:
    """Write the regrade down; from now on it counts for every grading. Raises RegradeRefused.

    Saying the same twice is saying it once: a regrade that repeats the newest one of its question is that one.
    """
    preview(version, policy, details)
    if not reason.strip():
        raise RegradeRefused(_("Say why. Learners read it beside the question."))
    # Decisions take turns, those about other questions too: a grading remembers the id of the newest regrade that it
    # knew of, and one with a smaller id that is committed later would never reach it.
    Course.objects.select_for_update(no_key=True).values_list("pk").get(pk=version.question.course_id)
    _check_not_dropped(version, policy)
    newest = Regrade.objects.filter(question_version=version).order_by("-pk").first()
    if newest and (newest.policy, newest.details) == (policy, dict(details)):
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
    changed = []
    waiting = outstanding(regrade).filter(enrolment=learner).values_list("pk", flat=True)
    found = Attempt.objects.select_related("enrolment__course", "quiz__unit__lesson", "quiz_version").with_title()
    for attempt in found.filter(pk__in=list(waiting)).order_by("pk"):
        before = (attempt.score, attempt.maximum, attempt.passed)
        attempts.grade_again(attempt=attempt, reason=GradingRun.Reason.REGRADED, at=at, by=regrade.decided_by)
        if (attempt.score, attempt.maximum, attempt.passed) != before:
            changed.append((attempt, before))
    if changed:
        _tell(regrade, learner, changed, at)


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


# ---- Tell ------------------------------------------------------------------------------------------------------------


def _tell(regrade: Regrade, learner: Enrolment, changed: Sequence[tuple[Attempt, tuple]], at: datetime) -> None:
    with translation.override(learner.user.language):
        lines = [_("Dear %(name)s,") % {"name": display_name(learner.user)}, ""]
        done = what_was_done(regrade.policy)
        lines += [_("%(done)s:") % {"done": done}, regrade.reason] if _may_know_why(changed) else [f"{done}."]
        lines.append("")
        for attempt, (score, maximum, passed) in changed:
            lines += [line(attempt, score, maximum, passed), f"{settings.SITE_URL}{attempt.get_absolute_url()}", ""]
        had_passed = any(passed for _attempt, (_score, _maximum, passed) in changed)
        nothing = _("You do not need to do anything.")
        lines += [f"{nothing} {_('A pass stays a pass.')}" if had_passed else nothing]
        outbox.enqueue(
            user=learner.user,
            to=learner.user.email,
            subject=_("Your result was corrected: %(title)s") % {"title": changed[0][0].title},
            text="\n".join(lines),
            dedupe_key=f"regrade:{regrade.pk}:{learner.pk}",
            at=at,
        )


def what_was_done(policy: str) -> str:
    """A regrade in words for those whose result it changed, without the end of the sentence."""
    return {
        Regrade.Policy.ACCEPT: _("Another answer to a question you were asked counts as right now"),
        Regrade.Policy.FULL_CREDIT: _("Everybody gets the full points of a question you were asked"),
        Regrade.Policy.DROP: _("A question you were asked does not count any more"),
        Regrade.Policy.NEW_KEY: _("A question you were asked was scored by a wrong key, and we have corrected it"),
    }[Regrade.Policy(policy)]


def _may_know_why(changed: Sequence[tuple[Attempt, tuple]]) -> bool:
    """The reason is about the key, so it is told where the key of one of the attempts is released."""
    return any(explanation.release_of(attempt).key for attempt, _before in changed)


def line(attempt: Attempt, score: Decimal, maximum: Decimal, passed: bool | None) -> str:
    """What became of an attempt that had so many points of so many, and this verdict, before; for a letter."""
    values = {
        "title": attempt.title,
        "number": attempt.number,
        "before": f"{score:f}",
        "before_of": f"{maximum:f}",
        "after": f"{attempt.score:f}",
        "after_of": f"{attempt.maximum:f}",
    }
    line = (
        _("%(title)s, attempt %(number)s: %(before)s of %(before_of)s points, now %(after)s of %(after_of)s.") % values
    )
    return f"{line} {_('You have passed.')}" if attempt.passed and not passed else line
