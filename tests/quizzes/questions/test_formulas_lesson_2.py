"""The formulas of lesson 2, checked against the numbers of its text."""

from decimal import Decimal

import pytest

from quizzes.questions import formulas

ROWS = {"shared": 1, "empty": 1, "undone": 1, "crowded": 1}
CFO = {"power": 5, "interest": 4, "attitude": -1, "desired": 1}


@pytest.mark.parametrize(
    ("name", "value"),
    [("raci_errors", 3), ("raci_errors_and_warnings", 4), ("raci_rows_without_single_a", 2)],
)
def test_rows_of_a_decision_matrix(name, value):
    assert formulas.compute(name, ROWS) == value


@pytest.mark.parametrize(
    ("person", "power", "interest", "attitude", "gap"),
    [
        ("CFO", 5, 4, -1, "10"),
        ("CISO", 3, 4, -2, "9"),
        ("CPO", 4, 5, 0, "5"),
        ("sales", 4, 4, 0, "4"),
        ("works council", 3, 3, 0, "2.25"),
        ("CEO", 5, 5, 1, "0"),
        ("CFO at zero", 5, 4, 0, "5"),
        ("audit chair", 5, 2, 0, "2.5"),
    ],
)
def test_influence_gap_of_harbourline(person, power, interest, attitude, gap):
    numbers = {"power": power, "interest": interest, "attitude": attitude, "desired": 1}
    assert formulas.compute("influence_gap", numbers) == Decimal(gap), person


def test_influence_gap_has_its_limits():
    assert formulas.compute("influence_gap", {"power": 5, "interest": 5, "attitude": -2, "desired": 2}) == 25
    assert formulas.compute("influence_gap", CFO | {"attitude": 2}) == 0


def test_wrong_ways_to_the_gap():
    assert formulas.compute("influence_weight", CFO) == 20
    assert formulas.compute("influence_gap_halved", CFO) == 5
