"""Scores in force: those of the newest run of an attempt, what they come to by competency, and what to reread."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lessons.models import Competency
from quizzes.grading import runs
from quizzes.models import ItemScore, QuestionVersion
from quizzes.questions import corrections, scoring


@dataclass(frozen=True)
class Share:
    """Points of one competency: `total` of `worth`, exactly, by so many `questions`."""

    competency: Competency
    total: Fraction
    worth: Decimal
    questions: int

    def points(self, marks: Iterable[Decimal] = ()) -> Decimal:
        """The total for reading beside points of single questions, on the right side of each of the marks (percent)."""
        return scoring.shown_sum(self.total, worth=self.worth, marks=marks)

    def points_cut(self, marks: Iterable[Decimal] = ()) -> Decimal:
        """The total for reading beside the score of its attempt, which is cut; on the right side of the marks too."""
        return scoring.cut_sum(self.total, worth=self.worth, marks=marks)


def by_competency(scores: Iterable[runs.Scored]) -> list[Share]:
    """What the scores come to for each competency, in the order of the course."""
    of: dict[Competency, list[runs.Scored]] = defaultdict(list)
    for score in scores:
        of[score.competency].append(score)
    ordered = sorted(of, key=lambda competency: (competency.position, competency.key))
    return [Share(each, runs.total(of[each]), runs.maximum(of[each]), len(of[each])) for each in ordered]


def to_reread(scores: Iterable[runs.Scored]) -> list[int]:
    """Ids of the units behind what was missed, most points lost first."""
    lost: dict[int, Fraction] = defaultdict(Fraction)
    for score in scores:
        if score.unit_id and score.exact_points < score.worth:
            lost[score.unit_id] += Fraction(score.worth) - score.exact_points
    return sorted(lost, key=lambda unit: (-lost[unit], unit))


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
