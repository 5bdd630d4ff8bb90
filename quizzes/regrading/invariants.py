"""What must hold of stored scores and of the regrades they have heard of, whatever happened."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery, Sum

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
)
from quizzes.questions import corrections, scoring
from quizzes.questions.types import READ, WITH_NUMBERS
from quizzes.regrading import recounting

#: Rows that are in memory at once, and the long columns that no sum needs.
CHUNK = 500
TEXTS = [f"item__question_version__{name}" for name in ("body", "rendered", "stem", "sources")]
NOTHING: tuple[int | None, Iterable[ItemScore]] = (None, ())


def points_make_the_maximum() -> list[str]:
    """4. Maximum = Σ points of the items; once graded, of those that no regrade dropped."""
    attempts = Attempt.objects.annotate(points=Sum("items__points"))
    wrong = attempts.exclude(state=Attempt.State.GRADED).exclude(points=F("maximum"))
    in_force = ItemScore.objects.in_force().order_by()
    worths = dict(in_force.values("run__attempt").annotate(total=Sum("worth")).values_list("run__attempt", "total"))
    return [f"attempt {row.pk}: items {row.points}, maximum {row.maximum}" for row in wrong] + [
        f"attempt {row.pk}: scores out of {worths.get(row.pk)}, maximum {row.maximum}"
        for row in Attempt.objects.graded().iterator()
        if worths.get(row.pk) != row.maximum
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
    scores = ItemScore.objects.in_force().select_related("run", "item__question_version").defer(*TEXTS)
    rows = scores.order_by("run__attempt_id", "pk").iterator(CHUNK)
    by_attempt = groupby(rows, key=lambda score: score.run.attempt_id)
    violations, (pk, of_attempt) = [], next(by_attempt, NOTHING)
    for row in Attempt.objects.graded().select_related("quiz_version").order_by("pk").iterator(CHUNK):
        while pk is not None and pk < row.pk:
            pk, of_attempt = next(by_attempt, NOTHING)
        found = list(of_attempt) if pk == row.pk else []
        counted = recounting.counted(found)
        reached = grading.passes(row, found)
        verdicts = {(reached, False), (True, not reached)}
        if (row.score, row.percent) != counted or (row.passed, row.pass_kept) not in verdicts:
            violations.append(f"attempt {row.pk}: {row.score}, {row.percent}%, passed {row.passed}, counted {counted}")
    return violations


def fractions_are_read_as_they_are() -> list[str]:
    """4. 0 ≤ fraction ≤ 1, and what is read of it is the exact one."""
    wrong = (row for row in ItemScore.objects.iterator() if not row.is_read_as_it_is)
    return [f"score {row.pk}: {row.numerator}/{row.denominator} is read as {row.fraction}" for row in wrong]


def scores_are_recomputable() -> list[str]:
    """4. Every score in force is what scoring gives for the stored answer, by the regrades its run knew of."""
    return list(_differing_scores())


def _differing_scores() -> Iterator[str]:
    scores = (
        ItemScore.objects.in_force()
        .select_related("run__attempt", "item__question_version", "item__response")
        .defer("item__question_version__rendered", "item__question_version__stem")
        .iterator(CHUNK)
    )
    everything = grading.corrections(Regrade.objects.values_list("question_version", flat=True)).rules
    for score in scores:
        version = score.item.question_version_id
        rules = everything.get(version, ())
        if rules:
            rules = grading.corrections([version], through=score.run.regrades_through).rules.get(version, ())
        manual = score if score.manual else None
        try:
            now = grading.score_of(score.item, language=score.run.attempt.language, rules=rules, manual=manual)
        except scoring.NeedsReading:
            yield f"score {score.pk}: a long text that nobody has read"
            continue
        same_points = score.run.rounded or now.points == score.points
        if (now.exact, now.worth) != (score.exact, score.worth) or not same_points:
            yield f"score {score.pk}: stored {score.points}, answer is worth {now.points}"


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
    passes: dict[str, dict[int, bool]] = defaultdict(dict)
    facts = LearningEvent.objects.filter(kind=LearningEvent.Kind.QUIZ_GRADED)
    for payload in facts.values_list("payload", flat=True).iterator():
        passes[payload.get("attempt", "")][payload.get("run", 1)] = bool(payload.get("passed"))
    runs = GradingRun.objects.order_by("pk").values_list("attempt__uuid", "number")
    lost = Attempt.objects.graded().filter(passed=False).order_by("pk").values_list("pk", "uuid")
    return [
        f"attempt {uuid}: progress was not told of run {number}"
        for uuid, number in runs.iterator()
        if number not in passes[str(uuid)]
    ] + [f"attempt {pk}: had passed" for pk, uuid in lost if any(passes[str(uuid)].values())]


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
