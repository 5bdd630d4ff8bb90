"""The bank of questions in the admin."""

from django.contrib import admin

from accounts.admin import ReadOnlyInline
from lessons.admin import KeyedAdmin, VersionAdmin
from quizzes.models import Question, QuestionVersion


class QuestionVersionInline(ReadOnlyInline):
    model = QuestionVersion
    fields = ("number", "type", "state", "published_at")
    readonly_fields = fields
    ordering = ["-number"]


@admin.register(Question)
class QuestionAdmin(KeyedAdmin):
    list_display = ["key", "lesson", "course", "position", "retired_at"]
    list_filter = [("retired_at", admin.EmptyFieldListFilter), "lesson"]
    list_select_related = ["lesson", "course"]
    search_fields = ["key", "versions__stem"]
    autocomplete_fields = ["course", "lesson"]
    readonly_fields = ["retired_at"]
    inlines = [QuestionVersionInline]


@admin.register(QuestionVersion)
class QuestionVersionAdmin(VersionAdmin):
    """Read only for now: questions are written in the course's files, where every choice is checked and rendered."""

    list_display = ["question", "number", "state", "type", "competency", "bloom", "published_at"]
    list_filter = ["state", "type", "bloom", "competency"]
    list_select_related = ["question", "competency"]
    search_fields = ["question__key", "stem"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
