"""The worked numbers of lesson 2, unit by unit."""

from tests.worked_numbers.company import (
    DOWN,
    LOADED,
    PEOPLE,
    WEEK,
    D,
    gap,
)

OUTWARD = "2-who-owns-what/1-outward-and-inward.md"
WHY_HOW = "2-who-owns-what/2-why-and-how.md"
COURSE_SHIP = "2-who-owns-what/3-course-and-ship.md"
DEFINE = "2-who-owns-what/4-define-cto.md"
GAPS = "2-who-owns-what/7-power-interest-attitude.md"
MISTAKES = "2-who-owns-what/9-mistakes-practices.md"
TREATY = "2-who-owns-what/assignment.md"

ROWS = [
    # 1-outward-and-inward
    ("one engineer for half a year", LOADED / 2, "€{45}k for the half-year", OUTWARD),
    ("two days of five", D(2) / 5 * 100, "That is {40}% of your time", OUTWARD),
    ("two days of five, in the check", D(2) / 5 * 100, "Two days are {40}% of your week", OUTWARD),
    # 2-why-and-how
    ("the booking teams’ quarter", D(24 + 14 + 10 + 8 + 4), "24 + 14 + 10 + 8 + 4 = {60}", WHY_HOW),
    ("reserve and upgrade", 4 + 8, "the database upgrade make exactly {twelve}", WHY_HOW),
    ("left for the reserve", 14 - 12, "12 go to the messages, and {two} join the reserve", WHY_HOW),
    ("weeks of the CTO", 10 + 8, "{Eighteen} of the sixty weeks", WHY_HOW),
    ("minutes lost", DOWN, "54 of last month’s {216} minutes of downtime", WHY_HOW),
    # 3-course-and-ship
    ("an engineer-week", LOADED / 45, "€{2}k for each of the 45 weeks worked", COURSE_SHIP),
    ("ninety engineer-weeks", 90 * LOADED / 45, "that is €{180}k", COURSE_SHIP),
    ("people of two teams", PEOPLE * 2 / 8, "{15} engineers for six weeks", COURSE_SHIP),
    ("their six weeks", PEOPLE * 2 / 8 * 6, "for six weeks, {90} engineer-weeks", COURSE_SHIP),
    ("the price in the board room", 90 * WEEK, "in the spring, €{180}k of people", COURSE_SHIP),
    # 4-define-cto
    ("half an hour with 60", PEOPLE / 2, "half an hour with each is {30} hours", DEFINE),
    ("half an hour with 20", D(20) / 2, "With 20 people it is {ten} hours", DEFINE),
    ("half an hour with 40", D(40) / 2, "with each of them takes {20} hours", DEFINE),
    # 7-power-interest-attitude
    ("gap of the CFO", gap(5, 4, -1), "5 × 4 × (1 + 1) ÷ 4 | {10} |", GAPS),
    ("gap of the CISO", gap(3, 4, -2), "3 × 4 × (1 + 2) ÷ 4 | {9} |", GAPS),
    ("gap of the CPO", gap(4, 5, 0), "4 × 5 × 1 ÷ 4 | {5} |", GAPS),
    ("gap of sales", gap(4, 4, 0), "4 × 4 × 1 ÷ 4 | {4} |", GAPS),
    ("gap of the works council", gap(3, 3, 0), "3 × 3 × 1 ÷ 4 | {2.25} |", GAPS),
    ("largest gap", gap(5, 5, -2) * 4 / 3, "5 × 5 × 4 ÷ 4 = {25}", GAPS),
    ("power times interest", 5 * 4, "CFO and CPO both have {20} as power times interest", GAPS),
    ("gap of the CFO at 0", gap(5, 4, 0), "that gap would fall to {5},", GAPS),
    ("gap of the head of support", gap(2, 5, -1), "2 × 5 × 2 ÷ 4 = {5}, the widest", GAPS),
    ("gap of the committee’s chair", gap(5, 2, 0), "5 × 2 × 1 ÷ 4 = {2.5}", GAPS),
    ("gap of the head of sales", gap(4, 5, 1), "4 × 5 × 0 ÷ 4 = {0},", GAPS),
    # 9-mistakes-practices
    ("lines of the log", 10 + 9 + 7, "has 40 lines, and {26} carry your name", MISTAKES),
    # assignment
    ("four weeks of one engineer", 4 * WEEK, "4 × 90 ÷ 45 = €{8}k", TREATY),
    ("weeks of product’s items", 24 + 14, "among product’s items ({38} weeks)", TREATY),
    ("weeks of the technical items", 10 + 8, "payment and database items ({18})", TREATY),
    ("gap of the CFO, treaty", gap(5, 4, -1), "5 × 4 × 2 ÷ 4 | {10} |", TREATY),
    ("gap of the CISO, treaty", gap(3, 4, -2), "3 × 4 × 3 ÷ 4 | {9} |", TREATY),
    ("gap of the CPO, treaty", gap(4, 5, 0), "4 × 5 × 1 ÷ 4 | {5} |", TREATY),
    ("gap of sales, treaty", gap(4, 4, 0), "4 × 4 × 1 ÷ 4 | {4} |", TREATY),
    ("gap of the works council, treaty", gap(3, 3, 0), "3 × 3 × 1 ÷ 4 | {2.25} |", TREATY),
    ("gap of the CEO, treaty", gap(5, 5, 1), "already at +1 | {0} |", TREATY),
]
