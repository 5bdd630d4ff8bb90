"""The learner's own work."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cohorts.models import Enrolment
from database.fields import ShapedField
from database.shapes import Fields, Many, Text
from lessons.models import Unit, UnitVersion
from lessons.shapes import BLOCKS
from lessons.versions import Version, version_constraints

CRITERIA = Many(Fields(needed={"title": Text(filled=True), "levels": Many(Text(filled=True))}))


class NoteQuerySet(models.QuerySet):
    def of(self, enrolment):
        return self.filter(enrolment=enrolment)

    def written(self):
        """Notes that say something, with their unit's `unit_title` (None when it is no longer in the course)."""
        current = UnitVersion.objects.current().filter(unit=models.OuterRef("unit"), unit__retired_at__isnull=True)
        return (
            self.exclude(text="")
            .select_related("unit__lesson")
            .annotate(unit_title=models.Subquery(current.values("title")))
        )


class Note(models.Model):
    """What one learner wrote beside one unit; private, and it travels to their plan."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="notes", verbose_name=_("enrolment"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="notes", verbose_name=_("unit"))
    text = models.TextField(_("text"), max_length=20_000, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["enrolment", "unit"], name="plans_one_note_per_unit")]

    def __str__(self):
        return f"Note on {self.unit_id}"


class Assignment(models.Model):
    """A unit of kind assignment: something to write, judged by criteria."""

    unit = models.OneToOneField(
        Unit,
        models.PROTECT,
        related_name="assignment",
        verbose_name=_("unit"),
        limit_choices_to={"kind": Unit.Kind.ASSIGNMENT},
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["unit"]

    def __str__(self):
        return f"Assignment of {self.unit}"

    @property
    def lesson(self):
        return self.unit.lesson


class AssignmentVersion(Version):
    """One text of an assignment: the task, how it is judged, and two answers to compare one's own with.

    Title, minutes, lede and outcome stand in the version of its unit. `criteria` is a list of {"title", "levels"} with
    four sentences from 1 (emerging) to 4 (exemplary), inline Markdown.
    """

    identity_field = "assignment"

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="versions", verbose_name=_("assignment"))
    length = models.TextField(_("length"), help_text=_("In words: two pages, 700 words at the most."))
    criteria = ShapedField(_("criteria"), shape=CRITERIA, default=list)
    task = models.TextField(_("task"))
    model_answer = models.TextField(_("model answer"))
    weak_answer = models.TextField(_("weak answer"))
    task_blocks = ShapedField(_("rendered task"), shape=BLOCKS, default=list, editable=False)
    model_answer_blocks = ShapedField(_("rendered model answer"), shape=BLOCKS, default=list, editable=False)
    weak_answer_blocks = ShapedField(_("rendered weak answer"), shape=BLOCKS, default=list, editable=False)

    class Meta:
        verbose_name = _("assignment version")
        verbose_name_plural = _("assignment versions")
        ordering = ["assignment", "-number"]
        constraints = [*version_constraints("assignment")]

    def __str__(self):
        return f"{self.assignment} (v{self.number})"
