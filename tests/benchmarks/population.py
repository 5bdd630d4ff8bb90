"""Thousands of learners: a few who really learned, and copies of all that is theirs.

`python -m tests.benchmarks.population N` fills the database of the environment, in which the course "cto" is loaded, up
to N learners. Copies differ in nothing but ids, addresses and the names of attempts, so whatever always holds of the
originals holds of them. Another revision runs this very module too (see revisions.py): only what every revision has.
"""

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

ORIGINALS = 20
#: Everything that is a learner's, in the order in which rows refer to each other, and the way from a row to its person.
OWNED = {
    "accounts.User": "pk",
    "account.EmailAddress": "user",
    "cohorts.Enrolment": "user",
    "progress.LearningEvent": "enrolment__user",
    "progress.UnitState": "enrolment__user",
    "progress.LessonState": "enrolment__user",
    "progress.EnrolmentSummary": "enrolment__user",
    "quizzes.Attempt": "enrolment__user",
    "quizzes.AttemptItem": "attempt__enrolment__user",
    "quizzes.Response": "item__attempt__enrolment__user",
    "quizzes.ResponseLog": "response__item__attempt__enrolment__user",
    "quizzes.GradingRun": "attempt__enrolment__user",
    "quizzes.ItemScore": "run__attempt__enrolment__user",
    "quizzes.PracticeCard": "enrolment__user",
    "quizzes.PracticeReview": "card__enrolment__user",
    "plans.Note": "enrolment__user",
}

Row = dict[str, Any]


def populate(cohort, learners: int, *, at: datetime) -> None:
    """Let people into the cohort until it has this many learners, in one transaction."""
    from django.db import transaction

    from tests import factories

    with transaction.atomic():
        missing = learners - cohort.enrolments.count()
        originals = [factories.enrolment(cohort) for _number in range(min(ORIGINALS, missing))]
        for number, enrolment in enumerate(originals):
            learn(enrolment, number, at=at)
        copy([enrolment.user_id for enrolment in originals], missing - len(originals))


def learn(enrolment, number: int, *, at: datetime) -> None:
    """A week of learner `number`: readings, the check of lesson 1 sent once or twice, that of lesson 2 begun."""
    from lessons.models import UnitVersion
    from progress import recording
    from quizzes import attempts
    from quizzes.models import Attempt, Quiz

    begun = at - timedelta(days=7)
    readings = UnitVersion.objects.live(enrolment.course).filter(unit__kind="reading")
    for version in readings[: 1 + number % 9]:
        recording.mark_done(enrolment=enrolment, unit=version.unit, at=begun)
    first, second = (Quiz.objects.get(unit__lesson__course=enrolment.course, unit__lesson__number=n) for n in (1, 2))
    for sent in range(1 + number % 2):
        began = begun + timedelta(days=2 * sent + 1)
        attempt = attempts.start(enrolment=enrolment, quiz=first, at=began)
        answer(attempt, number + sent, at=began + timedelta(minutes=5))
        attempts.close(attempt=attempt, as_of=began + timedelta(minutes=9), by=Attempt.ClosedBy.LEARNER)
    answer(attempts.start(enrolment=enrolment, quiz=second, at=at), number, at=at)


def answer(attempt, number: int, *, at: datetime) -> None:
    """Answer every question that has choices, each learner in another way."""
    from quizzes import attempts
    from quizzes.models import AttemptItem

    for item in AttemptItem.objects.select_related("attempt", "question_version", "response").filter(attempt=attempt):
        order, kind = item.choice_order, item.question_version.type
        if kind in ("single", "scenario"):
            attempts.save(item=item, answer=order[number % len(order)], revision=0, at=at)
        elif kind == "multiple":
            attempts.save(item=item, answer=order[: 1 + number % 3], revision=0, at=at)


def copy(people: Sequence[int], wanted: int) -> None:
    """Make as many copies of these people (ids) in turn, with all that is theirs."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection
    from django.db.models import F, Max

    models = {apps.get_model(name): way for name, way in OWNED.items()}
    strides = {model: model.objects.aggregate(most=Max("pk", default=0))["most"] for model in models}
    rows = {
        model: list(model.objects.filter(**{f"{way}__in": people}).order_by("pk").annotate(person=F(way)).values())
        for model, way in models.items()
    }
    copied = {model: {row[model._meta.pk.attname] for row in theirs} for model, theirs in rows.items()}
    for turn in range(1, 1 + -(-wanted // max(1, len(people)))):
        now = set(people[: wanted - (turn - 1) * len(people)])
        for model, theirs in rows.items():
            shifts = {
                field.attname: (copied[of], turn * strides[of])
                for field in model._meta.concrete_fields
                if (of := model if field.primary_key and not field.remote_field else field.related_model) in models
            }
            model.objects.bulk_create(model(**again(row, shifts, turn)) for row in theirs if row["person"] in now)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def again(row: Row, shifts: dict[str, tuple[set[int], int]], turn: int) -> Row:
    """The copy of a row: ids of what is copied with it are shifted, names that must be unique are new."""
    made = {name: value for name, value in row.items() if name != "person"}
    for name, (ids, shift) in shifts.items():
        if made[name] in ids:
            made[name] += shift
    if "email" in made:
        made["email"] = f"{turn}.{made['email']}"
    if "uuid" in made:
        made["uuid"] = uuid5(made["uuid"], str(turn))
    if attempt := made.get("payload", {}).get("attempt"):
        named = str(uuid5(UUID(attempt), str(turn)))
        made |= {
            "payload": made["payload"] | {"attempt": named},
            "idempotency_key": made["idempotency_key"].replace(attempt, named),
        }
    return made


def main(learners: int) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from cohorts.models import Cohort

    populate(Cohort.objects.get(course__key="cto", open_to_all=True), learners, at=timezone.now())


if __name__ == "__main__":
    main(int(sys.argv[1]))
