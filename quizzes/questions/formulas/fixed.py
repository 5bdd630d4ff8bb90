"""Numbers that are not worked out from others: those of questions that came from elsewhere."""

from decimal import Decimal


def fixed_number(*, number: Decimal) -> Decimal:
    """The number itself (in the unit of the answer), for a question whose figures are all in its wording."""
    return number
