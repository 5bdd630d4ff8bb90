"""A learner's own work beside what they read."""

from django import template
from django.utils import timezone

from plans import notes
from plans.forms import MAX_LENGTH
from plans.models import Note

register = template.Library()


@register.inclusion_tag("plans/_notes_panel.html", takes_context=True)
def notes_panel(context, unit):
    """The learner's note on a unit, with its form."""
    request = context["request"]
    note = Note.objects.of(request.enrolment).filter(unit=unit).first()
    return {
        "csrf_token": context.get("csrf_token"),
        "course": request.course,
        "enrolment": request.enrolment,
        "unit": unit,
        "note": note,
        "saved": notes.saved_words(note, on=timezone.localdate()) if note else "",
        "max_length": MAX_LENGTH,
    }


@register.inclusion_tag("plans/_latest_notes.html", takes_context=True)
def latest_notes(context, count=3):
    """The newest notes of a learner, for their home."""
    request = context["request"]
    return {"course": request.course, "notes": Note.objects.of(request.enrolment).written()[:count]}
