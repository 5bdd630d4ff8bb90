"""What things cost and bring: early features, present value, payback, cloud bills, leaks.

Money is in the unit the question states, mostly thousands of euros.
"""

from decimal import ROUND_CEILING, Decimal


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
