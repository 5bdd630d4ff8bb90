"""The bank of questions in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from database.admin.choosing import usable_keys
from database.admin.records import ReadOnlyInline
from lessons.admin import KeyedAdmin, RetiredFilter, VersionAdmin
from lessons.reader.remembered import remembered
from quizzes.analysis.admin import ItemAnalysis
from quizzes.authoring import effects
from quizzes.authoring.draft_pages import DraftPages, corrections_of
from quizzes.models import Question, QuestionImport, QuestionVersion


class QuestionVersionInline(ReadOnlyInline):
    model = QuestionVersion
    fields = ("number", "type", "state", "published_at")
    readonly_fields = fields
    ordering = ["-number"]


EXAM: Any = gettext_lazy("Exam (no lesson)")


# A list has a hundred of them, and the next one the same.
@remembered(most=1000)
def beginning(text):
    """How a question begins, on one line of a list."""
    return Truncator(text).chars(90)


class PlaceFilter(admin.RelatedFieldListFilter):
    """By lesson; questions of none are those of the exam."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.empty_value_display = EXAM


@admin.register(Question)
class QuestionAdmin(ItemAnalysis, KeyedAdmin):
    """A new question begins with its first draft, so that none is without a wording."""

    # Its wordings name units of its lesson; files alone move a question, with all that belongs to it.
    fixed = ["course", "key", "lesson"]
    list_display = ["key", "wording", "place", "position", "retired_at"]
    list_filter = [("retired_at", RetiredFilter), "course", ("lesson", PlaceFilter)]
    list_select_related = ["lesson"]
    search_fields = ["key", "versions__stem"]
    autocomplete_fields = ["course", "lesson"]
    readonly_fields = ["external_id", "external_source", "retired_at"]
    actions = ["retire", "bring_back", "export"]
    inlines = [QuestionVersionInline]
    change_form_template = "admin/quizzes/question/change_form.html"

    def parts_of(self, question):
        return [question.versions.all()]

    def get_queryset(self, request):
        newest = QuestionVersion.objects.filter(question=OuterRef("pk")).order_by("-number")
        return super().get_queryset(request).annotate(newest_stem=Subquery(newest.values("stem")[:1]))

    @admin.display(description=gettext_lazy("question"))
    def wording(self, question):
        """How its newest version begins, a draft included: a key alone tells nobody what is asked."""
        return beginning(question.newest_stem or "")

    @admin.display(description=gettext_lazy("lesson"), ordering="lesson", empty_value=EXAM)
    def place(self, question):
        return question.lesson

    def get_search_results(self, request, queryset, search_term):
        """Who chooses a question for a slot is offered those that can be drawn."""
        questions, several = super().get_search_results(request, queryset, search_term)
        if request.GET.get("model_name") == "poolmember":
            questions = questions.filter(retired_at=None)
        return questions, several

    def option(self, question):
        """How it is offered where a question is chosen."""
        return f"{question.key} · {self.wording(question)}"

    def add_view(self, request, form_url="", extra_context=None):
        return self.admin_site.get_model_admin(QuestionVersion).add_view(request, form_url, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        question = self.get_object(request, object_id)
        if question is None:
            return super().change_view(request, object_id, form_url, extra_context)
        extra = {
            "draft": question.versions.drafts().only("pk").first(),
            "may_draft": request.user.has_perm("quizzes.add_questionversion"),
            "may_retire": self.has_change_permission(request, question),
            "effect_of_retiring": [] if question.retired_at else effects.effect_of_retiring(question),
            "effect_of_bringing_back": effects.effect_of_bringing_back(question) if question.retired_at else "",
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})


class ImportFilter(admin.SimpleListFilter):
    """The questions of one import, on the list to which that import leads (`quizzes.exchange.admin.drafts_of`)."""

    title = gettext_lazy("import")
    parameter_name = "question__last_import"

    def lookups(self, request, model_admin):
        found = self._chosen(self.used_parameters.get(self.parameter_name))
        return [(str(each.pk), each.origin) for each in found]

    def queryset(self, request, queryset):
        return (
            queryset if self.value() is None else queryset.filter(question__last_import__in=self._chosen(self.value()))
        )

    def _chosen(self, key):
        return QuestionImport.objects.filter(pk__in=usable_keys(QuestionImport._meta.pk, [key])).defer("text")


def called(version):
    """A version in the words of the person who wrote it."""
    if version is None:
        return ""
    return _("%(key)s, version %(number)s") % {"key": version.question, "number": version.number}


@admin.register(QuestionVersion)
class QuestionVersionAdmin(DraftPages, VersionAdmin):
    """Drafts are written in the form of their type; `quizzes.authoring.draft_pages` has the pages."""

    list_display = ["question", "wording", "number", "state", "type", "competency", "bloom", "published_at"]
    list_filter = [ImportFilter, "state", "type", "bloom", "competency"]
    list_select_related = ["question", "competency"]
    search_fields = ["question__key", "stem"]
    fields = ["question", "type", "competency", "bloom", "cited", "unit", "stem"]
    change_form_template = "admin/quizzes/questionversion/change_form.html"

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "cited"]

    @admin.display(description=gettext_lazy("how it begins"), ordering="stem")
    def wording(self, version):
        return beginning(version.stem)

    @admin.display(description=gettext_lazy("sources"), empty_value="–")
    def cited(self, version):
        return ", ".join(version.sources)

    def get_queryset(self, request):
        related = ("question__course", "question__lesson", "competency", "unit__lesson")
        return super().get_queryset(request).select_related(*related)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        version = self.get_object(request, object_id)
        can = {
            "title": called(version),
            "subtitle": None,
            "may_draft": self.has_add_permission(request),
            "may_regrade": request.user.has_perm("quizzes.add_regrade"),
            "corrections": corrections_of(version) if version else [],
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **can})
