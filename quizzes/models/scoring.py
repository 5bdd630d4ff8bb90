"""Scores: appended by grading runs, never changed."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quizzes.models.attempt import Attempt, AttemptItem


class GradingRun(models.Model):
    """One grading of one attempt; the newest one is in force."""

    class Reason(models.TextChoices):
        CLOSED = "closed", _("attempt closed")
        REGRADED = "regraded", _("regraded")
        REVIEWED = "reviewed", _("reviewed by a person")

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="runs", verbose_name=_("attempt"))
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, default=Reason.CLOSED)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("by"))

    class Meta:
        verbose_name = _("grading run")
        verbose_name_plural = _("grading runs")
        ordering = ["attempt", "-number"]
        constraints = [models.UniqueConstraint(fields=["attempt", "number"], name="quizzes_run_number_unique")]

    def __str__(self):
        return f"run {self.number}"


class ItemScore(models.Model):
    """What one item was worth in one grading run."""

    run = models.ForeignKey(GradingRun, models.PROTECT, related_name="scores", verbose_name=_("run"))
    item = models.ForeignKey(AttemptItem, models.PROTECT, related_name="scores", verbose_name=_("item"))
    fraction = models.DecimalField(_("fraction"), max_digits=5, decimal_places=4)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2)
    manual = models.BooleanField(_("given by a person"), default=False)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("item score")
        verbose_name_plural = _("item scores")
        constraints = [
            models.UniqueConstraint(fields=["run", "item"], name="quizzes_one_score_per_run"),
            models.CheckConstraint(
                condition=models.Q(fraction__gte=0, fraction__lte=1), name="quizzes_fraction_in_range"
            ),
        ]

    def __str__(self):
        return f"{self.points}"
