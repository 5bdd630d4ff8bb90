"""From the fields of a question to what is stored: the body with its keys, and the HTML that learners see."""

import re
from collections.abc import Mapping
from typing import Any

from lessons import markup
from quizzes.content.formats import COMMON, STEM
from quizzes.questions.keys import shuffled_keys
from quizzes.questions.types import TYPES, made_of

__all__ = ["body_of", "fields_of", "rendered_of", "shuffled_keys"]


def body_of(question: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the question's type, and a "key" for everything a learner or a reader can choose.

    Choices, left sides and criteria have letters in file order. Items to be ordered and right sides get theirs in an
    order that only depends on their wording, so that a key in the page tells nothing. Raises ValueError for more parts
    than there are letters; the formats allow far fewer.
    """
    body = {
        name: plain(value)
        for name, value in question.items()
        if name not in COMMON and name not in STEM and value is not None
    }
    return made_of(body).keyed(question["id"], body)


def plain(value: Any) -> Any:
    """The value as JSON has it, without what was left out."""
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items() if item is not None}
    return [plain(item) for item in value] if isinstance(value, list) else value


def rendered_of(question: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """The HTML of every text, feedback apart from what is asked. `{placeholders}` of numeric questions are left in."""
    return {"stem": markup.blocks(question["stem"])} | TYPES[question["type"]].html(question, body)


def fields_of(body: Mapping[str, Any], stem: str) -> dict[str, Any]:
    """The fields as they stand in their file: the body without its keys, parameters in the order of their first use.

    (A database may keep the names of a JSON object in any order.)
    """
    fields: dict[str, Any] = {
        name: without_keys(value) if isinstance(value, list) else value for name, value in body.items()
    }
    if "parameters" in fields:
        text = stem + fields.get("solution", "")
        names = re.findall(r"\{(\w+)\}", text)
        order = {name: place for place, name in reversed(list(enumerate(names)))}
        parameters = sorted(fields["parameters"].items(), key=lambda item: (order.get(item[0], len(names)), item[0]))
        fields["parameters"] = dict(parameters)
    return fields


def without_keys(value: Any) -> Any:
    """Parts without what `body_of` gave them, at any depth; plain texts, like accepted answers, stay as they are."""
    if isinstance(value, Mapping):
        return {name: without_keys(item) for name, item in value.items() if name not in ("key", "right_key")}
    return [without_keys(item) for item in value] if isinstance(value, list) else value
