"""On an attempt: grant an extension, with its effect shown first; void the attempt."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes import attempts
from quizzes.attempts import granting
from quizzes.models import Attempt

EXTEND, VOID = "cohorts.add_extension", "quizzes.change_attempt"
MOST_REASON = 2_000


class Granting(admin.ModelAdmin):
    """Adds the two pages to the admin of attempts."""

    change_form_template = "admin/quizzes/attempt/change_form.html"

    def get_urls(self):
        wrap = self.admin_site.admin_view
        may_extend = permission_required(EXTEND, raise_exception=True)
        may_void = permission_required(VOID, raise_exception=True)
        return [
            path("<int:pk>/extend/", wrap(may_extend(self.extend)), name="quizzes_attempt_extend"),
            path("<int:pk>/void/", wrap(may_void(self.void)), name="quizzes_attempt_void"),
            *super().get_urls(),
        ]

    def extend(self, request, pk):
        """The form, then its effect, then the grant."""
        attempt, now = self._attempt(request, pk), timezone.now()
        attempts.settle(attempt=attempt, as_of=now)
        form = ExtensionForm(attempt, request.POST or None)
        effect = None
        if form.is_valid():
            effect = granting.effect(attempt, **form.granted)
            if "grant" in request.POST:
                try:
                    granting.extend(
                        attempt=attempt,
                        by=request.user,
                        reason=form.cleaned_data["reason"],
                        known=form.cleaned_data["known"],
                        at=now,
                        **form.granted,
                    )
                except granting.GrantedMeanwhile as refused:
                    form = ExtensionForm(attempt, form.fresh())
                    form.is_valid()
                    form.add_error(None, str(refused))
                    effect = granting.effect(attempt, **form.granted)
                else:
                    self.log_change(request, attempt, _("Extension granted."))
                    messages.success(request, _("The extension is granted. The learner gets a mail."))
                    return self._back(attempt)
        context = {"form": form, "effect": effect, "title": _("Grant an extension")}
        return self._page(request, "extend", attempt, context, refused=form.is_bound and bool(form.errors))

    def void(self, request, pk):
        """A reason and a confirmation; only what is open can be voided."""
        attempt, now = self._attempt(request, pk), timezone.now()
        attempts.settle(attempt=attempt, as_of=now)
        form = VoidForm(request.POST or None)
        if form.is_valid():
            try:
                granting.void(attempt=attempt, by=request.user, reason=form.cleaned_data["reason"], at=now)
            except attempts.NothingToChange as refused:
                messages.error(request, str(refused))
            else:
                self.log_change(request, attempt, _("Voided."))
                messages.success(request, _("The attempt is voided. The learner gets a mail."))
            return self._back(attempt)
        context = {"form": form, "title": _("Void this attempt")}
        return self._page(request, "void", attempt, context, refused=form.is_bound)

    def _attempt(self, request, pk):
        """The attempt with all that the pages name; who may not look at attempts does not reach them here either."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        related = ["enrolment__user", "enrolment__cohort", "enrolment__course", "quiz__unit__lesson", "quiz_version"]
        return get_object_or_404(Attempt.objects.with_title().select_related(*related), pk=pk)

    def _back(self, attempt):
        return redirect(reverse("admin:quizzes_attempt_change", args=[attempt.pk]))

    def _page(self, request, name, attempt, context, *, refused):
        context |= {**self.admin_site.each_context(request), "opts": self.opts, "attempt": attempt}
        return render(request, f"admin/quizzes/attempt/{name}.html", context, status=400 if refused else 200)


class ReasonForm(forms.Form):
    required_css_class = "required"
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The learner reads it in the mail."),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Enter the reason.")},
    )


class VoidForm(ReasonForm):
    confirmed = forms.BooleanField(
        label=gettext_lazy("Void it: it cannot be opened again"),
        error_messages={"required": gettext_lazy("Tick the box to void the attempt.")},
    )
    field_order = ["reason", "confirmed"]


class ExtensionForm(ReasonForm):
    """More of what the quiz limits, and of nothing else."""

    minutes = forms.IntegerField(label=gettext_lazy("More minutes"), required=False, min_value=1, max_value=10_000)
    more_attempts = forms.IntegerField(label=gettext_lazy("More attempts"), required=False, min_value=1, max_value=50)
    closes_at = forms.DateTimeField(
        label=gettext_lazy("Open until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    # How many extensions there were when the form was shown: the same form sent twice grants once.
    known = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    field_order = ["minutes", "more_attempts", "closes_at", "reason", "known"]

    def __init__(self, attempt, data=None):
        self.attempt, self.version = attempt, granting.rules(attempt)
        super().__init__(data, initial={"known": granting.count(attempt.enrolment, attempt)})
        self.fields["closes_at"].help_text = _("In your own time zone, %(zone)s.") % {
            "zone": timezone.get_current_timezone_name()
        }
        for name, limited in self._limited().items():
            if not limited:
                del self.fields[name]

    def _limited(self):
        return {
            "minutes": self.version.time_limit_minutes is not None,
            "more_attempts": self.version.attempts_allowed is not None,
            "closes_at": self.version.closes_at is not None,
        }

    @property
    def limits_nothing(self):
        """Whether there is nothing of which more could be given."""
        return not any(self._limited().values())

    @property
    def follows_older_rules(self):
        """The attempt is open, and other rules are in force by now."""
        return self.version.state != self.version.State.CURRENT

    @property
    def granted(self):
        """What is asked for, as `granting` takes it."""
        data = self.cleaned_data
        return {
            "minutes": data.get("minutes") or 0,
            "more_attempts": data.get("more_attempts") or 0,
            "closes_at": data.get("closes_at"),
        }

    def fresh(self):
        """What was sent, as a form that knows of the extensions granted meanwhile."""
        return self.data.dict() | {"known": granting.count(self.attempt.enrolment, self.attempt)}

    def clean(self):
        data = super().clean()
        if not self.errors and not any(self.granted.values()):
            raise forms.ValidationError(_("Enter minutes, attempts or a date."))
        closes_at = data.get("closes_at")
        if closes_at and closes_at <= max(self.version.closes_at, timezone.now()):
            self.add_error("closes_at", _("Choose a time that is still to come and later than the present end."))
        return data
