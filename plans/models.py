"""The learner's own work."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cohorts.models import Enrolment
from lessons.models import Unit, UnitVersion


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
