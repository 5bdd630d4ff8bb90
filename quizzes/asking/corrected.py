"""An explanation after corrections: what counts as right now is not called a mistake.

Feedback, misconceptions and solutions were written for the key of that time. Where a correction judges otherwise, its
reason stands in their place: at the learner's own answer, and nowhere else twice, for it also stands above them all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from quizzes.models import ItemScore
from quizzes.questions import scoring

Details = dict[str, Any]


def explanation(explained: Details, score: ItemScore) -> Details:
    """`explained`, which explains a score by the key of today, without what was written for another key."""
    if not getattr(score, "corrections", ()):
        return explained
    adjust = BY_PART.get(score.item.question_version.kind.part, line_by_line)
    return adjust(explained, score, because(score.corrections))


def because(reasons: Sequence[str]) -> SafeString:
    return format_html("<p>{}</p>", format_html_join(" ", "{}", ((reason,) for reason in reasons)))


def is_excused(score: ItemScore) -> bool:
    """The answer counts in full, or the question for nobody: whatever the key says, it is no mistake."""
    return not score.worth or score.exact == 1


def is_unjudged(score: ItemScore) -> bool:
    """Neither right nor wrong is said of the answer: everybody has the points, or nobody."""
    return score.standing.full_credit or score.standing.dropped


def by_key(body: Mapping[str, Any], part: str) -> dict[str, Any]:
    return {each["key"]: each for each in body[part]}


def line_by_line(explained: Details, score: ItemScore, _reason: SafeString) -> Details:
    """Whatever stands on a line, and nothing where there are none."""
    if not is_excused(score) or "lines" not in explained:
        return explained
    silent = partial(replace, right=None, feedback="", misconception="")
    return explained | {"lines": [line if line.right else silent(line) for line in explained["lines"]]}


def choices(explained: Details, score: ItemScore, reason: SafeString) -> Details:
    written, now = (by_key(body, "choices") for body in (score.written, score.item.question_version.body))
    combined = isinstance(score.item.response.answer, list)
    lines = []
    for key, line in zip(score.item.choice_order, explained["lines"], strict=True):
        differs = line.yours != bool(line.right)
        if written[key]["score"] != now[key]["score"]:
            changed = replace(line, feedback=reason if line.yours else "", misconception="")
        elif not is_excused(score) or not differs or (not line.yours and (is_unjudged(score) or not combined)):
            changed = line
        elif is_unjudged(score):
            changed = replace(line, right=None, verdict="unjudged", feedback=reason, misconception="")
        elif line.yours:
            changed = replace(line, right=True, feedback=reason, misconception="")
        else:
            # One that the key wants, which the combination that counts too leaves out.
            changed = replace(line, right=None, verdict="unjudged", feedback="")
        lines.append(changed)
    return explained | {"lines": lines}


def pairs(explained: Details, score: ItemScore, _reason: SafeString) -> Details:
    item, answer = score.item, score.item.response.answer or {}
    written = by_key(score.written, "pairs")
    html = item.question_version.kind.labels(item.question_version.rendered)
    lines = []
    for pair, line in zip(item.question_version.body["pairs"], explained["lines"], strict=True):
        right_key, as_written = answer.get(pair["key"], ""), written[pair["key"]]["right_key"]
        changed = line
        if pair["right_key"] != as_written:
            changed = replace(line, feedback="", misconception="" if right_key == as_written else line.misconception)
        if is_excused(score) and line.yours and not line.right:
            right = None if is_unjudged(score) else True
            changed = replace(
                line, right=right, other=html[right_key] if right else line.other, feedback="", misconception=""
            )
        lines.append(changed)
    return explained | {"lines": lines} | ({"known_for": ""} if is_excused(score) else {})


def items(explained: Details, score: ItemScore, _reason: SafeString) -> Details:
    written = [entry["key"] for entry in score.written["items"]]
    now = [entry["key"] for entry in score.item.question_version.body["items"]]
    answer = score.item.response.answer
    lines = dict(zip(now, explained["lines"], strict=True))
    for place, key in enumerate(now):
        if written[place] != key:
            lines[key] = replace(lines[key], feedback="")
    known_for = "" if is_excused(score) or answer == written else explained["known_for"]
    if is_excused(score) and answer:
        for key, line in lines.items():
            if not line.right:
                lines[key] = replace(line, right=None if is_unjudged(score) else True, feedback="")
        if not is_unjudged(score):
            lines = {key: lines[key] for key in answer}
    return explained | {"lines": list(lines.values()), "known_for": known_for}


def formula(explained: Details, score: ItemScore, reason: SafeString) -> Details:
    version = score.item.question_version
    if version.body["formula"] != score.written["formula"]:
        return explained | {"feedback": reason, "misconception": "", "solution": ""}
    return _excused(explained, score, reason)


def accepted(explained: Details, score: ItemScore, reason: SafeString) -> Details:
    if not set(score.written["accepted"]) <= set(score.item.question_version.body["accepted"]):
        return explained | {"feedback": reason, "misconception": ""}
    # What was written as feedback to the right answer is about that one.
    return _excused(explained, score, reason)


def _excused(explained: Details, score: ItemScore, reason: SafeString) -> Details:
    """The reason instead of what is said of an answer that the key as it was written calls wrong."""
    item = score.item
    by_the_key = scoring.fraction(
        item.question_version.type,
        score.written,
        item.response.answer,
        parameters=item.parameters,
        language=item.attempt.language,
    )
    if not is_excused(score) or by_the_key == 1 or item.response.answer is None:
        return explained
    return explained | {"feedback": reason, "misconception": ""}


#: By the part of a body that holds its key.
BY_PART: dict[str, Callable[[Details, ItemScore, SafeString], Details]] = {
    "choices": choices,
    "pairs": pairs,
    "items": items,
    "formula": formula,
    "accepted": accepted,
}
