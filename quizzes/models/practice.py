"""What a learner practises again, and when."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cohorts.models import Enrolment
from database.fields import ShapedField
from quizzes.models.bank import Question, QuestionVersion
from quizzes.questions.shapes import MEMORY


class PracticeCardQuerySet(models.QuerySet):
    def of(self, enrolment):
        return self.filter(enrolment=enrolment)

    def due(self, *, as_of):
        """Cards to be practised now, of questions that are still asked, the longest due first."""
        return self.standing().filter(due_at__lte=as_of, question__retired_at__isnull=True).order_by("due_at", "pk")

    def standing(self):
        """Cards that still stand for something missed."""
        return self.filter(sorted_out_at__isnull=True)


class PracticeCard(models.Model):
    """One question that one learner practises: when it is due, and what the scheduler knows of their memory of it."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="practice_cards", verbose_name=_("enrolment"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="practice_cards", verbose_name=_("question"))
    due_at = models.DateTimeField(_("due"))
    # The state of the library that plans the reviews, in its own form.
    memory = ShapedField(_("memory"), shape=MEMORY, default=dict)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    # When corrections had made right everything that it stood for. It is kept, with its reviews, and not asked.
    sorted_out_at = models.DateTimeField(_("sorted out"), null=True, blank=True)
    # When it was missed again after that; its memory goes on where it was.
    returned_at = models.DateTimeField(_("came back"), null=True, blank=True)

    objects = PracticeCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("practice card")
        verbose_name_plural = _("practice cards")
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "question"], name="quizzes_one_card_per_question"),
        ]
        indexes = [models.Index(fields=["enrolment", "due_at"], name="quizzes_cards_due")]

    def __str__(self):
        return f"card of {self.question_id}"


class PracticeReview(models.Model):
    """One time a card was practised: what was shown, and whether the learner had it."""

    class Rating(models.TextChoices):
        AGAIN = "again", _("Again")
        GOT_IT = "got_it", _("Got it")

    card = models.ForeignKey(PracticeCard, models.PROTECT, related_name="reviews", verbose_name=_("card"))
    # Counts the reviews of a card from 1: a form that is sent twice is one review.
    number = models.PositiveIntegerField(_("number"))
    question_version = models.ForeignKey(
        QuestionVersion, models.PROTECT, related_name="+", verbose_name=_("question version")
    )
    rating = models.CharField(_("rating"), max_length=6, choices=Rating)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("practice review")
        verbose_name_plural = _("practice reviews")
        ordering = ["card", "number"]
        constraints = [models.UniqueConstraint(fields=["card", "number"], name="quizzes_review_number_unique")]

    def __str__(self):
        return f"{self.rating} of {self.card_id}"
