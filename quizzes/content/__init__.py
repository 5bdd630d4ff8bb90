"""Quizzes and questions as files: `read` them from a course folder, `load` them into the database, `dump` them back."""

from quizzes.content.dumping import dump
from quizzes.content.loading import load
from quizzes.content.reading import QuizFile, read

__all__ = ["QuizFile", "dump", "load", "read"]
