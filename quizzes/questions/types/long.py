"""A long text, which a person reads by a rubric."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from database.shapes import Either, Fields, Many, Nothing, Number
from lessons import markup
from quizzes.questions import keys
from quizzes.questions.types.answered import Answer, Body, Count, CountedAnswer, Put, Scored, numbered
from quizzes.questions.types.base import TEXT, TEXTS, NeedsReading, QuestionType, as_text, repeated
from quizzes.questions.types.texts import MOST_LONG, stored


class Criterion(NamedTuple):
    """One criterion of a rubric: its levels from weakest to strongest, and which one (from 1) was reached, if any."""

    title: str
    levels: Sequence[SafeString]
    reached: int | None = None


def rubric(body: Body, rendered: Mapping[str, Any], levels: Mapping[str, int] | None = None) -> list[Criterion]:
    """The criteria of a long text in their order, with the levels that a reader gave (by key) if one did."""
    html = rendered["criteria"]
    return [
        Criterion(part["title"], [mark_safe(level) for level in html[part["key"]]], (levels or {}).get(part["key"]))
        for part in body["criteria"]
    ]


def rubric_fraction(body: Body, levels: Mapping[str, int]) -> Fraction:
    """What a long text is worth, 0..1: the steps above the lowest level of each criterion that were
    reached, of all there are. `levels` gives for each criterion (by key) its level from 1. Raises ValueError.
    """
    criteria = {criterion["key"]: len(criterion["levels"]) for criterion in body["criteria"]}
    if set(levels) != set(criteria) or not all(1 <= levels[key] <= most for key, most in criteria.items()):
        raise ValueError("one level of each criterion is wanted, counted from 1")
    reached = sum(level - 1 for level in levels.values())
    return Fraction(reached, sum(most - 1 for most in criteria.values()))


class Long(QuestionType):
    key, label = "long", gettext_lazy("long text, read by a person")
    part = "criteria"
    question_template = result_template = "long"
    typed = True
    is_scored = False
    shape = {
        "criteria": Many(Fields(needed={"key": TEXT, "title": TEXT, "levels": TEXTS})),
        "points": Number(0, 100, whole=True),
        "most_words": Either((Nothing(), Number(0, 10_000, whole=True))),
        "model": TEXT,
    }

    def faults(self, question):
        yield from repeated("criteria", [criterion["title"] for criterion in question["criteria"]])
        for number, criterion in enumerate(question["criteria"], 1):
            yield from repeated(f"criteria.{number}", criterion["levels"])

    def keyed(self, identifier, body):
        return {**body, "criteria": [{"key": key, **part} for key, part in keys.lettered(body["criteria"])]}

    def html(self, question, body):
        return {
            "criteria": {part["key"]: [markup.inline(level) for level in part["levels"]] for part in body["criteria"]},
            "model": markup.blocks(body["model"]),
        }

    def points(self, body):
        return Decimal(body["points"])

    def hints(self, body):
        return {"most_words": body.get("most_words")}

    def as_stored(self, body: Body, answer: Any, language: str) -> Answer:
        return stored(answer, MOST_LONG)

    def in_words(self, put, answer):
        """One "line" with its line breaks."""
        return [as_text(answer)]

    def is_right(self, body, answer, parameters, language):
        raise NeedsReading

    def explain(self, put: Put, scored: Scored) -> dict[str, Any]:
        return {
            "rubric": rubric(put.body, put.rendered, scored.levels),
            "comment": scored.comment,
            # As secret as a key.
            "solution": mark_safe(put.rendered["model"]),
        }

    def tally(
        self,
        body: Body,
        rendered: Mapping[str, Any],
        key: Body,
        accepted: Sequence[Any],
        answers: Sequence[CountedAnswer] | None,
    ) -> list[Count]:
        """Each level of each criterion: how often readers gave it."""
        html, counts = rendered["criteria"], Counter(pair for each in answers or () for pair in each.levels.items())
        return [
            Count(
                format_html("{}: {}", criterion["title"], mark_safe(level)),
                letter=str(place),
                **numbered(counts[criterion["key"], place], answers),
            )
            for criterion in body["criteria"]
            for place, level in enumerate(html[criterion["key"]], 1)
        ]
