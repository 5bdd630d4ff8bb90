"""Quizzes, their rules and their draw in the admin."""

from django.contrib import admin, messages
from django.contrib.admin.utils import display_for_value
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from database.admin.choosing import Choosing
from database.admin.editing import SeenAdmin
from database.admin.records import LabelledFormSet, ReadOnlyInline
from lessons.admin import KeyedAdmin, VersionAdmin, way_to_next
from lessons.content import judging
from lessons.content.values import Number
from lessons.draft_forms import DraftForm
from quizzes.asking import supply
from quizzes.authoring import rules_in_words
from quizzes.content import rules
from quizzes.content.formats import RULES
from quizzes.models import PoolMember, Question, QuestionVersion, Quiz, QuizVersion, Slot


class QuizVersionInline(ReadOnlyInline):
    model = QuizVersion
    fields = ("number", "pass_percent", "keep", "state", "published_at")
    readonly_fields = fields
    ordering = ["-number"]


@admin.register(Quiz)
class QuizAdmin(KeyedAdmin):
    fixed = ["unit", "purpose"]
    numbers = ("unit__lesson__number", "unit__position")
    list_display = ["unit", "purpose", "lesson"]
    list_filter = ["purpose", "unit__lesson"]
    list_select_related = ["unit__lesson"]
    search_fields = ["unit__key", "unit__lesson__title"]
    autocomplete_fields = ["unit"]
    readonly_fields = ["next_version"]
    inlines = [QuizVersionInline]

    @admin.display(description=_("next version"))
    def next_version(self, quiz):
        """The draft, or the way to begin one with the rules and the slots that are in force."""
        return way_to_next(quiz, " ".join(quiz.unit.kept_back)) if quiz.pk else _("After saving.")

    def view_on_site(self, quiz):
        """The page of the quiz, as long as learners are offered it."""
        return quiz.get_absolute_url() if quiz.is_offered and quiz.versions.current().exists() else None

    def parts_of(self, quiz):
        return [quiz.versions.all(), Slot.objects.filter(quiz_version__quiz=quiz)]

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


def or_words(model, name, words):
    """A field for pages on which it is only read: what it is, or what its emptiness means."""

    @admin.display(description=model._meta.get_field(name).verbose_name, ordering=name)
    def column(row):
        return display_for_value(getattr(row, name), words)

    column.__name__ = f"{name}_said"
    return column


def read_only(names, words_of):
    """The names of fields, with those that say what their emptiness means in their places."""
    return [words_of.get(name, name) for name in names]


DRAWN = or_words(Slot, "pick", _("all"))


class SlotInline(DraftInline):
    model = Slot
    show_change_link = True
    # A cell of a blueprint, as the files of the course have it; slots made here name their questions one by one.
    readonly_fields = ["chosen_by"]

    def version_of(self, parent):
        return parent

    def get_readonly_fields(self, request, obj=None):
        may_change = self.has_change_permission(request, obj)
        return self.readonly_fields if may_change else [*self.readonly_fields, DRAWN]

    def get_fields(self, request, obj=None):
        may_change = self.has_change_permission(request, obj)
        return ["position", "pick" if may_change else DRAWN, *self.readonly_fields]

    @admin.display(description=_("chosen by"))
    def chosen_by(self, slot):
        return blueprint_words(slot)


def rule_in_words(name):
    """A rule for pages on which it is only read: no help for filling it in, which would read as if it were so."""

    @admin.display(description=rules_in_words.label(name), ordering=name)
    def column(version):
        return rules_in_words.value_of(version, name)

    column.__name__ = f"{name}_said"
    return column


IN_WORDS = {name: rule_in_words(name) for _label, names in rules_in_words.GROUPS for name in names}


CONTRADICTIONS = {
    "closes_at": _("Choose a time later than the one it opens at."),
    "learner_sets_time": _("Enter a time limit first: without one there is nothing to choose."),
    "window": _("Enter when it closes; then this setting has a meaning."),
}


