"""A question as a learner sees it, and explained with its key, before anybody was asked it. For authors only."""

import random
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language

from quizzes.asking import explanation, items, presentation, release
from quizzes.grading import in_force
from quizzes.models import Attempt, AttemptItem, ItemScore, QuestionVersion
from quizzes.questions import numbers, scoring
from quizzes.questions.types.base import Mistake


@dataclass(frozen=True)
class Looks:
    """A version as a learner sees it, and with its key. `numbers` are those of one draw, by parameter."""

    question: presentation.AskedQuestion
    explained: explanation.Explained
    numbers: list[tuple[str, str]]
    mistakes: list[Mistake]
    #: The choices stand in this order for everybody.
    keeps_order: bool = False


def looks(version: QuestionVersion, *, turn: int = 1) -> Looks:
    """A complete version, asked and explained with one draw of its order and numbers; another `turn`, another draw."""
    # A preview that is opened again shows the same draw.
    rng = random.Random(turn)  # noqa: S311 - nothing secret is drawn
    item = items.item_of(version, attempt=Attempt(language=get_language() or "en-gb"), rng=rng)
    question = presentation.question_of(item)
    score = ItemScore.of(scoring.ONE, item=item, points=item.points, worth=item.points)
    if not version.is_draft:
        # What is in use is explained by the key that counts today.
        in_force.correct([score])
    item.response.answer = right_answer(item)
    language = item.attempt.language
    return Looks(
        question=question,
        explained=explained_to_author(score),
        numbers=[(name, numbers.write(value, language=language)) for name, value in item.parameters.items()],
        mistakes=[each for each in version.kind.mistakes(presentation.put(item)) if not is_right_now(item, each)],
        keeps_order=version.kind.keeps_order(version.stem, version.body),
    )


def explained_to_author(score: ItemScore) -> explanation.Explained:
    """With its key; a text that a person reads has none, and so neither an answer nor points are shown."""
    explained = explanation.explained(score, release.EVERYTHING)
    return explained if score.item.question_version.kind.is_scored else replace(explained, points=None, worth=None)


def is_right_now(item: AttemptItem, mistake: Mistake) -> bool:
    """Whether what was written as a mistake counts as right since a correction."""
    version, language = item.question_version, item.attempt.language
    if "choices" in version.body:
        html = version.kind.labels(version.rendered)
        return any(html[each["key"]] == mistake.answer for each in version.body["choices"] if each["score"])
    if "pairs" in version.body or "items" in version.body:
        return False
    return (
        scoring.fraction(version.type, version.body, mistake.answer, parameters=item.parameters, language=language) == 1
    )


def right_answer(item: AttemptItem) -> Any:
    """The answer that the key wants; None for a long text, which has none."""
    return item.question_version.kind.right(presentation.put(item))
