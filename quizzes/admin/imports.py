"""Questions from files of other systems."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from quizzes.models import QuestionImport


@admin.register(QuestionImport)
class QuestionImportAdmin(ReadOnlyAdmin):
    list_display = ["made_at", "filename", "format", "course", "made_by", "saved_at"]
    list_filter = ["format"]
    list_select_related = ["course", "made_by"]
    search_fields = ["filename", "made_by__email"]
    date_hierarchy = "made_at"
