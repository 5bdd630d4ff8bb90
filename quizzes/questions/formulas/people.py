"""Who decides, who has influence, what to hand over. Scales are those of the lessons, counts are whole."""

from decimal import ROUND_CEILING, Decimal


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
