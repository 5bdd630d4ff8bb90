"""The formulas that numeric questions may name: pure, in Decimal, no rounding.

A question's `formula` is a key of FORMULAS; its `parameters` must cover the arguments of that function. Money is in the
unit the question states (lesson 1: thousands of euros), time in the unit of the parameter's name.
"""

import inspect
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, Decimal


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


def net_present_value(*, outlay: Decimal, first: Decimal, later: Decimal, rate: Decimal) -> Decimal:
    """NPV of an outlay today and four year-end benefits, `first` once and `later` three times: −outlay + Σ benefit ÷
    (1 + rate)^t. Money in one unit, `rate` in percent a year. Source: lesson 4, unit npv-and-irr (rule of [F1]).
    """
    return present_value_of_benefits(first=first, later=later, rate=rate) - outlay


def present_value_of_benefits(*, first: Decimal, later: Decimal, rate: Decimal) -> Decimal:
    """The same four benefits, discounted, before the outlay. Unit of `first` and `later`; `rate` in percent a year.
    Source: lesson 4, unit npv-and-irr.
    """
    growth = 1 + rate / 100
    return first / growth + later / growth**2 + later / growth**3 + later / growth**4


def undiscounted_net(*, outlay: Decimal, first: Decimal, later: Decimal) -> Decimal:
    """The same flows added up as if a euro were worth the same in every year: first + 3 × later − outlay. Unit of the
    flows. Source: lesson 4, unit roi-and-payback.
    """
    return first + 3 * later - outlay


def net_present_value_year_late(*, outlay: Decimal, first: Decimal, later: Decimal, rate: Decimal) -> Decimal:
    """What a spreadsheet's NPV function returns when today's outlay is given to it as the first flow: everything is
    discounted once too often, NPV ÷ (1 + rate). Unit of the flows; `rate` in percent a year. Source: lesson 4, unit
    npv-and-irr.
    """
    return net_present_value(outlay=outlay, first=first, later=later, rate=rate) / (1 + rate / 100)


def payback_years(*, outlay: Decimal, first: Decimal, later: Decimal) -> Decimal:
    """Years until undiscounted benefits, even within each year, have returned the outlay, if that is later than year 1:
    1 + (outlay − first) ÷ later. Source: lesson 4, unit roi-and-payback; curriculum T6, t − 1 + |cum| ÷ flow.
    """
    return 1 + (outlay - first) / later


def payback_years_rounded_up(*, outlay: Decimal, first: Decimal, later: Decimal) -> Decimal:
    """The end of the year in which the outlay is returned, in years. Source: lesson 4, unit roi-and-payback."""
    return payback_years(outlay=outlay, first=first, later=later).to_integral_value(rounding=ROUND_CEILING)


def discounted_payback_years(*, outlay: Decimal, first: Decimal, later: Decimal, rate: Decimal) -> Decimal:
    """Years until discounted benefits have returned the outlay, even within each year, `later` going on as long as
    needed: t − 1 + |what is missing| ÷ discounted flow. `rate` in percent a year. Source: lesson 4, unit npv-and-irr;
    curriculum T6.
    """
    growth, year, missing, flow = 1 + rate / 100, 1, outlay, first / (1 + rate / 100)
    while missing > flow:
        missing, year = missing - flow, year + 1
        flow = later / growth**year
        if year > 100:  # a later benefit too small ever to return the outlay
            break
    return year - 1 + missing / flow


def break_even_share(*, outlay: Decimal, present_value: Decimal) -> Decimal:
    """Percentage of the promised benefits that must arrive for NPV to be zero: outlay ÷ present value × 100. Both in
    one unit of money. Source: lesson 4, unit npv-and-irr; curriculum T6, |PV out| ÷ PV in.
    """
    return outlay / present_value * 100


def break_even_fall(*, outlay: Decimal, present_value: Decimal) -> Decimal:
    """Percentage by which the benefits may fall until NPV is zero: 100 − break-even share. Source: lesson 4, unit
    npv-and-irr.
    """
    return 100 - break_even_share(outlay=outlay, present_value=present_value)


def break_even_share_undiscounted(*, outlay: Decimal, total: Decimal) -> Decimal:
    """The break-even share in percent, taken of the undiscounted `total` of benefits: outlay ÷ total × 100. Source:
    lesson 4, unit npv-and-irr.
    """
    return outlay / total * 100


