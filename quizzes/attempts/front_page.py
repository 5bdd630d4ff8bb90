"""The front page of a check: its rules, and how this learner stands with it; a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.models import Enrolment
from database.prepared import Prepared
from lessons import durations
from lessons.outlines import UnitLine
from progress.overviews import Overview
from quizzes import attempts
from quizzes.asking import supply
from quizzes.attempts import competencies, standing, timing
from quizzes.attempts.forms import StartForm
from quizzes.models import Attempt, AttemptItem, QuizVersion
from quizzes.questions.types import READ

Context = dict[str, Any]
#: More earlier attempts than this are not listed on the front page.
LISTED = 20
_ASKED = Prepared(
    lambda attempt: (
        AttemptItem.objects.filter(attempt=attempt)
        .order_by()
        .values("attempt")
        .annotate(count=Count("pk"), read=Count("pk", filter=Q(question_version__type__in=READ)))
        .values_list("count", "read")
    ),
    attempt=int,
)


class LimitMadeOf(NamedTuple):
    """What a time limit comes from, in words: the normal time, the learner's factor, and what was granted."""

    normal: str
    factor: Decimal | None
    more: str


@dataclass(frozen=True)
class ToldRules:
    """All that the list of rules says: hashable, so that one list is rendered once for everybody who is told the same.

    `open` is the number of the attempt whose rules these are, where the rules have changed since; else 0.
    """

    open: int
    course: str
    count: int
    is_read: bool
    minutes: int
    missing: tuple[UnitLine, ...]
    checks_required: bool
    opens_at: datetime | None
    has_opened: bool
    closes_at: datetime | None
    has_closed: bool
    window: str
    zone: str
    has_times: bool
    minutes_allowed: str | None
    limit_made_of: LimitMadeOf | None
    pass_percent: Decimal
    floor_percent: Decimal | None
    keep: str
    left: int | None
    allowed: int | None
    cool_down: str
    feedback: str


def context(
    version: QuizVersion, enrolment: Enrolment, *, overview: Overview, at: datetime, form: StartForm | None = None
) -> Context:
    """The rules, and how this learner stands with the check; `form` is a refused choice of time.

    While an attempt is open its own rules are told, whatever was published since: they are the ones that hold for it.
    """
    unit = version.quiz.unit
    page = standing.page(unit.pk)
    if page is None:
        raise Http404(_("This lesson has no check."))
    mine = standing.attempts(enrolment, version.quiz)
    for each in mine:
        attempts.settle(attempt=each, as_of=at)
    running = next((each for each in mine if each.is_open), None)
    rules = running.quiz_version if running else version
    extra = standing.granted(enrolment, version.quiz, by=[rules, version])
    required = version.requires_checks and running is None
    missing = [check for check in overview.checks_to_pass if check.id != unit.pk] if required else []
    finished = [each for each in mine if not each.is_open]
    count, is_read = _asked_by(running) if running else supply.asks(version)[:2]
    refusal = attempts.refusal(version, mine, at=at, extra=extra, missing=len(missing))
    left = attempts.attempts_left(rules, mine, extra=extra)
    limit = _time_of(running, extra) if running else _time_rules(version, enrolment, extra)
    closes_at = timing.window_end(rules, extra)
    return {
        "unit": unit,
        "lesson": unit.lesson,
        "page": page,
        "version": version,
        "open": running,
        "earlier": finished[:LISTED],
        "passed": any(each.passed for each in mine),
        "left": left,
        "refusal": refusal or ("" if count else attempts.nothing_to_ask()),
        "missing": missing,
        "form": form,
        **limit,
        "to_study": competencies.to_study(finished),
        "rules": ToldRules(
            open=running.number if running and rules.pk != version.pk else 0,
            course=unit.lesson.course.key,
            count=count,
            is_read=is_read,
            minutes=page.minutes,
            missing=tuple(missing),
            checks_required=required,
            opens_at=rules.opens_at,
            has_opened=rules.opens_at is not None and rules.opens_at <= at,
            closes_at=closes_at,
            has_closed=closes_at is not None and closes_at <= at,
            window=rules.window,
            zone=timezone.get_current_timezone_name(),
            has_times=bool(limit["times"]),
            minutes_allowed=limit["minutes_allowed"],
            limit_made_of=limit["limit_made_of"],
            pass_percent=rules.pass_percent,
            floor_percent=rules.floor_percent,
            keep=rules.keep,
            left=left,
            allowed=None if rules.attempts_allowed is None else rules.attempts_allowed + extra.attempts,
            cool_down=durations.as_set(rules.cool_down_minutes),
            feedback=rules.feedback,
        ),
    }


def _asked_by(running: Attempt) -> tuple[int, bool]:
    """How many questions an open attempt has, and whether a person reads any of them."""
    ((count, read),) = _ASKED(attempt=running.pk)
    return count, read > 0


def _time_of(running: Attempt, extra: timing.Granted) -> Context:
    """The time limit of an open attempt, in the words of `_time_rules`; nothing is chosen any more."""
    factor = running.time_factor
    minutes = running.quiz_version.minutes_allowed(factor)
    if minutes is None or factor is None:
        return {"minutes_allowed": None, "limit_made_of": None, "times": []}
    return {"minutes_allowed": durations.as_set(minutes + extra.minutes), "limit_made_of": None, "times": []}


def _time_rules(version: QuizVersion, enrolment: Enrolment, extra: timing.Granted) -> Context:
    """The time limit for this learner: `minutes_allowed` with all that `limit_made_of` says, and `times` to choose."""
    time_factor = enrolment.time_factor
    normal, allowed = version.minutes_allowed(timing.NORMAL), version.minutes_allowed(time_factor)
    if normal is None or allowed is None:
        return {"minutes_allowed": None, "limit_made_of": None, "times": []}
    chosen = StartForm(timing.factors(version, time_factor=time_factor)).factors
    return {
        "minutes_allowed": durations.as_set(allowed + extra.minutes),
        "limit_made_of": LimitMadeOf(
            normal=durations.as_set(normal),
            factor=None if time_factor == timing.NORMAL else time_factor.normalize(),
            more=durations.as_set(Decimal(extra.minutes)) if extra.minutes else "",
        ),
        "times": [
            (value, _time_in_words(version, factor, extra), factor == time_factor) for value, factor in chosen.items()
        ],
    }


def _time_in_words(version: QuizVersion, factor: Decimal | None, extra: timing.Granted) -> str:
    minutes = version.minutes_allowed(factor)
    return _("No limit") if minutes is None else durations.as_set(minutes + extra.minutes)
