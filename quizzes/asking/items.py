"""A question as it is put to one learner: its wording, the order of its choices and its numbers."""

import random

from quizzes.models import Attempt, AttemptItem, QuestionVersion, Response
from quizzes.questions import draw


def item_of(question: QuestionVersion, *, attempt: Attempt, rng: random.Random, position: int = 1) -> AttemptItem:
    """A question as it would be put to a learner, with one draw of its order and numbers and no answer; not saved."""
    item = AttemptItem(
        attempt=attempt,
        position=position,
        question_version=question,
        choice_order=draw.order(question.type, question.body, rng=rng, stem=question.stem),
        parameters=draw.parameters(question.body, rng=rng),
        points=question.points,
    )
    item.response = Response(item=item)
    return item
