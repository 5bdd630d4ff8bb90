"""A learner's own work: notes."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.form_address import form_address
from lessons.models import Unit
from plans import notes as note_taking
from plans.forms import NoteForm
from plans.models import Note


@require_safe
def notes(request, course):
    """Everything the learner has noted, newest first."""
    return render(request, "plans/notes.html", {"notes": Note.objects.of(request.enrolment).written()})


@form_address(page=lambda request, course, number, key: f"{_unit(request, number, key).get_absolute_url()}#notes-h")
def note(request, course, number, key):
    """Save the note beside a unit: a form with a page as its answer, or JSON for the script that saves while one types.

    JSON is {"revision", "message"} when saved, {"reason"} when it does not fit (400), and {"reason", "server": {"text",
    "revision", "message"}} as stored on a conflict (409); `message` says when.
    """
    unit = _unit(request, number, key)
    as_json = request.accepts("application/json") and not request.accepts("text/html")
    form = NoteForm(request.POST)
    if not form.is_valid():
        problem = " ".join(error for errors in form.errors.values() for error in errors)
        if as_json:
            return JsonResponse({"reason": problem}, status=400)
        return render(request, "plans/note.html", {"unit": unit, "form": form, "problem": problem}, status=400)
    try:
        saved = note_taking.write(enrolment=request.enrolment, unit=unit, at=timezone.now(), **form.cleaned_data)
    except note_taking.NoteChanged as conflict:
        stored = conflict.note
        problem = _("This note was changed in another window. Both texts are kept here; nothing was overwritten.")
        if as_json:
            return JsonResponse({"reason": problem, "server": _copy(stored) | {"text": stored.text}}, status=409)
        return render(
            request, "plans/note.html", {"unit": unit, "form": form, "stored": stored, "problem": problem}, status=409
        )
    if as_json:
        return JsonResponse(_copy(saved))
    return redirect(f"{unit.get_absolute_url()}#notes-h")


def _unit(request, number, key):
    unit = get_object_or_404(
        Unit.objects.live().select_related("lesson"), lesson__course=request.course, lesson__number=number, key=key
    )
    unit.lesson.course = request.course
    return unit


def _copy(stored):
    """Revision of what is stored, and when it was saved, in words."""
    return {
        "revision": stored.revision,
        "message": note_taking.saved_words(stored.saved_at, on=timezone.localdate()),
    }
