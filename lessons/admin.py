"""The course in the admin. Drafts are written, published versions looked at, things in use retired, not deleted."""

import re

from django.contrib import admin, messages
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from database.admin.choosing import usable_keys
from database.admin.editing import SeenAdmin
from database.admin.records import KeptAdmin, ReadOnlyInline, SaidFilter
from lessons.draft_forms import LessonForm, SourceForm, TermForm, UnitDraftForm
from lessons.models import Competency, Course, Lesson, Source, Term, Unit, UnitVersion


class KeyedAdmin(KeptAdmin):
    """Things whose key stands in addresses and files: the key is given once, and so is what they belong to."""

    fixed = ["course", "key"]
    #: The fields of the numbers that begin its name: "3.11 check" is found by "3.11".
    numbers: tuple[str, ...] = ()

    def get_search_results(self, request, queryset, search_term):
        typed = re.fullmatch(r"\s*(\d{1,4})\.(\d{0,4})\s*(.*)", search_term) if self.numbers else None
        if typed is None:
            return super().get_search_results(request, queryset, search_term)
        rows, several = super().get_search_results(request, queryset, typed[3])
        first, *second = self.numbers
        # The number that is still being typed may have another digit.
        rest = {f"{name}__startswith": typed[2] for name in second}
        return rows.filter(**{first: typed[1]}, **rest), several

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, *(self.fixed if obj else [])]


def way_to_next(thing, remark=""):
    """A link to the draft of the next version, or to a new one; a remark behind it."""
    versions = thing.versions.model
    draft = thing.versions.drafts().only("pk").first()
    name = f"admin:{versions._meta.app_label}_{versions._meta.model_name}"
    address, words = reverse(f"{name}_add", query={versions.identity_field: thing.pk}), _("Write a draft")
    if draft:
        address, words = reverse(f"{name}_change", args=[draft.pk]), _("Open the draft")
    return format_html('<a href="{}">{}</a> {}', address, words, remark)


class RetiredFilter(SaidFilter):
    words = (_("In the course"), _("Retired"))


class VersionAdmin(SeenAdmin):
    """Versions: a draft may be written and thrown away, what was published is only looked at.

    The action that publishes is one of the hall (`cto_course.admin`): it also brings the learners' progress up to date.
    """

    actions = ["publish"]
    readonly_fields = ["number", "state", "started", "published_at"]
    list_filter = ["state"]

    @admin.display(description=_("started"), ordering="created_at")
    def started(self, version):
        """A draft is written for as long as it is one."""
        return date_format(timezone.localtime(version.created_at), "j F Y, H:i")

    def get_changeform_initial_data(self, request):
        """A draft begins with what is in use now."""
        initial, identity = super().get_changeform_initial_data(request), self.model.identity_field
        if not usable_keys(self.model._meta.pk, [initial.get(identity)]):
            return {}
        current = self.model.objects.current().filter(**{identity: initial[identity]}).first()
        if current is None:
            return initial
        return initial | {name: getattr(current, name) for name in self.form._meta.fields if name != identity}

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, *([self.model.identity_field] if obj else [])]

    def get_fieldsets(self, request, obj=None):
        identity = self.model.identity_field
        names = [name for name in self.get_fields(request, obj) if name not in (identity, *self.readonly_fields)]
        fieldsets = [(None, {"fields": [identity, *names]})]
        return [*fieldsets, (_("Version"), {"fields": self.readonly_fields})] if obj else fieldsets

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_draft)


@admin.register(Course)
class CourseAdmin(KeyedAdmin):
    def view_on_site(self, course):
        return course.get_absolute_url() if course.is_published else None

    fixed = ["key"]
    list_display = ["title", "key", "language", "state"]
    list_filter = ["state"]
    search_fields = ["title", "key"]


@admin.register(Lesson)
class LessonAdmin(KeyedAdmin):
    def view_on_site(self, lesson):
        return lesson.get_absolute_url() if lesson.course.is_published else None

    form = LessonForm
    fixed = ["course", "key", "number"]
    numbers = ("number",)
    list_display = ["number", "title", "short_title", "course"]
    list_display_links = ["number", "title"]
    list_filter = ["course"]
    list_select_related = ["course"]
    search_fields = ["title", "key"]
    autocomplete_fields = ["course"]


