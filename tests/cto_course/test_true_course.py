"""What the shipped course says of its own checks and papers is so."""

import re

import pytest
import yaml
from django.conf import settings

from quizzes.content.stating import NUMBERS

COURSE = settings.BASE_DIR / "content/cto"
CHECKS = sorted(COURSE.glob("[1-6]-*/quiz.yaml"))
WORDS = {number: word for word, number in NUMBERS.items()}


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
