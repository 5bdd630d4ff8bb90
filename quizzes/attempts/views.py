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
from quizzes.attempts import answering, answers_file, front_page, lookups, pages, result_page, timing
from quizzes.attempts.forms import StartForm
from quizzes.models import Attempt


def _rules(request, number, key):
    """The rules in force of the quiz at this address, see `lookups.rules`."""
    version = lookups.rules(request.course, number=number, key=key)
    if version is None:
        raise Http404(_("This course has no exam.") if number is None else _("This lesson has no check."))
    return version


def _attempt(request, uuid):
    """The learner's own attempt, closed first if its time is over."""
    own = lookups.attempt(request.enrolment, uuid)
    if own is None:
        raise Http404(_("There is no such attempt."))
    return attempts.settle(attempt=own, as_of=timezone.now())


def _front(request, version, **given):
    return front_page.context(version, request.enrolment, overview=overviews.of(request), **given)


@found_first(lambda course, **address: lookups.rules(course, **address) is not None)
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
    form = StartForm(timing.factors(version, own=request.enrolment.time_factor), request.POST)
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
    own = _attempt(request, uuid)
    if not own.is_open:
        return redirect("quizzes:result", course, uuid)
    return render(request, "quizzes/attempt.html", pages.attempt(own, request.GET.get("q", ""), at=timezone.now()))


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
    own = _attempt(request, uuid)
    template, context = pages.refused(own, outcome, at=timezone.now())
    return render(request, template, context, status=outcome.status)


@outlasts_publishing
@require_GET
def clock(request, course, uuid):
    """How much time is left, for a page that was asleep; a person is led to the attempt."""
    own = _attempt(request, uuid)
    if request.accepts("text/html"):
        return redirect("quizzes:attempt", course, uuid)
    return JsonResponse(answering.clock(own, at=timezone.now()) | {"open": own.is_open})


@outlasts_publishing
@require_GET
def answers_text(request, course, uuid):
    """What is stored of the learner's own answers, as a text file; after sending, as far as the result shows them."""
    own = _attempt(request, uuid)
    if not pages.shows_answers(own):
        return redirect("quizzes:result", course, uuid)
    text = answers_file.text(own, pages.items(own))
    headers = {"Content-Disposition": f'attachment; filename="{answers_file.name(own, "saved")}"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@outlasts_publishing
@require_GET
def review(request, course, uuid):
    """Which questions have an answer, before sending."""
    own = _attempt(request, uuid)
    if not own.is_open:
        return redirect("quizzes:result", course, uuid)
    return render(request, "quizzes/review.html", pages.review(own, at=timezone.now()))


@outlasts_publishing
@form_address("quizzes:review")
def submit(request, course, uuid):
    """Close the learner's own attempt and show the result; sending twice is sending once."""
    own, now = _attempt(request, uuid), timezone.now()
    over = own.time_is_over(at=now)
    attempts.close(attempt=own, as_of=now, by=Attempt.ClosedBy.DEADLINE if over else Attempt.ClosedBy.LEARNER)
    return redirect("quizzes:result", course, uuid)


@outlasts_publishing
@require_GET
def result(request, course, uuid):
    """The score in a sentence, then what the feedback policy releases."""
    own = _attempt(request, uuid)
    if own.is_open:
        return redirect("quizzes:attempt", course, uuid)
    return render(request, "quizzes/result.html", result_page.context(own, at=timezone.now()))
