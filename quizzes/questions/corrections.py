"""What a regrade does to the scoring of one question. Pure: an answer and the regrades so far, in; its worth, out.

The `details` of a regrade, by policy:

- `accept`: `{"answers": [answer, …]}`, each in the form in which answers of the type are stored, all worth full points
  from now on; numbers with a decimal point. A numeric question may have `{"formula": name}` or `{"tolerance": {…}}` as
  well or instead: numbers that this formula gives, or that are this near, are right too.
- `new_key`: what replaces the key, the fields that the type names (`QuestionType.key_shape`): `{"scores": {choice:
  score}}`, `{"order": [keys]}`, `{"accepted": [texts]}`. It replaces what earlier regrades decided, too.
- `full_credit`, `drop`: `{}`.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from quizzes.questions import answers, scoring
from quizzes.questions.scoring import ONE, ZERO
from quizzes.questions.types import TYPES


class Rule(NamedTuple):
    """A regrade without its row."""

    policy: str
    details: Mapping[str, Any]


class Worth(NamedTuple):
    """What an answer is worth: a fraction 0..1 of its item; `dropped` items count neither for nor against anybody."""

    fraction: Fraction
    dropped: bool = False


class Standing(NamedTuple):
    """What all regrades of a question together come to."""

    body: Mapping[str, Any]
    accepted: Sequence[Mapping[str, Any]] = ()
    full_credit: bool = False
    dropped: bool = False


def standing(type_: str, body: Mapping[str, Any], rules: Iterable[Rule]) -> Standing:
    """The rules applied in their order; a new key begins anew."""
    now = Standing(body)
    for rule in rules:
        if rule.policy == "new_key":
            now = Standing(rekeyed(type_, now.body, rule.details))
        elif rule.policy == "accept":
            now = now._replace(accepted=[*now.accepted, rule.details])
        elif rule.policy == "full_credit":
            now = now._replace(full_credit=True)
        elif rule.policy == "drop":
            now = now._replace(dropped=True)
        else:
            raise ValueError(f"unknown policy: {rule.policy}")
    return now


def worth(
    type_: str,
    body: Mapping[str, Any],
    answer: Any,
    *,
    parameters: Mapping[str, Any] | None = None,
    language: str = "en-gb",
    rules: Sequence[Rule] = (),
) -> Worth:
    """What an answer is worth after the regrades. Raises `scoring.NeedsReading` for a long text that was answered."""
    now = standing(type_, body, rules)
    if now.dropped:
        return Worth(ZERO, dropped=True)
    if now.full_credit:
        return Worth(ONE)
    try:
        fitting = answers.fitting(type_, now.body, answer, language=language)
    except answers.AnswerRefused:
        fitting = None
    if fitting is None:
        return Worth(ZERO)
    share = TYPES[type_].corrected(now.body, fitting, now.accepted, parameters or {}, language)
    return Worth(scoring.within_bounds(share))


def rekeyed(type_: str, body: Mapping[str, Any], details: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body with the key that `details` gives. Raises KeyError or ValueError for details that do not fit."""
    return TYPES[type_].rekeyed(body, details)
