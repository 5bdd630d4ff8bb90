"""Questions, quizzes and attempts in the admin. Each part of the work keeps its pages in its own folder."""

from django.contrib import admin

from quizzes.attempts.admin import AttemptRecords
from quizzes.authoring import admin as authoring
from quizzes.authoring import quiz_admin as quizzes
from quizzes.exchange import admin as exchange
from quizzes.models import Attempt
from quizzes.practice import admin as practice
from quizzes.reading.admin import ReadingQueue
from quizzes.regrading import admin as regrading

#: Importing them registers what they hold.
PARTS = [authoring, exchange, practice, quizzes, regrading]


@admin.register(Attempt)
class AttemptAdmin(ReadingQueue, AttemptRecords):
    """Attempts as rows, with the pages for extensions and for long texts that are read."""