def as_is_cloud_cost(*, bill: Decimal, growth: Decimal) -> Decimal:
    """Cloud cost of three years, the bill growing by `growth` percent a year: Σ bill × (1 + growth)^(y − 1). Unit of
    `bill`. Source: lesson 4, unit tco; curriculum T7.
    """
    return bill * sum(((1 + growth / 100) ** year for year in range(3)), Decimal(0))


def optimised_cloud_cost(
    *,
    bill: Decimal,
    growth: Decimal,
    waste: Decimal,
    commitment: Decimal,
    discount: Decimal,
    finops: Decimal,
) -> Decimal:
    """The same three years with `waste` percent of the bill removed, `commitment` percent of the rest bought at
    `discount` percent off, and `finops` a year for the people who do it: Σ as-is × (1 − waste)(1 − commitment ×
    discount) + finops. Money in the unit of `bill`. Source: lesson 4, unit tco; curriculum T7.
    """
    return 3 * finops + optimised_cloud_cost_without_finops(
        bill=bill, growth=growth, waste=waste, commitment=commitment, discount=discount
    )


def optimised_cloud_cost_without_finops(
    *, bill: Decimal, growth: Decimal, waste: Decimal, commitment: Decimal, discount: Decimal
) -> Decimal:
    """The optimised cloud cost of three years without the people who optimise. Unit of `bill`. Source: lesson 4, unit
    tco; curriculum T7.
    """
    kept = (1 - waste / 100) * (1 - commitment / 100 * discount / 100)
    return as_is_cloud_cost(bill=bill, growth=growth) * kept


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


def raci_errors(*, shared: Decimal, empty: Decimal, undone: Decimal) -> Decimal:
    """Rows of a decision matrix that are in error (count): several A + no A + no R. Source: lesson 2, RACI with exactly
    one A and at least one R.
    """
    return shared + empty + undone


def raci_errors_and_warnings(*, shared: Decimal, empty: Decimal, undone: Decimal, crowded: Decimal) -> Decimal:
    """The same count (rows) with those added that have more than three C, which lesson 2 only warns of."""
    return shared + empty + undone + crowded


def raci_rows_without_single_a(*, shared: Decimal, empty: Decimal) -> Decimal:
    """The count of rows (rows) that looks at the A alone and overlooks a missing R: several A + no A."""
    return shared + empty


def influence_gap(*, power: Decimal, interest: Decimal, attitude: Decimal, desired: Decimal) -> Decimal:
    """Power × interest × max(0, desired − attitude) ÷ 4, in points, 0 to 25 (power and interest 1 to 5, attitude
    −2 to +2). Source: lesson 2, the grid of Mendelow [C7] with attitude added by the course.
    """
    return power * interest * max(Decimal(0), desired - attitude) / 4


def influence_weight(*, power: Decimal, interest: Decimal) -> Decimal:
    """Power × interest (points, 1 to 25), as if attitude made no difference."""
    return power * interest


def influence_gap_halved(*, power: Decimal, interest: Decimal, attitude: Decimal, desired: Decimal) -> Decimal:
    """The influence gap (points) divided by 2 once more than it should be."""
    return influence_gap(power=power, interest=interest, attitude=attitude, desired=desired) / 2


def best_leak_per_week(
    *,
    waste_percent: Decimal,
    bill: Decimal,
    upkeep: Decimal,
    cloud_weeks: Decimal,
    late_margin: Decimal,
    late_weeks: Decimal,
    downtime_cost: Decimal,
    downtime_weeks: Decimal,
) -> Decimal:
    """The highest amount a year, in thousands of euros, that one effort week closes among three leaks: cloud waste
    (share of the bill less the upkeep of the saving), late features and downtime (lesson 6, leak ledger).
    """
    return max(
        (bill * waste_percent / 100 - upkeep) / cloud_weeks, late_margin / late_weeks, downtime_cost / downtime_weeks
    )


def cloud_waste_per_week_before_upkeep(*, waste_percent: Decimal, bill: Decimal, cloud_weeks: Decimal) -> Decimal:
    """Share of the cloud bill saved ÷ effort weeks, in thousands of euros; the upkeep of the saving is forgotten
    (lesson 6, a mistake).
    """
    return bill * waste_percent / 100 / cloud_weeks


