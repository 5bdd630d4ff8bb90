"""The formulas of lesson 4 against the worked numbers of the course: Harbourline’s platform, its cloud (fictional)."""

from decimal import Decimal

import pytest

from quizzes.questions import formulas

PLATFORM = {"outlay": 600, "first": 120, "later": 360, "rate": 12}
CLOUD = {"bill": 1440, "growth": 10, "waste": 10, "commitment": 60, "discount": 30, "finops": 90}


@pytest.mark.parametrize(
    ("name", "places", "value"),
    [
        ("net_present_value", "0.01", "279.16"),
        ("present_value_of_benefits", "0.01", "879.16"),
        ("undiscounted_net", "1", "600"),
        ("net_present_value_year_late", "0.01", "249.25"),
        ("payback_years", "0.01", "2.33"),
        ("payback_years_rounded_up", "1", "3"),
        ("discounted_payback_years", "0.01", "2.80"),
    ],
)
def test_platform(name, places, value):
    assert formulas.compute(name, PLATFORM).quantize(Decimal(places)) == Decimal(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("break_even_share", "68.2"), ("break_even_fall", "31.8"), ("break_even_share_undiscounted", "50.0")],
)
def test_break_even(name, value):
    numbers = {"outlay": 600, "present_value": "879.16", "total": 1200}
    assert formulas.compute(name, numbers).quantize(Decimal("0.1")) == Decimal(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("as_is_cloud_cost", "4766.4000"),
        ("optimised_cloud_cost", "3787.6032"),
        ("optimised_cloud_cost_without_finops", "3517.6032"),
    ],
)
def test_cloud(name, value):
    assert formulas.compute(name, CLOUD) == Decimal(value)


def test_cloud_cost_is_in_the_unit_of_the_bill():
    millions = CLOUD | {"bill": "1.44", "finops": "0.09"}
    assert formulas.compute("optimised_cloud_cost", millions) == Decimal("3.7876032")


def test_discounted_payback_equals_payback_without_a_rate():
    flat = PLATFORM | {"rate": 0}
    assert formulas.compute("discounted_payback_years", flat) == formulas.compute("payback_years", flat)


def test_discounted_payback_ends_even_if_the_outlay_never_returns():
    never = {"outlay": 600, "first": 10, "later": 10, "rate": 50}
    assert formulas.compute("discounted_payback_years", never) > 100
