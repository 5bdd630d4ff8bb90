"""A question as a learner sees it, and explained with its key, before anybody was asked it. For authors only."""

import random
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quizzes.asking import explanation, items, presentation, release
from quizzes.models import Attempt, AttemptItem, ItemScore, QuestionVersion
from quizzes.questions import choice_order, formulas, numbers, scoring

Type = QuestionVersion.Type


@dataclass(frozen=True)
class Mistake:
    """Something that learners get wrong: what they answer, which misconception that is, and what they are told."""

    answer: Any
    misconception: str
    feedback: Any


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
        mistakes=mistakes(item),
        keeps_order="choices" in version.body and choice_order.is_kept(version.stem, version.body),
    )


def right_answer(item: AttemptItem) -> Any:
    """The answer that the key wants; None for a long text, which has none."""
    body = item.question_version.body
    match item.question_version.type:
        case "single" | "scenario":
            return max(body["choices"], key=lambda choice: choice["score"])["key"]
        case "multiple":
            return [choice["key"] for choice in body["choices"] if choice["score"]]
        case "numeric":
            return scoring.shown_number(body, parameters=item.parameters, language=item.attempt.language)
        case "matching":
            return {pair["key"]: pair["right_key"] for pair in body["pairs"]}
        case "ordering":
            return [entry["key"] for entry in body["items"]]
        case "short":
            return body["accepted"][0]
    return None


def mistakes(item: AttemptItem) -> list[Mistake]:
    """Every named misconception with what leads to it, in written order."""
    version, body = item.question_version, item.question_version.body
    html, told = presentation.labels(item), version.rendered.get("feedback", {})
    if version.type in (Type.MATCHING, Type.ORDERING):
        wrong = _("told after every swap") if version.type == Type.MATCHING else _("told after every wrong order")
        extras = body.get("extras", [])
        return [
            Mistake(wrong, body["misconception"], ""),
            *(Mistake(html[part["key"]], part["misconception"], safe(told[part["key"]])) for part in extras),
        ]
    if "choices" in body:
        named = [choice for choice in body["choices"] if choice.get("misconception")]
        return [Mistake(html[part["key"]], part["misconception"], safe(told[part["key"]])) for part in named]
    answer = wrong_number if version.type == Type.NUMERIC else wrong_text
    return [
        Mistake(answer(item, part), part["misconception"], safe(version.rendered["mistakes"][place], values(item)))
        for place, part in enumerate(body.get("mistakes", []))
    ]


def wrong_number(item: AttemptItem, part: dict[str, Any]) -> str:
    return numbers.write(
        numbers.rounded(formulas.compute(part["formula"], item.parameters)), language=item.attempt.language
    )


def wrong_text(_item: AttemptItem, part: dict[str, Any]) -> str:
    return part["text"]


def values(item: AttemptItem) -> dict[str, Any]:
    """What stands for the placeholders of a numeric question; nothing for the others."""
    if item.question_version.type != Type.NUMERIC:
        return {}
    right = numbers.rounded(formulas.compute(item.question_version.body["formula"], item.parameters))
    return {**item.parameters, "answer": right}


def safe(html: str, numbers_: dict[str, Any] | None = None) -> presentation.SafeString:
    return presentation.filled(html, numbers_ or {}, get_language() or "en-gb")
