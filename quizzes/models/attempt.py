"""One go of a learner at a quiz."""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, functions
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cohorts.models import Enrolment
from lessons.models import UnitVersion
from quizzes.models.quiz import Quiz, QuizVersion
from quizzes.questions import scoring


class AttemptQuerySet(models.QuerySet):
    def of(self, enrolment):
        return self.filter(enrolment=enrolment)

    def open(self):
        return self.filter(state=Attempt.State.OPEN)

    def graded(self):
        return self.filter(state=Attempt.State.GRADED)

    def overdue(self, *, as_of):
        """Open attempts whose deadline and grace are over."""
        return self.open().filter(closes_at__lt=as_of)

    def taking_answers(self, *, at):
        """Open attempts whose deadline, if they have one, is not over."""
        return self.open().filter(models.Q(closes_at__isnull=True) | models.Q(closes_at__gte=at))

    def with_title(self):
        """Each with `.title`: that of the check when the attempt started, whatever it is called today.

        Attempts that were brought along from elsewhere may be older than the first version here; they have its title.
        """
        versions = UnitVersion.objects.filter(unit=OuterRef("quiz__unit"), published_at__isnull=False)
        then = versions.filter(published_at__lte=OuterRef("started_at")).order_by("-number").values("title")[:1]
        first = versions.order_by("number").values("title")[:1]
        return self.annotate(title=functions.Coalesce(models.Subquery(then), models.Subquery(first)))