def late_features_per_week(*, late_margin: Decimal, late_weeks: Decimal) -> Decimal:
    """Margin lost a year to late features ÷ effort weeks, in thousands of euros (lesson 6, leak ledger)."""
    return late_margin / late_weeks


def downtime_per_week(*, downtime_cost: Decimal, downtime_weeks: Decimal) -> Decimal:
    """Revenue at risk a year through downtime ÷ effort weeks, in thousands of euros (lesson 6, leak ledger)."""
    return downtime_cost / downtime_weeks


def actions_to_hand_over(*, actions: Decimal, owned: Decimal, limit_percent: Decimal) -> Decimal:
    """Owned actions above the whole number that the limit allows: owned − ⌊actions × limit %⌋, not below 0 (lesson 6,
    delegation ratio).
    """
    return max(Decimal(0), owned - actions * limit_percent // 100)


def actions_to_hand_over_rounded_up(*, actions: Decimal, owned: Decimal, limit_percent: Decimal) -> Decimal:
    """The same with the limit rounded up: owned − ⌈actions × limit %⌉, not below 0 (lesson 6, a mistake)."""
    return max(Decimal(0), owned - (actions * limit_percent / 100).to_integral_value(rounding=ROUND_CEILING))


def actions_owned(*, owned: Decimal) -> Decimal:
    """All actions that the leader owns, as if none might be kept (lesson 6, a mistake)."""
    return owned


def delegation_level(*, competence: Decimal, impact: Decimal, irreversibility: Decimal) -> Decimal:
    """The level at which a decision is delegated, 1 (tell) to 7 (delegate): 1 + 6x, 6x to the nearest whole, halves up;
    at most 3 where irreversibility is 3 and impact 5. x = 0.40(c − 1)/4 + 0.35(1 − (i − 1)/4) + 0.25(1 − (v − 1)/2)
    with competence c and impact i from 1 to 5, irreversibility v from 1 to 3. Source: a teaching heuristic of lesson 5,
    unit decisions-away; curriculum T8.
    """
    level = 1 + (_delegation_share(competence, impact, irreversibility) * 6 + Decimal("0.5")) // 1
    return min(level, Decimal(3)) if (irreversibility, impact) == (3, 5) else level


def delegation_level_rounded_down(*, competence: Decimal, impact: Decimal, irreversibility: Decimal) -> Decimal:
    """The same level, 1 to 7, with 6x cut off instead of rounded and without the cap. Source: lesson 5."""
    return 1 + _delegation_share(competence, impact, irreversibility) * 6 // 1


def delegation_level_without_impact(*, competence: Decimal, irreversibility: Decimal) -> Decimal:
    """The same level, 1 to 7, with every decision taken for harmless (impact 1). Source: lesson 5."""
    return delegation_level(competence=competence, impact=Decimal(1), irreversibility=irreversibility)


def _delegation_share(competence: Decimal, impact: Decimal, irreversibility: Decimal) -> Decimal:
    """x of the delegation heuristic, from 0 to 1."""
    return (
        Decimal("0.40") * (competence - 1) / 4
        + Decimal("0.35") * (1 - (impact - 1) / 4)
        + Decimal("0.25") * (1 - (irreversibility - 1) / 2)
    )


FORMULAS: dict[str, Callable[..., Decimal]] = {
    function.__name__: function
    for function in (
        net_over_years,
        gain_over_years,
        net_first_year,
        net_present_value,
        present_value_of_benefits,
        undiscounted_net,
        net_present_value_year_late,
        payback_years,
        payback_years_rounded_up,
        discounted_payback_years,
        break_even_share,
        break_even_fall,
        break_even_share_undiscounted,
        as_is_cloud_cost,
        optimised_cloud_cost,
        optimised_cloud_cost_without_finops,
        people_to_move,
        percentage_points,
        people_at_target,
        availability_percent,
        availability_of_one_incident,
        availability_over_a_year,
        availability_in_series,
        availability_of_the_weakest,
        availability_with_failure_shared,
        raci_errors,
        raci_errors_and_warnings,
        raci_rows_without_single_a,
        influence_gap,
        influence_weight,
        influence_gap_halved,
        best_leak_per_week,
        cloud_waste_per_week_before_upkeep,
        late_features_per_week,
        downtime_per_week,
        actions_to_hand_over,
        actions_to_hand_over_rounded_up,
        actions_owned,
        delegation_level,
        delegation_level_rounded_down,
        delegation_level_without_impact,
    )
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
