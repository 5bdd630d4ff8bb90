"""What a learner sees of a question before its key is released: nothing of key, score, misconception or feedback.

`question_of` is the only way from a stored question to an open attempt's page. It copies what may be seen into plain
values, so that a template cannot reach the rest. Everything is taken from the version, the order and the numbers that
were stored with the attempt.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString

from quizzes.models import AttemptItem
from quizzes.questions.answers import Answer
from quizzes.questions.types import TYPES
from quizzes.questions.types.answered import Put
from quizzes.questions.types.numeric import filled

__all__ = [
    "AskedQuestion",
    "Choice",
    "Mark",
    "as_fields",
    "filled",
    "in_words",
    "put",
    "question_of",
    "read_as",
    "remark",
    "stem",
]


@dataclass(frozen=True)
class Choice:
    """One thing to choose: a choice, a right side, an item to be placed. `letter` or `place` names it in a list."""

    key: str
    html: SafeString
    chosen: bool = False
    letter: str = ""
    place: int = 0


@dataclass(frozen=True)
class AskedQuestion:
    """One question on the page of an open attempt."""

    position: int
    type: str
    stem: SafeString
    revision: int
    saved_at: datetime | None
    answered: bool
    flagged: bool
    #: The learner has seen its key: it is shown with its explanation (`explanation.Explained`) and takes no answer.
    checked: bool = False
    explained: Any = None
    choices: Sequence[Choice] = field(default_factory=list)
    #: Lines that take an answer each.
    rows: Sequence[Any] = field(default_factory=list)
    text: str = ""
    unit: str = ""
    #: Numbers: what the stored answer was read as, in words.
    read: str = ""
    #: Multiple choice: by which rule it is scored (`scoring`).
    credit: str = ""
    #: Long texts: how many words were asked for at the most; more are taken all the same.
    most_words: int | None = None

    @property
    def words(self) -> int:
        """How many words the text has."""
        return len(self.text.split())

    @property
    def is_too_long(self) -> bool:
        return self.most_words is not None and self.words > self.most_words

    @property
    def template(self) -> str:
        return f"quizzes/asked/{TYPES[self.type].question_template}.html"

    @property
    def prefix(self) -> str:
        return f"q{self.position}"

    @property
    def error_anchor(self) -> str:
        return f"{self.prefix}-stem"


@dataclass(frozen=True)
class Mark:
    """One line of the list of questions: is it answered, is it flagged, is it the one on the page."""

    position: int
    answered: bool
    flagged: bool
    current: bool = False


def put(item: AttemptItem) -> Put:
    """The question of an item in plain values, its key among them."""
    version = item.question_version
    return Put(version.body, version.rendered, item.choice_order, item.parameters, item.attempt.language)


def question_of(item: AttemptItem, *, refused: Any = None) -> AskedQuestion:
    """The question of an item as the learner sees it, with the stored answer or with `refused`, which was refused."""
    version, response = item.question_version, item.response
    answer = response.answer if refused is None else refused
    return AskedQuestion(
        position=item.position,
        type=version.type,
        stem=stem(item),
        revision=response.revision,
        saved_at=response.saved_at,
        answered=response.answer is not None,
        flagged=response.flagged,
        checked=response.checked_at is not None,
        choices=_choices(item, answer),
        rows=version.kind.rows(put(item), answer),
        text=answer if version.kind.typed and isinstance(answer, str) else "",
        read=read_as(item, response.answer) if refused is None else "",
        **version.kind.hints(version.body),
    )


def stem(item: AttemptItem) -> SafeString:
    """The wording, with the learner's own numbers in it."""
    return filled(item.question_version.rendered["stem"], item.parameters, item.attempt.language)


def _choices(item: AttemptItem, answer: Any) -> list[Choice]:
    kind = item.question_version.kind
    html, order = kind.labels(item.question_version.rendered), kind.order_shown(item.choice_order, answer)
    chosen = answer if isinstance(answer, list) else [answer]
    return [
        Choice(key, html[key], chosen=key in chosen, letter=_letter(place), place=place)
        for place, key in enumerate(order, 1)
    ]


def _letter(place: int) -> str:
    return chr(ord("A") + (place - 1) % 26)


def in_words(item: AttemptItem, answer: Answer) -> list[SafeString]:
    """An answer for reading, one line for each choice, pair or place; [] for none. A text is one "line" with its line
    breaks."""
    return [] if answer is None else item.question_version.kind.in_words(put(item), answer)


def remark(item: AttemptItem, answer: Answer) -> str:
    """What is worth a second look at a stored answer before it is sent; "" for most."""
    return item.question_version.kind.remark(put(item), answer)


def read_as(item: AttemptItem, answer: Answer) -> str:
    """What a stored number was read as, in words: "Read as 1,260 €k"; "" for other answers and for none."""
    version = item.question_version
    return version.kind.read_as(version.body, answer, item.attempt.language)


def as_fields(item: AttemptItem, answer: Answer) -> list[tuple[str, str]]:
    """An answer as the fields of its form, for a form that only sends it again."""
    prefix = f"q{item.position}"
    if isinstance(answer, dict):
        return [(f"{prefix}-answer-{key}", value) for key, value in answer.items()]
    name = f"{prefix}-order" if item.question_version.kind.form == "sequence" else f"{prefix}-answer"
    return [(name, value) for value in ([answer] if isinstance(answer, str) else answer or [])]
