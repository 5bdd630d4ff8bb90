"""Processes that start, save, send and expire the same learner's attempts at the same moment, round after round.

    python -m tests.campaigns.races --rounds 200 --processes 8 [--guards off]

Uses the database system of DATABASE_URL. In every round all processes are let go together on one learner, whose check
allows three attempts of a fraction of a second; each does what chance tells it, the sweeper among them. Afterwards:
every answer that was acknowledged is in the log under its revision, nobody had more attempts than allowed, and the
invariants hold. With `--guards off` the same run looks first and writes then, without conditions and unique indexes:
what it finds shows that the races are real.
"""

# ruff: noqa: E402 - models can be imported only after django.setup()

import argparse
import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cto_course.settings")

import django

django.setup()

from django.db import DatabaseError, connection
from django.utils import timezone

from cohorts.models import Enrolment
from quizzes import attempts
from quizzes.attempts import closing, saving, timing
from quizzes.grading import runs
from quizzes.models import Attempt, AttemptItem, GradingRun, Quiz, QuizVersion, Response, ResponseLog
from tests import factories
from tests.campaigns import scratch

ALLOWED = 3
#: An attempt of the campaign lasts this long, grace included, in seconds.
LASTS = 0.4
#: How long each process goes on in one round, in seconds.
ROUND = 1.0


def act(learner, quiz, rng, acknowledged, counts):
    """One thing that a browser or the sweeper may ask for."""
    what = rng.choices(["start", "save", "submit", "expire"], [3, 12, 1, 2])[0]
    now = timezone.now()
    try:
        if what == "start":
            attempts.start(enrolment=learner, quiz=quiz, at=now)
        elif what == "save":
            what = save(learner, quiz, rng, acknowledged)
        elif what == "submit":
            own = (
                Attempt.objects.of(learner)
                .order_by("-number")
                .select_related("enrolment__course", "quiz__unit")
                .first()
            )
            if own:
                attempts.close(attempt=own, as_of=now, by=Attempt.ClosedBy.LEARNER)
        else:
            attempts.close_overdue(as_of=now)
    except (attempts.AttemptRefused, attempts.SaveRefused) as refused:
        what = type(refused).__name__
    counts[what] += 1


def save(learner, quiz, rng, acknowledged):
    items = AttemptItem.objects.select_related("attempt", "question_version", "response")
    item = items.filter(attempt__enrolment=learner, attempt__quiz=quiz).order_by("-attempt__number", "?").first()
    if item is None:
        return "nothing to save"
    answer = rng.choice("abc")
    # A window that read an older revision now and then, or sends the same again.
    revision = max(item.response.revision - rng.choice([0, 0, 0, 1]), 0)
    response = attempts.save(item=item, answer=answer, revision=revision, at=timezone.now())
    acknowledged.append((response.pk, response.revision, answer))
    return "saved"


def process(number, seed, learners, quiz_pk, barrier, results, guards):
    """One process of the campaign: a round for each learner."""
    connection.close()
    if not guards:
        remove_guards()
    rng, acknowledged, counts, failures = random.Random(f"{seed}-{number}"), [], Counter(), []
    quiz = Quiz.objects.select_related("unit").get(pk=quiz_pk)
    for pk in learners:
        learner = Enrolment.objects.select_related("user", "course").get(pk=pk)
        barrier.wait(timeout=120)
        until = time.monotonic() + ROUND
        while time.monotonic() < until:
            try:
                act(learner, quiz, rng, acknowledged, counts)
            except (DatabaseError, AttributeError, TypeError) as problem:
                failures.append(repr(problem)[:900])
    connection.close()
    results.put((acknowledged, dict(counts), failures))