class QuizDraftForm(DraftForm):
    class Meta:
        model = QuizVersion
        fields = ["quiz", *(name for _label, names in rules_in_words.GROUPS for name in names)]

    def clean(self):
        """Rules about time that contradict each other are refused; that closing stops starting only needs no end."""
        data = super().clean()
        judging.add_to(self, {name: shape for name, shape in RULES.items() if isinstance(shape, Number)})
        closes_all = data.get("window") == QuizVersion.Window.EVERYTHING
        for name in rules.contradictions({**data, "window": closes_all}):
            self.add_error(name, CONTRADICTIONS[name])
        return data


@admin.register(QuizVersion)
class QuizVersionAdmin(VersionAdmin):
    form = QuizDraftForm
    list_display = ["quiz", "number", "state", "pass_mark", "keep", "feedback", "published_at"]
    list_filter = ["state", "quiz__unit__lesson"]
    list_select_related = ["quiz__unit__lesson"]
    search_fields = ["quiz__unit__key", "quiz__unit__lesson__title"]
    autocomplete_fields = ["quiz"]
    inlines = [SlotInline]

    def parts_of(self, version):
        return [version.slots.all()]

    @admin.display(description=_("pass mark, percent"), ordering="pass_percent")
    def pass_mark(self, version):
        """As learners read it: without the places that say nothing."""
        return f"{version.pass_percent.normalize():f}"

    def get_fieldsets(self, request, obj=None):
        (_whole, *version) = super().get_fieldsets(request, obj)
        words = {} if self.has_change_permission(request, obj) else IN_WORDS
        groups = [(label, {"fields": read_only(names, words)}) for label, names in rules_in_words.GROUPS]
        return [(None, {"fields": [self.model.identity_field]}), *groups, *version]

    def save_related(self, request, form, formsets, change):
        """Slots without members are filled next; of the others it is said what they lack."""
        super().save_related(request, form, formsets, change)
        copied = 0 if change or form.instance.slots.exists() else copy_slots(form.instance)
        if copied:
            sentence = ngettext(
                "It begins with the slot of the version in force, and with its questions.",
                "It begins with the %(count)d slots of the version in force, and with their questions.",
                copied,
            )
            self.message_user(request, sentence % {"count": copied})
        say_what_is_short(self, request, form.instance.slots.filter(members__isnull=False).distinct())


def copy_slots(draft: QuizVersion) -> int:
    """Give a draft without slots those of the version in force, with their members; how many there are."""
    current = draft.quiz.versions.current().prefetch_related("slots__members").first()
    slots = list(current.slots.all()) if current else []
    for slot in slots:
        copy = draft.slots.create(position=slot.position, pick=slot.pick, criteria=slot.criteria)
        PoolMember.objects.bulk_create(
            PoolMember(slot=copy, question_id=member.question_id, position=member.position)
            for member in slot.members.all()
        )
    return len(slots)


def say_what_is_short(model_admin, request, slots):
    """Tell beside "Saved" which of these slots cannot draw what they should."""
    for sentence in supply.in_words(supply.shortages(slots)):
        model_admin.message_user(request, sentence, messages.WARNING)


class PoolMemberInline(DraftInline):
    model = PoolMember
    autocomplete_fields = ["question"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("question")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """What was chosen is said as it was offered."""
        if db_field.name != "question":
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        bank = self.admin_site.get_model_admin(Question)
        field = super().formfield_for_foreignkey(db_field, request, queryset=bank.get_queryset(request), **kwargs)
        field.label_from_instance = bank.option
        return field

    def version_of(self, parent):
        return parent.quiz_version


@admin.register(Slot)
class SlotAdmin(DraftPart, SeenAdmin):
    list_display = ["quiz_version", "position", DRAWN]
    list_filter = ["quiz_version__state", "quiz_version__quiz__unit__lesson"]
    list_select_related = ["quiz_version__quiz__unit__lesson"]
    search_fields = ["quiz_version__quiz__unit__key"]
    readonly_fields = ["quiz_version", "chosen_by"]
    inlines = [PoolMemberInline]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        say_what_is_short(self, request, Slot.objects.filter(pk=form.instance.pk))

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
