"""Requests that no page of ours sends, and the rows that have to be as they were."""

from datetime import timedelta

from django.apps import apps
from django.db import transaction

from quizzes import attempts
from quizzes.models import Attempt
from quizzes.practice import pages as practising
from tests.factories import NOW
from tests.quizzes.browsing import address, fields

ROOMS = ("cohorts", "notifications", "plans", "progress", "quizzes")
LATER = NOW + timedelta(minutes=5)
#: What a learner may wish a server to believe. Nothing of it is a field of ours, or has a say where it is sent.
WISHES = {
    name: value
    for prefix in ("", "q1-", "attempt-", "item-")
    for value, names in {
        "2099-01-01T00:00:00Z": "deadline_at closes_at saved_at started_at submitted_at checked_at at as_of now client",
        "1000": "time_factor score points fraction maximum percent minutes extra grace_seconds number left clock",
        "1": "passed pass_kept correct graded released answered id item_id run",
        "graded": "state status closed_by reason",
        "other": "item attempt enrolment user quiz_version question_version choice_order parameters language by",
    }.items()
    for name in (f"{prefix}{each}" for each in names.split())
}


def rows(*, without=()):
    """Every row of the rooms, by model."""
    return {
        model._meta.label: [
            {name: value for name, value in row.items() if name not in without}
            for row in model.objects.order_by("pk").values()
        ]
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
    }


def tried(send):
    """What a request makes of the rows; it is taken back."""
    with transaction.atomic():
        response = send()
        after = rows(without=("id", "run_id"))
        transaction.set_rollback(True)
    return response, after


def ticket(card, *, number=1, version=None):
    return practising.Ticket(card.pk, number, version or card.question.versions.get().pk).signed


FORMS = ("start", "save", "submit", "practice")


def form(world, name):
    """Where a form of the learner goes, and what an honest one holds."""
    return {
        "start": ("/cto/lessons/1/check/start/", {}),
        "save": (address("save", world.attempt), fields(1, 1, answer="b")),
        "submit": (address("submit", world.attempt), {}),
        "practice": ("/cto/practice/review/", {"ticket": ticket(world.card), "rating": "got_it"}),
    }[name]


def closed(world, how):
    if how == "void":
        attempts.void(attempt=world.attempt, by=world.omar.user, reason="For this test.", at=NOW)
    elif how == "sent":
        attempts.close(attempt=world.attempt, as_of=NOW, by=Attempt.ClosedBy.LEARNER)
    else:
        Attempt.objects.filter(pk=world.attempt.pk).update(deadline_at=NOW, closes_at=NOW)
        if how == "deadline":
            attempts.close_overdue(as_of=LATER)
