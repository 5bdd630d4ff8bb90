"""Cohorts, places and roles in the admin."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cohorts import access, enrolling
from cohorts.models import Cohort, Enrolment, Extension, Role
from database.admin.choosing import Choosing
from database.admin.editing import SeenAdmin
from database.admin.records import KeptAdmin, LabelledFormSet, ReadOnlyAdmin


class RoleInline(Choosing, admin.TabularInline):
    model = Role
    formset = LabelledFormSet
    extra = 0
    autocomplete_fields = ["user"]


class CohortForm(forms.ModelForm):
    def clean_capacity(self):
        """Nobody loses a seat that they have."""
        capacity = self.cleaned_data["capacity"]
        if self.instance.pk and capacity is not None and "capacity" in self.changed_data:
            _before, taken = enrolling.seats(self.instance)
            if capacity < taken:
                sentence = ngettext(
                    "%(count)d seat is taken: the cohort cannot have fewer. Whose place is no longer needed, set it to "
                    "“left” first.",
                    "%(count)d seats are taken: the cohort cannot have fewer. Whose places are no longer needed, set "
                    "them to “left” first.",
                    taken,
                )
                raise forms.ValidationError(sentence % {"count": taken})
        return capacity


@admin.register(Cohort)
class CohortAdmin(KeptAdmin):
    form = CohortForm
    list_display = ["title", "course", "kind", "open_to_all", "starts_on", "ends_on", "learners"]
    list_filter = ["kind", "open_to_all", "course"]
    list_select_related = ["course"]
    search_fields = ["title", "slug"]
    autocomplete_fields = ["course"]
    prepopulated_fields = {"slug": ["title"]}
    date_hierarchy = "starts_on"
    inlines = [RoleInline]
    # Its page is for those who hold a role in it, which whoever is here need not.
    view_on_site = False

    def get_queryset(self, request):
        return access.with_learners(super().get_queryset(request))

    def get_readonly_fields(self, request, obj=None):
        """People's places know the course of their cohort: it stays what it was."""
        return ["course"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    @admin.display(description=_("learners"), ordering="learners")
    def learners(self, cohort):
        return cohort.learners


class EnrolmentForm(forms.ModelForm):
    class Meta:
        model = Enrolment
        fields = ["user", "cohort", "state", "time_factor"]

    def clean(self):
        """The course is that of the cohort, nobody has two active places in one course, and none is without a seat."""
        data = super().clean()
        if "cohort" in self.fields and data.get("cohort"):
            self.instance.course = data["cohort"].course
        user = data.get("user") or (self.instance.user if self.instance.pk else None)
        if user and self.instance.course_id and data.get("state") == Enrolment.State.ACTIVE:
            places = Enrolment.objects.active().of(user).filter(course=self.instance.course_id)
            if places.exclude(pk=self.instance.pk).exists():
                raise forms.ValidationError(_("This person already has an active place in this course."))
            self._check_seat(data.get("cohort") or self.instance.cohort)
        return data

    def _check_seat(self, cohort):
        """Who has a seat keeps it; a new one is taken as by joining."""
        if self.instance.pk and self.initial["state"] == Enrolment.State.ACTIVE:
            return
        try:
            enrolling.check_seat(cohort)
        except enrolling.SeatTaken as taken:
            sentence = _(
                "Every seat of %(cohort)s is taken. Add seats on the page of the cohort, or choose another one."
            )
            raise forms.ValidationError(sentence % {"cohort": cohort}) from taken


@admin.register(Enrolment)
class EnrolmentAdmin(KeptAdmin):
    form = EnrolmentForm
    list_display = ["user", "cohort", "state", "joined_at", "time_factor"]
    list_filter = ["state", "cohort", "joined_at"]
    list_select_related = ["user", "cohort"]
    search_fields = ["user__email", "user__name", "cohort__title"]
    autocomplete_fields = ["user", "cohort"]
    show_full_result_count = False

    def get_readonly_fields(self, request, obj=None):
        """All that a learner did hangs on their place: it does not pass to somebody else."""
        return ["user", "cohort", "joined_at"] if obj else []


@admin.register(Role)
class RoleAdmin(SeenAdmin):
    """Deleting a role takes it away: it holds no record of its own, and the next request already finds it gone."""

    list_display = ["user", "kind", "cohort"]
    list_filter = ["kind", "cohort"]
    list_select_related = ["user", "cohort"]
    search_fields = ["user__email", "user__name", "cohort__title"]
    autocomplete_fields = ["user", "cohort"]


@admin.register(Extension)
class ExtensionAdmin(ReadOnlyAdmin):
    """Extensions are granted where their effect on a running attempt is shown, and stay."""

    list_display = ["granted_at", "enrolment", "unit", "minutes", "attempts", "closes_at", "granted_by"]
    list_select_related = ["enrolment__user", "enrolment__cohort", "unit__lesson", "granted_by"]
    search_fields = ["enrolment__user__email", "enrolment__user__name", "unit__key", "reason"]
    date_hierarchy = "granted_at"
