"""What each format keeps of a question and what it loses: the table of docs/exchange.md as code.

`read_back(record, format)` is what comes back of a record written and read again: `read(write(r)) == read_back(r)`.
It is also how a question of the bank is compared with one of a file: only what the format can say counts.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quizzes.asking import presentation
from quizzes.content.rules import FIXED, NUMBER
from quizzes.exchange import texts
from quizzes.exchange.records import MILLIONTH, CannotWrite, Fields, every_text, simple
from quizzes.questions import formulas, numbers
from quizzes.questions.types import TYPES

GIFT, AIKEN, MOODLE = "gift", "aiken", "moodle"
#: Types that a format can say.
SAYS = {
    GIFT: {"single", "multiple", "scenario", "numeric", "matching", "short", "long"},
    AIKEN: {"single"},
    MOODLE: {"single", "multiple", "scenario", "numeric", "matching", "ordering", "short", "long"},
}
WITHOUT = {format_: set(TYPES) - said for format_, said in SAYS.items()}
NAMES = {GIFT: "GIFT", AIKEN: "Aiken", MOODLE: "Moodle XML"}


def read_back(record: Mapping[str, Any], format_: str) -> Fields:
    """The record as this format gives it back. Raises CannotWrite."""
    type_ = record["type"]
    if type_ in WITHOUT[format_]:
        # Moodle knows what is missing here, under another name.
        reason = (
            _("This export does not write questions of this type to %(format)s.")
            if format_ == MOODLE
            else _("%(format)s has no questions of this type.")
        )
        raise CannotWrite(reason % {"format": NAMES[format_]})
    if any("![" in text for text in every_text(record)):
        raise CannotWrite(_("It shows an image, and images are not written."))
    if format_ == AIKEN:
        return aiken(record)
    return {"type": type_, "stem": record["stem"]} | READ_BACK[type_](record, format_)


def only(part: Mapping[str, Any], *names: str) -> Fields:
    return {name: part.get(name, "") for name in names}


def both(record: Mapping[str, Any]) -> Fields:
    feedback = record.get("feedback") or {}
    return {"right": feedback.get("right", ""), "wrong": feedback.get("wrong", "")}


def aiken(record: Mapping[str, Any]) -> Fields:
    """Plain text of one line each, without feedback."""
    choices = [
        {"text": texts.escaped(texts.plain(choice["text"])), "score": choice["score"], "feedback": ""}
        for choice in record["choices"]
    ]
    return {"type": "single", "stem": texts.escaped(texts.plain_paragraphs(record["stem"])), "choices": choices}


def choices(record: Mapping[str, Any], format_: str) -> Fields:
    return {"choices": [only(choice, "text", "score", "feedback") for choice in record["choices"]]}


def multiple(record: Mapping[str, Any], format_: str) -> Fields:
    return {"credit": record["credit"]} | choices(record, format_)


def ordering(record: Mapping[str, Any], format_: str) -> Fields:
    items = [only(item, "text", "feedback") for item in record["items"]]
    return {"credit": record.get("credit", "neighbours"), "items": items}


def short(record: Mapping[str, Any], format_: str) -> Fields:
    mistakes = [only(mistake, "text", "feedback") for mistake in record.get("mistakes") or []]
    return {"accepted": list(record["accepted"]), "feedback": both(record), "mistakes": mistakes}


def matching(record: Mapping[str, Any], format_: str) -> Fields:
    """Right sides are plain text there, and nothing explains a pair."""
    return {
        "pairs": [
            {"left": pair["left"], "right": texts.escaped(texts.plain(pair["right"])), "feedback": ""}
            for pair in record["pairs"]
        ],
        "extras": [
            {"right": texts.escaped(texts.plain(extra["right"])), "feedback": ""}
            for extra in record.get("extras") or []
        ],
    }


def long(record: Mapping[str, Any], format_: str) -> Fields:
    fields: Fields = {"points": record["points"] if format_ == MOODLE else 1}
    if format_ == MOODLE and record.get("most_words"):
        fields["most_words"] = record["most_words"]
    return fields | {"criteria": [], "model": record.get("model", "")}


def numeric(record: Mapping[str, Any], format_: str) -> Fields:
    """With its numbers put in: those of the wording, and the right answer as a fixed number. Raises CannotWrite."""
    if format_ == MOODLE and has_ranges(record):
        raise CannotWrite(_("Each learner gets different numbers; this export writes only fixed ones to Moodle XML."))
    drawn = example(record)
    right = formulas.compute(record["formula"], drawn)
    tolerance = allowed(record.get("tolerance") or {}, right)
    value = right.quantize(MILLIONTH)
    if (value != right and not tolerance) or abs(value) >= 10**9:
        raise CannotWrite(_("Its right answer cannot be written with six places, and nothing near it counts."))
    texts_of = {name: str(number) for name, number in drawn.items()}
    solved = texts_of | {"answer": str(numbers.rounded(right))}
    fields: Fields = {
        "stem": filled(record["stem"], {} if record["formula"] == FIXED else texts_of),
        "formula": FIXED,
        "parameters": {NUMBER: simple(value)},
        "tolerance": {"absolute": simple(tolerance)},
    }
    if format_ == MOODLE and record.get("answer_unit"):
        fields["answer_unit"] = record["answer_unit"]
    return fields | {
        "solution": filled(record.get("solution", ""), solved),
        "feedback": {name: filled(text, solved) for name, text in both(record).items()},
        "mistakes": [],
    }


READ_BACK: dict[str, Callable[[Mapping[str, Any], str], Fields]] = {
    "single": choices,
    "multiple": multiple,
    "scenario": choices,
    "numeric": numeric,
    "matching": matching,
    "ordering": ordering,
    "short": short,
    "long": long,
}


def filled(text: str, values: Mapping[str, str]) -> str:
    """Numbers in the place of their names, as a reader of English sees them."""
    return str(presentation.filled(text, values, "en-gb"))


def has_ranges(record: Mapping[str, Any]) -> bool:
    return any(isinstance(value, Mapping) for value in record["parameters"].values())


def example(record: Mapping[str, Any]) -> dict[str, Decimal]:
    """One set of the numbers a learner may get: fixed ones, and of each range the step in the middle."""
    drawn = {}
    for name, value in record["parameters"].items():
        if isinstance(value, Mapping):
            low, high, step = (Decimal(str(value[part])) for part in ("min", "max", "step"))
            drawn[name] = low + step * (((high - low) // step) // 2)
        else:
            drawn[name] = Decimal(str(value))
    return drawn


def allowed(tolerance: Mapping[str, Any], right: Decimal) -> Decimal:
    """How far from the right number an answer may be, as an absolute number of at most six places."""
    if tolerance.get("percent") is not None:
        return (abs(right) * Decimal(str(tolerance["percent"])) / 100).quantize(MILLIONTH)
    return Decimal(str(tolerance.get("absolute") or 0))


def losses(record: Mapping[str, Any], format_: str) -> list[str]:
    """What is left behind when this record is written in this format, in words. Raises CannotWrite."""
    back = read_back(record, format_)
    lost: list[str] = []
    if any("misconception" in part for part in parts_of(record)) or record.get("misconception"):
        lost.append(_("names of misconceptions"))
    if format_ == AIKEN and any(choice.get("feedback") for choice in record["choices"]):
        lost.append(_("feedback"))
    if record.get("keep_order") is not None and format_ != MOODLE:
        lost.append(_("whether the choices keep their order"))
    if record["type"] in LOST:
        lost += LOST[record["type"]](record, back, format_)
    return lost


def choice_losses(record: Mapping[str, Any], back: Fields, format_: str) -> list[str]:
    before = [record["stem"], *(choice["text"] for choice in record["choices"])]
    after = [back["stem"], *(choice["text"] for choice in back["choices"])]
    return marks_lost() if before != after else []


def multiple_losses(record: Mapping[str, Any], back: Fields, format_: str) -> list[str]:
    sentences = {
        "all": _("all or nothing: there each right tick counts by itself, and a wrong one takes everything"),
        "each": _("points for leaving wrong choices alone: there wrong ticks cost nothing"),
    }
    return [sentences[record["credit"]]] if record["credit"] in sentences else []


def matching_losses(record: Mapping[str, Any], back: Fields, format_: str) -> list[str]:
    lost = [_("feedback")] if any(part.get("feedback") for part in parts_of(record)) else []
    before, after = ([part["right"] for part in parts_of(each)] for each in (record, back))
    return lost + (marks_lost() if before != after else [])


def long_losses(record: Mapping[str, Any], back: Fields, format_: str) -> list[str]:
    lost = [_("the criteria")] if record.get("criteria") else []
    return lost + ([_("points and length")] if format_ == GIFT else [])


def marks_lost() -> list[str]:
    """A text that comes back differs from what was written, other than by what its type loses anyway."""
    return [_("emphasis, links and lines")]


def numeric_losses(record: Mapping[str, Any], back: Fields, format_: str) -> list[str]:
    lost = []
    if has_ranges(record):
        lost.append(_("other numbers than those of one example"))
    if record["formula"] != FIXED:
        lost.append(_("the formula"))
    if record.get("mistakes"):
        lost.append(_("known mistakes"))
    if (record.get("tolerance") or {}).get("percent") is not None:
        lost.append(_("the tolerance in percent, written as a number"))
    if record.get("answer_unit") and "answer_unit" not in back:
        lost.append(_("the unit"))
    return lost


def parts_of(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    names = ("choices", "pairs", "extras", "items", "mistakes")
    return [part for name in names for part in record.get(name) or []]


#: What only questions of a type lose.
LOST: dict[str, Callable[[Mapping[str, Any], Fields, str], list[str]]] = {
    "single": choice_losses,
    "multiple": multiple_losses,
    "matching": matching_losses,
    "numeric": numeric_losses,
    "long": long_losses,
}
