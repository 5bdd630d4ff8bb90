"""What is taught, page by page. The gate has already decided who may see a view (progress.middleware)."""

from operator import attrgetter

from django.core.validators import slug_re
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lessons import alphabet, outlines
from lessons.models import Course, Lesson, Unit
from lessons.opening import found_first, front_of_the_site, open_to_visitors
from lessons.reader import page as reader
from lessons.reader.checks import UnknownAnswer


@front_of_the_site
@require_safe
def front(request):
    """The page at `/`: the only course, a choice of several, or words for the operator while there is none to open."""
    if request.course:
        return course(request, course=request.course.key)
    courses = list(Course.objects.published())
    return render(
        request, "lessons/front.html", {"courses": courses, "closed": not courses and Course.objects.exists()}
    )


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


@found_first(lambda course, number, key: outlines.of(course).find(number, key) is not None)
@require_safe
def unit(request, course, number, key):
    """The reader. `?check=…&choice=…` answers one ungraded check; nothing is stored by reading."""
    found = outlines.of(request.course).find(number, key)
    if found is None:
        raise Http404(_("There is no such section."))
    if found[1].kind == Unit.Kind.QUIZ:
        return redirect(reverse("lessons:lessons", args=[course]) + found[1].address)
    if not request.GET:
        return HttpResponse(reader.frame_of(request.course, request.course.revision, number, key).filled(request))
    try:
        context = reader.context(request.course, number, key, **answer(request.GET))
    except UnknownAnswer:
        problem = _("That answer does not belong to a question on this page. Nothing was changed; choose one below.")
        context = reader.context(request.course, number, key) | {"problem": problem}
    return render(request, "lessons/unit.html", context, status=400 if "problem" in context else 200)


@open_to_visitors
@require_safe
def terms(request, course):
    """Every word of the trade that the course defines, in the alphabet of its language."""
    letters = alphabet.by_letter(request.course.terms.all(), name=attrgetter("title"), language=request.course.language)
    return render(request, "lessons/terms.html", {"letters": letters})


@open_to_visitors
@require_safe
def sources(request, course):
    """Everything the sections cite, and how it was read; what it supports is a note for authors."""
    cited = reader.cited(request.course)
    listed = [source for source in request.course.sources.order_by("position") if source.key in cited]
    return render(request, "lessons/sources.html", {"sources": listed})


@open_to_visitors
def not_found(request, exception=None):
    """The 404 page; below a published course it offers the outline instead of leaving one stranded."""
    key = request.path.split("/")[1]
    # An address may hold what no key does and PostgreSQL refuses to look for.
    course = Course.objects.published().filter(key=key).first() if slug_re.fullmatch(key) else None
    context = {"course": course, "outline": course.lessons.order_by("number") if course else ()}
    return render(request, "404.html", context, status=404)


def answer(query):
    """Which ungraded check an address answers, and how."""
    return {"check": query.get("check"), "choice": query.get("choice")}