class Attempt(models.Model):
    """One go at a quiz: opened once, closed once, graded for ever. Nothing re-opens."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SUBMITTED = "submitted", _("sent")
        AWAITING_REVIEW = "awaiting", _("awaiting review")
        GRADED = "graded", _("graded")
        VOIDED = "voided", _("voided")

    class ClosedBy(models.TextChoices):
        LEARNER = "learner", _("learner")
        DEADLINE = "deadline", _("deadline")
        STAFF = "staff", _("staff")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attempts", verbose_name=_("enrolment"))
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="attempts", verbose_name=_("quiz"))
    quiz_version = models.ForeignKey(
        QuizVersion, models.PROTECT, related_name="attempts", verbose_name=_("quiz version")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    # How numbers are written and read ("1,234" is not the same everywhere): the learner's language when it started, so
    # that answers are read, scored and rescored alike whatever the learner sets later.
    language = models.CharField(_("language"), max_length=12, default="en-gb")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    deadline_at = models.DateTimeField(_("deadline"), null=True, blank=True)
    grace_seconds = models.PositiveSmallIntegerField(_("grace, seconds"), default=30)
    # The learner's personal factor, or the larger one chosen before starting; empty: no limit was chosen.
    time_factor = models.DecimalField(
        _("time factor"), max_digits=4, decimal_places=2, null=True, blank=True, default=Decimal("1.00")
    )
    # Deadline and grace in one column, so that the save and the sweeper compare one value in the database.
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("sent"), null=True, blank=True)
    closed_by = models.CharField(_("closed by"), max_length=8, choices=ClosedBy, blank=True)
    # Points for reading, cut after two decimals; the exact ones are the sum of the item scores in force.
    score = models.DecimalField(_("score"), max_digits=7, decimal_places=2, null=True, blank=True)
    maximum = models.DecimalField(_("maximum"), max_digits=7, decimal_places=2, default=Decimal(0))
    # Of the maximum, cut after two decimals: it reaches exactly those pass marks that the exact points reach. Empty in
    # a graded attempt: it was counted on rounded points, and `recounting` has not looked at it yet.
    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    # A later grading run took the points below the pass mark: the pass stays, and staff see that it was kept.
    pass_kept = models.BooleanField(_("pass kept after regrading"), default=False)
    voided_at = models.DateTimeField(_("voided"), null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("voided by"),
    )
    void_reason = models.TextField(_("why it was voided"), blank=True)
    #: Only there after `with_title`.
    title: str

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "quiz", "number"], name="quizzes_attempt_number_unique"),
            models.UniqueConstraint(
                fields=["enrolment", "quiz"], condition=models.Q(state="open"), name="quizzes_one_open_attempt"
            ),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__gte=0, score__lte=models.F("maximum")),
                name="quizzes_score_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(percent__isnull=True) | models.Q(percent__gte=0, percent__lte=100),
                name="quizzes_percent_in_range",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="graded")
                | models.Q(score__isnull=False, passed__isnull=False, submitted_at__isnull=False),
                name="quizzes_graded_has_result",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="open") | models.Q(submitted_at__isnull=True, score__isnull=True),
                name="quizzes_open_has_no_result",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="awaiting")
                | models.Q(submitted_at__isnull=False, score__isnull=True, passed__isnull=True),
                name="quizzes_awaiting_has_no_result",
            ),
            models.CheckConstraint(
                condition=models.Q(state="voided", voided_at__isnull=False, voided_by__isnull=False)
                & ~models.Q(void_reason="")
                | ~models.Q(state="voided") & models.Q(voided_at__isnull=True, voided_by__isnull=True, void_reason=""),
                name="quizzes_voided_says_who_when_why",
            ),
            models.CheckConstraint(
                condition=models.Q(pass_kept=False) | models.Q(passed=True), name="quizzes_kept_pass_is_a_pass"
            ),
        ]
        indexes = [
            models.Index(fields=["closes_at"], condition=models.Q(state="open"), name="quizzes_open_by_deadline"),
            models.Index(
                fields=["enrolment"],
                condition=models.Q(state="graded", percent__isnull=True),
                name="quizzes_to_be_recounted",
            ),
            # The list of the administration, newest first.
            models.Index(fields=["-started_at", "-id"], name="quizzes_attempt_newest"),
        ]

    def __str__(self):
        return f"attempt {self.number}"

    def get_absolute_url(self):
        return reverse("quizzes:attempt", args=[self.enrolment.course.key, self.uuid])

    @property
    def outcome(self) -> str:
        """What came of it, in words for its learner: "passed", "being read", or its state."""
        if self.passed:
            return gettext("passed")
        if self.has_nothing_scored:
            return gettext("nothing scored")
        if self.is_graded:
            return gettext("not passed")
        if self.is_awaiting:
            return gettext("being read")
        return self.get_state_display()

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def shown_percent(self) -> str:
        """The percentage as people read it: as precise as the pass mark, cut; "" before grading, and where nothing was
        scored."""
        if self.score is None or self.has_nothing_scored:
            return ""
        percent = scoring.percent(self.score, self.maximum) if self.percent is None else self.percent
        return f"{scoring.shown_percent(percent, pass_percent=self.quiz_version.pass_percent):f}"

    @property
    def percent_uncut(self) -> str:
        """The percentage with its two decimals where `shown_percent` leaves some of it away; "" where it does not."""
        if self.percent is None or not self.shown_percent or self.percent == Decimal(self.shown_percent):
            return ""
        return f"{self.percent.normalize():f}"

    @property
    def is_graded(self) -> bool:
        return self.state == self.State.GRADED

    @property
    def closed_with_check(self) -> bool:
        """Whether its check closed while it was open, before its own time was over; needs its rules."""
        rules, end = self.quiz_version, self.deadline_at
        if self.closed_by != self.ClosedBy.DEADLINE or end is None or rules.window != rules.Window.EVERYTHING:
            return False
        minutes = rules.minutes_allowed(self.time_factor)
        own = minutes is not None and self.started_at + timedelta(minutes=float(minutes))
        # An extension may have added minutes; then its end is that of the window.
        return not own or end < own or end == rules.closes_at

    @property
    def is_awaiting(self) -> bool:
        """Sent, and a person has to read long texts before there is a result."""
        return self.state == self.State.AWAITING_REVIEW

    @property
    def counts(self) -> bool:
        """Whether it uses up one of the attempts allowed: not one that was voided, nor one of which every question was
        dropped."""
        return self.state != self.State.VOIDED and not self.has_nothing_scored

    @property
    def has_nothing_scored(self) -> bool:
        """Graded, and every question of it was dropped: there is no score, neither for nor against the learner."""
        return self.is_graded and not self.maximum

    def takes_answers(self, *, at) -> bool:
        """Open, and its deadline, if it has one, is not over."""
        return self.is_open and (self.closes_at is None or self.closes_at >= at)

    def time_is_over(self, *, at) -> bool:
        """Whether the deadline has come; during the grace it still takes answers that are on their way."""
        return self.deadline_at is not None and self.deadline_at <= at
