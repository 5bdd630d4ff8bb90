"""What an answer is worth: pure functions over plain values.

Fractions decide: they are exact, and three thirds are one. What is read is a Decimal, cut and never rounded up, so that
no number on a page looks like a pass that was missed or falls below a mark that was reached.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from quizzes.questions import answers
from quizzes.questions.types import TYPES
from quizzes.questions.types.arithmetic import shown_number
from quizzes.questions.types.base import ONE, ZERO, NeedsReading
from quizzes.questions.types.long import rubric_fraction
from quizzes.questions.types.texts import known_mistake, normalised

__all__ = ["ONE", "ZERO", "NeedsReading", "fraction", "known_mistake", "normalised", "rubric_fraction", "shown_number"]

#: Decimal places of a fraction and of points for reading.
FRACTION_PLACES, POINT_PLACES = 4, 2
#: Worths and marks have two places each, so a mark in points (mark × worth ÷ 100) has at most six.
MARK_PLACES = 6


def fraction(
    type_: str,
    body: Mapping[str, Any],
    answer: Any,
    *,
    parameters: Mapping[str, Any] | None = None,
    language: str = "en-gb",
) -> Fraction:
    """How much of the question was answered rightly, 0..1, exactly.

    `parameters` are the numbers that were drawn for a numeric question, `language` decides how its answer is read.
    An empty answer is worth 0, and so is one that does not fit the question. Raises NeedsReading for a long text.
    """
    try:
        fitting = answers.fitting(type_, body, answer, language=language)
    except answers.AnswerRefused:
        return ZERO
    if fitting is None:
        return ZERO
    return within_bounds(TYPES[type_].fraction(body, fitting, parameters or {}, language))


def within_bounds(share: Fraction) -> Fraction:
    return min(max(share, ZERO), ONE)


def reaches(score: Fraction | Decimal, *, worth: Decimal, percent: Decimal) -> bool:
    """Whether a score is at least so many percent of what could be had. The one comparison with a mark or a floor."""
    return Fraction(score) * 100 >= Fraction(percent) * Fraction(worth)


def passes(*, score: Fraction | Decimal, maximum: Decimal, pass_percent: Decimal) -> bool:
    """The pass rule. Compared exactly and without dividing: no rounding carries anybody over the mark or below it."""
    return maximum > 0 and reaches(score, worth=maximum, percent=pass_percent)


def meets_floor(shares: Iterable[tuple[Fraction, Decimal]], *, floor_percent: Decimal | None) -> bool:
    """Whether each (points, worth), one pair for each competency, reaches the floor; what is worth nothing always does.

    Curriculum, section E: passing takes the cut score and the floor in every competency.
    """
    return floor_percent is None or all(reaches(points, worth=worth, percent=floor_percent) for points, worth in shares)


# ---- For reading -----------------------------------------------------------------------------------------------------


def cut(value: Fraction | Decimal, places: int) -> Decimal:
    """A number (0 or more) with so many decimal places, the rest left away."""
    return Decimal(int(Fraction(value) * 10**places)).scaleb(-places)


def shown_fraction(share: Fraction) -> Decimal:
    """A fraction with four decimals: the nearest, but 0 and 1 only for what is 0 and 1."""
    return _inside(share, ONE, FRACTION_PLACES)


def shown_points(share: Fraction, worth: Decimal) -> Decimal:
    """Points of one item with two decimals: the nearest, but none and all only for what is worth none and all."""
    return _inside(share * Fraction(worth), worth, POINT_PLACES)


def _inside(value: Fraction, most: Fraction | Decimal, places: int) -> Decimal:
    """The nearest with so many decimals; 0 and `most` only for what is 0 and `most`."""
    least = Decimal(1).scaleb(-places)
    nearest = (Decimal(value.numerator) / value.denominator).quantize(least, rounding=ROUND_HALF_EVEN)
    if not 0 < value < Fraction(most):
        return nearest
    return max(min(nearest, cut(most, places) - least), least)


def shown_sum(total: Fraction, *, worth: Decimal, marks: Iterable[Decimal] = ()) -> Decimal:
    """Points of several items for reading: the nearest two decimals, as of one item, so that sum and rows agree.

    Where that would stand on the other side of one of the `marks` (percent of `worth`) they are cut; where that would,
    too, there are as many decimals as it takes, at most six.
    """
    verdicts = [(mark, reaches(total, worth=worth, percent=mark)) for mark in marks]
    nearest_then_cut = (
        total_shown
        for places in range(POINT_PLACES, MARK_PLACES)
        for total_shown in (_inside(total, worth, places), cut(total, places))
    )
    return next(
        (
            each
            for each in nearest_then_cut
            if all(reaches(each, worth=worth, percent=mark) is met for mark, met in verdicts)
        ),
        cut(total, MARK_PLACES),
    )


def cut_sum(total: Fraction, *, worth: Decimal, marks: Iterable[Decimal] = ()) -> Decimal:
    """Points of several items beside a score that is cut: cut as well, after two decimals.

    Where that would fall below one of the `marks` (percent of `worth`) that is reached there are as many decimals as it
    takes, at most six.
    """
    met = [mark for mark in marks if reaches(total, worth=worth, percent=mark)]
    cuts = (cut(total, places) for places in range(POINT_PLACES, MARK_PLACES))
    return next(
        (each for each in cuts if all(reaches(each, worth=worth, percent=mark) for mark in met)),
        cut(total, MARK_PLACES),
    )


def kept_sum(total: Fraction) -> Decimal:
    """Points of an attempt as its row keeps them: cut after two decimals, as its percentage."""
    return cut(total, POINT_PLACES)


def percent(score: Fraction | Decimal, maximum: Decimal) -> Decimal:
    """Score in percent of the maximum, cut after two decimals; 0 where nothing could be had.

    Marks have two decimals too: the percentage reaches exactly those marks that the score reaches.
    """
    return cut(Fraction(score) * 100 / Fraction(maximum), 2) if maximum else Decimal("0.00")


def shown_percent(percent: Decimal, *, pass_percent: Decimal) -> Decimal:
    """A percentage for reading: as precise as the pass mark, cut, so that it never looks like a pass that it is not."""
    exponent = min(int(pass_percent.normalize().as_tuple().exponent), 0)
    return percent.quantize(Decimal(1).scaleb(exponent), rounding=ROUND_DOWN)
