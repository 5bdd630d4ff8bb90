"""Pages that belong to no room: the way home, health, statements. What went wrong is told by `error_pages`."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cohorts import access
from cohorts.models import Cohort, Enrolment
from cto_course import availability, error_pages
from quizzes.models import Attempt


@require_safe
def home(request):
    """Send a signed-in person to where their work is: their course, an attempt that outlasts it, their cohorts, or the
    admin."""
    places = Enrolment.objects.active().of(request.user).select_related("course").order_by("-joined_at")
    if enrolment := next((place for place in places if place.course.is_published), None):
        return redirect("progress:home", enrolment.course.key)
    if running := Attempt.objects.open().filter(enrolment__in=places).select_related("enrolment__course").first():
        return redirect(running)
    if Cohort.objects.visible_to(request.user).exists():
        return redirect("leading:cohorts")
    if request.user.is_staff:
        return redirect("admin:index")
    return redirect("front")


@login_not_required
@require_safe
def health(request):
    """Answer 200 while this process answers: for whoever would start it anew. What it stands on is not asked."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def ready(request):
    """Answer 200 while something can be written: for whoever sends people here, or elsewhere."""
    if availability.ready():
        return HttpResponse("ready", content_type="text/plain")
    headers = {"Retry-After": error_pages.RETRY_AFTER}
    return HttpResponse("not ready", content_type="text/plain", status=503, headers=headers)


@login_not_required
@require_safe
def statement(request, name):
    """A page of fixed text: help, privacy, accessibility. It names to a learner who manages their cohorts."""
    managers = access.managers_for(request.user) if request.user.is_authenticated else {}
    return render(request, f"cto_course/{name}.html", {"managers": managers})
