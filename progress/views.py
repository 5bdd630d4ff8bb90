"""What a learner sees and says about their own progress."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.form_address import form_address
from lessons import outlines
from lessons.models import Course, Unit
from lessons.reader.frames import frame
from lessons.reader.remembered import remembered
from progress import paths, recording
from progress.forms import PositionForm


@require_safe
def home(request, course):
    """Where the learner stands, and one button to the exact place where they go on."""
    if request.GET:
        return render(request, "progress/home.html")
    return HttpResponse(_home(course, request.course.title).filled(request))


@remembered(most=4)
def _home(key, title):
    """Home as a frame: everything in it but its title is one person's own."""
    return frame("progress/home.html", {"course": Course(key=key, title=title)})


@form_address(page=lambda request, course, number, key: unit_of(request, number, key))
def mark_done(request, course, number, key):
    """Mark a unit done and go on to the next one; with `then=stop` only keep the place and go home."""
    unit = unit_of(request, number, key)
    if request.POST.get("then") == "stop":
        form = PositionForm(request.POST)
        anchor = form.cleaned_data["anchor"] if form.is_valid() else ""
        recording.note_position(enrolment=request.enrolment, unit=unit, anchor=anchor, at=timezone.now())
        return redirect("progress:home", course)
    try:
        recording.mark_done(enrolment=request.enrolment, unit=unit, at=timezone.now())
    except recording.NotDoneBySaying:
        # From a page that was opened when assignments could still be marked.
        messages.info(request, _("An assignment is there to be read for now. It is not marked done."))
    following = paths.next_after(outlines.of(request.course).units, unit.pk)
    if following is None:
        return redirect("progress:home", course)
    return redirect(reverse("lessons:lessons", args=[course]) + following.address)


@form_address(page=lambda request, course, number, key: unit_of(request, number, key))
def position(request, course, number, key):
    """Keep at which heading the learner is reading."""
    unit = unit_of(request, number, key)
    form = PositionForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.errors["anchor"][0], status=400, content_type="text/plain")
    recording.note_position(
        enrolment=request.enrolment, unit=unit, anchor=form.cleaned_data["anchor"], at=timezone.now()
    )
    return HttpResponse(status=204)


def unit_of(request, number, key):
    """A live unit of the learner's course; a check is done by passing it, not by saying so."""
    unit = get_object_or_404(
        Unit.objects.live().exclude(kind=Unit.Kind.QUIZ).select_related("lesson"),
        lesson__course=request.course,
        lesson__number=number,
        key=key,
    )
    unit.lesson.course = request.course
    return unit
