"""Quizzes, their rules and their draw in the admin."""

from django.contrib import admin
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin import LabelledFormSet, ReadOnlyInline
from accounts.choosing import Choosing
from accounts.editing import SeenAdmin
from lessons.admin import KeyedAdmin, VersionAdmin
from lessons.drafts import DraftForm
from quizzes.models import PoolMember, QuestionVersion, Quiz, QuizVersion, Slot


class QuizVersionInline(ReadOnlyInline):
    model = QuizVersion
    fields = ("number", "pass_percent", "keep", "state", "published_at")
    readonly_fields = fields
    ordering = ["-number"]


@admin.register(Quiz)
class QuizAdmin(KeyedAdmin):
    fixed = ["unit", "purpose"]
    list_display = ["unit", "purpose", "lesson"]
    list_filter = ["purpose", "unit__lesson"]
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


class DraftInline(DraftPart, Choosing, admin.TabularInline):
    """Parts below the thing they belong to, which Django passes as `obj`."""

    extra = 0
    formset = LabelledFormSet

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and (obj is None or self.version_of(obj).is_draft)


def blueprint_words(slot):
    """What the members of a slot were chosen by, in words: "STR · remember, understand · no scenarios"."""
    if not slot.criteria:
        return gettext("named one by one")
    levels = ", ".join(str(QuestionVersion.Bloom(level).label) for level in slot.criteria["bloom"])
    kind = gettext("scenarios") if slot.criteria["scenario"] else gettext("no scenarios")
    return f"{slot.criteria['competency']} · {levels} · {kind}"


class SlotInline(DraftInline):
    model = Slot
    show_change_link = True
    # A cell of a blueprint, as the files of the course have it; slots made here name their questions one by one.
    readonly_fields = ["chosen_by"]

    def version_of(self, parent):
        return parent

    @admin.display(description=_("chosen by"))
    def chosen_by(self, slot):
        return blueprint_words(slot)


#: The rules in the order in which an author thinks of them.
GROUPS = [
    (_("Passing"), ["pass_percent", "floor_percent", "keep"]),
    (_("Attempts"), ["attempts_allowed", "cool_down_minutes", "requires_checks"]),
    (_("Time of an attempt"), ["time_limit_minutes", "learner_sets_time", "grace_seconds"]),
    (_("When it is open"), ["opens_at", "closes_at", "window"]),
    (_("What learners see"), ["feedback", "one_page"]),
]


class QuizDraftForm(DraftForm):
    class Meta:
        model = QuizVersion
        fields = ["quiz", *(name for _label, names in GROUPS for name in names)]

    def clean(self):
        """What must hold between the rules about time; files are held to the same (`quizzes.content.reading`)."""
        given = super().clean()
        opens, closes = given.get("opens_at"), given.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("Choose a time later than the one it opens at."))
        if given.get("learner_sets_time") and not given.get("time_limit_minutes"):
            self.add_error("learner_sets_time", _("Enter a time limit first: without one there is nothing to choose."))
        if given.get("window") == QuizVersion.Window.EVERYTHING and not closes:
            self.add_error("window", _("Enter when it closes; then this setting has a meaning."))
        return given


@admin.register(QuizVersion)
class QuizVersionAdmin(VersionAdmin):
    form = QuizDraftForm
    list_display = ["quiz", "number", "state", "pass_percent", "keep", "feedback", "published_at"]
    list_filter = ["state", "quiz__unit__lesson"]
    list_select_related = ["quiz__unit__lesson"]
    search_fields = ["quiz__unit__key", "quiz__unit__lesson__title"]
    autocomplete_fields = ["quiz"]
    inlines = [SlotInline]

    def get_fieldsets(self, request, obj=None):
        (_whole, *version) = super().get_fieldsets(request, obj)
        groups = [(label, {"fields": names}) for label, names in GROUPS]
        return [(None, {"fields": [self.model.identity_field]}), *groups, *version]


class PoolMemberInline(DraftInline):
    model = PoolMember
    autocomplete_fields = ["question"]

    def version_of(self, parent):
        return parent.quiz_version


@admin.register(Slot)
class SlotAdmin(DraftPart, SeenAdmin):
    list_display = ["quiz_version", "position", "pick"]
    list_filter = ["quiz_version__state", "quiz_version__quiz__unit__lesson"]
    list_select_related = ["quiz_version__quiz__unit__lesson"]
    search_fields = ["quiz_version__quiz__unit__key"]
    readonly_fields = ["quiz_version", "chosen_by"]
    inlines = [PoolMemberInline]

    def has_add_permission(self, request):
        """Slots are added to their quiz version."""
        return False

    def version_of(self, slot):
        return slot.quiz_version

    @admin.display(description=_("chosen by"))
    def chosen_by(self, slot):
        return blueprint_words(slot)


@admin.register(PoolMember)
class PoolMemberAdmin(DraftPart, SeenAdmin):
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
