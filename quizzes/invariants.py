"""What must hold of stored attempts whatever happened; `manage.py verify_invariants` collects it.

Each check returns one line per offending row, [] when all is well. Most of them repeat what a constraint or a trigger
already refuses: they are there for databases that were restored, converted or edited by hand.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery, Sum

from quizzes import grading, scoring
from quizzes.models import Attempt, AttemptItem, GradingRun, ItemScore, Response, ResponseLog


def attempt_numbers() -> list[str]:
    """1. Numbers of attempts are 1, 2, 3 … per learner and quiz."""
    wrong = (
        Attempt.objects.order_by()
        .values("enrolment", "quiz")
        .annotate(count=Count("pk"), distinct=Count("number", distinct=True), first=Min("number"), last=Max("number"))
        .exclude(count=F("last"), distinct=F("count"), first=1)
    )
    return [
        f"enrolment {row['enrolment']}, quiz {row['quiz']}: {row['count']} attempts up to {row['last']}"
        for row in wrong
    ]


def attempts_within_the_allowance() -> list[str]:
    """1. Nobody has more attempts that count than the rules under which the last one was started allow."""
    newest = (
        Attempt.objects.filter(enrolment=OuterRef("enrolment"), quiz=OuterRef("quiz"))
        .order_by("-number")
        .values("quiz_version__attempts_allowed")[:1]
    )
    wrong = (
        Attempt.objects.exclude(state=Attempt.State.VOIDED)
        .order_by()
        .values("enrolment", "quiz")
        .annotate(count=Count("pk"), allowed=Subquery(newest))
        .filter(count__gt=F("allowed"))
    )
    return [f"enrolment {row['enrolment']}, quiz {row['quiz']}: {row['count']} of {row['allowed']}" for row in wrong]


def one_open_attempt() -> list[str]:
    """1. At most one open attempt per learner and quiz."""
    wrong = (
        Attempt.objects.open().order_by().values("enrolment", "quiz").annotate(count=Count("pk")).filter(count__gt=1)
    )
    return [f"enrolment {row['enrolment']}, quiz {row['quiz']}: {row['count']} open" for row in wrong]


def one_response_per_item() -> list[str]:
    """2. Every item has its response."""
    return [f"item {pk}: no response" for pk in AttemptItem.objects.filter(response=None).values_list("pk", flat=True)]


def responses_end_their_log() -> list[str]:
    """2. The stored answer is the last acknowledged one, and every revision up to it was logged."""
    last = ResponseLog.objects.filter(response=OuterRef("pk")).order_by("-revision")
    responses = Response.objects.annotate(
        logged=Count("log"),
        last_revision=Subquery(last.values("revision")[:1]),
        last_saved_at=Subquery(last.values("saved_at")[:1]),
    )
    wrong = responses.exclude(revision=0, logged=0, saved_at=None).exclude(
        revision=F("logged"), last_revision=F("revision"), last_saved_at=F("saved_at")
    )
    return [f"response {row.pk}: revision {row.revision}, {row.logged} logged" for row in wrong]


def answers_are_the_logged_ones() -> list[str]:
    """2. The stored answer is the answer of its last log entry."""
    last = ResponseLog.objects.filter(revision=F("response__revision")).select_related("response")
    return [
        f"response {row.response_id}: not the logged answer"
        for row in last.iterator()
        if row.answer != row.response.answer
    ]


def nothing_after_close() -> list[str]:
    """2. No answer was saved after its attempt was closed."""
    wrong = ResponseLog.objects.filter(saved_at__gt=F("response__item__attempt__submitted_at"))
    return [f"response {row.response_id}: revision {row.revision} at {row.saved_at:%Y-%m-%d %H:%M:%S}" for row in wrong]


def points_make_the_maximum() -> list[str]:
    """4. Σ points of the items = maximum of the attempt."""
    wrong = Attempt.objects.annotate(points=Sum("items__points")).exclude(points=F("maximum"))
    return [f"attempt {row.pk}: items {row.points}, maximum {row.maximum}" for row in wrong]


def graded_attempts_have_all_scores() -> list[str]:
    """4. A graded attempt has a run, its newest run a score for every item; nothing else has a run."""
    newest = GradingRun.objects.filter(attempt=OuterRef(OuterRef("pk"))).order_by("-number").values("pk")[:1]
    scored = ItemScore.objects.filter(run=Subquery(newest)).order_by().values("run").annotate(n=Count("pk"))
    attempts = Attempt.objects.annotate(
        runs_made=Count("runs", distinct=True), asked=Count("items", distinct=True), scored=Subquery(scored.values("n"))
    )
    wrong = attempts.filter(
        Q(state=Attempt.State.GRADED) & (Q(scored=None) | ~Q(scored=F("asked")))
        | Q(state=Attempt.State.OPEN, runs_made__gte=1)
    )
    return [f"attempt {row.pk}: {row.state}, {row.runs_made} runs, {row.scored} of {row.asked} scores" for row in wrong]


def scores_add_up() -> list[str]:
    """4. Stored score = Σ points of the newest run; passed follows from it; 0 ≤ fraction ≤ 1."""
    in_force = ItemScore.objects.filter(run=Subquery(_newest_run_of("run__attempt"))).order_by()
    sums = in_force.values("run__attempt").annotate(total=Sum("points")).values_list("run__attempt", "total")
    totals: dict[int, Decimal] = dict(sums)
    found = [
        f"attempt {row.pk}: score {row.score}, passed {row.passed}, points {totals.get(row.pk)}"
        for row in Attempt.objects.graded().select_related("quiz_version").iterator()
        if totals.get(row.pk) != row.score or row.passed != _passed(row)
    ]
    outside = ItemScore.objects.exclude(fraction__gte=0, fraction__lte=1)
    return found + [f"score {row.pk}: fraction {row.fraction}" for row in outside]


def scores_are_recomputable() -> list[str]:
    """4. Every automatic score in force is what scoring gives for the stored answer today."""
    return list(_differing_scores())


def _differing_scores() -> Iterator[str]:
    scores = (
        ItemScore.objects.filter(manual=False, run=Subquery(_newest_run_of("run__attempt")))
        .select_related("run__attempt", "item__question_version", "item__response")
        .iterator(chunk_size=500)
    )
    for score in scores:
        now = grading.score_of(score.item, language=score.run.attempt.language)
        if (now.fraction, now.points) != (score.fraction, score.points):
            yield f"score {score.pk}: stored {score.points}, answer is worth {now.points}"


def no_result_before_closing() -> list[str]:
    """12. Nothing of a result exists before closing: open attempts have neither scores nor a run."""
    wrong = Attempt.objects.open().filter(Q(runs__isnull=False) | Q(score__isnull=False) | Q(passed__isnull=False))
    return [f"attempt {row.pk}: open, with a result" for row in wrong.distinct()]


def items_start_out_of_order() -> list[str]:
    """12. Items to be ordered are not shown in the right order, which would be the key."""
    items = AttemptItem.objects.filter(question_version__type="ordering").select_related("question_version")
    return [
        f"item {item.pk}: shown in the right order"
        for item in items.iterator()
        if len(item.choice_order) > 1
        and item.choice_order == [entry["key"] for entry in item.question_version.body["items"]]
    ]


def _newest_run_of(path: str):
    return GradingRun.objects.filter(attempt=OuterRef(path)).order_by("-number").values("pk")[:1]


def _passed(attempt: Attempt) -> bool:
    score = attempt.score or Decimal(0)
    return scoring.passes(score=score, maximum=attempt.maximum, pass_percent=attempt.quiz_version.pass_percent)


CHECKS: list[tuple[str, Callable[[], list[str]]]] = [
    (check.__name__, check)
    for check in (
        attempt_numbers,
        attempts_within_the_allowance,
        one_open_attempt,
        one_response_per_item,
        responses_end_their_log,
        answers_are_the_logged_ones,
        nothing_after_close,
        points_make_the_maximum,
        graded_attempts_have_all_scores,
        scores_add_up,
        scores_are_recomputable,
        no_result_before_closing,
        items_start_out_of_order,
    )
]
