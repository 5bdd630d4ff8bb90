"""The course covers the article it grew from: every claim is taught in a section and asked in a question."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

COURSE = Path(settings.BASE_DIR) / "content/cto"

# The claim; where it is taught (lesson, unit); words that one of these sections must contain; where it is asked.
CLAIMS = [
    ("not the smartest programmer", [(1, "why-engineers"), (1, "three-voices")], "smartest programmer", "1.10 1.11"),
    ("post-war laboratory director", [(1, "five-scenes")], "laborator", "1.01 1.02"),
    ("the modern CTO is born in the late 1980s", [(1, "five-scenes")], "late 1980s", "1.01 1.03"),
    ("head of the IT service in the 2000s", [(1, "five-scenes"), (1, "archetypes")], "2000s", "1.01 1.07"),
    ("product architect in the 2010s", [(1, "five-scenes")], "product architect", "1.01"),
    ("the CEO’s partner in the 2020s", [(1, "five-scenes"), (1, "what-ai-changes")], "2020s", "1.01 1.13"),
    ("mission: advantage and growth", [(1, "mission")], "competitive advantage", "1.04 1.09"),
    ("technology works for the business", [(1, "works-for-the-business")], "microservices", "1.05 1.06"),
    ("five aspects of the mission", [(1, "mission")], "five aspects", "1.04"),
    ("CTO outward, CIO inward", [(2, "outward-and-inward"), (2, "neighbours")], "CIO", "2.01 2.02 2.03"),
    ("CPO what and why, CTO how", [(2, "why-and-how")], "roadmap", "2.01 2.04 2.05"),
    ("VP Engineering now, CTO one to three years", [(2, "course-and-ship")], "years", "2.06 2.07"),
    ("the dilemma of the new and the earning", [(3, "the-dilemma")], "earn", "3.10 3.13"),
    ("70/20/10", [(3, "three-rules"), (3, "portfolio-by-quarter")], "70", "3.01 3.02 3.03 3.04"),
    ("dual-track IT", [(3, "dual-track")], "sandbox", "3.05 3.13"),
    (
        "MTTR, uptime, incidents per release",
        [(3, "stability-metrics"), (3, "error-budget")],
        "MTTR",
        "3.06 3.07 3.08 3.09 3.10",
    ),
    ("the mistake of coding by hand", [(1, "three-voices"), (5, "better-judgement")], "critical path", "1.10 1.11"),
    (
        "ROI, NPV, time-to-value",
        [(4, "roi-and-payback"), (4, "npv-and-irr")],
        "NPV",
        "4.01 4.02 4.03 4.04 4.05 4.06 4.07 4.12",
    ),
    ("15% lower operating cost next year", [(4, "defend-the-budget")], "15%", "4.05"),
    ("monolith or microservices", [(5, "monolith-or-services")], "monolith", "5.01 5.02"),
    ("cloud native and CI/CD", [(5, "cfo-words")], "cloud", "5.10 5.14"),
    ("data and AI ecosystems", [(5, "data-ai-security")], "data product", "5.11 5.12"),
    (
        "emotional intelligence, delegation, hiring stronger people",
        [(5, "leading-people"), (5, "decisions-away"), (5, "hire-stronger")],
        "delegat",
        "5.06 5.07 5.08 5.09",
    ),
    (
        "IT budgets, TCO, cloud cost",
        [(4, "where-the-money-sits"), (4, "tco"), (4, "finops")],
        "TCO",
        "4.08 4.09 4.10 4.11",
    ),
    (
        "the first 100 days in four stages",
        [
            (6, "audit-and-transparency"),
            (6, "reporting-and-kpis"),
            (6, "team-audit"),
            (6, "structure-and-process"),
        ],
        "stage",
        "6.01 6.02 6.03 6.13",
    ),
    ("engineer, leader, businessperson", [(1, "three-voices"), (6, "three-voices-again")], "business", "6.12"),
]


def folder(lesson):
    return next(COURSE.glob(f"{lesson}-*/"))


def text_of(lesson, unit):
    (path,) = folder(lesson).glob(f"[0-9]*-{unit}.md")
    return path.read_text()


def questions(lesson):
    return {each["id"] for each in yaml.safe_load((folder(lesson) / "quiz.yaml").read_text())["questions"]}


@pytest.mark.parametrize(("claim", "taught", "words", "asked"), CLAIMS, ids=[claim[0] for claim in CLAIMS])
def test_claim_is_taught_and_asked(claim, taught, words, asked):
    texts = [text_of(lesson, unit) for lesson, unit in taught]
    assert any(re.search(words, text, re.IGNORECASE) for text in texts)
    asked = {f"Q{number}" for number in asked.split()}
    assert asked <= set().union(*(questions(int(number[1])) for number in asked))


def test_every_lesson_is_whole():
    """Six lessons, nothing left to be written, 82 questions."""
    lessons = [yaml.safe_load((folder(number) / "lesson.yaml").read_text()) for number in range(1, 7)]
    assert [lesson["outline"] for lesson in lessons] == [[]] * 6
    assert [len(questions(number)) for number in range(1, 7)] == [13, 13, 14, 14, 14, 14]