def remove_guards():
    """The twins: they look, and then they write."""

    def write(item, answer, revision, flagged, at):
        item.response.answer, item.response.revision, item.response.saved_at = answer, revision + 1, at
        Response.objects.filter(item=item).update(answer=answer, revision=revision + 1, saved_at=at)
        return True

    def close(*, attempt, as_of, by):
        if not Attempt.objects.get(pk=attempt.pk).is_open:
            return attempt
        runs.run(attempt, at=as_of)
        Attempt.objects.filter(pk=attempt.pk).update(
            state="graded", submitted_at=as_of, closed_by=by, score=attempt.score, passed=attempt.passed
        )
        return Attempt.objects.get(pk=attempt.pk)

    saving._write = write
    attempts.close = closing.close = close


def drop_indexes():
    """What the database would refuse by itself."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX quizzes_one_open_attempt")
        for trigger, table in (("quizzes_response_frozen", "quizzes_response"),):
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {trigger}{on_table}")


def quick(quiz):
    """The check of the campaign: three attempts, a deadline at once."""
    questions = [member.question for member in quiz.versions.current().get().slots.get().members.order_by("position")]
    factories.quiz(quiz.unit, questions, attempts_allowed=ALLOWED, time_limit_minutes=1, grace_seconds=0)
    whole = timing.deadline

    def deadline(version, *, started_at, **more):
        whole(version, started_at=started_at, **more)
        end = started_at + timedelta(seconds=LASTS)
        return timing.Deadline(end, end)

    timing.deadline = deadline


def campaign(rounds, processes, *, guards=True, seed=1):
    """Run the rounds; what was found."""
    course = factories.course()
    cohort = factories.cohort(course)
    quiz = Quiz.objects.get(unit__lesson__course=course)
    quick(quiz)
    learners = [factories.enrolment(cohort, factories.user(f"Learner {n}")).pk for n in range(rounds)]
    if not guards:
        drop_indexes()
    connection.close()
    forked = multiprocessing.get_context("fork")
    barrier, results = forked.Barrier(processes), forked.SimpleQueue()
    running = [
        forked.Process(target=process, args=(number, seed, learners, quiz.pk, barrier, results, guards))
        for number in range(processes)
    ]
    for each in running:
        each.start()
    told = [results.get() for _each in running]
    for each in running:
        each.join(timeout=60)
    attempts.close_overdue(as_of=timezone.now() + timedelta(seconds=LASTS))
    counts = sum((Counter(counts) for _acknowledged, counts, _failures in told), Counter())
    failures = [failure for _acknowledged, _counts, all_ in told for failure in all_]
    acknowledged = {each for each_, _counts, _failures in told for each in each_}
    return {
        "database": connection.vendor,
        "guards": guards,
        "rounds": rounds,
        "processes": processes,
        "did": dict(counts),
        "attempts": Attempt.objects.count(),
        "runs": GradingRun.objects.count(),
        "lost": lost(acknowledged),
        "beyond_allowance": beyond_allowance(),
        "failures": failures[:5],
        "broken": scratch.broken_invariants(),
    }


def lost(acknowledged):
    """How many acknowledged answers are not in the log under their revision, or came to stand there otherwise."""
    logged = {
        (response, revision): answer
        for response, revision, answer in ResponseLog.objects.values_list("response", "revision", "answer")
    }
    return sum(logged.get((response, revision)) != answer for response, revision, answer in acknowledged)


def beyond_allowance():
    counts = Counter(Attempt.objects.values_list("enrolment", flat=True))
    open_ = Counter(Attempt.objects.open().values_list("enrolment", flat=True))
    allowed = QuizVersion.objects.current().get().attempts_allowed
    return sum(count > allowed for count in counts.values()) + sum(count > 1 for count in open_.values())


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=200)
    options.add_argument("--processes", type=int, default=8)
    options.add_argument("--guards", choices=["on", "off"], default="on")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with scratch.database():
        found = campaign(given.rounds, given.processes, guards=given.guards == "on", seed=given.seed)
    scratch.report(found)
    if given.guards == "on":
        bad = found["lost"] or found["beyond_allowance"] or found["failures"] or found["broken"]
        sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
