"""What pages of the course show about their learner: the outline with its ticks, the next step, the way in."""

from django import template
from django.urls import reverse

from progress import overviews, paths
from progress.models import EnrolmentSummary

register = template.Library()


def overview_of(context):
    """The overview of the page's learner, read once for all tags of a page."""
    request = context["request"]
    if not hasattr(request, "overview"):
        request.overview = overviews.read(request.course, request.enrolment)
    return request.overview


def lessons_address(context):
    """The address below which every lesson and unit stands; one reverse() instead of one for each link."""
    return reverse("lessons:lessons", args=[context["request"].course.key])


@register.simple_tag(takes_context=True)
def overview(context):
    """The learner's overview (for a visitor the bare outline), see progress.overviews."""
    return overview_of(context)


@register.simple_tag(takes_context=True)
def lesson_lines(context):
    """Every lesson with what its learner did, see `described`."""
    overview = overview_of(context)
    return [described(line, overview) for line in overview.outline.lessons]


@register.simple_tag(takes_context=True)
def lesson_line(context, lesson):
    """One lesson with what its learner did, see `described`."""
    overview = overview_of(context)
    return next(described(line, overview) for line in overview.outline.lessons if line.id == lesson.pk)


def described(line, overview):
    """A lesson for a page: "line", "state" ("done", "half" or "open"), "units_done" of "units_required", "percent"
    (score of the check, whole and rounded down, or None) and "units", pairs of a unit's line and whether it is done.
    """
    return {
        "line": line,
        "state": overview.state_of(line),
        "units_done": sum(unit.required and unit.id in overview.done for unit in line.units),
        "units_required": sum(unit.required for unit in line.units),
        "percent": min((int(overview.percents[u.id]) for u in line.units if u.id in overview.percents), default=None),
        "units": [(unit, unit.id in overview.done) for unit in line.units],
    }


@register.simple_tag(takes_context=True)
def section_of(context, unit):
    """Which section of its lesson a unit is: `.place` of `.count`."""
    return paths.position_of(overview_of(context).units, unit.pk)


@register.inclusion_tag("progress/_outline.html", takes_context=True)
def outline(context, unit):
    """The outline beside a unit: all lessons, and the sections of the unit's own lesson."""
    overview = overview_of(context)
    return {
        "address": lessons_address(context),
        "overview": overview,
        "section": paths.position_of(overview.units, unit.pk),
        "here": unit,
        "lessons": [(lesson, overview.state_of(lesson)) for lesson in overview.outline.lessons],
    }


@register.inclusion_tag("progress/_next.html", takes_context=True)
def next_bar(context, unit):
    """The bar under a unit: what comes next, and the one button that says so."""
    overview = overview_of(context)
    return {
        "csrf_token": context.get("csrf_token"),
        "course": context["request"].course,
        "address": lessons_address(context),
        "unit": unit,
        "done": unit.pk in overview.done,
        "following": paths.next_after(overview.units, unit.pk),
    }


@register.inclusion_tag("progress/_way_in.html", takes_context=True)
def way_in(context, lesson=None):
    """The primary action of a course or lesson page: create an account, join, start or continue."""
    request, overview = context["request"], overview_of(context)
    units = overview.units if lesson is None else [unit for unit in overview.units if unit.lesson_id == lesson.pk]
    stop, summary = None, None
    if request.enrolment:
        summary = EnrolmentSummary.objects.filter(enrolment=request.enrolment).first()
        last = {"last_unit": summary.last_unit_id, "last_anchor": summary.last_anchor} if summary else {}
        stop = paths.stop(units, overview.done, **last)
    return {
        "csrf_token": context.get("csrf_token"),
        "user": request.user,
        "course": request.course,
        "enrolment": request.enrolment,
        "address": lessons_address(context),
        "lesson": lesson,
        "stop": stop,
        "started": any(unit.id in overview.done | overview.started for unit in units)
        or bool(stop and summary and summary.last_unit_id == stop.unit.id),
    }
