"""What may be stored as an answer. Whether it is right is another matter (`scoring`)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from quizzes.questions.types import TYPES
from quizzes.questions.types.answered import Answer
from quizzes.questions.types.base import AnswerRefused
from quizzes.questions.types.texts import MOST_LONG, MOST_SHORT, written

__all__ = ["MOST_LONG", "MOST_SHORT", "Answer", "AnswerRefused", "fitting", "moved", "placed", "written"]


def fitting(type_: str, body: Mapping[str, Any], answer: Any, *, language: str = "en-gb") -> Answer:
    """The answer in the form in which it is stored; None for an empty one, which clears what was stored.

    Raises AnswerRefused for an unknown key, a wrong shape or more than the question can hold.
    """
    return TYPES[type_].fitting(body, answer, language)


def placed(order: list[str], places: Mapping[str, int]) -> list[str]:
    """The order meant by a form with one place (from 1) per item, of which usually one or two were changed.

    Changed items go to the place chosen for them, the others keep their order around them: moving the third to place 1
    needs one change, not three. Raises AnswerRefused when two changed items want the same place, and for an order that
    has an item twice or one without a name.
    """
    if len(set(order)) != len(order) or "" in order:
        raise AnswerRefused(_("Give each item its own place."))
    moved = {
        key: place for place_shown, key in enumerate(order, 1) if (place := places.get(key, place_shown)) != place_shown
    }
    if not all(1 <= place <= len(order) for place in moved.values()):
        raise AnswerRefused(_("There is no such place."))
    if len(set(moved.values())) != len(moved):
        raise AnswerRefused(_("Two items have the same place. Give each its own."))
    by_place = {place: key for key, place in moved.items()}
    rest = iter(key for key in order if key not in moved)
    return [by_place.get(place) or next(rest) for place in range(1, len(order) + 1)]


def moved(order: list[str], key: str, by: int) -> list[str]:
    """The order with one item a place up (-1) or down (1); at the end it stays. Raises AnswerRefused."""
    if key not in order:
        raise AnswerRefused(_("This question has no such item. Order those shown."))
    here = order.index(key)
    there = min(max(here + by, 0), len(order) - 1)
    changed = list(order)
    changed[here], changed[there] = changed[there], changed[here]
    return changed
