"""Questions, quizzes and attempts in the admin, one module for each part of the work."""

from quizzes.admin import bank, granting, imports, practice, quiz, reading, records, regrading

__all__ = ["bank", "granting", "imports", "practice", "quiz", "reading", "records", "regrading"]
