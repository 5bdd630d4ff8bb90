"""What a learner who did the reading would answer: the right answers, from the course's own files."""

import re
from decimal import Decimal
from pathlib import Path

import yaml

from quizzes.questions.formulas import FORMULAS

ROOT = Path(__file__).resolve().parents[2]


def plain(text):
    """Text as a browser shows it: no Markdown emphasis, single spaces."""
    return " ".join(re.sub(r"[*`]", "", text).split())


LESSON = ROOT / "content/cto/1-from-lab-director"


def sections():
    """The files of lesson 1 that are read, one for each section."""
    return list(LESSON.glob("[0-9]*-*.md"))


def questions():
    """The questions of lesson 1."""
    text = (LESSON / "quiz.yaml").read_text()
    return yaml.safe_load(text)["questions"]


def parameters_in(question, shown):
    """The numbers that a numeric question shows on this page, by name; None when it is another question."""
    first = plain(question["stem"].split("\n\n")[0])
    pattern, seen = "", set()
    for part in re.split(r"(\{\w+\})", first):
        name = part[1:-1]
        if part.startswith("{"):
            pattern += f"(?P={name})" if name in seen else rf"(?P<{name}>[\d,.]+)"
            seen.add(name)
        else:
            pattern += re.escape(part)
    found = re.search(pattern, shown)
    return {name: Decimal(value.replace(",", "")) for name, value in found.groupdict().items()} if found else None


def question_on(shown):
    """The question whose stem stands in the text of a page."""
    for question in questions():
        if question["type"] == "numeric":
            if parameters_in(question, shown):
                return question
        elif plain(question["stem"].split("\n\n")[0])[:80] in shown:
            return question
    raise AssertionError(f"No known question on this page: {shown[:300]}")


def number_for(question, shown):
    """The right number for the parameters on the page, as a learner would type it."""
    known = parameters_in(question, shown)
    fixed = {name: Decimal(value) for name, value in question["parameters"].items() if not isinstance(value, dict)}
    return str(FORMULAS[question["formula"]](**(fixed | known)))
