"""Practising what was missed: which questions come back, when, and what becomes of a review.

A card is a question that a learner missed in an attempt whose key they may see. Cards are made in the transaction that
grades and kept; one that stands for nothing any more, because a regrade counts the answer as right, is sorted out.
Whether its question may be asked now is another matter: `tellable` keeps back what has to stay secret, whatever was
missed and when.
"""

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts import zones
from accounts.models import User
from cohorts.models import Enrolment
from database.prepared import Prepared
from quizzes.asking import release
from quizzes.models import (
    Attempt,
    AttemptItem,
    ItemScore,
    PoolMember,
    PracticeCard,
    PracticeReview,
    QuestionVersion,
    Quiz,
    QuizVersion,
)
from quizzes.models.practice import PracticeCardQuerySet
from quizzes.practice import schedule
from quizzes.questions.types import READ


class Deck(NamedTuple):
    """What is left of today: ids of cards in the order in which they are asked, and how many reviews came before.

    `done` is known only while something is due.
    """

    cards: list[int]
    done: int = 0
    #: The day's reviews are used up, whatever else is due.
    full: bool = False
    #: Of what was missed today: how many there are, those beyond the day's limit too.
    missed: int = 0

    @property
    def minutes(self) -> int:
        return schedule.minutes_for(len(self.cards))


# ---- Which questions -------------------------------------------------------------------------------------------------


def missed() -> QuerySet[ItemScore]:
    """Everything that was ever scored below 1 in an attempt whose key its learner may see; nothing of exams, no long
    texts, nothing that a regrade had dropped by then, and nothing that counts as right since a regrade.
    """
    right_now = ItemScore.objects.in_force().filter(item=OuterRef("item"), fraction=1)
    return (
        ItemScore.objects.filter(release.tells_key("run__attempt__"), ~Exists(right_now), fraction__lt=1, worth__gt=0)
        .exclude(run__attempt__quiz__purpose=Quiz.Purpose.EXAM)
        .exclude(item__question_version__type__in=READ)
    )


def tellable(enrolment: Enrolment | int) -> PracticeCardQuerySet:
    """The cards of which both question and key may be shown to their learner now.

    A question rests while it is asked in an attempt that is not graded yet, and as long as an exam or a quiz that keeps
    its key from this learner may draw it. So does one that was dropped for a mistake and not published anew.
    """
    question = OuterRef("question")
    versions = QuestionVersion.objects.to_ask().filter(question=question)
    pending = [Attempt.State.OPEN, Attempt.State.SUBMITTED, Attempt.State.AWAITING_REVIEW]
    being_asked = AttemptItem.objects.of(enrolment).filter(
        attempt__state__in=pending, question_version__question=question
    )
    passed = Attempt.objects.of(enrolment).filter(passed=True).values("quiz")
    may_be_drawn = PoolMember.objects.filter(question=question, slot__quiz_version__state=QuizVersion.State.CURRENT)
    secret = release.kept_secret(may_be_drawn, passed=passed)
    return (
        PracticeCard.objects.of(enrolment)
        .standing()
        .filter(
            Exists(versions.exclude(type__in=READ)),
            ~Exists(being_asked),
            ~Exists(secret),
        )
    )


def misses_of_card() -> QuerySet[ItemScore]:
    """What a card stands for, for a query of cards."""
    return missed().filter(
        run__attempt__enrolment=OuterRef("enrolment"), item__question_version__question=OuterRef("question")
    )


def added(attempt: Attempt) -> int:
    """How many questions came to practice, or came back to it, when this attempt was graded, however often."""
    graded = attempt.runs.values("at")
    came_then = Q(returned_at__in=graded) | Q(returned_at__isnull=True, created_at__in=graded)
    return PracticeCard.objects.of(attempt.enrolment).standing().filter(came_then).count()


def was_sent_today(attempt: Attempt, *, at: datetime) -> bool:
    """Whether it was sent on the day that its learner's calendar shows: what was missed may be practised at once."""
    sent = attempt.submitted_at
    return sent is not None and sent >= _midnight(attempt.enrolment, at)


# ---- What is due -----------------------------------------------------------------------------------------------------


def zone_of(user: User) -> tzinfo:
    return zones.zone(user.time_zone)


def today(user: User, at: datetime) -> date:
    """The day that the learner's calendar shows."""
    return schedule.day_of(at, zone_of(user))


def deck(enrolment: Enrolment, *, at: datetime) -> Deck:
    """What is left of today, by one query, which stands on the learner's home."""
    rows = _DUE(enrolment=enrolment.pk, at=at, midnight=_midnight(enrolment, at))
    if not rows:
        return Deck([])
    done_today, before = rows[0][2:]
    left = max(schedule.MOST - done_today, 0)
    # Questions that belong to no lesson are one of their own; before the first review of a day there was none.
    pairs = [(lesson or 0, pk) for pk, lesson, *_today in rows[:left]]
    return Deck(schedule.mixed(pairs, before=(before or 0) if done_today else None), done_today, full=left == 0)


