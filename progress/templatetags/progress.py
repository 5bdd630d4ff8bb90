"""What pages of the course show about their learner: the outline with its ticks, the next step, the way in."""

from django import template
from django.template.loader import render_to_string
from django.urls import reverse

from lessons.reader.remembered import kept
from progress import completion, overviews, paths
from progress.overviews import Overview

register = template.Library()


def overview_of(context):
    """The overview of the page's learner, read once for all tags of a page."""
    return overviews.of(context["request"], outline=context.get("outline"))


def lessons_address(context):
    """The address below which every lesson and unit stands; one reverse() instead of one for each link."""
    return reverse("lessons:lessons", args=[context["request"].course.key])


@register.filter
def of_unit(remarks, unit):
    """What `remarks`, by id, say of a unit; None without one."""
    return remarks.get(unit.id)


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
        "percent": min(
            (int(overview.percents[unit.id]) for unit in line.units if unit.required and unit.id in overview.percents),
            default=None,
        ),
        "units": [(unit, unit.id in overview.done) for unit in line.units],
    }


@register.simple_tag(takes_context=True)
def course_summary(context):
    """The course on the learner's home: what is done, what is left, lesson by lesson."""
    overview = overview_of(context)
    percents = tuple(sorted(overview.percents.items()))
    done, started = frozenset(overview.done), frozenset(overview.started)
    return course_summary_html(overview.outline, done, started, percents, lessons_address(context))


@kept(most=600)
def course_summary_html(outline, done, started, percents, address):
    """The summary as HTML: a pure function of what is in it."""
    overview = Overview(outline, done, started, dict(percents))
    lines = [described(line, overview) for line in outline.lessons]
    return render_to_string("progress/_course_summary.html", {"overview": overview, "lines": lines, "address": address})


@register.inclusion_tag("progress/_unread.html", takes_context=True)
def next_unread(context):
    """The first required unit that is not done, wherever its learner has looked since; nothing where the way on leads
    there already, nor for a visitor.
    """
    overview = overview_of(context)
    stop = overviews.stop(context["request"])
    unit = paths.first_incomplete(overview.units, overview.done)
    return {
        "unit": unit if stop and unit and unit.id != stop.unit.id else None,
        "address": lessons_address(context),
    }


@register.simple_tag(takes_context=True)
def section_of(context, unit):
    """Which section of its lesson a unit is: `.place` of `.count`."""
    return paths.position_of(overview_of(context).units, unit.id)


@register.simple_tag(takes_context=True)
def outline(context, unit, remarks=None):
    """The outline beside a unit: all lessons, and the sections of the unit's own lesson.

    `remarks` says something of units by their id, which stands beside their titles.
    """
    overview = overview_of(context)
    done, started = frozenset(overview.done), frozenset(overview.started)
    values = (overview.outline, done, started, unit.id, unit.lesson_id, lessons_address(context))
    values += (tuple(context["request"].course.coming),)
    # A remark is of this minute and of one learner, so nobody meets such an outline again.
    return outline_html.__wrapped__(*values, remarks) if remarks else outline_html(*values)


# Who reads in order meets the outlines that everybody before them has met.
@kept(most=600)
def outline_html(outline, done, started, unit_id, lesson_id, address, coming=(), remarks=None):
    """The outline as HTML: a pure function of what is in it."""
    overview = Overview(outline, done, started)
    context = {
        "address": address,
        "overview": overview,
        "here": unit_id,
        "coming": coming,
        "standing": next((unit for unit in overview.units if unit.id == unit_id), None),
        "section": paths.position_of(overview.units, unit_id),
        "lessons": [(lesson, overview.state_of(lesson), lesson.id == lesson_id) for lesson in outline.lessons],
        "remarks": remarks or {},
    }
    return render_to_string("progress/_outline.html", context)


@register.inclusion_tag("progress/_next.html", takes_context=True)
def next_bar(context, unit):
    """The bar under a unit: what comes next, and the one button that says so."""
    overview = overview_of(context)
    return {
        "csrf_token": context.get("csrf_token"),
        "course": context["request"].course,
        "address": lessons_address(context),
        "unit": unit,
        "done": unit.id in overview.done,
        "proven": unit.kind in completion.PROVEN,
        "following": paths.next_after(overview.units, unit.id),
    }


@register.inclusion_tag("progress/_way_in.html", takes_context=True)
def way_in(context, lesson=None):
    """The primary action of a course or lesson page: create an account, join, start or continue."""
    request, overview = context["request"], overview_of(context)
    units = overview.units if lesson is None else [unit for unit in overview.units if unit.lesson_id == lesson.pk]
    stop = last = None
    if request.enrolment:
        last = overviews.last_position(request)
        stop = paths.stop(units, overview.done, last_unit=last.unit_id, last_anchor=last.anchor)
    return {
        "csrf_token": context.get("csrf_token"),
        "user": request.user,
        "course": request.course,
        "enrolment": request.enrolment,
        "address": lessons_address(context),
        "lesson": lesson,
        "stop": stop,
        "started": any(unit.id in overview.done | overview.started for unit in units)
        or bool(stop and last.unit_id == stop.unit.id),
    }
