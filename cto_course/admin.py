"""Actions of the admin that reach across rooms: an author's act that changes what learners have to do."""

from functools import wraps

from django.contrib import admin, messages
from django.core.exceptions import BadRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cto_course import authoring
from lessons.models import Unit, UnitVersion
from lessons.versions import PublishedVersionChanged
from quizzes import supply
from quizzes.admin.bank import called
from quizzes.admin.imports import export
from quizzes.authoring import Incomplete
from quizzes.models import Question, QuestionVersion, QuizVersion


@admin.action(description=_("Publish: learners see these drafts from now on"), permissions=["change"])
def publish(modeladmin, request, queryset):
    """Publish what can be published and say what cannot."""
    for version in queryset:
        name = called(version) if isinstance(version, QuestionVersion) else version
        try:
            authoring.publish(version, by=request.user, at=timezone.now())
        except PublishedVersionChanged:
            problem = _("%(version)s was replaced before. Write a new draft instead.") % {"version": version}
            modeladmin.message_user(request, problem, messages.ERROR)
        except authoring.NothingToAsk:
            problem = _("%(version)s has no questions that can be asked. Add some to one of its slots.") % {
                "version": version
            }
            modeladmin.message_user(request, problem, messages.ERROR)
        except Incomplete as incomplete:
            problem = _("%(version)s cannot be published yet. %(faults)s") % {
                "version": name,
                "faults": " · ".join(map(str, incomplete.faults)),
            }
            modeladmin.message_user(request, problem, messages.ERROR)
        else:
            modeladmin.message_user(request, _("Published: %(version)s") % {"version": name}, messages.SUCCESS)
            if isinstance(version, QuizVersion):
                for said in supply.in_words(supply.shortages(version.slots.all())):
                    modeladmin.message_user(request, said, messages.WARNING)


@admin.action(description=_("Retire: take out of the course, keep what learners did"), permissions=["change"])
def retire(modeladmin, request, queryset):
    for thing in queryset:
        authoring.retire(thing, by=request.user, at=timezone.now())
        modeladmin.message_user(request, _("Retired: %(thing)s") % {"thing": thing}, messages.SUCCESS)


@admin.action(description=_("Bring back into the course"), permissions=["change"])
def bring_back(modeladmin, request, queryset):
    for thing in queryset:
        authoring.bring_back(thing, by=request.user, at=timezone.now())
        modeladmin.message_user(request, _("Brought back: %(thing)s") % {"thing": thing}, messages.SUCCESS)


def strict(admin_view):
    """`admin_site.admin_view`, for addresses that no link of the admin has: 400 instead of what they make Django do.

    An empty `_to_field` names no field, and a number that no column can hold cannot be looked for.
    """

    def wrapped(view, cacheable=False):
        @wraps(view)
        def strictly(request, *args, **kwargs):
            if request.GET.get("_to_field") == "":
                raise BadRequest("No field is named.")
            try:
                return view(request, *args, **kwargs)
            except OverflowError as error:
                raise BadRequest("A number is too large to be looked for.") from error

        return admin_view(strictly, cacheable)

    return wrapped


admin.site.admin_view = strict(admin.site.admin_view)
# Thirty names beside every page are noise; the index has them, and the way up leads there.
admin.site.enable_nav_sidebar = False

for version in (UnitVersion, QuestionVersion, QuizVersion):
    admin.site.get_model_admin(version).actions = [publish]
for identity in (Unit, Question):
    admin.site.get_model_admin(identity).actions = [retire, bring_back]
admin.site.get_model_admin(Question).actions.append(export)
