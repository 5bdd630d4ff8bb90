"""What there is to know of a type of questions: one small class each, with everything that only the type can say.

All of it is pure: plain values in, plain values out. `body` is what is stored of a question (`shapes.BODY`), `rendered`
its HTML by key, `answer` one that fits. What a person fills in stays with the pages: forms, rows of the admin, shapes
of files, templates and files of other systems are tables keyed by the type, each in its room.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from database.shapes import Many, Shape, Text
from lessons import markup
from quizzes.questions.types.answered import Answer, Body, Count, CountedAnswer, Parts, Put, Scored

ZERO, ONE = Fraction(0), Fraction(1)
TEXT = Text()
TEXTS = Many(TEXT)

Fault = tuple[str, str]


class AnswerRefused(ValueError):
    """The answer does not fit the question; the message says why, in words for the learner."""


class CorrectionRefused(ValueError):
    """What a regrade says is right does not fit the question; the message says why, in words for staff."""


class NeedsReading(Exception):
    """A person has to read the answer; nothing can be computed."""


@dataclass(frozen=True)
class Row:
    """One line that takes an answer of its own, with the key that was chosen for it."""

    key: str
    html: SafeString
    chosen: str = ""


@dataclass(frozen=True)
class ResultLine:
    """One choice, pair or item on the result page; `right` is None for what is neither right nor wrong."""

    html: SafeString
    verdict: str = ""
    feedback: SafeString | str = ""
    misconception: str = ""
    yours: bool = False
    right: bool | None = None
    other: SafeString | str = ""


@dataclass(frozen=True)
class Mistake:
    """Something that learners get wrong: what they answer, which misconception that is, and what they are told."""

    answer: Any
    misconception: str
    feedback: Any


class QuestionType:
    """One type. What most types have in common stands here; each says for itself where it is otherwise."""

    key: str
    label: Any
    #: The field of the body that lists what the question is made of, and no other type has.
    part: str
    #: Where the HTML of what can be chosen stands, by key.
    choosable = "choices"
    #: How it is answered: one text or key, several keys, a key for each of several lines, a sequence of keys.
    form = "one"
    #: Names of the templates that ask and explain it.
    question_template = result_template = ""
    #: The answer is written, not chosen.
    typed = False
    #: The answer is a number, and the wording may hold numbers of each learner's own.
    has_numbers = False
    #: There are choices that many learners see, each in an order of their own.
    has_choices = False
    #: Of the choices one is the best.
    has_best = False
    #: Blueprints count it apart, because it weighs twice.
    is_scenario = False
    #: It is scored at once; otherwise a person reads it, it has no key, and nobody practises it.
    is_scored = True
    #: What may be stored of it, beside what all questions have, and what a new key is made of.
    shape: Mapping[str, Shape] = {}
    key_shape: Mapping[str, Shape] = {}
    #: What of a new key may also be accepted beside the old one.
    acceptable: tuple[str, ...] = ()

    # ---- Writing it

    def faults(self, question: Body) -> Iterator[Fault]:
        """What is wrong between the fields of a question that is written, (field, reason) each."""
        yield from ()

    def keyed(self, identifier: str, body: Body) -> dict[str, Any]:
        """The body with a key for everything that can be chosen."""
        return dict(body)

    def html(self, question: Body, body: Body) -> dict[str, Any]:
        """The HTML of every text, feedback apart from what is asked. `{placeholders}` of numbers are left in."""
        raise NotImplementedError

    def key_texts(self, question: Body) -> list[str]:
        """What a learner has to choose, put in place or write, as the author wrote it."""
        return []

    def points(self, body: Body) -> Decimal:
        """What an item is worth."""
        return Decimal(1)

    # ---- Asking it

    def order(self, stem: str, body: Body, rng: random.Random) -> list[str]:
        """Keys of what can be chosen in the order in which it will be shown; empty for what is typed."""
        return []

    def keeps_order(self, stem: str, body: Body) -> bool:
        """Whether what can be chosen stands as it was written, for everybody."""
        return False

    def labels(self, rendered: Mapping[str, Any]) -> dict[str, SafeString]:
        """What can be chosen, by key."""
        return {key: mark_safe(html) for key, html in rendered.get(self.choosable, {}).items()}

    def order_shown(self, order: Sequence[str], answer: Any) -> Sequence[str]:
        """The order in which choices stand beside this answer."""
        return order

    def lines(self, body: Body) -> list[str]:
        """Keys of the lines that take an answer of their own."""
        return []

    def rows(self, put: Put, answer: Any) -> Sequence[Any]:
        """Those lines, with what was answered to each."""
        return []

    def hints(self, body: Body) -> dict[str, Any]:
        """What else the page of the question says: unit, credit, most_words."""
        return {}

    def fitting(self, body: Body, answer: Any, language: str) -> Answer:
        """The answer as it is stored, None for an empty one. Raises AnswerRefused."""
        return None if answer is None or answer in ("", [], {}) else self.as_stored(body, answer, language)

    def as_stored(self, body: Body, answer: Any, language: str) -> Answer:
        """The same of an answer that is there."""
        raise NotImplementedError

    def in_words(self, put: Put, answer: Any) -> list[SafeString]:
        """An answer for reading, one line for each choice, pair or place."""
        labels = self.labels(put.rendered)
        return [labels[key] for key in ([answer] if isinstance(answer, str) else answer)]

    def read_as(self, body: Body, answer: Answer, language: str) -> str:
        """What a stored number was read as, "" for other answers."""
        return ""

    def remark(self, put: Put, answer: Answer) -> str:
        """What is worth a second look at a stored answer before it is sent: what it was read as; "" for most."""
        return self.read_as(put.body, answer, put.language)

    def texts(self, body: Body, answer: Any) -> list[str]:
        """What was written, of an answer as it was sent."""
        return [answer] if self.typed and isinstance(answer, str) else []

    # ---- Scoring it

    def fraction(self, body: Body, answer: Any, parameters: Mapping[str, Any], language: str) -> Fraction:
        """How much of a fitting answer is right."""
        counted = self.parts(body, answer)
        if counted:
            return counted.fraction
        return ONE if self.is_right(body, answer, parameters, language) else ZERO

    def is_right(self, body: Body, answer: Any, parameters: Mapping[str, Any], language: str) -> bool:
        """Whether the whole of a fitting answer is right."""
        raise NotImplementedError

    def parts(self, body: Body, answer: Any) -> Parts | None:
        """The parts of a fitting answer; None where only the whole of it counts."""
        return None

    def counted(self, body: Body, counted: Parts) -> str:
        """What a part of the points is for, in words that leave %(right)s, %(wrong)s and %(of)s open."""
        raise NotImplementedError

    def right(self, put: Put) -> Answer:
        """The answer that the key wants; None where there is none."""
        return None

    # ---- Correcting it

    def rekeyed(self, body: Body, details: Mapping[str, Any]) -> Body:
        """The body with the key that `details` gives. Raises KeyError or ValueError for details that do not fit."""
        raise ValueError(f"questions of the type {self.key} have no key")

    def check_key(self, body: Body) -> None:
        """See that `body`, which has a new key, can be asked with it. Raises CorrectionRefused."""

    def check_details(self, body: Body, details: Mapping[str, Any]) -> None:
        """See that what a correction says beside answers and key can be worked with. Raises CorrectionRefused."""

    def check_accepted(self, body: Body, answer: Any) -> bool:
        """Whether an answer that is to be accepted is one. Raises CorrectionRefused or AnswerRefused."""
        return self.fitting(body, answer, "en-gb") is not None

    def corrected(
        self,
        body: Body,
        answer: Any,
        accepted: Sequence[Mapping[str, Any]],
        parameters: Mapping[str, Any],
        language: str,
    ) -> Fraction:
        """How much of a fitting answer is right by the key, or by what was accepted as well."""
        share = self.fraction(body, answer, parameters, language)
        if share < 1 and any(self.accepts(body, answer, details, parameters, language) for details in accepted):
            return ONE
        return share

    def accepts(
        self,
        body: Body,
        answer: Any,
        details: Mapping[str, Any],
        parameters: Mapping[str, Any],
        language: str,
    ) -> bool:
        """Whether `details` accept the whole of a fitting answer."""
        return any(self.alike(body, other, answer, language) for other in details.get("answers", []))

    def alike(self, body: Body, other: Any, answer: Any, language: str) -> bool:
        """Whether a fitting answer is the accepted one: the same ticks in another order are the same answer."""
        return answer == self.fitting(body, other, "en-gb")

    def marked(self, body: Body, also: Sequence[Any]) -> Body:
        """The body with further accepted answers marked as right, as far as that can be done; a combination that is
        accepted too is told by the reason alone."""
        return body

    # ---- Telling of it

    def explain(self, put: Put, scored: Scored) -> dict[str, Any]:
        """What stands on the page of the result beside stem, answer and points (`asking.explanation.Explained`)."""
        raise NotImplementedError

    def mistakes(self, put: Put) -> list[Mistake]:
        """Every named misconception with what leads to it, in written order."""
        return []

    def tally(
        self,
        body: Body,
        rendered: Mapping[str, Any],
        key: Body,
        accepted: Sequence[Any],
        answers: Sequence[CountedAnswer] | None,
    ) -> list[Count]:
        """The question's `key` with the answers counted; `answers` None leaves the counts away. `body` is what was
        asked, `accepted` what corrections accept as well."""
        raise NotImplementedError


def is_list_of_text(answer: Any) -> bool:
    # The length first: a hostile list is not walked through.
    return isinstance(answer, list) and len(answer) <= 100 and all(isinstance(key, str) for key in answer)


def repeated(name: str, texts: list[str]) -> Iterator[Fault]:
    """What stands twice could not be told apart by a learner."""
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        yield name, f"{text!r} stands here twice"


def feedback(parts: Sequence[Body]) -> dict[str, str]:
    return {part["key"]: markup.inline(part["feedback"]) for part in parts}


def as_text(text: str) -> SafeString:
    """What somebody typed, for a page."""
    return format_html("{}", text)
