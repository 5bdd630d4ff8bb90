"""Quizzes: their rules by version, and the slots that draw questions from pools."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from database.fields import ShapedField
from lessons.models import Unit
from lessons.versions import Version, version_constraints
from quizzes.models.bank import Question
from quizzes.questions import shapes


def between(least: int, most: int) -> list:
    """The limits of a number; files of the course have the same (`quizzes.content.formats`)."""
    return [MinValueValidator(least), MaxValueValidator(most)]


class Quiz(models.Model):
    """A check or exam; stands in the course as a unit."""

    class Purpose(models.TextChoices):
        CHECK = "check", _("lesson check")
        EXAM = "exam", _("course exam")

    #: The check that every lesson has; further ones have their key in their address.
    MAIN_KEY = "check"

    unit = models.OneToOneField(
        Unit,
        models.PROTECT,
        related_name="quiz",
        verbose_name=_("unit"),
        limit_choices_to={"kind": Unit.Kind.QUIZ},
    )
    purpose = models.CharField(_("purpose"), max_length=5, choices=Purpose, default=Purpose.CHECK)

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        ordering = ["unit__lesson__number"]

    def __str__(self):
        return str(self.unit)

    def get_absolute_url(self):
        return reverse("quizzes:front", args=self.place)

    @property
    def start_url(self) -> str:
        return reverse("quizzes:start", args=self.place)

    @property
    def place(self) -> list:
        """What its addresses are made of: an exam has one below its course, a check one below its lesson."""
        lesson, key = self.unit.lesson, self.unit.key
        if self.is_exam:
            return [lesson.course.key]
        return [lesson.course.key, lesson.number, *([] if key == self.MAIN_KEY else [key])]

    @property
    def is_offered(self) -> bool:
        """Whether learners find it in a course that is published; attempts outlast that."""
        return self.unit.retired_at is None and self.unit.lesson.course.is_published

    @property
    def is_exam(self) -> bool:
        return self.purpose == self.Purpose.EXAM


class QuizVersion(Version):
    """The rules and the draw of a quiz at one time. Title, minutes and intro stand in the version of its unit."""

    class Keep(models.TextChoices):
        BEST = "best", _("best attempt counts")
        LAST = "last", _("last attempt counts")
        FIRST = "first", _("first attempt counts")

    class Feedback(models.TextChoices):
        AFTER_CLOSE = "after_close", _("everything after sending")
        AFTER_PASS = "after_pass", _("own answers after sending, the key after passing")
        SCORE_ONLY = "score_only", _("the score only")
        IMMEDIATE = "immediate", _("after each answer (practice)")

    class Window(models.TextChoices):
        STARTING = "starting", _("no new attempts; running ones keep their own time")
        EVERYTHING = "everything", _("no new attempts, and running ones are closed")

    identity_field = "quiz"

    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="versions", verbose_name=_("quiz"))
    pass_percent = models.DecimalField(
        _("pass mark, percent"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(80),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    attempts_allowed = models.PositiveSmallIntegerField(
        _("attempts allowed"), null=True, blank=True, help_text=_("Empty: no limit."), validators=between(1, 100)
    )
    cool_down_minutes = models.PositiveIntegerField(
        _("minutes between attempts"), default=0, validators=between(0, 100000)
    )
    time_limit_minutes = models.PositiveSmallIntegerField(
        _("time limit, minutes"), null=True, blank=True, validators=between(1, 1000)
    )
    grace_seconds = models.PositiveSmallIntegerField(
        _("grace, seconds"),
        default=30,
        help_text=_("Answers on their way at the deadline still count."),
        validators=between(0, 600),
    )
    learner_sets_time = models.BooleanField(
        _("learners choose their time"),
        default=False,
        help_text=_("Before starting they choose the normal time, 1.5 times, twice as much, or no limit."),
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True, help_text=_("Empty: it is open already."))
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True, help_text=_("Empty: it stays open."))
    window = models.CharField(_("what closing means"), max_length=10, choices=Window, default=Window.STARTING)
    requires_checks = models.BooleanField(
        _("only after the checks"),
        default=False,
        help_text=_("All required checks of the course have to be passed before an attempt can start."),
    )
    floor_percent = models.DecimalField(
        _("floor in each competency, percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Passing needs this much in every competency too. Empty: no floor."),
    )
    keep = models.CharField(_("which attempt counts"), max_length=5, choices=Keep, default=Keep.BEST)
    feedback = models.CharField(_("feedback"), max_length=12, choices=Feedback, default=Feedback.AFTER_CLOSE)
    one_page = models.BooleanField(_("all questions on one page"), default=False)

    class Meta:
        verbose_name = _("quiz version")
        verbose_name_plural = _("quiz versions")
        ordering = ["quiz", "-number"]
        constraints = [
            *version_constraints("quiz"),
            models.CheckConstraint(
                condition=models.Q(pass_percent__gte=0, pass_percent__lte=100), name="quizzes_pass_percent_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(floor_percent__isnull=True) | models.Q(floor_percent__gte=0, floor_percent__lte=100),
                name="quizzes_floor_percent_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(opens_at__isnull=True)
                | models.Q(closes_at__isnull=True)
                | models.Q(closes_at__gt=models.F("opens_at")),
                name="quizzes_closes_after_it_opens",
            ),
        ]

    def __str__(self):
        return f"{self.quiz} v{self.number}"

    @property
    def kept_back(self) -> list[str]:
        """Why no learner is offered it, whatever is published of it, one sentence each."""
        return self.quiz.unit.kept_back

    def minutes_allowed(self, time_factor: Decimal | None) -> Decimal | None:
        """The time limit with this factor, in minutes; None without a limit or with the factor None, "no limit"."""
        if self.time_limit_minutes is None or time_factor is None:
            return None
        return self.time_limit_minutes * time_factor


class Slot(models.Model):
    """A place in a quiz from which `pick` of its members are drawn (all of them when empty)."""

    quiz_version = models.ForeignKey(QuizVersion, models.CASCADE, related_name="slots", verbose_name=_("quiz version"))
    position = models.PositiveSmallIntegerField(_("position"))
    pick = models.PositiveSmallIntegerField(
        _("draw"), null=True, blank=True, help_text=_("Empty: all of them."), validators=between(1, 100)
    )
    # A cell of a blueprint: the competency, the Bloom levels and the weight its members were chosen by when the version
    # was published, {"competency": "STR", "bloom": ["apply"], "scenario": false}. The members themselves are frozen.
    criteria = ShapedField(_("chosen by"), shape=shapes.CELL, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["quiz_version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["quiz_version", "position"], name="quizzes_slot_position_unique"),
        ]

    def __str__(self):
        return f"slot {self.position}"


class PoolMember(models.Model):
    """One question that a slot may draw. Membership is frozen with the quiz version; the wording is not."""

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="members", verbose_name=_("slot"))
    question = models.ForeignKey(Question, models.PROTECT, related_name="memberships", verbose_name=_("question"))
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("pool member")
        verbose_name_plural = _("pool members")
        ordering = ["slot", "position"]
        constraints = [models.UniqueConstraint(fields=["slot", "question"], name="quizzes_pool_member_once")]

    def __str__(self):
        return str(self.question)
