"""Scores: appended by grading runs, never changed."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.fields import ShapedField
from lessons.models import Competency
from quizzes.models.attempt import Attempt
from quizzes.models.bank import QuestionVersion
from quizzes.models.item import AttemptItem
from quizzes.questions import scoring
from quizzes.questions.corrections import Standing
from quizzes.questions.shapes import CORRECTION, LEVELS


class Regrade(models.Model):
    """A correction of how one wording of a question is scored, for everybody who was asked it, whenever.

    It never changes what was asked or answered, and is itself never changed or taken back: a further regrade corrects
    it. `quizzes.questions.corrections` says what the policies do.
    """

    class Policy(models.TextChoices):
        ACCEPT = "accept", _("accept other answers as well")
        FULL_CREDIT = "full_credit", _("full credit for everybody")
        DROP = "drop", _("drop the question: it counts for nobody")
        NEW_KEY = "new_key", _("another key")

    question_version = models.ForeignKey(
        QuestionVersion, models.PROTECT, related_name="regrades", verbose_name=_("question version")
    )
    policy = models.CharField(_("policy"), max_length=11, choices=Policy)
    # accept, new_key: what is (also) right, in the shape that `questions.corrections` gives for the type; else {}.
    details = ShapedField(_("details"), shape=CORRECTION, default=dict, blank=True)
    reason = models.TextField(
        _("reason"),
        help_text=_("Learners read this beside the question and in their mail, once they may see the key."),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), default=timezone.now)
    # Empty while attempts are still being graded again.
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)

    class Meta:
        verbose_name = _("regrade")
        verbose_name_plural = _("regrades")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="quizzes_regrade_has_a_reason")]

    def __str__(self):
        return f"{self.question_version}: {self.get_policy_display()}"


class GradingRun(models.Model):
    """One grading of one attempt; the newest one is in force."""

    class Reason(models.TextChoices):
        CLOSED = "closed", _("attempt closed")
        REGRADED = "regraded", _("regraded")
        REVIEWED = "reviewed", _("reviewed by a person")
        RECOUNTED = "recounted", _("counted without rounding")

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="runs", verbose_name=_("attempt"))
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, default=Reason.CLOSED)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("by"))
    # The newest regrade (its id) that this run knew of; 0: none. It says which attempts a regrade has not reached yet.
    regrades_through = models.PositiveBigIntegerField(_("regrades considered up to"), default=0, editable=False)
    # A run of the time when the points of each item were rounded before they were added.
    rounded = models.BooleanField(_("added up rounded points"), default=False, editable=False)

    class Meta:
        verbose_name = _("grading run")
        verbose_name_plural = _("grading runs")
        ordering = ["attempt", "-number"]
        constraints = [models.UniqueConstraint(fields=["attempt", "number"], name="quizzes_run_number_unique")]

    def __str__(self):
        return f"run {self.number}"


class ItemScoreQuerySet(models.QuerySet):
    def in_force(self):
        """The scores of the newest run of each attempt."""
        newer = GradingRun.objects.filter(
            attempt=models.OuterRef("run__attempt"), number__gt=models.OuterRef("run__number")
        )
        return self.filter(~models.Exists(newer))


class ItemScore(models.Model):
    """What one item was worth in one grading run: numerator ÷ denominator decides, fraction and points are for reading.

    Setting `exact` to a Fraction fills the first three, also when a row is made (`exact=…`).
    """

    run = models.ForeignKey(GradingRun, models.PROTECT, related_name="scores", verbose_name=_("run"))
    item = models.ForeignKey(AttemptItem, models.PROTECT, related_name="scores", verbose_name=_("item"))
    numerator = models.PositiveIntegerField(_("numerator"))
    denominator = models.PositiveIntegerField(_("denominator"))
    fraction = models.DecimalField(_("fraction"), max_digits=5, decimal_places=4)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2)
    # What the item could bring in this run: its points, or 0 when a regrade dropped the question.
    worth = models.DecimalField(_("of"), max_digits=6, decimal_places=2)
    manual = models.BooleanField(_("given by a person"), default=False)
    comment = models.TextField(_("comment"), blank=True)
    # Long texts: the level (from 1) that was given for each criterion of the rubric, by its key.
    levels = ShapedField(_("levels"), shape=LEVELS, default=dict, blank=True)
    #: Reasons of regrades, oldest first, what these come to, and the body as it was written. Only there after
    #: `quizzes.grading.in_force.correct`, where there are any.
    corrections: Sequence[str]
    standing: Standing
    written: Mapping[str, Any]

    objects = ItemScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("item score")
        verbose_name_plural = _("item scores")
        constraints = [
            models.UniqueConstraint(fields=["run", "item"], name="quizzes_one_score_per_run"),
            models.CheckConstraint(
                condition=models.Q(fraction__gte=0, fraction__lte=1), name="quizzes_fraction_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(points__gte=0, points__lte=models.F("worth")), name="quizzes_points_within_worth"
            ),
            models.CheckConstraint(
                condition=models.Q(denominator__gte=1, numerator__lte=models.F("denominator")),
                name="quizzes_exact_fraction_in_range",
            ),
        ]

    def __str__(self):
        return f"{self.points}"

    @property
    def exact(self) -> Fraction:
        """How much of the item was answered rightly, 0..1."""
        return Fraction(self.numerator, self.denominator)

    @exact.setter
    def exact(self, share: Fraction) -> None:
        self.numerator, self.denominator = share.numerator, share.denominator
        self.fraction = scoring.shown_fraction(share)

    @classmethod
    def of(cls, share: Fraction, **fields) -> "ItemScore":
        """A score of this fraction, not saved."""
        score = cls(**fields)
        score.exact = share
        return score

    @property
    def is_read_as_it_is(self) -> bool:
        """Whether the fraction that is read is the exact one."""
        return self.fraction == scoring.shown_fraction(self.exact)

    @property
    def exact_points(self) -> Fraction:
        """What counts towards the score of the attempt."""
        return self.exact * Fraction(self.worth)

    @property
    def competency(self) -> Competency:
        return self.item.question_version.competency

    @property
    def unit_id(self) -> int | None:
        """The unit to reread after a wrong answer."""
        return self.item.question_version.unit_id
