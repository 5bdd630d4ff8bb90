"""Learners' facts and states in the admin: to be looked at."""

from django.contrib import admin

from database.admin.records import ReadOnlyAdmin
from progress.models import EnrolmentSummary, LearningEvent, LessonState, UnitState

PEOPLE = ["enrolment__user__email", "enrolment__user__name"]


@admin.register(LearningEvent)
class LearningEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "enrolment", "kind", "unit"]
    list_filter = ["kind", "enrolment__cohort", "at"]
    list_select_related = ["enrolment__user", "enrolment__cohort", "unit__lesson"]
    search_fields = [*PEOPLE, "unit__key"]


@admin.register(UnitState)
class UnitStateAdmin(ReadOnlyAdmin):
    list_display = ["enrolment", "unit", "state", "percent", "done_at"]
    list_filter = ["state", "unit__lesson", "enrolment__cohort"]
    list_select_related = ["enrolment__user", "enrolment__cohort", "unit__lesson"]
    search_fields = [*PEOPLE, "unit__key"]


@admin.register(LessonState)
class LessonStateAdmin(ReadOnlyAdmin):
    list_display = ["enrolment", "lesson", "units_done", "units_required", "percent", "done_at"]
    list_filter = ["lesson", "enrolment__cohort"]
    list_select_related = ["enrolment__user", "enrolment__cohort", "lesson"]
    search_fields = PEOPLE


@admin.register(EnrolmentSummary)
class EnrolmentSummaryAdmin(ReadOnlyAdmin):
    list_display = ["enrolment", "percent", "lessons_done", "units_done", "last_visit_at", "completed_at"]
    list_filter = ["enrolment__cohort", "last_visit_at"]
    list_select_related = ["enrolment__user", "enrolment__cohort"]
    search_fields = PEOPLE
