"""A learner's own work beside what they read."""

from datetime import datetime
from typing import NamedTuple

from django import template
from django.db.models import TextField
from django.db.models.functions import Cast
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from database.prepared import Prepared
from lessons.reader.frames import frame, hole
from lessons.reader.remembered import remembered
from lessons.reader.text import prose
from plans import notes
from plans.forms import MAX_LENGTH
from plans.models import AssignmentVersion, Note
from progress import overviews

register = template.Library()


NOTES = Prepared(
    lambda enrolment, unit: (
        Note.objects.filter(enrolment=enrolment, unit=unit).order_by().values_list("text", "revision", "saved_at")
    ),
    enrolment=int,
    unit=int,
)

LATEST = Prepared(
    lambda enrolment: (
        Note.objects.filter(enrolment=enrolment)
        .exclude(text="")
        .order_by("-saved_at")
        .values_list("unit_id", "text", "unit__lesson__number", "saved_at")[:3]
    ),
    enrolment=int,
)


ASSIGNMENT = Prepared(
    lambda unit: (
        AssignmentVersion.objects.current()
        .filter(assignment__unit=unit)
        .order_by()
        # JSON as stored: it is parsed only when it has to be rendered.
        .annotate(
            task_text=Cast("task_blocks", TextField()),
            weak_text=Cast("weak_answer_blocks", TextField()),
            model_text=Cast("model_answer_blocks", TextField()),
        )
        .values_list("length", "criteria", "task_text", "weak_text", "model_text")
    ),
    unit=int,
)


@remembered(most=8)
def note_words():
    """What the script says while it saves, as attributes of the form."""
    return mark_safe(render_to_string("plans/_note_words.html").strip())


@register.simple_tag(takes_context=True)
def notes_panel(context, unit):
    """The learner's note on a unit, with its form."""

    def panel(request):
        rows = NOTES(enrolment=request.enrolment.pk, unit=unit.id)
        request.note = NoteSaved(*rows[0]) if rows else NoteSaved()
        return _panel(request.course.key, tuple(request.course.coming), unit.number, unit.key).filled(request)

    return hole(context, panel)


class NoteSaved(NamedTuple):
    """What is saved of the note that a page shows; its text is empty and its revision 0 before the first word."""

    text: str = ""
    revision: int = 0
    saved_at: datetime | None = None


@remembered(most=200)
def _panel(course, coming, number, key):
    """The form of a note as a frame, with the holes of what its learner wrote."""
    values = {"course": course, "coming": coming, "action": reverse("plans:note", args=[course, number, key])}
    values |= {"words": note_words(), "max_length": MAX_LENGTH}
    return frame(
        "plans/_notes_panel.html",
        values,
        place=lambda request: request.enrolment.pk,
        text=lambda request: request.note.text,
        revision=lambda request: request.note.revision,
        saved=saved_words,
    )


def saved_words(request):
    """When the note of the page was saved, in words."""
    saved_at = request.note.saved_at
    return notes.saved_words(saved_at, on=timezone.localdate()) if saved_at else ""


@register.filter
def with_names(levels):
    """The levels of a criterion with their names, weakest first."""
    return zip(level_names(), levels, strict=False)


def level_names():
    """The names of the four levels of every rubric, weakest first."""
    return [_("Emerging"), _("Developing"), _("Proficient"), _("Exemplary")]


@register.simple_tag(takes_context=True)
def assignment(context, unit):
    """The task of a unit of kind assignment, its rubric, and two answers to compare one's own with; empty without.

    Its version is none of the unit's, so it is read each time.
    """
    return hole(context, lambda request: render_to_string("plans/_assignment.html", assignment_of(request, unit)))


def assignment_of(request, unit):
    """What the template of an assignment shows."""
    rows = ASSIGNMENT(unit=unit.id)
    if not rows:
        return {}
    length, criteria, *texts = rows[0]
    coming = tuple(request.course.coming)
    task, weak, model = (prose(blocks, path="", coming=coming).html for blocks in texts)
    return {
        "task": task,
        "weak_answer": weak,
        "model_answer": model,
        "length": length,
        "criteria": criteria,
        "level_names": level_names(),
        "coming": coming,
    }


@register.simple_tag(takes_context=True)
def latest_notes(context):
    """The newest notes of a learner, for their home."""
    return hole(context, latest_notes_of)


def latest_notes_of(request):
    rows = LATEST(enrolment=request.enrolment.pk)
    if not rows:
        return no_notes(tuple(request.course.coming))
    units = {unit.id: unit for unit in overviews.of(request).units}
    values = {
        "course": request.course,
        "address": reverse("lessons:lessons", args=[request.course.key]),
        "notes": [(units.get(unit_id), text, number, saved_at) for unit_id, text, number, saved_at in rows],
    }
    return render_to_string("plans/_latest_notes.html", values)


@remembered(most=8)
def no_notes(coming):
    """What stands there before the first note."""
    return render_to_string("plans/_latest_notes.html", {"course": {"coming": coming}, "notes": []})
