"""From the fields of a question to what is stored: the body with its keys, and the HTML that learners see."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lessons import markup
from quizzes.content.formats import COMMON, STEM

LETTERS = "abcdefghijklmnopqrstuvwxyz"


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
    if "choices" in body:
        body["choices"] = [{"key": key, **choice} for key, choice in lettered(body["choices"])]
    if "items" in body:
        keys = shuffled_keys(question["id"], [item["text"] for item in body["items"]])
        body["items"] = [{"key": keys[item["text"]], **item} for item in body["items"]]
    if "criteria" in body:
        body["criteria"] = [{"key": key, **part} for key, part in lettered(body["criteria"])]
    if "pairs" in body:
        keys = shuffled_keys(
            question["id"], [side["right"] for side in [*body["pairs"], *body["extras"]]], numbered="r"
        )
        body["pairs"] = [
            {"key": key, "right_key": keys[pair["right"]], **pair} for key, pair in lettered(body["pairs"])
        ]
        body["extras"] = [{"key": keys[extra["right"]], **extra} for extra in body["extras"]]
    return body


def lettered(parts: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    return zip(letters(len(parts)), parts, strict=True)


def letters(count: int) -> str:
    if count > len(LETTERS):
        raise ValueError(f"{count} parts are more than there are letters to tell them apart")
    return LETTERS[:count]


def plain(value: Any) -> Any:
    """The value as JSON has it, without what was left out."""
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items() if item is not None}
    return [plain(item) for item in value] if isinstance(value, list) else value


def shuffled_keys(identifier: str, texts: Iterable[str], *, numbered: str = "") -> dict[str, str]:
    """A key for each text: letters, or numbers after `numbered`, in the order of hashes of the wording."""
    ordered = sorted(texts, key=lambda text: hashlib.sha256(f"{identifier}\n{text}".encode()).digest())
    keys = [f"{numbered}{n}" for n in range(1, len(ordered) + 1)] if numbered else letters(len(ordered))
    return dict(zip(ordered, keys, strict=True))


def rendered_of(question: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """The HTML of every text, feedback apart from what is asked. `{placeholders}` of numeric questions are left in."""
    stem = {"stem": markup.blocks(question["stem"])}
    if "choices" in body:
        return stem | {
            "choices": {choice["key"]: markup.inline(choice["text"]) for choice in body["choices"]},
            "feedback": feedback(body["choices"]),
        }
    if "items" in body:
        return stem | {
            "items": {item["key"]: markup.inline(item["text"]) for item in sorted(body["items"], key=key_of)},
            "feedback": feedback(body["items"]),
        }
    if "pairs" in body:
        rights = {pair["right_key"]: pair["right"] for pair in body["pairs"]}
        rights |= {extra["key"]: extra["right"] for extra in body["extras"]}
        return stem | {
            "left": {pair["key"]: markup.inline(pair["left"]) for pair in body["pairs"]},
            "right": {key: markup.inline(rights[key]) for key in sorted(rights)},
            "feedback": feedback([*body["pairs"], *body["extras"]]),
        }
    if "criteria" in body:
        return stem | {
            "criteria": {part["key"]: [markup.inline(level) for level in part["levels"]] for part in body["criteria"]},
            "model": markup.blocks(body["model"]),
        }
    solution = {"solution": markup.blocks(question["solution"])} if "solution" in question else {}
    return (
        stem
        | solution
        | {
            "feedback": {name: markup.inline(text) for name, text in question["feedback"].items()},
            "mistakes": [markup.inline(mistake["feedback"]) for mistake in question["mistakes"]],
        }
    )


def feedback(parts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {part["key"]: markup.inline(part["feedback"]) for part in parts}


def key_of(part: Mapping[str, Any]) -> str:
    return part["key"]


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


def without_keys(parts: list) -> list:
    """Parts without what `body_of` gave them; plain texts, like accepted answers, stay as they are."""
    return [
        {name: value for name, value in part.items() if name not in ("key", "right_key")}
        if isinstance(part, Mapping)
        else part
        for part in parts
    ]
