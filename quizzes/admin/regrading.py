"""Corrections of keys in the admin."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from quizzes.models import Regrade


@admin.register(Regrade)
class RegradeAdmin(ReadOnlyAdmin):
    list_display = ["decided_at", "question_version", "policy", "decided_by", "applied_at"]
    list_filter = ["policy", ("applied_at", admin.EmptyFieldListFilter)]
    list_select_related = ["question_version__question", "decided_by"]
    search_fields = ["question_version__question__key", "reason"]
    date_hierarchy = "decided_at"
