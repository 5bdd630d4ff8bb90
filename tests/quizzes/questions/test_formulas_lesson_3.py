"""The formulas of lesson 3 against the worked numbers of the course: Harbourline’s people and minutes (fictional)."""

from decimal import Decimal

import pytest

from quizzes.questions import formulas

PEOPLE = {"people": 60, "current": 82, "target": 70}
MONTH = {"incidents": 4, "minutes": 54, "days": 30}
CHAIN = {"services": 3, "each": "99.9"}


@pytest.mark.parametrize(
    ("name", "value"), [("people_to_move", "7.2"), ("percentage_points", "12"), ("people_at_target", "42")]
)
def test_people(name, value):
    assert formulas.compute(name, PEOPLE) == Decimal(value)


@pytest.mark.parametrize(
    ("name", "places", "value"),
    [
        ("availability_percent", "0.0001", "99.5000"),
        ("availability_of_one_incident", "0.001", "99.875"),
        ("availability_over_a_year", "0.01", "99.96"),
    ],
)
def test_month(name, places, value):
    assert formulas.compute(name, MONTH).quantize(Decimal(places)) == Decimal(value)


@pytest.mark.parametrize(
    ("incidents", "minutes", "value"),
    [(4, 27, "99.75"), (2, 54, "99.75"), (2, 27, "99.875"), (2, "21.6", "99.9"), (2, 21, "99.903")],
)
def test_repairs_of_the_month(incidents, minutes, value):
    changed = MONTH | {"incidents": incidents, "minutes": minutes}
    assert formulas.compute("availability_percent", changed).quantize(Decimal("0.001")) == Decimal(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("availability_in_series", "99.70"),
        ("availability_of_the_weakest", "99.90"),
        ("availability_with_failure_shared", "99.97"),
    ],
)
def test_chain(name, value):
    assert formulas.compute(name, CHAIN).quantize(Decimal("0.01")) == Decimal(value)
