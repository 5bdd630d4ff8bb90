"""Quizzes, exam and questions as files: `read` them from a folder, `load` them into the database, `dump` them back."""

from quizzes.content.dumping import dump, remarks
from quizzes.content.files import ExamFile, QuestionFiles, QuizFile, read
from quizzes.content.loading import load

__all__ = ["ExamFile", "QuestionFiles", "QuizFile", "dump", "load", "read", "remarks"]
