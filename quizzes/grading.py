"""From stored answers to stored scores: one append-only run at a time."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db.models import Max, QuerySet

from quizzes import scoring
from quizzes.models import Attempt, AttemptItem, GradingRun, ItemScore


def items_of(attempt: Attempt) -> QuerySet[AttemptItem]:
    """Everything that scoring needs, in one query."""
    return attempt.items.select_related("question_version", "response").order_by("position")


def score_of(item: AttemptItem, *, language: str) -> ItemScore:
    """What an item is worth by the version and the numbers that were put to the learner; not saved."""
    version = item.question_version
    share = scoring.fraction(
        version.type, version.body, item.response.answer, parameters=item.parameters, language=language
    )
    return ItemScore(item=item, fraction=share, points=scoring.points(share, item.points))


def total(scores: Iterable[ItemScore]) -> Decimal:
    """Sum of the points."""
    return sum((score.points for score in scores), Decimal(0))


def run(attempt: Attempt, *, at: datetime) -> GradingRun:
    """Score every item of an attempt that takes no more answers and append the scores under a new run.

    The caller holds the attempt (see `attempts.close`) and writes the sum of `run.scores` to it.
    """
    last = attempt.runs.aggregate(last=Max("number"))["last"] or 0
    made = GradingRun.objects.create(attempt=attempt, number=last + 1, reason=GradingRun.Reason.CLOSED, at=at)
    scores = [score_of(item, language=attempt.language) for item in items_of(attempt)]
    for score in scores:
        score.run = made
    ItemScore.objects.bulk_create(scores)
    attempt.score = total(scores)
    attempt.passed = scoring.passes(
        score=attempt.score, maximum=attempt.maximum, pass_percent=attempt.quiz_version.pass_percent
    )
    return made
