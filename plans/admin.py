"""Assignments and notes in the admin. That notes exist is to be seen; what they say is private."""

from django.contrib import admin

from database.admin.records import ReadOnlyAdmin, ReadOnlyInline
from lessons.admin import KeyedAdmin, VersionAdmin
from plans.models import Assignment, AssignmentVersion, Note


class AssignmentVersionInline(ReadOnlyInline):
    model = AssignmentVersion
    fields = ("number", "state", "published_at")
    readonly_fields = fields
    ordering = ["-number"]


@admin.register(Assignment)
class AssignmentAdmin(KeyedAdmin):
    """Made by the course's files alone, as what it says is: one that is added here could never say anything."""

    fixed = ["unit"]
    list_display = ["unit", "lesson"]
    list_filter = ["unit__lesson"]
    list_select_related = ["unit__lesson"]
    search_fields = ["unit__key", "unit__lesson__title"]
    autocomplete_fields = ["unit"]
    inlines = [AssignmentVersionInline]

    def has_add_permission(self, request):
        return False


@admin.register(AssignmentVersion)
class AssignmentVersionAdmin(VersionAdmin):
    """Read only: assignments are written in the course's files, where every section is checked and rendered."""

    actions = []
    list_display = ["assignment", "number", "state", "published_at"]
    list_filter = ["state", "assignment__unit__lesson"]
    list_select_related = ["assignment__unit__lesson"]
    search_fields = ["assignment__unit__lesson__title", "task"]

    def get_queryset(self, request):
        """Lists do without the rendered texts, which are most of the table."""
        return super().get_queryset(request).defer("task_blocks", "model_answer_blocks", "weak_answer_blocks")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Note)
class NoteAdmin(ReadOnlyAdmin):
    list_display = ["enrolment", "unit", "revision", "saved_at"]
    list_filter = ["enrolment__cohort"]
    list_select_related = ["enrolment__user", "enrolment__cohort", "unit__lesson"]
    search_fields = ["enrolment__user__email", "enrolment__user__name"]
    exclude = ["text"]
