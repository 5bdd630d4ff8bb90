"""Questions, quizzes and attempts in the admin. What learners were asked and answered is only looked at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin import LabelledFormSet, ReadOnlyAdmin, ReadOnlyInline
from lessons.admin import KeyedAdmin, VersionAdmin
from lessons.drafts import DraftForm
from quizzes.models import (
    Attempt,
    AttemptItem,
    GradingRun,
    ItemScore,
    PoolMember,
    Question,
    QuestionVersion,
    Quiz,
    QuizVersion,
    Response,
    ResponseLog,
    Slot,
)

# ---- The bank ------------------------------------------------------------------------------------------------------


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


class QuizVersionInline(ReadOnlyInline):
    model = QuizVersion
    fields = ("number", "pass_percent", "keep", "state", "published_at")
    readonly_fields = fields
    ordering = ["-number"]


@admin.register(Quiz)
class QuizAdmin(KeyedAdmin):
    fixed = ["unit"]
    list_display = ["unit", "lesson"]
    list_filter = ["unit__lesson"]
    list_select_related = ["unit__lesson"]
    search_fields = ["unit__key", "unit__lesson__title"]
    autocomplete_fields = ["unit"]
    inlines = [QuizVersionInline]

    @admin.display(description=_("lesson"))
    def lesson(self, quiz):
        return quiz.unit.lesson


class DraftPart:
    """What belongs to a quiz version may be changed as long as that is a draft. `version_of(obj)` finds the version."""

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or self.version_of(obj).is_draft)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or self.version_of(obj).is_draft)


class DraftInline(DraftPart, admin.TabularInline):
    """Parts below the thing they belong to, which Django passes as `obj`."""

    extra = 0
    formset = LabelledFormSet

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and (obj is None or self.version_of(obj).is_draft)


class SlotInline(DraftInline):
    model = Slot
    show_change_link = True

    def version_of(self, parent):
        return parent


class QuizDraftForm(DraftForm):
    class Meta:
        model = QuizVersion
        fields = ["quiz", "pass_percent", "attempts_allowed", "cool_down_minutes", "time_limit_minutes"]
        fields += ["keep", "feedback", "one_page"]


@admin.register(QuizVersion)
class QuizVersionAdmin(VersionAdmin):
    form = QuizDraftForm
    list_display = ["quiz", "number", "state", "pass_percent", "keep", "feedback", "published_at"]
    list_filter = ["state", "quiz__unit__lesson"]
    list_select_related = ["quiz__unit__lesson"]
    search_fields = ["quiz__unit__key", "quiz__unit__lesson__title"]
    autocomplete_fields = ["quiz"]
    inlines = [SlotInline]


class PoolMemberInline(DraftInline):
    model = PoolMember
    autocomplete_fields = ["question"]

    def version_of(self, parent):
        return parent.quiz_version


@admin.register(Slot)
class SlotAdmin(DraftPart, admin.ModelAdmin):
    list_display = ["quiz_version", "position", "pick"]
    list_filter = ["quiz_version__state", "quiz_version__quiz__unit__lesson"]
    list_select_related = ["quiz_version__quiz__unit__lesson"]
    search_fields = ["quiz_version__quiz__unit__key"]
    readonly_fields = ["quiz_version"]
    inlines = [PoolMemberInline]

    def has_add_permission(self, request):
        """Slots are added to their quiz version."""
        return False

    def version_of(self, slot):
        return slot.quiz_version


@admin.register(PoolMember)
class PoolMemberAdmin(DraftPart, admin.ModelAdmin):
    list_display = ["question", "slot", "position"]
    list_filter = ["slot__quiz_version__state", "slot__quiz_version__quiz__unit__lesson"]
    list_select_related = ["question", "slot"]
    search_fields = ["question__key"]
    readonly_fields = ["slot"]
    autocomplete_fields = ["question"]

    def has_add_permission(self, request):
        """Questions are added to their slot."""
        return False

    def version_of(self, member):
        return member.slot.quiz_version


# ---- What learners did ---------------------------------------------------------------------------------------------

PEOPLE = ["enrolment__user__email", "enrolment__user__name"]


class AttemptItemInline(ReadOnlyInline):
    model = AttemptItem
    fields = ("position", "question_version", "points")
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("question_version__question")


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "enrolment", "quiz", "number", "state", "score", "maximum", "passed"]
    list_filter = ["state", "passed", "quiz__unit__lesson", "enrolment__cohort"]
    list_select_related = ["enrolment__user", "enrolment__cohort", "quiz__unit__lesson"]
    search_fields = PEOPLE
    date_hierarchy = "started_at"
    readonly_fields = ["uuid"]
    inlines = [AttemptItemInline]


@admin.register(AttemptItem)
class AttemptItemAdmin(ReadOnlyAdmin):
    list_display = ["attempt", "position", "question_version", "points"]
    list_select_related = ["attempt", "question_version"]
    search_fields = [f"attempt__{name}" for name in PEOPLE] + ["question_version__question__key"]


@admin.register(Response)
class ResponseAdmin(ReadOnlyAdmin):
    list_display = ["item", "revision", "saved_at", "flagged"]
    list_filter = ["flagged"]
    list_select_related = ["item"]
    search_fields = [f"item__attempt__{name}" for name in PEOPLE]
    date_hierarchy = "saved_at"


@admin.register(ResponseLog)
class ResponseLogAdmin(ReadOnlyAdmin):
    list_display = ["response", "revision", "saved_at"]
    list_select_related = ["response"]
    search_fields = [f"response__item__attempt__{name}" for name in PEOPLE]
    date_hierarchy = "saved_at"


@admin.register(GradingRun)
class GradingRunAdmin(ReadOnlyAdmin):
    list_display = ["at", "attempt", "number", "reason", "by"]
    list_filter = ["reason"]
    list_select_related = ["attempt", "by"]
    search_fields = [f"attempt__{name}" for name in PEOPLE]
    date_hierarchy = "at"


@admin.register(ItemScore)
class ItemScoreAdmin(ReadOnlyAdmin):
    list_display = ["run", "item", "fraction", "points", "manual"]
    list_filter = ["manual"]
    list_select_related = ["run", "item"]
    search_fields = [f"item__attempt__{name}" for name in PEOPLE]
