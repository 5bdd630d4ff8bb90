"""What the shipped course says of its own checks and papers is so."""

import re

import pytest
import yaml
from django.conf import settings

from quizzes.content.stating import NUMBERS

COURSE = settings.BASE_DIR / "content/cto"
CHECKS = sorted(COURSE.glob("[1-6]-*/quiz.yaml"))
WORDS = {number: word for word, number in NUMBERS.items()}


# ---- What lessons share ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (r"54 minutes", r"\| Incidents last month \|.*\| ([\d, ]+) \|"),
        (r"(?:12|twelve) days", r"\| Lead time of a change \|.*\| ([\d, ]+) \|"),
        (r"€9\.9k", r"\| Revenue at risk \|.*\| ([\d, ]+) \|"),
        (r"(?i)head of operations", r"head of operations \(lessons ([^)]+)\)"),
        (r"(?i)head of platform", r"heads of platform and people \(lesson ([^)]+)\)"),
        (r"Dana", r"Dana, who leads the booking team \(lesson ([^)]+)\)"),
    ],
)
def test_the_page_of_the_company_names_every_lesson_that_works_with_a_fact(words, said):
    page = COURSE / "1-from-lab-director/10-harbourline.md"
    (named,) = re.findall(said.replace(" ", r"\s"), page.read_text())
    texts = {path: path.read_text() for path in COURSE.glob("[1-6]-*/*.md") if path != page}
    assert re.findall(r"\d", named) == sorted(
        {path.parent.name[0] for path, text in texts.items() if re.search(words, text)}
    )


def test_the_front_page_says_how_long_the_papers_are():
    """From one page to two; the investment case is one page and half a page."""
    lengths = [
        re.search(r"^length: (.*)$", path.read_text(), re.M)[1] for path in sorted(COURSE.glob("[1-6]-*/assignment.md"))
    ]
    assert [length.split()[0] for length in lengths] == ["One", "Two", "Two", "One", "Two", "Two"]
    summary = " ".join(yaml.safe_load((COURSE / "course.yaml").read_text())["summary"].split())
    assert "every lesson asks for a page or two of your own" in summary
    assert "assignments of a page or two to compare with a model answer" in summary


def test_no_section_promises_words_to_every_lesson_that_they_do_not_have():
    """Output and outcome were said to return in every lesson; three have neither."""
    promised = [path.name for path in COURSE.glob("[1-6]-*/*.md") if "words return in every lesson" in path.read_text()]
    assert promised == []


# ---- Which questions come again --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CHECKS, ids=lambda path: path.parent.name)
def test_the_front_of_a_check_says_which_questions_come_every_time(path):
    """Its first slot asks all that it has, the situations; the second draws from the rest."""
    check = yaml.safe_load(path.read_text())
    always, drawn = check["slots"]
    scenarios = [each["id"] for each in check["questions"] if each["type"] == "scenario"]
    assert ("pick" in always, always["questions"]) == (False, scenarios)
    asked, same, others, pool = (
        WORDS[count]
        for count in (len(scenarios) + drawn["pick"], len(scenarios), drawn["pick"], len(drawn["questions"]))
    )
    intro = " ".join(check["intro"].split())
    assert intro.startswith(f"{asked.capitalize()} questions. ")
    told = rf"{same}\b[^.]* situations?\b.*? (?:every time|each time|in every attempt)\b[^.]* count double"
    assert re.search(told, intro, re.IGNORECASE)
    assert re.search(rf"The other {others} [^.]*\b(?:drawn|draw)\b[^.]* {pool}\b[^.]*\.", intro)


def test_the_front_page_says_of_another_try_what_the_checks_say():
    questions = yaml.safe_load((COURSE / "course.yaml").read_text())["questions"]
    (answer,) = (each["answer"] for each in questions if "fail a check" in each["ask"])
    assert "some of the questions change, the situations stay" in answer
