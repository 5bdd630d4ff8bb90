"""Start, save, close, extend, void, grade again: everything that changes an attempt.

What decides is in the database: a partial unique index allows one open attempt, a conditional UPDATE takes an answer
only while the attempt is open, and another one lets exactly one of those who close it grade it.
"""

from quizzes.attempts.changing import NothingToChange, extend, void
from quizzes.attempts.closing import close, close_overdue, grade_again, settle
from quizzes.attempts.saving import (
    AnswerChecked,
    AnswerStale,
    AttemptClosed,
    SaveRefused,
    closed_reason,
    reveal,
    save,
)
from quizzes.attempts.standing import granted
from quizzes.attempts.starting import (
    AttemptRefused,
    attempts_left,
    missing_checks,
    nothing_to_ask,
    refusal,
    start,
)

__all__ = [
    "AnswerChecked",
    "AnswerStale",
    "AttemptClosed",
    "AttemptRefused",
    "NothingToChange",
    "SaveRefused",
    "attempts_left",
    "close",
    "close_overdue",
    "closed_reason",
    "extend",
    "grade_again",
    "granted",
    "missing_checks",
    "nothing_to_ask",
    "refusal",
    "reveal",
    "save",
    "settle",
    "start",
    "void",
]
