"""What the pages of an open attempt show: plain values for the templates, a fixed number of queries each."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import moments
from lessons import durations, outlines
from quizzes import attempts
from quizzes.asking import explanation, presentation, release
from quizzes.attempts import answering, lookups
from quizzes.attempts.answering import Outcome, is_position, saved_at_in_words
from quizzes.attempts.lookups import State
from quizzes.grading import in_force, runs
from quizzes.models import Attempt, AttemptItem, QuizVersion, Response
from quizzes.questions import answers

Context = dict[str, Any]
#: Longer than this, in seconds, a page says when the time ends, not how much is left.
DAY = 24 * 60 * 60


def open_attempt(attempt: Attempt, wanted: str, *, at: datetime, refused: dict[int, Any] | None = None) -> Context:
    """The page of an open attempt; `refused` holds refused answers by position, to be shown again."""
    if attempt.quiz_version.one_page:
        items_shown = items(attempt)
        states, steps = _states(items_shown), {}
    else:
        states = lookups.states(attempt)
        here = _wanted(states, wanted)
        items_shown = [lookups.to_show(attempt, here)]
        steps = _steps(here, len(states))
    questions = [presentation.question_of(item, refused=(refused or {}).get(item.position)) for item in items_shown]
    return {
        **_head(attempt, states, at=at, current=steps.get("position")),
        **steps,
        "questions": questions,
        "immediate": attempt.quiz_version.feedback == QuizVersion.Feedback.IMMEDIATE,
        "nothing_to_save": all(each.checked for each in questions),
        **_checked(attempt, items_shown, questions),
    }


def _checked(attempt: Attempt, items_shown: list[AttemptItem], questions: list[presentation.AskedQuestion]) -> Context:
    """`questions` with what is explained already: items of which the learner has asked to see the key."""
    checked = [item for item in items_shown if item.response.checked_at]
    allowed = release.by_policy(policy=attempt.quiz_version.feedback, closed=False, passed=False, checked=bool(checked))
    if not checked or not allowed.key:
        return {}
    corrected = runs.corrections(item.question_version_id for item in checked)
    scores = {
        item.position: runs.score_of(
            item, language=attempt.language, rules=corrected.rules.get(item.question_version_id, ())
        )
        for item in checked
    }
    in_force.correct(list(scores.values()), by=corrected)
    course, units = attempt.enrolment.course, {item.question_version.unit_id for item in checked}
    lines = lookups.to_reread(outlines.of(course), course, units)
    explained = {place: explanation.explained(score, allowed) for place, score in scores.items()}
    return {
        "questions": [replace(each, explained=explained.get(each.position)) for each in questions],
        "reread": [lines[unit] for unit in in_force.to_reread(scores.values()) if unit in lines],
    }


def _steps(position: int, count: int) -> Context:
    """The numbers of the questions before and after; 0 where there is none."""
    return {"position": position, "previous": position - 1, "next": 0 if position == count else position + 1}


def items(attempt: Attempt) -> list[AttemptItem]:
    """All items of an attempt, with their questions as they are asked and their responses."""
    rows = attempt.items.select_related("question_version", "response").defer("question_version__stem")
    items_in_order = list(rows.order_by("position"))
    for item in items_in_order:
        item.attempt = attempt
    return items_in_order


def shows_answers(attempt: Attempt) -> bool:
    """Whether the learner may read the questions and their own answers: while it is open, then as the policy says."""
    return attempt.is_open or release.of(attempt).answers


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


def _head(attempt: Attempt, states: list[State], *, at: datetime, current: int | None = None) -> Context:
    """What stands above every page of an open attempt."""
    marks = [
        presentation.Mark(state.position, state.answered, state.flagged, current=state.position == current)
        for state in states
    ]
    saved = [state.saved_at for state in states if state.saved_at]
    return {
        **_clock(attempt, at),
        "attempt": attempt,
        "unit": attempt.quiz.unit,
        "lesson": attempt.quiz.unit.lesson,
        "marks": marks,
        "count": len(marks),
        "answered": sum(mark.answered for mark in marks),
        "flagged": sum(mark.flagged for mark in marks),
        "status": saved_at_in_words(max(saved, default=None)),
    }


def _clock(attempt: Attempt, at: datetime) -> Context:
    """When the time is over, in words, and for the last day how much is left."""
    if attempt.deadline_at is None:
        return {"ends": ""}
    ends, now = timezone.localtime(attempt.deadline_at), timezone.localtime(at)
    words = moments.words(ends, "H:i")
    if ends.date() != now.date():
        words = _("%(time)s on %(date)s") % {"time": words, "date": moments.words(ends, "j F")}
    clock = answering.clock(attempt, at=at)
    return {"ends": words, "clock": clock, "left": durations.left(clock["left"]) if clock["left"] <= DAY else ""}


def after_saving(course: str, uuid: UUID, data: QueryDict) -> str:
    """Where a button of the attempt leads: to the question of its number, to the review, or back to its question."""
    if is_position(place := data.get("check", "")):
        return reverse("quizzes:attempt", args=[course, uuid], query={"q": place}, fragment=f"q{place}-checked")
    then = data.get("save") or data.get("then", "")
    if then == "review":
        return reverse("quizzes:review", args=[course, uuid])
    names = (name.partition("-")[0] for name in data if name.endswith(("-flagged", "-move")))
    pressed = next((name for name in names if is_position(name.removeprefix("q"))), "")
    place = then if is_position(then) else pressed.removeprefix("q") or data.get("question", "")
    fragment = f"{pressed}-answer" if pressed else None
    return reverse("quizzes:attempt", args=[course, uuid], query={"q": place}, fragment=fragment)


def refused(attempt: Attempt, outcome: Outcome, *, at: datetime) -> tuple[str, Context]:
    """Template and context that say why nothing was saved, with what the learner sent."""
    if outcome.closed or not attempt.is_open:
        context = {"attempt": attempt, "lesson": attempt.quiz.unit.lesson, "outcome": outcome}
        return "quizzes/closed.html", context | {"unsaved": _unsaved(outcome)}
    if outcome.item and isinstance(outcome.refused, attempts.AnswerChecked):
        return "quizzes/unknown.html", {"attempt": attempt, "lesson": attempt.quiz.unit.lesson, "outcome": outcome}
    if outcome.item and outcome.refused:
        return "quizzes/stale.html", _two_answers(attempt, outcome, outcome.item, outcome.refused.response)
    if not outcome.forms:
        return "quizzes/unknown.html", {"attempt": attempt, "lesson": attempt.quiz.unit.lesson, "outcome": outcome}
    answers = {position: form.answer_sent for position, form in outcome.forms.items() if position in outcome.problems}
    first = next(iter(outcome.problems))
    context = open_attempt(attempt, str(first), at=at, refused=answers)
    return "quizzes/attempt.html", context | {"problems": outcome.problems}


def _unsaved(outcome: Outcome) -> list[tuple[int, str]]:
    """(position, text) of everything typed that came too late, so that its author can keep it elsewhere."""
    fields = []
    for form in outcome.forms.values():
        kind, body = form.item.question_version.kind, form.item.question_version.body
        stored = kind.texts(body, form.item.response.answer)
        texts = map(answers.written, kind.texts(body, form.read())) if kind.typed else ()
        fields += [(form.item.position, text) for text in texts if text and text not in stored]
    return fields


def _two_answers(attempt: Attempt, outcome: Outcome, item: AttemptItem, stored: Response) -> Context:
    """The answer of this window beside the newer one on the server."""
    item.attempt = attempt
    answer = outcome.forms[item.position].cleaned_data["answer"]
    return {
        "attempt": attempt,
        "lesson": attempt.quiz.unit.lesson,
        "question": presentation.question_of(item),
        "server": stored,
        "server_answer": presentation.in_words(item, stored.answer),
        "own_answer": presentation.in_words(item, answer),
        "fields": presentation.as_fields(item, answer),
    }


def before_sending(attempt: Attempt, *, at: datetime) -> Context:
    """Every question with its beginning and its state."""
    questions = items(attempt)
    head = _head(attempt, _states(questions), at=at)
    return {
        **head,
        "rows": [
            (mark, presentation.stem(item), presentation.remark(item, item.response.answer))
            for mark, item in zip(head["marks"], questions, strict=True)
        ],
        "missing": head["count"] - head["answered"],
    }
