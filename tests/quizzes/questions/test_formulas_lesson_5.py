"""The formulas of lesson 5 against the worked numbers of the course: the delegation heuristic (fictional decisions)."""

import itertools
from decimal import Decimal

import pytest

from quizzes.questions import formulas


@pytest.mark.parametrize(
    ("decision", "inputs", "level"),
    [
        ("library", (4, 1, 1), 6),
        ("coding standard", (5, 1, 1), 7),
        ("on-call rota", (4, 2, 1), 6),
        ("senior hire", (4, 3, 2), 5),
        ("roadmap trade", (4, 4, 2), 4),
        ("vendor for €200k", (3, 4, 2), 3),
        ("re-organisation", (3, 5, 2), 3),
        ("cloud provider", (3, 5, 3), 2),
        ("capped: best receiver, worst stakes", (5, 5, 3), 3),
        ("half up: 6x = 1.5", (1, 5, 1), 3),
    ],
)
def test_delegation_level(decision, inputs, level):
    competence, impact, irreversibility = inputs
    numbers = {"competence": competence, "impact": impact, "irreversibility": irreversibility}
    assert formulas.compute("delegation_level", numbers) == level, decision


def test_delegation_level_stays_between_tell_and_delegate():
    levels = {
        formulas.compute("delegation_level", {"competence": c, "impact": i, "irreversibility": v})
        for c, i, v in itertools.product(range(1, 6), range(1, 6), range(1, 4))
    }
    assert levels == {Decimal(level) for level in range(1, 8)}


@pytest.mark.parametrize(
    ("name", "value"),
    [("delegation_level", 5), ("delegation_level_rounded_down", 4), ("delegation_level_without_impact", 6)],
)
def test_mistakes_with_a_senior_hire(name, value):
    numbers = {"competence": 4, "impact": 3, "irreversibility": 2}
    assert formulas.compute(name, numbers) == value
