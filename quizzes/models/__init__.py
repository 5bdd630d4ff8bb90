"""Asking (bank), answering (attempt), scoring, practising, importing."""

from quizzes.models.attempt import Attempt, AttemptItem, Response, ResponseLog
from quizzes.models.bank import PoolMember, Question, QuestionVersion, Quiz, QuizVersion, Slot
from quizzes.models.imports import QuestionImport
from quizzes.models.practice import PracticeCard, PracticeReview
from quizzes.models.scoring import GradingRun, ItemScore, Regrade

__all__ = [
    "Attempt",
    "AttemptItem",
    "GradingRun",
    "ItemScore",
    "PoolMember",
    "PracticeCard",
    "PracticeReview",
    "Question",
    "QuestionImport",
    "QuestionVersion",
    "Quiz",
    "QuizVersion",
    "Regrade",
    "Response",
    "ResponseLog",
    "Slot",
]
