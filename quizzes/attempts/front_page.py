"""The front page of a check: its rules, and how this learner stands with it; a fixed number of queries."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.http import Http404
from django.utils.translation import gettext as _

from cohorts.models import Enrolment
from lessons import durations
from lessons.models import UnitVersion
from progress.overviews import Overview
from quizzes import attempts
from quizzes.asking import supply
from quizzes.attempts import competencies, timing
from quizzes.attempts.forms import StartForm
from quizzes.models import Attempt, QuizVersion
from quizzes.questions.types import READ

Context = dict[str, Any]
#: More earlier attempts than this are not listed on the front page.
LISTED = 20


def context(
    version: QuizVersion, enrolment: Enrolment, *, overview: Overview, at: datetime, form: StartForm | None = None
) -> Context:
    """The rules, and how this learner stands with the check; `form` is a refused choice of time.

    While an attempt is open its own rules are told, whatever was published since: they are the ones that hold for it.
    """
    unit = version.quiz.unit
    page = UnitVersion.objects.current().filter(unit=unit).defer("source", "blocks").first()
    if page is None:
        raise Http404(_("This lesson has no check."))
    mine = list(
        Attempt.objects.of(enrolment).filter(quiz=version.quiz).select_related("quiz_version").order_by("-number")
    )
    for each in mine:
        each.enrolment, each.quiz = enrolment, version.quiz
        attempts.settle(attempt=each, as_of=at)
    extra = attempts.granted(enrolment, version.quiz)
    running = next((each for each in mine if each.is_open), None)
    rules = _rules_told(version, running)
    required = version.requires_checks and running is None
    missing = [check for check in overview.checks_to_pass if check.id != unit.pk] if required else []
    finished = [each for each in mine if not each.is_open]
    count, is_read = _asked_by(running) if running else supply.asks(version)
    refusal = attempts.refusal(version, mine, at=at, extra=extra, missing=len(missing))
    return {
        "unit": unit,
        "lesson": unit.lesson,
        "page": page,
        "version": rules,
        "newer_rules": rules.pk != version.pk,
        "count": count,
        "is_read": is_read,
        "open": running,
        "earlier": finished[:LISTED],
        "passed": any(each.passed for each in mine),
        "left": attempts.attempts_left(rules, mine, extra=extra),
        "allowed": None if rules.attempts_allowed is None else rules.attempts_allowed + extra.attempts,
        "refusal": refusal or ("" if count else attempts.nothing_to_ask()),
        "missing": missing,
        "as_of": at,
        "checks_required": required,
        "cool_down": durations.as_set(rules.cool_down_minutes),
        "closes_at": timing.window_end(rules, extra),
        "form": form,
        **(_time_of(running, extra) if running else _time_rules(version, enrolment, extra)),
        "to_study": competencies.to_study(finished),
    }


def _asked_by(running: Attempt) -> tuple[int, bool]:
    """How many questions an open attempt has, and whether a person reads any of them."""
    long = Count("pk", filter=Q(question_version__type__in=READ))
    counts = running.items.aggregate(count=Count("pk"), long=long)
    return counts["count"], counts["long"] > 0


def _rules_told(version: QuizVersion, running: Attempt | None) -> QuizVersion:
    """The rules of the attempt that is open, else those in force."""
    if running is None:
        return version
    running.quiz_version.quiz = version.quiz
    return running.quiz_version


def _time_of(running: Attempt, extra: timing.Granted) -> Context:
    """The time limit of an open attempt, in the words of `_time_rules`; nothing is chosen any more."""
    factor = running.time_factor
    minutes = running.quiz_version.minutes_allowed(factor)
    if minutes is None or factor is None:
        return {"minutes_allowed": None, "times": []}
    return {"minutes_allowed": durations.as_set(minutes + extra.minutes), "limit_made_of": {}, "times": []}


def _time_rules(version: QuizVersion, enrolment: Enrolment, extra: timing.Granted) -> Context:
    """The time limit for this learner: `minutes_allowed` with all that `limit_made_of` says, and `times` to choose."""
    time_factor = enrolment.time_factor
    normal, allowed = version.minutes_allowed(timing.NORMAL), version.minutes_allowed(time_factor)
    if normal is None or allowed is None:
        return {"minutes_allowed": None, "times": []}
    chosen = StartForm(timing.factors(version, time_factor=time_factor)).factors
    return {
        "minutes_allowed": durations.as_set(allowed + extra.minutes),
        "limit_made_of": {
            "normal": durations.as_set(normal),
            "factor": None if time_factor == timing.NORMAL else time_factor.normalize(),
            "more": durations.as_set(Decimal(extra.minutes)) if extra.minutes else "",
        },
        "times": [
            (value, _time_in_words(version, factor, extra), factor == time_factor) for value, factor in chosen.items()
        ],
    }


def _time_in_words(version: QuizVersion, factor: Decimal | None, extra: timing.Granted) -> str:
    minutes = version.minutes_allowed(factor)
    return _("No limit") if minutes is None else durations.as_set(minutes + extra.minutes)
