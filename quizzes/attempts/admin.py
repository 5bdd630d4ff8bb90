"""What learners were asked, what they answered and how it was scored: looked at, not changed."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from database.admin.records import ReadOnlyAdmin, ReadOnlyInline
from quizzes.attempts.admin_pages import Granting
from quizzes.models import AttemptItem, GradingRun, ItemScore, Response, ResponseLog

PEOPLE = ["enrolment__user__email", "enrolment__user__name"]


class AttemptItemInline(ReadOnlyInline):
    model = AttemptItem
    fields = ("position", "question_version", "points")
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("question_version__question")


class AttemptRecords(Granting, ReadOnlyAdmin):
    list_display = ["started_at", "enrolment", "quiz", "number", "state", "score", "maximum", "passed"]
    list_filter = ["state", "passed", "quiz__unit__lesson", "enrolment__cohort", "started_at"]
    list_select_related = ["enrolment__user", "enrolment__cohort", "quiz__unit__lesson"]
    search_fields = PEOPLE
    readonly_fields = ["uuid"]
    inlines = [AttemptItemInline]
    # Its pages are its learner's; whoever else is here would be led to the front of the course.
    view_on_site = False

    def get_fields(self, request, obj=None):
        return ["closed" if name == "closed_by" else name for name in super().get_fields(request, obj)]

    @admin.display(description=_("closed by"))
    def closed(self, attempt):
        return _("the closing of the check") if attempt.closed_with_check else attempt.get_closed_by_display()


@admin.register(AttemptItem)
class AttemptItemAdmin(ReadOnlyAdmin):
    list_display = ["attempt", "position", "question_version", "points"]
    list_select_related = ["attempt", "question_version__question"]
    search_fields = [f"attempt__{name}" for name in PEOPLE] + ["question_version__question__key"]


@admin.register(Response)
class ResponseAdmin(ReadOnlyAdmin):
    list_display = ["item", "revision", "saved_at", "flagged"]
    list_filter = ["flagged", "saved_at"]
    list_select_related = ["item"]
    search_fields = [f"item__attempt__{name}" for name in PEOPLE]


@admin.register(ResponseLog)
class ResponseLogAdmin(ReadOnlyAdmin):
    list_display = ["response", "revision", "saved_at"]
    list_select_related = ["response"]
    search_fields = [f"response__item__attempt__{name}" for name in PEOPLE]
    list_filter = ["saved_at"]


@admin.register(GradingRun)
class GradingRunAdmin(ReadOnlyAdmin):
    list_display = ["at", "attempt", "number", "reason", "by"]
    list_filter = ["reason", "at"]
    list_select_related = ["attempt", "by"]
    search_fields = [f"attempt__{name}" for name in PEOPLE]


@admin.register(ItemScore)
class ItemScoreAdmin(ReadOnlyAdmin):
    list_display = ["run", "item", "fraction", "points", "manual"]
    list_filter = ["manual"]
    list_select_related = ["run", "item"]
    search_fields = [f"item__attempt__{name}" for name in PEOPLE]
