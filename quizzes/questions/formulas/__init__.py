"""The formulas that numeric questions may name: pure, in Decimal, no rounding.

A question's `formula` is a key of FORMULAS; its `parameters` must cover the arguments of that function. Every public
function of the modules here is a formula.
"""

import inspect
from collections.abc import Callable, Mapping
from decimal import Decimal

from quizzes.questions.formulas import fixed, money, people, stability


class UnknownFormula(KeyError):
    """No formula has this name, or one of its parameters has no value."""


FORMULAS: dict[str, Callable[..., Decimal]] = {
    name: function
    for module in (money, stability, people, fixed)
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if not name.startswith("_")
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
