"""Asking (bank), answering (attempt) and scoring."""

from quizzes.models.attempt import Attempt, AttemptItem, Response, ResponseLog
from quizzes.models.bank import PoolMember, Question, QuestionVersion, Quiz, QuizVersion, Slot
from quizzes.models.scoring import GradingRun, ItemScore

__all__ = [
    "Attempt",
    "AttemptItem",
    "GradingRun",
    "ItemScore",
    "PoolMember",
    "Question",
    "QuestionVersion",
    "Quiz",
    "QuizVersion",
    "Response",
    "ResponseLog",
    "Slot",
]
