"""What of an attempt was asked of its learner, what they answered, and the log of it."""

from decimal import Decimal

from django.db import models
from django.db.models import OuterRef, functions
from django.utils.translation import gettext_lazy as _

from database.fields import ShapedField
from quizzes.models.attempt import Attempt
from quizzes.models.bank import QuestionVersion
from quizzes.questions import shapes


class AttemptItemQuerySet(models.QuerySet):
    def of(self, enrolment):
        return self.filter(attempt__enrolment=enrolment)

    def with_answered(self):
        """Each with `.answered`: how many items of its attempt have an answer."""
        answered = (
            Response.objects.filter(item__attempt=OuterRef("attempt"), answer__isnull=False)
            .order_by()
            .values("item__attempt")
            .annotate(count=models.Count("pk"))
            .values("count")
        )
        return self.annotate(answered=functions.Coalesce(models.Subquery(answered), 0))


class AttemptItem(models.Model):
    """One question as it was put to one learner: its exact wording, order and numbers."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="items", verbose_name=_("attempt"))
    position = models.PositiveSmallIntegerField(_("position"))
    question_version = models.ForeignKey(
        QuestionVersion, models.PROTECT, related_name="items", verbose_name=_("question version")
    )
    choice_order = ShapedField(_("order of choices"), shape=shapes.TEXTS, default=list)
    parameters = ShapedField(_("numbers"), shape=shapes.NUMBERS, default=dict)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, default=Decimal(1))

    objects = AttemptItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt item")
        verbose_name_plural = _("attempt items")
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="quizzes_item_position_unique"),
            models.UniqueConstraint(fields=["attempt", "question_version"], name="quizzes_item_question_once"),
        ]

    def __str__(self):
        return f"item {self.position}"


class Response(models.Model):
    """The learner's latest saved answer to one item; its revision only rises."""

    item = models.OneToOneField(AttemptItem, models.PROTECT, related_name="response", verbose_name=_("item"))
    # single, scenario: "b" · multiple: ["a", "c"] · numeric: "960" as typed · matching: {left: right} ·
    # ordering: [keys] · short, long: the text as typed
    answer = ShapedField(_("answer"), shape=shapes.ANSWER, null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)
    flagged = models.BooleanField(_("flagged"), default=False)
    # Practice only (feedback "immediate"): when the learner was shown the key of this item. It takes no answer after.
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(checked_at__isnull=True) | models.Q(answer__isnull=False),
                name="quizzes_checked_has_an_answer",
            ),
        ]

    def __str__(self):
        return f"response to {self.item_id}"


class ResponseLog(models.Model):
    """Every answer that was ever acknowledged as saved, in order. The database writes it: a trigger on Response."""

    response = models.ForeignKey(Response, models.PROTECT, related_name="log", verbose_name=_("response"))
    revision = models.PositiveIntegerField(_("revision"))
    answer = ShapedField(_("answer"), shape=shapes.ANSWER, null=True, blank=True)
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("response log")
        verbose_name_plural = _("response logs")
        ordering = ["response", "revision"]
        constraints = [models.UniqueConstraint(fields=["response", "revision"], name="quizzes_log_revision_unique")]

    def __str__(self):
        return f"{self.response_id} r{self.revision}"
