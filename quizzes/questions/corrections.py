"""What a regrade does to the scoring of one question. Pure: an answer and the regrades so far, in; its worth, out.

The `details` of a regrade, by policy:

- `accept`: `{"answers": [answer, …]}`, each in the form in which answers of the type are stored, all worth full points
  from now on; numbers with a decimal point. A numeric question may have `{"formula": name}` or `{"tolerance": {…}}` as
  well or instead: numbers that this formula gives, or that are this near, are right too.
- `new_key`: what replaces the key. single, multiple, scenario: `{"scores": {choice: score}}` · numeric: `{"formula":
  name}`, `{"tolerance": {…}}` or both · matching: `{"pairs": {left: right}}` · ordering: `{"order": [keys]}` · short:
  `{"accepted": [texts]}`. It replaces what earlier regrades decided, too.
- `full_credit`, `drop`: `{}`.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from quizzes.questions import answers, numbers, scoring

ZERO, ONE = scoring.ZERO, scoring.ONE


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
    share = scoring.fraction(type_, now.body, answer, parameters=parameters, language=language)
    for details in now.accepted:
        if share < 1:
            share = max(share, _accepted(type_, now.body, answer, details, parameters or {}, language))
    return Worth(share)


def rekeyed(type_: str, body: Mapping[str, Any], details: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body with the key that `details` gives. Raises KeyError or ValueError for details that do not fit."""
    if type_ in ("single", "multiple", "scenario"):
        scores = details["scores"]
        if set(scores) != {choice["key"] for choice in body["choices"]}:
            raise ValueError("a new key scores every choice")
        return {**body, "choices": [{**choice, "score": scores[choice["key"]]} for choice in body["choices"]]}
    if type_ == "numeric":
        return {**body, **{name: details[name] for name in ("formula", "tolerance") if name in details}}
    if type_ == "matching":
        pairs = details["pairs"]
        if set(pairs) != {pair["key"] for pair in body["pairs"]} or not set(pairs.values()) <= set(
            answers.right_keys(body)
        ):
            raise ValueError("a new key matches every line with something shown")
        # What was right before and is no longer stays among the things to choose from.
        free = set(answers.right_keys(body)) - set(pairs.values())
        return {
            **body,
            "pairs": [{**pair, "right_key": pairs[pair["key"]]} for pair in body["pairs"]],
            "extras": [{"key": key, "right_key": key} for key in sorted(free)],
        }
    if type_ == "ordering":
        by_key = {item["key"]: item for item in body["items"]}
        if sorted(details["order"]) != sorted(by_key):
            raise ValueError("a new key orders every item")
        return {**body, "items": [by_key[key] for key in details["order"]]}
    if type_ == "short":
        return {**body, "accepted": list(details["accepted"])}
    raise ValueError(f"questions of the type {type_} have no key")


def _accepted(type_, body, answer, details, parameters, language) -> Fraction:
    """1 for an answer that `details` accepts, else 0."""
    if type_ == "numeric":
        also = rekeyed(type_, body, details)
        if also != body and scoring.fraction(type_, also, answer, parameters=parameters, language=language) == 1:
            return ONE
    try:
        given = answers.check(type_, body, answer, language=language)
    except answers.AnswerRefused:
        return ZERO
    if given is None:
        return ZERO
    return ONE if any(_alike(type_, other, given, body, language) for other in details.get("answers", [])) else ZERO


def _alike(type_: str, other: Any, given: Any, body: Mapping[str, Any], language: str) -> bool:
    if type_ == "numeric":
        unit = body.get("answer_unit") or ""
        # Numbers of a regrade are written with a decimal point, whatever the learner's language.
        return numbers.read(given, unit=unit, language=language) == Decimal(str(other))
    if type_ == "short":
        return scoring.normalised(given) == scoring.normalised(other)
    # Both in the form in which answers are stored: the same ticks in another order are the same answer.
    return given == answers.check(type_, body, other)
