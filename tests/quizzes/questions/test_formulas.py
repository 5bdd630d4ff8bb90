"""The formulas of numeric questions, checked by hand."""

from decimal import Decimal

import pytest

from quizzes.questions import formulas

NUMBERS = {"investment": 1200, "features": 4, "months": 3, "margin": 100, "years": 3}


@pytest.mark.parametrize(
    ("name", "value"),
    [("net_over_years", Decimal(2400)), ("gain_over_years", Decimal(3600)), ("net_first_year", Decimal(0))],
)
def test_compute(name, value):
    assert formulas.compute(name, NUMBERS) == value


def test_compute_reads_fractions_as_written():
    assert formulas.compute("net_first_year", NUMBERS | {"margin": "0.1", "features": 0.1, "investment": 0}) == Decimal(
        "0.03"
    )


def test_parameter_names_are_those_of_the_definition():
    names = ("net_over_years", "gain_over_years", "net_first_year")
    assert {name: formulas.parameter_names(name) for name in names} == {
        "net_over_years": ("investment", "features", "months", "margin", "years"),
        "gain_over_years": ("features", "months", "margin", "years"),
        "net_first_year": ("investment", "features", "months", "margin"),
    }


def test_every_formula_says_what_it_is():
    assert all(formula.__doc__ for formula in formulas.FORMULAS.values())


@pytest.mark.parametrize(
    ("name", "numbers"), [("no_such", NUMBERS), ("__import__", NUMBERS), ("net_over_years", {"investment": 1})]
)
def test_compute_refuses_what_it_does_not_know(name, numbers):
    with pytest.raises(formulas.UnknownFormula):
        formulas.compute(name, numbers)
