"""Actions of the admin that reach across rooms: an author's act that changes what learners have to do."""

from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import BadRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from cto_course import authoring, confirmation
from database.admin.choosing import Options
from lessons.admin import CourseAdmin
from lessons.models import Course, Unit
from lessons.versions import PublishedVersionChanged
from quizzes.asking import supply
from quizzes.attempts.granting import GrantedMeanwhile
from quizzes.authoring import effects
from quizzes.authoring.admin import called
from quizzes.authoring.drafts import Incomplete, faults
from quizzes.authoring.form import in_form_words
from quizzes.models import Question, QuestionVersion, QuizVersion


@admin.action(description=_("Publish: these drafts are in use from now on"), permissions=["change"])
def publish(modeladmin, request, queryset):
    """Publish what can be published and say what cannot; first who is inside a quiz and what it means for them."""
    now = timezone.now()
    empty = [
        each for each in queryset if isinstance(each, QuizVersion) and each.is_draft and not supply.questions(each)
    ]
    for version in empty:
        # Said before anything is asked: it is not published whatever the answer is.
        modeladmin.message_user(request, nothing_to_ask(version), messages.ERROR)
    queryset = queryset.exclude(pk__in=[version.pk for version in empty])
    concerns = [
        confirmation.of_publishing(each, at=now) for each in queryset if isinstance(each, QuizVersion) and each.is_draft
    ]
    drafts = [each for each in queryset if isinstance(each, QuestionVersion) and each.is_draft]
    concerns += [confirmation.of_undoing(each) for each in drafts if not faults(each)]
    if question := confirmation.first(modeladmin, request, title=_("Publish"), go=_("Publish"), concerns=concerns):
        return question
    for version in queryset:
        name = called(version) if isinstance(version, QuestionVersion) else version
        if version.state == version.State.CURRENT:
            unchanged(modeladmin, request, _("Already in use, nothing changed: %(thing)s"), name)
            continue
        try:
            authoring.publish(version, by=request.user, at=now, extending=confirmation.reason_to_extend(request))
        except PublishedVersionChanged:
            problem = _("%(version)s was replaced before. Write a new draft instead.") % {"version": version}
            modeladmin.message_user(request, problem, messages.ERROR)
        except GrantedMeanwhile as meanwhile:
            modeladmin.message_user(request, str(meanwhile), messages.ERROR)
        except authoring.NothingToAsk:
            modeladmin.message_user(request, nothing_to_ask(version), messages.ERROR)
        except Incomplete as incomplete:
            problem = _("%(version)s cannot be published yet. %(faults)s") % {
                "version": name,
                "faults": " · ".join(in_form_words(fault, version.type) for fault in incomplete.faults),
            }
            modeladmin.message_user(request, problem, messages.ERROR)
        else:
            modeladmin.log_change(request, version, str(_("Published.")))
            modeladmin.message_user(request, _("Published: %(version)s") % {"version": name}, messages.SUCCESS)
            for sentence in kept_back(version):
                modeladmin.message_user(request, sentence, messages.WARNING)


def kept_back(version):
    """Why no learner sees a version although it is in use, one sentence each; and what its slots cannot draw."""
    if isinstance(version, QuestionVersion):
        return effects.kept_back(version.question)
    shortages = supply.shortages(version.slots.all()) if isinstance(version, QuizVersion) else []
    return [*version.kept_back, *supply.in_words(shortages)]


def nothing_to_ask(version):
    return _("%(version)s has no questions that can be asked. Add some to one of its slots.") % {"version": version}


@admin.action(description=_("Retire: take out of the course, keep what learners did"), permissions=["change"])
def retire(modeladmin, request, queryset):
    now = timezone.now()
    concerns = [
        confirmation.of_retiring(each, at=now) for each in queryset if isinstance(each, Unit) and not each.retired_at
    ]
    if question := confirmation.first(modeladmin, request, title=_("Retire"), go=_("Retire"), concerns=concerns):
        return question
    for thing in queryset:
        if thing.retired_at:
            unchanged(modeladmin, request, _("Retired already, nothing changed: %(thing)s"), thing)
            continue
        fewer = supply.fewer_without(thing) if isinstance(thing, Question) else []
        authoring.retire(thing, by=request.user, at=now)
        modeladmin.log_change(request, thing, str(_("Retired.")))
        modeladmin.message_user(request, _("Retired: %(thing)s") % {"thing": thing}, messages.SUCCESS)
        for sentence in map(supply.now_asks, fewer):
            modeladmin.message_user(request, sentence, messages.WARNING)
    return None


@admin.action(description=_("Bring back into the course"), permissions=["change"])
def bring_back(modeladmin, request, queryset):
    for thing in queryset:
        if not thing.retired_at:
            unchanged(modeladmin, request, _("In the course already, nothing changed: %(thing)s"), thing)
            continue
        authoring.bring_back(thing, by=request.user, at=timezone.now())
        modeladmin.log_change(request, thing, str(_("Brought back.")))
        modeladmin.message_user(request, _("Brought back: %(thing)s") % {"thing": thing}, messages.SUCCESS)


def unchanged(modeladmin, request, sentence, thing):
    """Tell that what was wanted was so before."""
    modeladmin.message_user(request, sentence % {"thing": thing}, messages.INFO)


def strict(admin_view):
    """`admin_site.admin_view` that answers 400 to addresses that no link of the admin has.

    An empty `_to_field` names no field; a number that no column can hold, and a NUL, cannot be looked for.
    """

    def wrapped(view, cacheable=False):
        @wraps(view)
        def strictly(request, *args, **kwargs):
            if request.GET.get("_to_field") == "":
                raise BadRequest("No field is named.")
            if any("\0" in text for _name, texts in request.GET.lists() for text in texts):
                raise BadRequest("No text in the database holds a NUL.")
            try:
                return view(request, *args, **kwargs)
            except OverflowError as error:
                raise BadRequest("A number is too large to be looked for.") from error

        return admin_view(strictly, cacheable)

    return wrapped


def when_shown(get_app_list):
    """`admin_site.get_app_list` that is made where a page shows it: two pages do, and the others are given it too."""

    def listed(request, app_label=None):
        return SimpleLazyObject(lambda: get_app_list(request, app_label))

    return listed


#: Django's own site, stricter, and with less to do.
site: Any = admin.site
site.admin_view = strict(site.admin_view)
site.get_app_list = when_shown(site.get_app_list)
site.autocomplete_view = Options.as_view(admin_site=site)


admin.site.unregister(Course)


@admin.register(Course)
class ClosingCourseAdmin(CourseAdmin):
    """Says who is inside an attempt before a course is no longer published, and writes down who closed it."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "state" in form.changed_data:
            authoring.opened_or_closed(obj, by=request.user, at=timezone.now())

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        course = self.get_object(request, object_id) if object_id and request.method == "POST" else None
        closes = (
            course and course.is_published and request.POST.get("state") in {Course.State.DRAFT, Course.State.RETIRED}
        )
        if closes and self.has_change_permission(request, course):
            concerns = [confirmation.of_closing(course, at=timezone.now())]
            if question := confirmation.first(
                self, request, title=_("Close the course"), go=_("Close it"), concerns=concerns
            ):
                return question
        return super().changeform_view(request, object_id, form_url, extra_context)


# Thirty names beside every page are noise; the index has them, and the way up leads there.
admin.site.enable_nav_sidebar = False

# Known to the site by their names, so that rooms below can name them among their `actions`; on no list unless named.
for action in (publish, retire, bring_back):
    admin.site.add_action(action)
    admin.site.disable_action(action.__name__)
