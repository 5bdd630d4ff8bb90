"""What pages of the course show about their learner: the outline with its ticks, the next step, the way in."""

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lessons import durations
from lessons.reader.frames import frame, hole
from lessons.reader.remembered import remembered
from lessons.templatetags.lessons import for_certificate
from lessons.templatetags.page import part_html
from progress import completion, overviews, paths
from progress.overviews import Overview

register = template.Library()


def overview_of(context):
    """The overview of the page's learner, read once for all tags of a page."""
    return overviews.of(context["request"], outline=context.get("outline"))


def lessons_address(context):
    """The address below which every lesson and unit stands; one reverse() instead of one for each link."""
    return address_of(context["request"].course)


def address_of(course):
    return _address(course.key)


@remembered(most=8)
def _address(key):
    return reverse("lessons:lessons", args=[key])


@register.filter
def of_unit(remarks, unit):
    """What `remarks`, by id, say of a unit; None without one."""
    return remarks.get(unit.id)


@register.simple_tag(takes_context=True)
def overview(context):
    """The learner's overview (for a visitor the bare outline), see progress.overviews."""
    return overview_of(context)


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
def greeting_here(context):
    """How the learner is greeted, by their name where it is known."""
    return hole(context, greeting_of)


def greeting_of(request):
    words = greeting(timezone.localtime().hour)
    return f"{words}, {request.user.get_short_name()}." if request.user.name else f"{words}."


def greeting(hour):
    """What one says to somebody at an hour of their day, 0 to 23; in the night nothing of the hour."""
    if hour < 5:
        return _("Hello")
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")


@register.filter
def standing(lesson):
    """How far one is with a lesson as `described`: "2 of 9 sections · Check: 80 of 100"; before the first its time."""
    if lesson["state"] == "done":
        standing = _("Finished")
    elif lesson["state"] == "half":
        done, required = lesson["units_done"], lesson["units_required"]
        words = ngettext("%(done)s of %(counter)s section", "%(done)s of %(counter)s sections", required)
        standing = words % {"done": done, "counter": required}
    else:
        standing = durations.exactly(lesson["line"].minutes)
    if lesson["percent"] is None:
        return standing
    return f"{standing} · {_('Check: %(score)s of 100') % {'score': lesson['percent']}}"


def course_summary_of(request, remarks):
    """The course on the learner's home: what is done, what is left, lesson by lesson; `remarks` are those of the other
    lists."""
    overview = overviews.of(request)
    percents = tuple(sorted(overview.percents.items()))
    done, started = frozenset(overview.done), begun(request, overview, remarks)
    return course_summary_html(overview.outline, done, started, percents, address_of(request.course))


def begun(request, overview, remarks):
    """The units at which the learner has begun, by what they did, by where they were last and by what is open."""
    return overview.started_or_begun({overviews.last_position(request).unit_id, *remarks} - {None})


@remembered(most=200)
def course_summary_html(outline, done, started, percents, address):
    """The summary as HTML: a pure function of what is in it."""
    overview = Overview(outline, done, started, dict(percents))
    lines = [described(line, overview) for line in outline.lessons]
    return render_to_string("progress/_course_summary.html", {"overview": overview, "lines": lines, "address": address})


@register.simple_tag(takes_context=True)
def next_to_do(context):
    """The first required unit that is not done, wherever its learner has looked since; nothing where the way on leads
    there already, nor for a visitor.
    """
    return hole(context, next_to_do_of)


def next_to_do_of(request):
    overview, stop = overviews.of(request), overviews.stop(request)
    unit = paths.first_incomplete(overview.units, overview.done)
    if not (stop and unit) or unit.id == stop.unit.id:
        return ""
    return part_html("progress/_to_do.html", (("unit", unit), ("address", address_of(request.course))))


@register.simple_tag(takes_context=True)
def section_of(context, unit):
    """Which section of its lesson a unit is: `.place` of `.count`."""
    units = context["outline"].units if "outline" in context else overview_of(context).units
    return paths.position_of(units, unit.id)


