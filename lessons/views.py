"""What is taught, page by page. The gate has already decided who may see a view (progress.middleware)."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lessons import checks
from lessons.models import Course, Lesson, Source, Term, Unit, UnitVersion
from lessons.opening import front_of_the_site, open_to_visitors


@front_of_the_site
@require_safe
def front(request):
    """The page at `/`: the only course, a choice of several, or words for the operator when there is none."""
    if request.course:
        return course(request, course=request.course.key)
    return render(request, "lessons/front.html", {"courses": Course.objects.published()})


@open_to_visitors
@require_safe
def course(request, course):
    """What the course promises, and the way in."""
    lessons = request.course.lessons.order_by("number")
    return render(request, "lessons/course.html", {"lessons": lessons})


@open_to_visitors
@require_safe
def lessons(request, course):
    """All lessons with their sections."""
    return render(request, "lessons/lessons.html")


@open_to_visitors
@require_safe
def lesson(request, course, number):
    """The front of a lesson: what one can do afterwards, questions to start with, and its sections."""
    lesson = get_object_or_404(Lesson, course=request.course, number=number)
    return render(request, "lessons/lesson.html", {"lesson": lesson})


@require_safe
def unit(request, course, number, key):
    """The reader. `?check=…&choice=…` answers one ungraded check; nothing is stored by reading."""
    version = get_object_or_404(
        UnitVersion.objects.current().select_related("unit__lesson").defer("source"),
        unit__lesson__course=request.course,
        unit__lesson__number=number,
        unit__key=key,
        unit__retired_at__isnull=True,
    )
    if version.unit.kind == Unit.Kind.QUIZ:
        return redirect("quizzes:front", course, number)
    version.unit.lesson.course = request.course
    problem = ""
    try:
        blocks = checks.shown(version.blocks, check=request.GET.get("check"), choice=request.GET.get("choice"))
    except checks.UnknownAnswer:
        problem = _("That answer does not belong to a question on this page. Nothing was changed; choose one below.")
        blocks = checks.shown(version.blocks, check=None, choice=None)
    context = {
        "unit": version.unit,
        "version": version,
        "blocks": blocks,
        "check_count": sum(block["kind"] == "check" for block in blocks),
        "terms": in_order(Term.objects.filter(course=request.course), version.terms),
        "sources": in_order(Source.objects.filter(course=request.course), version.sources),
        "problem": problem,
    }
    return render(request, "lessons/unit.html", context, status=400 if problem else 200)


@open_to_visitors
@require_safe
def terms(request, course):
    """Every word of the trade that the course defines."""
    return render(request, "lessons/terms.html", {"terms": request.course.terms.order_by("title")})


@open_to_visitors
@require_safe
def sources(request, course):
    """Everything the course cites, and what it may be cited for."""
    return render(request, "lessons/sources.html", {"sources": request.course.sources.order_by("position")})


@open_to_visitors
def not_found(request, exception=None):
    """The 404 page; below a published course it offers the outline instead of leaving one stranded."""
    course = Course.objects.published().filter(key=request.path.split("/")[1]).first()
    context = {"course": course, "outline": course.lessons.order_by("number") if course else ()}
    return render(request, "404.html", context, status=404)


def in_order(rows, keys):
    """The rows with these keys in the order of the keys; no query when there are none."""
    found = {row.key: row for row in rows.filter(key__in=keys)} if keys else {}
    return [found[key] for key in keys if key in found]
