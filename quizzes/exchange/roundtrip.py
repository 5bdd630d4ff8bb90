"""What each format keeps of a question and what it loses: the table of docs/exchange.md as code.

`kept(record, format)` is what comes back when a record is written and read again: `read(write(r)) == kept(r)`. It is
also how a question of the bank is compared with one of a file: only what the format can say counts.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quizzes.asking import presentation
from quizzes.content.rules import FIXED, NUMBER
from quizzes.exchange import texts
from quizzes.exchange.records import MILLIONTH, CannotWrite, Fields, every_text, simple
from quizzes.questions import formulas, numbers

GIFT, AIKEN, MOODLE = "gift", "aiken", "moodle"
#: Types that a format has no way to say at all.
WITHOUT = {
    GIFT: {"ordering"},
    AIKEN: {"multiple", "scenario", "numeric", "matching", "ordering", "short", "long"},
    MOODLE: set(),
}
NAMES = {GIFT: "GIFT", AIKEN: "Aiken", MOODLE: "Moodle XML"}


def kept(record: Mapping[str, Any], format_: str) -> Fields:
    """The record as this format gives it back. Raises CannotWrite."""
    type_ = record["type"]
    if type_ in WITHOUT[format_]:
        raise CannotWrite(_("%(format)s has no questions of this type.") % {"format": NAMES[format_]})
    if any("![" in text for text in every_text(record)):
        raise CannotWrite(_("It shows an image, and images are not written."))
    if format_ == AIKEN:
        return aiken(record)
    stem = {"type": type_, "stem": record["stem"]}
    if "choices" in record:
        credit = {"credit": record["credit"]} if type_ == "multiple" else {}
        return stem | credit | {"choices": [only(choice, "text", "score", "feedback") for choice in record["choices"]]}
    if type_ == "numeric":
        return numeric(record, format_)
    if type_ == "matching":
        return stem | matching(record)
    if type_ == "ordering":
        items = [only(item, "text", "feedback") for item in record["items"]]
        return stem | {"credit": record.get("credit", "neighbours"), "items": items}
    if type_ == "short":
        mistakes = [only(mistake, "text", "feedback") for mistake in record.get("mistakes") or []]
        return stem | {"accepted": list(record["accepted"]), "feedback": both(record), "mistakes": mistakes}
    return stem | long(record, format_)


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


def matching(record: Mapping[str, Any]) -> Fields:
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
        raise CannotWrite(_("Each learner gets different numbers; Moodle XML holds only fixed ones."))
    drawn = example(record)
    right = formulas.compute(record["formula"], drawn)
    tolerance = allowed(record.get("tolerance") or {}, right)
    value = right.quantize(MILLIONTH)
    if (value != right and not tolerance) or abs(value) >= 10**9:
        raise CannotWrite(_("Its right answer cannot be written with six places, and nothing near it counts."))
    shown = {name: str(number) for name, number in drawn.items()}
    solved = shown | {"answer": str(numbers.rounded(right))}
    fields: Fields = {
        "type": "numeric",
        "stem": filled(record["stem"], {} if record["formula"] == FIXED else shown),
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


def filled(text: str, values: Mapping[str, str]) -> str:
    """Numbers in the place of their names, as a reader of English sees them."""
    return str(presentation.filled(text, values, "en-gb"))


def has_ranges(record: Mapping[str, Any]) -> bool:
    return any(isinstance(given, Mapping) for given in record["parameters"].values())


def example(record: Mapping[str, Any]) -> dict[str, Decimal]:
    """One set of the numbers a learner may get: fixed ones, and of each range the step in the middle."""
    drawn = {}
    for name, given in record["parameters"].items():
        if isinstance(given, Mapping):
            low, high, step = (Decimal(str(given[part])) for part in ("min", "max", "step"))
            drawn[name] = low + step * (((high - low) // step) // 2)
        else:
            drawn[name] = Decimal(str(given))
    return drawn


def allowed(tolerance: Mapping[str, Any], right: Decimal) -> Decimal:
    """How far from the right number an answer may be, as an absolute number of at most six places."""
    if tolerance.get("percent") is not None:
        return (abs(right) * Decimal(str(tolerance["percent"])) / 100).quantize(MILLIONTH)
    return Decimal(str(tolerance.get("absolute") or 0))


def losses(record: Mapping[str, Any], format_: str) -> list[str]:
    """What is left behind when this record is written in this format, in words. Raises CannotWrite."""
    back = kept(record, format_)
    found: list[str] = []
    if any("misconception" in part for part in parts_of(record)) or record.get("misconception"):
        found.append(_("names of misconceptions"))
    if format_ == AIKEN and any(choice.get("feedback") for choice in record["choices"]):
        found.append(_("feedback"))
    if record.get("keep_order") is not None:
        found.append(_("whether the choices keep their order"))
    if record["type"] == "matching" and any(part.get("feedback") for part in parts_of(record)):
        found.append(_("feedback"))
    if record["type"] == "numeric":
        found += numeric_losses(record, back, format_)
    if record["type"] == "multiple" and record["credit"] == "all":
        found.append(_("all or nothing: there each right tick counts by itself, and a wrong one takes everything"))
    if record["type"] == "multiple" and record["credit"] == "each":
        found.append(_("points for leaving wrong choices alone: there wrong ticks cost nothing"))
    if record["type"] == "long":
        found += [_("the criteria")] if record.get("criteria") else []
        found += [_("points and length")] if format_ == GIFT else []
    if plain_where_marked(record, back):
        found.append(_("emphasis, links and lines"))
    return found


def numeric_losses(record: Mapping[str, Any], back: Fields, format_: str) -> list[str]:
    found = []
    if has_ranges(record):
        found.append(_("other numbers than those of one example"))
    if record["formula"] != FIXED:
        found.append(_("the formula"))
    if record.get("mistakes"):
        found.append(_("known mistakes"))
    if (record.get("tolerance") or {}).get("percent") is not None:
        found.append(_("the tolerance in percent, written as a number"))
    if record.get("answer_unit") and "answer_unit" not in back:
        found.append(_("the unit"))
    return found


def parts_of(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    names = ("choices", "pairs", "extras", "items", "mistakes")
    return [part for name in names for part in record.get(name) or []]


def plain_where_marked(record: Mapping[str, Any], back: Fields) -> bool:
    """Whether a text that comes back differs from what was written, other than by what its type loses anyway."""
    if record["type"] == "matching":
        sides = [part["right"] for part in parts_of(record)], [part["right"] for part in parts_of(back)]
        return sides[0] != sides[1]
    if record["type"] != "single":
        return False
    before = [record["stem"], *(choice["text"] for choice in record["choices"])]
    return before != [back["stem"], *(choice["text"] for choice in back["choices"])]
