"""The worked numbers of the lessons: each is computed here and must stand, rounded as printed, in its unit.

A row is (claim, computed value, printed text, unit under content/cto). The number that is compared stands in braces in
the printed text; its decimals say how far it is rounded. White space and the typographic minus make no difference.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.conf import settings

from quizzes.formulas import compute

COURSE = Path(settings.BASE_DIR) / "content" / "cto"
D = Decimal


def formula(name, **parameters):
    return compute(name, parameters)


MISSION = "1-from-lab-director/3-mission.md"
WORKS = "1-from-lab-director/4-works-for-the-business.md"
VOICES = "1-from-lab-director/7-three-voices.md"
AI = "1-from-lab-director/8-what-ai-changes.md"
OUTWARD = "2-who-owns-what/1-outward-and-inward.md"
WHY_HOW = "2-who-owns-what/2-why-and-how.md"
COURSE_SHIP = "2-who-owns-what/3-course-and-ship.md"
GAPS = "2-who-owns-what/7-power-interest-attitude.md"
DILEMMA = "3-golden-ratio/1-the-dilemma.md"
RULES = "3-golden-ratio/2-three-rules.md"
METRICS = "3-golden-ratio/4-stability-metrics.md"
BUDGET = "3-golden-ratio/5-error-budget.md"
DOWNTIME = "3-golden-ratio/6-price-of-downtime.md"
PORTFOLIO = "3-golden-ratio/9-portfolio-by-quarter.md"
WINDOWS = "4-speaking-money/1-where-the-money-sits.md"
ROI = "4-speaking-money/2-roi-and-payback.md"
NPV = "4-speaking-money/3-npv-and-irr.md"
OUTSIDE = "4-speaking-money/4-outside-view.md"
TCO = "4-speaking-money/5-tco.md"
FINOPS = "4-speaking-money/7-finops.md"
DEFEND = "4-speaking-money/8-defend-the-budget.md"
EXIT = "4-speaking-money/9-build-buy-partner.md"
SERVICES = "5-breadth-over-depth/2-monolith-or-services.md"
PRIME = "5-breadth-over-depth/3-prime-video.md"
CFO = "5-breadth-over-depth/4-cfo-words.md"
SILENCE = "5-breadth-over-depth/7-leading-people.md"
AWAY = "5-breadth-over-depth/8-decisions-away.md"
LEAKS = "6-first-100-days/2-audit-and-transparency.md"
KPIS = "6-first-100-days/3-reporting-and-kpis.md"
TEAM = "6-first-100-days/4-team-audit.md"
STRUCTURE = "6-first-100-days/5-structure-and-process.md"
BOARD = "6-first-100-days/7-the-board.md"
NAMES = "6-first-100-days/9-three-voices-again.md"

# The company
REVENUE, PEOPLE, LOADED, CLOUD, RUN = D(24_000), D(60), D(90), D(1440), D(2400)  # € thousand a year
MONTH = D(30 * 24 * 60)
DOWN = D(4 * 54)
FLOWS = {"outlay": D(600), "first": D(120), "later": D(360)}
BENEFITS = formula("present_value_of_benefits", first=D(120), later=D(360), rate=D(12))
OVERLAP = D("0.15") * (RUN - D("287.28"))
OVERLAP_FIRST = OVERLAP * 8 / 12 - 120
GOOD, BAD = BENEFITS - 600, D("0.44") * BENEFITS - 600
KEPT = D("0.90") * D("0.82")
AS_IS = formula("as_is_cloud_cost", bill=CLOUD, growth=D(10))
OPTIMISED = formula(
    "optimised_cloud_cost", bill=CLOUD, growth=D(10), waste=D(10), commitment=D(60), discount=D(30), finops=D(90)
)
OWN = 1490 + 3 * D(620) + 2 * D(110) + D("0.20") * AS_IS + CLOUD * 4 / 12 - D(220)


def discounted(rate, *flows):
    return sum(D(flow) / (1 + D(rate) / 100) ** year for year, flow in enumerate(flows))


def rate_of_return(*flows):
    low, high = D(0), D(100)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if discounted(middle, *flows) > 0 else (low, middle)
    return low


def gap(power, interest, attitude):
    return formula("influence_gap", power=D(power), interest=D(interest), attitude=D(attitude), desired=D(1))


def level(competence, impact, irreversibility):
    return formula("delegation_level", competence=D(competence), impact=D(impact), irreversibility=D(irreversibility))


def available(incidents, minutes):
    return formula("availability_percent", incidents=D(incidents), minutes=D(minutes), days=D(30))


def moved(share_now, share_then):
    return formula("people_to_move", people=PEOPLE, current=D(share_now), target=D(share_then))


def platform(rate):
    return formula("net_present_value", **FLOWS, rate=D(rate))


ROWS = [
    # Lesson 1
    ("availability today, as a share lost", DOWN / MONTH * 100, "216 are {0.50}%", MISSION),
    ("half of it", DOWN / 2 / MONTH * 100, "108 are {0.25}%", MISSION),
    ("budget at 99.9%", MONTH / 1000, "would allow {43.2} minutes", MISSION),
    ("failed releases", D(6) / 40 * 100, "6 of 40 a month, or {15}%", MISSION),
    ("two months late", 2 * LOADED, "two months late costs €{180}k", WORKS),
    ("engineers for 1.2m", D(1200) / LOADED, "(1,200 ÷ 90 = {13.3})", WORKS),
    ("option A, cloud a year", D("0.08") * CLOUD, "8% × 1,440 = {115.2}", WORKS),
    ("option A, cloud", -3 * D("0.08") * CLOUD, "3 × 115.2 | {−345.6}", WORKS),
    ("option A", -1200 - 3 * D("0.08") * CLOUD, "Effect over three years | {−1,545.6}", WORKS),
    (
        "option B, three years",
        formula("gain_over_years", features=D(4), months=D(2), margin=D(90), years=D(3)),
        "3 × 720 | {+2,160.0}",
        WORKS,
    ),
    (
        "option B",
        formula("net_over_years", investment=D(1200), features=D(4), months=D(2), margin=D(90), years=D(3)),
        "Effect over three years | {+960.0}",
        WORKS,
    ),
    ("option B breaks even", D(1200) / (3 * 90), "1,200 ÷ (3 × 90) = {4.4}", WORKS),
    ("share of the promise", D(1200) / (3 * 90) / 8 * 100, "{56}% of the eight promised", WORKS),
    ("option B a year late", D(2 * 720 - 1200), "2 × 720 − 1,200 = {+240}", WORKS),
    ("distance of A and B", 960 + D("1545.6"), "options end €{2,505.6}k apart", WORKS),
    ("services with earlier features", 960 - D("345.6"), "960 − 345.6 = {+€614.4}k", WORKS),
    ("one more coder", 1 / PEOPLE * 100, "(1 ÷ 60 = {1.7}%)", VOICES),
    ("engineer’s hours", D("0.65") * 80, "{52} hours: reviews", VOICES),
    ("writing halved", D(3) / 2 + 9, "Writing halved: 1.5 + 9 | {10.5}", AI),
    ("what that takes off", D("1.5") / 12 * 100, "takes {12.5}% off the whole", AI),
    # Lesson 2
    ("one engineer for half a year", LOADED / 2, "€{45}k for the half-year", OUTWARD),
    ("the booking teams’ quarter", D(24 + 14 + 10 + 8 + 4), "24 + 14 + 10 + 8 + 4 = {60}", WHY_HOW),
    ("an engineer-week", LOADED / 45, "€{2}k for each of the 45 weeks worked", COURSE_SHIP),
    ("ninety engineer-weeks", 90 * LOADED / 45, "that is €{180}k", COURSE_SHIP),
    ("gap of the CFO", gap(5, 4, -1), "5 × 4 × (1 + 1) ÷ 4 | {10} |", GAPS),
    ("gap of the CISO", gap(3, 4, -2), "3 × 4 × (1 + 2) ÷ 4 | {9} |", GAPS),
    ("gap of the CPO", gap(4, 5, 0), "4 × 5 × 1 ÷ 4 | {5} |", GAPS),
    ("gap of sales", gap(4, 4, 0), "4 × 4 × 1 ÷ 4 | {4} |", GAPS),
    ("gap of the works council", gap(3, 3, 0), "3 × 3 × 1 ÷ 4 | {2.25} |", GAPS),
    ("largest gap", gap(5, 5, -2) * 4 / 3, "5 × 5 × 4 ÷ 4 = {25}", GAPS),
    # Lesson 3
    ("people who run", D("0.82") * PEOPLE, "| Run | 82 | {49.2} people", DILEMMA),
    ("price of innovation today", D("0.03") * PEOPLE * LOADED, "the last row is €{162}k", DILEMMA),
    ("a tenth of the people", D("0.10") * PEOPLE * LOADED, "€{540}k a year", RULES),
    ("a tenth of improve and innovate", D("0.18") * 5400 / 10, "a tenth of that is €{97.2}k", RULES),
    ("availability", available(4, 54), "1 − 216 ÷ 43,200 = {99.50}%", METRICS),
    ("MTTR", DOWN / 4, "216 ÷ 4 = {54} minutes", METRICS),
    ("MTBF", (MONTH - DOWN) / 4, "(43,200 − 216) ÷ 4 = {10,746} minutes", METRICS),
    ("incidents per release", D(4) / 40, "4 ÷ 40 = {0.10}", METRICS),
    ("change-fail rate", D(6) / 40 * 100, "6 ÷ 40 = {15}%", METRICS),
    ("median of May", D(15 + 21) / 2, "The median is {18}.", METRICS),
    ("sum of May", D(12 + 15 + 21 + 168), "The sum is {216}", METRICS),
    ("ratio at 60 releases", D(5) / 60, "fall from 0.10 to {0.083}", METRICS),
    (
        "three services in series",
        formula("availability_in_series", services=D(3), each=D("99.9")),
        "0.999 × 0.999 × 0.999 = {99.70}%",
        METRICS,
    ),
    ("budget", MONTH / 1000, "0.1% × 43,200 = {43.2}", BUDGET),
    ("budgets spent", DOWN / (MONTH / 1000), "216 ÷ 43.2 = {5.0} budgets", BUDGET),
    ("recover twice as fast", available(4, 27), "4 × 27 = 108 minutes, {99.75}%", BUDGET),
    ("both repairs", available(2, 27), "2 × 27 = 54 minutes, {99.875}%", BUDGET),
    ("both, in budgets", D(54) / D("43.2"), "99.875%, {1.25} budgets", BUDGET),
    ("what just reaches it", available(2, "21.6"), "2 × 21.6 = 43.2 minutes, {99.90}%", BUDGET),
    ("burn rate", (D("21.6") / D("43.2")) / (D(10) / 30), "0.5 ÷ 0.333 = {1.5}", BUDGET),
    ("one more nine", MONTH / 10000, "At 99.99% the budget is {4.3} minutes", BUDGET),
    ("revenue an hour", REVENUE * 1000 / 8760, "€24.0m ÷ 8,760 = €{2,740}", DOWNTIME),
    ("revenue at risk, month", DOWN / 60 * 2740, "3.6 × €2,740 = €{9,864}", DOWNTIME),
    ("revenue at risk, year", 12 * DOWN / 60 * 2740, "12 × €9,864 = €{118,368}", DOWNTIME),
    ("half returns", 12 * DOWN / 60 * D("2.740") / 2, "Half is booked later | {59.2}", DOWNTIME),
    ("nine in ten return", 12 * DOWN / 60 * D("2.740") / 10, "Nine in ten are booked later | {11.8}", DOWNTIME),
    ("margin of it", D("0.7") * D("59.2"), "0.7 × €59.2k = €{41.4}k", DOWNTIME),
    ("still open", 180 - D("41.4"), "€180k − €41.4k = €{138.6}k", DOWNTIME),
    ("in revenue", D("138.6") / D("0.7"), "€138.6k ÷ 0.7 = €{198}k", DOWNTIME),
    ("one customer kept", D("0.7") * (D("59.2") + 200), "0.7 × (€59.2k + €200k) = €{181}k", DOWNTIME),
    ("people moved", moved(82, 70), "{7.2} people have to leave the run work", PORTFOLIO),
    ("people moved to improve", -moved(15, 20), "20% = 12.0 | {+3.0}", PORTFOLIO),
    ("people moved to innovate", -moved(3, 10), "10% = 6.0 | {+4.2}", PORTFOLIO),
    ("price of the move", moved(82, 70) * LOADED, "7.2 × €90k = €{648}k", PORTFOLIO),
    ("release actions", D("3.0") + D("1.8") + D("2.4"), "| Sum | {7.2} | 648 |", PORTFOLIO),
    # Lesson 4
    ("run cost, € million", (600 + CLOUD + 360) / 1000, "run cost: €{2.4}m", WINDOWS),
    ("cloud as a share of revenue", CLOUD / REVENUE * 100, "€1.44m is {6.0}% of revenue", WINDOWS),
    ("growth that bookings do not explain", CLOUD - CLOUD / D("1.12") * D("1.09"), "about €{39}k a year", WINDOWS),
    ("ROI over four years", D(1200 - 600) / 600 * 100, "(1,200 − 600) ÷ 600 = {100}%", ROI),
    ("payback", formula("payback_years", **FLOWS), "2 + 120 ÷ 360 = {2.33} years", ROI),
    ("PV of year 1", discounted(12, 0, 120), "| 1.12 | {+107.14} |", NPV),
    ("PV of year 2", discounted(12, 0, 0, 360), "1.2544 | {+286.99} |", NPV),
    ("PV of year 3", discounted(12, 0, 0, 0, 360), "1.4049 | {+256.24} |", NPV),
    ("PV of year 4", discounted(12, 0, 0, 0, 0, 360), "1.5735 | {+228.79} |", NPV),
    ("NPV", platform(12), "| NPV | | | {+279.16} |", NPV),
    ("NPV, one decimal", platform(12), "879.16 − 600 = {+279.2}", NPV),
    ("profitability index", BENEFITS / 600, "879.16 ÷ 600 = {1.47}", NPV),
    (
        "discounted payback",
        formula("discounted_payback_years", **FLOWS, rate=D(12)),
        "2 + 205.87 ÷ 256.24 = {2.80} years",
        NPV,
    ),
    (
        "break-even share",
        formula("break_even_share", outlay=D(600), present_value=BENEFITS),
        "600 ÷ 879.16 = {68.2}%",
        NPV,
    ),
    (
        "NPV a year late",
        formula("net_present_value_year_late", **FLOWS, rate=D(12)),
        "you get {249.3}",
        NPV,
    ),
    ("NPV at 8%", platform(8), "| 8% | {370.1} |", NPV),
    ("NPV at 20%", platform(20), "| 20% | {131.9} |", NPV),
    ("NPV at 30%", platform(30), "| 30% | {-4.8} |", NPV),
    ("IRR", rate_of_return(-600, 120, 360, 360, 360), "Here that is {29.6}%", NPV),
    ("project A", discounted(12, -200, 130, 130, 60), "130, 60 | {62.4} | 31.7% |", NPV),
    ("IRR of A", rate_of_return(-200, 130, 130, 60), "| 62.4 | {31.7}% |", NPV),
    ("project B", discounted(12, -900, 300, 450, 520), "450, 520 | {96.7} | 17.6% |", NPV),
    ("IRR of B", rate_of_return(-900, 300, 450, 520), "| 96.7 | {17.6}% |", NPV),
    ("IRR of B less A", rate_of_return(-700, 170, 320, 460), "| 34.3 | {14.4}% |", NPV),
    ("cost +45%", BENEFITS - 870, "879.16 − 870 = {+9.2}", OUTSIDE),
    ("benefits −56%", BAD, "386.83 − 600 = {−213.2}", OUTSIDE),
    ("both", BAD - 270, "386.83 − 870 = {−483.2}", OUTSIDE),
    ("all at once, expected", (GOOD + BAD) / 2, "0.5 × 279.2 + 0.5 × (−213.2) = {+33.0}", OUTSIDE),
    ("if good, after a year", (BENEFITS - 450) / D("1.12"), "429.2 ÷ 1.12 = {383.2}", OUTSIDE),
    ("pilot first, expected", -150 + (BENEFITS - 450) / D("1.12") / 2, "−150 + 0.5 × 383.2 = {+41.6}", OUTSIDE),
    (
        "odds at which both are equal",
        100 * (-150 - BAD) / (GOOD - BAD - (BENEFITS - 450) / D("1.12")),
        "more likely than about {58}%",
        OUTSIDE,
    ),
    ("optimisation factor", KEPT, "0.90 × 0.82 = {0.738}", TCO),
    ("as is", AS_IS, "| Total | {4,766.4} | 3,517.6", TCO),
    ("optimised", OPTIMISED, "3,517.6 | {3,787.6} |", TCO),
    ("own", OWN, "858.5 | | Total | {4,783.3} |", TCO),
    ("own against as is", OWN - AS_IS, "owning costs €{17}k more", TCO),
    ("own against optimised", OWN - OPTIMISED, "it costs €{996}k more", TCO),
    ("as is, present value", discounted(12, 0, 1440, 1584, "1742.4"), "present values are {3,789}, 3,012", TCO),
    (
        "optimised, present value",
        discounted(12, 0, *(KEPT * CLOUD * D("1.1") ** year + 90 for year in range(3))),
        "3,789, {3,012} and",
        TCO,
    ),
    ("own, present value", discounted(12, 1490, 1388, "1046.8", "858.48"), "3,012 and {4,175}", TCO),
    ("half a year later", (1 - KEPT) * CLOUD / 2, "0.262 × 1,440 ÷ 2 = {189}", TCO),
    ("unit cost", D(1_440_000) / 2400, "1,440,000 ÷ 2,400 = €{600}", FINOPS),
    ("unit cost next year", D(1_584_000) / 2880, "1,584,000 ÷ 2,880 = €{550}", FINOPS),
    ("saving", (1 - KEPT) * CLOUD, "removes 26.2% of 1,440, or €{377}k", FINOPS),
    ("net saving", (1 - KEPT) * CLOUD - 90, "€{287}k net", FINOPS),
    ("year 1 of the platform", D(-120 + 240), "240 − 120 = {+120}", DEFEND),
    ("as a share of run cost", D(120) / RUN * 100, "120 ÷ 2,400 = {5}%", DEFEND),
    ("with overlap, a year", OVERLAP, "That is €{317}k a year", DEFEND),
    ("with overlap, year 1", OVERLAP_FIRST, "year 1 brings €{91}k", DEFEND),
    ("with overlap, NPV", discounted(12, -600, OVERLAP_FIRST, *[OVERLAP] * 3), "from €279k to €{161}k", DEFEND),
    ("exit from billing", 20 * LOADED / 45 + 3 * 5, "Exit cost | €{55}k |", EXIT),
    ("exit from the optimiser", 50 * LOADED / 45 + 3 * 6, "€55k | €{118}k |", EXIT),
    # Lesson 5
    ("upkeep of thirty", 30 * D("0.05"), "30 × 0.05 = {1.5} |", SERVICES),
    ("share of twelve", D("1.5") / 12 * 100, "1.5 ÷ 12 = {12.5}%", SERVICES),
    ("difference", 27 * D("0.05") * LOADED, "1.35 × 90 = **€{121.5}k a year**", SERVICES),
    ("at 0.02", 27 * D("0.02") * LOADED, "Upkeep 0.02 each | {48.6}", SERVICES),
    ("at 0.10", 27 * D("0.10") * LOADED, "Upkeep 0.10 each | {243.0}", SERVICES),
    ("feature-months", D("121.5") / 90, "121.5 ÷ 90 = {1.35} feature-months", SERVICES),
    ("a page", 12 * D("0.002"), "12 × 0.002 = €{0.024}", PRIME),
    ("a million pages", 1_000_000 * D("0.024"), "1,000,000 × 0.024 = €{24,000}", PRIME),
    ("repair today", D(180 * 55 * 12), "180 × 55 × 12 = €{118,800}", CFO),
    ("repair of small lots", D(96 * 55 * 12), "96 × 55 × 12 = €{63,360}", CFO),
    ("repair not spent", D(118_800 - 63_360), "118,800 − 63,360 = €{55,440}", CFO),
    ("feature-months to pay for it", D(124_560) / 90_000, "124,560 ÷ 90,000 = {1.4}", CFO),
    ("price of silence", D(4 * 2 * 8 * 55), "64 × 55 = €{3,520}", SILENCE),
    ("senior hire", level(4, 3, 2), "rounded 1 + 4 = **{5}, advise**", AWAY),
    ("coding standard", level(5, 1, 1), "| 5 | 1 | 1 | {7} |", AWAY),
    ("approving changes", level(4, 2, 1), "| 4 | 2 | 1 | {6} |", AWAY),
    ("roadmap items", level(4, 4, 2), "| 4 | 4 | 2 | {4} |", AWAY),
    ("vendor", level(3, 4, 2), "| 3 | 4 | 2 | {3} |", AWAY),
    ("cloud provider", level(3, 5, 3), "| 3 | 5 | 3 | {2} |", AWAY),
    ("hours from approvals", D(6) * 4 / 6, "6 × 4 ÷ 6 = {4.00}", AWAY),
    ("hours from the rota", D(2) * 5 / 6, "2 × 5 ÷ 6 = {1.67}", AWAY),
    ("hours together", (D(6 * 4) + 4 * 2 + 2 * 5) / 6, "**{7.0} hours a week**", AWAY),
    # Lesson 6
    ("leak: downtime", D("3.6") * D("2.74") * 12, "3.6 × 2.74 × 12 | {118.4} |", LEAKS),
    ("leak: cloud", CLOUD * D("0.262") - 90, "who watches it | {287.3} |", LEAKS),
    ("leak: cloud a week", (CLOUD * D("0.262") - 90) / 8, "| 287.3 | 8 | {35.9} |", LEAKS),
    ("leak: releases", D(6 * 30 * 55 * 12) / 1000, "6 a month × 30 h × €55 × 12 | {118.8} |", LEAKS),
    (
        "leak: features a week",
        formula("late_features_per_week", late_margin=D(720), late_weeks=D(26)),
        "| 720.0 | 26 | {27.7} |",
        LEAKS,
    ),
    ("leak: leavers", D(9 * 45), "9 a year × 45 to replace one | {405.0} |", LEAKS),
    ("leak: leavers a week", D(405) / 16, "| 405.0 | 16 | {25.3} |", LEAKS),
    (
        "leaks together",
        D("118.4") + D("287.3") + D("118.8") + 720 + 405,
        "| Sum | | {1,649.5} |",
        LEAKS,
    ),
    ("first place is lost", D(8) * 720 / 26, "8 × 720 ÷ 26 = {221.5}", LEAKS),
    ("as a share of the bill", (D(8) * 720 / 26 + 90) / CLOUD * 100, "that is, to {21.6}% of the bill", LEAKS),
    ("or takes longer", D("287.3") / D("27.7"), "287.3 ÷ 27.7 = {10.4} weeks", LEAKS),
    ("half the saving", CLOUD * D("0.262") / 2, "the saving halves to {188.6}", LEAKS),
    ("half the saving, a week", (CLOUD * D("0.131") - 90) / 8, "| Cloud waste | {12.3} |", LEAKS),
    ("half of late features", D(360) / 26, "| Late features | {13.8} |", LEAKS),
    ("half of the leavers", D("202.5") / 16, "| Regretted leavers | {12.7} |", LEAKS),
    ("half of the failed releases", D("59.4") / 10, "| Failed releases | {5.9} |", LEAKS),
    ("half of the downtime", D("59.2") / 12, "| Downtime | {4.9} |", LEAKS),
    ("target for the cloud", D(1440 - 144) / 24000 * 100, "| 6.0% | {5.4}% | Head of platform", KPIS),
    ("half of the net saving", D("287.28") / 2, "(1,440 − {144}) ÷ 24,000", KPIS),
    ("leavers in 100 days", D(9) * 100 / 365, "{2.5} (9 a year)", KPIS),
    ("at risk at 108 minutes", D("1.8") * D("2.74"), "108 min, €{4.9}k", KPIS),
    ("at risk at 162 minutes", D("2.7") * D("2.74"), "€{7.4}k of revenue at risk", KPIS),
    ("delegation ratio", D(5) / 14 * 100, "{36}% (5 of 14)", KPIS),
    ("halved wait", 12 - D("3.5") / 2, "from 12 days to {10.25}", TEAM),
    ("run work moved", moved(82, 70), "60 × 12% = {7.2} people", STRUCTURE),
    ("memo", D(377) - 90, "so €{287}k net", BOARD),
    ("share today", D(11) / 20 * 100, "11 ÷ 20 = {55}%", NAMES),
    (
        "to hand over",
        formula("actions_to_hand_over", actions=D(20), owned=D(11), limit_percent=D(40)),
        "11 − 8 = {3} |",
        NAMES,
    ),
]


def normal(text):
    return re.sub(r"\s+", " ", text.replace("−", "-"))


@pytest.mark.parametrize(("claim", "value", "printed", "unit"), ROWS, ids=[f"{row[3][0]}: {row[0]}" for row in ROWS])
def test_a_worked_number_is_right_and_stands_in_its_unit(claim, value, printed, unit):
    text = normal((COURSE / unit).read_text(encoding="utf-8"))
    assert normal(printed.replace("{", "").replace("}", "")) in text, f"{unit} does not print it"

    (figure,) = re.findall(r"\{([^}]*)\}", printed)
    shown = Decimal(re.sub(r"[^\d.\-]", "", normal(figure)))
    assert value.quantize(shown, rounding=ROUND_HALF_UP) == shown, f"{claim} is {value}"
