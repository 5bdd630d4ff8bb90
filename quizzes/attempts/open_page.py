"""What the page of an open attempt shows: one question or all, how far its learner is, and how much time is left."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import Http404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts import moments
from lessons import durations, outlines
from lessons.reader.remembered import remembered
from lessons.templatetags.page import part_html
from quizzes.asking import explanation, presentation, release
from quizzes.attempts import answering, answers_file, lookups
from quizzes.attempts.answering import saved_at_in_words
from quizzes.attempts.lookups import State
from quizzes.grading import in_force, runs
from quizzes.models import Attempt, AttemptItem, QuizVersion

Context = dict[str, Any]
#: Longer than this, in seconds, a page says when the time ends, not how much is left.
DAY = 24 * 60 * 60
#: What is shown of the time that is left: when it ends and how much it is, in words, in seconds, as a moment.
CLOCK = ("ends", "left", "seconds_left", "deadline")


def context(
    attempt: Attempt,
    wanted: str,
    *,
    at: datetime,
    refused: Mapping[int, Any] | None = None,
    problems: Mapping[int, str] | None = None,
) -> Context:
    """What the page shows of the question with the number `wanted`, or of all of a quiz on one page.

    `refused` holds refused answers by position, to be shown again, and `problems` why they were refused.
    """
    one_page, here = attempt.quiz_version.one_page, None
    if one_page:
        items_shown = items(attempt)
        states = states_of(items_shown)
    else:
        states = lookups.states(attempt)
        here = _wanted(states, wanted)
        items_shown = [lookups.to_show(attempt, here)]
    questions = [presentation.question_of(item, refused=(refused or {}).get(item.position)) for item in items_shown]
    questions, reread = _explained(attempt, items_shown, questions)
    values = {
        "attempt": attempt,
        "one_page": one_page,
        "problems": problems or {},
        "immediate": attempt.quiz_version.feedback == QuizVersion.Feedback.IMMEDIATE,
        "reread": reread,
    }
    return {
        **values,
        **head(attempt, states, at=at, current=here),
        **(steps(here, len(states)) if here else {}),
        "asked": mark_safe("".join(asked_html({**values, "question": question}) for question in questions)),
        "flag": "" if one_page else flag_html(questions[0]),
        "is_checked": all(question.checked for question in questions),
    }


def asked_html(values: Context) -> SafeString:
    """One question of the page, with its answer as far as there is one."""
    question = values["question"]
    flag = flag_html(question, one_page=True) if values["one_page"] else ""
    return render_to_string("quizzes/_question.html", {**values, "flag": flag})


def flag_html(question: presentation.AskedQuestion, *, one_page: bool = False) -> SafeString:
    """The button that flags a question for its review."""
    values = (("position", question.position), ("flagged", question.flagged), ("one_page", one_page))
    return part_html("quizzes/_flag.html", values)


def _explained(
    attempt: Attempt, items_shown: list[AttemptItem], questions: list[presentation.AskedQuestion]
) -> tuple[list[presentation.AskedQuestion], list[lookups.Reread]]:
    """The questions, explained where the learner has asked to see the key; and what to read again."""
    checked = [item for item in items_shown if item.response.checked_at]
    allowed = release.by_policy(policy=attempt.quiz_version.feedback, closed=False, passed=False, checked=bool(checked))
    if not checked or not allowed.key:
        return questions, []
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
    return (
        [replace(each, explained=explained.get(each.position)) for each in questions],
        [lines[unit] for unit in in_force.to_reread(scores.values()) if unit in lines],
    )


def steps(position: int, count: int) -> dict[str, int]:
    """The numbers of the questions before and after; 0 where there is none."""
    return {"position": position, "previous": position - 1, "next": 0 if position == count else position + 1}


def items(attempt: Attempt) -> list[AttemptItem]:
    """All items of an attempt, with their questions as they are asked and their responses."""
    rows = attempt.items.select_related("question_version", "response").defer("question_version__stem")
    items_in_order = list(rows.order_by("position"))
    for item in items_in_order:
        item.attempt = attempt
    return items_in_order


def states_of(items: list[AttemptItem]) -> list[State]:
    """How far the learner is with each of these."""
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


def head(attempt: Attempt, states: list[State], *, at: datetime, current: int | None = None) -> Context:
    """What stands on every page of an open attempt: addresses, how far its learner is, and how much time is left."""
    saved = [state.saved_at for state in states if state.saved_at]
    place = (attempt.quiz_version.one_page, tuple(state[:3] for state in states), current)
    return {
        **_clock(attempt, at),
        "attempt": attempt,
        "uuid": attempt.uuid,
        "address": attempt.get_absolute_url(),
        "answers_name": answers_file.name(attempt, "not-saved"),
        "unit": attempt.quiz.unit,
        "lesson": attempt.quiz.unit.lesson,
        "marks": _marks(*place),
        "count": len(states),
        "answered": sum(state.answered for state in states),
        "flagged": sum(state.flagged for state in states),
        "status": saved_at_in_words(max(saved, default=None)),
    }


# Who answers in order has the same list as everybody before them.
@remembered(most=200)
def _marks(one_page: bool, states: tuple[tuple[int, bool, bool], ...], current: int | None) -> SafeString:
    """The list of the questions, from (position, answered, flagged) of each."""
    marks = [presentation.Mark(*state, current=state[0] == current) for state in states]
    return mark_safe(
        "".join(
            f"<li>{part_html('quizzes/_mark.html', (('one_page', one_page), ('mark', mark)))}</li>" for mark in marks
        )
    )


def _clock(attempt: Attempt, at: datetime) -> Context:
    """When the time is over, in words, and for the last day how much is left; all empty without a limit."""
    if attempt.deadline_at is None:
        return dict.fromkeys(CLOCK, "")
    ends, now = timezone.localtime(attempt.deadline_at), timezone.localtime(at)
    words = moments.words(ends, "H:i")
    if ends.date() != now.date():
        words = _("%(time)s on %(date)s") % {"time": words, "date": moments.words(ends, "j F")}
    clock = answering.clock(attempt, at=at)
    left = durations.left(clock["left"]) if clock["left"] <= DAY else ""
    return {"ends": words, "left": left, "seconds_left": str(clock["left"]), "deadline": clock["deadline"]}
