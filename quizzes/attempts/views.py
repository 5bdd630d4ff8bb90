"""Taking a check: its front, one attempt, the review before sending, the result."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.form_address import form_address
from lessons.opening import found_first, outlasts_publishing
from progress import overviews
from quizzes import attempts
from quizzes.attempts import (
    answering,
    answers_file,
    framed_page,
    front_page,
    lookups,
    open_page,
    pages,
    result_page,
    standing,
    timing,
)
from quizzes.attempts.forms import StartForm
from quizzes.models import Attempt


def _rules(request, number, key):
    """The rules in force of the quiz at this address, see `standing.rules`."""
    version = standing.rules(request.course, number=number, key=key)
    if version is None:
        raise Http404(_("This course has no exam.") if number is None else _("This lesson has no check."))
    return version


def _attempt(request, uuid):
    """The learner's own attempt, closed first if its time is over."""
    attempt = lookups.attempt(request.enrolment, uuid)
    if attempt is None:
        raise Http404(_("There is no such attempt."))
    return attempts.settle(attempt=attempt, as_of=timezone.now())


def _front(request, version, **values):
    return front_page.context(version, request.enrolment, overview=overviews.of(request), **values)


@found_first(lambda course, **address: standing.rules(course, **address) is not None)
@require_GET
def front(request, course, number=None, key=""):
    """The rules of a check or of the exam in words, the earlier attempts, and the way in."""
    try:
        version = _rules(request, number, key)
    except Http404:
        # The check was taken out of the course; who is inside goes on.
        if running := lookups.running(request.enrolment, number=number, key=key):
            return redirect(running)
        raise
    if version.quiz.is_exam and number:
        return redirect(version.quiz)
    return render(request, "quizzes/front.html", _front(request, version, at=timezone.now()))


@form_address("quizzes:front")
def start(request, course, number=None, key=""):
    """Start an attempt, or go on with the open one."""
    version, now = _rules(request, number, key), timezone.now()
    form = StartForm(timing.factors(version, time_factor=request.enrolment.time_factor), request.POST)
    if not form.is_valid():
        context = _front(request, version, at=now, form=form)
        return render(request, "quizzes/front.html", context, status=400)
    try:
        attempt = attempts.start(enrolment=request.enrolment, quiz=version.quiz, at=now, time_factor=form.chosen)
    except attempts.AttemptRefused as refused:
        messages.warning(request, str(refused))
        return redirect(version.quiz)
    return redirect("quizzes:attempt", course, attempt.uuid)


@outlasts_publishing
@require_GET
def attempt(request, course, uuid):
    """One question (`?q=4`) of an open attempt, or all of them; without a number the first that has no answer."""
    attempt = _attempt(request, uuid)
    if not attempt.is_open:
        return redirect("quizzes:result", course, uuid)
    page = open_page.context(attempt, request.GET.get("q", ""), at=timezone.now())
    if framed := framed_page.html(request, page):
        return HttpResponse(framed)
    return render(request, framed_page.TEMPLATE, page)


@outlasts_publishing
@form_address("quizzes:attempt")
def save(request, course, uuid):
    """Store the answers of a form and go where its button leads; autosave asks for JSON and stays."""
    outcome = answering.save(request.enrolment, uuid, request.POST, at=timezone.now())
    if request.accepts("text/html"):
        return _saved_page(request, course, uuid, outcome)
    return JsonResponse(outcome.as_json, status=outcome.status)


def _saved_page(request, course, uuid, outcome):
    if outcome.status == 200:
        return redirect(pages.after_saving(course, uuid, request.POST))
    attempt = _attempt(request, uuid)
    template, context = pages.refused(attempt, outcome, at=timezone.now())
    return render(request, template, context, status=outcome.status)


@outlasts_publishing
@require_GET
def clock(request, course, uuid):
    """How much time is left, for a page that was asleep; a person is led to the attempt."""
    attempt = _attempt(request, uuid)
    if request.accepts("text/html"):
        return redirect("quizzes:attempt", course, uuid)
    return JsonResponse(answering.clock(attempt, at=timezone.now()) | {"open": attempt.is_open})


@outlasts_publishing
@require_GET
def answers_text(request, course, uuid):
    """What is stored of the learner's own answers, as a text file; after sending, as far as the result shows them."""
    attempt = _attempt(request, uuid)
    if not pages.shows_answers(attempt):
        return redirect("quizzes:result", course, uuid)
    text = answers_file.text(attempt, open_page.items(attempt))
    headers = {"Content-Disposition": f'attachment; filename="{answers_file.name(attempt, "saved")}"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@outlasts_publishing
@require_GET
def before_sending(request, course, uuid):
    """Which questions have an answer, before sending."""
    attempt = _attempt(request, uuid)
    if not attempt.is_open:
        return redirect("quizzes:result", course, uuid)
    return render(request, "quizzes/review.html", pages.before_sending(attempt, at=timezone.now()))


@outlasts_publishing
@form_address("quizzes:review")
def submit(request, course, uuid):
    """Close the learner's own attempt and show the result; sending twice is sending once."""
    attempt, now = _attempt(request, uuid), timezone.now()
    over = attempt.time_is_over(at=now)
    attempts.close(attempt=attempt, as_of=now, by=Attempt.ClosedBy.DEADLINE if over else Attempt.ClosedBy.LEARNER)
    return redirect("quizzes:result", course, uuid)


@outlasts_publishing
@require_GET
def result(request, course, uuid):
    """The score in a sentence, then what the feedback policy releases."""
    attempt = _attempt(request, uuid)
    if attempt.is_open:
        return redirect("quizzes:attempt", course, uuid)
    return render(request, "quizzes/result.html", result_page.context(attempt, at=timezone.now()))
