"""What an answer is worth: pure functions over plain values.

Fractions decide: they are exact, and three thirds are one. What is read is a Decimal, cut and never rounded up, so that
no number on a page looks like a pass that was missed or falls below a mark that was reached.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from quizzes.questions import answers, formulas, numbers, signs

ZERO, ONE = Fraction(0), Fraction(1)
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
        fitting = answers.check(type_, body, answer, language=language)
    except answers.AnswerRefused:
        return ZERO
    if fitting is None:
        return ZERO
    worth = RULES[type_](body, fitting, parameters or {}, language)
    return min(max(worth, ZERO), ONE)


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
        shown
        for places in range(POINT_PLACES, MARK_PLACES)
        for shown in (_inside(total, worth, places), cut(total, places))
    )
    return next(
        (
            each
            for each in nearest_then_cut
            if all(reaches(each, worth=worth, percent=mark) is met for mark, met in verdicts)
        ),
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


# ---- By type ---------------------------------------------------------------------------------------------------------


def _single(body, answer: str, _parameters, _language) -> Fraction:
    return ONE if _scores(body)[answer] == 1 else ZERO


def _scenario(body, answer: str, _parameters, _language) -> Fraction:
    """Best 2, acceptable 1, else 0."""
    return Fraction(_scores(body)[answer], 2)


class Parts(NamedTuple):
    """What counts of an answer where parts of it do: `right` less `wrong`, out of `of`."""

    right: int
    wrong: int
    of: int

    @property
    def fraction(self) -> Fraction:
        """0..1, but below 0 where more is wrong than right."""
        return Fraction(self.right - self.wrong, self.of)


def parts(type_: str, body: Mapping[str, Any], answer: Any) -> Parts | None:
    """The parts of a fitting answer; None where only the whole of it counts."""
    count = PARTS.get(type_)
    return count(body, answer) if count else None


def _ticked(body, answer: Sequence[str]) -> Parts | None:
    """`all`: everything right or nothing · `each`: choices judged correctly, ticked or not · `right_minus_wrong`: of
    those that are right, so that ticking everything gains nothing."""
    key = {choice for choice, score in _scores(body).items() if score}
    chosen, credit = set(answer), body.get("credit", "all")
    if credit == "each":
        return Parts(len(_scores(body)) - len(key ^ chosen), 0, len(_scores(body)))
    if credit == "right_minus_wrong":
        return Parts(len(key & chosen), len(chosen - key), len(key))
    return None


def _multiple(body, answer: Sequence[str], _parameters, _language) -> Fraction:
    counted = _ticked(body, answer)
    if counted:
        return counted.fraction
    return ONE if {choice for choice, score in _scores(body).items() if score} == set(answer) else ZERO


def within(given: Decimal, right: Decimal, tolerance: Mapping[str, Any]) -> bool:
    """Whether a number is near enough: `{"percent": p}` of the right value or `{"absolute": a}`; exact without them."""
    if "percent" in tolerance:
        allowed = abs(right) * Decimal(str(tolerance["percent"])) / 100
    else:
        allowed = Decimal(str(tolerance.get("absolute", 0)))
    return abs(given - right) <= allowed


def _numeric(body, answer: str, parameters: Mapping[str, Any], language: str) -> Fraction:
    given = numbers.read(answer, unit=body.get("answer_unit") or "", language=language)
    right = formulas.compute(body["formula"], parameters)
    return ONE if within(given, right, body.get("tolerance") or {}) else ZERO


def shown_number(body: Mapping[str, Any], *, parameters: Mapping[str, Any], language: str) -> str:
    """The right number as a reader of `language` is shown it, without its unit: rounded by `numbers.rounded`.

    Questions in which it would not count when somebody types it are refused (`quizzes.content.rules`).
    """
    right = formulas.compute(body["formula"], parameters)
    return numbers.write(numbers.rounded(right), language=language)


def mistake(body: Mapping[str, Any], answer: str, *, parameters: Mapping[str, Any], language: str) -> int | None:
    """Which of the known mistakes leads to this number: its place in `body["mistakes"]`, or None."""
    given = numbers.read(answer, unit=body.get("answer_unit") or "", language=language)
    for place, known in enumerate(body.get("mistakes") or []):
        if within(given, formulas.compute(known["formula"], parameters), body.get("tolerance") or {}):
            return place
    return None


def _matched(body, answer: Mapping[str, str]) -> Parts:
    right = sum(answer.get(pair["key"]) == pair["right_key"] for pair in body["pairs"])
    return Parts(right, 0, len(body["pairs"]))


def _matching(body, answer: Mapping[str, str], _parameters, _language) -> Fraction:
    return _matched(body, answer).fraction


def _neighbours(body, answer: Sequence[str]) -> Parts | None:
    """`neighbours`: the pairs of neighbours in the right order that stand so in the answer; `all`: all or nothing.
    Neighbours keep their worth when a whole stretch was put too late."""
    key = [item["key"] for item in body["items"]]
    if body.get("credit") == "all" or len(key) < 2:
        return None
    return Parts(len(set(pairwise(key)) & set(pairwise(answer))), 0, len(key) - 1)


def _ordering(body, answer: Sequence[str], _parameters, _language) -> Fraction:
    counted = _neighbours(body, answer)
    if counted:
        return counted.fraction
    return ONE if list(answer) == [item["key"] for item in body["items"]] else ZERO


PARTS: dict[str, Callable[[Any, Any], Parts | None]] = {
    "multiple": _ticked,
    "matching": _matched,
    "ordering": _neighbours,
}


def normalised(text: str) -> str:
    """A short text as it is compared: Unicode NFKC, no capitals, one kind of quote and dash, single spaces, and no full
    stops at its end. Nothing else is forgiven: a letter that is missing is a wrong answer."""
    # NFKC makes a space and an accent of an accent that stands alone, so those are exchanged before it.
    plain = unicodedata.normalize("NFC", text).translate(signs.ALIKE)
    plain = unicodedata.normalize("NFKC", plain).casefold()
    # Taking the capitals away may take composed letters apart again, and NFKC makes hyphens of others.
    plain = unicodedata.normalize("NFKC", plain).translate(signs.ALIKE)
    return re.sub(r"\s+", " ", plain).strip().rstrip(". ")


def _short(body, answer: str, _parameters, _language) -> Fraction:
    given = normalised(answer)
    return ONE if any(normalised(text) == given for text in body["accepted"]) else ZERO


def known_mistake(body: Mapping[str, Any], answer: str) -> int | None:
    """Which of the known mistakes of a short text was written: its place in `body["mistakes"]`, or None."""
    given = normalised(answer)
    for place, known in enumerate(body.get("mistakes") or []):
        if normalised(known["text"]) == given:
            return place
    return None


def _long(_body, _answer: str, _parameters, _language) -> Fraction:
    raise NeedsReading


class NeedsReading(Exception):
    """A person has to read the answer; nothing can be computed."""


def rubric_fraction(body: Mapping[str, Any], levels: Mapping[str, int]) -> Fraction:
    """What a long text is worth, 0..1: the steps above the lowest level of each criterion that were
    reached, of all there are. `levels` gives for each criterion (by key) its level from 1. Raises ValueError.
    """
    criteria = {criterion["key"]: len(criterion["levels"]) for criterion in body["criteria"]}
    if set(levels) != set(criteria) or not all(1 <= levels[key] <= most for key, most in criteria.items()):
        raise ValueError("one level of each criterion is wanted, counted from 1")
    reached = sum(level - 1 for level in levels.values())
    return Fraction(reached, sum(most - 1 for most in criteria.values()))


def _scores(body) -> dict[str, int]:
    return {choice["key"]: choice["score"] for choice in body["choices"]}


RULES: dict[str, Callable[[Any, Any, Any, str], Fraction]] = {
    "single": _single,
    "multiple": _multiple,
    "scenario": _scenario,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "short": _short,
    "long": _long,
}
