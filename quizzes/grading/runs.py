"""From stored answers to stored scores: one append-only run at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from accounts.models import User
from database.prepared import Part, Prepared, objects
from lessons.models import Competency
from quizzes.models import (
    Attempt,
    AttemptItem,
    GradingRun,
    ItemScore,
    QuestionVersion,
    QuizVersion,
    Regrade,
    Response,
)
from quizzes.questions import corrections as regrades
from quizzes.questions import scoring

Reason = GradingRun.Reason
Rules = Mapping[int, Sequence[regrades.Rule]]
Shares = Mapping[int, tuple[Fraction, Decimal]]


class Scored(Protocol):
    """What sums and lists of scores ask of each, be it a row of the database or a few of its columns."""

    @property
    def exact_points(self) -> Fraction: ...

    @property
    def worth(self) -> Decimal: ...

    @property
    def competency(self) -> Competency: ...

    @property
    def unit_id(self) -> int | None: ...


_PARTS = [
    Part(AttemptItem),
    # Rendered texts are not scored, but who reads the long answers of an attempt sees them.
    Part(QuestionVersion, "question_version__", without=["stem", "sources", "bloom", "published_at"]),
    Part(Response, "response__"),
]
_ITEMS = Prepared(
    lambda attempt: (
        AttemptItem.objects.filter(attempt=attempt)
        .order_by("position")
        .values_list(*(column for part in _PARTS for column in part.columns))
    ),
    attempt=int,
)


_REGRADE = ("pk", "question_version", "policy", "details", "reason")
_REGRADES = Prepared(
    lambda attempt: (
        Regrade.objects.filter(
            question_version__in=AttemptItem.objects.filter(attempt=attempt).values("question_version")
        )
        .order_by("pk")
        .values_list(*_REGRADE)
    ),
    attempt=int,
)
_RUNS = Prepared(
    lambda attempt: GradingRun.objects.filter(attempt=attempt).order_by().values_list("number"), attempt=int
)


class NotYet(Exception):
    """The attempt holds answers that a person has to read first. `items` are theirs."""

    def __init__(self, items: list[AttemptItem]):
        super().__init__("answers wait for a reader")
        self.items = items


@dataclass(frozen=True)
class Reading:
    """What a reader gave a long text: the level (from 1) of each criterion by its key, and words for the learner."""

    levels: Mapping[str, int]
    comment: str = ""


@dataclass(frozen=True)
class Corrections:
    """The regrades of the questions of an attempt: rules and reasons by question version, oldest first, and the newest
    regrade considered."""

    rules: Rules = field(default_factory=dict)
    reasons: Mapping[int, Sequence[str]] = field(default_factory=dict)
    through: int = 0


def items_of(attempt: Attempt) -> list[AttemptItem]:
    """The items of an attempt in their order, with everything that scoring needs; one query."""
    items = []
    for row in _ITEMS(attempt=attempt.pk):
        item, item.question_version, item.response = objects(row, _PARTS)
        item.attempt = attempt
        items.append(item)
    return items


def corrections(versions: Iterable[int], *, through: int | None = None) -> Corrections:
    """The regrades of these question versions in their order, all or those up to the id `through`."""
    found = Regrade.objects.filter(question_version__in=set(versions)).order_by("pk")
    if through is not None:
        found = found.filter(pk__lte=through)
    return _corrections(found.values_list(*_REGRADE))


def _corrections(rows: Iterable[Sequence[Any]]) -> Corrections:
    rules: dict[int, list[regrades.Rule]] = defaultdict(list)
    reasons: dict[int, list[str]] = defaultdict(list)
    newest = 0
    for pk, version, policy, details, reason in rows:
        rules[version].append(regrades.Rule(policy, details))
        reasons[version].append(reason)
        newest = pk
    return Corrections(rules, reasons, newest)


def score_of(
    item: AttemptItem, *, language: str, rules: Sequence[regrades.Rule] = (), manual: ItemScore | None = None
) -> ItemScore:
    """What an item is worth by the version, the order and the numbers that were put to the learner; not saved.

    A score that a person gave stands against an automatic one; only dropping the question overrules it. Raises
    `scoring.NeedsReading` for a long text that nobody has read.
    """
    version = item.question_version
    if manual is not None:
        dropped = regrades.standing(version.type, version.body, rules).dropped
        value = regrades.Worth(manual.exact, dropped=dropped)
    else:
        value = regrades.worth(
            version.type,
            version.body,
            item.response.answer,
            parameters=item.parameters,
            language=language,
            rules=rules,
        )
    worth = Decimal(0) if value.dropped else item.points
    points = scoring.shown_points(value.fraction, worth)
    score = ItemScore.of(value.fraction, item=item, points=points, worth=worth)
    if manual is not None:
        score.manual, score.comment, score.levels = True, manual.comment, manual.levels
    return score


def total(scores: Iterable[Scored]) -> Fraction:
    """Sum of the points, exactly."""
    return sum((score.exact_points for score in scores), Fraction(0))


def maximum(scores: Iterable[Scored]) -> Decimal:
    """What could be had: dropped questions are worth nothing."""
    return sum((score.worth for score in scores), Decimal(0))


def shares(counted: Iterable[tuple[int, Fraction, Decimal]]) -> Shares:
    """Points and worth of each competency, by its id; `counted` has competency, points and worth of each item."""
    sums: dict[int, tuple[Fraction, Decimal]] = defaultdict(lambda: (Fraction(0), Decimal(0)))
    for competency, points, worth in counted:
        before = sums[competency]
        sums[competency] = (before[0] + points, before[1] + worth)
    return dict(sums)


def passes(attempt: Attempt, scores: Sequence[ItemScore]) -> bool:
    """Whether these scores reach what the attempt had to reach."""
    counted = ((score.item.question_version.competency_id, score.exact_points, score.worth) for score in scores)
    return reaches(attempt.quiz_version, shares(counted))


def reaches(version: QuizVersion, of: Shares) -> bool:
    """The pass mark, and the floor in every competency where the quiz has one."""
    score = sum((points for points, _worth in of.values()), Fraction(0))
    most = sum((worth for _points, worth in of.values()), Decimal(0))
    return scoring.passes(score=score, maximum=most, pass_percent=version.pass_percent) and scoring.meets_floor(
        of.values(), floor_percent=version.floor_percent
    )


def scored(
    attempt: Attempt, readings: Mapping[int, Reading] | None = None, *, is_first: bool = False
) -> tuple[list[ItemScore], int]:
    """The scores of all items as they are today, and the newest regrade that was considered; nothing is saved.

    `readings`, by item id, are scores by a person that are given now; earlier ones stay, of which there are none at the
    first run. Raises NotYet.
    """
    items = items_of(attempt)
    corrected = _corrections(_REGRADES(attempt=attempt.pk))
    by_hand = ItemScore.objects.none() if is_first else ItemScore.objects.in_force()
    manual = {score.item_id: score for score in by_hand.filter(run__attempt=attempt, manual=True)}
    for item in items:
        if reading := (readings or {}).get(item.pk):
            levels = dict(reading.levels)
            share = scoring.rubric_fraction(item.question_version.body, levels)
            manual[item.pk] = ItemScore.of(share, item=item, comment=reading.comment, levels=levels)
    scores, waiting = [], []
    for item in items:
        rules = corrected.rules.get(item.question_version_id, ())
        try:
            scores.append(score_of(item, language=attempt.language, rules=rules, manual=manual.get(item.pk)))
        except scoring.NeedsReading:
            waiting.append(item)
    if waiting:
        raise NotYet(waiting)
    return scores, corrected.through


def run(
    attempt: Attempt,
    *,
    at: datetime,
    reason: GradingRun.Reason = Reason.CLOSED,
    by: User | None = None,
    readings: Mapping[int, Reading] | None = None,
) -> GradingRun:
    """Score every item of an attempt that takes no more answers and append the scores under a new run.

    The caller holds the attempt (see `attempts`) and writes its new score, maximum, percent, passed and pass_kept, set
    on the object. A pass is never taken away: it is kept, and said to be kept. Raises NotYet, and then nothing is
    written.
    """
    last = max((number for (number,) in _RUNS(attempt=attempt.pk)), default=0)
    scores, through = scored(attempt, readings, is_first=not last)
    made = GradingRun.objects.create(
        attempt=attempt, number=last + 1, reason=reason, at=at, by=by, regrades_through=through
    )
    for score in scores:
        score.run = made
    ItemScore.objects.bulk_create(scores)
    reached = passes(attempt, scores)
    attempt.pass_kept = bool(attempt.passed) and not reached
    attempt.passed = reached or attempt.pass_kept
    attempt.maximum = maximum(scores)
    attempt.score = scoring.kept_sum(total(scores))
    attempt.percent = scoring.percent(total(scores), attempt.maximum)
    return made
