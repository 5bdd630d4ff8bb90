"""Numbers that are worked out, and answers beside them: what is near enough, and which mistake leads where. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from quizzes.questions import formulas, numbers
from quizzes.questions.types.answered import Body


def within(number: Decimal, right: Decimal, tolerance: Mapping[str, Any]) -> bool:
    """Whether a number is near enough: `{"percent": p}` of the right value or `{"absolute": a}`; exact without them."""
    if "percent" in tolerance:
        allowed = abs(right) * Decimal(str(tolerance["percent"])) / 100
    else:
        allowed = Decimal(str(tolerance.get("absolute", 0)))
    return abs(number - right) <= allowed


def unit_of(body: Body) -> str:
    return body.get("answer_unit") or ""


def number_typed(body: Body, answer: str, *, language: str) -> Decimal:
    """The number that was typed. Raises `numbers.Unreadable`."""
    return numbers.read(answer, unit=unit_of(body), language=language)


def is_right(body: Body, answer: str, *, parameters: Mapping[str, Any], language: str) -> bool:
    """Whether what was typed is the right number, or near enough."""
    try:
        number = number_typed(body, answer, language=language)
    except numbers.Unreadable:
        return False
    return within(number, formulas.compute(body["formula"], parameters), body.get("tolerance") or {})


def shown_number(body: Body, *, parameters: Mapping[str, Any], language: str) -> str:
    """The right number as a reader of `language` is shown it, without its unit: rounded by `numbers.rounded`.

    Questions in which it would not count when somebody types it are refused (`numeric_rules`).
    """
    return formula_shown(body["formula"], parameters, language=language)


def formula_shown(formula: str, parameters: Mapping[str, Any], *, language: str = "en-gb") -> str:
    """What a formula gives, as a reader is shown it."""
    return numbers.write(numbers.rounded(formulas.compute(formula, parameters)), language=language)


def mistake(body: Body, answer: str, *, parameters: Mapping[str, Any], language: str) -> int | None:
    """Which of the known mistakes leads to this number: its place in `body["mistakes"]`, or None."""
    number = number_typed(body, answer, language=language)
    for place, known in enumerate(body.get("mistakes") or []):
        if within(number, formulas.compute(known["formula"], parameters), body.get("tolerance") or {}):
            return place
    return None


def excused(key: Body, mistakes: Sequence[Mapping[str, Any]], accepted: Sequence[Any]) -> set[int]:
    """The places of those known mistakes whose number a correction counts as right: by its key, or beside it."""
    parameters, tolerance = key.get("parameters") or {}, key.get("tolerance") or {}
    right, also = formulas.compute(key["formula"], parameters), {Decimal(str(answer)) for answer in accepted}
    numbers_of = [formulas.compute(known["formula"], parameters) for known in mistakes]
    return {place for place, number in enumerate(numbers_of) if within(number, right, tolerance) or number in also}
