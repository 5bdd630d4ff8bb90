"""Races against a real database, run as a program of its own: `python -m tests.quizzes.racing start 20`.

Several threads, each with its own connection, do the same thing at the same moment. Prints what was found as JSON. The
database is a fresh test database beside the one of DATABASE_URL; on SQLite a file, because in memory nothing waits.
"""

# ruff: noqa: E402 - models can be imported only after django.setup()

import json
import os
import random
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cto_course.settings")

import django

django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from notifications.models import Message
from progress.models import LearningEvent
from quizzes import attempts, invariants
from quizzes.attempts import granting, saving
from quizzes.grading import runs
from quizzes.models import Attempt, AttemptItem, GradingRun, ItemScore, QuestionVersion, Quiz, Regrade, Response
from quizzes.reading import queue
from quizzes.regrading import process
from tests import databases, factories

THREADS = 4


def at_once(*jobs):
    """Run the jobs in threads that are let go together; their results, exceptions included."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            results[place] = job()
        except Exception as problem:
            results[place] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def start(cohort, quiz):
    """Twenty parallel starts give one open attempt."""
    learner = factories.enrolment(cohort, factories.user("Nadia Osei"))
    results = at_once(*[lambda: attempts.start(enrolment=learner, quiz=quiz, at=timezone.now()).pk for _n in range(20)])
    made = list(Attempt.objects.of(learner).values_list("pk", flat=True))
    return {"one": set(results) == set(made) and len(made) == 1, "problems": problems(results)}


def allowance(cohort, quiz):
    """Twenty at once who start and send as often as they can: three attempts are allowed, three are made."""
    questions = [member.question for member in quiz.versions.current().get().slots.get().members.order_by("position")]
    factories.quiz(quiz.unit, questions, attempts_allowed=3)
    learner = factories.enrolment(cohort, factories.user("Nadia Osei"))

    def start_and_send():
        for _again in range(3):
            try:
                attempt = attempts.start(enrolment=learner, quiz=quiz, at=timezone.now())
            except attempts.AttemptRefused:
                continue
            attempts.close(attempt=attempt, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)

    results = at_once(*[start_and_send] * 20)
    made = list(Attempt.objects.of(learner).order_by("number").values_list("number", "state"))
    return {"one": made == [(1, "graded"), (2, "graded"), (3, "graded")], "problems": problems(results)}


def expire(cohort, quiz):
    """The learner, a reader of the attempt and two sweepers close it at the instant of its deadline: one run."""
    learner = factories.enrolment(cohort, factories.user("Nadia Osei"))
    attempt = attempts.start(enrolment=learner, quiz=quiz, at=timezone.now() - timedelta(minutes=2))
    over = timezone.now() - timedelta(seconds=1)
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=over, closes_at=over)

    def own():
        return Attempt.objects.select_related("enrolment__course", "quiz__unit", "quiz_version").get(pk=attempt.pk)

    def send():
        return attempts.close(attempt=own(), as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)

    def look():
        return attempts.settle(attempt=own(), as_of=timezone.now())

    def sweep():
        return attempts.close_overdue(as_of=timezone.now())

    results = at_once(send, look, sweep, sweep)
    closed = own()
    facts = LearningEvent.objects.filter(enrolment=learner).count()
    found = (closed.state, closed.closed_by, closed.submitted_at, closed.runs.count(), facts)
    return {"one": found == ("graded", "deadline", over, 1, 1), "problems": problems(results)}


def submit(cohort, quiz):
    """Parallel sends give one grading run and one fact."""
    learner = factories.enrolment(cohort, factories.user("Nadia Osei"))
    attempt = attempts.start(enrolment=learner, quiz=quiz, at=timezone.now())

    def send():
        own = Attempt.objects.get(pk=attempt.pk)
        return attempts.close(attempt=own, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER).state

    results = at_once(*[send] * THREADS)
    once = (GradingRun.objects.filter(attempt=attempt).count(), LearningEvent.objects.filter(enrolment=learner).count())
    return {"one": once == (1, 1) and set(results) == {"graded"}, "problems": problems(results)}


def save(cohort, quiz):
    """Saves against a close: what was acknowledged is stored and graded, and nothing is written after the close."""
    learner = factories.enrolment(cohort, factories.user("Nadia Osei"))
    attempt = attempts.start(enrolment=learner, quiz=quiz, at=timezone.now())
    acknowledged = {}

    def answer(position):
        def keep_saving():
            for revision in count():
                item = AttemptItem.objects.select_related("attempt", "question_version", "response").get(
                    attempt=attempt, position=position
                )
                choice = random.choice("abc".replace(item.response.answer or "-", ""))
                try:
                    response = attempts.save(item=item, answer=choice, revision=revision, at=timezone.now())
                except attempts.AttemptClosed:
                    return revision
                acknowledged[position] = (response.answer, response.revision)
            return None

        return keep_saving

    def close():
        threading.Event().wait(random.uniform(0.0, 0.05))
        own = Attempt.objects.get(pk=attempt.pk)
        return attempts.close(attempt=own, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER).state

    results = at_once(answer(1), answer(2), answer(3), close)
    stored = {
        response.item.position: (response.answer, response.revision)
        for response in Response.objects.filter(item__attempt=attempt, revision__gt=0).select_related("item")
    }
    graded = {
        score.item.position: score.fraction == 1
        for score in ItemScore.objects.filter(run__attempt=attempt).select_related("item")
    }
    right = {position: stored.get(position, ("", 0))[0] == "a" for position in (1, 2, 3)}
    return {
        "one": stored == acknowledged and graded == right,
        "problems": problems(results),
        "saves": sum(revision for _answer, revision in stored.values()),
    }


def unguarded(cohort, quiz):
    """The twin of `save`: looks whether the attempt is open and then writes. It shows that the race is real."""

    def write(item, answer, revision, flagged, at):
        if not Attempt.objects.taking_answers(at=at).filter(pk=item.attempt_id).exists():
            return False
        item.response.answer, item.response.revision, item.response.saved_at = answer, revision + 1, at
        return Response.objects.filter(item=item).update(answer=answer, revision=revision + 1, saved_at=at)

    guarded, saving._write = saving._write, write
    try:
        return save(cohort, quiz)
    finally:
        saving._write = guarded


def read(cohort, quiz):
    """Several readers of one attempt save at once: one reading counts, with one mail; the others are told."""
    long = factories.long(cohort.course, f"L{Attempt.objects.count()}")
    factories.quiz(quiz.unit, [long])
    learner = factories.enrolment(cohort, factories.user("Nadia Osei"))
    attempt = attempts.start(enrolment=learner, quiz=quiz, at=timezone.now())
    item = attempt.items.select_related("attempt", "question_version", "response").get()
    attempts.save(item=item, answer="Some words.", revision=0, at=timezone.now())
    attempts.close(attempt=attempt, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)
    reader = factories.user("Ines Duarte")

    def give(level):
        def save():
            own = queue.waiting().get(pk=attempt.pk)
            barrier.wait(timeout=30)  # all of them have seen it waiting
            reading = runs.Reading({"a": level, "b": 1})
            try:
                queue.give(attempt=own, readings={item.pk: reading}, by=reader, at=timezone.now())
            except queue.AlreadyRead:
                return None
            return level

        return save

    barrier = threading.Barrier(3)
    results = at_once(*[give(level) for level in (1, 2, 3)])
    saved = [level for level in results if level is not None]
    stored = [levels["a"] for levels in ItemScore.objects.filter(item=item).values_list("levels", flat=True)]
    mails = Message.objects.filter(dedupe_key__contains=str(attempt.uuid)).count()
    return {"one": saved == stored and len(stored) == mails == 1, "problems": problems(results)}


def extend(cohort, quiz):
    """A learner sends while staff grants more time: neither waits for the other for ever."""
    staff = factories.user("Ines Duarte")
    learner = factories.enrolment(cohort, factories.user("Nadia Osei"))
    attempt = attempts.start(enrolment=learner, quiz=quiz, at=timezone.now())

    def grant():
        own = Attempt.objects.select_related("quiz").get(pk=attempt.pk)
        granting.extend(attempt=own, by=staff, reason="A reason.", at=timezone.now(), known=0, minutes=5)

    results = at_once(_send(attempt), grant)
    return {"one": results == ["graded", None], "problems": problems(results)}


def regrade(cohort, quiz):
    """A learner sends while an earlier attempt of theirs is graded again: neither waits for the other for ever."""
    staff = factories.user("Ines Duarte")
    learner = factories.enrolment(cohort, factories.user("Nadia Osei"))
    first = attempts.start(enrolment=learner, quiz=quiz, at=timezone.now())
    _send(first)()
    attempt = attempts.start(enrolment=learner, quiz=quiz, at=timezone.now())
    version = first.items.first().question_version
    rule = Regrade.objects.create(
        question_version=version, policy=Regrade.Policy.FULL_CREDIT, reason="A reason.", decided_by=staff
    )
    results = at_once(_send(attempt), lambda: process.apply(rule, at=timezone.now()))
    process.apply_waiting(at=timezone.now())
    scores = set(Attempt.objects.of(learner).values_list("score", flat=True))
    once = Message.objects.filter(dedupe_key=f"regrade:{rule.pk}:{learner.pk}").count()
    rules = Regrade.objects.filter(question_version=version).count()
    return {"one": results[0] == "graded" and scores == {1} and once == (rules == 1), "problems": problems(results)}


def decide(cohort, quiz):
    """Regrades are committed in the order of their ids, whichever questions they are about."""
    staff = factories.user("Ines Duarte")
    asked = QuestionVersion.objects.current().filter(question__memberships__slot__quiz_version__quiz=quiz)
    versions = list(asked.order_by("pk")[:2])
    entered, order = threading.Event(), []
    # Another one than in the round before: somebody else who says the same is refused.
    again = Regrade.objects.filter(policy=Regrade.Policy.FULL_CREDIT).count() > Regrade.objects.count() / 2
    policy, details = (Regrade.Policy.ACCEPT, {"answers": ["b"]}) if again else (Regrade.Policy.FULL_CREDIT, {})

    def decided(version):
        at = timezone.now()
        return process.decide(version=version, policy=policy, details=details, reason="A reason.", by=staff, at=at)

    def first():
        with transaction.atomic():
            made = decided(versions[0])
            entered.set()
            threading.Event().wait(0.1)  # long enough for the other one, were it not kept waiting
            order.append(made.pk)

    def second():
        entered.wait(timeout=30)
        order.append(decided(versions[1]).pk)

    results = at_once(first, second)
    return {"one": len(order) == 2 and order == sorted(order), "problems": problems(results)}


def _send(attempt):
    def send():
        own = Attempt.objects.get(pk=attempt.pk)
        return attempts.close(attempt=own, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER).state

    return send


def problems(results):
    return [repr(result) for result in results if isinstance(result, Exception)]


@contextmanager
def fresh_course():
    """A database of its own with the course of the factories; gives its open cohort and the quiz of lesson 1."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    file = Path(settings.DATA_DIR) / f"race-{os.getpid()}.sqlite3"
    connection.settings_dict["TEST"]["NAME"] = (
        str(file) if connection.vendor == "sqlite" else f"test_race_{os.getpid()}"
    )
    with databases.copied():
        course = factories.course()
        yield factories.cohort(course), Quiz.objects.get(unit__lesson__course=course)


def main(scenario, rounds):
    with fresh_course() as (cohort, quiz):
        found = [SCENARIOS[scenario](cohort, quiz) for _round in range(rounds)]
        broken = {check_name: rows[:3] for check_name, check in invariants.CHECKS if (rows := check())}
    report = {
        "rounds": len(found),
        "good": sum(each["one"] for each in found),
        "problems": [problem for each in found for problem in each["problems"]],
        "saves": sum(each.get("saves", 0) for each in found),
        "broken": broken,
    }
    sys.stdout.write(json.dumps(report))


SCENARIOS = {
    "start": start,
    "allowance": allowance,
    "expire": expire,
    "submit": submit,
    "read": read,
    "save": save,
    "unguarded": unguarded,
    "decide": decide,
    "extend": extend,
    "regrade": regrade,
}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
