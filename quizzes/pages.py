"""What the pages of a check show: read queries and plain values for the templates, a fixed number of queries each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.models import Enrolment
from lessons.models import Lesson, UnitVersion
from quizzes import attempts, lookups, presenting, results, timing
from quizzes.answering import Outcome, is_position, saved_at_in_words
from quizzes.lookups import State
from quizzes.models import Attempt, AttemptItem, QuizVersion, Response

Context = dict[str, Any]
#: More earlier attempts than this are not listed on the front page.
LISTED = 20


def front(version: QuizVersion, enrolment: Enrolment, *, at: datetime) -> Context:
    """The rules, and how this learner stands with the check."""
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
    return {
        "unit": unit,
        "lesson": unit.lesson,
        "page": page,
        "version": version,
        "count": _drawn_count(version),
        "open": next((each for each in mine if each.is_open), None),
        "earlier": [each for each in mine if not each.is_open][:LISTED],
        "passed": any(each.passed for each in mine),
        "left": attempts.attempts_left(version, mine, extra=extra),
        "refusal": attempts.refusal(
            version, mine, at=at, extra=extra, missing=attempts.missing_checks(version, enrolment)
        ),
        "minutes_allowed": version.minutes_allowed(enrolment.time_factor),
        "closes_at": timing.window_end(version, extra),
    }


def _drawn_count(version: QuizVersion) -> int:
    """How many questions an attempt has: what each slot draws, at most what it has."""
    live = Count(
        "members",
        filter=Q(members__question__retired_at__isnull=True, members__question__versions__state="current"),
    )
    return sum(
        count if pick is None else min(pick, count)
        for pick, count in version.slots.annotate(live=live).values_list("pick", "live")
    )


def attempt(own: Attempt, wanted: str, *, given: dict[int, Any] | None = None) -> Context:
    """The page of an open attempt; `given` holds refused answers by position, to be shown again."""
    if own.quiz_version.one_page:
        shown = _items(own)
        states, steps = _states(shown), {}
    else:
        states = lookups.states(own)
        here = _wanted(states, wanted)
        shown = [lookups.to_show(own, here)]
        steps = _steps(here, len(states))
    return {
        **_head(own, states, current=steps.get("position")),
        **steps,
        "questions": [presenting.asked(item, given=(given or {}).get(item.position)) for item in shown],
    }


def _steps(position: int, count: int) -> Context:
    """The numbers of the questions before and after; 0 where there is none."""
    return {"position": position, "previous": position - 1, "next": 0 if position == count else position + 1}


def _items(own: Attempt) -> list[AttemptItem]:
    """All items of an attempt, with their questions as they are asked and their responses."""
    asked = own.items.select_related("question_version", "response").defer("question_version__stem")
    items = list(asked.order_by("position"))
    for item in items:
        item.attempt = own
    return items


def _states(items: list[AttemptItem]) -> list[State]:
    return [
        State(item.position, item.response.answer is not None, item.response.flagged, item.response.saved_at)
        for item in items
    ]


def _wanted(states: list[State], wanted: str) -> int:
    """The position of a number; without one, where the learner goes on: the first without an answer."""
    if not wanted:
        return next((state.position for state in states if not state.answered), states[0].position)
    for state in states:
        if str(state.position) == wanted:
            return state.position
    raise Http404(_("This check has no such question."))


def _head(own: Attempt, states: list[State], *, current: int | None = None) -> Context:
    """What stands above every page of an open attempt."""
    marks = [
        presenting.Mark(state.position, state.answered, state.flagged, current=state.position == current)
        for state in states
    ]
    saved = [state.saved_at for state in states if state.saved_at]
    return {
        "attempt": own,
        "unit": own.quiz.unit,
        "lesson": own.quiz.unit.lesson,
        "marks": marks,
        "count": len(marks),
        "answered": sum(mark.answered for mark in marks),
        "flagged": sum(mark.flagged for mark in marks),
        "status": saved_at_in_words(max(saved, default=None)),
    }


def after_saving(course: str, uuid: UUID, data: QueryDict) -> str:
    """Where a button of the attempt leads: to the question of its number, to the review, or back to its question."""
    then = data.get("save") or data.get("then", "")
    if then == "review":
        return reverse("quizzes:review", args=[course, uuid])
    pressed = next((name.partition("-")[0] for name in data if name.endswith(("-flagged", "-move"))), "")
    place = then if is_position(then) else pressed.removeprefix("q") or data.get("question", "")
    fragment = f"{pressed}-answer" if pressed else None
    return reverse("quizzes:attempt", args=[course, uuid], query={"q": place}, fragment=fragment)


def refused(own: Attempt, outcome: Outcome) -> tuple[str, Context]:
    """Template and context that say why nothing was saved, with what the learner sent."""
    if outcome.closed or not own.is_open:
        return "quizzes/closed.html", {"attempt": own, "lesson": own.quiz.unit.lesson, "outcome": outcome}
    if outcome.item and outcome.refused:
        return "quizzes/stale.html", _two_answers(own, outcome, outcome.item, outcome.refused.response)
    if not outcome.forms:
        return "quizzes/unknown.html", {"attempt": own, "lesson": own.quiz.unit.lesson, "outcome": outcome}
    given = {position: form.given for position, form in outcome.forms.items() if position in outcome.problems}
    first = next(iter(outcome.problems))
    return "quizzes/attempt.html", {**attempt(own, str(first), given=given), "problems": outcome.problems}


def _two_answers(own: Attempt, outcome: Outcome, item: AttemptItem, stored: Response) -> Context:
    """The answer of this window beside the newer one on the server."""
    item.attempt = own
    answer = outcome.forms[item.position].cleaned_data["answer"]
    return {
        "attempt": own,
        "lesson": own.quiz.unit.lesson,
        "question": presenting.asked(item),
        "server": stored,
        "server_answer": presenting.in_words(item, stored.answer),
        "own_answer": presenting.in_words(item, answer),
        "fields": presenting.as_fields(item, answer),
    }


def review(own: Attempt) -> Context:
    """Every question with its beginning and its state."""
    items = _items(own)
    head = _head(own, _states(items))
    return {
        **head,
        "rows": [(mark, presenting.stem(item)) for mark, item in zip(head["marks"], items, strict=True)],
        "missing": head["count"] - head["answered"],
    }


def result(own: Attempt, *, at: datetime) -> Context:
    """The score and what is released with it."""
    allowed = results.release(policy=own.quiz_version.feedback, closed=own.is_graded, passed=bool(own.passed))
    scores = results.scores_of(own) if allowed.answers else []
    reread = results.to_reread(scores) if allowed.key else []
    lines = _units(own, {score.item.question_version.unit_id for score in scores})
    context = {
        "attempt": own,
        "lesson": own.quiz.unit.lesson,
        "unit": own.quiz.unit,
        "shown": own.shown_percent,
        "allowed": allowed,
        "questions": [(each := results.explained(score, allowed), lines.get(each.unit_id)) for score in scores],
        "shares": results.by_competency(scores) if allowed.key else [],
        "reread": [lines[unit] for unit in reread if unit in lines],
    }
    if own.passed:
        return {**context, "next_lesson": _lesson_after(own.quiz.unit.lesson)}
    return {**context, **_another_go(own, at)}


def _units(own: Attempt, wanted: set[int | None]) -> dict[int, UnitVersion]:
    """Units to reread, as they are called today; by id."""
    if not wanted - {None}:
        return {}
    lines = {}
    for line in UnitVersion.objects.live(own.enrolment.course).filter(unit__in=wanted - {None}):
        line.unit.lesson.course = own.enrolment.course
        lines[line.unit_id] = line
    return lines


def _lesson_after(lesson: Lesson) -> Lesson | None:
    return Lesson.objects.filter(course=lesson.course, number__gt=lesson.number).order_by("number").first()


def _another_go(own: Attempt, at: datetime) -> Context:
    """May the learner try again, by the rules in force today."""
    version = QuizVersion.objects.current().filter(quiz=own.quiz_id).first()
    mine = list(Attempt.objects.of(own.enrolment).filter(quiz=own.quiz_id))
    if version is None:
        return {"refusal": _("This check is not open any more."), "left": 0}
    version.quiz = own.quiz
    extra = attempts.granted(own.enrolment, own.quiz)
    missing = attempts.missing_checks(version, own.enrolment)
    return {
        "refusal": attempts.refusal(version, mine, at=at, extra=extra, missing=missing),
        "left": attempts.attempts_left(version, mine, extra=extra),
    }