class UnitVersionInline(ReadOnlyInline):
    model = UnitVersion
    fields = ("number", "title", "state", "published_at")
    readonly_fields = fields
    ordering = ["-number"]


@admin.register(Unit)
class UnitAdmin(KeyedAdmin):
    fixed = ["lesson", "key", "kind"]
    numbers = ("lesson__number", "position")
    list_display = ["__str__", "kind", "lesson", "position", "retired_at"]
    list_filter = ["kind", ("retired_at", RetiredFilter), "lesson"]
    list_select_related = ["lesson__course"]
    search_fields = ["key", "versions__title"]
    autocomplete_fields = ["lesson"]
    readonly_fields = ["retired_at", "next_version"]

    def view_on_site(self, unit):
        """The page of it, as long as the course has one of it."""
        there = unit.retired_at is None and unit.lesson.course.is_published and unit.versions.current().exists()
        return unit.get_absolute_url() if there else None

    actions = ["retire", "bring_back"]
    inlines = [UnitVersionInline]

    def save_model(self, request, obj, form, change):
        """Two units may share a place, for a moment or by mistake: that is told beside "Saved"."""
        super().save_model(request, obj, form, change)
        others = Unit.objects.filter(lesson=obj.lesson, position=obj.position, retired_at=None).exclude(pk=obj.pk)
        if not obj.retired_at and (names := ", ".join(map(str, others.select_related("lesson")))):
            sentence = _("At the same place: %(units)s. Of these, the one that was made first is read first.")
            self.message_user(request, sentence % {"units": names}, messages.WARNING)

    def parts_of(self, unit):
        return [unit.versions.all()]

    @admin.display(description=_("next version"))
    def next_version(self, unit):
        """The draft, or the way to begin one."""
        if not unit.pk:
            return _("After saving.")
        return way_to_next(unit, " ".join(unit.kept_back))


def keys_in_words(name):
    """A list of keys for pages on which it is only read: "STR, FIN"."""

    @admin.display(description=UnitVersion._meta.get_field(name).verbose_name, ordering=name)
    def column(version):
        return ", ".join(getattr(version, name)) or "–"

    column.__name__ = f"{name}_in_words"
    return column


IN_WORDS = {name: keys_in_words(name) for name in ("competencies", "sources", "terms")}


@admin.register(UnitVersion)
class UnitVersionAdmin(VersionAdmin):
    form = UnitDraftForm
    list_display = ["title", "number", "state", "unit", "required", "minutes", "published_at"]
    list_filter = ["state", "unit__lesson", "required"]
    list_select_related = ["unit__lesson"]
    search_fields = ["title", "unit__key"]
    autocomplete_fields = ["unit"]

    def get_fields(self, request, obj=None):
        """Where they are only read, lists of keys are written as one types them."""
        only_read = obj is not None and not self.has_change_permission(request, obj)
        return [IN_WORDS.get(name, name) if only_read else name for name in super().get_fields(request, obj)]

    def get_queryset(self, request):
        """Lists do without the texts, which are most of the table."""
        return super().get_queryset(request).defer("source", "blocks")


@admin.register(Competency)
class CompetencyAdmin(KeyedAdmin):
    list_display = ["key", "title", "course", "position"]
    list_filter = ["course"]
    list_select_related = ["course"]
    search_fields = ["key", "title"]
    autocomplete_fields = ["course"]


@admin.register(Term)
class TermAdmin(KeyedAdmin):
    form = TermForm
    list_display = ["title", "key", "course"]
    list_filter = ["course"]
    list_select_related = ["course"]
    search_fields = ["title", "key"]
    autocomplete_fields = ["course"]


@admin.register(Source)
class SourceAdmin(KeyedAdmin):
    form = SourceForm
    list_display = ["key", "author", "year", "title", "mark", "checked"]
    list_filter = ["mark", "course"]
    search_fields = ["key", "author", "title"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    autocomplete_fields = ["course"]
