"""Taking a check: its front, one attempt, the review before sending, the result."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from quizzes import answering, attempts, lookups, pages
from quizzes.models import Attempt, QuizVersion


def posted(page):
    """For addresses that only take a form: after signing in anew the browser comes by GET and is led to `page`."""

    def decorate(view):
        @wraps(view)
        def checked(request, **kwargs):
            if request.method != "POST":
                return redirect(page, *kwargs.values())
            return view(request, **kwargs)

        return checked

    return decorate


def _rules(request, number):
    """The rules in force of the check of a lesson."""
    version = (
        QuizVersion.objects.current()
        .filter(quiz__unit__lesson__course=request.course, quiz__unit__lesson__number=number)
        .filter(quiz__unit__retired_at__isnull=True)
        .select_related("quiz__unit__lesson")
        .order_by("quiz__unit__position")
        .first()
    )
    if version is None:
        raise Http404(_("This lesson has no check."))
    version.quiz.unit.lesson.course = request.course
    return version


def _attempt(request, uuid):
    """The learner's own attempt, closed first if its time is over."""
    own = lookups.attempt(request.enrolment, uuid)
    if own is None:
        raise Http404(_("There is no such attempt."))
    return attempts.settle(attempt=own, as_of=timezone.now())


@require_GET
def front(request, course, number):
    """The rules of a check in words, the earlier attempts, and the way in."""
    version = _rules(request, number)
    return render(request, "quizzes/front.html", pages.front(version, request.enrolment, at=timezone.now()))


@posted("quizzes:front")
def start(request, course, number):
    """Start an attempt, or go on with the open one."""
    version = _rules(request, number)
    try:
        attempt = attempts.start(enrolment=request.enrolment, quiz=version.quiz, at=timezone.now())
    except attempts.AttemptRefused as refused:
        messages.warning(request, str(refused))
        return redirect("quizzes:front", course, number)
    return redirect("quizzes:attempt", course, attempt.uuid)


@require_GET
def attempt(request, course, uuid):
    """One question (`?q=4`) of an open attempt, or all of them; without a number the first that has no answer."""
    own = _attempt(request, uuid)
    if not own.is_open:
        return redirect("quizzes:result", course, uuid)
    return render(request, "quizzes/attempt.html", pages.attempt(own, request.GET.get("q", "")))


@posted("quizzes:attempt")
def save(request, course, uuid):
    """Store the answers of a form and go where its button leads; autosave asks for JSON and stays."""
    outcome = answering.save(request.enrolment, uuid, request.POST, at=timezone.now())
    if request.accepts("text/html"):
        return _saved_page(request, course, uuid, outcome)
    return JsonResponse(outcome.as_json, status=outcome.status)


def _saved_page(request, course, uuid, outcome):
    if outcome.status == 200:
        return redirect(pages.after_saving(course, uuid, request.POST))
    own = _attempt(request, uuid)
    template, context = pages.refused(own, outcome)
    return render(request, template, context, status=outcome.status)


@require_GET
def review(request, course, uuid):
    """Which questions have an answer, before sending."""
    own = _attempt(request, uuid)
    if not own.is_open:
        return redirect("quizzes:result", course, uuid)
    return render(request, "quizzes/review.html", pages.review(own))


@posted("quizzes:review")
def submit(request, course, uuid):
    """Close the learner's own attempt and show the result; sending twice is sending once."""
    own = _attempt(request, uuid)
    attempts.close(attempt=own, as_of=timezone.now(), by=Attempt.ClosedBy.LEARNER)
    return redirect("quizzes:result", course, uuid)


@require_GET
def result(request, course, uuid):
    """The score in a sentence, then what the feedback policy releases."""
    own = _attempt(request, uuid)
    if own.is_open:
        return redirect("quizzes:attempt", course, uuid)
    return render(request, "quizzes/result.html", pages.result(own, at=timezone.now()))
