"""The worked numbers of lesson 5, unit by unit."""

from tests.worked_numbers.company import (
    CLOUD,
    FAILED,
    FAILED_SMALL,
    HOUR,
    LOADED,
    PEOPLE,
    WEEK,
    WORKED_HOURS,
    D,
    hours_freed,
    level,
)

JUDGEMENT = "5-breadth-over-depth/1-better-judgement.md"
SERVICES = "5-breadth-over-depth/2-monolith-or-services.md"
PRIME = "5-breadth-over-depth/3-prime-video.md"
CFO = "5-breadth-over-depth/4-cfo-words.md"
DATA = "5-breadth-over-depth/5-data-ai-security.md"
TEAMS = "5-breadth-over-depth/6-structure-makes-architecture.md"
SILENCE = "5-breadth-over-depth/7-leading-people.md"
AWAY = "5-breadth-over-depth/8-decisions-away.md"
HIRE = "5-breadth-over-depth/9-hire-stronger.md"
WRITING = "5-breadth-over-depth/10-in-writing.md"
MISTAKES = "5-breadth-over-depth/11-mistakes-practices.md"
BOARD = "5-breadth-over-depth/assignment.md"

PER_PAGE = 12 * D("0.002")
FREED = hours_freed(6, 2, 6) + hours_freed(4, 3, 5) + hours_freed(2, 1, 6)


def pairs(number):
    return number * (number - 1) // 2


