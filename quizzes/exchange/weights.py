"""Choices with weights in percent, as other systems have them, and our three ways of giving credit.

| ours | right choices | wrong choices |
|---|---|---|
| single | one with 100 | 0 |
| scenario | one with 100, acceptable ones with 50 | 0 |
| multiple, right_minus_wrong | 100 ÷ number right | −100 ÷ number right |
| multiple, all | 100 ÷ number right | −100 |
| multiple, each | 100 ÷ number right | 0 |
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quizzes.exchange.records import Fields, QuestionRefused
from quizzes.questions.types import TYPES

HUNDRED = Decimal(100)
#: Other systems round shares like 33.333 at different places.
NEAR = Decimal("0.01")


def near(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= NEAR


def share(number: int) -> Decimal:
    """The weight of one of `number` right choices, with the five places that Moodle keeps."""
    return (HUNDRED / number).quantize(Decimal("0.00001"))


def weights_of(record: Mapping[str, Any]) -> list[Decimal]:
    """The weight of each choice in percent."""
    scores = [choice["score"] for choice in record["choices"]]
    kind = TYPES[record["type"]]
    if kind.has_best:
        return [HUNDRED * score / kind.points(record) for score in scores]
    right = share(sum(scores))
    wrong = {"all": -HUNDRED, "each": Decimal(0), "right_minus_wrong": -right}[record["credit"]]
    return [right if score else wrong for score in scores]


def choices_of(
    answers: Sequence[tuple[Decimal, str, str]], *, several: bool, tags: set[str], warnings: list[str]
) -> Fields:
    """The fields of a question with choices from (weight, text, feedback) of each. Raises QuestionRefused."""
    weights = [weight for weight, _text, _feedback in answers]
    type_, credit, scores = several_of(weights, tags) if several else one_of(weights, tags, warnings)
    choices = [
        {"text": text, "score": score, "feedback": feedback}
        for score, (_weight, text, feedback) in zip(scores, answers, strict=True)
    ]
    if credit == "each" and "credit:each" not in tags:
        warnings.append(_("Wrong ticks cost nothing there; here each choice that is judged correctly counts."))
    return {"type": type_} | ({"credit": credit} if credit else {}) | {"choices": choices}


def one_of(weights: list[Decimal], tags: set[str], warnings: list[str]) -> tuple[str, str, list[int]]:
    """Single or scenario: (type, "", scores)."""
    if any(weight < 0 for weight in weights):
        warnings.append(_("Points taken away for a wrong choice are left out."))
    weights = [max(weight, Decimal(0)) for weight in weights]
    if sum(near(weight, HUNDRED) for weight in weights) != 1:
        raise QuestionRefused(_("Exactly one choice has to be fully right (100%)."))
    between = [weight for weight in weights if 0 < weight < HUNDRED and not near(weight, HUNDRED)]
    if any(not near(weight, HUNDRED / 2) for weight in between):
        raise QuestionRefused(_("A choice is worth 100%, 50% or nothing here; other shares have no counterpart."))
    if between and "scenario" not in tags:
        warnings.append(_("It has a choice that is half right, so it becomes a scenario: best 2, acceptable 1."))
    if between or "scenario" in tags:
        return "scenario", "", [round(weight / 50) for weight in weights]
    return "single", "", [round(weight / 100) for weight in weights]


def several_of(weights: list[Decimal], tags: set[str]) -> tuple[str, str, list[int]]:
    """Multiple: (type, credit, scores)."""
    positive = [weight for weight in weights if weight > 0]
    wrong = [weight for weight in weights if weight <= 0]
    if not positive or not all(near(weight, HUNDRED / len(positive)) for weight in positive):
        raise QuestionRefused(_("All right choices have to weigh the same, together 100%; these do not."))
    scores = [int(weight > 0) for weight in weights]
    right = HUNDRED / len(positive)
    credits = [
        credit
        for credit, weight in (("right_minus_wrong", -right), ("all", -HUNDRED), ("each", Decimal(0)))
        if all(near(other, weight) for other in wrong)
    ]
    if not credits:
        raise QuestionRefused(_("All wrong choices have to weigh the same: nothing, as much as a right one, or −100%."))
    # With one right choice two of the rules are one; with no wrong one all of them are.
    tagged = [credit for credit in credits if f"credit:{credit}" in tags]
    return "multiple", (tagged or credits)[0], scores
