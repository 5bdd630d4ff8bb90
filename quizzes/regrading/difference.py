"""The difference that a regrade would make: for whom, by how much; nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from quizzes.asking import supply
from quizzes.grading import in_force, runs
from quizzes.models import Attempt, AttemptItem, ItemScore, QuestionVersion, Regrade
from quizzes.questions import corrections, scoring
from quizzes.regrading.refusals import RegradeRefused, check_details

#: Attempts that are looked at together.
CHUNK = 500


@dataclass(frozen=True)
class Change:
    """What a regrade would do to one attempt: points, maximum and pass, before and after."""

    attempt: Attempt
    score: Decimal
    maximum: Decimal
    passes: bool

    @property
    def differs(self) -> bool:
        return (self.score, self.maximum) != (self.attempt.score, self.attempt.maximum) or self.gained or self.pass_kept

    @property
    def gained(self) -> bool:
        """A pass that was none before."""
        return self.passes and not self.attempt.passed

    @property
    def pass_kept(self) -> bool:
        """A pass that the new points alone would not give; it stays."""
        return not self.passes and bool(self.attempt.passed) and not self.attempt.pass_kept


@dataclass
class Preview:
    """The difference a regrade would make; nothing was written."""

    attempt_count: int = 0
    #: Attempts that are not graded yet, which will be by the corrected key.
    open_count: int = 0
    changes: list[Change] = field(default_factory=list)

    @property
    def gained(self) -> list[Change]:
        return [change for change in self.changes if change.gained]

    @property
    def passes_kept(self) -> list[Change]:
        return [change for change in self.changes if change.pass_kept]

    @property
    def learners(self) -> int:
        return len({change.attempt.enrolment_id for change in self.changes})


def check_not_dropped(version: QuestionVersion, policy: str) -> None:
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
    check_details(version, policy, details)
    check_not_dropped(version, policy)
    rule = corrections.Rule(policy, details)
    graded, open_count = _asked(version, rule)
    difference = Preview(open_count=open_count)
    for change in _changes(version, rule, graded):
        difference.attempt_count += 1
        if not change.maximum:
            raise RegradeRefused(
                _("Somebody was asked nothing but this question, so it cannot be dropped. Give full credit instead.")
            )
        if change.differs:
            difference.changes.append(change)
    difference.changes.sort(key=lambda change: (not change.gained, not change.pass_kept, change.attempt.pk))
    return difference


def shortages(version: QuestionVersion, policy: str) -> list[str]:
    """What quizzes lack once this is decided, because the question is not drawn any more; one sentence each."""
    drawn = policy == Regrade.Policy.DROP and version.state == QuestionVersion.State.CURRENT
    return supply.after_taking_out(version.question) if drawn else []


def _asked(version: QuestionVersion, rule: corrections.Rule) -> tuple[list[int], int]:
    """Ids of the graded attempts that were asked this wording, in order, and how many are not graded yet. Raises
    RegradeRefused where dropping it would leave one of these with nothing else; of graded ones `preview` sees that by
    their points."""
    others = AttemptItem.objects.filter(attempt=OuterRef("pk")).exclude(question_version=version)
    others = others.exclude(question_version__regrades__policy=Regrade.Policy.DROP)
    attempts = Attempt.objects.filter(items__question_version=version).annotate(alone=~Exists(others)).order_by("pk")
    graded, open_count = [], 0
    for pk, state, alone in attempts.values_list("pk", "state", "alone"):
        if state == Attempt.State.GRADED:
            graded.append(pk)
            continue
        open_count += state != Attempt.State.VOIDED
        if state != Attempt.State.VOIDED and alone and rule.policy == Regrade.Policy.DROP:
            raise RegradeRefused(
                _("Somebody is asked nothing but this question, so it cannot be dropped. Give full credit instead.")
            )
    return graded, open_count


def _changes(version: QuestionVersion, rule: corrections.Rule, attempts: Sequence[int]) -> Iterator[Change]:
    rules = [*runs.corrections([version.pk]).rules.get(version.pk, ()), rule]
    for first in range(0, len(attempts), CHUNK):
        chunk = attempts[first : first + CHUNK]
        page = Attempt.objects.filter(pk__in=chunk).select_related(
            "quiz_version", "enrolment__user", "enrolment__cohort"
        )
        scores = in_force.of_attempts(chunk)
        for attempt in page.order_by("pk"):
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
