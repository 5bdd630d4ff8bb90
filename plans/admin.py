"""That notes exist, in the admin; what they say is private."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from plans.models import Note


@admin.register(Note)
class NoteAdmin(ReadOnlyAdmin):
    list_display = ["enrolment", "unit", "revision", "saved_at"]
    list_filter = ["enrolment__cohort"]
    list_select_related = ["enrolment__user", "enrolment__cohort", "unit__lesson"]
    search_fields = ["enrolment__user__email", "enrolment__user__name"]
    exclude = ["text"]