ROWS = [
    # 1-better-judgement
    ("one more coder", 1 / PEOPLE * 100, "adds a sixtieth, or {1.7}%", JUDGEMENT),
    # 2-monolith-or-services
    ("upkeep of thirty", 30 * D("0.05"), "30 × 0.05 = {1.5} |", SERVICES),
    ("share of twelve", D("1.5") / 12 * 100, "1.5 ÷ 12 = {12.5}%", SERVICES),
    ("difference", 27 * D("0.05") * LOADED, "1.35 × 90 = **€{121.5}k a year**", SERVICES),
    ("at 0.02", 27 * D("0.02") * LOADED, "Upkeep 0.02 each | {48.6}", SERVICES),
    ("at 0.10", 27 * D("0.10") * LOADED, "Upkeep 0.10 each | {243.0}", SERVICES),
    ("feature-months", D("121.5") / 90, "121.5 ÷ 90 = {1.35} feature-months", SERVICES),
    ("upkeep of three", 3 * D("0.05"), "3 × 0.05 = {0.15} |", SERVICES),
    ("share of twelve for three", D("0.15") / 12 * 100, "0.15 ÷ 12 = {1.25}%", SERVICES),
    ("thirty a year", D("1.5") * LOADED, "at €90k | €{135}k |", SERVICES),
    ("three a year", D("0.15") * LOADED, "€135k | €{13.5}k |", SERVICES),
    ("difference in engineers", D("1.5") - D("0.15"), "1.5 − 0.15 = {1.35} engineers", SERVICES),
    ("Segment’s upkeep", D(3) / 140, "3 ÷ 140 = {0.02} each", SERVICES),
    ("at 0.05", 27 * D("0.05") * LOADED, "Upkeep 0.05 each | {121.5}", SERVICES),
    ("deployables more", 30 - 3, "{27} deployables more × upkeep", SERVICES),
    ("share, board room", D("1.5") / 12, "would take an {eighth} of this team", SERVICES),
    ("measured upkeep", 27 * D("0.03") * LOADED, "€{72.9}k — *27 × 0.03 × 90", SERVICES),
    ("measured upkeep of thirty", 30 * D("0.03") * LOADED, "€{81.0}k — *30 × 0.03 × 90", SERVICES),
    ("measured upkeep of three", 3 * D("0.03") * LOADED, "would have needed €{8.1}k as well", SERVICES),
    ("assumed upkeep", 27 * D("0.05") * LOADED, "€{121.5}k — *27 × 0.05 × 90", SERVICES),
    ("difference, board room, in tens", 27 * D("0.05") * LOADED / 10, "about €{12}0k a year more than three", SERVICES),
    # 3-prime-video
    ("a page", 12 * D("0.002"), "12 × 0.002 = €{0.024}", PRIME),
    ("a million pages", 1_000_000 * D("0.024"), "1,000,000 × 0.024 = €{24,000}", PRIME),
    ("factor to the full load", 1 / D("0.05"), "leaves a factor of {twenty} to find", PRIME),
    ("the pilot", 10_000 * PER_PAGE, "10,000 pages a month, that is €{240}", PRIME),
    ("pages a month", 5 * D(2_400_000) / 12, "200,000 bookings a month it is {1,000,000} ×", PRIME),
    ("cloud a month", CLOUD * 1000 / 12, "the cloud bill of €{120,000} a month", PRIME),
    ("share on top", 1_000_000 * PER_PAGE / (CLOUD * 1000 / 12), "a {fifth} on top of the cloud bill", PRIME),
    ("factor of Scans", 1 / D("0.03"), "A factor of {thirty-three} is unproven", PRIME),
    # 4-cfo-words
    ("repair today", D(180 * 55 * 12), "180 × 55 × 12 = €{118,800}", CFO),
    ("repair of small lots", D(96 * 55 * 12), "96 × 55 × 12 = €{63,360}", CFO),
    ("repair not spent", D(118_800 - 63_360), "118,800 − 63,360 = €{55,440}", CFO),
    ("feature-months to pay for it", D(124_560) / 90_000, "124,560 ÷ 90,000 = {1.4}", CFO),
    ("an hour", LOADED * 1000 / WORKED_HOURS, "An hour costs €{55}, which is €90k ÷ 1,640", CFO),
    ("two engineers", 2 * LOADED, "*delivery pipeline, €{180}k a year*", CFO),
    ("failed releases", 40 * D("0.15"), "40 × 15% = {6} |", CFO),
    ("failed small releases", 80 * D("0.08"), "80 × 8% = {6.4} |", CFO),
    ("hours today", 6 * 30, "Hours a month | {180} |", CFO),
    ("hours of small lots", D("6.4") * 15, "Hours a month | 180 | {96} |", CFO),
    ("still open", 180_000 - 55_440, "€180,000 a year, €{124,560} is still open", CFO),
    ("closed of the leak", FAILED - FAILED_SMALL, "less than half of the leak, {55.4} of", CFO),
    ("the leak", FAILED, "55.4 of {118.8}", CFO),
    ("the leak, in euros", FAILED * 1000, "lists the same €{118,800} as a leak", CFO),
    ("repair hours, board room", FAILED - FAILED_SMALL, "repair hours worth about €{55}k", CFO),
    ("feature-months in weeks", D(124_560) / 90_000 * 52 / 12, "{six} weeks earlier each year", CFO),
    ("hours before", 6 * 30, "after 6 × 30 = {180}", CFO),
    ("hours of Quotes", 7 * 15, "7 × 15 = {105}", CFO),
    ("hours of Routes", 5 * 40, "5 × 40 = {200}", CFO),
    ("hours of Depots", 8 * 30, "8 × 30 = {240}", CFO),
    ("share before", D(6) / 40 * 100, "is down from {15}% to", CFO),
    ("share of Depots", D(8) / 80 * 100, "from 15% to {10}%", CFO),
    # 5-data-ai-security
    ("wrong answers", 100 - 94, "{Six} answers in a hundred are wrong", DATA),
    # 6-structure-makes-architecture
    ("pairs of 5", pairs(5), "5 people | {10} |", TEAMS),
    ("pairs of 10", pairs(10), "10 people | {45} |", TEAMS),
    ("pairs of 60", pairs(60), "60 people | {1,770} |", TEAMS),
    ("pairs added by a sixth", pairs(6) - pairs(5), "which would add {five} pairs", TEAMS),
    # 7-leading-people
    ("price of silence", D(4 * 2 * 8 * 55), "64 × 55 = €{3,520}", SILENCE),
    ("hours of repair", 4 * 2 * 8, "or {64} × 55 =", SILENCE),
    ("from Tuesday to Friday", 5 - 2, "Here it was {three} days", SILENCE),
    # 8-decisions-away
    ("senior hire", level(4, 3, 2), "rounded 1 + 4 = **{5}, advise**", AWAY),
    ("coding standard", level(5, 1, 1), "| 5 | 1 | 1 | {7} |", AWAY),
    ("approving changes", level(4, 2, 1), "| 4 | 2 | 1 | {6} |", AWAY),
    ("roadmap items", level(4, 4, 2), "| 4 | 4 | 2 | {4} |", AWAY),
    ("vendor", level(3, 4, 2), "| 3 | 4 | 2 | {3} |", AWAY),
    ("cloud provider", level(3, 5, 3), "| 3 | 5 | 3 | {2} |", AWAY),
    ("hours from approvals", D(6) * 4 / 6, "6 × 4 ÷ 6 = {4.00}", AWAY),
    ("hours from the rota", D(2) * 5 / 6, "2 × 5 ÷ 6 = {1.67}", AWAY),
    ("hours together", (D(6 * 4) + 4 * 2 + 2 * 5) / 6, "**{7.0} hours a week**", AWAY),
    ("competence", D("0.40") * 3 / 4, "0.40 × (4 − 1) ÷ 4 = {0.300}", AWAY),
    ("impact", D("0.35") * (1 - D(2) / 4), "0.35 × (1 − (3 − 1) ÷ 4) = {0.175}", AWAY),
    ("irreversibility", D("0.25") * (1 - D(1) / 2), "0.25 × (1 − (2 − 1) ÷ 2) = {0.125}", AWAY),
    ("together", D("0.300") + D("0.175") + D("0.125"), "Together | {0.600} |", AWAY),
    ("six times that", 6 * D("0.600"), "1 + 6 × 0.600 = 1 + {3.6}, rounded", AWAY),
    ("hours from hiring", hours_freed(4, 3, 5), "4 × 2 ÷ 6 = {1.33}", AWAY),
    ("hours today", 6 + 4 + 2, "6 + 4 + 2 = {12} hours", AWAY),
    ("bar of today", 6 + 4 + 2, "Today | {12.0} |", AWAY),
    ("bar after the move", 12 - FREED, "After the move | {5.0} |", AWAY),
    ("hours freed, under the bars", FREED, "12 hours, less {7.0}.", AWAY),
    ("hours freed, board room", FREED, "returns about {seven} hours of my week", AWAY),
    # 9-hire-stronger
    ("0.42 squared", D("0.42") ** 2, "Squared it is {0.18}", HIRE),
    ("0.42 squared, in percent", D("0.42") ** 2 * 100, "accounts for about {18}%", HIRE),
    ("0.19 squared, in percent", D("0.19") ** 2 * 100, "an unstructured talk for about {4}%", HIRE),
    ("mean score", D(5 + 3 + 4 + 2) / 4, "5, 3, 4, 2. The mean is {3.5}", HIRE),
    # 10-in-writing
    ("thirty more than three", 27 * D("0.05"), "they cost {1.35} engineers", WRITING),
    ("thirty more than three, in euros", 27 * D("0.05") * LOADED, "or €{121.5}k of capacity a year more", WRITING),
    ("upkeep of three, record", 3 * D("0.05"), "upkeep of {0.15} engineers", WRITING),
    ("record, board room, in tens", 27 * D("0.05") * LOADED / 10, "time worth about €{12}0k a year", WRITING),
    # 11-mistakes-practices
    ("licences", 60 * 30 * 12, "60 × 30 × 12 = €{21,600}", MISTAKES),
    ("one more failed release", 30 * HOUR * 12, "30 × 55 × 12 = €{19,800}", MISTAKES),
    ("radar with Maps’ tool", 60 + 1, "the radar grows to {61}", MISTAKES),
    # assignment
    ("thirty, board", 30 * D("0.05") * LOADED, "30 × 0.05 × 90 = €{135}k", BOARD),
    ("three, board", 3 * D("0.05") * LOADED, "3 × 0.05 × 90 = €{13.5}k", BOARD),
    ("share of thirty, board", D("1.5") / 12, "an {eighth} of the team", BOARD),
    ("difference, board", 27 * D("0.05") * LOADED, "worth €{121.5}k a year against thirty", BOARD),
    ("twenty engineer-days", D(20) / 5 * WEEK, "20 engineer-days, about €{8}k", BOARD),
    ("hours of approvals, board", hours_freed(6, 2, 6), "2→6 | {4.00} |", BOARD),
    ("hours of the rota, board", hours_freed(2, 1, 6), "1→6 | {1.67} |", BOARD),
    ("hours of hiring, board", hours_freed(4, 3, 5), "3→5 | {1.33} |", BOARD),
    ("approvals, board", level(4, 2, 1), "| 4 | 2 | 1 | 2→{6} |", BOARD),
    ("rota, board", level(4, 2, 1), "| 4 | 2 | 1 | 1→{6} |", BOARD),
    ("senior hire, board", level(4, 3, 2), "| 4 | 3 | 2 | 3→{5} |", BOARD),
    ("coding standard, board", level(5, 1, 1), "| 5 | 1 | 1 | 7→{7} |", BOARD),
    ("library, board", level(4, 1, 1), "| 4 | 1 | 1 | 6→{6} |", BOARD),
    ("release, board", level(4, 4, 1), "| 4 | 4 | 1 | 5→{5} |", BOARD),
    ("roadmap, board", level(4, 4, 2), "| 4 | 4 | 2 | 4→{4} |", BOARD),
    ("vendor, board", level(3, 4, 2), "| 3 | 4 | 2 | 3→{3} |", BOARD),
    ("re-organisation, board", level(3, 5, 2), "| 3 | 5 | 2 | 3→{3} |", BOARD),
    ("cloud provider, board", level(3, 5, 3), "| 3 | 5 | 3 | 2→{2} |", BOARD),
    ("hours together, board", FREED, "{Seven} hours a week return", BOARD),
    ("hours for the leads, board", FREED - 5, "{two} to the leads who now decide", BOARD),
]