def place_in_words(unit, section, coming=()):
    """Where a unit stands in the course: "Lesson 2, section 3 of 9"; what no lesson needs is said to be so."""
    if section and section.place:
        place = {"number": unit.number, "place": section.place, "count": section.count}
        return _("Lesson %(number)s, section %(place)s of %(count)s") % place
    if unit.for_certificate:
        purpose = {"number": unit.number, "purpose": for_certificate(coming)}
        return mark_safe(_("Lesson %(number)s, %(purpose)s") % purpose)
    return _("Lesson %(number)s, optional section") % {"number": unit.number}


@register.simple_tag(takes_context=True)
def outline(context, unit):
    """The outline beside a unit: all lessons, and the sections of the unit's own lesson."""
    return hole(context, lambda request: outline_of(request, unit))


def outline_of(request, unit, remarks=None):
    """The outline as HTML; `remarks` says something of checks and exams by their id, beside their titles."""
    request.remarks = remarks or {}
    overview = overviews.of(request)
    started = overview.started_or_begun(request.remarks)
    values = (overview.outline, frozenset(overview.done), started, unit.id, unit.lesson_id)
    return _outline(*values, address_of(request.course), tuple(request.course.coming)).filled(request)


# Who reads in order meets the outlines that everybody before them has met.
@remembered(most=250)
def _outline(outline, done, started, unit_id, lesson_id, address, coming):
    """The outline as a frame, with a hole for a remark at every check of the lesson."""
    overview = Overview(outline, done, started)
    unit = next((unit for unit in overview.units if unit.id == unit_id), None)
    number = next((lesson.number for lesson in outline.lessons if lesson.id == lesson_id), None)
    if unit:
        place = place_in_words(unit, paths.position_of(overview.units, unit_id), coming)
    else:
        place = "" if number is None else _("Lesson %(number)s") % {"number": number}
    context = {
        "address": address,
        "overview": overview,
        "here": unit_id,
        "coming": coming,
        "place": place,
        "lessons": [(lesson, overview.state_of(lesson), lesson.id == lesson_id) for lesson in outline.lessons],
    }
    return frame("progress/_outline.html", context)


def lesson_list_of(request, remarks):
    """All lessons with their sections as HTML; `remarks` says something of checks and exams by their id."""
    request.remarks = remarks
    overview = overviews.of(request)
    done, started = frozenset(overview.done), begun(request, overview, remarks)
    percents = tuple(sorted(overview.percents.items()))
    values = (address_of(request.course), tuple(request.course.coming), bool(request.enrolment))
    return _lesson_list(overview.outline, done, started, percents, *values).filled(request)


@remembered(most=60)
def _lesson_list(outline, done, started, percents, address, coming, is_learner):
    """The list as a frame, with a hole for a remark at every check."""
    overview = Overview(outline, done, started, dict(percents))
    lines = [described(line, overview) for line in outline.lessons]
    values = {"lines": lines, "repeated": outline.repeated, "address": address, "coming": coming}
    return frame("progress/_lesson_list.html", {**values, "is_learner": is_learner})


@register.simple_tag(takes_context=True)
def remark_here(context, unit):
    """What is said of a unit beside its title in the outline."""
    return hole(context, lambda request: remark_html(request.remarks.get(unit.id)))


def remark_html(remark):
    return format_html('<span class="remark">{}</span>', remark) if remark else ""


@register.simple_tag(takes_context=True)
def next_bar(context, unit):
    """The bar under a unit: what comes next, and the one button that says so."""

    def bar(request):
        overview = overviews.of(request)
        values = (request.course.key, tuple(request.course.coming), unit, unit.id in overview.done)
        return _next(*values, paths.next_after(overview.units, unit.id)).filled(request)

    return hole(context, bar)


@remembered(most=200)
def _next(course, coming, unit, done, following):
    """The bar as a frame: its form has a token."""
    values = {"course": course, "coming": coming, "unit": unit, "done": done, "following": following}
    values |= {"proven": unit.kind in completion.PROVEN, "address": reverse("lessons:lessons", args=[course])}
    return frame("progress/_next.html", values)


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
