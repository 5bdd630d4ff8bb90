"""The formulas of lesson 6, checked against the worked numbers of the course."""

from decimal import Decimal

import pytest

from quizzes.questions import formulas

LEDGER = {
    "waste_percent": "26.2",
    "bill": 1440,
    "upkeep": 90,
    "cloud_weeks": 8,
    "late_margin": 720,
    "late_weeks": 26,
    "downtime_cost": "118.4",
    "downtime_weeks": 12,
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("best_leak_per_week", "35.9"),
        ("late_features_per_week", "27.7"),
        ("downtime_per_week", "9.9"),
        ("cloud_waste_per_week_before_upkeep", "47.2"),
    ],
)
def test_leaks_of_the_worked_ledger(name, value):
    assert formulas.compute(name, LEDGER).quantize(Decimal("0.1")) == Decimal(value)


def test_another_leak_may_come_first():
    assert formulas.compute("best_leak_per_week", LEDGER | {"late_weeks": 20}) == 36
    assert formulas.compute("best_leak_per_week", LEDGER | {"downtime_weeks": 1}) == Decimal("118.4")


@pytest.mark.parametrize(
    ("actions", "owned", "right", "rounded_up"),
    [(14, 9, 4, 3), (20, 11, 3, 3), (17, 9, 3, 2), (15, 7, 1, 1), (20, 5, 0, 0)],
)
def test_actions_above_the_limit(actions, owned, right, rounded_up):
    plan = {"actions": actions, "owned": owned, "limit_percent": 40}
    assert formulas.compute("actions_to_hand_over", plan) == right
    assert formulas.compute("actions_to_hand_over_rounded_up", plan) == rounded_up
    assert formulas.compute("actions_owned", plan) == owned
