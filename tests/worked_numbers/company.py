"""Harbourline’s figures, and the sums that more than one lesson prints."""

from decimal import Decimal

from quizzes.questions.formulas import compute

D = Decimal


def formula(name, **parameters):
    return compute(name, parameters)


REVENUE, PEOPLE, LOADED, CLOUD, RUN = D(24_000), D(60), D(90), D(1440), D(2400)  # € thousand a year
WORKED_WEEKS = D(52 - 5 - 2)
WORKED_HOURS = WORKED_WEEKS * 40 - 160
WEEK = LOADED / WORKED_WEEKS  # € thousand
HOUR = (LOADED * 1000 / WORKED_HOURS).quantize(D(1))  # €, rounded as the lessons do
MONTH = D(30 * 24 * 60)
DOWN = D(4 * 54)
BUDGET_MINUTES = MONTH / 1000
REVENUE_HOUR = (REVENUE * 1000 / 8760).quantize(D(1))  # €
AT_RISK = DOWN / 60 * REVENUE_HOUR / 1000  # € thousand a month
# The platform
FLOWS = {"outlay": D(600), "first": D(120), "later": D(360)}
BENEFITS = formula("present_value_of_benefits", first=D(120), later=D(360), rate=D(12))
GOOD, BAD = BENEFITS - 600, D("0.44") * BENEFITS - 600
ALL_AT_ONCE = (GOOD + BAD) / 2
PILOT = -150 + (BENEFITS - 450) / D("1.12") / 2
# The cloud
KEPT = D("0.90") * D("0.82")
SAVED = (1 - KEPT) * CLOUD
NET_SAVED = SAVED - 90
AS_IS = formula("as_is_cloud_cost", bill=CLOUD, growth=D(10))
OPTIMISED = formula(
    "optimised_cloud_cost", bill=CLOUD, growth=D(10), waste=D(10), commitment=D(60), discount=D(30), finops=D(90)
)
OWN = 1490 + 3 * D(620) + 2 * D(110) + D("0.20") * AS_IS + CLOUD * 4 / 12 - D(220)
# The leaks, in € thousand a year
FAILED = 6 * 30 * HOUR * 12 / 1000
FAILED_SMALL = D("6.4") * 15 * HOUR * 12 / 1000
LATE = D(4 * 2 * 90)
LEAVERS = D(9 * 45)
AT_RISK_YEAR = 12 * AT_RISK
FIVE_LEAKS = [D("118.4"), D("287.3"), D("118.8"), D("720.0"), D("405.0")]  # rounded, then added


def discounted(rate, *flows):
    return sum(D(flow) / (1 + D(rate) / 100) ** year for year, flow in enumerate(flows))


def rate_of_return(*flows):
    low, high = D(0), D(100)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if discounted(middle, *flows) > 0 else (low, middle)
    return low


def platform(rate):
    return formula("net_present_value", **FLOWS, rate=D(rate))


def gap(power, interest, attitude):
    return formula("influence_gap", power=D(power), interest=D(interest), attitude=D(attitude), desired=D(1))


def level(competence, impact, irreversibility):
    return formula("delegation_level", competence=D(competence), impact=D(impact), irreversibility=D(irreversibility))


def hours_freed(hours, today, new):
    return D(hours) * (new - today) / 6


def available(incidents, minutes):
    return formula("availability_percent", incidents=D(incidents), minutes=D(minutes), days=D(30))


def moved(share_now, share_then):
    return formula("people_to_move", people=PEOPLE, current=D(share_now), target=D(share_then))


def people(share):
    return formula("people_at_target", people=PEOPLE, target=D(share))


def few_leavers(mean):
    """How often chance alone brings one or none, if they leave independently of one another."""
    return (-mean).exp() * (1 + mean)
