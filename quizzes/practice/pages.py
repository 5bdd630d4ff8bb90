"""What the pages of practice show: one question as a check asks it, then its key; plain values for the templates.

Nothing is stored between the two. The order of the choices and the numbers are drawn from the card, the number of the
review and the wording, so the same three give the same question again; a signed ticket carries them from page to page,
and nobody can sign one for a wording that was not asked or for somebody else's card.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from django.core import signing
from django.db.models import Count
from django.http import Http404, QueryDict
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Enrolment
from lessons.models import UnitVersion
from quizzes.asking import explanation, items, presentation, release
from quizzes.asking.answer_form import AnswerForm
from quizzes.grading import in_force, runs
from quizzes.models import Attempt, AttemptItem, ItemScore, PracticeCard, QuestionVersion
from quizzes.practice import cards, schedule

Context = dict[str, Any]
SALT = "quizzes.practice"


class Ticket(NamedTuple):
    """Which wording (id) was asked of which card (id), and the number of the review that it is for."""

    card: int
    number: int
    version: int

    @property
    def signed(self) -> str:
        return signing.dumps(list(self), salt=SALT)

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises signing.BadSignature for a text that was not signed here."""
        return cls(*signing.loads(text, salt=SALT))


@dataclass
class CardQuestion:
    """A question as it was put to a learner, and the card with so many reviews. `item` is never saved."""

    ticket: Ticket
    card: PracticeCard
    reviews: int
    item: AttemptItem


def front(enrolment: Enrolment, *, at: datetime) -> Context:
    """What is left of today, or when something is due again."""
    deck = cards.deck(enrolment, at=at)
    context: Context = {"deck": deck, "count": len(deck.cards), "minutes": deck.minutes, "most": schedule.MOST}
    if deck.cards:
        return context
    day, missed = cards.next_day(enrolment, deck, at=at), cards.missed_today(enrolment, at=at)
    return context | {
        "missed": missed.missed,
        "askable": len(missed.cards),
        "done": cards.reviews_today(enrolment, at=at).exists(),
        "until": day and day_in_words(day, today=cards.today(enrolment.user, at)),
        "is_new": not PracticeCard.objects.of(enrolment).exists(),
    }


def deck_of(enrolment: Enrolment, *, at: datetime, now: bool) -> cards.Deck:
    """What is due today, or with `now` what was missed today and is due later."""
    return cards.missed_today(enrolment, at=at) if now else cards.deck(enrolment, at=at)


def next_ticket(enrolment: Enrolment, *, at: datetime, now: bool = False) -> tuple[Ticket | None, cards.Deck]:
    """What is asked next; None when nothing is left."""
    deck = deck_of(enrolment, at=at, now=now)
    if not deck.cards:
        return None, deck
    row = (
        PracticeCard.objects.filter(pk=deck.cards[0], question__versions__state=QuestionVersion.State.CURRENT)
        .annotate(reviewed=Count("reviews"))
        .values_list("reviewed", "question__versions")
        .first()
    )
    return (Ticket(deck.cards[0], row[0] + 1, row[1]) if row else None), deck


def question_of(enrolment: Enrolment, ticket: Ticket) -> CardQuestion:
    """The question of a ticket. Raises Http404 for a card of somebody else."""
    card = PracticeCard.objects.of(enrolment).filter(pk=ticket.card).annotate(reviewed=Count("reviews")).first()
    version = QuestionVersion.objects.filter(pk=ticket.version).first()
    if card is None or version is None or version.question_id != card.question_id:
        raise Http404(_("There is no such question."))
    card.enrolment = enrolment
    rng = random.Random("/".join(map(str, ticket)))  # noqa: S311 - nothing secret is drawn, the same twice
    attempt = Attempt(enrolment=enrolment, language=enrolment.user.language)
    item = items.item_of(version, attempt=attempt, rng=rng)
    return CardQuestion(ticket, card, card.reviewed, item)


def may_be_told(question: CardQuestion) -> bool:
    """Whether the key may be shown still: not after the review, and not while the question rests."""
    card = question.card
    is_next = question.ticket.number == question.reviews + 1
    return is_next and cards.tellable(card.enrolment).filter(pk=card.pk).exists()


def card(question: CardQuestion, deck: cards.Deck, *, form: AnswerForm | None = None) -> Context:
    """One question; `form` is an answer that was refused, or an order that was changed on the way."""
    question_shown = presentation.question_of(question.item, refused=form.answer_sent if form else None)
    return {
        "question": question_shown,
        "ticket": question.ticket.signed,
        "position": deck.done + 1,
        "count": deck.done + len(deck.cards),
        "problems": {1: form.reason} if form and form.reason else {},
    }


def form_of(question: CardQuestion, data: QueryDict) -> AnswerForm:
    return AnswerForm(question.item, data)


def answer(question: CardQuestion, form: AnswerForm, *, at: datetime) -> Context:
    """The key and why, beside the answer if there is one, and when the question comes again."""
    item, enrolment = question.item, question.card.enrolment
    item.response.answer = form.cleaned_data["answer"]
    score = _scored(item)
    explained = explanation.explained(score, release.EVERYTHING)
    today = cards.today(enrolment.user, at)
    days = schedule.days_ahead(question.card.memory, on=today)
    return {
        "question": explained,
        "ticket": question.ticket.signed,
        "verdict": explained.verdict if item.response.answer is not None else "",
        "again": in_days(days["again"]),
        "got_it": in_days(days["got_it"]),
        "reread": _reread(enrolment, item.question_version.unit_id),
    }


def _scored(item: AttemptItem) -> ItemScore:
    """What the answer is worth, with all corrections; the key that is explained is the corrected one."""
    version = item.question_version.pk
    corrected = runs.corrections([version])
    score = runs.score_of(item, language=item.attempt.language, rules=corrected.rules.get(version, ()))
    in_force.correct([score], by=corrected)
    return score


def _reread(enrolment: Enrolment, unit: int | None) -> UnitVersion | None:
    line = UnitVersion.objects.live(enrolment.course).filter(unit=unit).first() if unit else None
    if line:
        line.unit.lesson.course = enrolment.course
    return line


def in_days(days: int) -> str:
    """ "Next tomorrow", "Next in 6 days"."""
    if days == 1:
        return _("Next tomorrow")
    return ngettext("Next in %(days)s day", "Next in %(days)s days", days) % {"days": days}


def day_in_words(day: date, *, today: date) -> str:
    """ "tomorrow", "Thursday" within a week, "18 December" later."""
    days = (day - today).days
    if days < 1:
        return _("later today")
    if days == 1:
        return _("tomorrow")
    return formats.date_format(day, "l" if days < 7 else "j F")
