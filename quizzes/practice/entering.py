"""Entering cards of what was missed, and sorting out those that stand for nothing any more.

What was missed is asked for once, by compiled queries (decision 12), and compared with the cards that there are:
the comparison in the database looked at every score again for each card.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from cohorts.models import Enrolment
from database.prepared import Prepared
from quizzes.models import Attempt, AttemptItem, ItemScore, PracticeCard
from quizzes.practice import cards


def _missed_by(enrolment: int) -> QuerySet[ItemScore]:
    return cards.missed().filter(run__attempt__enrolment=enrolment)


def _questions(scores: QuerySet[ItemScore]) -> QuerySet:
    question = "item__question_version__question"
    return scores.order_by(question).values_list(question).distinct()


_MISSED = Prepared(
    lambda enrolment: _questions(cards.missed().filter(run__attempt__enrolment=enrolment)), enrolment=int
)
_MISSED_AT_QUIZ = Prepared(
    lambda enrolment, quiz: _questions(
        cards.missed().filter(run__attempt__enrolment=enrolment, run__attempt__quiz=quiz)
    ),
    enrolment=int,
    quiz=int,
)
_KNOWN = Prepared(
    lambda enrolment: PracticeCard.objects.filter(enrolment=enrolment).values_list("question", "pk", "sorted_out_at"),
    enrolment=int,
)
_ASKED = Prepared(
    lambda attempt: AttemptItem.objects.filter(attempt=attempt).order_by().values_list("question_version__question"),
    attempt=int,
)


class Known(NamedTuple):
    """A card that there is: its id, and since when it stands for nothing."""

    card: int
    sorted_out_at: datetime | None


def enter(attempt: Attempt, *, at: datetime) -> None:
    """Make cards of what was missed in the attempts at this quiz whose key is released by now.

    Called in the transaction that grades `attempt`. Who has a card for a question keeps it as it is.
    """
    enrolment, known = attempt.enrolment, _known(attempt.enrolment)
    missed_here = {pk for (pk,) in _MISSED_AT_QUIZ(enrolment=enrolment.pk, quiz=attempt.quiz_id)}
    _add(enrolment, missed_here - known.keys(), at)
    concerned = known.keys() & {pk for (pk,) in _ASKED(attempt=attempt.pk)} if known else set()
    # What was not missed here may have been missed elsewhere.
    standing = missed_here if concerned <= missed_here else {pk for (pk,) in _MISSED(enrolment=enrolment.pk)}
    _sort_out({pk: known[pk] for pk in concerned}, standing, at)


def _known(enrolment: Enrolment) -> dict[int, Known]:
    """The cards of a learner by their questions (ids)."""
    return {question: Known(*card) for question, *card in _KNOWN(enrolment=enrolment.pk)}


def _sort_out(known: Mapping[int, Known], standing: Collection[int], at: datetime) -> None:
    """Sort out the cards whose questions are not among the `standing` ones, which are still missed; what is missed
    again comes back."""
    gone = [card.card for pk, card in known.items() if pk not in standing and card.sorted_out_at is None]
    back = [card.card for pk, card in known.items() if pk in standing and card.sorted_out_at]
    if gone:
        PracticeCard.objects.filter(pk__in=gone).update(sorted_out_at=at)
    if back:
        PracticeCard.objects.filter(pk__in=back).update(sorted_out_at=None, returned_at=at)


def _add(enrolment: Enrolment, questions: Iterable[int], at: datetime) -> None:
    new = [PracticeCard(enrolment=enrolment, question_id=pk, created_at=at) for pk in sorted(questions)]
    if new:
        # What is new is known alike: it was missed today.
        memory = cards.remembered(new[0], [], enrolment.user)
        for card in new:
            cards.plan(card, memory, enrolment.user)
        PracticeCard.objects.bulk_create(new, ignore_conflicts=True)


@transaction.atomic
def rebuild(*, enrolment: Enrolment, at: datetime) -> None:
    """Make the cards that are missing, and plan every card anew from its reviews, in the learner's zone of now."""
    standing = {pk for (pk,) in _MISSED(enrolment=enrolment.pk)}
    _add(enrolment, standing - _known(enrolment).keys(), at)
    mine = list(PracticeCard.objects.of(enrolment).prefetch_related("reviews"))
    for card in mine:
        reviews = sorted(card.reviews.all(), key=lambda review: review.number)
        cards.plan(card, cards.remembered(card, reviews, enrolment.user), enrolment.user)
    PracticeCard.objects.bulk_update(mine, ["memory", "due_at"])
    _sort_out(_known(enrolment), standing, at)
