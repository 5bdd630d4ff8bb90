"""Ungraded checks inside a text: what of them may be shown. Nothing is stored and nothing is counted. Pure."""

from collections.abc import Sequence
from typing import Any


class UnknownAnswer(LookupError):
    """The address names a check or a choice that is not on this page."""


def blocks_shown(blocks: Sequence[dict[str, Any]], *, check: str | None, choice: str | None) -> list[dict[str, Any]]:
    """The blocks of a unit version as a page may show them.

    A check loses which choice is right and all feedback; only the one that was answered gets
    `answer = {"key", "right", "feedback"}` of the choice taken. Each check also gets `number`, `count`, and `chosen`,
    the key taken: None where it was not answered, "" where the button was pressed without a choice.
    Raises UnknownAnswer.
    """
    checks = [block for block in blocks if block["kind"] == "check"]
    if check is not None and check not in {block["key"] for block in checks}:
        raise UnknownAnswer(check)
    prepared = {
        block["key"]: _prepared(block, number, len(checks), choice=(choice or "") if block["key"] == check else None)
        for number, block in enumerate(checks, 1)
    }
    return [prepared[block["key"]] if block["kind"] == "check" else block for block in blocks]


def _prepared(block: dict[str, Any], number: int, count: int, *, choice: str | None) -> dict[str, Any]:
    answer = None
    if choice:
        taken = next((each for each in block["choices"] if each["key"] == choice), None)
        if taken is None:
            raise UnknownAnswer(choice)
        answer = {"key": choice, "right": taken["right"], "feedback": taken["feedback"]}
    return {
        "kind": "check",
        "key": block["key"],
        "stem": block["stem"],
        "choices": [{"key": each["key"], "html": each["html"]} for each in block["choices"]],
        "number": number,
        "count": count,
        "chosen": choice,
        "answer": answer,
    }
