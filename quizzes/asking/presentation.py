"""What a learner sees of a question before its key is released: nothing of key, score, misconception or feedback.

`asked` is the only way from a stored question to an open attempt's page. It copies what may be seen into plain values,
so that a template cannot reach the rest. Everything is taken from the version, the order and the numbers that were
stored with the attempt.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from quizzes.models import AttemptItem, QuestionVersion
from quizzes.questions import numbers
from quizzes.questions.answers import Answer

Type = QuestionVersion.Type
#: Answers that are written, not chosen.
TYPED = {Type.NUMERIC, Type.SHORT, Type.LONG}


@dataclass(frozen=True)
class Choice:
    """One thing to choose: a choice, a right side, an item to be placed. `letter` or `place` names it in a list."""

    key: str
    html: SafeString
    chosen: bool = False
    letter: str = ""
    place: int = 0


@dataclass(frozen=True)
class Row:
    """One line of a matching question, with the key of the right side that was chosen for it."""

    key: str
    html: SafeString
    chosen: str = ""


@dataclass(frozen=True)
class Asked:
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
    rows: Sequence[Row] = field(default_factory=list)
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
        kind = "single" if self.type == Type.SCENARIO else self.type
        return f"quizzes/asked/{kind}.html"

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


def asked(item: AttemptItem, *, given: Any = None) -> Asked:
    """The question of an item as the learner sees it, with the stored answer or with `given`, which was refused."""
    version, response = item.question_version, item.response
    answer = response.answer if given is None else given
    return Asked(
        position=item.position,
        type=version.type,
        stem=stem(item),
        revision=response.revision,
        saved_at=response.saved_at,
        answered=response.answer is not None,
        flagged=response.flagged,
        checked=response.checked_at is not None,
        choices=_choices(item, answer),
        rows=_rows(item, answer),
        text=answer if version.type in TYPED and isinstance(answer, str) else "",
        unit=_unit(item) if version.type == Type.NUMERIC else "",
        read=read_as(item, response.answer) if given is None else "",
        credit=version.body.get("credit", "all") if version.type == Type.MULTIPLE else "",
        most_words=version.body.get("most_words") if version.type == Type.LONG else None,
    )


def stem(item: AttemptItem) -> SafeString:
    """The wording, with the learner's own numbers in it."""
    return filled(item.question_version.rendered["stem"], item.parameters, item.attempt.language)


def filled(html: str, values: Mapping[str, Any], language: str) -> SafeString:
    """Rendered text with `{name}` replaced by the value of that name; other braces stay as they are."""
    written = {name: numbers.write(value, language=language) for name, value in values.items()}
    # The text was sanitised when it was rendered, and what is filled in is digits and separators.
    return mark_safe(re.sub(r"\{(\w+)\}", lambda match: written.get(match[1], match[0]), html))


def labels(item: AttemptItem) -> dict[str, SafeString]:
    """What can be chosen, by key: rendered choices, right sides or items."""
    part = {"matching": "right", "ordering": "items"}.get(item.question_version.type, "choices")
    found = item.question_version.rendered.get(part, {})
    return {key: mark_safe(html) for key, html in found.items()}


def lefts(item: AttemptItem) -> dict[str, SafeString]:
    """The left sides of a matching question by key, in written order."""
    html = item.question_version.rendered["left"]
    return {pair["key"]: mark_safe(html[pair["key"]]) for pair in item.question_version.body["pairs"]}


def _choices(item: AttemptItem, answer: Any) -> list[Choice]:
    html, order = labels(item), item.choice_order
    if item.question_version.type == Type.ORDERING and isinstance(answer, list) and sorted(answer) == sorted(order):
        order = answer
    chosen = answer if isinstance(answer, list) else [answer]
    return [
        Choice(key, html[key], chosen=key in chosen, letter=_letter(place), place=place)
        for place, key in enumerate(order, 1)
    ]


def _rows(item: AttemptItem, answer: Any) -> list[Row]:
    if item.question_version.type != Type.MATCHING:
        return []
    chosen = answer if isinstance(answer, dict) else {}
    return [Row(key, html, chosen.get(key) or "") for key, html in lefts(item).items()]


def _letter(place: int) -> str:
    return chr(ord("A") + (place - 1) % 26)


def in_words(item: AttemptItem, answer: Answer) -> list[SafeString]:
    """An answer for reading, one line for each choice, pair or place; [] for none. A text is one "line" with its line
    breaks."""
    if answer is None:
        return []
    if item.question_version.type in (Type.SHORT, Type.LONG):
        return [format_html("{}", answer)]
    if isinstance(answer, dict):
        return [
            format_html("{}: {}", html, labels(item)[answer[key]]) for key, html in lefts(item).items() if key in answer
        ]
    if item.question_version.type == Type.NUMERIC:
        return [_number_in_words(item, str(answer))]
    keys = [answer] if isinstance(answer, str) else answer
    return [labels(item)[key] for key in keys]


def read_as(item: AttemptItem, answer: Answer) -> str:
    """What a stored number was read as, in words: "Read as 1,260 €k"; "" for other answers and for none."""
    number = _number(item, answer)
    return _("Read as %(number)s") % {"number": f"{number} {_unit(item)}".strip()} if number else ""


def _number(item: AttemptItem, answer: Answer) -> str:
    """The number of a stored answer written out, "" where there is none."""
    if item.question_version.type != Type.NUMERIC or not isinstance(answer, str):
        return ""
    language = item.attempt.language
    try:
        return numbers.write(numbers.read(answer, unit=_unit(item), language=language), language=language)
    except numbers.Unreadable:
        return ""


def _number_in_words(item: AttemptItem, answer: str) -> SafeString:
    """The number as it was read, which is what counts, and what was typed where the separators differ."""
    number = _number(item, answer)
    if not number:
        return format_html("{}", answer)
    shown = f"{number} {_unit(item)}".strip()
    if numbers.is_plain(answer, number):
        return format_html("{}", shown)
    return format_html("{}", _("%(number)s (typed: %(typed)s)") % {"number": shown, "typed": answer})


def _unit(item: AttemptItem) -> str:
    return item.question_version.body.get("answer_unit") or ""


def as_fields(item: AttemptItem, answer: Answer) -> list[tuple[str, str]]:
    """An answer as the fields of its form, for a form that only sends it again."""
    prefix = f"q{item.position}"
    if isinstance(answer, dict):
        return [(f"{prefix}-answer-{key}", value) for key, value in answer.items()]
    name = f"{prefix}-order" if item.question_version.type == Type.ORDERING else f"{prefix}-answer"
    return [(name, value) for value in ([answer] if isinstance(answer, str) else answer or [])]
