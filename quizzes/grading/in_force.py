"""Scores in force: those of the newest run of an attempt, what they come to by competency, and what to reread."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef

from lessons.models import Competency
from quizzes.grading import runs
from quizzes.models import Attempt, ItemScore, QuestionVersion, Regrade
from quizzes.questions import corrections, scoring


@dataclass(frozen=True)
class Share:
    """Points of one competency: `total` of `worth`, exactly, by so many `questions`."""

    competency: Competency
    total: Fraction
    worth: Decimal
    questions: int

    def points(self, marks: Iterable[Decimal] = ()) -> Decimal:
        """The total for reading, on the right side of each of the marks (percent)."""
        return scoring.shown_sum(self.total, worth=self.worth, marks=marks)


def by_competency(scores: Iterable[ItemScore]) -> list[Share]:
    """What the scores come to for each competency, in the order of the course."""
    of: dict[Competency, list[ItemScore]] = defaultdict(list)
    for score in scores:
        of[score.item.question_version.competency].append(score)
    ordered = sorted(of, key=lambda competency: (competency.position, competency.key))
    return [Share(each, runs.total(of[each]), runs.maximum(of[each]), len(of[each])) for each in ordered]


def to_reread(scores: Iterable[ItemScore]) -> list[int]:
    """Ids of the units behind what was missed, most points lost first."""
    lost: dict[int, Fraction] = defaultdict(Fraction)
    for score in scores:
        if score.item.question_version.unit_id and score.exact_points < score.worth:
            lost[score.item.question_version.unit_id] += Fraction(score.worth) - score.exact_points
    return sorted(lost, key=lambda unit: (-lost[unit], unit))


def scores_of(attempt: Attempt, *, related: Collection[str] = ()) -> Sequence[ItemScore]:
    """The scores in force, those of the newest run, with everything the result page needs: one query, and one more
    where a question was regraded.

    A regraded question comes with the key as it is since then, and its score with `.corrections`, the reasons given.
    """
    regraded = Regrade.objects.filter(question_version=OuterRef("item__question_version"))
    scores = list(
        ItemScore.objects.in_force()
        .filter(run__attempt=attempt)
        .select_related("item__question_version__competency", "item__response", *related)
        .annotate(regraded=Exists(regraded))
        .order_by("item__position")
    )
    for score in scores:
        score.item.attempt = attempt
    correct([score for score in scores if score.regraded])
    return scores


def correct(scores: Sequence[ItemScore], *, by: runs.Corrections | None = None) -> None:
    """Put what regrades made of the key in the place of what was written, in memory only; one query, or none where it
    is known what they are corrected `by`.

    A score whose question was regraded has `.corrections`, `.standing` and `.written` afterwards.
    """
    if not scores:
        return
    corrected = by or runs.corrections(score.item.question_version_id for score in scores)
    for score in scores:
        version = score.item.question_version
        if reasons := corrected.reasons.get(version.pk):
            score.corrections, score.written = reasons, version.body
            score.standing = corrections.standing(version.type, version.body, corrected.rules[version.pk])
    for score in scores:
        if score.item.question_version_id in corrected.rules:
            version = score.item.question_version
            version.body = shown_key(version, score.standing)


def shown_key(version: QuestionVersion, standing: corrections.Standing) -> Mapping[str, Any]:
    """The body with what is right marked as right, further accepted answers as well as far as one choice or one text
    can be marked; a combination that is accepted too is told by the reason alone."""
    also = [answer for details in standing.accepted for answer in details.get("answers", [])]
    return version.kind.marked(standing.body, also)


def of_attempts(attempts: Sequence[int]) -> dict[int, list[ItemScore]]:
    """The scores in force of many attempts, by their ids, with what scoring needs; one query."""
    rows = (
        ItemScore.objects.in_force()
        .filter(run__attempt__in=attempts)
        .select_related("run", "item__question_version", "item__response")
        .defer("item__question_version__stem", "item__question_version__rendered")
    )
    scores: dict[int, list[ItemScore]] = {pk: [] for pk in attempts}
    for score in rows:
        scores[score.run.attempt_id].append(score)
    return scores
