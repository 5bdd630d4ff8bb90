"""The draw: which questions a learner gets, in which order their choices stand, which numbers they carry. Pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from quizzes.questions.types import TYPES


@dataclass(frozen=True)
class Pool:
    """One slot: the questions (ids) it may draw, in their written order, and how many; None draws all."""

    questions: Sequence[int]
    pick: int | None = None


def questions(pools: Sequence[Pool], *, had: Mapping[int, int], rng: random.Random) -> list[int]:
    """The questions of one attempt, slot by slot, none twice.

    A slot without `pick` gives all its questions in written order. Otherwise those that this learner has had least
    often (`had`: id → number of earlier attempts) come first, at random among equals; a pool with fewer gives what it
    has.
    """
    drawn: list[int] = []
    for pool in pools:
        free = [question for question in pool.questions if question not in drawn]
        if pool.pick is not None:
            rng.shuffle(free)
            free = sorted(free, key=lambda question: had.get(question, 0))[: pool.pick]
            rng.shuffle(free)  # or the ones had before would always stand last
        drawn += free
    return drawn


def order(type_: str, body: Mapping[str, Any], *, rng: random.Random, stem: str = "") -> list[str]:
    """Keys of the choices, right sides or items in the order in which they will be shown; empty for what is typed.

    Choices are shuffled unless they keep their order (`choice_order`, which looks at the wording, `stem`).
    Items to be ordered never start in the right order: leaving them alone must not be an answer by luck.
    """
    return TYPES[type_].order(stem, body, rng)


def parameters(body: Mapping[str, Any], *, rng: random.Random) -> dict[str, int | str]:
    """The numbers of a numeric question: fixed ones as they are, ranges drawn at their steps.

    Fractions are given as text, because JSON would make floats of them.
    """
    return {name: _plain(_value(value, rng)) for name, value in (body.get("parameters") or {}).items()}


def _value(parameter, rng: random.Random) -> Decimal:
    if not isinstance(parameter, Mapping):
        return Decimal(str(parameter))
    low, high, step = (Decimal(str(parameter[part])) for part in ("min", "max", "step"))
    return low + step * rng.randint(0, int((high - low) // step))


def _plain(value: Decimal) -> int | str:
    return int(value) if value == value.to_integral_value() else str(value)
