"""The formulas that numeric questions may name: pure, in Decimal, no rounding.

A question's `formula` is a key of FORMULAS; its `parameters` must cover the arguments of that function. Money is in the
unit the question states (lesson 1: thousands of euros), time in the unit of the parameter's name.
"""

import inspect
from collections.abc import Callable, Mapping
from decimal import Decimal


class UnknownFormula(KeyError):
    """No formula has this name, or one of its parameters has no value."""


def net_over_years(
    *, investment: Decimal, features: Decimal, months: Decimal, margin: Decimal, years: Decimal
) -> Decimal:
    """What bringing features to market sooner leaves after `years`, the one-off investment paid: years × features per
    year × months gained each × margin per feature and month − investment.
    """
    return years * features * months * margin - investment


def gain_over_years(*, features: Decimal, months: Decimal, margin: Decimal, years: Decimal) -> Decimal:
    """The same gain before the investment is paid: years × features per year × months gained × margin."""
    return years * features * months * margin


def net_first_year(*, investment: Decimal, features: Decimal, months: Decimal, margin: Decimal) -> Decimal:
    """The gain of a single year set against the whole investment: features × months × margin − investment."""
    return features * months * margin - investment


FORMULAS: dict[str, Callable[..., Decimal]] = {
    function.__name__: function for function in (net_over_years, gain_over_years, net_first_year)
}


def parameter_names(name: str) -> tuple[str, ...]:
    """The parameters a formula needs, in the order of its definition. Raises UnknownFormula."""
    if name not in FORMULAS:
        raise UnknownFormula(f"There is no formula called {name}.")
    return tuple(inspect.signature(FORMULAS[name]).parameters)


def compute(name: str, parameters: Mapping[str, int | str | float | Decimal]) -> Decimal:
    """The value of a formula. Parameters that it does not need are left aside, so that the formula of a mistake can be
    fed with the numbers of the question. Raises UnknownFormula.
    """
    needed = parameter_names(name)
    missing = [parameter for parameter in needed if parameter not in parameters]
    if missing:
        raise UnknownFormula(f"{name} needs a value for {', '.join(missing)}.")
    # By way of text: Decimal(0.1) would carry the binary error of the float into the score.
    return FORMULAS[name](**{parameter: Decimal(str(parameters[parameter])) for parameter in needed})
