"""Counting exactly what was once counted on rounded points; done once, when an installation is brought up to date.

Until points were counted as fractions, each was rounded before they were added, and a sum could miss a mark that it
reaches, or reach one that it misses. An attempt of that time has no `percent` yet. Where the exact verdict is the same,
its number stays as its learner was told it; where it is another, the attempt is graded anew and its learner told.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from django.db import transaction
from django.db.models import Case, DecimalField, QuerySet, Value, When

from cohorts.models import Enrolment
from quizzes import attempts
from quizzes.grading import runs
from quizzes.models import Attempt, GradingRun, ItemScore
from quizzes.questions import scoring
from quizzes.regrading import letters

logger = logging.getLogger(__name__)

#: Attempts that are looked at together.
CHUNK = 500


def waiting() -> QuerySet[Attempt]:
    """Graded attempts of which nobody has asked yet whether exact points judge them otherwise; an index holds them."""
    return Attempt.objects.graded().filter(percent__isnull=True)


def finish(*, at: datetime) -> int:
    """Look at all of them and correct those that are judged otherwise; how many were corrected.

    May be stopped anywhere and called again: what is done is not done twice. One person is one transaction and gets one
    mail. Who cannot be graded is logged, keeps what they had, and does not keep back the others.
    """
    if not waiting().exists():
        return 0
    judged_otherwise = _sort_out()
    people = Attempt.objects.filter(pk__in=judged_otherwise).order_by("enrolment__user")
    corrected = 0
    for person in people.values_list("enrolment__user", flat=True).distinct():
        try:
            corrected += _correct(person, judged_otherwise, at)
        except Exception:
            logger.exception("Results of person %s could not be counted again; the next start tries again.", person)
    return corrected


class Score(NamedTuple):
    """A score in force as plain columns: there may be millions."""

    attempt: int
    competency: int
    numerator: int
    denominator: int
    points: Decimal
    worth: Decimal
    rounded: bool


COLUMNS = ("item__question_version__competency", "numerator", "denominator", "points", "worth", "run__rounded")


def in_chunks(attempts: QuerySet[Attempt]) -> Iterator[tuple[list[Attempt], dict[int, list[Score]]]]:
    """The attempts by id, CHUNK at a time, with their scores in force; two queries for each time."""
    last = 0
    while chunk := list(attempts.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        scores: dict[int, list[Score]] = {attempt.pk: [] for attempt in chunk}
        rows = ItemScore.objects.in_force().filter(run__attempt__in=list(scores))
        for row in rows.values_list("run__attempt", *COLUMNS):
            scores[row[0]].append(Score._make(row))
        yield chunk, scores


def shares(scores: Iterable[Score]) -> runs.Shares:
    """Points and worth by competency."""
    return runs.shares(
        (each.competency, _exact(each.numerator, each.denominator, each.worth), each.worth) for each in scores
    )


@lru_cache(maxsize=4096)
def _exact(numerator: int, denominator: int, worth: Decimal) -> Fraction:
    """Points; few parts of few worths come up again and again."""
    return Fraction(numerator, denominator) * Fraction(worth)


def counted(scores: Sequence[Score], of: runs.Shares) -> tuple[Decimal, Decimal]:
    """Score and percent that the scores of one run and their shares come to, in the way in which that run counted."""
    rounded = any(score.rounded for score in scores)
    exact = sum((points for points, _worth in of.values()), Fraction(0))
    total = sum((Fraction(score.points) for score in scores), Fraction(0)) if rounded else exact
    maximum = sum((worth for _points, worth in of.values()), Decimal(0))
    return scoring.kept_sum(total), scoring.percent(total, maximum)


def _sort_out() -> list[int]:
    """Let those of one verdict keep their number; ids of the others. Three queries for every CHUNK attempts."""
    others: list[int] = []
    for chunk, scores in in_chunks(waiting().select_related("quiz_version")):
        same = [attempt for attempt in chunk if _is_judged_alike(attempt, shares(scores[attempt.pk]))]
        others += sorted({attempt.pk for attempt in chunk} - {attempt.pk for attempt in same})
        _keep_numbers(same)
    return others


def _is_judged_alike(attempt: Attempt, of: runs.Shares) -> bool:
    reached = runs.reaches(attempt.quiz_version, of)
    return (attempt.passed, attempt.pass_kept) in {(reached, False), (True, not reached)}


def _keep_numbers(same: Sequence[Attempt]) -> None:
    """The percentage that was told is written down. An attempt that was graded anew meanwhile has its own."""
    facts = [
        When(pk=attempt.pk, then=Value(scoring.percent(attempt.score, attempt.maximum)))
        for attempt in same
        if attempt.score is not None
    ]
    if facts:
        percents = Case(*facts, output_field=DecimalField(max_digits=5, decimal_places=2))
        waiting().filter(pk__in=[attempt.pk for attempt in same]).update(percent=percents)


@transaction.atomic
def _correct(person: int, judged_otherwise: Sequence[int], at: datetime) -> int:
    """All such attempts of one person, and one mail; how many there were."""
    # Two who do this at once take turns, and the second one finds nothing left here. NO KEY: who closes an attempt of
    # theirs meanwhile adds rows that refer to these.
    places = Enrolment.objects.select_for_update(no_key=True).filter(user=person).order_by("pk")
    held = list(places.values_list("pk", flat=True))
    left = waiting().filter(pk__in=judged_otherwise, enrolment__in=held).values_list("pk", flat=True)
    rows = Attempt.objects.select_related("enrolment__course", "enrolment__user", "quiz__unit__lesson", "quiz_version")
    changes = []
    for attempt in rows.with_title().filter(pk__in=list(left)).order_by("pk"):
        before = letters.result(attempt)
        attempts.grade_again(attempt=attempt, reason=GradingRun.Reason.RECOUNTED, at=at)
        changes.append(letters.Correction(attempt, before))
    if changes:
        letters.recounted(to=changes[0].attempt.enrolment.user, changes=changes, at=at)
    return len(changes)
