"""Questions, quizzes and attempts in the admin, one module for each part of the work."""

from quizzes.admin import bank, imports, practice, quiz, records, regrading

__all__ = ["bank", "imports", "practice", "quiz", "records", "regrading"]
