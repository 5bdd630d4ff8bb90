"""What an answer is worth: pure functions over plain values, Decimal only."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise
from typing import Any

from quizzes import answers, formulas, numbers

ZERO, ONE = Decimal(0), Decimal(1)
FOUR_PLACES, TWO_PLACES = Decimal("0.0001"), Decimal("0.01")
#: Signs that look alike on a keyboard: typographic quotes, accents that stand for an apostrophe, dashes. What cannot be
#: seen, and comes along when a text is pasted, is left away.
SIGNS = str.maketrans(
    dict.fromkeys("‘’´`", "'")
    | dict.fromkeys("“”„", '"')
    | dict.fromkeys("–—−‐‑", "-")
    # Soft hyphen, zero width space, non-joiner and joiner, word joiner, byte order mark.
    | dict.fromkeys(map(chr, (0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)), None)
)


def fraction(
    type_: str,
    body: Mapping[str, Any],
    answer: Any,
    *,
    parameters: Mapping[str, Any] | None = None,
    language: str = "en-gb",
) -> Decimal:
    """How much of the question was answered rightly, 0..1 with four decimals.

    `parameters` are the numbers that were drawn for a numeric question, `language` decides how its answer is read.
    An empty answer is worth 0, and so is one that does not fit the question. Raises NeedsReading for a long text.
    """
    try:
        fitting = answers.check(type_, body, answer, language=language)
    except answers.AnswerRefused:
        return ZERO.quantize(FOUR_PLACES)
    if fitting is None:
        return ZERO.quantize(FOUR_PLACES)
    worth = RULES[type_](body, fitting, parameters or {}, language)
    return min(max(worth, ZERO), ONE).quantize(FOUR_PLACES)


def points(share: Decimal, worth: Decimal) -> Decimal:
    """Points for a fraction of an item that is worth `worth`, two decimals."""
    return (share * worth).quantize(TWO_PLACES)


def passes(*, score: Decimal, maximum: Decimal, pass_percent: Decimal) -> bool:
    """The pass rule. Compared without dividing, so that no rounding carries anybody over the mark."""
    return maximum > 0 and score * 100 >= pass_percent * maximum


def meets_floor(shares: Iterable[tuple[Decimal, Decimal]], *, floor_percent: Decimal | None) -> bool:
    """Whether each (points, worth), one pair for each competency, reaches the floor; what is worth nothing always does.

    Curriculum, section E: passing takes the cut score and the floor in every competency.
    """
    return floor_percent is None or all(points * 100 >= floor_percent * worth for points, worth in shares)


def shown_percent(percent: Decimal, *, pass_percent: Decimal) -> Decimal:
    """A percentage for reading: as precise as the pass mark, rounded down, so that it never looks like a pass."""
    exponent = min(int(pass_percent.normalize().as_tuple().exponent), 0)
    return percent.quantize(Decimal(1).scaleb(exponent), rounding=ROUND_DOWN)


def _single(body, answer: str, _parameters, _language) -> Decimal:
    return ONE if _scores(body)[answer] == 1 else ZERO


def _scenario(body, answer: str, _parameters, _language) -> Decimal:
    """Best 2, acceptable 1, else 0."""
    return Decimal(_scores(body)[answer]) / 2


def _multiple(body, answer: Sequence[str], _parameters, _language) -> Decimal:
    """`all`: everything right or nothing · `each`: share of choices judged rightly · `right_minus_wrong`: (right −
    wrong) ÷ number right, so that ticking everything gains nothing."""
    key = {choice for choice, score in _scores(body).items() if score}
    chosen, credit = set(answer), body.get("credit", "all")
    if credit == "each":
        return Decimal(len(_scores(body)) - len(key ^ chosen)) / len(_scores(body))
    if credit == "right_minus_wrong":
        return Decimal(len(key & chosen) - len(chosen - key)) / len(key)
    return ONE if key == chosen else ZERO


def within(given: Decimal, right: Decimal, tolerance: Mapping[str, Any]) -> bool:
    """Whether a number is near enough: `{"percent": p}` of the right value or `{"absolute": a}`; exact without them."""
    if "percent" in tolerance:
        allowed = abs(right) * Decimal(str(tolerance["percent"])) / 100
    else:
        allowed = Decimal(str(tolerance.get("absolute", 0)))
    return abs(given - right) <= allowed


def _numeric(body, answer: str, parameters: Mapping[str, Any], language: str) -> Decimal:
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


def _matching(body, answer: Mapping[str, str], _parameters, _language) -> Decimal:
    right = sum(answer.get(pair["key"]) == pair["right_key"] for pair in body["pairs"])
    return Decimal(right) / len(body["pairs"])


def _ordering(body, answer: Sequence[str], _parameters, _language) -> Decimal:
    """`neighbours`: share of the pairs of neighbours in the right order that stand so in the answer; `all`: all or
    nothing. Neighbours keep their worth when a whole stretch was put too late."""
    key = [item["key"] for item in body["items"]]
    if body.get("credit") == "all" or len(key) < 2:
        return ONE if list(answer) == key else ZERO
    return Decimal(len(set(pairwise(key)) & set(pairwise(answer)))) / (len(key) - 1)


def normalised(text: str) -> str:
    """A short text as it is compared: Unicode NFKC, no capitals, one kind of quote and dash, single spaces, and no full
    stops at its end. Nothing else is forgiven: a letter that is missing is a wrong answer."""
    # NFKC makes a space and an accent of an accent that stands alone, so those are exchanged before it.
    plain = unicodedata.normalize("NFC", text).translate(SIGNS)
    plain = unicodedata.normalize("NFKC", plain).casefold()
    # Taking the capitals away may take composed letters apart again, and NFKC makes hyphens of others.
    plain = unicodedata.normalize("NFKC", plain).translate(SIGNS)
    return re.sub(r"\s+", " ", plain).strip().rstrip(". ")


def _short(body, answer: str, _parameters, _language) -> Decimal:
    given = normalised(answer)
    return ONE if any(normalised(text) == given for text in body["accepted"]) else ZERO


def known_mistake(body: Mapping[str, Any], answer: str) -> int | None:
    """Which of the known mistakes of a short text was written: its place in `body["mistakes"]`, or None."""
    given = normalised(answer)
    for place, known in enumerate(body.get("mistakes") or []):
        if normalised(known["text"]) == given:
            return place
    return None


def _long(_body, _answer: str, _parameters, _language) -> Decimal:
    raise NeedsReading


class NeedsReading(Exception):
    """A person has to read the answer; nothing can be computed."""


def rubric_fraction(body: Mapping[str, Any], levels: Mapping[str, int]) -> Decimal:
    """What a long text is worth, 0..1 with four decimals: the steps above the lowest level of each criterion that were
    reached, of all there are. `levels` gives for each criterion (by key) its level from 1. Raises ValueError.
    """
    criteria = {criterion["key"]: len(criterion["levels"]) for criterion in body["criteria"]}
    if set(levels) != set(criteria) or not all(1 <= levels[key] <= most for key, most in criteria.items()):
        raise ValueError("one level of each criterion is wanted, counted from 1")
    reached = sum(level - 1 for level in levels.values())
    return (Decimal(reached) / sum(most - 1 for most in criteria.values())).quantize(FOUR_PLACES)


def _scores(body) -> dict[str, int]:
    return {choice["key"]: choice["score"] for choice in body["choices"]}


RULES: dict[str, Callable[[Any, Any, Any, str], Decimal]] = {
    "single": _single,
    "multiple": _multiple,
    "scenario": _scenario,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "short": _short,
    "long": _long,
}
