"""What must hold of stored attempts and their answers, whatever happened."""

from collections import defaultdict

from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from cohorts.models import Extension
from database.fields import as_text
from quizzes.attempts import timing
from quizzes.models import (
    Attempt,
    AttemptItem,
    QuestionVersion,
    QuizVersion,
    Response,
    ResponseLog,
)
from quizzes.questions.types import IN_SEQUENCE
from quizzes.questions.types.answered import Put


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
    violations = []
    for row in limited.select_related("quiz_version", "quiz").iterator():
        rules, extra = row.quiz_version, timing.granted(granted[row.enrolment_id, row.quiz.unit_id])
        end = timing.deadline(rules, started_at=row.started_at, time_factor=row.time_factor, extra=extra).closes_at
        offered = row.time_factor is not None or rules.time_limit_minutes is None or rules.learner_sets_time
        if not offered or (end and (row.closes_at is None or row.closes_at > end)):
            violations.append(f"attempt {row.pk}: factor {row.time_factor}, closes {row.closes_at}, by the rules {end}")
    return violations


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
    last = ResponseLog.objects.filter(revision=F("response__revision")).annotate(
        logged=as_text("answer"), stored=as_text("response__answer")
    )
    # What is written in the same way is the same; what is written otherwise may still be.
    return [
        f"response {row.response_id}: not the logged answer"
        for row in last.exclude(logged=F("stored")).select_related("response").iterator()
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


def no_result_before_closing() -> list[str]:
    """12. Nothing of a result exists before grading: open, waiting and voided attempts have neither score nor run."""
    results = Q(runs__isnull=False) | Q(score__isnull=False) | Q(passed__isnull=False)
    wrong = Attempt.objects.exclude(state=Attempt.State.GRADED).filter(results)
    return [f"attempt {row.pk}: {row.state}, with a result" for row in wrong.distinct()]


def items_start_out_of_order() -> list[str]:
    """12. Items to be ordered are not shown in the right order, which would be the key."""
    versions = QuestionVersion.objects.filter(type__in=IN_SEQUENCE).only("type", "body")
    right = {version.pk: version.kind.right(Put(version.body, {})) for version in versions}
    items = AttemptItem.objects.filter(question_version__type__in=IN_SEQUENCE)
    return [
        f"item {pk}: shown in the right order"
        for pk, order, version in items.values_list("pk", "choice_order", "question_version").iterator()
        if len(order) > 1 and order == right[version]
    ]
