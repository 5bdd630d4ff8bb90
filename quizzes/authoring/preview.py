"""A question as a learner sees it, and explained with its key, before anybody was asked it. For authors only."""

import random
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from quizzes.asking import explanation, items, presentation, release
from quizzes.models import Attempt, AttemptItem, ItemScore, QuestionVersion
from quizzes.questions import numbers, scoring
from quizzes.questions.types.base import Mistake


@dataclass(frozen=True)
class Looks:
    """A version as a learner sees it, and with its key. `numbers` are those of one draw, by parameter."""

    asked: presentation.Asked
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
    asked = presentation.asked(item)
    item.response.answer = right_answer(item)
    score = ItemScore.of(scoring.ONE, item=item, points=item.points, worth=item.points)
    language = item.attempt.language
    return Looks(
        asked=asked,
        explained=explanation.explained(score, release.EVERYTHING),
        numbers=[(name, numbers.write(value, language=language)) for name, value in item.parameters.items()],
        mistakes=version.kind.mistakes(presentation.put(item)),
        keeps_order=version.kind.keeps_order(version.stem, version.body),
    )


def right_answer(item: AttemptItem) -> Any:
    """The answer that the key wants; None for a long text, which has none."""
    return item.question_version.kind.right(presentation.put(item))