def any_due(enrolment: Enrolment, *, at: datetime) -> bool:
    """Whether a card is due, be it one that may be asked or not: a small query before the large one of `deck`."""
    return bool(_ANY_DUE(enrolment=enrolment.pk, at=at))


def _due(enrolment: int, at: datetime, midnight: datetime) -> QuerySet:
    done = PracticeReview.objects.filter(card__enrolment=enrolment, at__gte=midnight)
    count = done.order_by().values("card__enrolment").annotate(count=Count("pk")).values("count")
    last = done.order_by("-at", "-pk").values("card__question__lesson")[:1]
    return (
        tellable(enrolment)
        .due(as_of=at)
        .annotate(done=Coalesce(Subquery(count), 0), before=Subquery(last))
        .values_list("pk", "question__lesson", "done", "before")[: schedule.MOST]
    )


_DUE = Prepared(_due, enrolment=int, at=datetime, midnight=datetime)
_ANY_DUE = Prepared(
    lambda enrolment, at: (
        PracticeCard.objects.filter(enrolment=enrolment, sorted_out_at__isnull=True, due_at__lte=at)
        .order_by()
        .values_list("pk")[:1]
    ),
    enrolment=int,
    at=datetime,
)


def reviews_today(enrolment: Enrolment, *, at: datetime) -> QuerySet[PracticeReview]:
    """The reviews since midnight, the learner's."""
    return PracticeReview.objects.filter(card__enrolment=enrolment, at__gte=_midnight(enrolment, at))


def missed_today(enrolment: Enrolment, *, at: datetime) -> Deck:
    """What the learner missed in attempts they sent today and has not practised since: it may be practised at once,
    although it is due on another day. Only so many cards as the day has reviews left; `missed` counts them all."""
    midnight = _midnight(enrolment, at)
    mine = missed().filter(run__attempt__enrolment=enrolment, item__question_version__question=OuterRef("question"))
    sent = mine.order_by("-run__attempt__submitted_at").values("run__attempt__submitted_at")[:1]
    since = PracticeReview.objects.filter(card=OuterRef("pk"), at__gte=OuterRef("missed_at"))
    rows = (
        tellable(enrolment)
        .annotate(missed_at=Subquery(sent))
        .filter(~Exists(since), due_at__gt=at, missed_at__gte=midnight)
        .order_by("missed_at", "pk")
        .values_list("pk", "question__lesson")
    )
    pairs = [(lesson or 0, pk) for pk, lesson in rows]
    if not pairs:
        return Deck([])
    done = reviews_today(enrolment, at=at).count()
    left = max(schedule.MOST - done, 0)
    return Deck(schedule.mixed(pairs[:left]), done, full=left == 0, missed=len(pairs))


def _midnight(enrolment: Enrolment, at: datetime) -> datetime:
    """When the learner's day began."""
    return schedule.start_of(today(enrolment.user, at), zone_of(enrolment.user))


def next_day(enrolment: Enrolment, of: Deck, *, at: datetime) -> date | None:
    """The day on which something is due when nothing is left of today; None when nothing is planned."""
    user = enrolment.user
    if of.full:
        return schedule.tomorrow(today(user, at))
    due_at = tellable(enrolment).order_by("due_at").values_list("due_at", flat=True).first()
    return schedule.day_of(due_at, zone_of(user)) if due_at else None


# ---- Reviews ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def review(*, enrolment: Enrolment, card: int, number: int, version: int, rating: str, at: datetime) -> bool:
    """Keep the review of this number of a card (id) and plan the next; False when there is one already.

    `version` is the id of the wording that was shown, `rating` a PracticeReview.Rating. Raises
    PracticeCard.DoesNotExist for a card of somebody else.
    """
    held = PracticeCard.objects.of(enrolment).select_for_update().get(pk=card)
    # Whoever comes second waits for the row; the numbers are unique whatever happens.
    if held.reviews.filter(number=number).exists():
        return False
    held.reviews.create(number=number, question_version_id=version, rating=rating, at=at)
    plan(held, schedule.reviewed(held.memory, rating, on=today(enrolment.user, at)), enrolment.user)
    held.save(update_fields=["memory", "due_at"])
    return True


def plan(card: PracticeCard, memory: dict[str, Any], user: User) -> None:
    """Due at the beginning of the day that the scheduler names, in the learner's time zone of now."""
    card.memory = memory
    card.due_at = schedule.start_of(schedule.due_on(memory), zone_of(user))


def remembered(card: PracticeCard, reviews: Iterable[PracticeReview], user: User) -> dict[str, Any]:
    """The first thing that the scheduler knows of a question is that it was missed, so it is due on the next day."""
    memory = schedule.reviewed({}, "again", on=today(user, card.created_at))
    for each in reviews:
        memory = schedule.reviewed(memory, each.rating, on=today(user, each.at))
    return memory
