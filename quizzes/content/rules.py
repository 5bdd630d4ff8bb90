"""What must hold between the fields of one question, and between the rules about time of a quiz.

A rule of a question yields (field, reason); the reader adds file and line.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from quizzes.questions.types import TYPES
from quizzes.questions.types.base import Fault
from quizzes.questions.types.numeric_rules import (
    FIXED,
    MOST_COMBINATIONS,
    NUMBER,
    TRIED_COMBINATIONS,
    combinations,
    numbers_in_words,
    plain,
    shown_wrong,
    unit_unsaid,
    values,
)

__all__ = [
    "FIXED",
    "MOST_COMBINATIONS",
    "NUMBER",
    "TRIED_COMBINATIONS",
    "combinations",
    "faults",
    "numbers_in_words",
    "plain",
    "shown_wrong",
    "unit_unsaid",
    "values",
]


def contradictions(quiz: Mapping[str, Any]) -> list[str]:
    """The rules about time of a quiz, by their names, that mean nothing beside the others."""
    opens, closes = quiz.get("opens_at"), quiz.get("closes_at")
    wrong = {
        "closes_at": bool(opens and closes and closes <= opens),
        "learner_sets_time": bool(quiz.get("learner_sets_time") and not quiz.get("time_limit_minutes")),
        "window": bool(quiz.get("window") and not closes),
    }
    return [name for name, is_wrong in wrong.items() if is_wrong]


def faults(question: Mapping[str, Any]) -> Iterator[Fault]:
    """Everything that is wrong with a question whose fields have the right shapes."""
    yield from TYPES[question["type"]].faults(question)
