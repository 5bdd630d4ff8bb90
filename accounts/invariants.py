"""What must always hold of every room's columns of JSON. `verify_invariants` prints it."""

from collections.abc import Callable

from database.fields import unfit_values


def stored_values_fit_their_shapes() -> list[str]:
    """Pages rely on the shape of what is stored; what does not fit is read as if nothing were there."""
    return list(unfit_values())


CHECKS: list[tuple[str, Callable[[], list[str]]]] = [
    ("every value of JSON has the shape of its column", stored_values_fit_their_shapes),
]
