"""What has been learned: facts, and the states that can be rebuilt from them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cohorts.models import Enrolment
from database.append_only import AppendOnly
from database.fields import ShapedField
from database.shapes import Anything, Either, Fields, Flag, Nothing, Text
from lessons.models import Lesson, Unit

#: quiz_graded: {"percent": "86.67", "passed": true, "attempt": uuid, …}, percent null where nothing was scored; reset:
#: {"reason", "actor"}
PERCENT = Either((Nothing(), Text(filled=True)))
PAYLOAD = Fields(may={"percent": PERCENT, "passed": Flag(), "reason": Text()}, others=Anything())


class LearningEvent(AppendOnly):
    """One fact about one learner; never changed. The same fact told twice is stored once."""

    class Kind(models.TextChoices):
        MARKED_DONE = "marked_done", _("marked done")
        QUIZ_GRADED = "quiz_graded", _("check graded")
        RESET = "reset", _("reset by staff")

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="events", verbose_name=_("enrolment"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="events", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    at = models.DateTimeField(_("at"), default=timezone.now)
    idempotency_key = models.CharField(_("idempotency key"), max_length=120)
    payload = ShapedField(_("payload"), shape=PAYLOAD, default=dict, blank=True)

    class Meta:
        verbose_name = _("learning event")
        verbose_name_plural = _("learning events")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "idempotency_key"], name="progress_event_told_once"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.unit_id}"


class UnitState(models.Model):
    """Where one learner stands with one unit; rises only, unless an explicit reset lowers it."""

    class State(models.TextChoices):
        STARTED = "started", _("started")
        DONE = "done", _("done")

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="unit_states", verbose_name=_("enrolment"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="states", verbose_name=_("unit"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.STARTED)
    percent = models.DecimalField(_("best score, percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("unit state")
        verbose_name_plural = _("unit states")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "unit"], name="progress_one_state_per_unit"),
            models.CheckConstraint(
                condition=models.Q(percent__isnull=True) | models.Q(percent__gte=0, percent__lte=100),
                name="progress_unit_percent_in_range",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(done_at__isnull=False), name="progress_done_has_time"
            ),
        ]

    def __str__(self):
        return f"{self.unit_id}: {self.get_state_display()}"


class LessonState(models.Model):
    """Where one learner stands with one lesson: a counter row, recomputed with every fact."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="lesson_states", verbose_name=_("enrolment"))
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="states", verbose_name=_("lesson"))
    units_done = models.PositiveSmallIntegerField(_("units done"), default=0)
    units_required = models.PositiveSmallIntegerField(_("units required"), default=0)
    percent = models.DecimalField(_("check score, percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    done_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("lesson state")
        verbose_name_plural = _("lesson states")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson"], name="progress_one_state_per_lesson"),
            models.CheckConstraint(
                condition=models.Q(units_done__lte=models.F("units_required")), name="progress_lesson_done_in_range"
            ),
        ]

    def __str__(self):
        return f"{self.lesson_id}: {self.units_done}/{self.units_required}"


class EnrolmentSummary(models.Model):
    """One learner's course in one row, always the recomputation of their unit states; also where they last were."""

    enrolment = models.OneToOneField(
        Enrolment, models.PROTECT, primary_key=True, related_name="summary", verbose_name=_("enrolment")
    )
    units_done = models.PositiveSmallIntegerField(_("units done"), default=0)
    units_required = models.PositiveSmallIntegerField(_("units required"), default=0)
    lessons_done = models.PositiveSmallIntegerField(_("lessons done"), default=0)
    percent = models.PositiveSmallIntegerField(_("percent done"), default=0)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    # The last position: where the learner stopped reading. Not the first incomplete unit, which is computed.
    last_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("last unit")
    )
    last_anchor = models.CharField(_("last heading"), max_length=120, blank=True)
    # When the learner last read or marked a section, or started or sent a check; other pages leave no trace.
    last_visit_at = models.DateTimeField(_("last reading or check"), null=True, blank=True)

    class Meta:
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")
        constraints = [
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="progress_percent_in_range"),
            models.CheckConstraint(
                condition=models.Q(units_done__lte=models.F("units_required")), name="progress_units_done_in_range"
            ),
        ]
        indexes = [models.Index(fields=["-last_visit_at"], name="progress_last_visit")]

    def __str__(self):
        return f"{self.units_done} of {self.units_required}"
