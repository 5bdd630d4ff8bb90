"""Questions that came in a file of another system."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.fields import ShapedField
from lessons.models import Course, Lesson
from quizzes.questions.shapes import CHOSEN


class QuestionImport(models.Model):
    """One file of questions: read and looked at first, saved after somebody said so."""

    class Format(models.TextChoices):
        GIFT = "gift", "GIFT"
        AIKEN = "aiken", "Aiken"
        MOODLE_XML = "moodle", "Moodle XML"

    course = models.ForeignKey(Course, models.PROTECT, related_name="+", verbose_name=_("course"))
    lesson = models.ForeignKey(
        Lesson, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lesson")
    )
    format = models.CharField(_("format"), max_length=6, choices=Format)
    filename = models.CharField(_("file"), max_length=255)
    # The bank or system the file is from, as its author calls it. Names identify questions within one source.
    source = models.CharField(_("source"), max_length=200, blank=True, default="")
    # What somebody chose for questions whose name is known: {name in the file: "new", or the id of a question}.
    choices = ShapedField(_("choices"), shape=CHOSEN, default=dict, blank=True, editable=False)
    text = models.TextField(_("text"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("read"), default=timezone.now)
    # Empty while it is only a preview.
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)

    class Meta:
        verbose_name = _("import of questions")
        verbose_name_plural = _("imports of questions")
        ordering = ["-made_at"]

    def __str__(self):
        return self.filename

    @property
    def origin(self) -> str:
        """Where its questions are from, as a person says it: "Ann's bank (bankA.gift)"."""
        return self.filename if self.source in ("", self.filename) else f"{self.source} ({self.filename})"
