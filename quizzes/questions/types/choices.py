"""Choices that are ticked: one that is right, several, or the best of a scenario."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from database.shapes import Fields, Many, Number, named
from lessons import markup
from quizzes.questions import choice_order, keys
from quizzes.questions.types.answered import Answer, Body, Count, CountedAnswer, Parts, Put, Scored, numbered
from quizzes.questions.types.base import (
    TEXT,
    AnswerRefused,
    CorrectionRefused,
    Fault,
    Mistake,
    QuestionType,
    ResultLine,
    feedback,
    is_list_of_text,
    repeated,
)

CHOICE = Fields(
    needed={"key": TEXT, "text": TEXT, "score": Number(0, 2, whole=True)}, may={"feedback": TEXT, "misconception": TEXT}
)


def scores(body: Body) -> dict[str, int]:
    return {choice["key"]: choice["score"] for choice in body["choices"]}


def best_of(body: Body) -> int:
    return max(choice["score"] for choice in body["choices"])


def letters(body: Body) -> dict[str, str]:
    """A letter for each choice by its key, in the order in which the question was written."""
    return {choice["key"]: chr(ord("A") + place % 26) for place, choice in enumerate(body["choices"])}


def roles(body: Body, accepted: Iterable[Any]) -> dict[str, str]:
    """What each choice is by this key: right, also (among the accepted), acceptable or wrong."""
    best, also = best_of(body), {answer for answer in accepted if isinstance(answer, str)}
    return {
        key: "right" if score == best else "acceptable" if score else "also" if key in also else "wrong"
        for key, score in scores(body).items()
    }


def chosen(answers: Iterable[Any]) -> Counter[str]:
    """How often each choice was ticked, by its key."""
    return Counter(key for answer in answers if answer for key in ([answer] if isinstance(answer, str) else answer))


def choice_faults(name: str, choices: Sequence[Body]) -> Iterator[Fault]:
    for number, choice in enumerate(choices, 1):
        if not choice["score"] and not choice["misconception"]:
            yield f"{name}.{number}", "a choice with score 0 names its misconception"
        if choice["score"] and choice["misconception"]:
            yield f"{name}.{number}", "only a choice with score 0 has a misconception"
    yield from repeated(name, [choice["text"] for choice in choices])


class Choices(QuestionType):
    """What all questions with choices have in common."""

    part = "choices"
    result_template = "choices"
    has_choices = True
    #: The highest score of a choice.
    best = 1
    shape = {"choices": Many(CHOICE), "credit": TEXT}
    key_shape = {"scores": named(Number(0, 2, whole=True))}

    def faults(self, question):
        yield from self.score_faults([choice["score"] for choice in question["choices"]])
        yield from choice_faults("choices", question["choices"])

    def score_faults(self, scores: list[int]) -> Iterator[Fault]:
        raise NotImplementedError

    def keyed(self, identifier, body):
        return {**body, "choices": [{"key": key, **choice} for key, choice in keys.lettered(body["choices"])]}

    def html(self, question, body):
        return {
            "choices": {choice["key"]: markup.inline(choice["text"]) for choice in body["choices"]},
            "feedback": feedback(body["choices"]),
        }

    def key_texts(self, question):
        best = best_of(question)
        return [choice["text"] for choice in question["choices"] if choice["score"] == best]

    def order(self, stem: str, body: Body, rng: random.Random) -> list[str]:
        right = [choice["key"] for choice in body["choices"]]
        order = list(right)
        rng.shuffle(order)
        return right if self.keeps_order(stem, body) else order

    def keeps_order(self, stem, body):
        return choice_order.is_kept(stem, body)

    def rekeyed(self, body: Body, details: Mapping[str, Any]) -> Body:
        new = details["scores"]
        if set(new) != set(scores(body)):
            raise ValueError("a new key scores every choice")
        return {**body, "choices": [{**choice, "score": new[choice["key"]]} for choice in body["choices"]]}

    def check_key(self, body):
        scores = [choice["score"] for choice in body["choices"]]
        if not set(scores) <= set(range(self.best + 1)) or self.best not in scores:
            raise CorrectionRefused(_("At least one choice has to be the best."))

    def explain(self, put: Put, scored: Scored) -> dict[str, Any]:
        ticked = scored.answer if isinstance(scored.answer, list) else [scored.answer]
        html, by_key, best = self.labels(put.rendered), {c["key"]: c for c in put.body["choices"]}, best_of(put.body)
        lines = []
        for key in put.order:
            choice, yours = by_key[key], key in ticked
            lines.append(
                ResultLine(
                    html=html[key],
                    feedback=put.feedback(key),
                    misconception=choice.get("misconception", "") if yours else "",
                    yours=yours,
                    right=True if choice["score"] == best else None if choice["score"] else False,
                )
            )
        return {"lines": lines}

    def mistakes(self, put):
        html = self.labels(put.rendered)
        return [
            Mistake(html[part["key"]], part["misconception"], put.feedback(part["key"]))
            for part in put.body["choices"]
            if part.get("misconception")
        ]

    def tally(
        self,
        body: Body,
        rendered: Mapping[str, Any],
        key: Body,
        accepted: Sequence[Any],
        answers: Sequence[CountedAnswer] | None,
    ) -> list[Count]:
        html, letter, role = rendered["choices"], letters(body), roles(key, accepted)
        counts = chosen(each.answer for each in answers or ())
        return [
            Count(
                mark_safe(html[choice["key"]]),
                role=role[choice["key"]],
                letter=letter[choice["key"]],
                misconception=choice.get("misconception", ""),
                **numbered(counts[choice["key"]], answers),
            )
            for choice in body["choices"]
        ]


class OneChoice(Choices):
    """One choice is ticked."""

    question_template = "single"
    has_best = True

    def as_stored(self, body: Body, answer: Any, language: str) -> Answer:
        if not isinstance(answer, str):
            raise AnswerRefused(_("Choose one of the answers shown."))
        if answer not in {choice["key"] for choice in body["choices"]}:
            raise AnswerRefused(_("This question has no such choice. Choose one of those shown."))
        return answer

    def right(self, put):
        return max(put.body["choices"], key=lambda choice: choice["score"])["key"]

    def marked(self, body: Body, also: Sequence[Any]) -> Body:
        if not also:
            return body
        best = best_of(body)
        choices = [choice | ({"score": best} if choice["key"] in also else {}) for choice in body["choices"]]
        return {**body, "choices": choices}


class Single(OneChoice):
    key, label = "single", gettext_lazy("single choice")

    def score_faults(self, scores):
        if scores.count(1) != 1:
            yield "choices", f"exactly one choice has score 1, here {scores.count(1)} have"

    def fraction(self, body, answer, parameters, language):
        return Fraction(int(scores(body)[answer] == 1))

    def check_key(self, body):
        super().check_key(body)
        if [choice["score"] for choice in body["choices"]].count(1) != 1:
            raise CorrectionRefused(_("Exactly one choice is right. To count two, accept the other as well."))


class Scenario(OneChoice):
    """Best 2, acceptable 1, else 0; it weighs twice."""

    key, label = "scenario", gettext_lazy("scenario")
    best = 2
    is_scenario = True

    def score_faults(self, scores):
        if scores.count(2) != 1:
            yield "choices", f"exactly one choice is the best and has score 2, here {scores.count(2)} have"
        if 0 not in scores:
            yield "choices", "at least one choice has score 0"

    def points(self, body):
        return Decimal(2)

    def fraction(self, body, answer, parameters, language):
        return Fraction(scores(body)[answer], 2)


class Multiple(Choices):
    """All that apply are ticked, and count together, each by itself, or less those that are wrong."""

    key, label = "multiple", gettext_lazy("multiple choice")
    question_template, form = "multiple", "several"

    def score_faults(self, scores):
        if set(scores) != {0, 1}:
            yield "choices", "at least one choice has score 1 and at least one 0"

    def hints(self, body):
        return {"credit": body.get("credit", "all")}

    def as_stored(self, body: Body, answer: Any, language: str) -> Answer:
        keys = [choice["key"] for choice in body["choices"]]
        if not is_list_of_text(answer):
            raise AnswerRefused(_("Choose one or more of the choices."))
        if not set(answer) <= set(keys):
            raise AnswerRefused(_("This question has no such choice. Choose from those shown."))
        if len(set(answer)) != len(answer):
            raise AnswerRefused(_("Choose each choice once."))
        # In the order of the question, so that the same ticks are the same answer.
        return [key for key in keys if key in answer]

    def parts(self, body: Body, answer: Sequence[str]) -> Parts | None:
        """`all`: everything right or nothing · `each`: choices judged correctly, ticked or not · `right_minus_wrong`:
        of those that are right, so that ticking everything gains nothing."""
        key = {choice for choice, score in scores(body).items() if score}
        ticked, credit = set(answer), body.get("credit", "all")
        if credit == "each":
            return Parts(len(scores(body)) - len(key ^ ticked), 0, len(scores(body)))
        if credit == "right_minus_wrong":
            return Parts(len(key & ticked), len(ticked - key), len(key))
        return None

    def is_right(self, body, answer, parameters, language):
        return {choice for choice, score in scores(body).items() if score} == set(answer)

    def counted(self, body: Body, counted: Parts) -> str:
        if body.get("credit") == "each":
            return ngettext(
                "%(right)s of %(of)s choices is judged correctly.",
                "%(right)s of %(of)s choices are judged correctly.",
                counted.right,
            )
        return _("%(right)s right minus %(wrong)s wrong, of %(of)s that are right.")

    def right(self, put):
        return [choice["key"] for choice in put.body["choices"] if choice["score"]]
