"""Questions as they were written."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from database.fields import ShapedField
from lessons.models import Competency, Course, Lesson, Unit
from lessons.shapes import KEYS
from lessons.versions import Version, VersionQuerySet, version_constraints
from quizzes.questions import shapes
from quizzes.questions.types import TYPES, QuestionType


class Question(models.Model):
    """A question of the bank; its text lives in its versions."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="questions", verbose_name=_("course"))
    lesson = models.ForeignKey(
        Lesson, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("lesson")
    )
    key = models.CharField(_("key"), max_length=20)
    # What the question is called where it was imported from, and where that is: a name identifies a question within one
    # source only. Importing it again finds it by both.
    external_id = models.CharField(_("external id"), max_length=200, blank=True, default="")
    external_source = models.CharField(_("imported from"), max_length=200, blank=True, default="")
    # The import that wrote its last imported draft.
    last_import = models.ForeignKey(
        "quizzes.QuestionImport",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="questions",
        verbose_name=_("last import"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["course", "lesson", "position"]
        constraints = [
            models.UniqueConstraint(fields=["course", "key"], name="quizzes_question_key_unique"),
            models.UniqueConstraint(
                fields=["course", "external_source", "external_id"],
                condition=~models.Q(external_id=""),
                name="quizzes_question_name_unique_in_its_source",
            ),
        ]

    def __str__(self):
        return self.key


class QuestionVersionQuerySet(VersionQuerySet):
    def to_ask(self):
        """The wordings that may be asked from now on: current, of questions that are not retired, and not dropped for
        a mistake. What was dropped comes back with a new wording only."""
        return self.current().filter(question__retired_at__isnull=True).exclude(regrades__policy="drop")


class QuestionVersion(Version):
    """One wording of a question, with its key and feedback. Nothing of `body` reaches a learner unfiltered."""

    #: As many as there are in `quizzes.questions.types`.
    Type = models.TextChoices(  # type: ignore[call-overload]  # — the stubs do not know it
        "Type", [(key.upper(), (key, kind.label)) for key, kind in TYPES.items()]
    )

    class Bloom(models.TextChoices):
        REMEMBER = "remember", _("remember")
        UNDERSTAND = "understand", _("understand")
        APPLY = "apply", _("apply")
        ANALYSE = "analyse", _("analyse")
        EVALUATE = "evaluate", _("evaluate")
        CREATE = "create", _("create")

    identity_field = "question"

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions", verbose_name=_("question"))
    type = models.CharField(_("type"), max_length=12, choices=Type)
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="+", verbose_name=_("competency"))
    bloom = models.CharField(_("Bloom level"), max_length=12, choices=Bloom)
    sources = ShapedField(_("sources"), shape=KEYS, default=list, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit to reread")
    )
    stem = models.TextField(_("question"), help_text=_("Markdown."))
    # The fields of the type as in docs/authoring.md; choices, pairs and items also carry a "key" that never changes.
    body = ShapedField(_("choices and key"), shape=shapes.BODY, default=dict)
    # What the learner sees, rendered once: {"stem": html, "choices": {key: html}, …}; feedback apart from it.
    rendered = ShapedField(_("rendered"), shape=shapes.RENDERED, default=dict, editable=False)

    objects: ClassVar = QuestionVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question version")
        verbose_name_plural = _("question versions")
        ordering = ["question", "-number"]
        constraints = version_constraints("question")

    def __str__(self):
        return f"{self.question} v{self.number}"

    @property
    def kind(self) -> QuestionType:
        """What there is to know of questions of its type."""
        return TYPES[self.type]

    @property
    def points(self) -> Decimal:
        """What an item of this question is worth: scenarios, which know an acceptable answer, weigh twice; a long text
        says it itself."""
        return self.kind.points(self.body)
