"""Questions, quizzes and attempts in the admin, one module for each part of the work."""

from django.contrib import admin

from quizzes.admin import bank, granting, imports, practice, quiz, reading, records, regrading
from quizzes.models import Attempt

__all__ = ["bank", "granting", "imports", "practice", "quiz", "reading", "records", "regrading"]


@admin.register(Attempt)
class AttemptAdmin(reading.ReadingQueue, records.AttemptRecords):
    """Attempts as rows, with the pages for extensions and for long texts that are read."""
