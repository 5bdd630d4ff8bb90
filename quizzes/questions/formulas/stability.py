"""Availability, and the people a portfolio frees or needs.

Percentages are numbers like 99.5; time is in minutes and days.
"""

from decimal import Decimal


def people_to_move(*, people: Decimal, current: Decimal, target: Decimal) -> Decimal:
    """Full-time people who leave a part of the work when its share falls from `current` to `target`, both in percent:
    people × (current − target) ÷ 100. Source: lesson 3, unit portfolio-by-quarter; curriculum T4.
    """
    return people * (current - target) / 100


def percentage_points(*, current: Decimal, target: Decimal) -> Decimal:
    """The difference of two shares in percentage points, taken for a number of people: current − target. Source: lesson
    3, unit portfolio-by-quarter.
    """
    return current - target


def people_at_target(*, people: Decimal, target: Decimal) -> Decimal:
    """Full-time people in a part of the work at its target share in percent: people × target ÷ 100. Source: lesson 3,
    unit portfolio-by-quarter; curriculum T4.
    """
    return people * target / 100


def availability_percent(*, incidents: Decimal, minutes: Decimal, days: Decimal) -> Decimal:
    """Availability in percent over a period of `days`, with `incidents` of `minutes` each: 100 × (1 − incidents ×
    minutes ÷ (1,440 × days)). Source: lesson 3, unit stability-metrics; curriculum T5.
    """
    return 100 * (1 - incidents * minutes / (1440 * days))


def availability_of_one_incident(*, minutes: Decimal, days: Decimal) -> Decimal:
    """The same in percent, with a single incident counted. Source: lesson 3, unit stability-metrics."""
    return availability_percent(incidents=Decimal(1), minutes=minutes, days=days)


def availability_over_a_year(*, incidents: Decimal, minutes: Decimal) -> Decimal:
    """The same in percent, the minutes of a shorter period set against 365 days. Source: lesson 3, unit
    stability-metrics.
    """
    return availability_percent(incidents=incidents, minutes=minutes, days=Decimal(365))


def availability_in_series(*, services: Decimal, each: Decimal) -> Decimal:
    """Availability in percent of a whole that needs all its `services`, each available `each` percent of the time and
    failing independently: 100 × (each ÷ 100)^services. Source: lesson 3, unit stability-metrics.
    """
    return 100 * (each / 100) ** services


def availability_of_the_weakest(*, each: Decimal) -> Decimal:
    """Availability in percent of one of several equal services, taken for that of the whole. Source: lesson 3, unit
    stability-metrics.
    """
    return each


def availability_with_failure_shared(*, services: Decimal, each: Decimal) -> Decimal:
    """Availability in percent if the failure of one service were divided among all: 100 − (100 − each) ÷ services.
    Source: lesson 3, unit stability-metrics.
    """
    return 100 - (100 - each) / services
