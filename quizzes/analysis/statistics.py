"""How well an item and a quiz measure: classical test theory over plain values. No database.

Scores come in and leave as `Decimal`, exact to the place, so that "everybody got the same" is a comparison and not a
matter of rounding. Between them stands float arithmetic where a root is taken (correlation, deviation): sixteen digits
for results that are told with two. What is judged is the rounded number, the one that is shown: nobody reads "0.20"
beside a verdict that was passed on 0.1999.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from statistics import StatisticsError, correlation, fmean, stdev

TWO_PLACES, FOUR_PLACES = Decimal("0.01"), Decimal("0.0001")
#: Below this many learners nothing but their number is told: in a small cohort an answer has a face.
FEWEST = 5
#: Below this many a share or a correlation says next to nothing, and no verdict is passed.
ENOUGH = 20
#: Curriculum, section E, item upkeep: difficulty 0.30 to 0.90, point-biserial from 0.20, distractors chosen by 5%.
HARDEST, EASIEST, SHARPNESS, FUNCTIONING = Decimal("0.30"), Decimal("0.90"), Decimal("0.20"), Decimal("0.05")
#: The customary least reliability for decisions about single people in low-stakes tests (Nunnally, Psychometric Theory,
#: 1978, p. 245).
RELIABLE = Decimal("0.70")


class Finding(StrEnum):
    """What can be said of an item, the most serious first."""

    CHECK_KEY = "check_key"
    HARD = "hard"
    EASY = "easy"
    WEAK = "weak"
    UNUSED = "unused"
    WORKS = "works"
    TOO_FEW = "too_few"
    DROPPED = "dropped"


SERIOUSNESS = {finding: place for place, finding in enumerate(Finding)}


@dataclass(frozen=True)
class Item:
    """One item: how many learners, the share of them who had it fully right, their mean fraction (its difficulty) and
    its discrimination, two decimals each; None where there is nothing to compute it from."""

    answers: int = 0
    right: Decimal | None = None
    mean: Decimal | None = None
    discrimination: Decimal | None = None


@dataclass(frozen=True)
class Quiz:
    """A quiz over its attempts, in percent of the maximum: mean, standard deviation, standard error of measurement;
    `passed` is a share. `reliability` rests on `compared` attempts, those with the same places."""

    attempts: int = 0
    mean: Decimal | None = None
    deviation: Decimal | None = None
    passed: Decimal | None = None
    compared: int = 0
    reliability: Decimal | None = None
    dichotomous: bool = False
    error: Decimal | None = None


def two_places(number: float | Decimal) -> Decimal:
    """The number with two decimals, never "−0.00"."""
    return Decimal(number).quantize(TWO_PLACES) + 0


def discrimination(pairs: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """The corrected point-biserial correlation: of the item's score with the score of the rest of the attempt.

    r = Σ(x − x̄)(y − ȳ) ÷ √(Σ(x − x̄)² · Σ(y − ȳ)²), x the fraction of the item, y the share of everything else that was
    to be had. Pearson's r, which is the point-biserial where x is 0 or 1; corrected, because an item that is part of
    the total correlates with itself (Henrysson, Psychometrika 28, 1963, 211-218; Crocker and Algina, Introduction to
    Classical and Modern Test Theory, 1986, ch. 14). -1..1; None when everybody had the same x or the same y.
    """
    xs, ys = [x for x, _y in pairs], [y for _x, y in pairs]
    # Compared as decimals: floats of equal values may differ from their mean in the last digit.
    if len(set(xs)) < 2 or len(set(ys)) < 2:
        return None
    try:
        return two_places(correlation([float(x) for x in xs], [float(y) for y in ys]))
    except StatisticsError:
        return None


def rest(*, score: Decimal, maximum: Decimal, points: Decimal, worth: Decimal) -> Decimal | None:
    """What an attempt reached without one of its items, 0..1 with four decimals; None if it has no other.

    Score and points are rounded for reading, each on its own, so that their difference may leave the range.
    """
    if maximum <= worth:
        return None
    return min(max((score - points) / (maximum - worth), Decimal(0)), Decimal(1)).quantize(FOUR_PLACES)


def item(answers: Sequence[tuple[Decimal, Decimal | None]]) -> Item:
    """One item out of the (fraction, rest) of each learner; see `rest`."""
    if not answers:
        return Item()
    fractions = [fraction for fraction, _rest in answers]
    return Item(
        answers=len(answers),
        right=two_places(Decimal(sum(fraction == 1 for fraction in fractions)) / len(answers)),
        mean=two_places(sum(fractions, Decimal(0)) / len(answers)),
        discrimination=discrimination([(x, y) for x, y in answers if y is not None]),
    )


def unused(counts: Mapping[str, int], distractors: Iterable[str], *, answered: int) -> list[str]:
    """Distractors that fewer than 5% of those who answered chose; none before enough have answered."""
    if answered < ENOUGH:
        return []
    return [key for key in distractors if counts.get(key, 0) < FUNCTIONING * answered]


def findings(measured: Item, *, unused: Sequence[str] = (), dropped: bool = False) -> list[Finding]:
    """Everything that is to be said of an item, the most serious first; never empty."""
    if dropped:
        return [Finding.DROPPED]
    if measured.answers < ENOUGH or measured.mean is None:
        return [Finding.TOO_FEW]
    r = measured.discrimination
    verdicts = {
        Finding.CHECK_KEY: r is not None and r < 0,
        Finding.HARD: measured.mean < HARDEST,
        Finding.EASY: measured.mean > EASIEST,
        Finding.WEAK: r is not None and 0 <= r < SHARPNESS,
        Finding.UNUSED: bool(unused),
    }
    return [finding for finding, holds in verdicts.items() if holds] or [Finding.WORKS]


def alpha(rows: Sequence[Sequence[Decimal]]) -> Decimal | None:
    """Cronbach's coefficient alpha of a matrix with a row for each attempt and a column for each place of the quiz.

    α = k/(k − 1) · (1 − Σσ²ⱼ/σ²), σ²ⱼ the variance of column j and σ² that of the row totals (Cronbach, Psychometrika
    16, 1951, 297-334). Where every score is 0 or 1 it is formula 20 of Kuder and Richardson (Psychometrika 2, 1937,
    151-160). A place that draws from a pool holds another question for every learner: the parts are parallel at random,
    the covariances between them still estimate what attempts have in common, and differences in difficulty between the
    questions count as error, as they should where people with different questions are compared.

    At most 1, below 0 when the parts work against each other; None with fewer than two rows or columns, or when all
    totals are the same.
    """
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    places = len(rows[0])
    whole = _spread([sum(row, Decimal(0)) for row in rows])
    if not (whole / len(rows) ** 2).quantize(FOUR_PLACES):
        return None
    parts = sum((_spread(column) for column in zip(*rows, strict=True)), Decimal(0))
    return two_places(places * (whole - parts) / ((places - 1) * whole))


def _spread(values: Sequence[Decimal]) -> Decimal:
    """n² times the variance, without a division and so without rounding: n·Σx² − (Σx)²."""
    return len(values) * sum((value * value for value in values), Decimal(0)) - sum(values, Decimal(0)) ** 2


def standard_error(deviation: Decimal, reliability: Decimal) -> Decimal:
    """SEM = s·√(1 − reliability), in the unit of the deviation: about two thirds of scores lie that near to the true
    one (Crocker and Algina, 1986, ch. 6). A reliability below 0 counts as 0."""
    return two_places(deviation * (1 - max(reliability, Decimal(0))).sqrt())


def quiz(rows: Sequence[Sequence[Decimal]], *, percents: Sequence[Decimal], passed: int, dichotomous: bool) -> Quiz:
    """A quiz out of the percents of all its attempts and of those `rows` of parts, in percent, that can be compared."""
    if not percents:
        return Quiz()
    reliability = alpha(rows)
    deviation = stdev(map(float, percents)) if len(percents) > 1 else None
    error = None
    if reliability is not None:
        error = standard_error(Decimal(stdev(float(sum(row)) for row in rows)), reliability)
    return Quiz(
        attempts=len(percents),
        mean=two_places(fmean(map(float, percents))),
        deviation=None if deviation is None else two_places(deviation),
        passed=two_places(Decimal(passed) / len(percents)),
        compared=len(rows),
        reliability=reliability,
        dichotomous=dichotomous,
        error=error,
    )
