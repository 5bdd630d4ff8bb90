"""Practice: what is due today, one question after the other, and what the learner says of each."""

from django.contrib import messages
from django.core import signing
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.form_address import form_address
from quizzes.models import PracticeCard, PracticeReview
from quizzes.practice import cards as process
from quizzes.practice import pages


@require_GET
def practice(request, course):
    """How many questions are for today, or when one is due again."""
    return render(request, "quizzes/practice.html", pages.front(request.enrolment, at=timezone.now()))


@require_GET
def card(request, course):
    """One question; `?ticket=` says which one was asked already, and with `show` its answer stands under it."""
    if "ticket" in request.GET:
        return _asked_before(request, course)
    now = "now" in request.GET
    ticket, deck = pages.next_ticket(request.enrolment, at=timezone.now(), now=now)
    if ticket is None:
        return redirect("practice:practice", course)
    question = pages.question_of(request.enrolment, ticket)
    return render(request, "quizzes/practice_card.html", pages.card(question, deck) | {"now": now})


def _asked_before(request, course):
    ticket = _ticket(request.GET)
    if ticket is None:
        return _refused(request)
    question, now = pages.question_of(request.enrolment, ticket), "now" in request.GET
    if not pages.may_be_told(question):
        messages.info(request, _("That question was practised already, or it rests for now."))
        return _next(request.GET, course)
    form = pages.form_of(question, request.GET)
    if "show" in request.GET and form.is_valid():
        context = pages.answer(question, form, at=timezone.now())
        return render(request, "quizzes/practice_answer.html", context | {"now": now})
    deck = pages.deck_of(request.enrolment, at=timezone.now(), now=now)
    status, context = 200 if form.is_valid() else 400, pages.card(question, deck, form=form)
    return render(request, "quizzes/practice_card.html", context | {"now": now}, status=status)


@form_address("practice:practice")
def review(request, course):
    """Keep "Again" or "Got it" and go on; a form that is sent twice is one review."""
    ticket, rating = _ticket(request.POST), request.POST.get("rating")
    if ticket is None or rating not in PracticeReview.Rating.values:
        return _refused(request)
    try:
        process.review(enrolment=request.enrolment, **ticket._asdict(), rating=rating, at=timezone.now())
    except PracticeCard.DoesNotExist as nobody:
        raise Http404(_("There is no such question.")) from nobody
    return _next(request.POST, course)


def _next(data, course):
    """On to the next question: of today, or of what was just missed."""
    return redirect(reverse("practice:card", args=[course], query={"now": 1} if "now" in data else None))


def _ticket(data):
    """The ticket of a form, None when it was not made here."""
    try:
        return pages.Ticket.read(data.get("ticket", ""))
    except signing.BadSignature:
        return None


def _refused(request):
    context = pages.front(request.enrolment, at=timezone.now())
    problem = _("That form was not made here, so nothing was kept. Start again from this page.")
    return render(request, "quizzes/practice.html", context | {"problem": problem}, status=400)
