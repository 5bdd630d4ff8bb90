"""What the pages around an open attempt show: plain values for the templates, a fixed number of queries each."""

from datetime import datetime
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from quizzes import attempts
from quizzes.asking import presentation, release
from quizzes.attempts import framed_page, open_page
from quizzes.attempts.answering import Outcome, is_position
from quizzes.attempts.open_page import Context
from quizzes.models import Attempt, AttemptItem, Response
from quizzes.questions import answers


def shows_answers(attempt: Attempt) -> bool:
    """Whether the learner may read the questions and their own answers: while it is open, then as the policy says."""
    return attempt.is_open or release.of(attempt).answers


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
    context = open_page.context(attempt, str(first), at=at, refused=answers, problems=outcome.problems)
    return framed_page.TEMPLATE, context


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
    questions = open_page.items(attempt)
    states = open_page.states_of(questions)
    head = open_page.head(attempt, states, at=at)
    return {
        **head,
        "one_page": attempt.quiz_version.one_page,
        "rows": [
            (state, presentation.stem(item), presentation.remark(item, item.response.answer))
            for state, item in zip(states, questions, strict=True)
        ],
        "missing": head["count"] - head["answered"],
    }
