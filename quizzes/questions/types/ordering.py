"""Items that are put in their order."""

import random
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from database.shapes import Fields, Many
from lessons import markup
from quizzes.questions import keys
from quizzes.questions.types.answered import Answer, Body, Count, CountedAnswer, Parts, Put, Scored, numbered
from quizzes.questions.types.base import (
    TEXT,
    TEXTS,
    AnswerRefused,
    Mistake,
    QuestionType,
    ResultLine,
    feedback,
    is_list_of_text,
    repeated,
)

ITEM = Fields(needed={"key": TEXT, "text": TEXT}, may={"feedback": TEXT, "misconception": TEXT})


def in_order(body: Body) -> list[str]:
    """Keys of the items in the right order."""
    return [item["key"] for item in body["items"]]


class Ordering(QuestionType):
    key, label = "ordering", gettext_lazy("ordering")
    part = choosable = "items"
    form = "sequence"
    question_template = result_template = "ordering"
    shape = {"items": Many(ITEM), "credit": TEXT, "misconception": TEXT}
    key_shape = {"order": TEXTS}

    def faults(self, question):
        yield from repeated("items", [item["text"] for item in question["items"]])

    def keyed(self, identifier, body):
        """Items have their keys in an order that only depends on their wording: a key tells nothing."""
        key_of = keys.shuffled_keys(identifier, [item["text"] for item in body["items"]])
        return {**body, "items": [{"key": key_of[item["text"]], **item} for item in body["items"]]}

    def html(self, question, body):
        items = sorted(body["items"], key=lambda item: item["key"])
        return {
            "items": {item["key"]: markup.inline(item["text"]) for item in items},
            "feedback": feedback(body["items"]),
        }

    def key_texts(self, question):
        return [item["text"] for item in question["items"]]

    def order(self, stem: str, body: Body, rng: random.Random) -> list[str]:
        """Never the right one to start with: leaving the items alone must not be an answer by luck."""
        order = in_order(body)
        rng.shuffle(order)
        return order[1:] + order[:1] if order == in_order(body) else order

    def order_shown(self, order, answer):
        return answer if isinstance(answer, list) and sorted(answer) == sorted(order) else order

    def as_stored(self, body: Body, answer: Any, language: str) -> Answer:
        known = in_order(body)
        if not is_list_of_text(answer):
            raise AnswerRefused(_("Give every item a place."))
        if not set(answer) <= set(known):
            raise AnswerRefused(_("This question has no such item. Order those shown."))
        if sorted(answer) != sorted(known):
            raise AnswerRefused(_("Give each item its own place."))
        return list(answer)

    def remark(self, put, answer):
        # Saving an order that was never touched is an answer; whoever overlooked it shall see so.
        return _("in the order in which it was shown") if answer == list(put.order) else ""

    def parts(self, body: Body, answer: Sequence[str]) -> Parts | None:
        """`neighbours`: the pairs of neighbours in the right order that stand so in the answer; `all`: all or nothing.
        Neighbours keep their worth when a whole stretch was put too late."""
        key = in_order(body)
        if body.get("credit") == "all" or len(key) < 2:
            return None
        return Parts(len(set(pairwise(key)) & set(pairwise(answer))), 0, len(key) - 1)

    def is_right(self, body, answer, parameters, language):
        return list(answer) == in_order(body)

    def counted(self, body: Body, counted: Parts) -> str:
        return ngettext(
            "%(right)s of %(of)s pairs of neighbours is in the right order.",
            "%(right)s of %(of)s pairs of neighbours are in the right order.",
            counted.right,
        )

    def right(self, put):
        return in_order(put.body)

    def rekeyed(self, body: Body, details: Mapping[str, Any]) -> Body:
        by_key = {item["key"]: item for item in body["items"]}
        if sorted(details["order"]) != sorted(by_key):
            raise ValueError("a new key orders every item")
        return {**body, "items": [by_key[key] for key in details["order"]]}

    def explain(self, put: Put, scored: Scored) -> dict[str, Any]:
        answer: Any = scored.answer or []
        html = self.labels(put.rendered)
        lines = []
        for place, key in enumerate(in_order(put.body), 1):
            place_chosen = answer.index(key) + 1 if key in answer else None
            lines.append(
                ResultLine(
                    html=html[key],
                    verdict=str(place_chosen or ""),
                    feedback=put.feedback(key),
                    yours=place_chosen is not None,
                    right=place_chosen == place,
                )
            )
        wrong = bool(answer) and not all(line.right for line in lines)
        return {"lines": lines, "known_for": put.body.get("misconception", "") if wrong else ""}

    def mistakes(self, put):
        return [Mistake(_("told after every wrong order"), put.body["misconception"], "")]

    def tally(
        self,
        body: Body,
        rendered: Mapping[str, Any],
        key: Body,
        accepted: Sequence[Any],
        answers: Sequence[CountedAnswer] | None,
    ) -> list[Count]:
        """The right order whole, then each pair of neighbours that was put the other way round."""
        html, right = rendered["items"], in_order(key)
        orders = [each.answer for each in answers or () if each.answer]
        whole = mark_safe(" → ".join(html[entry] for entry in right))
        counts = [Count(whole, role="right", **numbered(sum(order == right for order in orders), answers))]
        if answers is None:
            return counts
        for first, second in pairwise(right):
            swapped = sum(order.index(second) < order.index(first) for order in orders)
            label = format_html(_("{} put before {}"), mark_safe(html[second]), mark_safe(html[first]))
            counts.append(Count(label, "wrong", **numbered(swapped, answers)))
        return counts
