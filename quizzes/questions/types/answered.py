"""A question as it is put to one learner, and an answer as it is scored and counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.safestring import SafeString, mark_safe

Body = Mapping[str, Any]
#: single, scenario: "b" · multiple: ["a", "c"] · numeric: "960" · matching: {left: right} · ordering: [keys] ·
#: short, long: the text
Answer = str | list[str] | dict[str, str] | None


class Parts(NamedTuple):
    """What counts of an answer where parts of it do: `right` less `wrong`, out of `of`."""

    right: int
    wrong: int
    of: int

    @property
    def fraction(self) -> Fraction:
        """0..1, but below 0 where more is wrong than right."""
        return Fraction(self.right - self.wrong, self.of)


@dataclass(frozen=True)
class Put:
    """A question as it is put to one learner: wording and HTML, the order of its choices, its numbers, the language."""

    body: Body
    rendered: Mapping[str, Any]
    order: Sequence[str] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en-gb"

    def feedback(self, key: str) -> SafeString:
        return mark_safe(self.rendered.get("feedback", {}).get(key, ""))


@dataclass(frozen=True)
class Scored:
    """An answer with what it is worth; what a reader gave stands with it."""

    answer: Answer
    share: Fraction
    levels: Mapping[str, int] = field(default_factory=dict)
    comment: str = ""


@dataclass(frozen=True)
class CountedAnswer:
    """One learner's answer, as it was scored."""

    answer: Any
    fraction: Decimal
    parameters: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en-gb"
    levels: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Count:
    """One thing that could be answered. `role`: right, also (accepted by a correction), acceptable, wrong, or "" for
    what is neither. `count` is None while counts are not shown; `of` is what it is a share of."""

    label: SafeString | str
    role: str = ""
    letter: str = ""
    misconception: str = ""
    count: int | None = None
    of: int = 0

    @property
    def percent(self) -> int | None:
        """Rounded to whole percent; None without a count."""
        return None if self.count is None or not self.of else round(100 * self.count / self.of)


def numbered(count: int | None, answers: Sequence[CountedAnswer] | None) -> dict[str, Any]:
    """A count as a share of all answers, or none while counts are not shown."""
    return {"count": None if answers is None else count, "of": len(answers or ())}
