"""What may be stored as an answer. Whether it is right is another matter (`scoring`)."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from quizzes.questions import numbers

#: Characters a typed answer may have.
MOST_SHORT, MOST_LONG = 200, 20_000

#: single, scenario: "b" · multiple: ["a", "c"] · numeric: "960" · matching: {left: right} · ordering: [keys] ·
#: short, long: the text
Answer = str | list[str] | dict[str, str] | None


class AnswerRefused(ValueError):
    """The answer does not fit the question; the message says why, in words for the learner."""


def right_keys(body: Mapping[str, Any]) -> list[str]:
    """Keys of everything that stands on the right of a matching question, extras included."""
    return [pair["right_key"] for pair in body["pairs"]] + [
        extra.get("right_key", extra["key"]) for extra in body.get("extras", [])
    ]


def check(type_: str, body: Mapping[str, Any], answer: Any, *, language: str = "en-gb") -> Answer:
    """The answer in the form in which it is stored; None for an empty one, which clears what was stored.

    Raises AnswerRefused for an unknown key, a wrong shape or more than the question can hold.
    """
    if answer is None or answer in ("", [], {}):
        return None
    return CHECKS[type_](body, answer, language)


def _one(body, answer, language):
    if not isinstance(answer, str):
        raise AnswerRefused(_("Choose one of the answers shown."))
    if answer not in {choice["key"] for choice in body["choices"]}:
        raise AnswerRefused(_("This question has no such choice. Choose one of those shown."))
    return answer


def _several(body, answer, language):
    keys = [choice["key"] for choice in body["choices"]]
    if not _is_list_of_text(answer):
        raise AnswerRefused(_("Choose one or more of the choices."))
    if not set(answer) <= set(keys):
        raise AnswerRefused(_("This question has no such choice. Choose from those shown."))
    if len(set(answer)) != len(answer):
        raise AnswerRefused(_("Choose each choice once."))
    # In the order of the question, so that the same ticks are the same answer.
    return [key for key in keys if key in answer]


def _number(body, answer, language):
    if not isinstance(answer, str):
        raise AnswerRefused(_("Enter a number."))
    if not answer.strip():
        return None
    try:
        numbers.read(answer, unit=body.get("answer_unit") or "", language=language)
    except numbers.Unreadable as unreadable:
        raise AnswerRefused(str(unreadable)) from unreadable
    return answer.strip()


def _pairs(body, answer, language):
    if not isinstance(answer, dict) or not all(isinstance(right, str | None) for right in answer.values()):
        raise AnswerRefused(_("Choose one match for each line."))
    chosen = {left: right for left, right in answer.items() if right}
    lefts, rights = [pair["key"] for pair in body["pairs"]], set(right_keys(body))
    if not set(answer) <= set(lefts) or not set(chosen.values()) <= rights:
        raise AnswerRefused(_("This question has no such match. Choose from those shown."))
    return {left: chosen[left] for left in lefts if left in chosen} or None


def _sequence(body, answer, language):
    keys = [item["key"] for item in body["items"]]
    if not _is_list_of_text(answer):
        raise AnswerRefused(_("Give every item a place."))
    if not set(answer) <= set(keys):
        raise AnswerRefused(_("This question has no such item. Order those shown."))
    if sorted(answer) != sorted(keys):
        raise AnswerRefused(_("Give each item its own place."))
    return list(answer)


def _short(body, answer, language):
    return _text(answer, MOST_SHORT)


def _long(body, answer, language):
    return _text(answer, MOST_LONG)


def _text(answer, most: int) -> str | None:
    """The text as it is stored, None for an empty one."""
    if not isinstance(answer, str):
        raise AnswerRefused(_("Write your answer as text."))
    if "\0" in answer:
        # PostgreSQL stores no such character, and no keyboard sends one.
        raise AnswerRefused(_("The text holds a character that cannot be stored. Paste it as plain text."))
    text = written(answer)
    if len(text) > most:
        raise AnswerRefused(
            _("The text has %(count)s characters; %(most)s fit. Shorten it, nothing of it is lost.")
            % {"count": f"{len(text):,}", "most": f"{most:,}"}
        )
    return text or None


def written(text: str) -> str:
    """A text as it is stored: line ends of one kind (browsers send two characters), nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _is_list_of_text(answer) -> bool:
    # The length first: a hostile list is not walked through.
    return isinstance(answer, list) and len(answer) <= 100 and all(isinstance(key, str) for key in answer)


CHECKS: dict[str, Callable[[Any, Any, str], Answer]] = {
    "single": _one,
    "scenario": _one,
    "multiple": _several,
    "numeric": _number,
    "matching": _pairs,
    "ordering": _sequence,
    "short": _short,
    "long": _long,
}


def placed(shown: list[str], places: Mapping[str, int]) -> list[str]:
    """The order meant by a form with one place (from 1) per item, of which usually one or two were changed.

    Changed items go to the place chosen for them, the others keep their order around them: moving the third to place 1
    needs one change, not three. Raises AnswerRefused when two changed items want the same place, and for an order that
    has an item twice or one without a name.
    """
    if len(set(shown)) != len(shown) or "" in shown:
        raise AnswerRefused(_("Give each item its own place."))
    moved = {
        key: place for place_shown, key in enumerate(shown, 1) if (place := places.get(key, place_shown)) != place_shown
    }
    if not all(1 <= place <= len(shown) for place in moved.values()):
        raise AnswerRefused(_("There is no such place."))
    if len(set(moved.values())) != len(moved):
        raise AnswerRefused(_("Two items have the same place. Give each its own."))
    by_place = {place: key for key, place in moved.items()}
    rest = iter(key for key in shown if key not in moved)
    return [by_place.get(place) or next(rest) for place in range(1, len(shown) + 1)]


def moved(order: list[str], key: str, by: int) -> list[str]:
    """The order with one item a place up (-1) or down (1); at the end it stays. Raises AnswerRefused."""
    if key not in order:
        raise AnswerRefused(_("This question has no such item. Order those shown."))
    here = order.index(key)
    there = min(max(here + by, 0), len(order) - 1)
    changed = list(order)
    changed[here], changed[there] = changed[there], changed[here]
    return changed
