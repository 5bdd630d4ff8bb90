"""Asking (bank, quiz), answering (attempt, item), scoring, practising, importing."""

from quizzes.models.attempt import Attempt
from quizzes.models.bank import Question, QuestionVersion
from quizzes.models.imports import QuestionImport
from quizzes.models.item import AttemptItem, Response, ResponseLog
from quizzes.models.practice import PracticeCard, PracticeReview
from quizzes.models.quiz import PoolMember, Quiz, QuizVersion, Slot
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
