"""A learner's own work beside what they read."""

from django import template
from django.db.models import TextField
from django.db.models.functions import Cast
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from database.prepared import Prepared
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
        .values_list("unit_id", "text", "unit__lesson__number", "saved_at")[:5]
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


@register.inclusion_tag("plans/_notes_panel.html", takes_context=True)
def notes_panel(context, unit):
    """The learner's note on a unit, with its form."""
    request = context["request"]
    rows = NOTES(enrolment=request.enrolment.pk, unit=unit.id)
    text, revision, saved_at = rows[0] if rows else ("", 0, None)
    return {
        "csrf_token": context.get("csrf_token"),
        "course": request.course,
        "enrolment": request.enrolment,
        "action": reverse("plans:note", args=[request.course.key, unit.number, unit.key]),
        "text": text,
        "revision": revision,
        "saved": notes.saved_words(saved_at, on=timezone.localdate()) if rows else "",
        "words": note_words(),
        "max_length": MAX_LENGTH,
    }


@register.filter
def with_names(levels):
    """The levels of a criterion with their names, weakest first."""
    return zip(level_names(), levels, strict=False)


def level_names():
    """The names of the four levels of every rubric, weakest first."""
    return [_("Emerging"), _("Developing"), _("Proficient"), _("Exemplary")]


@register.inclusion_tag("plans/_assignment.html", takes_context=True)
def assignment(context, unit):
    """The task of a unit of kind assignment, its rubric, and two answers to compare one's own with; empty without."""
    rows = ASSIGNMENT(unit=unit.id)
    if not rows:
        return {}
    length, criteria, *texts = rows[0]
    coming = tuple(context["request"].course.coming)
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


@register.inclusion_tag("plans/_latest_notes.html", takes_context=True)
def latest_notes(context, count=3):
    """The newest notes of a learner (five at most), for their home."""
    request = context["request"]
    units = {unit.id: unit for unit in overviews.of(request).units}
    rows = LATEST(enrolment=request.enrolment.pk)[:count]
    return {
        "course": request.course,
        "address": reverse("lessons:lessons", args=[request.course.key]),
        "notes": [(units.get(unit_id), text, number, saved_at) for unit_id, text, number, saved_at in rows],
    }
