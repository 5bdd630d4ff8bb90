"""What must hold of stored scores and of the regrades they have heard of, whatever happened."""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery, Sum

from database.fields import as_text
from progress.models import LearningEvent
from quizzes.content.rules import shown_wrong
from quizzes.grading import runs as grading
from quizzes.models import (
    Attempt,
    AttemptItem,
    GradingRun,
    ItemScore,
    QuestionVersion,
    Regrade,
    Response,
)
from quizzes.questions import corrections, scoring
from quizzes.questions.types import READ, WITH_NUMBERS
from quizzes.regrading import recounting

#: Rows that are in memory at once, and judgements that are remembered.
CHUNK, KEPT = 500, 10_000


def points_make_the_maximum() -> list[str]:
    """4. Maximum = Σ points of the items; once graded, of those that no regrade dropped."""
    attempts = Attempt.objects.annotate(points=Sum("items__points"))
    wrong = attempts.exclude(state=Attempt.State.GRADED).exclude(points=F("maximum"))
    scores = ItemScore.objects.in_force().filter(run__attempt=OuterRef("pk")).order_by()
    totals = scores.values("run__attempt").annotate(total=Sum("worth")).values("total")
    graded = Attempt.objects.graded().annotate(worth=Subquery(totals))
    return [f"attempt {row.pk}: items {row.points}, maximum {row.maximum}" for row in wrong] + [
        f"attempt {row.pk}: scores out of {row.worth}, maximum {row.maximum}"
        for row in graded.filter(Q(worth=None) | ~Q(worth=F("maximum"))).iterator()
        # SQLite adds up floating point numbers.
        if row.worth != row.maximum
    ]


def graded_attempts_have_all_scores() -> list[str]:
    """4. A graded attempt has a run, its newest run a score for every item; nothing else has a run. What is sent is
    graded or waits for a reader, and then there is a text to read.
    """
    texts = AttemptItem.objects.filter(
        attempt=OuterRef("pk"), question_version__type__in=READ, response__answer__isnull=False
    )
    scored = ItemScore.objects.in_force().filter(run__attempt=OuterRef("pk")).order_by()
    scored = scored.values("run").annotate(n=Count("pk"))
    attempts = Attempt.objects.annotate(
        runs_made=Count("runs", distinct=True),
        items_count=Count("items", distinct=True),
        scored=Subquery(scored.values("n")),
    )
    wrong = attempts.filter(
        Q(state=Attempt.State.GRADED) & (Q(scored=None) | ~Q(scored=F("items_count")))
        | ~Q(state=Attempt.State.GRADED) & Q(runs_made__gte=1)
        | Q(state=Attempt.State.SUBMITTED)
        | Q(state=Attempt.State.AWAITING_REVIEW) & ~Exists(texts)
    )
    return [
        f"attempt {row.pk}: {row.state}, {row.runs_made} runs, {row.scored} of {row.items_count} scores"
        for row in wrong
    ]


def scores_add_up() -> list[str]:
    """4. Score and percent are Σ fraction × worth of the newest run, cut; passed follows from it, or was kept.

    What was graded before points were counted exactly, and is not judged otherwise today, keeps the sum of its rounded
    points: that run says so.
    """
    violations = []
    for chunk, scores in recounting.in_chunks(Attempt.objects.graded().select_related("quiz_version")):
        for row in chunk:
            shares = recounting.shares(scores[row.pk])
            counted = recounting.counted(scores[row.pk], shares)
            reached = grading.reaches(row.quiz_version, shares)
            verdicts = {(reached, False), (True, not reached)}
            if (row.score, row.percent) != counted or (row.passed, row.pass_kept) not in verdicts:
                violations.append(
                    f"attempt {row.pk}: {row.score}, {row.percent}%, passed {row.passed}, counted {counted}"
                )
    return violations


def fractions_are_read_as_they_are() -> list[str]:
    """4. 0 ≤ fraction ≤ 1, and what is read of it is the exact one."""
    columns = ("numerator", "denominator", "fraction")
    different = [ItemScore(**row) for row in ItemScore.objects.order_by().values(*columns).distinct().iterator(CHUNK)]
    if all(score.is_read_as_it_is for score in different):
        return []
    wrong = (row for row in ItemScore.objects.only(*columns).iterator(CHUNK) if not row.is_read_as_it_is)
    return [f"score {row.pk}: {row.numerator}/{row.denominator} is read as {row.fraction}" for row in wrong]


