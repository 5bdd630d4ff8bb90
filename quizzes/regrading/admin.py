"""Corrections of keys in the admin: say what is right, look at the difference, apply."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from database.admin.records import ReadOnlyAdmin, SaidFilter
from quizzes.models import QuestionVersion, Regrade
from quizzes.regrading import difference, process
from quizzes.regrading.forms import RegradeForm
from quizzes.regrading.refusals import RegradeRefused

#: Changed attempts that are listed one by one.
LISTED = 100


class AppliedFilter(SaidFilter):
    words = (gettext_lazy("Not yet"), gettext_lazy("Applied"))


#: What a correction says, by the names under which it is stored.
SAYS = {
    "answers": gettext_lazy("also right"),
    "scores": gettext_lazy("points"),
    "pairs": gettext_lazy("pairs"),
    "order": gettext_lazy("order"),
    "formula": gettext_lazy("formula"),
    "tolerance": gettext_lazy("tolerance"),
    "accepted": gettext_lazy("right"),
}


def in_words(regrade: Regrade) -> str:
    """What a correction says, with the wording of choices, pairs and items in the place of their keys."""
    body = regrade.question_version.body
    parts = [part for each in [body, *body.get("gaps", [])] for name in PARTS for part in each.get(name) or []]
    wordings = {part["key"]: part.get("text") or part.get("left") or part.get("right", "") for part in parts}
    wordings |= {part["right_key"]: part["right"] for part in parts if "right_key" in part}
    return "; ".join(f"{SAYS.get(name, name)}: {_said(value, wordings)}" for name, value in regrade.details.items())


PARTS = ("choices", "pairs", "extras", "items")


def _said(value: Any, wordings: Mapping[str, str]) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{wordings.get(name, name)}: {_said(each, wordings)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_said(each, wordings) for each in value)
    return wordings.get(str(value), str(value))


@admin.register(Regrade)
class RegradeAdmin(ReadOnlyAdmin):
    """A regrade is decided on the page of a question version, and stays."""

    list_display = ["decided_at", "question_version", "policy", "decided_by", "applied_at"]
    list_filter = ["policy", ("applied_at", AppliedFilter)]
    list_select_related = ["question_version__question", "decided_by"]
    search_fields = ["question_version__question__key", "reason"]
    date_hierarchy = "decided_at"
    change_form_template = "admin/quizzes/regrade/change_form.html"

    def get_fields(self, request, obj=None):
        return ["wording" if name == "details" else name for name in super().get_fields(request, obj)]

    @admin.display(description=gettext_lazy("details"))
    def wording(self, regrade):
        return in_words(regrade) or "–"

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("of/<int:version>/", wrap(self.decide), name="quizzes_questionversion_regrade"),
            path("<int:regrade>/apply/", wrap(require_POST(self.go_on)), name="quizzes_regrade_apply"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        regrade = self.get_object(request, object_id)
        waiting = process.outstanding(regrade).count() if regrade else 0
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "waiting": waiting})

    def decide(self, request, version):
        """The form, the difference it would make, and the decision."""
        version = get_object_or_404(QuestionVersion.objects.select_related("question", "competency"), pk=version)
        self._may_regrade(request)
        form = RegradeForm(version, request.POST or None)
        preview = None
        if form.is_valid():
            data = form.cleaned_data
            try:
                preview = difference.preview(version, data["policy"], data["details"])
                if "apply" in request.POST:
                    return self._decided(request, version, data, preview)
            except RegradeRefused as refused:
                form.add_error(None, str(refused))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Correct the key of %(question)s") % {"question": version.question},
            "opts": QuestionVersion._meta,
            "version": version,
            "form": form,
            "preview": preview,
            "shortages": difference.shortages(version, form.cleaned_data["policy"]) if preview else [],
            "listed": preview.changes[:LISTED] if preview else [],
            # Authors see how many; who it is, those see who may look at attempts.
            "names": request.user.has_perm("quizzes.view_attempt"),
            "earlier": Regrade.objects.filter(question_version=version).select_related("decided_by"),
        }
        status = 200 if form.is_valid() or not form.is_bound else 400
        return TemplateResponse(request, "admin/quizzes/regrade/decide.html", context, status=status)

    def _decided(self, request, version, data, preview):
        now = timezone.now()
        regrade = process.decide(
            version=version,
            policy=data["policy"],
            details=data["details"],
            reason=data["reason"],
            by=request.user,
            at=now,
        )
        if regrade.decided_at != now:
            messages.info(request, _("You had decided this already, and it counts once."))
            return self._shown(request, regrade)
        self.log_addition(request, regrade, _("Decided."))
        self.log_change(request, version, _("Key corrected: %(policy)s.") % {"policy": regrade.get_policy_display()})
        return self._applied(request, regrade, changed=bool(preview.changes))

    def go_on(self, request, regrade):
        """Apply a regrade to the next learners."""
        self._may_regrade(request)
        decided = get_object_or_404(Regrade, pk=regrade)
        self.log_change(request, decided, _("Applied to the next learners."))
        return self._applied(request, decided)

    def _applied(self, request, regrade, *, changed=True):
        left = process.apply(regrade, at=timezone.now())
        if left:
            sentence = ngettext(
                "One learner is left; the worker continues, or you can do it here.",
                "%(count)d learners are left; the worker continues, or you can do it here.",
                left,
            )
            messages.info(request, sentence % {"count": left})
        elif not changed:
            messages.success(request, _("Decided. No result changed, so nobody gets a mail."))
        else:
            messages.success(request, _("Applied. Everybody whose result changed gets one mail."))
        return self._shown(request, regrade)

    def _shown(self, request, regrade):
        """The page of a regrade, or that of its question for those who may not look at regrades."""
        if self.has_view_permission(request, regrade):
            return redirect(reverse("admin:quizzes_regrade_change", args=[regrade.pk]))
        return redirect(reverse("admin:quizzes_questionversion_regrade", args=[regrade.question_version_id]))

    def _may_regrade(self, request):
        if not request.user.has_perm("quizzes.add_regrade"):
            raise PermissionDenied
