"""What is taught."""

import uuid
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from database.fields import ShapedField
from lessons import shapes
from lessons.coming import validate_coming
from lessons.versions import Version, VersionQuerySet, version_constraints


class CourseQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=Course.State.PUBLISHED)


class Course(models.Model):
    """One course in one edition and language."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        RETIRED = "retired", _("retired")

    key = models.SlugField(_("key"), max_length=40, unique=True, help_text=_("Stands in every address: /cto/…"))
    title = models.CharField(_("title"), max_length=120)
    subtitle = models.CharField(_("subtitle"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=12, default="en-gb")
    coming = ShapedField(
        _("coming"),
        shape=shapes.COMING,
        default=list,
        blank=True,
        validators=[validate_coming],
        help_text=_("What pages speak of and the site cannot do yet, as in course.yaml; they say that it is coming."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PUBLISHED)
    front = ShapedField(
        _("front page"),
        shape=shapes.FRONT,
        default=dict,
        blank=True,
        help_text=_("promise, summary, audience, prerequisites, leave_with, roles, questions: as in course.yaml"),
    )
    certificate_rule = ShapedField(_("certificate rule"), shape=shapes.CERTIFICATE_RULE, default=dict, blank=True)
    authoring = ShapedField(
        _("what authors keep to"),
        shape=shapes.AUTHORING,
        default=dict,
        blank=True,
        help_text=_("Names of what is fictional, and words of prose a unit and a lesson: as in course.yaml"),
    )
    #: Renewed by the database whenever anything changes that learners see of the course (database.revisions).
    revision = models.UUIDField(_("revision"), default=uuid.uuid4, editable=False)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("lessons:course", args=[self.key])

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED


class Lesson(models.Model):
    """One of the numbered lessons of a course."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="lessons", verbose_name=_("course"))
    number = models.PositiveSmallIntegerField(_("number"))
    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("title"), max_length=160)
    short_title = models.CharField(_("short title"), max_length=24, help_text=_("One or two words, for tables."))
    summary = models.TextField(_("summary"), blank=True)
    outcomes = ShapedField(_("outcomes"), shape=shapes.TEXTS, default=list, blank=True)
    pre_questions = ShapedField(_("pre-questions"), shape=shapes.PRE_QUESTIONS, default=list, blank=True)
    outline = ShapedField(
        _("still to be written"),
        shape=shapes.TEXTS,
        default=list,
        blank=True,
        help_text=_("Titles of sections that are not there yet. A lesson with such sections cannot be finished."),
    )

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["course", "number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="lessons_lesson_number_unique"),
            models.UniqueConstraint(fields=["course", "key"], name="lessons_lesson_key_unique"),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"

    def get_absolute_url(self):
        return reverse("lessons:lesson", args=[self.course.key, self.number])

    @property
    def folder(self) -> str:
        """The unit's folder in the course's files."""
        return f"{self.number}-{self.key}"

    @property
    def in_preparation(self) -> bool:
        return bool(self.outline)


class UnitQuerySet(models.QuerySet):
    def live(self):
        """Units that learners see: not retired, with a current version."""
        return self.filter(retired_at__isnull=True, versions__state=Version.State.CURRENT)


class Unit(models.Model):
    """The smallest thing with a completion rule; its text lives in its versions."""

    class Kind(models.TextChoices):
        READING = "reading", _("reading")
        TOOL = "tool", _("tool")
        QUIZ = "quiz", _("quiz")
        ASSIGNMENT = "assignment", _("assignment")
        ASSESSMENT = "assessment", _("assessment")
        PLAN = "plan", _("plan")

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="units", verbose_name=_("lesson"))
    key = models.SlugField(_("key"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.READING)
    position = models.PositiveSmallIntegerField(_("position"))
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["lesson", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["lesson", "key"], name="lessons_unit_key_unique")]

    def __str__(self):
        return f"{self.lesson.number}.{self.position} {self.key}"

    def get_absolute_url(self):
        return reverse("lessons:unit", args=[self.lesson.course.key, self.lesson.number, self.key])

    @property
    def kept_back(self) -> list[str]:
        """Why no learner sees it, whatever is published of it, one sentence each."""
        reasons = {
            _("The unit is retired: learners see it once it is brought back."): self.retired_at is not None,
            _("The course is not published: learners see it once that is."): not self.lesson.course.is_published,
        }
        return [str(sentence) for sentence, holds in reasons.items() if holds]


