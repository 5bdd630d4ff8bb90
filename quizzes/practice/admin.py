"""Practice in the admin: looked at, not changed."""

from django.contrib import admin

from database.admin.records import ReadOnlyAdmin
from quizzes.models import PracticeCard, PracticeReview


@admin.register(PracticeCard)
class PracticeCardAdmin(ReadOnlyAdmin):
    list_display = ["enrolment", "question", "due_at", "sorted_out_at"]
    list_select_related = ["enrolment__user", "enrolment__cohort", "question"]
    search_fields = ["enrolment__user__email", "enrolment__user__name", "question__key"]


@admin.register(PracticeReview)
class PracticeReviewAdmin(ReadOnlyAdmin):
    list_display = ["at", "card", "number", "rating"]
    list_filter = ["rating", "at"]
    list_select_related = ["card"]
    search_fields = ["card__enrolment__user__email", "card__enrolment__user__name", "card__question__key"]