def scores_are_recomputable() -> list[str]:
    """4. Every score in force is what scoring gives for the stored answer, by the regrades its run knew of."""
    return list(_differing_scores())


def _differing_scores() -> Iterator[str]:
    """Nothing is scored twice: most answers to a question are the same few."""
    asked = QuestionVersion.objects.filter(Exists(AttemptItem.objects.filter(question_version=OuterRef("pk"))))
    versions = asked.only("type", "body").in_bulk()
    regraded = set(Regrade.objects.values_list("question_version", flat=True))
    parameters, answers = AttemptItem._meta.get_field("parameters"), Response._meta.get_field("answer")

    @lru_cache(maxsize=KEPT)
    def scored(version, answer, put, points, language, through, exact):
        """The score of an item by the regrades up to one of them; `exact` is what a person gave, if one did."""
        item = AttemptItem(question_version=versions[version], parameters=parameters.read(put), points=points)
        item.response = Response(answer=answers.read(answer))
        rules = grading.corrections([version], through=through).rules.get(version, ()) if version in regraded else ()
        manual = None if exact is None else ItemScore.of(Fraction(*exact))
        try:
            return grading.score_of(item, language=language, rules=rules, manual=manual)
        except scoring.NeedsReading:
            return None

    columns = ["item__question_version", as_text("item__response__answer"), as_text("item__parameters")]
    columns += ["item__points", "run__attempt__language", "run__regrades_through"]
    stored = ["pk", "manual", "numerator", "denominator", "points", "worth", "run__rounded"]
    rows = ItemScore.objects.in_force().values_list(*stored, *columns)
    for pk, manual, numerator, denominator, points, worth, rounded, *item in rows.iterator(CHUNK):
        exact = (numerator, denominator)
        now = scored(*item, exact if manual else None)
        if now is None:
            yield f"score {pk}: a long text that nobody has read"
        elif (now.exact, now.worth) != (Fraction(*exact), worth) or not (rounded or now.points == points):
            yield f"score {pk}: stored {points}, answer is worth {now.points}"


def regrades_reached_everybody() -> list[str]:
    """4. A regrade that says it is applied has reached every graded attempt that was asked the question."""
    violations = []
    for regrade in Regrade.objects.filter(applied_at__isnull=False):
        left = Attempt.objects.graded().filter(items__question_version=regrade.question_version_id)
        left = left.annotate(through=Max("runs__regrades_through")).filter(through__lt=regrade.pk)
        violations += [
            f"regrade {regrade.pk}: attempt {pk} was not graded again" for pk in left.values_list("pk", flat=True)
        ]
    return violations


def progress_knows_every_run() -> list[str]:
    """5. Progress was told of every grading run, and a pass that it was told is still one."""
    told, passed = set(), set()
    facts = LearningEvent.objects.filter(kind=LearningEvent.Kind.QUIZ_GRADED)
    for payload in facts.values_list("payload", flat=True).iterator(CHUNK):
        attempt = payload.get("attempt", "")
        told.add((attempt, payload.get("run", 1)))
        if payload.get("passed"):
            passed.add(attempt)
    runs = GradingRun.objects.order_by("pk").values_list("attempt__uuid", "number")
    lost = Attempt.objects.graded().filter(passed=False).order_by("pk").values_list("pk", "uuid")
    return [
        f"attempt {uuid}: progress was not told of run {number}"
        for uuid, number in runs.iterator(CHUNK)
        if (str(uuid), number) not in told
    ] + [f"attempt {pk}: had passed" for pk, uuid in lost.iterator(CHUNK) if str(uuid) in passed]


def right_numbers_count_as_shown() -> list[str]:
    """Whoever types the number that is shown as right is right, in every question that is asked today."""
    current = QuestionVersion.objects.current().filter(type__in=WITH_NUMBERS).select_related("question")
    versions = list(current.filter(question__retired_at__isnull=True))
    corrected = grading.corrections(version.pk for version in versions).rules
    violations = []
    for version in versions:
        key = corrections.standing(version.type, version.body, corrected.get(version.pk, ()))
        if not (key.full_credit or key.dropped or key.accepted):
            violations += [f"{version}: {reason}" for _field, reason in shown_wrong(key.body)]
    return violations
