"""What other pages say of attempts that are not finished: the open ones, and those that a person still reads."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import moments
from database.prepared import Prepared
from lessons import durations
from lessons.models import Unit
from lessons.reader.frames import hole
from lessons.templatetags.lessons import title_end
from progress import overviews
from progress.templatetags.progress import outline_of
from quizzes.attempts import starting, timing
from quizzes.models import Attempt

register = template.Library()

DAY = timedelta(days=1)
UNFINISHED = Prepared(
    lambda enrolment: (
        Attempt.objects.filter(enrolment=enrolment, state__in=[Attempt.State.OPEN, Attempt.State.AWAITING_REVIEW])
        .with_title()
        .order_by("submitted_at", "started_at")
        .values_list(
            *("title", "uuid", "number", "state", "deadline_at", "submitted_at"),
            *("quiz__unit_id", "quiz__unit__lesson_id"),
        )[:20]
    ),
    enrolment=int,
)


class Unfinished(NamedTuple):
    """One attempt that is open or waits for its reader."""

    title: str
    uuid: UUID
    number: int
    state: str
    deadline_at: datetime | None
    submitted_at: datetime | None
    unit_id: int
    lesson_id: int

    def words(self, *, at: datetime) -> str:
        """That it is open, and how long: "attempt 2 is open, 42 min left"."""
        sentence = _("attempt %(number)d is open") % {"number": self.number}
        if self.deadline_at is None:
            return sentence
        if self.deadline_at - at <= DAY:
            left = durations.left(timing.seconds_left(self.deadline_at, at=at) or 0)
        else:
            left = _("until %(time)s") % {"time": moments.words(self.deadline_at, "j F, H:i")}
        return f"{sentence}, {left}"


@register.inclusion_tag("quizzes/_unfinished.html", takes_context=True)
def unfinished_attempts(context, lesson=None, *, comes_first=False):
    """The attempts of the learner that are open or wait for a reader, in one lesson or in all; nothing without one.

    The first that is open holds the main button of the page where it comes first.
    """
    request = context["request"]
    now = timezone.now()
    attempts = [each for each in unfinished(request) if lesson is None or each.lesson_id == lesson.pk]
    return {
        "course": request.course,
        "comes_first": comes_first,
        "open": [
            {
                "title": each.title,
                "address": reverse("quizzes:attempt", args=[request.course.key, each.uuid]),
                "words": each.words(at=now),
            }
            for each in attempts
            if is_open(each, at=now)
        ],
        "waiting": [each._asdict() for each in attempts if each.state == Attempt.State.AWAITING_REVIEW],
    }


@register.inclusion_tag("quizzes/_exam_line.html", takes_context=True)
def exam_line(context):
    """One line about the exam, once every check is passed, with what keeps its learner from starting it now.

    None while an attempt at it is open: that is told by itself, and this line would invite to what has begun.
    """
    request = context["request"]
    overview = overviews.of(request, outline=context.get("outline"))
    exam = overview.outline.exam
    is_running = exam and any(
        each.unit_id == exam.id and each.state == Attempt.State.OPEN for each in unfinished(request)
    )
    if exam is None or overview.checks_to_pass or is_running:
        return {"exam": None}
    passed = exam.id in overview.done
    return {
        "exam": exam,
        "course": request.course,
        "passed": passed,
        "refusal": "" if passed else refusal(request, exam),
        # Cut, as everywhere: 74.99 is not 75.
        "percent": int(overview.percents[exam.id]) if exam.id in overview.percents else None,
    }


@register.simple_tag(takes_context=True)
def refused(context, unit):
    """Why the learner cannot start a unit of the outline now, "" when they can: only quizzes refuse, and none whose
    attempt is open."""
    request = context["request"]
    is_running = any(each.unit_id == unit.id and each.state == Attempt.State.OPEN for each in unfinished(request))
    if unit.kind != Unit.Kind.QUIZ or is_running:
        return ""
    return refusal(request, unit)


def refusal(request, unit):
    """Why the request's learner cannot start a quiz of the outline now, "" when they can."""
    to_pass = [check.id for check in overviews.of(request).checks_to_pass]
    return starting.refused(request.enrolment, unit.id, to_pass=to_pass, at=timezone.now())


@register.simple_tag(takes_context=True)
def quiz_title_end(context, is_exam, title):
    """What follows the title of a page of a quiz: its lesson, as the titles of checks are alike; none at an exam."""
    return title_end(context, None if is_exam else context["lesson"].number, title)


@register.simple_tag(takes_context=True)
def outline_with_attempts(context, unit):
    """The outline beside a unit, which says of units with an open attempt of the learner how long it is open."""
    return hole(context, lambda request: outline_of(request, unit, open_attempts(request)))


@register.simple_tag(takes_context=True, name="open_attempts")
def open_attempts_of_page(context):
    """The same for the whole page, see `open_attempts`."""
    return open_attempts(context["request"])


def open_attempts(request):
    """What is said of units with an open attempt of the learner, by their id."""
    now = timezone.now()
    return {attempt.unit_id: attempt.words(at=now) for attempt in unfinished(request) if is_open(attempt, at=now)}


def is_open(attempt: Unfinished, *, at: datetime) -> bool:
    """Whether answers are still taken from its learner; an attempt whose time is over is about to be sent."""
    return attempt.state == Attempt.State.OPEN and (attempt.deadline_at is None or attempt.deadline_at > at)


def unfinished(request) -> list[Unfinished]:
    """Those of the request's learner, read once for all parts of a page; none for a visitor."""
    if not hasattr(request, "unfinished_attempts"):
        rows = UNFINISHED(enrolment=request.enrolment.pk) if request.enrolment else []
        request.unfinished_attempts = [Unfinished(*row) for row in rows]
    return request.unfinished_attempts
