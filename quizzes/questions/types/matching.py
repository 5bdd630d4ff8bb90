"""Pairs: a right side is chosen for each left side; some right sides match nothing."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from database.shapes import Fields, Many, named
from lessons import markup
from quizzes.questions import keys
from quizzes.questions.types.answered import Answer, Body, Count, CountedAnswer, Parts, Put, Scored, numbered
from quizzes.questions.types.base import TEXT, AnswerRefused, Mistake, QuestionType, ResultLine, Row, feedback, repeated

PAIR = Fields(
    needed={"key": TEXT, "left": TEXT, "right": TEXT, "right_key": TEXT}, may={"feedback": TEXT, "misconception": TEXT}
)
EXTRA = Fields(needed={"key": TEXT, "right": TEXT}, may={"right_key": TEXT, "feedback": TEXT, "misconception": TEXT})


def right_keys(body: Body) -> list[str]:
    """Keys of everything that stands on the right of a matching question, extras included."""
    return [pair["right_key"] for pair in body["pairs"]] + list(extras(body))


def extras(body: Body) -> dict[str, Body]:
    """The right sides that match nothing, by their keys."""
    return {extra.get("right_key", extra["key"]): extra for extra in body.get("extras", [])}


def lefts(put: Put) -> dict[str, SafeString]:
    """The left sides by key, in written order."""
    return {pair["key"]: mark_safe(put.rendered["left"][pair["key"]]) for pair in put.body["pairs"]}


class Matching(QuestionType):
    key, label = "matching", gettext_lazy("matching")
    part, choosable, form = "pairs", "right", "pairs"
    question_template = result_template = "matching"
    shape = {"pairs": Many(PAIR), "extras": Many(EXTRA), "misconception": TEXT}
    key_shape = {"pairs": named(TEXT)}

    def faults(self, question):
        yield from repeated("pairs", [pair["left"] for pair in question["pairs"]])
        yield from repeated("pairs", [entry["right"] for entry in [*question["pairs"], *question["extras"]]])

    def keyed(self, identifier, body):
        """Right sides have their keys in an order that only depends on their wording: a key tells nothing."""
        rights = [side["right"] for side in [*body["pairs"], *body["extras"]]]
        key_of = keys.shuffled_keys(identifier, rights, numbered="r")
        return {
            **body,
            "pairs": [
                {"key": key, "right_key": key_of[pair["right"]], **pair} for key, pair in keys.lettered(body["pairs"])
            ],
            "extras": [{"key": key_of[extra["right"]], **extra} for extra in body["extras"]],
        }

    def html(self, question, body):
        rights = {pair["right_key"]: pair["right"] for pair in body["pairs"]}
        rights |= {extra["key"]: extra["right"] for extra in body["extras"]}
        return {
            "left": {pair["key"]: markup.inline(pair["left"]) for pair in body["pairs"]},
            "right": {key: markup.inline(rights[key]) for key in sorted(rights)},
            "feedback": feedback([*body["pairs"], *body["extras"]]),
        }

    def key_texts(self, question):
        return [pair["right"] for pair in question["pairs"]]

    def order(self, stem: str, body: Body, rng: random.Random) -> list[str]:
        order = right_keys(body)
        rng.shuffle(order)
        return order

    def lines(self, body):
        return [pair["key"] for pair in body["pairs"]]

    def rows(self, put, answer):
        chosen = answer if isinstance(answer, dict) else {}
        return [Row(key, html, chosen.get(key) or "") for key, html in lefts(put).items()]

    def as_stored(self, body: Body, answer: Any, language: str) -> Answer:
        if not isinstance(answer, dict) or not all(isinstance(right, str | None) for right in answer.values()):
            raise AnswerRefused(_("Choose one match for each line."))
        chosen = {left: right for left, right in answer.items() if right}
        known = self.lines(body)
        if not set(answer) <= set(known) or not set(chosen.values()) <= set(right_keys(body)):
            raise AnswerRefused(_("This question has no such match. Choose from those shown."))
        return {left: chosen[left] for left in known if left in chosen} or None

    def in_words(self, put, answer):
        right = self.labels(put.rendered)
        return [format_html("{}: {}", html, right[answer[key]]) for key, html in lefts(put).items() if key in answer]

    def parts(self, body: Body, answer: Mapping[str, str]) -> Parts:
        right = sum(answer.get(pair["key"]) == pair["right_key"] for pair in body["pairs"])
        return Parts(right, 0, len(body["pairs"]))

    def counted(self, body: Body, counted: Parts) -> str:
        return ngettext(
            "%(right)s of %(of)s lines is matched correctly.",
            "%(right)s of %(of)s lines are matched correctly.",
            counted.right,
        )

    def right(self, put):
        return {pair["key"]: pair["right_key"] for pair in put.body["pairs"]}

    def rekeyed(self, body: Body, details: Mapping[str, Any]) -> Body:
        new = details["pairs"]
        if set(new) != set(self.lines(body)) or not set(new.values()) <= set(right_keys(body)):
            raise ValueError("a new key matches every line with something shown")
        # What was right before and is no longer stays among the things to choose from.
        free = set(right_keys(body)) - set(new.values())
        return {
            **body,
            "pairs": [{**pair, "right_key": new[pair["key"]]} for pair in body["pairs"]],
            "extras": [{"key": key, "right_key": key} for key in sorted(free)],
        }

    def explain(self, put: Put, scored: Scored) -> dict[str, Any]:
        answer: Any = scored.answer or {}
        html, left, known = self.labels(put.rendered), lefts(put), extras(put.body)
        lines, swapped = [], False
        for pair in put.body["pairs"]:
            right_key = answer.get(pair["key"], "")
            right = right_key == pair["right_key"]
            swapped = swapped or bool(right_key and not right and right_key not in known)
            lines.append(
                ResultLine(
                    html=left[pair["key"]],
                    verdict=html.get(right_key, ""),
                    other=html[pair["right_key"]],
                    feedback=put.feedback(pair["key"]),
                    misconception=known[right_key].get("misconception", "") if right_key in known and not right else "",
                    yours=bool(right_key),
                    right=right,
                )
            )
        return {"lines": lines, "known_for": put.body.get("misconception", "") if swapped else ""}

    def mistakes(self, put):
        html = self.labels(put.rendered)
        return [
            Mistake(_("told after every swap"), put.body["misconception"], ""),
            *(
                Mistake(html[part["key"]], part["misconception"], put.feedback(part["key"]))
                for part in put.body.get("extras", [])
            ),
        ]

    def tally(
        self,
        body: Body,
        rendered: Mapping[str, Any],
        key: Body,
        accepted: Sequence[Any],
        answers: Sequence[CountedAnswer] | None,
    ) -> list[Count]:
        """Every match that was made, and the right one of every line whether or not anybody made it."""
        left, right, known = rendered["left"], rendered["right"], extras(body)
        counts = Counter(pair for side_key in answers or () for pair in (side_key.answer or {}).items())
        lines = []
        for pair in key["pairs"]:
            for side in sorted(right_keys(body), key=lambda side_key: side_key != pair["right_key"]):
                is_right, count = side == pair["right_key"], counts[pair["key"], side]
                if not is_right and not count:
                    continue
                lines.append(
                    Count(
                        format_html("{} → {}", mark_safe(left[pair["key"]]), mark_safe(right[side])),
                        role="right" if is_right else "wrong",
                        misconception="" if is_right else known.get(side, {}).get("misconception", ""),
                        **numbered(count, answers),
                    )
                )
        return lines