class UnitVersionQuerySet(VersionQuerySet):
    def live(self, course):
        """The current versions of a course's units in reading order, without their text: one query for any outline."""
        return (
            self.current()
            .filter(unit__lesson__course=course, unit__retired_at__isnull=True)
            .select_related("unit__lesson")
            .order_by("unit__lesson__number", "unit__position", "unit_id")
            .defer("source", "blocks")
        )


class UnitVersion(Version):
    """One text of a unit, rendered once when it was saved."""

    identity_field = "unit"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="versions", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=160)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=5, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    lede = models.TextField(_("lede"), blank=True)
    outcome = models.TextField(_("outcome"), blank=True)
    required = models.BooleanField(_("required"), default=True)
    competencies = ShapedField(_("competencies"), shape=shapes.KEYS, default=list, blank=True)
    sources = ShapedField(_("sources"), shape=shapes.KEYS, default=list, blank=True)
    terms = ShapedField(_("terms"), shape=shapes.KEYS, default=list, blank=True)
    source = models.TextField(_("Markdown"), blank=True)
    blocks = ShapedField(_("rendered blocks"), shape=shapes.BLOCKS, default=list, blank=True, editable=False)

    objects: ClassVar = UnitVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit version")
        verbose_name_plural = _("unit versions")
        ordering = ["unit", "-number"]
        constraints = version_constraints("unit")

    def __str__(self):
        return f"{self.title} (v{self.number})"

    @property
    def kept_back(self) -> list[str]:
        """Why no learner sees it although it may be current, one sentence each."""
        return self.unit.kept_back


class Competency(models.Model):
    """One of the abilities the course builds, with its five described levels."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="competencies", verbose_name=_("course"))
    key = models.CharField(_("key"), max_length=12)
    title = models.CharField(_("title"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    levels = ShapedField(_("levels"), shape=shapes.LEVELS, default=list)

    class Meta:
        verbose_name = _("competency")
        verbose_name_plural = _("competencies")
        ordering = ["course", "position"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="lessons_competency_key_unique")]

    def __str__(self):
        return f"{self.key} {self.title}"


class Term(models.Model):
    """A word of the trade, defined once."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="terms", verbose_name=_("course"))
    key = models.SlugField(_("key"), max_length=60)
    title = models.CharField(_("term"), max_length=120)
    definition = models.TextField(_("definition"))
    definition_html = models.TextField(_("rendered definition"), blank=True, editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["course", "position"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="lessons_term_key_unique")]

    def __str__(self):
        return self.title


class Source(models.Model):
    """Something that is cited, and what it may be cited for."""

    class Mark(models.TextChoices):
        V1 = "V1", _("Read in the original")
        V2 = "V2", _("Read in a sound report at second hand")
        M = "M", _("From memory: no figure rests on it")

    course = models.ForeignKey(Course, models.PROTECT, related_name="sources", verbose_name=_("course"))
    key = models.CharField(_("key"), max_length=12)
    author = models.CharField(_("author"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=300)
    url = models.URLField(_("address"), max_length=500, blank=True)
    mark = models.CharField(_("how it was read"), max_length=2, choices=Mark)
    supports = models.TextField(
        _("supports"),
        blank=True,
        help_text=_("What it may be cited for, and notes for authors. Learners do not see it."),
    )
    checked = models.DateField(_("checked on"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["course", "position"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="lessons_source_key_unique")]

    def __str__(self):
        return f"[{self.key}] {self.author}: {self.title}"
