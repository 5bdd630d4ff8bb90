"""What other pages say of attempts that are not finished: the open ones, and those that a person still reads."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from accounts import moments
from database.prepared import Prepared
from lessons import durations
from lessons.models import Unit
from lessons.reader.frames import frame, hole
from lessons.reader.remembered import remembered
from lessons.templatetags.lessons import title_end
from progress import overviews, paths
from progress.templatetags.progress import address_of, course_summary_of, lesson_list_of, outline_of, place_in_words
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


@register.simple_tag(takes_context=True)
def unfinished_attempts(context, lesson=None, *, comes_first=False):
    """The attempts of the learner that are open or wait for a reader, in one lesson or in all; nothing without one.

    The first that is open holds the main button of the page where it comes first.
    """
    return hole(context, lambda request: unfinished_html(request, lesson, comes_first=comes_first))


def unfinished_html(request, lesson, *, comes_first):
    now = timezone.now()
    attempts = [each for each in unfinished(request) if lesson is None or each.lesson_id == lesson.pk]
    lines = []
    for each in attempts:
        if is_open(each, at=now):
            request.line = (reverse("quizzes:attempt", args=[request.course.key, each.uuid]), each.words(at=now))
            lines.append(_open_attempt(each.title, comes_first and not lines).filled(request))
    waiting = [each for each in attempts if each.state == Attempt.State.AWAITING_REVIEW]
    values = {"course": request.course}
    lines += [render_to_string("quizzes/_waiting_attempt.html", {**values, "attempt": each}) for each in waiting]
    return mark_safe("".join(lines))


# The quizzes of a course, each with and without the main button of the page.
@remembered(most=40)
def _open_attempt(title, has_button):
    """What is said of an open attempt, as a frame with holes for its address and its time left."""
    values = {"title": title, "has_button": has_button}
    address, words = (lambda request: request.line[0]), (lambda request: request.line[1])
    return frame("quizzes/_open_attempt.html", values, address=address, words=words)


@register.simple_tag(takes_context=True)
def way_on(context):
    """The learner's one way on from home: where they stopped, the next section, or that there is none."""
    return hole(context, way_on_of)


def way_on_of(request):
    overview, last, stop = overviews.of(request), overviews.last_position(request), overviews.stop(request)
    coming, place, minutes = request.course.coming, "", 0
    if stop:
        place = place_in_words(stop.unit, paths.position_of(overview.units, stop.unit.id), coming)
        of_lesson = [unit for unit in overview.units if unit.lesson_id == stop.unit.lesson_id]
        minutes = paths.minutes_left(of_lesson, overview.done)
    return way_on_html(
        address=address_of(request.course),
        stop=stop,
        place=place,
        first_minutes=minutes,
        refusal=refused(request, stop.unit) if stop else "",
        is_new=not overview.done and not overview.started and not last.unit_id,
        open=any(is_open(each, at=timezone.now()) for each in unfinished(request)),
        day=moments.words(last.completed_at, "j F Y") if last.completed_at else "",
        has_sections=bool(overview.units_required),
    )


def way_on_html(**values):
    return _way_on(tuple(values.items()))


# Who reads in order stops where everybody before them has stopped.
@remembered(most=300)
def _way_on(values):
    return render_to_string("quizzes/_way_on.html", dict(values))


@register.simple_tag(takes_context=True)
def exam_line(context):
    """One line about the exam, once every check is passed, with what keeps its learner from starting it now.

    None while an attempt at it is open: that is told by itself, and this line would invite to what has begun.
    """
    return hole(context, exam_line_of)


def exam_line_of(request):
    overview = overviews.of(request)
    exam = overview.outline.exam
    is_running = exam and any(
        each.unit_id == exam.id and each.state == Attempt.State.OPEN for each in unfinished(request)
    )
    if exam is None or overview.checks_to_pass or is_running:
        return ""
    passed = exam.id in overview.done
    values = {
        "exam": exam,
        "course": request.course,
        "passed": passed,
        "refusal": "" if passed else refusal(request, exam),
        # Cut, as everywhere: 74.99 is not 75.
        "percent": int(overview.percents[exam.id]) if exam.id in overview.percents else None,
    }
    return render_to_string("quizzes/_exam_line.html", values)


def refused(request, unit):
    """Why the learner cannot start a unit of the outline now, "" when they can: only quizzes refuse, and none whose
    attempt is open."""
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


@register.simple_tag(takes_context=True)
def lesson_list(context):
    """All lessons with their sections, and how long an attempt of the learner at one of them is open."""
    return hole(context, lambda request: lesson_list_of(request, open_attempts(request)))


@register.simple_tag(takes_context=True)
def course_summary(context):
    """The course on the learner's home, in which a lesson with an open attempt of theirs has begun."""
    return hole(context, lambda request: course_summary_of(request, open_attempts(request)))


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
