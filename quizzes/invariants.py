"""What must hold of stored attempts whatever happened; `manage.py verify_invariants` collects it.

Each check returns one line per offending row, [] when all is well. Most of them repeat what a constraint or a trigger
already refuses: they are there for databases that were restored, converted or edited by hand.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from cohorts.models import Extension
from progress.models import LearningEvent
from quizzes.attempts import timing
from quizzes.content.rules import shown_wrong
from quizzes.grading import runs as grading
from quizzes.models import (
    Attempt,
    AttemptItem,
    GradingRun,
    ItemScore,
    PracticeCard,
    PracticeReview,
    QuestionVersion,
    QuizVersion,
    Regrade,
    Response,
    ResponseLog,
)
from quizzes.practice import cards
from quizzes.questions import corrections, scoring
from quizzes.regrading import recounting


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
    extra = (
        Extension.objects.filter(enrolment=OuterRef("enrolment"), unit__quiz=OuterRef("quiz"))
        .order_by()
        .values("unit")
        .annotate(more=Sum("attempts"))
        .values("more")
    )
    wrong = (
        Attempt.objects.exclude(state=Attempt.State.VOIDED)
        .exclude(state=Attempt.State.GRADED, maximum=0)
        .order_by()
        .values("enrolment", "quiz")
        .annotate(count=Count("pk"), allowed=Subquery(newest) + Coalesce(Subquery(extra), 0))
        .filter(count__gt=F("allowed"))
    )
    return [f"enrolment {row['enrolment']}, quiz {row['quiz']}: {row['count']} of {row['allowed']}" for row in wrong]


def one_open_attempt() -> list[str]:
    """1. At most one open attempt per learner and quiz."""
    wrong = (
        Attempt.objects.open().order_by().values("enrolment", "quiz").annotate(count=Count("pk")).filter(count__gt=1)
    )
    return [f"enrolment {row['enrolment']}, quiz {row['quiz']}: {row['count']} open" for row in wrong]


def time_is_within_the_rules() -> list[str]:
    """1. No attempt takes answers for longer than its rules, its time factor and all extensions of its learner give."""
    granted: dict[tuple[int, int], list[Extension]] = defaultdict(list)
    for each in Extension.objects.iterator():
        granted[each.enrolment_id, each.unit_id].append(each)
    version = "quiz_version__"
    limited = Attempt.objects.filter(
        Q(**{f"{version}time_limit_minutes__isnull": False}) | Q(**{f"{version}closes_at__isnull": False})
    )
    found = []
    for row in limited.select_related("quiz_version", "quiz").iterator():
        rules, extra = row.quiz_version, timing.granted(granted[row.enrolment_id, row.quiz.unit_id])
        end = timing.deadline(rules, started_at=row.started_at, time_factor=row.time_factor, extra=extra).closes_at
        offered = row.time_factor is not None or rules.time_limit_minutes is None or rules.learner_sets_time
        if not offered or (end and (row.closes_at is None or row.closes_at > end)):
            found.append(f"attempt {row.pk}: factor {row.time_factor}, closes {row.closes_at}, by the rules {end}")
    return found


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
    """2. No answer was saved after its attempt was closed or voided, or after its time and grace were over."""
    attempt = "response__item__attempt__"
    wrong = ResponseLog.objects.filter(
        Q(saved_at__gt=F(f"{attempt}submitted_at"))
        | Q(saved_at__gt=F(f"{attempt}voided_at"))
        | Q(saved_at__gt=F(f"{attempt}closes_at"))
    )
    return [f"response {row.response_id}: revision {row.revision} at {row.saved_at:%Y-%m-%d %H:%M:%S}" for row in wrong]


def checked_answers_stay() -> list[str]:
    """2, 12. Nothing was saved to an item after its key was shown, and that happens only where the policy says so."""
    late = ResponseLog.objects.filter(saved_at__gt=F("response__checked_at"))
    immediate = Q(item__attempt__quiz_version__feedback=QuizVersion.Feedback.IMMEDIATE)
    early = Response.objects.filter(checked_at__isnull=False).exclude(immediate)
    return [f"response {row.response_id}: revision {row.revision} after it was checked" for row in late] + [
        f"response {row.pk}: checked in a quiz without immediate feedback" for row in early
    ]


def points_make_the_maximum() -> list[str]:
    """4. Maximum = Σ points of the items; once graded, of those that no regrade dropped."""
    asked = Attempt.objects.annotate(points=Sum("items__points"))
    wrong = asked.exclude(state=Attempt.State.GRADED).exclude(points=F("maximum"))
    in_force = ItemScore.objects.filter(run=Subquery(_newest_run_of("run__attempt"))).order_by()
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
        attempt=OuterRef("pk"), question_version__type=QuestionVersion.Type.LONG, response__answer__isnull=False
    )
    newest = GradingRun.objects.filter(attempt=OuterRef(OuterRef("pk"))).order_by("-number").values("pk")[:1]
    scored = ItemScore.objects.filter(run=Subquery(newest)).order_by().values("run").annotate(n=Count("pk"))
    attempts = Attempt.objects.annotate(
        runs_made=Count("runs", distinct=True), asked=Count("items", distinct=True), scored=Subquery(scored.values("n"))
    )
    wrong = attempts.filter(
        Q(state=Attempt.State.GRADED) & (Q(scored=None) | ~Q(scored=F("asked")))
        | ~Q(state=Attempt.State.GRADED) & Q(runs_made__gte=1)
        | Q(state=Attempt.State.SUBMITTED)
        | Q(state=Attempt.State.AWAITING_REVIEW) & ~Exists(texts)
    )
    return [f"attempt {row.pk}: {row.state}, {row.runs_made} runs, {row.scored} of {row.asked} scores" for row in wrong]


def scores_add_up() -> list[str]:
    """4. Score and percent are Σ fraction × worth of the newest run, cut; passed follows from it, or was kept.

    What was graded before points were counted exactly, and is not judged otherwise today, keeps the sum of its rounded
    points: that run says so.
    """
    in_force = ItemScore.objects.filter(run=Subquery(_newest_run_of("run__attempt")))
    scores: dict[int, list[ItemScore]] = defaultdict(list)
    for score in in_force.select_related("run", "item__question_version"):
        scores[score.run.attempt_id].append(score)
    found = []
    for row in Attempt.objects.graded().select_related("quiz_version").iterator():
        counted = recounting.counted(scores[row.pk])
        reached = grading.passes(row, scores[row.pk])
        verdicts = {(reached, False), (True, not reached)}
        if (row.score, row.percent) != counted or (row.passed, row.pass_kept) not in verdicts:
            found.append(f"attempt {row.pk}: {row.score}, {row.percent}%, passed {row.passed}, counted {counted}")
    return found


def fractions_are_read_as_they_are() -> list[str]:
    """4. 0 ≤ fraction ≤ 1, and what is read of it is the exact one."""
    wrong = (row for row in ItemScore.objects.iterator() if not row.is_read_as_it_is)
    return [f"score {row.pk}: {row.numerator}/{row.denominator} is read as {row.fraction}" for row in wrong]


def scores_are_recomputable() -> list[str]:
    """4. Every score in force is what scoring gives for the stored answer, by the regrades its run knew of."""
    return list(_differing_scores())


def _differing_scores() -> Iterator[str]:
    scores = (
        ItemScore.objects.filter(run=Subquery(_newest_run_of("run__attempt")))
        .select_related("run__attempt", "item__question_version", "item__response")
        .iterator(chunk_size=500)
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
    found = []
    for regrade in Regrade.objects.filter(applied_at__isnull=False):
        left = Attempt.objects.graded().filter(items__question_version=regrade.question_version_id)
        left = left.annotate(through=Max("runs__regrades_through")).filter(through__lt=regrade.pk)
        found += [
            f"regrade {regrade.pk}: attempt {pk} was not graded again" for pk in left.values_list("pk", flat=True)
        ]
    return found


def progress_knows_every_run() -> list[str]:
    """5. Progress was told of every grading run, and a pass that it was told is still one."""
    told: dict[str, dict[int, bool]] = defaultdict(dict)
    facts = LearningEvent.objects.filter(kind=LearningEvent.Kind.QUIZ_GRADED)
    for payload in facts.values_list("payload", flat=True).iterator():
        told[payload.get("attempt", "")][payload.get("run", 1)] = bool(payload.get("passed"))
    runs = GradingRun.objects.order_by("pk").values_list("attempt__uuid", "number")
    lost = Attempt.objects.graded().filter(passed=False).order_by("pk").values_list("pk", "uuid")
    return [
        f"attempt {uuid}: progress was not told of run {number}"
        for uuid, number in runs.iterator()
        if number not in told[str(uuid)]
    ] + [f"attempt {pk}: had passed" for pk, uuid in lost if any(told[str(uuid)].values())]


def no_result_before_closing() -> list[str]:
    """12. Nothing of a result exists before grading: open, waiting and voided attempts have neither score nor run."""
    results = Q(runs__isnull=False) | Q(score__isnull=False) | Q(passed__isnull=False)
    wrong = Attempt.objects.exclude(state=Attempt.State.GRADED).filter(results)
    return [f"attempt {row.pk}: {row.state}, with a result" for row in wrong.distinct()]


def items_start_out_of_order() -> list[str]:
    """12. Items to be ordered are not shown in the right order, which would be the key."""
    items = AttemptItem.objects.filter(question_version__type="ordering").select_related("question_version")
    return [
        f"item {item.pk}: shown in the right order"
        for item in items.iterator()
        if len(item.choice_order) > 1
        and item.choice_order == [entry["key"] for entry in item.question_version.body["items"]]
    ]


def practised_questions_were_missed() -> list[str]:
    """12. Every card stands for a miss in an attempt whose key its learner may see."""
    misses = cards.missed().filter(
        run__attempt__enrolment=OuterRef("enrolment"), item__question_version__question=OuterRef("question")
    )
    return [f"card {pk}" for pk in PracticeCard.objects.exclude(Exists(misses)).values_list("pk", flat=True)]


def reviews_are_numbered() -> list[str]:
    """Reviews of a card are 1, 2, 3 …, of wordings of its question."""
    strange = Count("pk", filter=~Q(question_version__question=F("card__question")))
    rows = PracticeReview.objects.order_by().values("card").annotate(count=Count("pk"), last=Max("number"), bad=strange)
    wrong = rows.exclude(count=F("last"), bad=0)
    return [f"card {row['card']}: {row['count']} reviews up to {row['last']}" for row in wrong]


def right_numbers_count_as_shown() -> list[str]:
    """Whoever types the number that is shown as right is right, in every question that is asked today."""
    asked = QuestionVersion.objects.current().filter(type=QuestionVersion.Type.NUMERIC).select_related("question")
    versions = list(asked.filter(question__retired_at__isnull=True))
    corrected = grading.corrections(version.pk for version in versions).rules
    found = []
    for version in versions:
        key = corrections.standing(version.type, version.body, corrected.get(version.pk, ()))
        if not (key.full_credit or key.dropped or key.accepted):
            found += [f"{version}: {reason}" for _field, reason in shown_wrong(key.body)]
    return found


def _newest_run_of(path: str):
    return GradingRun.objects.filter(attempt=OuterRef(path)).order_by("-number").values("pk")[:1]


CHECKS: list[tuple[str, Callable[[], list[str]]]] = [
    (check.__name__, check)
    for check in (
        attempt_numbers,
        attempts_within_the_allowance,
        one_open_attempt,
        time_is_within_the_rules,
        one_response_per_item,
        responses_end_their_log,
        answers_are_the_logged_ones,
        nothing_after_close,
        checked_answers_stay,
        points_make_the_maximum,
        graded_attempts_have_all_scores,
        scores_add_up,
        fractions_are_read_as_they_are,
        scores_are_recomputable,
        regrades_reached_everybody,
        progress_knows_every_run,
        no_result_before_closing,
        items_start_out_of_order,
        practised_questions_were_missed,
        reviews_are_numbered,
        right_numbers_count_as_shown,
    )
]
